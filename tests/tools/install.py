"""Installs what this folder's package.json pins, from npm, into its own `node_modules/`, once.

Several workers may ask at the same time, so the first one locks the others out until it has done.
"""

import fcntl
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
STAMP = MODULES / ".tools-ready"
NPM = Path(sys.executable).with_name("npm")


class InstallError(Exception):
    """The packages cannot be had; the message is npm's."""


def install() -> Path:
    """Have the packages there; returns the folder that holds them.

    Raises:
        InstallError: There is no network, or npm has other files than those that are pinned.
    """
    lock = FOLDER / "package-lock.json"
    with lock.open(encoding="utf-8") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        if not (STAMP.exists() and STAMP.stat().st_mtime >= lock.stat().st_mtime):
            command = [str(NPM), "ci", "--no-progress", "--loglevel=error"]
            done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)  # noqa: S603 - ours
            if done.returncode:
                raise InstallError(f"npm ci failed:\n{done.stderr.strip()}")
            STAMP.touch()
    return MODULES
