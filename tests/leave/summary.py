"""A cell in figures, as programs read it and as a terminal shows it."""

from dataclasses import asdict
from typing import Any

from tests.leave.cell import Cell, middle, share
from tests.leave.expected import MEDIAN

Json = dict[str, Any]
"""One cell: what `leave.json` holds of it."""


def summarise(cell: Cell) -> Json:
    """A cell's counts, its errors in ms, and what is to be said of it."""
    errors = cell.errors
    untold = sorted(outcome.untold for outcome in cell.outcomes)
    summary: Json = {"engine": cell.engine, "mode": cell.mode.key, "title": cell.mode.title}
    if cell.impossible:
        return {**summary, "impossible": cell.impossible}
    return {
        **summary,
        "visits": len(cell.visits),
        "views": asdict(cell.views),
        "dwells": asdict(cell.dwells),
        "error_ms": _figures(errors),
        "untold_ms": _figures(untold),
        "by_stopwatch": sum(outcome.by_stopwatch for outcome in cell.outcomes),
        "pages": [
            {
                "stay_ms": round(each.stay, 1),
                "told_ms": each.told,
                "view": each.view,
                "by_stopwatch": each.by_stopwatch,
            }
            for each in cell.outcomes
        ],
        "expected_loss": cell.expected.why,
        "complaints": cell.complaints(),
    }


def is_whole(summary: Json) -> bool:
    """Whether all that was sent arrived."""
    counts = summary["views"], summary["dwells"]
    return all(count["arrived"] == count["sent"] for count in counts)


def verdict(summary: Json) -> str:
    """One word: "whole", "expected" (a loss that is written down), "worse" or "impossible".

    Where something may be lost and this time nothing was, the cell is whole.
    """
    if "impossible" in summary:
        return "impossible"
    if summary["complaints"]:
        return "worse"
    may_lose = bool(summary["expected_loss"])
    has_all = is_whole(summary) and summary["untold_ms"]["worst"] <= MEDIAN
    return "expected" if may_lose and not has_all else "whole"


def notes(summary: Json) -> list[str]:
    """What is to be said of it: complaints, and why something is lost where something was."""
    loss = [] if verdict(summary) == "whole" else [summary["expected_loss"]]
    return [note for note in (*summary["complaints"], *loss) if note]


def counts(summary: Json, of: str) -> str:
    """Such as "12/12", with repeats that deduplication dropped as "+1"."""
    count = summary[of]
    repeats = f" +{count['repeated']}" if count["repeated"] else ""
    doubled = f" !{count['doubled']} doubled" if count["doubled"] else ""
    return f"{count['arrived']}/{count['sent']}{repeats}{doubled}"


def errors(summary: Json) -> str:
    """Median, 95th percentile and worst, in whole ms."""
    figures = summary["error_ms"]
    if figures["median"] is None:
        return "none came"
    return " · ".join(f"{figures[name]:.0f}" for name in ("median", "p95", "worst"))


def _figures(values: list[float]) -> Json:
    rounded = {
        "median": middle(values),
        "p95": share(values, 0.95),
        "worst": values[-1] if values else None,
    }
    return {name: None if value is None else round(value, 1) for name, value in rounded.items()}
