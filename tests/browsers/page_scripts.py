"""The JavaScript that visitors run in pages, the same in every engine, and how they wait on it."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.browsers.visitor import VisitorTimeoutError

RECORDER = Path(__file__).with_name("recorder.js").read_text(encoding="utf-8")
"""Makes a page keep a list of its problems."""

TAKE_PROBLEMS = "() => (window.__problems || []).splice(0)"
"""The problems that a page has kept, once."""

FIND = """(parts) => {
  let scope = document;
  for (const part of parts) scope = (scope?.shadowRoot ?? scope)?.querySelector(part);
  return scope;
}"""
"""The element behind a selector's parts, each in the shadow root of the one before."""

PLACE = f"""(parts) => {{
  const element = ({FIND})(parts);
  element?.scrollIntoView({{ block: "nearest", inline: "nearest", behavior: "instant" }});
  const box = element?.getClientRects()[0];
  if (!box) return null;
  const place = [box.x + box.width / 2, box.y + box.height / 2];
  let hit = null;
  let inner = document.elementFromPoint(...place);
  while (inner && inner !== hit) {{
    hit = inner;
    inner = hit.shadowRoot?.elementFromPoint(...place);
  }}
  while (hit && hit !== element) hit = hit.parentNode ?? hit.host;
  return hit ? place : null;
}}"""
"""Where a pointer would meet an element, and nothing before it."""

_CALL = """(given) => {
  const value = (%s);
  return typeof value === "function" ? value(...given) : value;
}"""

_LOOK = "() => { try { return Boolean(%s); } catch { return false; } }"
"""What it looks at may still be missing."""

POLL = 0.02
"""Seconds between two looks."""


def call(script: str) -> str:
    """A function of one list, which evaluates a script and, if that is a function, calls it."""
    return _CALL % script


def wait_until(
    evaluate: Callable[[str], object],
    condition: str,
    timeout: float,
    interrupted: type[Exception],
) -> None:
    """Look for a condition in whatever page is open, for `timeout` seconds.

    Not by a script that waits in the page: no driver answers for one that was running when its
    page went into the back/forward cache.

    Args:
        evaluate: Calls a JavaScript function in the current page.
        condition: A JavaScript expression.
        timeout: Seconds.
        interrupted: What the driver raises when the page goes away under the script.

    Raises:
        VisitorTimeoutError: It did not come true.
    """
    deadline = time.monotonic() + timeout
    last_error: Exception | None = None
    while time.monotonic() < deadline:
        try:
            if evaluate(_LOOK % condition):
                return
        except interrupted as error:
            last_error = error
        time.sleep(POLL)  # no driver tells of a change of an expression
    raise VisitorTimeoutError(f"not true within {timeout} s: {condition}") from last_error
