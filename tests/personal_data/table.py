"""The table of docs/privacy.md: what tag and stub catch and spoil, by class."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.command import build
from tests.personal_data.recall import Half, Result, Teller, caught, caught_shapes, spared, total
from tests.personal_data.scrubbing import Scrubbing
from tests.support.tag import ROOT, SOURCES

HEADS = ("class", "strings", "tag", "stub")
RANDOM = 100
"""Of each shape."""
Row = tuple[str, ...]


def table(scrubbing: Scrubbing, half: Half = "unseen") -> str:
    """Both tables, as docs/privacy.md has them."""
    tellers = (scrubbing.told, _stub(scrubbing))
    rows = [
        HEADS,
        *_random(tellers),
        *_rows("all personal strings", caught, half, tellers),
        *_rows("all ordinary strings", spared, half, tellers),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(f"| {' | '.join(map(str.ljust, row, widths))} |" for row in rows)


def _rows(
    last: str,
    judge: Callable[[Half, Teller], list[Result]],
    half: Half,
    tellers: tuple[Teller, Teller],
) -> Iterator[Row]:
    tag, stub = (judge(half, teller) for teller in tellers)
    for ours, stubs in [*zip(tag, stub, strict=True), (total(last, tag), total(last, stub))]:
        yield ours.name, str(ours.count), f"{ours.percent} %", f"{stubs.percent} %"


def _random(tellers: tuple[Teller, Teller]) -> Iterator[Row]:
    tag, stub = (caught_shapes(RANDOM, teller) for teller in tellers)
    for ours, stubs in zip(tag, stub, strict=True):
        yield ours.name, str(ours.count), f"{ours.percent} %", f"{stubs.percent} %"


def _stub(scrubbing: Scrubbing) -> Teller:
    with TemporaryDirectory() as folder:
        build(ROOT / "tag.toml", SOURCES, Path(folder))
        snippet = Path(folder, "snippet.html").read_text(encoding="utf-8")
    return lambda given: scrubbing.stub_told(given, snippet)
