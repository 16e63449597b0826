"""The visitor: the one way in which tests use a browser, whatever drives it.

A visitor clicks and types as a person does, through the browser's own input. What it is asked of
the page runs in the page; what is true of the network is asked of the ledger, never of a visitor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.browsers.discovery import Engine

PATIENCE = 20.0
"""Seconds that a visitor waits for a page, an element or a condition."""


class VisitorTimeoutError(AssertionError):
    """What a visitor waited for in the page did not come true."""


class CannotDoError(Exception):
    """This engine or its driver has no real way to do that; the message says what."""


@dataclass(frozen=True)
class Cookie:
    """A cookie as the browser keeps it."""

    name: str
    value: str
    domain: str
    """Without a leading dot."""
    path: str
    expires: float | None
    """Unix time in seconds; None for a cookie that ends with the session."""
    http_only: bool
    secure: bool
    same_site: str
    """"Strict", "Lax" or "None"."""


@dataclass(frozen=True)
class Problem:
    """Something that went wrong in a page, as its own console would tell."""

    kind: str
    """"error", "rejection", "policy" (CSP, Trusted Types), "console.error" or "console.warn"."""
    text: str


class Visitor(Protocol):
    """A person with a browser of their own: no cookies but those that they got themselves."""

    @property
    def engine(self) -> Engine:
        """The engine of the browser."""

    @property
    def version(self) -> str:
        """The version that the running browser tells."""

    @property
    def keeps_cookies_over_restart(self) -> bool:
        """Whether `restart` is possible."""

    @property
    def can_hide(self) -> bool:
        """Whether `hide` is possible: a real way to be hidden without leaving the page."""

    def open(self, url: str) -> None:
        """Go to an address and wait for the page's load event."""

    def go(self, url: str) -> None:
        """Go to an address as `open` does, but ask nothing of the page that is left.

        For a page that may have broken what a driver's own scripts need.
        """

    def go_nowhere(self) -> None:
        """Leave the page that is open, or on its way, for an empty one."""

    def click(self, selector: str) -> None:
        """Click an element with the pointer.

        `#host >> button` is a button in the shadow root of the host.
        """

    def click_at(self, x: float, y: float) -> None:
        """Click what is at a place of the window, in CSS pixels; in whatever frame it is."""

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer to a place of the window."""

    def tap_at(self, x: float, y: float) -> None:
        """Touch a place of the window with a finger; in the mode "touch".

        Raises:
            CannotDoError: The driver has no fingers.
        """

    def announces(self, selector: str, role: str, name: str) -> bool:
        """Whether assistive technology is told of an element by this role and this name."""

    def type(self, selector: str, text: str) -> None:
        """Click a field and type into it, key by key."""

    def press(self, key: str) -> None:
        """Press one key, such as "a", "Tab", "Enter" or "PageDown"."""

    def move(self) -> None:
        """Move the pointer a little."""

    def wheel(self, down: int) -> None:
        """Turn the wheel over the page, by CSS pixels."""

    def evaluate(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """The value of a JavaScript expression in the page, as JSON.

        If it is a function it is called with the arguments; if that gives a promise, the value
        is what it resolves to. `evaluate("document.title")`, `evaluate("n => n + 1", 41)`.
        """

    def wait_until(self, condition: str, timeout: float = PATIENCE) -> None:
        """Wait until a JavaScript expression is true; going to another page does not disturb it.

        Raises:
            VisitorTimeoutError: It was not within `timeout` seconds.
        """

    def reload(self) -> None:
        """Load the page again and wait for its load event."""

    def hide(self) -> None:
        """Put the page out of sight without leaving it.

        Raises:
            CannotDoError: There is no real way to, see `can_hide`.
        """

    def show(self) -> None:
        """Bring a hidden page back into sight."""

    def new_tab(self) -> None:
        """Open an empty tab, in which everything happens from now on."""

    def new_window(self) -> None:
        """Open an empty window for what follows; the pages in the others stay in sight."""

    def step_back(self) -> None:
        """Go on in the tab or window before this one, which stays as it is."""

    def close_tab(self) -> None:
        """Close the current tab as its user would; the one before it becomes current, if any."""

    def click_to_new_tab(self, selector: str) -> None:
        """Click what opens another tab in front; go on in that one when it has loaded."""

    def click_that_closes(self, selector: str) -> None:
        """Click what makes the page close its own tab; go on in the tab before it, if any."""

    def go_offline(self) -> None:
        """Lose the network, as the browser itself knows.

        Raises:
            CannotDoError: The driver cannot.
        """

    def go_online(self) -> None:
        """Have the network back."""

    def freeze(self) -> None:
        """Have the browser freeze the open page, as it does with tabs that nobody looks at.

        Raises:
            CannotDoError: The driver cannot.
        """

    def thaw(self) -> None:
        """Have the page run again."""

    def run_short_of_memory(self) -> None:
        """Have the browser believe that the machine has hardly any memory left.

        Raises:
            CannotDoError: The driver cannot.
        """

    def crash(self) -> None:
        """Let the process that renders the page die; the browser lives on, without its tabs."""

    def close_browser(self) -> None:
        """End the browser as its user would, whatever is open; `open` starts none again."""

    def kill(self) -> None:
        """End all processes of the browser at once, as a loss of power would."""

    def quit(self) -> None:
        """Close all that is open, and with it what the browser keeps for this session only."""

    def restart(self) -> None:
        """Come back another day: all tabs and session cookies are gone, other cookies are kept.

        Raises:
            CannotDoError: The driver cannot, see `keeps_cookies_over_restart`.
        """

    @property
    def can_begin_anew(self) -> bool:
        """Whether there is one tab, and no setting or history that the next page could see."""

    def begin_anew(self) -> None:
        """Be a visitor who has never been anywhere, in the same tab: all that is kept is deleted.

        The page that is open must be one that keeps nothing more.
        """

    def cookies(self, url: str) -> Sequence[Cookie]:
        """The cookies that a request to an address would carry, scripts' and HttpOnly ones.

        WebDriver tells those of the open page only, so have a page of that site open.
        """

    def add_cookie(self, url: str, name: str, value: str) -> None:
        """Give the browser a cookie for an address, for a day; have a page of that site open."""

    def clear_cookies(self) -> None:
        """Delete the cookies (with WebDriver: those of the open page's site)."""

    def problems(self) -> Sequence[Problem]:
        """What went wrong on the pages seen so far, oldest first, and forgets it.

        Stock WebKitGTK has no console log, so only pages with the recorder tell (`Site.page`).
        """

    def screenshot(self, path: Path) -> None:
        """Write a PNG image of what the visitor sees."""
