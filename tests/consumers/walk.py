"""The walk through an application: what the visitor did and saw, and what was told of it."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from fixtures.beacons import beacons
from fixtures.clickstream import Clickstream, PageView
from fixtures.exchange import Exchange
from fixtures.ledger import LedgerTimeoutError
from tests.browsers.page_scripts import RECORDER
from tests.browsers.visitor import Visitor, VisitorTimeoutError
from tests.consumers.applications import WALK, Application, ExpectedView, Move, expected_views
from tests.support.arrivals import Arrivals
from tests.support.events import Arrival, events_of
from tests.support.site import Site
from tests.wanderer import BACK, FORWARD

TOLERANCE = 150
"""Milliseconds by which a time may differ from what the visitor saw."""
STAY = 400
"""Milliseconds for which each page is looked at, at the least."""
PATIENCE = 2.5
"""Seconds to wait for a view that may never come, so that the walk goes on all the same."""

MARKS = Path(__file__).with_name("marks.js").read_text(encoding="utf-8")
# Not left in the document: where React takes over the page that a server has rendered, a script
# that it does not know might be taken for one of its own.
FIRST = "".join(
    f"<script>{script}document.currentScript.remove();</script>" for script in (RECORDER, MARKS)
)
"""What stands first in each page."""

COMMITTED = """() => {
  const [{ responseStart }] = performance.getEntriesByType("navigation");
  return performance.timeOrigin + responseStart;
}"""
NOW = "performance.timeOrigin + performance.now()"
SETTLED = "!document.documentElement.hasAttribute('data-astro-transition')"
STABLE = "getAllAngularTestabilities().every((each) => each.isStable())"


@dataclass
class Seen:
    """One page as the visitor had it; moments are Unix time in ms.

    What an address says and what is shown may change at different moments. A page's time may begin
    at either, or between them.
    """

    moved: float
    """When its address came, or its document."""
    shown: float
    """When its heading came."""
    left: float = 0
    """When the next page's address came, at the earliest."""
    gone: float = 0
    """When the next page's heading came, at the latest."""


@dataclass
class Walk:
    """All that one walk has shown."""

    seen: list[Seen] = field(default_factory=list)
    """As many as views are expected."""
    told: list[PageView] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What the page's console said."""
    unstable: list[str] = field(default_factory=list)
    """After which moves the application was not stable again."""
    pixels: list[str] = field(default_factory=list)
    """The requests for a pixel."""
    discrepancy: str = ""
    """What else the ledger has that it should not have."""
    seconds: float = 0

    def pairs(self) -> list[tuple[ExpectedView, Seen, PageView]]:
        """Each expected view with what was told of it, without those that were not told at all."""
        found = []
        left = list(self.told)
        for expected, seen in zip(expected_views(), self.seen, strict=True):
            place = next((n for n, page in enumerate(left) if page.url == expected.url), None)
            if place is not None:
                found.append((expected, seen, left[place]))
                del left[: place + 1]
        return found


