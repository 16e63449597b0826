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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.consumers.applications import Application

SOURCES = Path(__file__).parent
WORKSHOP = SOURCES / ".build"
SECONDS = WORKSHOP / "seconds.json"

COLLECTOR = "https://collector.localhost:8443"
ASSETS = "https://cdn.localhost:8443"
"""The addresses that builds have; the server puts its own in their place."""

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


def build(application: Application, snippet: str) -> Built:
    """Have an application there, built with this snippet and without one.

    Raises:
        WorkshopError: There is no network for what is not installed, or it does not build.
    """
    outputs = WORKSHOP / "built" / application.name
    built = Built(outputs / "tagged", outputs / "plain")
    with _alone(application.name):
        room = WORKSHOP / application.name
        _install(application, room)
        for output, pasted in ((built.tagged, application.form(snippet)), (built.plain, "")):
            _build(application, room, output, pasted)
    return built


def version(application: Application, package: str) -> str:
    """The installed version of a package."""
    text = (WORKSHOP / application.name / "node_modules" / package / "package.json").read_text()
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
    sources = SOURCES / application.name
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


def _build(application: Application, room: Path, output: Path, pasted: str) -> None:
    sources = SOURCES / application.name
    names = sorted(str(file.relative_to(sources)) for file in sources.rglob("*") if file.is_file())
    stamp, digest = output.with_suffix(".stamp"), _digest(sources, names, pasted)
    if _is_stamped(stamp, digest):
        return
    _empty(room)
    shutil.copytree(sources, room, dirs_exist_ok=True)
    page = room / application.file
    text = page.read_text(encoding="utf-8")
    if text.count(application.place) != 1:
        raise WorkshopError(f"{page}: {application.place} must stand there once")
    page.write_text(text.replace(application.place, pasted), encoding="utf-8")
    began = time.monotonic()
    _npm(room, "run", "build")
    note_seconds(application, f"build {output.name}", time.monotonic() - began)
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
