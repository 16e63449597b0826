"""What a build tells: a table for people, one JSON object for programs."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from builder.budgets import Budget
from builder.distribution import Distribution
from builder.files import File

_RED, _GREEN, _DIM, _PLAIN = "\033[31m", "\033[32m", "\033[2m", "\033[0m"
_HEADER = ("file", "raw", "gzip", "brotli", "budget")


def as_table(distribution: Distribution, out: Path, milliseconds: float) -> str:
    """The files with their sizes in bytes, and the budgets of those that have one."""
    files = [*distribution.files, distribution.manifest(), distribution.stub]
    rows = [_row(file, distribution.budgets.get(file.name)) for file in files]
    widths = [max(map(len, column)) for column in zip(_HEADER, *rows, strict=True)]
    lines = [_coloured(_aligned(_HEADER, widths), _DIM)]
    for row in rows:
        colour = _RED if row[-1].endswith("over") else _GREEN if row[-1] else ""
        lines.append(_coloured(_aligned(row, widths), colour))
    return "\n".join([*lines, "", f"{out}/ built in {milliseconds:.0f} ms"])


def as_json(distribution: Distribution, out: Path) -> str:
    """The same as one JSON object in one line."""
    budgets, stub = distribution.budgets, distribution.stub
    return json.dumps(
        {
            "ok": not distribution.over_budget,
            "out": str(out),
            "files": [_record(file, budgets.get(file.name)) for file in distribution.files],
            "stub": _record(stub, budgets.get(stub.name)),
        }
    )


def in_one_line(distribution: Distribution, out: Path, milliseconds: float) -> str:
    """What a watch tells of each build: the files that have a budget, and the time it took."""
    weights = (
        f"{file.name} {budget.used_by(file):,} bytes {budget.encoding}"
        for file, budget in distribution.budgeted
    )
    return f"{out}/ built in {milliseconds:.0f} ms: {', '.join(weights)}"


def errors_as_json(lines: Sequence[str], out: Path) -> str:
    """One JSON object in one line for a build that did not come about."""
    return json.dumps({"ok": False, "out": str(out), "errors": list(lines)})


def over_budget(distribution: Distribution) -> list[str]:
    """A line for each file that is larger than it may be."""
    return [
        f"{file.name}: {budget.used_by(file):,} bytes {budget.encoding},"
        f" {budget.used_by(file) - budget.limit:,} over its budget of {budget.limit:,}"
        for file, budget in distribution.over_budget
    ]


def _row(file: File, budget: Budget | None) -> tuple[str, ...]:
    verdict = ""
    if budget:
        verdict = f"{budget.limit:,} {budget.encoding}{'' if budget.keeps(file) else ', over'}"
    sizes = file.sizes
    return (file.name, f"{sizes.raw:,}", f"{sizes.gzip:,}", f"{sizes.brotli:,}", verdict)


def _record(file: File, budget: Budget | None) -> dict[str, object]:
    sizes = file.sizes
    record: dict[str, object] = {
        "name": file.name,
        "hashed": file.hashed_name,
        "raw": sizes.raw,
        "gzip": sizes.gzip,
        "brotli": sizes.brotli,
    }
    if budget:
        record["budget"] = {"encoding": budget.encoding, "bytes": budget.limit}
    return record


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """Names to the left, numbers to the right, the budget after them."""
    name, *numbers, budget = row
    cells = [
        name.ljust(widths[0]),
        *(number.rjust(width) for number, width in zip(numbers, widths[1:-1], strict=True)),
        budget,
    ]
    return "  ".join(cells).rstrip()


def _coloured(text: str, colour: str) -> str:
    if not colour or not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"{colour}{text}{_PLAIN}"
