"""A visitor by Playwright: Chromium, and Playwright's own builds of the others."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Error, Page, StorageState
from playwright.sync_api import Cookie as PlaywrightCookie

from tests.browsers import processes
from tests.browsers.discovery import Engine
from tests.browsers.page_scripts import RECORDER, TAKE_PROBLEMS, call, wait_until
from tests.browsers.unwatched_tab import UnwatchedTab, unwatched_tab
from tests.browsers.visitor import PATIENCE, CannotDoError, Cookie, Problem

OpenContext = Callable[[StorageState | None], BrowserContext]
"""Gives a context with what was kept of an earlier one, or an empty one."""

FAR_CORNER = (3, 3)

PROGRAM: dict[Engine, str] = {"chromium": "chrom", "firefox": "firefox", "webkit": "MiniBrowser"}
"""How the names of a browser's processes begin."""
RENDERER: dict[Engine, str] = {
    "chromium": "--type=renderer",
    "firefox": "tab",
    "webkit": "WebKitWebProcess",
}
"""The argument by which a browser starts a process that renders pages."""


class PlaywrightVisitor:
    """See `Visitor` for what each method does.

    Args:
        engine: The engine of the browser.
        open_context: Gives a context, at first and after each restart.
        tracing: Whether to record a trace, for `save_trace`.
    """

    keeps_cookies_over_restart = True
    can_hide = False

    def __init__(self, engine: Engine, open_context: OpenContext, *, tracing: bool) -> None:
        """Open a context."""
        self._engine = engine
        self._open_context = open_context
        self._tracing = tracing
        self._problems: list[Problem] = []
        self._kept: StorageState | None = None
        self._pages: list[Page] = []
        self._crashed = False
        self._is_plain = not tracing
        self._context: BrowserContext | None = self._begin()

    @property
    def engine(self) -> Engine:
        """The engine of the browser."""
        return self._engine

    @property
    def version(self) -> str:
        """The version that the running browser tells."""
        browser = self._running.browser
        return browser.version if browser else ""

    # In the page

    def open(self, url: str) -> None:
        """Go to an address and wait for the load event."""
        self._take_problems()
        self.go(url)

    def go(self, url: str) -> None:
        """Go to an address, without a word with the page that is left."""
        self._page.goto(url, wait_until="load")

    def go_nowhere(self) -> None:
        """Leave for an empty page, again where another was on its way and came first."""
        while True:
            try:
                self.go("about:blank")
            except Error as error:
                if "interrupted by another navigation" not in error.message:
                    raise
            else:
                return

    def click(self, selector: str) -> None:
        """Click an element."""
        self._take_problems()
        self._page.click(selector, no_wait_after=True)

    def click_at(self, x: float, y: float) -> None:
        """Click a place."""
        self._take_problems()
        self._page.mouse.click(x, y)

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer to a place."""
        self._page.mouse.move(x, y)

    def tap_at(self, x: float, y: float) -> None:
        """Touch a place."""
        if self._engine != "chromium":
            raise CannotDoError(f"Playwright has no fingers for {self._engine}")
        fingers = self.devtools()
        touch = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
        fingers.send("Input.dispatchTouchEvent", touch)
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def announces(self, selector: str, role: str, name: str) -> bool:
        """Whether they are the role and the name by Playwright's own reckoning."""
        line = self._page.locator(selector).aria_snapshot().splitlines()[0]
        return line.removeprefix("- ").rstrip(":") == f'{role} "{name}"'

    def type(self, selector: str, text: str) -> None:
        """Click a field and type into it."""
        self.click(selector)
        self._page.keyboard.type(text)

    def press(self, key: str) -> None:
        """Press one key."""
        self._page.keyboard.press(key)

    def move(self) -> None:
        """Move the pointer a little."""
        x, y = FAR_CORNER
        self._page.mouse.move(x, y)
        self._page.mouse.move(x + 4, y + 4)

    def wheel(self, down: int) -> None:
        """Turn the wheel."""
        self._page.mouse.wheel(0, down)

    def evaluate(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """The value of an expression, or of the function that it is."""
        return self._page.evaluate(call(script), list(arguments))

    def wait_until(self, condition: str, timeout: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        wait_until(self._page.evaluate, condition, timeout, Error)

    def reload(self) -> None:
        """Load the page again."""
        self._take_problems()
        self._page.reload(wait_until="load")

    def hide(self) -> None:
        """Impossible: a page under Playwright stays visible whatever is in front of it."""
        raise CannotDoError(f"Playwright keeps every page of {self._engine} visible")

    def show(self) -> None:
        """Nothing to do, as nothing hides."""

    # Tabs and days

    def new_tab(self) -> None:
        """Open an empty tab."""
        self._pages.append(self._running.new_page())

    def new_window(self) -> None:
        """Open an empty tab: Playwright keeps those beside it visible."""
        self.new_tab()

    def step_back(self) -> None:
        """Go on in the tab before this one."""
        self._pages.pop()

    def close_tab(self) -> None:
        """Close the current tab."""
        self._take_problems()
        self._pages.pop().close()

    def click_to_new_tab(self, selector: str) -> None:
        """Click what opens another tab in front."""
        self._take_problems()
        with self._running.expect_page() as opened:
            self._page.click(selector, no_wait_after=True)
        opened.value.wait_for_load_state()
        self._pages.append(opened.value)

    def click_that_closes(self, selector: str) -> None:
        """Click what makes the page close its own tab."""
        self._take_problems()
        with self._page.expect_event("close"), suppress(Error):  # it closes under the click
            self._page.click(selector, no_wait_after=True)
        self._pages.pop()

    def unwatched_tab(self) -> AbstractContextManager[UnwatchedTab]:
        """A tab beside this visitor's own that can be hidden; Chromium only."""
        browser = self._running.browser
        if self._engine != "chromium" or browser is None:
            raise CannotDoError(f"no tab of {self._engine} escapes its driver")
        return unwatched_tab(browser)

    def devtools(self) -> CDPSession:
        """What Chromium tells its developer tools of the current tab; Chromium only."""
        self._is_plain = False
        return self._running.new_cdp_session(self._page)

    def go_offline(self) -> None:
        """Lose the network."""
        self._is_plain = False
        self._running.set_offline(offline=True)

    def go_online(self) -> None:
        """Have it back."""
        self._running.set_offline(offline=False)

    def freeze(self) -> None:
        """Freeze the open page, by DevTools."""
        self._tell("Page.setWebLifecycleState", {"state": "frozen"})

    def thaw(self) -> None:
        """Have the page run again."""
        self._tell("Page.setWebLifecycleState", {"state": "active"})

    def run_short_of_memory(self) -> None:
        """Raise the alarm that memory is critical, by DevTools."""
        self._tell("Memory.simulatePressureNotification", {"level": "critical"})

    def _tell(self, method: str, parameters: dict[str, str]) -> None:
        if self._engine != "chromium":
            raise CannotDoError(f"no driver of {self._engine} has {method}")
        session = self.devtools()
        session.send(method, parameters)
        session.detach()

    def crash(self) -> None:
        """Let what renders the page die, and what renders other pages, by SIGKILL."""
        mark = RENDERER[self._engine]
        ours = processes.tree(PROGRAM[self._engine])
        processes.kill([each for each in ours if mark in " ".join(each.command).split(" ")])
        self._pages.clear()
        self._crashed = True
        self._is_plain = False

    def close_browser(self) -> None:
        """End the browser."""
        browser = self._running.browser
        self._abandon()
        if browser:
            browser.close()

    def kill(self) -> None:
        """End all its processes."""
        browser = self._running.browser
        self._crashed = False
        processes.kill(processes.tree(PROGRAM[self._engine]))
        self._abandon()
        if browser:
            with suppress(Error):  # so that Playwright sees that it is gone
                browser.close()

    def quit(self) -> None:
        """Close all and keep what a browser keeps on disk."""
        if self._context is None:
            return
        self._is_plain = False
        self._take_problems()
        self._kept = self._context.storage_state()
        self._kept["cookies"] = [
            cookie for cookie in self._kept.get("cookies", []) if cookie.get("expires", -1) > 0
        ]
        self._pages.clear()
        self._context.close()
        self._context = None

    def restart(self) -> None:
        """Close all and come back."""
        self.quit()
        self._context = self._begin()

    @property
    def can_begin_anew(self) -> bool:
        """Whether there is one tab, and nothing else is other than at first; Chromium only."""
        if not self._is_plain or self._engine != "chromium" or self._context is None:
            return False
        return len(self._context.pages) == len(self._pages) == 1

    def begin_anew(self) -> None:
        """Be another visitor in the same tab."""
        self.problems()
        session = self._running.new_cdp_session(self._page)
        session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
        session.send("Network.clearBrowserCache")
        session.send("Page.resetNavigationHistory")
        session.detach()
        # Last, for an answer to what the page sent as it went may have some to set.
        self.clear_cookies()

    def close(self) -> None:
        """Be gone, without keeping anything."""
        if self._crashed and self._engine == "firefox":
            self.kill()  # it would wait for its dead pages
        elif self._context:
            self._context.close()

    def _abandon(self) -> None:
        self._pages.clear()
        self._context = None

    # What the browser keeps

    def cookies(self, url: str) -> list[Cookie]:
        """The cookies for an address."""
        return [_cookie(kept) for kept in self._running.cookies(url)]

    def add_cookie(self, url: str, name: str, value: str) -> None:
        """Give the browser a cookie for a day."""
        tomorrow = self.evaluate("Date.now() / 1000 + 86400")
        self._running.add_cookies(
            [{"name": name, "value": value, "url": url, "expires": tomorrow, "secure": True}]
        )

    def clear_cookies(self) -> None:
        """Delete all cookies."""
        self._running.clear_cookies()

    # What is seen

    def problems(self) -> list[Problem]:
        """What went wrong, once."""
        self._take_problems()
        taken, self._problems = self._problems, []
        return taken

    def screenshot(self, path: Path) -> None:
        """Write a PNG image."""
        self._page.screenshot(path=path)

    def save_trace(self, path: Path) -> bool:
        """Write the trace since the last restart; false if none was recorded."""
        if self._context is None or not self._tracing:
            return False
        self._context.tracing.stop(path=path)
        self._tracing = False
        return True

    def _begin(self) -> BrowserContext:
        context = self._open_context(self._kept)
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(RECORDER)
        if self._tracing:
            context.tracing.start(snapshots=True)
        self._pages = list(context.pages)
        return context

    @property
    def _running(self) -> BrowserContext:
        if self._context is None:
            raise CannotDoError("the visitor has quit the browser; restart() first")
        return self._context

    @property
    def _page(self) -> Page:
        if not self._pages:
            self.new_tab()
        return self._pages[-1]

    def _take_problems(self) -> None:
        if self._pages:
            found = self._ask_what_is_open(TAKE_PROBLEMS)
            self._problems += [Problem(each["kind"], each["text"]) for each in found]

    def _ask_what_is_open(self, script: str) -> Any:  # noqa: ANN401 - any JSON
        """Of a page that goes away under the question, the one that takes its place is asked."""
        while True:
            try:
                return self._page.evaluate(script)
            except Error as error:
                if "context was destroyed" not in error.message:
                    raise


def _cookie(kept: PlaywrightCookie) -> Cookie:
    expires = kept.get("expires", -1)
    return Cookie(
        name=kept.get("name", ""),
        value=kept.get("value", ""),
        domain=kept.get("domain", "").lstrip("."),
        path=kept.get("path", ""),
        expires=None if expires < 0 else expires,
        http_only=kept.get("httpOnly", False),
        secure=kept.get("secure", False),
        same_site=kept.get("sameSite", ""),
    )
