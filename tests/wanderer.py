"""A visitor who wanders about a website, and what the clickstream must then say of it.

The wanderer writes down each page as a person sees it: what the tab was called, and for how long
it was there, by a clock of our own. At the least it was there from when it had shown itself until
the next step, at the most from the step that led to it until the next page had shown itself.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fixtures.beacons import beacons
from fixtures.clickstream import Clickstream, PageView
from tests.browsers.page_scripts import RECORDER
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.events import Arrival
from tests.support.site import Site
from tests.support.tag import Tag

ROUNDING = 2
"""Milliseconds by which clocks that tell whole ones may differ."""

SERIOUS = {"error", "rejection", "policy"}
"""Problems of a page that are more than its own chatter."""

# In a task of its own, so that the driver has its answer before the page is gone.
BACK = "() => { setTimeout(() => history.back()); }"
FORWARD = "() => { setTimeout(() => history.forward()); }"


class Step(NamedTuple):
    """One page view as the clickstream tells it; addresses without the site's origin."""

    url: str
    referrer: str
    navigation: str | None


@dataclass
class Stay:
    """One page as the visitor saw it; moments are seconds of `time.monotonic()`."""

    asked: float
    """When the step was made that led to the page."""
    shown: float
    """When the page had shown itself."""
    title: str | None = None
    """What its tab was called when the page had settled; None if nobody waited for that."""
    left: float = 0
    """When the step was made that led away from it."""
    gone: float = 0
    """When the next page had shown itself."""

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most milliseconds for which the page was seen."""
        least, most = self.left - self.shown, self.gone - self.asked
        return int(least * 1000) - ROUNDING, int(most * 1000) + ROUNDING


@dataclass(frozen=True)
class Walk:
    """What the clickstream says of a whole walk."""

    clickstream: Clickstream
    steps: list[Step]
    """Its pages, in order."""
    complaints: list[str]
    """What it has wrong beside its steps, and what went wrong on the pages."""


@dataclass
class Wanderer:
    """See the module.

    Args:
        visitor: Who wanders.
        site: Where; it has the tag on its pages.
        arrivals: What came from there.
    """

    visitor: Visitor
    site: Site
    arrivals: Arrivals
    is_in_a_hurry: bool = False
    """Goes on as soon as there is something to see, whether it has been counted or not."""
    stays: list[Stay] = field(default_factory=list)
    views: list[Arrival] = field(default_factory=list)

    def snippet_of(self, tag: Tag) -> str:
        """What to paste on the site's pages: the tag's snippet, after what keeps their problems."""
        self.site.tags.append(tag)
        return f"<script>{RECORDER}</script>\n{tag.snippet}"

    # Wandering. `shows` is a JavaScript condition that holds when the page is there.

    def open(self, url: str, shows: str) -> None:
        """Come to the site."""
        self._go(lambda: self.visitor.open(url), shows)

    def click(self, selector: str, shows: str) -> None:
        """Click what leads to another page."""
        self._go(lambda: self.visitor.click(selector), shows)

    def back(self, shows: str) -> None:
        """Go back to another page."""
        self._go(lambda: self.visitor.evaluate(BACK), shows)

    def forward(self, shows: str) -> None:
        """Go forward to another page."""
        self._go(lambda: self.visitor.evaluate(FORWARD), shows)

    def reload(self, shows: str) -> None:
        """Load the page again."""
        self._go(self.visitor.reload, shows)

    def click_within(self, selector: str, shows: str) -> None:
        """Click what leads to no other page, though this one may be called otherwise then."""
        self.visitor.click(selector)
        self.visitor.wait_until(shows)
        self._note_title()

    def back_within(self, shows: str) -> None:
        """Go back to what is no other page."""
        self.visitor.evaluate(BACK)
        self.visitor.wait_until(shows)
        self._note_title()

    def click_outwards(self, selector: str, shows: str) -> None:
        """Click what leads to another site; the click is told as well."""
        self._leave(lambda: self.visitor.click(selector), shows)
        self.arrivals.expect("click")

    def leave(self) -> Walk:
        """Leave the site; returns the whole walk, to which nothing can come any more."""
        self._leave(lambda: self.visitor.open(self.site.url("/left")))
        while len(self.views) < len(self.stays):
            self.views.append(self.arrivals.view())
        for view in self.views:
            self.arrivals.dwell(view)
        self._name_further_dwells()
        self.arrivals.settle()
        clickstream = Clickstream(beacons(self.arrivals.exchanges()))
        return Walk(clickstream, self._steps(clickstream), self._complaints(clickstream))

    def _steps(self, clickstream: Clickstream) -> list[Step]:
        return [
            Step(self._path(page.url), self._path(page.referrer), page.navigation)
            for page in clickstream.pages()
        ]

    def _complaints(self, clickstream: Clickstream) -> list[str]:
        found = [
            complaint
            for page, stay in zip(clickstream.pages(), self.stays, strict=True)
            for complaint in _wrong(page, stay)
        ]
        if clickstream.raw_count != clickstream.deduplicated_count:
            found.append(f"doubled: {clickstream.raw_count - clickstream.deduplicated_count}")
        if len(clickstream.visitors) != 1:
            found.append(f"not one visitor: {clickstream.visitors}")
        problems = (each for each in self.visitor.problems() if each.kind in SERIOUS)
        return [*found, *(f"{problem.kind} on a page: {problem.text}" for problem in problems)]

    def _go(self, act: Callable[[], object], shows: str) -> None:
        asked = time.monotonic()
        act()
        self.visitor.wait_until(shows)
        shown = time.monotonic()
        if self.stays and not self.stays[-1].gone:
            self._end_stay(asked, shown)
        self.stays.append(Stay(asked, shown))
        if not self.is_in_a_hurry:
            self._look_around()

    def _leave(self, act: Callable[[], object], shows: str = "true") -> None:
        left = time.monotonic()
        act()
        self.visitor.wait_until(shows)
        self._end_stay(left, time.monotonic())

    def _look_around(self) -> None:
        """Stay until the page's view has reached the collector."""
        self.views.append(self.arrivals.view())
        self._note_title()

    def _end_stay(self, left: float, gone: float) -> None:
        self.stays[-1].left, self.stays[-1].gone = left, gone

    def _name_further_dwells(self) -> None:
        """A long stay tells its dwell more than once, each time replacing what it told before."""
        told = [each.page_id for each in self.arrivals.all() if each.type == "dwell"]
        for view in self.views:
            for _ in range(told.count(view.page_id) - 1):
                self.arrivals.dwell(view)

    def _note_title(self) -> None:
        self.stays[-1].title = str(self.visitor.evaluate("document.title"))

    def _path(self, url: str) -> str:
        return url.removeprefix(self.site.origin)


def _wrong(page: PageView, stay: Stay) -> Iterator[str]:
    least, most = stay.bounds
    if page.visible is None or page.engaged is None:
        yield f"{page.url} never told its dwell"
    elif not least <= page.visible <= most or page.engaged > page.visible:
        told = f"{page.visible} ms seen and {page.engaged} ms engaged"
        yield f"{page.url} was there for {least} to {most} ms, and is told as {told}"
    if stay.title is not None and page.title != stay.title:
        yield f"{page.url} is called {stay.title!r}, and is told as {page.title!r}"
