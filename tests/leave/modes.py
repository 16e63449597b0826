"""The leave modes: how a visit of each goes, from its first page until all is over."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from fixtures.ledger import PATIENCE, LedgerTimeoutError
from fixtures.server import FixtureServer
from tests.browsers.leaving import NEW_TAB_LINK, Way, follow, leave
from tests.browsers.playwright_visitor import PlaywrightVisitor
from tests.browsers.visitor import Visitor
from tests.leave.plan import Plan, draw, publish
from tests.leave.truth import Outcome, Visit, arrived
from tests.support.events import comes_from, is_beacon_request
from tests.support.site import Site
from tests.support.tag import Tag
from tests.support.unsent import KEPT

SOON_AFTER_DEATH = 1.0
"""Seconds to wait where much is lost, and perhaps nothing comes any more."""
STOPWATCH_LATER = 0.3
"""Seconds that the page's stopwatch may need longer than its tag."""


@dataclass
class Scene:
    """One visit under way."""

    server: FixtureServer
    tag: Tag
    visitor: Visitor
    random: Random
    stays: tuple[float, float]
    """The shortest and the longest, in ms."""
    site: Site
    visit: Visit

    def arrive(self, path: str = "/", how: Callable[[str], None] | None = None) -> None:
        """Open a page with the tag, or get there in some other way, and stay."""
        plan = draw(self.random, *self.stays)
        url = publish(self.site, path, plan, self.tag)
        (how or self.visitor.open)(url)
        self.stay(plan)

    def stay(self, plan: Plan | None = None) -> None:
        """Be on the page as planned, or planned anew, and note that it is about to be left."""
        plan = plan or draw(self.random, *self.stays)
        if plan.moves:
            self.visitor.move()
            self.visitor.wheel(200)
        self.visitor.wait_until(f"Date.now() - window.openedAt >= {plan.stay}")
        self.visit.leave_page(self.visitor)

    def wait(self, patience: float = PATIENCE) -> None:
        """Wait until all views and dwells are there, if they come at all, and nothing is half sent.

        A browser takes with it what it has not sent when it is closed, so no visit goes on before.
        """
        ledger = self.server.ledger
        with suppress(LedgerTimeoutError):
            # Each asks about all that came, so of what is there already the last one will do.
            ledger.wait(
                lambda _: all(each.view and each.told is not None for each in self._outcomes()),
                patience,
                since=ledger.mark() - 1,
            )
            ledger.wait(
                lambda _: all(each.by_stopwatch for each in self._outcomes()),
                STOPWATCH_LATER,
                since=ledger.mark() - 1,
            )
        ledger.quiet()

    def _outcomes(self) -> Sequence[Outcome]:
        return arrived(self.visit, self.server.ledger).outcomes


Scenario = Callable[[Scene], None]


def _by(way: Way) -> Scenario:
    def visit(scene: Scene) -> None:
        scene.arrive()
        leave(scene.visitor, way)

    return visit


def _reload(scene: Scene) -> None:
    scene.arrive()
    leave(scene.visitor, "reload")
    scene.stay()
    leave(scene.visitor, "same_site_link")


def _back(scene: Scene) -> None:
    """Three views: the page, the next one, and the page again, out of the cache."""
    scene.arrive()
    scene.arrive("/next", lambda _: follow(scene.visitor, "#next"))
    leave(scene.visitor, "back")
    scene.stay()
    scene.visitor.open(scene.site.url("/left"))


def _window_close(scene: Scene) -> None:
    opener = '<a id="new-tab-link" target="_blank" rel="opener" href="/">Open</a>'
    start = scene.site.page("/start", body=opener)

    def click(_: str) -> None:
        scene.visitor.open(start)
        scene.visitor.click_to_new_tab(NEW_TAB_LINK)

    scene.arrive("/", click)
    leave(scene.visitor, "window_close")


