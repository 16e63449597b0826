"""Installs the browsers that are missing: `python -m tests.browsers.install [ENGINE…]`.

From the system's packages where this user may install those, else from Playwright. Where all
are there it does nothing, at once.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence

from tests.browsers.discovery import ENGINES, Engine, find

PACKAGES: dict[Engine, tuple[str, ...]] = {
    "chromium": ("chromium",),
    "firefox": ("firefox-esr",),
    "webkit": ("webkit2gtk-driver", "xvfb"),
}
"""The Debian packages of each engine."""


def missing(engines: Iterable[Engine]) -> list[Engine]:
    """The engines among these that have no browser here."""
    return [engine for engine in engines if find(engine) is None]


def install_from_system(engines: Sequence[Engine]) -> None:
    """Try the system's packages, one engine after the other, as not every system has all."""
    install_packages([PACKAGES[engine] for engine in engines])


def install_packages(groups: Iterable[Sequence[str]]) -> None:
    """Install Debian packages, group by group, where this user may."""
    become_root = _become_root()
    if become_root is None or not shutil.which("apt-get"):
        return
    apt_get = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    if not _succeeds([*apt_get, "update"]):
        return
    for packages in groups:
        _say(f"installing {' and '.join(packages)}")
        _succeeds([*apt_get, "install", "--no-install-recommends", *packages])


def install_from_playwright(engines: Sequence[Engine]) -> None:
    """Try Playwright's own builds."""
    for engine in engines:
        _say(f"installing Playwright's {engine}")
        _succeeds([sys.executable, "-m", "playwright", "install", engine])


def _become_root() -> list[str] | None:
    """What to put before a command that only root may run; None where nothing helps."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _succeeds(["sudo", "--non-interactive", "true"]):
        return ["sudo", "--non-interactive"]
    return None


def _succeeds(command: Sequence[str]) -> bool:
    """Whether a command did; if not, what it said is shown."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        _say(f"{' '.join(command)} failed:\n{done.stderr.strip()[-1000:]}")
    return done.returncode == 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main(arguments: Sequence[str]) -> int:
    """Install what is missing; exit code 1 if something still is."""
    unknown = set(arguments) - set(ENGINES)
    if unknown:
        _say(f"no such engine: {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
        return 2
    asked = [engine for engine in ENGINES if not arguments or engine in arguments]
    for attempt in (install_from_system, install_from_playwright):
        if lacking := missing(asked):
            attempt(lacking)
    lacking = missing(asked)
    for engine in lacking:
        packages = " ".join(PACKAGES[engine])
        _say(
            f"{engine} is missing. On Debian install: {packages}. Elsewhere name a browser with "
            f"AZALEAD_{engine.upper()}=/path/to/it, or leave it out of the suite with --browser."
        )
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
