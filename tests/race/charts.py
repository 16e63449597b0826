"""The race's pictures, as SVG: what tags weigh and deliver, their start, and where they lose."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import count
from math import log10

from tests.race.racers import OURS
from tests.race.summary import Json
from tests.race.terminal import NONE

WIDTH, ROW, LABELS, MARGIN = 760, 26, 130, 30
"""Of the pictures, in their own units."""
SLANT = 80
"""What the last of the slanted names needs on the right."""

Value = Callable[[str, str], float | None]
"""What a grid shows for a tag and a mode, 0..1; None where there is nothing to show."""


def weight(entrants: Sequence[Json], totals: Json) -> str:
    """Across: bytes, by their logarithm. Up: how much of the time that was seen is told."""
    top, bottom, strip = 30, 270, 330
    counting = [each for each in entrants if each["key"] in totals]
    tellers = [each for each in counting if totals[each["key"]].get("time") is not None]
    silent = [each for each in counting if each not in tellers]
    shapes = [
        f'<line x1="{_byte(size):.0f}" x2="{_byte(size):.0f}" y1="{top}" y2="{strip}" />'
        f'<text class="unit" x="{_byte(size):.0f}" y="{strip + 66}">{size // 1000} kB</text>'
        for size in (1000, 3000, 10_000, 30_000, 100_000)
    ]
    for part in (0, 0.25, 0.5, 0.75, 1):
        height = bottom - part * (bottom - top)
        shapes.append(f'<line x1="{LABELS}" x2="{WIDTH}" y1="{height}" y2="{height}" />')
        shapes.append(f'<text class="left" x="{LABELS - 10}" y="{height + 4}">{part:.0%}</text>')
    spots = [
        (each, bottom - totals[each["key"]]["time"] * (bottom - top), "told") for each in tellers
    ]
    shapes += _labelled(spots, above=True)
    shapes.append(f'<text class="left" x="{LABELS - 10}" y="{strip + 4}">tell no dwell</text>')
    shapes += _labelled([(each, float(strip), "silent") for each in silent], above=False)
    return _svg(
        strip + 76, "Bytes of each tag, and the share of the time seen that it tells", shapes
    )


def start(entrants: Sequence[Json], costs: Json) -> str:
    """A row for each tag: what the main thread works over a page without tag, and its spread."""
    rows = [each for each in entrants if not each["bare"] and costs[each["key"]]["task"]]
    rows.sort(key=lambda each: costs[each["key"]]["task"]["middle"])
    most = max((costs[each["key"]]["task"]["high"] for each in rows), default=1.0)
    scale = (WIDTH - LABELS - MARGIN) / max(most, 1)
    height = MARGIN + ROW * len(rows)
    shapes = [
        f'<line x1="{LABELS + ms * scale:.1f}" x2="{LABELS + ms * scale:.1f}" y1="{MARGIN - 8}" '
        f'y2="{height}" /><text class="unit" x="{LABELS + ms * scale:.1f}" y="14">{ms} ms</text>'
        for ms in range(0, int(most) + 1, _step(most))
    ]
    for number, each in enumerate(rows):
        middle = MARGIN + ROW * number + ROW / 2
        shapes.append(_name(each, middle))
        for measure, shift in (("task", -3), ("script", 5)):
            figure = costs[each["key"]][measure]
            low, half, high = (
                LABELS + max(0, figure[name]) * scale for name in ("low", "middle", "high")
            )
            shapes.append(
                f'<line class="{measure} {_whose(each)}" x1="{low:.1f}" x2="{high:.1f}" '
                f'y1="{middle + shift}" y2="{middle + shift}" /><circle class="{measure} '
                f'{_whose(each)}" cx="{half:.1f}" cy="{middle + shift}" r="4"><title>'
                f"{escape(each['name'])}, {measure}: {figure['middle']:.1f} ms</title></circle>"
            )
    return _svg(height + 6, "Milliseconds of work at the start, by tag", shapes)


def grid(
    label: str, entrants: Sequence[Json], modes: Sequence[tuple[str, str]], value: Value
) -> str:
    """Tags down, modes across: the darker, the more is lost."""
    top, column = 110, (WIDTH - LABELS - SLANT) / max(1, len(modes))
    shapes = []
    for place, (_, title) in enumerate(modes):
        x = LABELS + column * (place + 0.5)
        shapes.append(
            f'<text class="slanted" transform="translate({x:.1f} {top - 8}) rotate(-38)">'
            f"{escape(title)}</text>"
        )
    for number, each in enumerate(entrants):
        y = top + ROW * number
        shapes.append(_name(each, y + ROW / 2))
        for place, (mode, title) in enumerate(modes):
            lost = value(each["key"], mode)
            x = LABELS + column * place
            if lost is None:
                shapes.append(_centred(x + column / 2, y, NONE, "none"))
                continue
            shapes.append(
                f'<rect x="{x + 1:.1f}" y="{y + 1}" width="{column - 2:.1f}" height="{ROW - 2}" '
                f'fill-opacity="{lost:.2f}"><title>{escape(each["name"])}, {escape(title)}: '
                f"{lost:.0%} lost</title></rect>"
            )
            shapes.append(_centred(x + column / 2, y, f"{lost:.0%}", "heavy" if lost > 0.5 else ""))
    return _svg(top + ROW * len(entrants) + 4, label, shapes)


def _labelled(spots: list[tuple[Json, float, str]], *, above: bool) -> list[str]:
    """Dots, each with its name where no other name stands."""
    taken: list[tuple[float, float]] = []
    shapes = []
    for each, y, kind in sorted(spots, key=lambda spot: spot[0]["wire"]["down"]):
        x = _byte(each["wire"]["down"])
        lift = next(
            place
            for place in _places(y, above=above)
            if not any(abs(x - other) < 66 and abs(place - height) < 13 for other, height in taken)
        )
        taken.append((x, lift))
        shapes.append(
            f'<circle class="{kind} {_whose(each)}" cx="{x:.1f}" cy="{y:.1f}" r="5">'
            f"<title>{escape(each['name'])}: {each['wire']['down']:,} bytes</title></circle>"
            f'<text class="name {_whose(each)}" x="{x:.1f}" y="{lift:.1f}">'
            f"{escape(each['name'])}</text>"
        )
    return shapes


def _places(y: float, *, above: bool) -> Iterator[float]:
    """Where a dot's name may stand, the best first; below the dots of the strip is all below."""
    for step in count(0, 13):
        if above:
            yield y - 10 - step
        yield y + 18 + step


def _byte(size: float) -> float:
    part = (log10(max(size, 800)) - log10(800)) / (log10(130_000) - log10(800))
    return LABELS + part * (WIDTH - LABELS - MARGIN)


def _step(most: float) -> int:
    return next((step for step in (1, 2, 5, 10, 20, 50, 100, 200) if most / step <= 8), 500)


def _whose(entrant: Json) -> str:
    return "ours" if entrant["key"] == OURS else "theirs"


def _name(entrant: Json, middle: float) -> str:
    return (
        f'<text class="{_whose(entrant)}" x="0" y="{middle + 4}">{escape(entrant["name"])}</text>'
    )


def _centred(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="cell {kind}" x="{x:.1f}" y="{y + ROW / 2 + 4}">{text}</text>'


def _svg(height: float, label: str, shapes: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(label)}">'
        f"{''.join(shapes)}</svg>"
    )