def _hide(scene: Scene) -> None:
    """Never to be seen again: what a phone's browser does before it is thrown out of memory."""
    if not isinstance(scene.visitor, PlaywrightVisitor) or scene.visitor.engine != "chromium":
        scene.arrive()
        leave(scene.visitor, "hide")
        return
    plan = draw(scene.random, *scene.stays)
    with scene.visitor.unwatched_tab() as tab:
        tab.open(publish(scene.site, "/", plan, scene.tag))
        tab.wait_until(f"Date.now() - window.openedAt >= {plan.stay}")
        scene.visit.leave_page(tab)
        tab.hide()
        scene.wait()


def _collector_down(scene: Scene) -> None:
    """From before the page opens until it is left; then the next page of the site opens."""
    with scene.server.faults.refuse("collector"):
        scene.arrive()
        leave(scene.visitor, "same_site_link")
    _next_page(scene)


def _collector_lost(scene: Scene) -> None:
    """It goes while the page is open and has nothing to send, so that nobody notices."""
    ledger = scene.server.ledger

    def open_and_tell(url: str) -> None:
        scene.visitor.open(url)
        ledger.wait(lambda entry: is_beacon_request(entry) and comes_from(entry, {scene.site.host}))

    scene.arrive("/", open_and_tell)
    with scene.server.faults.refuse("collector"):
        leave(scene.visitor, "same_site_link")
    _next_page(scene)


def _offline(scene: Scene) -> None:
    """The browser itself knows that there is no network."""
    scene.arrive()
    scene.visitor.go_offline()
    scene.visit.seen.pop()  # to be noted later: going offline takes the driver its time
    scene.visit.leave_page(scene.visitor)
    leave(scene.visitor, "close")
    scene.visitor.go_online()
    # A tab is gone before its page has run its last, which may be later than all of the next page.
    scene.visitor.open(scene.site.url("/left"))
    scene.visitor.wait_until(KEPT)
    _next_page(scene)


def _next_page(scene: Scene) -> None:
    """One on which the visitor stays until what was kept is taken up."""

    def open_and_hear(url: str) -> None:
        scene.visitor.open(url)
        scene.visitor.wait_until(f"!{KEPT}")

    scene.arrive("/later", open_and_hear)
    leave(scene.visitor, "same_site_link")


@dataclass(frozen=True)
class LeaveMode:
    """One row of the matrix."""

    key: str
    title: str
    scenario: Scenario
    ends_browser: bool = False
    """Without a word to the page; so each visit needs a browser of its own, and there are fewer."""

    hides: bool = False
    """The window or tab, so that the next visit needs another."""

    patience: float = PATIENCE
    """Seconds to wait, at most, for what a visit has sent."""


# Those that end the browser come last, so that the others share one.
MODES: dict[str, LeaveMode] = {
    mode.key: mode
    for mode in (
        LeaveMode("same_site_link", "same-site link", _by("same_site_link")),
        LeaveMode("cross_site_link", "cross-site link", _by("cross_site_link")),
        LeaveMode("reload", "reload", _reload),
        LeaveMode("back", "back into the back/forward cache", _back),
        LeaveMode("window_close", "window.close()", _window_close),
        LeaveMode("close", "tab closed by the user", _by("close")),
        LeaveMode("hide", "tab hidden", _hide, hides=True),
        LeaveMode("collector_down", "network gone: no collector all along", _collector_down),
        LeaveMode(
            "collector_lost",
            "network gone: collector lost unnoticed",
            _collector_lost,
            patience=SOON_AFTER_DEATH,
        ),
        LeaveMode("offline", "network gone: browser offline", _offline),
        LeaveMode(
            "close_browser",
            "browser closed",
            _by("close_browser"),
            ends_browser=True,
            patience=SOON_AFTER_DEATH,
        ),
        LeaveMode(
            "crash", "renderer crashed", _by("crash"), ends_browser=True, patience=SOON_AFTER_DEATH
        ),
        LeaveMode(
            "kill", "browser killed", _by("kill"), ends_browser=True, patience=SOON_AFTER_DEATH
        ),
    )
}
