"""A visitor by WebDriver BiDi: stock Firefox."""

import time
from base64 import b64decode
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browsers import bidi_input, keys
from tests.browsers.bidi import BidiError, Json, value_of
from tests.browsers.bidi_cookies import as_cookie, goes_to
from tests.browsers.discovery import Engine
from tests.browsers.firefox import Firefox
from tests.browsers.page_scripts import FIND, PLACE, POLL, RECORDER, TAKE_PROBLEMS, call, wait_until
from tests.browsers.visitor import PATIENCE, CannotDoError, Cookie, Problem, VisitorTimeoutError

VIEWPORT = {"width": 1280, "height": 720}
REFUSED = "Address rejected"
"""What Firefox says of a page, or of a frame in it, that the server lets nobody frame."""
UNANSWERED = 8.0
"""Seconds after which the browser is asked whether the page or the tab is there."""
EMPTY = "about:blank?empty"
"""Not the empty page that is there for a moment where another process takes over."""
SUITE = {"sandbox": "suite"}
"""Where a script of ours sees the page as it is, whatever the page has done to its globals."""

_DAY = 24 * 60 * 60


class BidiVisitor:
    """See `Visitor` for what each method does.

    Args:
        engine: The engine of the browser.
        firefox: The browser, in which this visitor has a container: cookies, storage and caches
            that no other container's pages see.
    """

    keeps_cookies_over_restart = True
    can_hide = True

    def __init__(self, engine: Engine, firefox: Firefox) -> None:
        """Make a container."""
        self._engine = engine
        self._firefox = firefox
        self._bidi = firefox.bidi
        self._problems: list[Problem] = []
        self._tabs: list[str] = []
        self._in_front: str | None = None
        self._has_crashed = False
        self._is_plain = True
        self._container = self._make_container()

    @property
    def engine(self) -> Engine:
        """The engine of the browser."""
        return self._engine

    @property
    def version(self) -> str:
        """The version that the running browser tells."""
        return self._bidi.version

    # In the page

    def open(self, url: str) -> None:
        """Go to an address and wait for the load event."""
        self._take_problems()
        self.go(url)

    def go(self, url: str) -> None:
        """Go to an address, without a word with the page that is left."""
        wanted = {"context": self._tab, "url": url, "wait": "complete"}
        try:
            self._bidi.command_within(UNANSWERED, "browsingContext.navigate", wanted)
        except (VisitorTimeoutError, BidiError) as error:
            # Of a tab that was still on its way elsewhere Firefox 153 now and then never answers,
            # though it goes there: seen once in 160 times on a busy machine. And a frame that is
            # refused meanwhile it takes for the page.
            if isinstance(error, BidiError) and REFUSED not in str(error):
                raise
            self.wait_until(f"location.href === {url!r} && document.readyState === 'complete'")

    def go_nowhere(self) -> None:
        """Leave for an empty page, again where another was on its way and came first."""
        is_there = f"location.href === {EMPTY!r} && document.readyState === 'complete'"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            # Not until it is complete: amid another journey Firefox does not always tell.
            self._tell("browsingContext.navigate", url=EMPTY, wait="none")
            with suppress(VisitorTimeoutError):
                self.wait_until(is_there, timeout=1)
                return
        raise VisitorTimeoutError("the tab does not become empty")

    def click(self, selector: str) -> None:
        """Click an element."""
        self._take_problems()
        bidi_input.click(self._act, *self._place(selector))

    def click_at(self, x: float, y: float) -> None:
        """Click a place."""
        self._take_problems()
        bidi_input.click(self._act, x, y)

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer to a place."""
        bidi_input.point(self._act, x, y)

    def tap_at(self, x: float, y: float) -> None:
        """Touch a place; pages hear of it in the mode "touch"."""
        self._take_problems()
        bidi_input.tap(self._act, x, y)

    def announces(self, selector: str, role: str, name: str) -> bool:
        """Whether the browser finds the element by this role and this name."""
        root = self._run(f"(parts) => ({FIND})(parts).getRootNode()", selector.split(" >> "))
        wanted = self._run(FIND, selector.split(" >> "))
        # Without a node to start from, it does not look into shadow roots.
        start = {} if root["value"]["nodeType"] == _DOCUMENT else {"startNodes": [_node(root)]}
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}
        found = self._tell("browsingContext.locateNodes", locator=locator, **start)
        return _node(wanted) in [_node(each) for each in found["nodes"]]

    def type(self, selector: str, text: str) -> None:
        """Click a field and type into it."""
        self.click(selector)
        bidi_input.press(self._act, text)

    def press(self, key: str) -> None:
        """Press one key."""
        bidi_input.press(self._act, [keys.code(key)])

    def move(self) -> None:
        """Move the pointer a little."""
        bidi_input.move(self._act)

    def wheel(self, down: int) -> None:
        """Turn the wheel."""
        bidi_input.turn(self._act, down)

    def evaluate(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """The value of an expression, or of the function that it is."""
        return value_of(self._bidi.call(self._tab, call(script), list(arguments)))

    def wait_until(self, condition: str, timeout: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        wait_until(self._look, condition, timeout, BidiError)

    def reload(self) -> None:
        """Load the page again."""
        self._take_problems()
        self._tell("browsingContext.reload", wait="complete")

    def hide(self) -> None:
        """Open another tab in front, in the same window."""
        self._in_front = self._create("tab", referenceContext=self._tab)
        self.wait_until("document.visibilityState === 'hidden'")

    def show(self) -> None:
        """Close the tab in front."""
        if self._in_front:
            self._bidi.command("browsingContext.close", context=self._in_front)
            self._in_front = None
        self._tell("browsingContext.activate")
        self.wait_until("document.visibilityState === 'visible'")

    # Tabs and days

    def new_tab(self) -> None:
        """Open an empty tab."""
        self._tabs.append(self._create("tab"))

    def new_window(self) -> None:
        """Open an empty window."""
        self._tabs.append(self._create("window"))

    def step_back(self) -> None:
        """Go on in the tab or window before this one, which stays as it is."""
        self._tabs.pop()

    def close_tab(self) -> None:
        """Close the current tab."""
        self._take_problems()
        self._bidi.command("browsingContext.close", context=self._tabs.pop())
        self._come_to_the_front()

    def click_to_new_tab(self, selector: str) -> None:
        """Click what opens another tab."""
        with self._bidi.hearing("browsingContext.contextCreated") as wait:
            self.click(selector)
            opened = wait(lambda told: told["originalOpener"] == self._tab)
        self._tabs.append(opened["context"])
        self.wait_until("location.href !== 'about:blank' && document.readyState === 'complete'")

    def click_that_closes(self, selector: str) -> None:
        """Click what makes the page close its own tab."""
        here = self._tab
        with self._bidi.hearing("browsingContext.contextDestroyed") as wait:
            with suppress(BidiError):  # it closes under the click
                self.click(selector)
            wait(lambda told: told["context"] == here)
        self._tabs.pop()
        self._come_to_the_front()

    def go_offline(self) -> None:
        """Lose the network."""
        self._set_network({"type": "offline"})

    def go_online(self) -> None:
        """Have it back."""
        self._set_network(None)

    def freeze(self) -> None:
        """Impossible."""
        raise CannotDoError(f"no driver of {self._engine} freezes a page")

    def thaw(self) -> None:
        """Nothing to do, as nothing freezes."""

    def run_short_of_memory(self) -> None:
        """Impossible."""
        raise CannotDoError(f"no driver of {self._engine} can have it run short of memory")

    def crash(self) -> None:
        """Let what renders the page die, and what renders other pages."""
        self._firefox.crash_pages()
        self._tabs.clear()
        self._has_crashed = True

    def close_browser(self) -> None:
        """End the browser."""
        self._firefox.quit()

    def kill(self) -> None:
        """End all its processes."""
        self._firefox.kill()

    def quit(self) -> None:
        """Close all tabs, and forget what lives as long as a session."""
        self._take_problems()
        while self._tabs:
            self._bidi.command("browsingContext.close", context=self._tabs.pop())
        for kept in self._all_cookies():
            if "expiry" not in kept:
                wanted = {name: kept[name] for name in ("name", "domain", "path")}
                self._of_container("storage.deleteCookies", filter=wanted)

    def restart(self) -> None:
        """Close all and come back."""
        self.quit()

    @property
    def can_begin_anew(self) -> bool:
        """Whether there is one tab, and nothing else is other than at first."""
        if not self._is_plain or self._has_crashed or not self._firefox.is_running:
            return False
        return len(self._tabs) == 1 and self._open_tabs() == self._tabs

    def begin_anew(self) -> None:
        """Be another visitor in the same tab."""
        self.problems()
        self._firefox.forget()

    def close(self) -> None:
        """Be gone, without keeping anything."""
        if self._has_crashed:
            self._firefox.kill()  # it would wait for its dead pages
        elif self._firefox.is_running:
            self._bidi.command("browser.removeUserContext", userContext=self._container)

    # What the browser keeps

    def cookies(self, url: str) -> list[Cookie]:
        """The cookies for an address."""
        return [as_cookie(kept) for kept in self._all_cookies() if goes_to(kept, url)]

    def add_cookie(self, url: str, name: str, value: str) -> None:
        """Give the browser a cookie for a day."""
        cookie = {
            "name": name,
            "value": {"type": "string", "value": value},
            "domain": urlsplit(url).hostname,
            "secure": True,
            "expiry": int(time.time()) + _DAY,
        }
        self._of_container("storage.setCookie", cookie=cookie)

    def clear_cookies(self) -> None:
        """Delete all cookies."""
        self._of_container("storage.deleteCookies")

    # What is seen

    def problems(self) -> list[Problem]:
        """What went wrong, once."""
        self._take_problems()
        taken, self._problems = self._problems, []
        return taken

    def screenshot(self, path: Path) -> None:
        """Write a PNG image."""
        path.write_bytes(b64decode(self._tell("browsingContext.captureScreenshot")["data"]))

    # How it is done

    def _make_container(self) -> str:
        made = self._bidi.command("browser.createUserContext")
        ours = {"userContexts": [made["userContext"]]}
        self._bidi.command("browsingContext.setViewport", viewport=VIEWPORT, **ours)
        self._bidi.command(
            "script.addPreloadScript", functionDeclaration=f"() => {{ {RECORDER} }}", **ours
        )
        place = {"type": "allowed", "destinationFolder": str(self._firefox.place)}
        self._bidi.command("browser.setDownloadBehavior", downloadBehavior=place, **ours)
        return str(made["userContext"])

    def _create(self, kind: str, **options: object) -> str:
        wanted = {"type": kind, "userContext": self._container, **options}
        try:
            made = self._bidi.command_within(UNANSWERED, "browsingContext.create", wanted)
        except VisitorTimeoutError:
            # As with `go`: seen once in some ten thousand times.
            opened = set(self._open_tabs()) - set(self._tabs)
            if len(opened) != 1:
                raise
            return opened.pop()
        return str(made["context"])

    def _open_tabs(self) -> list[str]:
        everywhere = self._bidi.command("browsingContext.getTree", maxDepth=0)["contexts"]
        return [each["context"] for each in everywhere if each["userContext"] == self._container]

    @property
    def _tab(self) -> str:
        if not self._firefox.is_running:
            raise CannotDoError("the browser has ended")
        if not self._tabs:
            self.new_tab()
        return self._tabs[-1]

    def _come_to_the_front(self) -> None:
        if self._tabs:
            self._tell("browsingContext.activate")

    def _tell(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - any JSON
        return self._bidi.command(method, context=self._tab, **parameters)

    def _of_container(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - any JSON
        ours = {"type": "storageKey", "userContext": self._container}
        return self._bidi.command(method, partition=ours, **parameters)

    def _run(self, function: str, *given: object) -> Json:
        return self._bidi.call(self._tab, function, *given, **SUITE)

    def _look(self, function: str) -> object:
        # Where another process takes over, there is an empty page for a moment.
        arrived = f"() => location.href !== 'about:blank' && ({function})()"
        return value_of(self._bidi.call(self._tab, arrived))

    def _all_cookies(self) -> list[Json]:
        cookies: list[Json] = self._of_container("storage.getCookies")["cookies"]
        return cookies

    def _place(self, selector: str) -> tuple[float, float]:
        """Where an element is that has come to rest, and is covered by no other."""
        deadline = time.monotonic() + PATIENCE
        before = None
        while time.monotonic() < deadline:
            place = value_of(self._run(PLACE, selector.split(" >> ")))
            if place and place == before:
                return place[0], place[1]
            before = place
            time.sleep(POLL)  # no driver tells that an element has come to rest
        raise VisitorTimeoutError(f"no pointer reaches {selector}")

    def _act(self, source: Json) -> None:
        self._tell("input.performActions", actions=[source])

    def _set_network(self, conditions: Json | None) -> None:
        self._is_plain = False
        self._bidi.command(
            "emulation.setNetworkConditions",
            networkConditions=conditions,
            userContexts=[self._container],
        )

    def _take_problems(self) -> None:
        """Of a page that goes away under the question, the one that takes its place is asked."""
        if not self._tabs or not self._firefox.is_running:
            return
        while True:
            try:
                told = value_of(self._bidi.call(self._tab, TAKE_PROBLEMS))
            except BidiError as error:
                if _GONE not in str(error):
                    raise
            else:
                self._problems += [Problem(each["kind"], each["text"]) for each in told]
                return


_GONE = "no such frame"
_DOCUMENT = 9
"""`Node.DOCUMENT_NODE`"""


def _node(told: Json) -> Json:
    return {"sharedId": told["sharedId"]}
