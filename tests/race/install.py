"""Installs the peers by name from npm, pinned, into this folder's own `node_modules/`.

A stamp is as old as the last installation, so that a second run costs nothing.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
STAMP = MODULES / ".race-ready"
NPM = Path(sys.executable).with_name("npm")

UMAMI = "umami@2.10.0"
"""A whole application, whose tracker is one file; so it comes without what it depends on."""
UMAMI_INTEGRITY = (
    "+lmrnV0751R6U2rkIgVAlE1nWI7yZawlMlJDguW9tlFacCKhnGeCyc7tCMIhNNYIiGIQy4DEX5IzJhm4b3+dPA=="
)
UMAMI_FILES = ("package.json", "LICENSE", "src/tracker/index.js")


class InstallError(Exception):
    """The peers cannot be had; the message is npm's."""


def install() -> Path:
    """Have the peers there; returns the folder that holds them.

    Raises:
        InstallError: There is no network, or npm has other files than those that are pinned.
    """
    sources = (FOLDER / "package-lock.json", Path(__file__))
    newest = max(source.stat().st_mtime for source in sources)
    if not (STAMP.exists() and STAMP.stat().st_mtime >= newest):
        _npm("ci", "--no-progress", "--loglevel=error")
        _unpack_umami()
        STAMP.touch()
    return MODULES


def version(package: str) -> str:
    """The installed version of a package."""
    text = (MODULES / package / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def _unpack_umami() -> None:
    with TemporaryDirectory(prefix="azalead-race-") as place:
        _npm("pack", UMAMI, "--silent", "--pack-destination", place)
        (packed,) = Path(place).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if digest != UMAMI_INTEGRITY:
            raise InstallError(f"{UMAMI}: not the file that is pinned")
        with tarfile.open(packed) as archive:
            for name in UMAMI_FILES:
                member = archive.extractfile(f"package/{name}")
                target = MODULES / "umami" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(member.read() if member else b"")


def _npm(*arguments: str) -> None:
    command = [str(NPM), *arguments]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise InstallError(f"npm {arguments[0]} failed:\n{done.stderr.strip()}")
