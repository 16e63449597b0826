"""How visitors leave in the race: all tags' pages open side by side, then left one by one.

So a mode takes as long as one stay, not as one for each tag; who opens first stays longest.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from fixtures.exchange import Moment
from fixtures.server import FixtureServer
from tests.browsers.leaving import Way, follow, leave
from tests.browsers.playwright_visitor import PlaywrightVisitor
from tests.browsers.starter import Starter
from tests.browsers.unwatched_tab import UnwatchedTab
from tests.browsers.visitor import Visitor
from tests.leave.truth import Seen, Visit
from tests.race.pages import article
from tests.race.racers import Racer
from tests.support.site import Site

SECOND_STAY = 500
"""Milliseconds on a page that comes after another in one visit."""


@dataclass
class Trip:
    """One tag's visit in one mode."""

    racer: Racer
    site: Site
    visit: Visit
    since: int
    """The mark in the ledger at which it began."""

    def page(self, path: str = "/") -> str:
        """The address of a page with the tag, which is served from now on."""
        return article(self.site, self.racer, path)

    def stay(self, visitor: Visitor | UnwatchedTab, milliseconds: float) -> None:
        """Be on the open page for so long, and note that it is about to be left."""
        visitor.wait_until(f"Date.now() - window.openedAt >= {milliseconds}")
        self.visit.leave_page(visitor)

    def left_now(self, opened_at: float) -> None:
        """The same for a page that cannot be asked any more."""
        self.visit.seen.append(Seen("/", opened_at, Moment.now().unix_ms))


@dataclass
class Tour:
    """All tags' visits in one mode."""

    server: FixtureServer
    starter: Starter
    trips: list[Trip]
    """In the order in which their pages open."""
    stay: float
    """Milliseconds for which the page that opened last is read."""
    wait: Callable[[], None]
    """Until what was sent has arrived."""

    def open_all(self, visitor: Visitor) -> list[float]:
        """Open each trip's page, in a window of its own; returns when they opened."""
        opened: list[float] = []
        for trip in self.trips:
            visitor.new_window()
            visitor.open(trip.page())
            opened.append(visitor.evaluate("window.openedAt"))
        visitor.wait_until(f"Date.now() - window.openedAt >= {self.stay}")
        return opened

    def in_turn(self, visitor: Visitor) -> Iterator[Trip]:
        """The trips whose windows are open, the latest first, which is the one in front."""
        for trip in reversed(self.trips):
            yield trip
            visitor.close_tab()


Journey = Callable[[Tour], None]


def by(way: Way) -> Journey:
    """Leave by a link."""

    def go(tour: Tour) -> None:
        with tour.starter.visitor("default") as visitor:
            tour.open_all(visitor)
            for trip in tour.in_turn(visitor):
                trip.stay(visitor, tour.stay)
                leave(visitor, way)
            tour.wait()

    return go


def close(tour: Tour) -> None:
    """Close each tab as its user would."""
    with tour.starter.visitor("default") as visitor:
        tour.open_all(visitor)
        for trip in reversed(tour.trips):
            trip.stay(visitor, tour.stay)
            visitor.close_tab()
        tour.wait()


def reload(tour: Tour) -> None:
    """Two views of one page."""
    with tour.starter.visitor("default") as visitor:
        tour.open_all(visitor)
        for trip in tour.in_turn(visitor):
            trip.stay(visitor, tour.stay)
            leave(visitor, "reload")
            trip.stay(visitor, SECOND_STAY)
            leave(visitor, "same_site_link")
        tour.wait()


def back(tour: Tour) -> None:
    """Three views: the page, the next one, and the page again, out of the cache."""
    with tour.starter.visitor("default") as visitor:
        tour.open_all(visitor)
        for trip in tour.in_turn(visitor):
            trip.page("/next")
            trip.stay(visitor, tour.stay)
            follow(visitor, "#next")
            trip.stay(visitor, SECOND_STAY)
            leave(visitor, "back")
            trip.stay(visitor, SECOND_STAY)
            visitor.open(trip.site.url("/left"))
        tour.wait()


def hide(tour: Tour) -> None:
    """Put each page out of sight, never to be seen again: the last that a phone tells."""
    with ExitStack() as stack:
        visitors = [stack.enter_context(tour.starter.visitor("default"))]
        if isinstance(visitors[0], PlaywrightVisitor):
            alone = [stack.enter_context(visitors[0].unwatched_tab()) for _ in tour.trips]
            for trip, tab in zip(tour.trips, alone, strict=True):
                tab.open(trip.page())
            for trip, tab in zip(tour.trips, alone, strict=True):
                trip.stay(tab, tour.stay)
                tab.hide()
        else:
            tour.open_all(visitors[0])
            for trip in reversed(tour.trips):
                trip.stay(visitors[0], tour.stay)
                visitors[0].hide()
                visitors[0].step_back()
        tour.wait()


def collector_down(tour: Tour) -> None:
    """No collector from before the page opens until it is left; then the site's next page."""
    with tour.starter.visitor("default") as visitor:
        with tour.server.faults.refuse("collector"):
            tour.open_all(visitor)
            _leave_each(tour, visitor)
        _next_pages(tour, visitor)


def collector_lost(tour: Tour) -> None:
    """It goes while the page is open, and has nothing to send, so that nobody notices."""
    with tour.starter.visitor("default") as visitor:
        tour.open_all(visitor)
        with tour.server.faults.refuse("collector"):
            _leave_each(tour, visitor)
        _next_pages(tour, visitor)


def ends(way: Way) -> Journey:
    """Leave all pages at once, by the end of the browser or of what shows them."""

    def go(tour: Tour) -> None:
        with tour.starter.visitor("default") as visitor:
            opened = tour.open_all(visitor)
            for trip, at in zip(tour.trips, opened, strict=True):
                trip.left_now(at)
            leave(visitor, way)
            tour.wait()

    return go


def _leave_each(tour: Tour, visitor: Visitor) -> None:
    for trip in tour.in_turn(visitor):
        trip.stay(visitor, tour.stay)
        leave(visitor, "same_site_link")


def _next_pages(tour: Tour, visitor: Visitor) -> None:
    for trip in tour.trips:
        visitor.open(trip.page("/later"))
        trip.stay(visitor, SECOND_STAY)
        leave(visitor, "same_site_link")
    tour.wait()


JOURNEYS: dict[str, Journey] = {
    "same_site_link": by("same_site_link"),
    "cross_site_link": by("cross_site_link"),
    "reload": reload,
    "back": back,
    "close": close,
    "hide": hide,
    "collector_down": collector_down,
    "collector_lost": collector_lost,
    "close_browser": ends("close_browser"),
    "crash": ends("crash"),
    "kill": ends("kill"),
}
"""By the key of the leave mode, in `tests/leave/modes.py`; those that end the browser come last."""
