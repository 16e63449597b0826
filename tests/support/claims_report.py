"""The claims table, for a terminal, for programs and for a browser."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support import report_page
from tests.support.claims import NOT_TESTED, SENTENCES
from tests.support.report_page import NAMES, Mark

Verdicts = Mapping[str, Mapping[str, str]]

MARKS: dict[str, Mark] = {
    "passed": "good",
    "failed": "bad",
    "skipped": "unsure",
    NOT_TESTED: "quiet",
}


def write(folder: Path, verdicts: Verdicts, engines: Sequence[str]) -> None:
    """Write `claims.json` and `claims.html` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "claims.json").write_text(json.dumps(verdicts, indent=2) + "\n", encoding="utf-8")
    (folder / "claims.html").write_text(as_html(verdicts, engines), encoding="utf-8")


def as_lines(verdicts: Verdicts, engines: Sequence[str], width: int) -> list[str]:
    """A table for a terminal `width` columns wide, claims down, engines across; notes below."""
    columns = "".join(f"{engine:12}" for engine in engines)
    lines = [f"     {columns}"]
    notes: list[str] = []
    for claim, sentence in SENTENCES.items():
        found = verdicts[claim]
        cells = "".join(f"{found[engine].partition(':')[0]:12}" for engine in engines)
        room = max(20, width - 5 - len(cells))
        lines.append(f"{claim}  {cells}{_shorten(sentence, room)}")
        for engine, word in found.items():
            if word.startswith("skipped"):
                notes.append(f"{claim}  {engine} {word}")
    return [*lines, *notes]


def as_html(verdicts: Verdicts, engines: Sequence[str]) -> str:
    """The table as a page."""
    proven = sum(map(_is_proven, verdicts.values()))
    names = ", ".join(NAMES[engine] for engine in engines)
    summary = f"{proven} of {len(SENTENCES)} claims proven in {names}, as far as each can."
    rows = (
        (claim, [report_page.cell(sentence), *_cells(verdicts[claim], engines)])
        for claim, sentence in SENTENCES.items()
    )
    body = report_page.table("Claims by engine", ["No.", "Claim", *engines], rows)
    return report_page.document("Claims, and what proves them", summary, body)


def _cells(found: Mapping[str, str], engines: Sequence[str]) -> list[str]:
    words = (found[engine].partition(": ") for engine in engines)
    return [report_page.verdict(MARKS[word], word, [reason]) for word, _, reason in words]


def _is_proven(verdicts: Mapping[str, str]) -> bool:
    """Proven in each engine, but for those that cannot do what a test needs."""
    words = {verdict.partition(":")[0] for verdict in verdicts.values()}
    return "passed" in words and words <= {"passed", "skipped"}


def _shorten(sentence: str, room: int) -> str:
    return sentence if len(sentence) <= room else f"{sentence[: room - 1]}…"
