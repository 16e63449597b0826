"""One way to a visitor, whatever the engine and the driver behind it."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from playwright.sync_api import Playwright

from tests.browsers.bidi_starter import BidiStarter
from tests.browsers.discovery import Browser
from tests.browsers.playwright_starter import PlaywrightStarter
from tests.browsers.preferences import Mode
from tests.browsers.visitor import Visitor
from tests.browsers.webdriver_starter import WebDriverStarter


class Starter(Protocol):
    """Starts a browser when a visitor needs it, and keeps it for the next where that is faster."""

    def visitor(self, mode: Mode) -> AbstractContextManager[Visitor]:
        """A visitor who has never been anywhere.

        Raises:
            ModeImpossibleError: The engine cannot have this mode.
        """

    def hand_on(self, visitor: Any) -> None:  # noqa: ANN401 - each has visitors of its own kind
        """Let the next visitor of the mode have the tab of this one, who can begin anew."""

    def close(self) -> None:
        """End all that was started."""


def starter(
    browser: Browser,
    playwright: Playwright,
    *,
    trusted_key: str,
    headed: bool,
    tracing: bool,
) -> Starter:
    """The way to visitors with this browser, who trust the authority with this key."""
    if browser.driver:
        return WebDriverStarter(browser, headed=headed)
    if browser.engine == "firefox" and browser.source != "playwright":
        return BidiStarter(browser, headed=headed)
    return PlaywrightStarter(
        browser, playwright, trusted_key=trusted_key, headed=headed, tracing=tracing
    )
