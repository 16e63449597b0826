"""The JavaScript that visitors run in pages, the same in every engine, and how they wait on it."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.browsers.visitor import VisitorTimeoutError

RECORDER = Path(__file__).with_name("recorder.js").read_text(encoding="utf-8")
"""Makes a page keep a list of its problems."""

TAKE_PROBLEMS = "() => (window.__problems || []).splice(0)"
"""The problems that a page has kept, once."""

_CALL = """async (given) => {
  const value = await (%s);
  return typeof value === "function" ? value(...given) : value;
}"""

_WATCH = """(milliseconds) => new Promise((resolve) => {
  const end = performance.now() + milliseconds;
  const look = () => {
    let met = false;
    try { met = Boolean(%s); } catch { /* not yet: what it looks at may still be missing */ }
    if (met || performance.now() > end) resolve(met);
    else setTimeout(look, 10);
  };
  look();
})"""
"""By timers: no frame comes to a page that is hidden, and none for long on a busy machine."""

_SLICE = 0.5
"""Seconds of watching in one page; another page may have taken its place after that."""


def call(script: str) -> str:
    """A function of one list, which evaluates a script and, if that is a function, calls it."""
    return _CALL % script


def wait_until(
    evaluate: Callable[[str, float], object],
    condition: str,
    timeout: float,
    interrupted: type[Exception],
) -> None:
    """Watch a condition in whatever page is open, for `timeout` seconds.

    Args:
        evaluate: Calls a JavaScript function with a number, in the current page.
        condition: A JavaScript expression.
        timeout: Seconds.
        interrupted: What the driver raises when the page goes away under the script.

    Raises:
        VisitorTimeoutError: It did not come true.
    """
    deadline = time.monotonic() + timeout
    last_error: Exception | None = None
    while (left := deadline - time.monotonic()) > 0:
        try:
            if evaluate(_WATCH % condition, min(_SLICE, left) * 1000):
                return
        except interrupted as error:
            last_error = error
    raise VisitorTimeoutError(f"not true within {timeout} s: {condition}") from last_error
