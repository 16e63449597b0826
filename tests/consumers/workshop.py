"""Installs and builds the applications, each once as long as nothing of it changes.

Everything is done in copies below `.build/`, so that the folders of the applications hold nothing
but their sources. An application is built twice, with the snippet and without it, for comparison.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.consumers.applications import Application
from tests.consumers.pasting import paste

SOURCES = Path(__file__).parent
WORKSHOP = SOURCES / ".build"
SECONDS = WORKSHOP / "seconds.json"

COLLECTOR = "https://collector.localhost:50000"
CDN = "https://cdn.localhost:50000"
"""The origins that builds have; the server puts its own in their place, of the same length.

Next tells the length of a text beside it.
"""

_BIN = Path(sys.executable).parent
_LOCKED = ("package.json", "package-lock.json")
_ENVIRONMENT = {
    "ASTRO_TELEMETRY_DISABLED": "1",
    "CI": "1",
    "NEXT_TELEMETRY_DISABLED": "1",
    "NG_CLI_ANALYTICS": "false",
    "NUXT_TELEMETRY_DISABLED": "1",
}


class WorkshopError(Exception):
    """An application could not be installed or built; the message is the tool's own."""


@dataclass(frozen=True)
class Built:
    """The two builds of an application."""

    tagged: Path
    plain: Path


def build(application: Application, forms: Mapping[str, str]) -> Built:
    """Have an application there, built with the snippet and without it.

    Args:
        application: Which.
        forms: The snippet as the install page offers it, with the addresses above.

    Raises:
        WorkshopError: There is no network for what is not installed, or it does not build.
    """
    outputs = WORKSHOP / "built"
    built = Built(outputs / application.name, outputs / f"{application.sources}-plain")
    with _alone(application.sources):
        room = WORKSHOP / application.sources
        _install(application, room)
        used = {each.form: forms.get(each.form, "") for each in application.pastes}
        _build(application, room, built.tagged, used)
        _build(application, room, built.plain, None)
    return built


def version(application: Application, package: str) -> str:
    """The installed version of a package."""
    text = (WORKSHOP / application.sources / "node_modules" / package / "package.json").read_text()
    return str(json.loads(text)["version"])


def note_seconds(application: Application, what: str, seconds: float) -> None:
    """Write down how long something took, for the table at the end of a run."""
    with _alone("seconds"):
        known = read_seconds()
        known.setdefault(application.name, {})[what] = round(seconds, 1)
        SECONDS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def read_seconds() -> dict[str, dict[str, float]]:
    """How long things took when they were last done, by application."""
    if not SECONDS.exists():
        return {}
    known: dict[str, dict[str, float]] = json.loads(SECONDS.read_text(encoding="utf-8"))
    return known


def _install(application: Application, room: Path) -> None:
    sources = SOURCES / application.sources
    stamp, digest = room / "node_modules" / ".installed", _digest(sources, _LOCKED)
    if _is_stamped(stamp, digest):
        return
    room.mkdir(parents=True, exist_ok=True)
    for name in _LOCKED:
        shutil.copy(sources / name, room / name)
    began = time.monotonic()
    _npm(room, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    note_seconds(application, "install", time.monotonic() - began)
    stamp.write_text(digest, encoding="utf-8")


def _build(
    application: Application, room: Path, output: Path, forms: Mapping[str, str] | None
) -> None:
    """Build with these forms of the snippet, or without it."""
    sources = SOURCES / application.sources
    names = [str(each.relative_to(sources)) for each in sources.rglob("*") if each.is_file()]
    pasted = repr((application.pastes, application.edits, forms)) if forms else ""
    stamp, digest = output.with_suffix(".stamp"), _digest(sources, sorted(names), pasted)
    if _is_stamped(stamp, digest):
        return
    _empty(room)
    shutil.copytree(sources, room, dirs_exist_ok=True)
    if forms:
        paste(application, forms, room)
    began = time.monotonic()
    _npm(room, "run", "build")
    note_seconds(application, "build" if forms else "plain", time.monotonic() - began)
    shutil.rmtree(output, ignore_errors=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(room / application.output, output)
    stamp.write_text(digest, encoding="utf-8")


def _empty(room: Path) -> None:
    """Remove all but what npm installed."""
    for each in room.iterdir():
        if each.name == "node_modules":
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def _digest(folder: Path, names: list[str] | tuple[str, ...], more: str = "") -> str:
    """What depends on files is as old as this."""
    total = sha256(more.encode())
    for name in names:
        total.update(f"\0{name}\0".encode() + (folder / name).read_bytes())
    return total.hexdigest()


def _is_stamped(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == digest


def _npm(room: Path, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - ours
        [str(_BIN / "npm"), *arguments],
        cwd=room,
        env={**os.environ, **_ENVIRONMENT, "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = "\n".join((done.stdout + done.stderr).strip().splitlines()[-40:])
        raise WorkshopError(f"{room.name}: npm {' '.join(arguments[:2])} failed:\n{told}")


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Keep the other processes of a run out, as each has an engine and all have one workshop."""
    WORKSHOP.mkdir(exist_ok=True)
    with (WORKSHOP / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
