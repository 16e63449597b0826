"""The leave matrix as a page: a picture of every dwell, and the figures below it."""

from collections.abc import Sequence
from html import escape
from math import log10
from pathlib import Path

from tests.leave.summary import Json, counts, errors, is_whole, notes, verdict
from tests.support import report_page
from tests.support.report_page import NAMES, Mark

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")

LABELS, COLUMN, ROW, TOP = 272, 240, 34, 44
"""Of the picture, in its own units."""
SCALE = (1, 10, 100, 1000, 10_000)
"""Milliseconds at which a column has a line; dots are placed between them by their logarithm."""
WORDS: dict[str, tuple[Mark, str]] = {
    "whole": ("good", "whole"),
    "expected": ("unsure", "lost as expected"),
    "worse": ("bad", "worse"),
    "impossible": ("quiet", "not possible"),
}
"""Each verdict, for a person."""
KEY = {
    "told": "by how much its dwell is wrong",
    "lost": "dwell lost: the whole stay",
    "noview": "view lost",
}
"""What the dots of the picture mean."""
NOTE = (
    "Arrived of sent; “+n” repeats came, which deduplication drops. "
    "Error of dwell: median, 95th percentile and worst."
)


def render(result: Json, engines: Sequence[str]) -> str:
    """The page, complete and without any other file."""
    cells = {(cell["title"], cell["engine"]): cell for cell in result["cells"]}
    titles = list(dict.fromkeys(cell["title"] for cell in result["cells"]))
    rows = ((title, (_cell(cells[title, engine]) for engine in engines)) for title in titles)
    body = (
        '<figure class="scroller" tabindex="0" role="region" aria-label="Every page view">'
        f"{_picture(cells, titles, engines)}</figure>\n{_key()}\n"
        f"<h2>The figures</h2>\n<p>{NOTE}</p>\n"
        f"{report_page.table('Figures by engine', ['The page ends by', *engines], rows)}"
    )
    return report_page.document("The leave matrix", _summary(result), body, style=STYLE)


def _summary(result: Json) -> str:
    done = [cell for cell in result["cells"] if "impossible" not in cell]
    whole = sum(is_whole(cell) for cell in done)
    visits = sum(cell["visits"] for cell in done)
    return (
        f"What arrives of a visit, however it ends. {visits} visits in {len(done)} cells; in "
        f"{whole} of them every view and every dwell arrived. Seed {result['seed']}, "
        f"{result['seconds']} seconds."
    )


def _key() -> str:
    items = "".join(
        f'<li><svg viewBox="0 0 12 12"><circle class="{kind}" cx="6" cy="6" r="4" /></svg>'
        f"{escape(meaning)}</li>"
        for kind, meaning in KEY.items()
    )
    return f'<ul class="key">{items}</ul>'


# The picture: a column for each engine, in it a dot for each page view, by what is missing or wrong


def _picture(cells: dict[tuple[str, str], Json], titles: list[str], engines: Sequence[str]) -> str:
    width, height = LABELS + COLUMN * len(engines), TOP + ROW * len(titles) + 8
    shapes = [_column(left, engine, height) for left, engine in _columns(engines)]
    for number, title in enumerate(titles):
        middle = TOP + ROW * number + ROW / 2
        shapes.append(f'<text x="0" y="{middle + 4}">{escape(title)}</text>')
        for left, engine in _columns(engines):
            shapes += _dots(cells[title, engine], left, middle)
    label = "Each page view as a dot, by how many milliseconds its dwell is wrong"
    return (
        f'<svg viewBox="0 0 {width} {height}" style="max-width: {width}px" role="img" '
        f'aria-label="{label}">' + "".join(shapes) + "</svg>"
    )


def _columns(engines: Sequence[str]) -> list[tuple[float, str]]:
    return [(LABELS + COLUMN * number, engine) for number, engine in enumerate(engines)]


def _column(left: float, engine: str, height: float) -> str:
    lines = "".join(
        f'<line x1="{_across(left, ms)}" x2="{_across(left, ms)}" y1="{TOP}" y2="{height - 8}" />'
        f'<text class="unit" x="{_across(left, ms)}" y="{TOP - 8}">{_unit(ms)}</text>'
        for ms in SCALE
    )
    return f'<text class="engine" x="{_across(left, 1)}" y="14">{NAMES[engine]}</text>{lines}'


def _dots(cell: Json, left: float, middle: float) -> list[str]:
    if "impossible" in cell:
        return [f'<text class="none" x="{_across(left, 1)}" y="{middle + 4}">not possible</text>']
    dots = []
    for number, page in enumerate(cell["pages"]):
        told, stay = page["told_ms"], page["stay_ms"]
        wrong = stay if told is None else abs(told - stay)
        kind = "noview" if not page["view"] else "lost" if told is None else "told"
        lift = (number * 7 % 5 - 2) * 3.6
        what = "no dwell" if told is None else f"told {told} ms"
        dots.append(
            f'<circle class="{kind}" cx="{_across(left, wrong):.1f}" cy="{middle + lift:.1f}" '
            f'r="3.4"><title>stayed {stay:.0f} ms, {what}</title></circle>'
        )
    return dots


def _across(left: float, milliseconds: float) -> float:
    room = COLUMN - 40
    return left + room * log10(min(max(milliseconds, SCALE[0]), SCALE[-1])) / log10(SCALE[-1])


def _unit(milliseconds: int) -> str:
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds // 1000} s"


# The figures


def _cell(cell: Json) -> str:
    mark, word = WORDS[verdict(cell)]
    if "impossible" in cell:
        return report_page.verdict(mark, word, [cell["impossible"]])
    figures = (
        f"<dl><dt>views</dt><dd>{counts(cell, 'views')}</dd>"
        f"<dt>dwells</dt><dd>{counts(cell, 'dwells')}</dd>"
        f"<dt>error, ms</dt><dd>{errors(cell)}</dd></dl>"
    )
    return report_page.verdict(mark, word, notes(cell), more=figures)
