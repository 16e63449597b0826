"""Installs what `package.json` beside this file names, once, whichever process asks first."""

import fcntl
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
NPM = Path(sys.executable).with_name("npm")


class InstallError(Exception):
    """The packages cannot be had; the message is npm's."""


def read(path: str) -> str:
    """The text of a file of a package, such as "swiper/swiper-bundle.js".

    Raises:
        InstallError: There is no network, or npm has other files than those that are pinned.
    """
    lock, stamp = FOLDER / "package-lock.json", MODULES / ".ready"
    with lock.open(encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime):
            command = [str(NPM), "ci", "--no-progress", "--loglevel=error"]
            done = subprocess.run(  # noqa: S603 - ours
                command, cwd=FOLDER, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise InstallError(f"npm ci failed:\n{done.stderr.strip()}")
            stamp.touch()
    return (MODULES / path).read_text(encoding="utf-8")
