"""Which browsers this machine has: the one that is asked for, a stock one, or Playwright's own.

Stock browsers come first, because Playwright's builds switch off what a tag depends on: the
back/forward cache, and the partitioning of cookies.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

Engine = Literal["chromium", "firefox", "webkit"]
Source = Literal["environment", "system", "playwright"]

ENGINES: tuple[Engine, ...] = ("chromium", "firefox", "webkit")

STOCK: dict[Engine, tuple[str, ...]] = {
    "chromium": ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
    "webkit": ("WebKitWebDriver",),
}
MINI_BROWSERS = (
    "/usr/lib/*/webkit2gtk-4.1/MiniBrowser",
    "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib*/webkit2gtk-4.1/MiniBrowser",
)


@dataclass(frozen=True)
class Browser:
    """A browser that can be started."""

    engine: Engine
    source: Source
    executable: Path
    """What to start; for Playwright's own build the folder that holds it."""
    driver: Path | None = None
    """The WebDriver program; None where Playwright is the driver."""

    @property
    def version(self) -> str:
        """What the browser calls itself, such as "Mozilla Firefox 153.7.0esr"."""
        if self.source == "playwright":
            return f"Playwright's build {self.executable.name.rpartition('-')[2]}"
        if self.driver:
            return _version_of_webkit()
        return _output(str(self.executable), "--version").partition(" built on ")[0]

    def __str__(self) -> str:
        """One line for the head of a report."""
        place = f"{self.source}, {self.executable}"
        return f"{self.engine}: {self.version or 'unknown version'} ({place})"


def find(engine: Engine) -> Browser | None:
    """The browser to use for an engine, or None if there is none."""
    return next(_candidates(engine), None)


def _candidates(engine: Engine) -> Iterator[Browser]:
    variable = f"AZALEAD_{engine.upper()}"
    if asked := os.environ.get(variable):
        if not Path(asked).is_file():
            raise FileNotFoundError(f"{variable}: there is no program at {asked}")
        yield _with_driver(engine, "environment", Path(asked))
        return
    yield from _stock(engine)
    yield from _own_build_of_playwright(engine)


def _with_driver(engine: Engine, source: Source, executable: Path) -> Browser:
    driver = shutil.which("WebKitWebDriver") if engine == "webkit" else None
    return Browser(engine, source, executable, Path(driver) if driver else None)


def _stock(engine: Engine) -> Iterator[Browser]:
    found = [Path(path) for path in map(shutil.which, STOCK[engine]) if path]
    if engine != "webkit":
        yield from (Browser(engine, "system", path) for path in found)
    elif found and shutil.which("Xvfb"):
        root = Path("/")
        for pattern in MINI_BROWSERS:
            for path in sorted(root.glob(pattern.lstrip("/"))):
                yield Browser(engine, "system", path, driver=found[0])


def _own_build_of_playwright(engine: Engine) -> Iterator[Browser]:
    package = find_spec("playwright")
    if package is None or package.origin is None:
        return
    listing = Path(package.origin).with_name("driver") / "package" / "browsers.json"
    builds = json.loads(listing.read_text())["browsers"]
    revision = next(build["revision"] for build in builds if build["name"] == engine)
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright"
    folder = Path(cache).expanduser() / f"{engine}-{revision}"
    if (folder / "INSTALLATION_COMPLETE").exists():
        yield Browser(engine, "playwright", folder)


def _version_of_webkit() -> str:
    """MiniBrowser tells its version on a display only, so the package is asked instead."""
    if not shutil.which("dpkg-query"):
        return ""
    package = _output("dpkg-query", "-W", "-f", "${Version}", "libwebkit2gtk-4.1-0")
    return f"WebKitGTK {package.partition('-')[0]}"


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 - programs found above
    return done.stdout.strip()
