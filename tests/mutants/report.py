"""What became of the broken tags: for a terminal, for programs and for a browser."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from html import escape
from itertools import groupby
from pathlib import Path

from tests.mutants.trial import Verdict
from tests.support import report_page
from tests.support.report_page import NAMES, Mark

MARKS: dict[str, Mark] = {"caught": "good", "survived": "bad", "error": "unsure"}


def write(folder: Path, verdicts: Sequence[Verdict], seconds: int) -> None:
    """Write `mutants.json` and `mutants.html` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    result = {"seconds": seconds, "mutants": [_plain(verdict) for verdict in verdicts]}
    (folder / "mutants.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (folder / "mutants.html").write_text(_page(verdicts, seconds), encoding="utf-8")


def lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A table: the mutant, and which test caught it."""
    wide = max((len(verdict.flaw.name) for verdict in verdicts), default=0)
    for part, group in groupby(verdicts, lambda verdict: verdict.flaw.part):
        yield f"\n{part}"
        for verdict in group:
            yield f"  {verdict.flaw.name:{wide}} {_outcome(verdict)}"
    yield ""


def summary(verdicts: Sequence[Verdict], seconds: int) -> str:
    """A sentence."""
    counts = {word: sum(verdict.word == word for verdict in verdicts) for word in MARKS}
    found = f"{counts['caught']} of {len(verdicts)} tags that are broken on purpose were caught"
    rest = [f"{counts[word]} {word}" for word in ("survived", "error") if counts[word]]
    return f"{', '.join([found, *rest])}; {seconds} seconds."


def _outcome(verdict: Verdict) -> str:
    if verdict.word == "caught":
        return ", ".join(verdict.caught_by)
    return "SURVIVED" if verdict.word == "survived" else f"ERROR: {' '.join(verdict.why.split())}"


def _plain(verdict: Verdict) -> dict[str, object]:
    plain = asdict(verdict)
    return {**plain.pop("flaw"), **plain, "seconds": round(verdict.seconds, 1)}


def _page(verdicts: Sequence[Verdict], seconds: int) -> str:
    heads = ["A tag that", "Looked for in", "Verdict", "Noticed by", "What was changed"]
    tables = [
        f"<h2>{escape(part.capitalize())}</h2>\n"
        + report_page.table(
            part, heads, [(verdict.flaw.name, _cells(verdict)) for verdict in group]
        )
        for part, group in groupby(verdicts, lambda verdict: verdict.flaw.part)
    ]
    return report_page.document(
        "Tags that are broken on purpose", summary(verdicts, seconds), "\n".join(tables)
    )


def _cells(verdict: Verdict) -> list[str]:
    flaw = verdict.flaw
    tests = "".join(
        f"<div>{escape(_sentence(test))}<small>{escape(complaint)}</small></div>"
        for test, complaint in verdict.caught_by.items()
    )
    change = (
        f"sdk/{escape(flaw.file)}<small><del>{escape(flaw.right)}</del></small>"
        f"<small><ins>{escape(flaw.wrong)}</ins></small>"
    )
    return [
        report_page.cell(NAMES[flaw.engine]),
        report_page.verdict(MARKS[verdict.word], verdict.word, [verdict.why]),
        f"<td>{tests}</td>",
        f"<td>{change}</td>",
    ]


def _sentence(test: str) -> str:
    """Of "test_a.py::test_b_c", "b c"."""
    return test.partition("::test_")[2].replace("_", " ")
