"""Whether this Python can run the project's commands: else one line with the cure, and exit 2.

A Python that is too old must be able to read it, so nothing here is newer than Python 3.6.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)
NOT_READY = 2


def require(*packages: str) -> None:
    """End with one line on stderr where Python is too old, or one of `packages` is missing."""
    if sys.version_info[:2] < OLDEST:
        needed, this = (".".join(map(str, version[:2])) for version in (OLDEST, sys.version_info))
        _end(f"needs Python {needed} or newer, not {this}: `make setup PYTHON=python{needed}`")
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        cure = f"run `make setup` once, then `.venv/bin/python {' '.join(_asked())}`"
        _end(f"this Python has no {missing[0]}: {cure}")


def _asked() -> "list[str]":
    """The command line without Python's own name: `["-m", "fixtures"]`, `["build.py"]`."""
    words = getattr(sys, "orig_argv", ["", *sys.argv])[1:]
    while words and words[0].startswith("-") and words[0] != "-m":
        words = words[1:]  # Python's own options
    return words[:2] if words[:1] == ["-m"] else [Path(word).name for word in words[:1]]


def _end(line: str) -> None:
    name = (_asked() or ["python"])[-1]
    sys.stderr.write(f"{'python' if name.startswith('-') else name}: {line}\n")
    sys.exit(NOT_READY)


if __name__ == "__main__":
    require()
