"""What the harness knows of a page view, by means that are not the tag's."""

import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fixtures.clickstream import Clickstream, PageView
from fixtures.ledger import Ledger
from tests.browsers.unwatched_tab import UnwatchedTab
from tests.browsers.visitor import Visitor
from tests.support.events import comes_from, events, is_beacon_request

SAME_VIEW = 1000
"""Milliseconds within which the tag and the harness say that one view began."""


@dataclass
class Seen:
    """One page view."""

    path: str
    opened_at: float
    """Unix time in ms at which the snippet ran, or the page came back from the cache."""
    left_at: float
    """Unix time in ms, by the harness's clock right before it let the visitor leave."""

    @property
    def stay(self) -> float:
        """Milliseconds by the harness's clock; the page's own stopwatch knows better."""
        return self.left_at - self.opened_at


@dataclass
class Visit:
    """The page views of one visit, at a host that no other visit has."""

    host: str
    since: int
    """Where in the ledger it begins: a ledger of a whole run is long."""
    seen: list[Seen] = field(default_factory=list)

    def leave_page(self, visitor: Visitor | UnwatchedTab) -> None:
        """Note the open page, which the visitor leaves as soon as this returns."""
        path, opened_at = visitor.evaluate("[location.pathname, window.openedAt]")
        self.seen.append(Seen(path, opened_at, time.time() * 1000))


@dataclass(frozen=True)
class Outcome:
    """One page view, and what the collector knows of it."""

    view: bool
    """Whether its view arrived."""
    told: float | None
    """Its latest dwell as it arrived, in ms."""
    stay: float
    """The true one, in ms."""
    by_stopwatch: bool
    """Whether the page's stopwatch measured it; else the harness's own clock did."""

    @property
    def error(self) -> float | None:
        """How far the dwell is from the truth, in ms; None where none arrived."""
        return None if self.told is None else abs(self.told - self.stay)

    @property
    def untold(self) -> float:
        """Milliseconds of the stay that the collector does not know of."""
        return max(0.0, self.stay - (self.told or 0))


@dataclass(frozen=True)
class Arrived:
    """What came of one visit."""

    outcomes: tuple[Outcome, ...]
    surplus_views: int
    """Views, after deduplication, of which the harness knows nothing."""
    raw_views: int
    raw_dwells: int
    doubled_views: int
    """Views that arrived again, with the same page and `seq`: deduplication drops them."""
    doubled_dwells: int


def arrived(visit: Visit, ledger: Ledger) -> Arrived:
    """What came of a visit so far, with the truth beside it."""
    exchanges = [
        entry
        for entry in ledger.select(role="collector", since=visit.since)
        if is_beacon_request(entry) and comes_from(entry, {visit.host})
    ]
    told = events(exchanges)
    views = [each for each in told if each.type == "view"]
    dwells = [each for each in told if each.type == "dwell"]
    pages = Clickstream(
        {each.beacon.exchange.serial: each.beacon for each in told}.values()
    ).pages()
    watched = stopwatch(visit, ledger)
    outcomes: list[Outcome] = []
    matched = _matched(visit.seen, pages)
    for number, seen in enumerate(visit.seen):
        page = matched.get(number)
        measured = [stay for at, stay in watched.items() if abs(at - seen.opened_at) < 1]
        outcomes.append(
            Outcome(
                view=page is not None and page.navigation is not None,
                told=page.visible if page else None,
                stay=measured[0] if measured else seen.stay,
                by_stopwatch=bool(measured),
            )
        )
    surplus = [page for page in pages if page not in matched.values()]
    return Arrived(
        outcomes=tuple(outcomes),
        surplus_views=sum(page.navigation is not None for page in surplus),
        raw_views=len(views),
        raw_dwells=len(dwells),
        doubled_views=len(views) - len({each.identity for each in views}),
        doubled_dwells=len(dwells) - len({each.identity for each in dwells}),
    )


def stopwatch(visit: Visit, ledger: Ledger) -> dict[float, float]:
    """Milliseconds of each stay that a stopwatch told, by when it began."""
    entries = ledger.select(host=visit.host, path="/stopwatch", since=visit.since)
    told = [json.loads(entry.body) for entry in entries if entry.whole]
    told.sort(key=lambda each: float(each["seen"]))  # cumulative, so the longest is the latest
    return {each["at"]: each["seen"] for each in told}


def _matched(seen: list[Seen], pages: list[PageView]) -> dict[int, PageView]:
    """Which page view the collector knows of is which one that the harness saw: nearest first."""
    pairs = sorted(
        (abs(page.at - each.opened_at), number, place)
        for number, each in enumerate(seen)
        for place, page in enumerate(pages)
        if urlsplit(page.url).path == each.path
    )
    matched: dict[int, PageView] = {}
    for apart, number, place in pairs:
        is_free = number not in matched and pages[place] not in matched.values()
        if is_free and apart < SAME_VIEW:
            matched[number] = pages[place]
    return matched
