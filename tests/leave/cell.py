"""One cell of the matrix: visits of one leave mode in one engine, and what came of them."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from random import Random
from statistics import median

from fixtures.server import FixtureServer
from tests.browsers.discovery import Engine
from tests.browsers.starter import Starter
from tests.browsers.visitor import CannotDoError, Visitor
from tests.leave.expected import Expected, expected
from tests.leave.modes import LeaveMode, Scene
from tests.leave.truth import Arrived, Outcome, Visit, arrived
from tests.support.site import Site
from tests.support.tag import Tag


@dataclass(frozen=True)
class Count:
    """Of views, or of dwells."""

    sent: int
    """Page views that there were."""
    arrived: int
    """Those of which it arrived."""
    raw: int
    """Events that arrived, repeats and, of dwells, earlier ones included."""
    repeated: int
    """Events that arrived again; deduplication drops them."""
    doubled: int
    """What remains twice after deduplication."""


@dataclass
class Cell:
    """What is known of one leave mode in one engine."""

    engine: Engine
    mode: LeaveMode
    visits: list[Arrived] = field(default_factory=list)
    impossible: str = ""
    """Why the engine cannot do this for real; then there are no visits."""

    @property
    def outcomes(self) -> list[Outcome]:
        """All page views."""
        return [outcome for visit in self.visits for outcome in visit.outcomes]

    @property
    def views(self) -> Count:
        """Views."""
        return Count(
            sent=len(self.outcomes),
            arrived=sum(outcome.view for outcome in self.outcomes),
            raw=sum(visit.raw_views for visit in self.visits),
            repeated=sum(visit.doubled_views for visit in self.visits),
            doubled=sum(visit.surplus_views for visit in self.visits),
        )

    @property
    def dwells(self) -> Count:
        """Dwells; the latest of a page replaces the others, so none can remain twice."""
        return Count(
            sent=len(self.outcomes),
            arrived=sum(outcome.told is not None for outcome in self.outcomes),
            raw=sum(visit.raw_dwells for visit in self.visits),
            repeated=sum(visit.doubled_dwells for visit in self.visits),
            doubled=0,
        )

    @property
    def errors(self) -> list[float]:
        """Of the dwells that arrived, in ms, smallest first."""
        return sorted(outcome.error for outcome in self.outcomes if outcome.error is not None)

    @property
    def expected(self) -> Expected:
        """What may be lost here."""
        return expected(self.mode.key, self.engine)

    def complaints(self) -> list[str]:
        """What is worse, or other, than expected; empty for a good cell."""
        if self.impossible:
            return []
        found = self.expected.complaints(self.outcomes)
        if self.views.doubled:
            found.append(f"{self.views.doubled} views counted twice after deduplication")
        return found


def middle(values: list[float]) -> float | None:
    """The median, if there is anything."""
    return median(values) if values else None


def share(values: list[float], part: float) -> float | None:
    """The smallest of these sorted values that at least `part` (0..1) of them do not exceed."""
    return values[max(0, -int(-len(values) * part // 1) - 1)] if values else None


@dataclass(frozen=True)
class Laboratory:
    """What visits need, in one engine."""

    engine: Engine
    server: FixtureServer
    tag: Tag
    starter: Starter
    random: Random

    def run(
        self,
        mode: LeaveMode,
        visits: int,
        stays: tuple[float, float],
        visitor: Visitor | None = None,
    ) -> Cell:
        """Let there be so many visits, and see what came when the last is over.

        Args:
            mode: How they end.
            visits: Their number.
            stays: The shortest and the longest, in ms.
            visitor: Who makes them; by default somebody new, or for a mode that ends the browser or
                hides its window, somebody new for each.
        """
        cell = Cell(self.engine, mode)
        done: list[Visit] = []
        try:
            if mode.ends_browser or mode.hides:
                for _ in range(visits):
                    self._visit_all(mode, 1, stays, done, None)
            else:
                self._visit_all(mode, visits, stays, done, visitor)
        except CannotDoError as error:
            cell.impossible = str(error)
            return cell
        self.server.ledger.quiet()
        cell.visits = [arrived(visit, self.server.ledger) for visit in done]
        return cell

    def _visit_all(
        self,
        mode: LeaveMode,
        visits: int,
        stays: tuple[float, float],
        done: list[Visit],
        known: Visitor | None,
    ) -> None:
        with nullcontext(known) if known else self.starter.visitor("default") as visitor:
            for _ in range(visits):
                scene = self._scene(visitor, stays)
                mode.scenario(scene)
                scene.wait(mode.patience)
                done.append(scene.visit)

    def _scene(self, visitor: Visitor, stays: tuple[float, float]) -> Scene:
        site = Site.new(self.server)
        visit = Visit(site.host, self.server.ledger.mark())
        return Scene(self.server, self.tag, visitor, self.random, stays, site, visit)
