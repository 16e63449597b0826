"""A flaw: one change of the tag's sources that no suite worth its name may let through."""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browsers.discovery import Engine
from tests.support.tag import SOURCES

TABLES = Path(__file__).with_name("flaws")
"""One table for each part of the tag: the list of all flaws."""


@dataclass(frozen=True)
class Flaw:
    """What is broken, and who should notice."""

    name: str
    """What such a tag does, as a verb: "sends the view twice"."""
    file: str
    """Below sdk/."""
    right: str
    """What stands there, exactly once."""
    wrong: str
    """What takes its place."""
    engine: Engine
    """In which it is looked for."""
    tests: list[str]
    """Below tests/, such as "test_a.py::test_b", or "test_a.py::test_b[x]" for one parameter."""
    quick: bool = False
    """Whether it is part of the share that runs with the suite."""
    part: str = ""
    """The table's name."""


def read(folder: Path = TABLES) -> list[Flaw]:
    """All flaws of all tables.

    Raises:
        ValueError: Two have the same name.
    """
    flaws = [
        Flaw(part=table.stem.replace("_", " "), **entry)
        for table in sorted(folder.glob("*.toml"))
        for entry in _entries(table)
    ]
    names = [flaw.name for flaw in flaws]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"more than one flaw is named {', '.join(sorted(repeated))}")
    return flaws


def sources(flaw: Flaw, folder: Path) -> Path:
    """A copy of the tag's sources with one flaw.

    Raises:
        ValueError: The sources have changed, so that the flaw no longer fits.
    """
    place = SOURCES / flaw.file
    text = place.read_text(encoding="utf-8") if place.is_file() else ""
    if (found := text.count(flaw.right)) != 1:
        raise ValueError(f"{flaw.name}: sdk/{flaw.file} has {flaw.right!r} {found} times, not once")
    copy = folder / "sdk"
    shutil.copytree(SOURCES, copy)
    (copy / flaw.file).write_text(text.replace(flaw.right, flaw.wrong), encoding="utf-8")
    return copy


def _entries(table: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(table.read_text(encoding="utf-8"))["flaw"]
    return entries
