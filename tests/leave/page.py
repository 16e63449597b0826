"""The leave matrix as a page: a picture of every dwell, and the figures below it."""

from collections.abc import Sequence
from html import escape
from math import log10
from pathlib import Path

from tests.leave.summary import Json, counts, errors, is_whole, verdict

PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")

LABELS, COLUMN, ROW, TOP = 250, 240, 34, 44
"""Of the picture, in its own units."""
SCALE = (1, 10, 100, 1000, 10_000)
"""Milliseconds at which a column has a line; dots are placed between them by their logarithm."""
WORDS = {
    "whole": "whole",
    "expected": "lost as expected",
    "worse": "worse",
    "impossible": "impossible",
}


def render(result: Json, engines: Sequence[str]) -> str:
    """The page, complete and without any other file."""
    cells = {(cell["title"], cell["engine"]): cell for cell in result["cells"]}
    titles = list(dict.fromkeys(cell["title"] for cell in result["cells"]))
    done = [cell for cell in result["cells"] if "impossible" not in cell]
    whole = sum(is_whole(cell) for cell in done)
    visits = sum(cell["visits"] for cell in done)
    summary = (
        f"{visits} visits in {len(done)} cells; in {whole} of them every view and every dwell "
        f"arrived. Seed {result['seed']}, {result['seconds']} seconds."
    )
    heads = "".join(f'<th scope="col">{escape(engine)}</th>' for engine in engines)
    rows = "".join(
        f'<tr><th scope="row">{escape(title)}</th>'
        + "".join(_cell(cells[title, engine]) for engine in engines)
        + "</tr>\n"
        for title in titles
    )
    parts = {
        "summary": escape(summary),
        "picture": _picture(cells, titles, engines),
        "heads": heads,
        "rows": rows,
    }
    page = PAGE
    for name, part in parts.items():
        page = page.replace(f"<!-- {name} -->", part)
    return page


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
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        + "".join(shapes)
        + "</svg>"
    )


def _columns(engines: Sequence[str]) -> list[tuple[float, str]]:
    return [(LABELS + COLUMN * number, engine) for number, engine in enumerate(engines)]


def _column(left: float, engine: str, height: float) -> str:
    lines = "".join(
        f'<line x1="{_across(left, ms)}" x2="{_across(left, ms)}" y1="{TOP}" y2="{height - 8}" />'
        f'<text class="unit" x="{_across(left, ms)}" y="{TOP - 8}">{_unit(ms)}</text>'
        for ms in SCALE
    )
    return f'<text class="engine" x="{_across(left, 1)}" y="14">{escape(engine)}</text>{lines}'


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
    kind = verdict(cell)
    if kind == "impossible":
        return f'<td class="impossible"><small>{escape(cell["impossible"])}</small></td>'
    notes = [*cell["complaints"], cell["expected_loss"]]
    told = "".join(f"<small>{escape(note)}</small>" for note in notes if note)
    return (
        f'<td class="{kind}"><strong>{WORDS[kind]}</strong>'
        f"<dl><dt>views</dt><dd>{counts(cell, 'views')}</dd>"
        f"<dt>dwells</dt><dd>{counts(cell, 'dwells')}</dd>"
        f"<dt>error, ms</dt><dd>{errors(cell)}</dd></dl>{told}</td>"
    )
