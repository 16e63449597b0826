"""The corpus: addresses and titles as clients have them, each with what may reach the collector."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("corpus.toml")


@dataclass(frozen=True)
class Entry:
    """One address or title."""

    given: str
    expected: str


def entries(kind: str) -> list[Entry]:
    """All "addresses" or "titles"."""
    groups = tomllib.loads(FILE.read_text(encoding="utf-8"))[kind]
    return [
        Entry(given, given if expected is True else expected)
        for group in groups.values()
        for given, expected in group.items()
    ]