@dataclass
class Walker:
    """Takes the walk.

    Args:
        visitor: Who walks.
        site: Where the application is served.
        application: What is served there.
        arrivals: What came from there; None without the tag.
    """

    visitor: Visitor
    site: Site
    application: Application
    arrivals: Arrivals | None = None
    walk: Walk = field(default_factory=Walk)
    views: set[tuple[int, int]] = field(default_factory=set)
    """Where the views that have come stand in the ledger."""

    def go(self) -> Walk:
        """Take it, and leave."""
        began = time.monotonic()
        for move in WALK:
            self._make(move)
        asked = _now()
        self.visitor.open(self.site.url("/left"))
        self._end(asked, float(self.visitor.evaluate(COMMITTED)))
        self.walk.problems = sorted(
            f"{problem.kind}: {problem.text}" for problem in self.visitor.problems()
        )
        if self.arrivals:
            self._look_at_the_ledger(self.arrivals)
        self.walk.seconds = time.monotonic() - began
        return self.walk

    def _make(self, move: Move) -> None:
        asked = _now()
        self._act(move)
        self.visitor.wait_until(f"document.querySelector('h1')?.textContent === '{move.heading}'")
        if move.what == "part":
            self.visitor.wait_until("location.hash === '#part'")
        elif move.act == "back" and not move.view:
            self.visitor.wait_until("location.hash === ''")
        if move.act in {"open", "reload"}:
            self.visitor.wait_until(self.application.is_alive)
        # While Astro's router moves one page over to the next, clicks reach neither.
        self.visitor.wait_until(SETTLED)
        self._check_stability(move)
        if move.view:
            self._note(move, asked)
            self._wait_for_view(move.view)
        self._stay()

    def _act(self, move: Move) -> None:
        match move.act:
            case "open":
                self.visitor.open(self.site.url(move.what))
            case "click":
                self.visitor.click(f"#{move.what}")
            case "reload":
                self.visitor.reload()
            case "back":
                self.visitor.evaluate(BACK)
            case "forward":
                self.visitor.evaluate(FORWARD)

    def _note(self, move: Move, asked: float) -> None:
        """Write down when the page came, by its own marks."""
        marks: list[dict[str, Any]] = self.visitor.evaluate("() => window.__marks.splice(0)")
        addresses = [mark["at"] for mark in marks if mark["kind"] == "address"]
        headings = [mark["at"] for mark in marks if mark["value"] == move.heading]
        if move.act in {"open", "reload"}:
            moved = float(self.visitor.evaluate(COMMITTED))
        else:
            moved = addresses[0] if addresses else asked
        shown = headings[-1] if headings else moved
        moved, shown = min(moved, shown), max(moved, shown)
        if self.walk.seen:
            self._end(asked if move.act == "reload" else moved, shown)
        self.walk.seen.append(Seen(moved, shown))

    def _end(self, left: float, gone: float) -> None:
        self.walk.seen[-1].left, self.walk.seen[-1].gone = left, gone

    def _wait_for_view(self, path: str) -> None:
        if not self.arrivals:
            return
        url, ledger = self.site.url(path), self.site.server.ledger
        with suppress(LedgerTimeoutError):
            ledger.wait(lambda exchange: self._is_new_view(exchange, url), PATIENCE)

    def _is_new_view(self, exchange: Exchange, url: str) -> bool:
        for each in events_of(exchange):
            if each.type == "view" and each.page["url"] == url and each.place not in self.views:
                self.views.add(each.place)
                return True
        return False

    def _stay(self) -> None:
        """Stay for a while, with the tag or without: routers still work when all is to be seen.

        In Firefox, a reload fails during which Next replaces its entry in the history.
        """
        self.visitor.wait_until(f"{NOW} - {self.walk.seen[-1].shown} > {STAY}")

    def _check_stability(self, move: Move) -> None:
        if not self.application.tells_stability:
            return
        try:
            self.visitor.wait_until(STABLE, PATIENCE)
        except VisitorTimeoutError:
            self.walk.unstable.append(f"{move.act} {move.what}".strip())

    def _look_at_the_ledger(self, arrivals: Arrivals) -> None:
        self.site.server.ledger.quiet()
        for each in arrivals.all():
            if each.type in {"view", "dwell"}:
                arrivals.expect(each.type, where=partial(_is_at, each.place))
        exchanges = arrivals.exchanges()
        self.walk.pixels = [str(arrivals.pixel()) for each in exchanges if _is_pixel(each)]
        try:
            arrivals.settle()
        except AssertionError as error:
            self.walk.discrepancy = str(error)
        exchanges = arrivals.exchanges()
        self.walk.told = Clickstream(beacons(exchanges)).pages()
        for page in self.walk.told:
            page.url = page.url.removeprefix(self.site.origin)
            page.referrer = page.referrer.removeprefix(self.site.origin)


def wrong_titles(walk: Walk) -> list[str]:
    """Each view that is told under another title than its page's."""
    return [
        f"{view.url} ({view.navigation}) is called {view.title!r}, and is told as {told.title!r}"
        for view, _, told in walk.pairs()
        if told.title != view.title
    ]


def wrong_referrers(walk: Walk) -> list[str]:
    """Each view that is told to come from another page than the one before."""
    return [
        f"{view.url} ({view.navigation}) came from {view.referrer!r}, and is told to come from "
        f"{told.referrer!r}"
        for view, _, told in walk.pairs()
        if told.referrer != view.referrer
    ]


def wrong_times(walk: Walk) -> list[str]:
    """Each view whose beginning or duration is not what the visitor saw."""
    found = []
    for expected, seen, told in walk.pairs():
        least, most = seen.left - seen.shown - TOLERANCE, seen.gone - seen.moved + TOLERANCE
        if not (told.visible is not None and least <= told.visible <= most):
            found.append(
                f"{expected.url} ({expected.navigation}) was there for {least:.0f} to {most:.0f} "
                f"ms, and is told as {told.visible}"
            )
        late = told.at - seen.shown - TOLERANCE
        early = seen.moved - TOLERANCE - told.at
        if late > 0 or early > 0:
            found.append(
                f"{expected.url} ({expected.navigation}) came {seen.moved:.0f}, showed itself "
                f"{seen.shown - seen.moved:.0f} ms later, and is told to begin "
                f"{told.at - seen.moved:.0f} ms after it came"
            )
    return found


def _is_pixel(exchange: Exchange) -> bool:
    return exchange.path == "/pixel.gif" and exchange.query.get("e") != "events"


def _is_at(place: tuple[int, int], arrival: Arrival) -> bool:
    return arrival.place == place


def _now() -> float:
    return time.time() * 1000
