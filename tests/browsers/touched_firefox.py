"""A Firefox that can be touched: over WebDriver BiDi of our own.

Playwright speaks BiDi with Firefox too, but its tap there is an empty function.
"""

import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import websocket

from tests.browsers.discovery import Browser
from tests.browsers.page_scripts import POLL, call, wait_until
from tests.browsers.visitor import PATIENCE

ADDRESS = "WebDriverBiDiServer.json"
"""Where in its profile Firefox writes at which port it listens."""
PREFERENCES = 'user_pref("dom.w3c_touch_events.enabled", 1);\n'
"""On a machine without a touch screen pages would hear of no touch."""


class BidiError(Exception):
    """Firefox refused a command, or a script of the page threw."""


class TouchedFirefox:
    """Runs from entering its `with` block to leaving it; does as a `Visitor` what it can."""

    def __init__(self, browser: Browser) -> None:
        """Nothing is open yet."""
        self._program = str(browser.executable)
        self._sent = 0

    def __enter__(self) -> Self:
        """Start with an empty profile and one tab."""
        self._profile = TemporaryDirectory(prefix="azalead-profile-", ignore_cleanup_errors=True)
        place = Path(self._profile.name)
        (place / "user.js").write_text(PREFERENCES, encoding="utf-8")
        options = ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile"]
        self._process = subprocess.Popen(  # noqa: S603 - found by ourselves
            [self._program, *options, str(place)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"ws://127.0.0.1:{_port(place / ADDRESS)}/session"
            self._socket = websocket.create_connection(url, timeout=PATIENCE, suppress_origin=True)
            self._command(
                "session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}}
            )
            tree = self._command("browsingContext.getTree")
        except BaseException:
            self._end()
            raise
        self._tab = tree["contexts"][0]["context"]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Be gone."""
        self._socket.close()
        self._end()

    def open(self, url: str) -> None:
        """Go to an address and wait until it has loaded."""
        self._command("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def evaluate(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """The value of an expression, or of the function that it is, as of a `Visitor`."""
        return self._run(call(script), list(arguments))

    def wait_until(self, condition: str, timeout: float = PATIENCE) -> None:
        """Wait until an expression is true."""
        wait_until(self._run, condition, timeout, BidiError)

    def tap_at(self, x: float, y: float) -> None:
        """Touch a place of the window with a finger."""
        finger = {
            "type": "pointer",
            "id": "finger",
            "parameters": {"pointerType": "touch"},
            "actions": [
                {"type": "pointerMove", "x": round(x), "y": round(y)},
                {"type": "pointerDown", "button": 0},
                {"type": "pointerUp", "button": 0},
            ],
        }
        self._command("input.performActions", context=self._tab, actions=[finger])

    def _run(self, function: str, given: object = None) -> Any:  # noqa: ANN401 - any JSON
        told = self._command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify([await ({function})({json.dumps(given)})]))()",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise BidiError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])[0]

    def _command(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - any JSON
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._sent:
                break
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['message']}")
        return answer["result"]

    def _end(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._profile.cleanup()


def _port(file: Path) -> int:
    """The port that Firefox has written by now, or will."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError, ValueError):  # it is not written yet, or not to its end
            return int(json.loads(file.read_bytes())["ws_port"])
        time.sleep(POLL)  # it tells of its port by that file alone
    raise BidiError("Firefox does not listen")
