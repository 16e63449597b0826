"""Starts browsers under Playwright, as close to a person's own as that can be.

A mode of Chromium lives in the profile that it is started with, and whose settings its incognito
contexts share, or in the context; Playwright's own Firefox takes its preferences at the start.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser as Running
from playwright.sync_api import BrowserContext, BrowserType, Playwright, StorageState

from tests.browsers.discovery import Browser
from tests.browsers.handover import Handover
from tests.browsers.playwright_visitor import PlaywrightVisitor
from tests.browsers.preferences import (
    ON_LOOPBACK,
    Mode,
    ModeImpossibleError,
    Preferences,
    preferences,
)

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
        self._preferred: object = None
        self._profile = ExitStack()
        self._handover = Handover[PlaywrightVisitor]()

    @contextmanager
    def visitor(self, mode: Mode) -> Iterator[PlaywrightVisitor]:
        """A visitor who has never been anywhere.

        Raises:
            ModeImpossibleError: The engine cannot have this mode.
        """
        wanted = preferences(self._browser.engine, mode)
        running = self._start(wanted)

        def make() -> PlaywrightVisitor:
            return PlaywrightVisitor(
                self._browser.engine,
                lambda kept: self._open_context(running, kept, wanted),
                tracing=self._tracing,
            )

        with self._handover.visitor(mode, make) as visitor:
            yield visitor

    def hand_on(self, visitor: PlaywrightVisitor) -> None:
        """Let the next visitor of the mode have this one's tab."""
        self._handover.hand_on(visitor)

    def close(self) -> None:
        """Close the browser."""
        if self._running:
            self._running.close()
            self._running = None
        self._profile.close()

    def _start(self, wanted: Preferences) -> Running:
        is_connected = self._running is not None and self._running.is_connected()
        preferred = (wanted.user, wanted.profile)
        if self._running and is_connected and self._preferred == preferred:
            return self._running
        self.close()
        options = self._options()
        if self._browser.engine == "firefox":
            local = {"network.dns.localDomains": ",".join(ON_LOOPBACK)}
            options["firefox_user_prefs"] = {**local, **wanted.user}
        self._running = (
            self._start_with_profile(wanted.profile, options)
            if wanted.profile
            else self._type.launch(**options)
        )
        self._preferred = preferred
        return self._running

    def _start_with_profile(self, profile: dict[str, Any], options: dict[str, Any]) -> Running:
        place = self._profile.enter_context(
            TemporaryDirectory(prefix="azalead-profile-", ignore_cleanup_errors=True)
        )
        folder = Path(place) / "Default"
        folder.mkdir()
        (folder / "Preferences").write_text(json.dumps(profile), encoding="utf-8")
        running = self._type.launch_persistent_context(place, **options).browser
        if running is None:
            raise ModeImpossibleError("Playwright tells of no browser that has this profile")
        return running

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
