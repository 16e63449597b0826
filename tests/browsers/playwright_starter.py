"""Starts browsers under Playwright, as close to a person's own as that can be.

A mode of Chromium lives in its profile, and only a persistent context has one, or in the context;
Playwright's own Firefox takes its preferences at the start.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser as Running
from playwright.sync_api import BrowserContext, BrowserType, Playwright, StorageState

from tests.browsers.discovery import Browser
from tests.browsers.playwright_visitor import PlaywrightVisitor
from tests.browsers.preferences import ON_LOOPBACK, Mode, Preferences, preferences

CHROMIUM_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
FEATURES_OFF = [
    # The address bar's drop-down is two pages in each window: half of a test's processor time.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",  # a process kept for a site that never comes
    # What is left of Playwright's list, which this one replaces: without, it loses windows and
    # Chromium calls home. The partitioning of third-party storage stays on, as people have it.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "Translate",
]
"""Of Chromium; the pages that a test opens do not see that they are off."""
NOT_OF_PLAYWRIGHT = ["--disable-back-forward-cache"]
"""Playwright's own arguments that would make the browser another than people have."""


class PlaywrightStarter:
    """Keeps the latest browser, and replaces it when it has crashed or another is wanted.

    Args:
        browser: What to start.
        playwright: What starts it.
        trusted_key: The hash of the key of the authority that Chromium shall trust. Told to ignore
            errors instead, it would evict a page from the back/forward cache whenever the beacon
            of its leaving opens a connection, and use no HTTP cache.
        headed: Whether to show windows.
        tracing: Whether visitors record traces.
    """

    def __init__(
        self,
        browser: Browser,
        playwright: Playwright,
        *,
        trusted_key: str,
        headed: bool,
        tracing: bool,
    ) -> None:
        """Nothing starts yet."""
        self._browser = browser
        self._playwright = playwright
        self._trusted_key = trusted_key
        self._headless = not headed
        self._tracing = tracing
        self._running: Running | None = None
        self._preferred: dict[str, str | int | bool] = {}

    @contextmanager
    def visitor(self, mode: Mode) -> Iterator[PlaywrightVisitor]:
        """A visitor who has never been anywhere.

        Raises:
            ModeImpossibleError: The engine cannot have this mode.
        """
        wanted = preferences(self._browser.engine, mode)
        if wanted.profile:
            with TemporaryDirectory(prefix="azalead-profile-", ignore_cleanup_errors=True) as place:
                _write_profile(Path(place), wanted)
                with self._visit(lambda _: self._open_profile(place)) as visitor:
                    yield visitor
        else:
            running = self._start(wanted)
            with self._visit(lambda kept: self._open_context(running, kept, wanted)) as visitor:
                yield visitor

    def close(self) -> None:
        """Close the browser."""
        if self._running:
            self._running.close()
            self._running = None

    @contextmanager
    def _visit(
        self, open_context: Callable[[StorageState | None], BrowserContext]
    ) -> Iterator[PlaywrightVisitor]:
        engine = self._browser.engine
        visitor = PlaywrightVisitor(engine, open_context, tracing=self._tracing)
        try:
            yield visitor
        finally:
            visitor.close()

    def _start(self, wanted: Preferences) -> Running:
        is_connected = self._running is not None and self._running.is_connected()
        if self._running and is_connected and self._preferred == wanted.user:
            return self._running
        self.close()
        options = self._options()
        if self._browser.engine == "firefox":
            local = {"network.dns.localDomains": ",".join(ON_LOOPBACK)}
            options["firefox_user_prefs"] = {**local, **wanted.user}
        self._running = self._type.launch(**options)
        self._preferred = wanted.user
        return self._running

    def _open_profile(self, place: str) -> BrowserContext:
        return self._type.launch_persistent_context(place, **self._options())

    def _open_context(
        self, running: Running, kept: StorageState | None, wanted: Preferences
    ) -> BrowserContext:
        options: dict[str, Any] = dict(wanted.context)
        lenient = self._browser.engine != "chromium"
        return running.new_context(ignore_https_errors=lenient, storage_state=kept, **options)

    @property
    def _type(self) -> BrowserType:
        return {
            "chromium": self._playwright.chromium,
            "firefox": self._playwright.firefox,
            "webkit": self._playwright.webkit,
        }[self._browser.engine]

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"headless": self._headless}
        if self._browser.source != "playwright":
            options["executable_path"] = self._browser.executable
        if self._browser.engine == "chromium":
            trust = f"--ignore-certificate-errors-spki-list={self._trusted_key}"
            features = f"--disable-features={','.join(FEATURES_OFF)}"
            local = ",".join(f"MAP {name} 127.0.0.1" for name in ON_LOOPBACK)
            resolver = f"--host-resolver-rules={local}"
            options["args"] = [*CHROMIUM_ARGUMENTS, features, resolver, trust]
            options["ignore_default_args"] = NOT_OF_PLAYWRIGHT
        return options


def _write_profile(place: Path, wanted: Preferences) -> None:
    folder = place / "Default"
    folder.mkdir()
    (folder / "Preferences").write_text(json.dumps(wanted.profile), encoding="utf-8")
