"""Starts Firefox under WebDriver BiDi: one for all modes, its visitors in a container's tab.

Playwright drives a stock Firefox by the same protocol, but has a window for each visitor and hears
of all that happens in each: twice the processor time for the same visit. And its tap does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browsers.bidi_visitor import BidiVisitor
from tests.browsers.discovery import Browser
from tests.browsers.firefox import Firefox
from tests.browsers.handover import Handover
from tests.browsers.preferences import ON_LOOPBACK, Mode, preferences


class BidiStarter:
    """Keeps one Firefox, and replaces it when a visitor has ended it.

    Args:
        browser: What to start.
        headed: Whether to show windows.
    """

    def __init__(self, browser: Browser, *, headed: bool) -> None:
        """Nothing starts yet."""
        self._browser = browser
        self._headed = headed
        self._running: Firefox | None = None
        self._handover = Handover[BidiVisitor]()

    @contextmanager
    def visitor(self, mode: Mode) -> Iterator[BidiVisitor]:
        """A visitor who has never been anywhere.

        Raises:
            ModeImpossibleError: The engine cannot have this mode.
        """
        wanted = preferences(self._browser.engine, mode)
        firefox = self._start()
        with (
            firefox.preferring(wanted.user),
            self._handover.visitor(
                mode, lambda: BidiVisitor(self._browser.engine, firefox)
            ) as visitor,
        ):
            yield visitor

    def hand_on(self, visitor: BidiVisitor) -> None:
        """Let the next visitor of the mode have this one's tab."""
        self._handover.hand_on(visitor)

    def close(self) -> None:
        """Close the browser."""
        if self._running and self._running.is_running:
            self._running.end()
        self._running = None

    def _start(self) -> Firefox:
        if self._running is None or not self._running.is_running:
            local = {"network.dns.localDomains": ",".join(ON_LOOPBACK)}
            self._running = Firefox(self._browser.executable, local, headed=self._headed)
        return self._running
