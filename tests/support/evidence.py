"""What a failed test leaves for whoever looks into it: a screenshot, the trace, the ledger."""

import re
from pathlib import Path

from fixtures.exchange import Exchange
from fixtures.ledger import Ledger
from tests.browsers.playwright_visitor import PlaywrightVisitor
from tests.browsers.visitor import Visitor
from tests.support.events import events_of


def gather(folder: Path, visitor: Visitor | None, ledger: Ledger, since: int) -> list[Path]:
    """Write what there is into a folder; what cannot be had is left out.

    Args:
        folder: Made if need be.
        visitor: Whose screen and trace to keep.
        ledger: What to write out.
        since: From which mark on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "ledger.txt"
    lines = [line for exchange in ledger.select(since=since) for line in _lines(exchange)]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [table, *_of_visitor(folder, visitor)]


def _lines(exchange: Exchange) -> list[str]:
    """The request, and below it each event that it brought."""
    return [f"{exchange}", *(f"      {arrival.line}" for arrival in events_of(exchange))]


def take_screenshot(folder: Path, visitor: Visitor) -> Path | None:
    """A picture of what the visitor sees, or None where the browser is gone."""
    picture = folder / "screenshot.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        visitor.screenshot(picture)
    except Exception:  # noqa: BLE001 - whatever a dying browser raises must not hide the failure
        return None
    return picture


def folder_name(node_id: str) -> str:
    """A folder's name for a test."""
    return re.sub(r"[^A-Za-z0-9]+", "-", node_id.partition("@")[0]).strip("-")


def _of_visitor(folder: Path, visitor: Visitor | None) -> list[Path]:
    if visitor is None:
        return []
    picture = take_screenshot(folder, visitor)
    trace = folder / "trace.zip"
    traced = isinstance(visitor, PlaywrightVisitor) and visitor.save_trace(trace)
    return [path for path in (picture, trace if traced else None) if path]
