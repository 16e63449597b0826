"""The leave matrix for a terminal: modes down, engines across."""

import sys
from collections.abc import Callable, Sequence

from tests.leave.summary import Json, counts, errors, notes, verdict

Tell = Callable[[str], None]

WIDE, NARROW = 40, 34
MARKS = {"whole": "✓", "expected": "~", "worse": "✗", "impossible": "-"}


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def progress(cell: Json) -> str:
    """One line for a cell that has just been filled."""
    return f"{cell['engine']:9} {cell['title']:{WIDE}} {_short(cell)}"


def lines(cells: Sequence[Json], engines: Sequence[str]) -> list[str]:
    """The table, and below it what is impossible, what is lost as expected, and what is worse."""
    heads = "".join(f"{engine:{NARROW}}" for engine in engines)
    found = ["", f"{'':{WIDE}}{heads}", f"{'':{WIDE}}" + "views  dwell  error ms".ljust(NARROW)]
    for title in dict.fromkeys(cell["title"] for cell in cells):
        row = {cell["engine"]: cell for cell in cells if cell["title"] == title}
        shown = "".join(f"{_short(row[engine]):{NARROW}}" for engine in engines)
        found.append(f"{title:{WIDE}}{shown}".rstrip())
    found += ["", "✓ whole   ~ a loss that is written down   ✗ worse   - impossible"]
    found += [
        "error of dwell: median · 95th percentile · worst; +n: repeats, dropped on arrival",
        "",
    ]
    for cell in cells:
        note = "; ".join(_notes(cell))
        if note:
            found.append(f"{MARKS[verdict(cell)]} {cell['engine']}, {cell['title']}: {note}")
    return [*found, ""]


def _short(cell: Json) -> str:
    mark = MARKS[verdict(cell)]
    if "impossible" in cell:
        return mark
    return f"{mark} {counts(cell, 'views')}  {counts(cell, 'dwells')}  {errors(cell)}"


def _notes(cell: Json) -> list[str]:
    return [cell["impossible"]] if "impossible" in cell else notes(cell)
