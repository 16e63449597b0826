"""A visitor by WebDriver: stock WebKitGTK, and whatever else speaks WebDriver."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from urllib3.exceptions import HTTPError

from tests.browsers import keys, processes
from tests.browsers.discovery import Engine
from tests.browsers.page_scripts import FIND, POLL, TAKE_PROBLEMS, call, wait_until
from tests.browsers.visitor import PATIENCE, CannotDoError, Cookie, Problem, VisitorTimeoutError

OpenSession = Callable[[], WebDriver]
"""Starts a browser that knows nothing of an earlier one."""

_ANSWER = """const [given, answer] = arguments;
Promise.resolve().then(() => (%s)(given)).then(
  (value) => answer({ value }),
  (error) => answer({ error: String(error) }),
);"""

LOOK_TIMEOUT = 2
"""Seconds that one look into the page may take."""

LONGEST_HISTORY = 60
"""Pages in the tab's history with which a visitor may begin: of more than 100, WebKit forgets the
oldest, and a page could see that."""

KEPT = "minibrowser-about:data"
"""MiniBrowser's own list of what it keeps for websites, by kind, each with a button against it."""
NOTHING_IS_KEPT = f"location.href === '{KEPT}' && !document.querySelector('[onclick]')"
DELETE_ALL = """() => {
  const button = document.querySelector("[onclick^=clearData]");
  if (button) clearData(button.getAttribute("onclick").replace(/.*'(\\d+):.*/, "$1:1048575"));
}"""
"""As its buttons do, but all kinds at once: of two that are pressed MiniBrowser 2.50 may crash."""

_DAY = 24 * 60 * 60


class PageScriptError(Exception):
    """A script that a test ran in the page threw; the message is the page's."""


