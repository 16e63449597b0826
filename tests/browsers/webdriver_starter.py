"""Starts WebKitGTK under WebDriver: a session, which is a browser of its own, for some visitors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from selenium.webdriver import Remote
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browsers.discovery import Browser
from tests.browsers.display import Display
from tests.browsers.handover import Handover
from tests.browsers.preferences import NO_SCRIPTS, Mode, preferences
from tests.browsers.webdriver_visitor import WebDriverVisitor

SCRIPT_TIMEOUT, PAGE_TIMEOUT = 10_000, 20_000
"""Milliseconds."""

WITHOUT_A_GPU = "WEBKIT_DISABLE_COMPOSITING_MODE=1"
"""Else each page's process sets up OpenGL, which nobody has under Xvfb, in software. But WebKitGTK
2.50 then never answers when it is asked for a picture."""

DRIVER_TIMEOUT = 20
"""Seconds after which a driver that does not answer is given up."""


class WebDriverStarter:
    """Keeps one driver program, on a display of its own.

    Args:
        browser: What to start; it has a driver.
        headed: Whether to show windows on the user's own display.
    """

    def __init__(self, browser: Browser, *, headed: bool) -> None:
        """Nothing starts yet."""
        self._browser = browser
        self._headed = headed
        self._display = Display()
        self._service: Service | None = None
        self._handover = Handover[WebDriverVisitor]()

    @contextmanager
    def visitor(self, mode: Mode) -> Iterator[WebDriverVisitor]:
        """A visitor who has never been anywhere.

        Raises:
            ModeImpossibleError: The engine cannot have this mode.
        """
        wanted = preferences(self._browser.engine, mode)
        options = Options()
        is_seen = self._headed or wanted.is_seen
        # The driver gives a browser arguments but no environment; `env` hands both on and is gone.
        options.binary_location = "/usr/bin/env"
        options.set_capability("acceptInsecureCerts", value=True)
        options.timeouts = {"script": SCRIPT_TIMEOUT, "pageLoad": PAGE_TIMEOUT}
        command = [str(self._browser.executable), "--automation", *wanted.arguments]
        for argument in command if is_seen else [WITHOUT_A_GPU, *command]:
            options.add_argument(argument)

        def open_session() -> Remote:
            address = ClientConfig(self._driver().service_url, timeout=DRIVER_TIMEOUT)
            return Remote(RemoteConnection(client_config=address), options=options)

        def make() -> WebDriverVisitor:
            return WebDriverVisitor(
                self._browser.engine,
                open_session,
                is_seen=is_seen,
                has_scripts=NO_SCRIPTS not in wanted.arguments,
            )

        with self._handover.visitor(mode, make) as visitor:
            yield visitor

    def hand_on(self, visitor: WebDriverVisitor) -> None:
        """Let the next visitor of the mode have this one's session."""
        self._handover.hand_on(visitor)

    def close(self) -> None:
        """End the driver program and the display."""
        self._handover.close()
        if self._service:
            self._service.stop()
            self._service = None
        self._display.close()

    def _driver(self) -> Service:
        if self._service is None:
            environment = dict(os.environ)
            if not self._headed:
                environment["DISPLAY"] = self._display.name
            service = Service(str(self._browser.driver), env=environment)
            service.start()
            self._service = service
        return self._service
