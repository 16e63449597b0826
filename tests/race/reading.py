"""What became of a visit's page views: those that were, beside those that a tag told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

from tests.race.peers.peer import Told


@dataclass
class Record:
    """One page view as a tag told it."""

    path: str
    views: int = 0
    """More than one: the same view came again, and its receiver cannot know."""
    dwell: float | None = None
    """Milliseconds."""

    def add(self, told: Told) -> None:
        """Take in one thing told."""
        if told.kind == "view":
            self.views += 1
        elif self.dwell is None:
            self.dwell = told.milliseconds
        elif told.adds:
            self.dwell += told.milliseconds
        else:
            self.dwell = max(self.dwell, told.milliseconds)


@dataclass(frozen=True)
class Stay:
    """One page view as it was."""

    path: str
    milliseconds: float


@dataclass(frozen=True)
class Result:
    """One visit: what there was, and what was told of it."""

    stays: tuple[float, ...]
    """Of each page view."""
    viewed: tuple[bool, ...]
    """Of which of them the view was told."""
    dwells: tuple[float | None, ...]
    """The dwell told of each."""
    doubled: int
    """Views told that there were not."""


def records(told: Iterable[Told]) -> list[Record]:
    """The page views that were told, repeats dropped where the receiver can know them.

    A dwell whose tag has no name for page views belongs to the latest view of its path.
    """
    found: dict[str, Record] = {}
    latest: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for each in told:
        if each.identity and (each.kind, each.identity) in seen:
            continue
        seen.add((each.kind, each.identity))
        if each.page:
            name = each.page
        elif each.kind == "view" or each.path not in latest:
            name = latest[each.path] = f"{each.path} {len(found)}"
        else:
            name = latest[each.path]
        found.setdefault(name, Record(each.path)).add(each)
    return list(found.values())


def result(stays: Sequence[Stay], told: Iterable[Told]) -> Result:
    """Which record is of which stay: of all ways that agree in the path, the kindest to the tag."""
    known = records(told)
    matched: list[Record | None] = [None] * len(stays)
    surplus = 0
    for path in {stay.path for stay in stays} | {record.path for record in known}:
        places = [place for place, stay in enumerate(stays) if stay.path == path]
        mine = [record for record in known if record.path == path]
        surplus += sum(record.views for record in mine)
        for place, record in zip(places, _kindest(places, stays, mine), strict=True):
            matched[place] = record
            surplus -= bool(record and record.views)
    return Result(
        stays=tuple(stay.milliseconds for stay in stays),
        viewed=tuple(bool(record and record.views) for record in matched),
        dwells=tuple(record.dwell if record else None for record in matched),
        doubled=surplus,
    )


def _kindest(
    places: Sequence[int], stays: Sequence[Stay], mine: Sequence[Record]
) -> tuple[Record | None, ...]:
    """A record, or none, for each place."""
    candidates: list[Record | None] = [*mine[:4], *[None] * max(0, len(places) - len(mine))]

    def wrong(chosen: tuple[Record | None, ...]) -> tuple[int, float]:
        views = sum(bool(record and record.views) for record in chosen)
        missed = sum(
            abs(stays[place].milliseconds - ((record.dwell if record else None) or 0))
            for place, record in zip(places, chosen, strict=True)
        )
        return -views, missed

    return min(permutations(candidates, len(places)), key=wrong)