class WebDriverVisitor:
    """See `Visitor` for what each method does.

    Args:
        engine: The engine of the browser.
        open_session: Starts a browser, at first and when the visitor comes back after quitting.
        is_seen: Whether the browser draws, so that a picture can be taken.
        has_scripts: Whether pages run theirs, the browser's own pages among them.
    """

    keeps_cookies_over_restart = False
    can_hide = True

    def __init__(
        self, engine: Engine, open_session: OpenSession, *, is_seen: bool, has_scripts: bool
    ) -> None:
        """Start a session."""
        self._engine = engine
        self._is_seen = is_seen
        self._open_session = open_session
        self._problems: list[Problem] = []
        self._behind: list[str] = []
        self._is_plain = has_scripts
        self._session: WebDriver | None = open_session()
        self._version = str(self._session.capabilities["browserVersion"])

    @property
    def engine(self) -> Engine:
        """The engine of the browser."""
        return self._engine

    @property
    def version(self) -> str:
        """The version that the running browser tells."""
        return self._version

    # In the page

    def open(self, url: str) -> None:
        """Go to an address and wait for the load event."""
        if self._session is None:
            self._session = self._open_session()
        self._take_problems()
        self.go(url)

    def go(self, url: str) -> None:
        """Go to an address, without a word with the page that is left."""
        self._running.get(url)

    def go_nowhere(self) -> None:
        """Leave for an empty page."""
        self.go("about:blank")

    def click(self, selector: str) -> None:
        """Click an element."""
        self._take_problems()
        self._element(selector).click()

    def click_at(self, x: float, y: float) -> None:
        """Click a place."""
        self._take_problems()
        actions = self._actions().w3c_actions
        actions.pointer_action.move_to_location(round(x), round(y)).click()  # type: ignore[no-untyped-call] # Selenium has none
        actions.perform()

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer to a place."""
        actions = self._actions().w3c_actions
        actions.pointer_action.move_to_location(round(x), round(y))  # type: ignore[no-untyped-call] # Selenium has none
        actions.perform()

    def tap_at(self, x: float, y: float) -> None:
        """Impossible: what a pointer of the kind "touch" does arrives in the page as a mouse's."""
        raise CannotDoError(f"{self._engine}'s driver turns a finger, at {x}, {y}, into a mouse")

    def announces(self, selector: str, role: str, name: str) -> bool:
        """Whether they are the role and the name by the browser's own reckoning."""
        element = self._element(selector)
        return (element.aria_role, element.accessible_name) == (role, name)

    def type(self, selector: str, text: str) -> None:
        """Click a field and type into it."""
        self.click(selector)
        self._actions().send_keys(text).perform()

    def press(self, key: str) -> None:
        """Press one key."""
        self._actions().send_keys(keys.code(key)).perform()

    def move(self) -> None:
        """Move the pointer a little."""
        self._actions().move_by_offset(4, 4).move_by_offset(-4, -4).perform()

    def wheel(self, down: int) -> None:
        """Turn the wheel."""
        self._actions().scroll_by_amount(0, down).perform()

    def evaluate(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """The value of an expression, or of the function that it is."""
        return self._call(call(script), list(arguments))

    def wait_until(self, condition: str, timeout: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        wait_until(self._look, condition, timeout, WebDriverException)

    def reload(self) -> None:
        """Load the page again."""
        self._take_problems()
        self._running.refresh()

    def hide(self) -> None:
        """Minimise the window."""
        self._is_plain = False
        self._running.minimize_window()
        self.wait_until("document.visibilityState === 'hidden'")

    def show(self) -> None:
        """Bring the window back."""
        self._running.set_window_rect(0, 0, 1200, 780)
        self.wait_until("document.visibilityState === 'visible'")

    # Tabs and days

    def new_tab(self) -> None:
        """Open an empty tab."""
        self._behind.append(self._running.current_window_handle)
        self._running.switch_to.new_window("tab")

    def new_window(self) -> None:
        """Open an empty window."""
        self._behind.append(self._running.current_window_handle)
        self._running.switch_to.new_window("window")

    def step_back(self) -> None:
        """Go on in the tab or window before this one, which stays as it is."""
        self._running.switch_to.window(self._behind.pop())

    def close_tab(self) -> None:
        """Close the current tab; an empty one keeps the browser open if it is the last."""
        self._take_problems()
        here = self._running.current_window_handle
        if len(self._running.window_handles) == 1:
            self.new_tab()
            self._running.switch_to.window(here)
        self._running.close()
        self._go_back_to_the_one_before()

    def click_to_new_tab(self, selector: str) -> None:
        """Click what opens another tab."""
        known = set(self._running.window_handles)
        self._behind.append(self._running.current_window_handle)
        self.click(selector)
        wait = WebDriverWait(self._running, PATIENCE, POLL)
        wait.until(lambda session: len(session.window_handles) > len(known))
        (opened,) = set(self._running.window_handles) - known
        self._running.switch_to.window(opened)
        self.wait_until("location.href !== 'about:blank' && document.readyState === 'complete'")

    def click_that_closes(self, selector: str) -> None:
        """Click what makes the page close its own tab."""
        here = self._running.current_window_handle
        self.click(selector)
        wait = WebDriverWait(self._running, PATIENCE, POLL)
        wait.until(lambda session: here not in session.window_handles)
        self._go_back_to_the_one_before()

    def _go_back_to_the_one_before(self) -> None:
        """Its handle had to be remembered, as the driver tells them in any order."""
        open_still = self._running.window_handles
        known = [handle for handle in self._behind if handle in open_still]
        self._running.switch_to.window(known.pop() if known else open_still[-1])
        self._behind = known

    def go_offline(self) -> None:
        """Impossible."""
        raise CannotDoError(f"{self._engine} under WebDriver cannot be cut off from the network")

    def go_online(self) -> None:
        """Nothing to do, as it never is offline."""

    def freeze(self) -> None:
        """Impossible."""
        raise CannotDoError(f"WebDriver cannot freeze a page of {self._engine}")

    def thaw(self) -> None:
        """Nothing to do, as nothing freezes."""

    def run_short_of_memory(self) -> None:
        """Impossible."""
        raise CannotDoError(f"WebDriver cannot have {self._engine} run short of memory")

    def crash(self) -> None:
        """Let the process that renders the page die, by SIGKILL."""
        self._is_plain = False
        processes.kill(
            [each for each in processes.tree("MiniBrowser") if "WebProcess" in each.program]
        )

    def close_browser(self) -> None:
        """End the browser."""
        self.close()

    def kill(self) -> None:
        """End all its processes."""
        processes.kill(processes.tree("MiniBrowser"))
        with suppress(WebDriverException):  # the driver still has to forget the session
            self.close()

    def quit(self) -> None:
        """Close the browser."""
        if self._session:
            self._take_problems()
            self.close()

    def restart(self) -> None:
        """Impossible: a browser under WebDriver forgets everything when it ends."""
        raise CannotDoError(f"{self._engine} under WebDriver keeps no cookies over a restart")

    @property
    def can_begin_anew(self) -> bool:
        """Whether there is one tab, and nothing else is other than at first."""
        if not self._is_plain or self._session is None or len(self._session.window_handles) != 1:
            return False
        return bool(self.evaluate("history.length") <= LONGEST_HISTORY)

    def begin_anew(self) -> None:
        """Be another visitor in the same tab."""
        self.problems()
        self.go(KEPT)
        self.evaluate(DELETE_ALL)
        self.wait_until(NOTHING_IS_KEPT)

    def close(self) -> None:
        """Be gone."""
        self._is_plain = False
        session, self._session = self._session, None
        if session:
            session.quit()

    # What the browser keeps

    def cookies(self, url: str) -> list[Cookie]:
        """The cookies of the open page, which must be of the address's host."""
        self._require_open(url)
        return [_cookie(kept) for kept in self._running.get_cookies()]

    def add_cookie(self, url: str, name: str, value: str) -> None:
        """Give the browser a cookie for a day."""
        self._require_open(url)
        expiry = int(time.time()) + _DAY
        self._running.add_cookie(
            {"name": name, "value": value, "path": "/", "secure": True, "expiry": expiry}
        )

    def clear_cookies(self) -> None:
        """Delete the cookies of the open page's site."""
        self._running.delete_all_cookies()

    # What is seen

    def problems(self) -> list[Problem]:
        """What went wrong, once."""
        self._take_problems()
        taken, self._problems = self._problems, []
        return taken

    def screenshot(self, path: Path) -> None:
        """Write a PNG image."""
        if not self._is_seen:
            raise CannotDoError(f"{self._engine} draws only in modes whose preferences say so")
        if not self._running.get_screenshot_as_file(str(path)):
            raise CannotDoError(f"the driver could not write {path}")

    def _look(self, function: str) -> object:
        """What a function gives, or soon an error.

        The driver never answers for a page that goes into the back/forward cache amid a question,
        and answers the next question as if nothing had been.
        """
        session = self._running
        assert not isinstance(session.command_executor, str)
        line = session.command_executor.client_config
        patience, line.timeout = line.timeout, LOOK_TIMEOUT
        try:
            return session.execute_script(f"return ({function})()")
        except HTTPError as error:
            raise WebDriverException("no answer: the page went away under the question") from error
        finally:
            line.timeout = patience

    def _call(self, function: str, given: object) -> Any:  # noqa: ANN401 - any JSON
        answer = self._running.execute_async_script(_ANSWER % function, given)
        if "error" in answer:
            raise PageScriptError(answer["error"])
        return answer["value"]

    def _element(self, selector: str) -> WebElement:
        wait = WebDriverWait(self._running, PATIENCE, POLL)
        script, parts = f"return ({FIND})(arguments[0])", selector.split(" >> ")
        try:
            element: WebElement = wait.until(lambda session: session.execute_script(script, parts))
        except WebDriverException as error:
            raise VisitorTimeoutError(f"the page has no {selector}") from error
        return element

    def _actions(self) -> ActionChains:
        return ActionChains(self._running, duration=0)

    @property
    def _running(self) -> WebDriver:
        if self._session is None:
            raise CannotDoError("the visitor has quit the browser; open() a page first")
        return self._session

    def _require_open(self, url: str) -> None:
        asked, here = urlsplit(url).hostname, urlsplit(self._running.current_url).hostname
        if asked != here:
            raise CannotDoError(f"WebDriver tells the cookies of the open page ({here}) only")

    def _take_problems(self) -> None:
        if self._session:
            found = self._call(TAKE_PROBLEMS, [])
            self._problems += [Problem(each["kind"], each["text"]) for each in found]


def _cookie(kept: dict[str, Any]) -> Cookie:
    return Cookie(
        name=kept["name"],
        value=kept["value"],
        domain=kept["domain"].lstrip("."),
        path=kept["path"],
        expires=kept.get("expiry"),
        http_only=kept["httpOnly"],
        secure=kept["secure"],
        same_site=kept.get("sameSite", ""),
    )
