"""A tab of Chromium that Playwright leaves alone, and that can therefore be hidden.

Playwright lets each page of its own believe that it has the focus, which keeps it visible for ever.
Pages of other contexts it lets go, so this one is spoken to by DevTools through the browser.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession

from tests.browsers.page_scripts import call, wait_until
from tests.browsers.visitor import PATIENCE, VisitorTimeoutError

POLL = 0.005
"""Seconds between two looks whether an answer has come."""


class TabGoneError(Exception):
    """The page went away under a script, or the script threw."""


class UnwatchedTab:
    """A tab in a context of its own; `unwatched_tab` gives one."""

    def __init__(self, root: CDPSession, context: str) -> None:
        """Open it empty, in a window."""
        self._root = root
        self._root.on("Target.receivedMessageFromTarget", self._receive)
        self._context = context
        self._answers: dict[int, Any] = {}
        self._asked = 0
        target = self._new_tab(new_window=True)
        attached = self._root.send("Target.attachToTarget", {"targetId": target, "flatten": False})
        self._session = attached["sessionId"]

    def open(self, url: str) -> None:
        """Go to an address and wait until it has loaded."""
        self._command("Page.navigate", {"url": url})
        self.wait_until(f"location.href === {json.dumps(url)} && document.readyState == 'complete'")

    def evaluate(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """The value of an expression, or of the function that it is, as of a `Visitor`."""
        return self._apply(call(script), list(arguments))

    def wait_until(self, condition: str, timeout: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        wait_until(self._apply, condition, timeout, TabGoneError)

    def hide(self) -> None:
        """Open another tab in front, in the same window."""
        self._root.send("Target.activateTarget", {"targetId": self._new_tab(new_window=False)})
        self.wait_until("document.hidden")

    def _new_tab(self, *, new_window: bool) -> str:
        wanted = {
            "url": "about:blank",
            "browserContextId": self._context,
            "newWindow": new_window,
        }
        return str(self._root.send("Target.createTarget", wanted)["targetId"])

    def _apply(self, function: str, given: object = None) -> Any:  # noqa: ANN401 - any JSON
        expression = f"({function})({json.dumps(given)})"
        wanted = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = self._command("Runtime.evaluate", wanted)
        if "result" not in answer or "exceptionDetails" in answer["result"]:
            raise TabGoneError(json.dumps(answer))
        return answer["result"]["result"].get("value")

    def _command(self, method: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        self._asked += 1
        message = json.dumps({"id": self._asked, "method": method, "params": parameters})
        self._root.send(
            "Target.sendMessageToTarget", {"sessionId": self._session, "message": message}
        )
        deadline = time.monotonic() + PATIENCE
        while self._asked not in self._answers:
            if time.monotonic() > deadline:
                raise VisitorTimeoutError(f"the tab did not answer {method}")
            time.sleep(POLL)  # the synchronous driver offers no event to wait for
            self._root.send("Browser.getVersion")  # Playwright hears of events only while it works
        return self._answers.pop(self._asked)

    def _receive(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._answers[message["id"]] = message


@contextmanager
def unwatched_tab(browser: Browser) -> Iterator[UnwatchedTab]:
    """A tab that is open for the block, and then closed with all of its context."""
    root = browser.new_browser_cdp_session()
    context = root.send("Target.createBrowserContext")["browserContextId"]
    try:
        yield UnwatchedTab(root, context)
    finally:
        root.send("Target.disposeBrowserContext", {"browserContextId": context})
        root.detach()
