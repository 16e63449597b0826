"""The race for a terminal: tags down, figures across, one table for each engine's costs."""

from collections.abc import Sequence

from tests.race.summary import Json

WIDE = 14
NONE = "–"  # noqa: RUF001 - what tables have where there is nothing

COSTS = {
    "task": "task ms",
    "script": "script ms",
    "cpu": "cpu ms",
    "largest": "LCP ms",
    "interaction": "click ms",
    "memory": "heap kB",
}


def lines(result: Json) -> list[str]:
    """What each tag sends, its cost in each engine, and what was delivered in all of them."""
    entrants = result["entrants"]
    found = ["", "bytes (brotli), and what is started", *_aligned(_wire(entrants)), ""]
    for engine, costs in result["costs"].items():
        found.append(f"cost in {result['browsers'][engine]}, over a page without tag")
        found += [*_aligned(_costs(entrants, costs)), ""]
    found += ["delivered, over all engines and leave modes"]
    found += [*_aligned(_totals(entrants, result["totals"])), ""]
    for engine, cells in result["delivery"].items():
        for mode, cell in cells.items():
            if "impossible" in cell:
                found.append(f"- {engine}, {mode}: {cell['impossible']}")
    return [*found, *(f"{name}: {why}" for name, why in result["absent"].items()), ""]


def among(cells: Json, mode: str, key: str = "", what: str = "sent") -> float | None:
    """A figure of one mode, over the engines that can do it: a share of what was sent, or a mean.

    Without a key it says whether any engine could.
    """
    able = [engine[mode] for engine in cells.values() if "impossible" not in engine.get(mode, {})]
    able = [cell for cell in able if cell]
    if not key:
        return float(len(able))
    found = [cell[key] for cell in able if cell.get(key, {}).get(what) is not None]
    if not found:
        return None
    if what == "lost":
        return float(sum(each["lost"] for each in found) / sum(each["sent"] for each in found))
    return float(sum(each[what] for each in found) / len(found))


def middle_text(figure: Json | None, unit: float = 1) -> str:
    """A median, and half of the span in which the middle half lies."""
    if figure is None:
        return NONE
    half = (figure["high"] - figure["low"]) / 2 / unit
    return f"{figure['middle'] / unit:.1f} ±{half:.1f}"


def whole_text(value: float | None) -> str:
    """A figure without decimals."""
    return NONE if value is None else f"{value:.0f}"


def _wire(entrants: Sequence[Json]) -> list[list[str]]:
    rows = [["", "bytes", "of it in the page", "requests", "sent", "listeners", "timers"]]
    for each in entrants:
        wire, started = each["wire"], each["started"]
        numbers = (wire["down"], wire["snippet"], wire["requests"], wire["sent"])
        counts = (started["listeners"], started["timers"])
        rows.append([each["name"], *(f"{number:,}" for number in (*numbers, *counts))])
    return rows


def _costs(entrants: Sequence[Json], costs: Json) -> list[list[str]]:
    shown = [name for name in COSTS if any(cost[name] for cost in costs.values())]
    rows = [["", *(COSTS[name] for name in shown)]]
    for each in entrants:
        cost = costs[each["key"]]
        figures = (middle_text(cost[name], 1000 if name == "memory" else 1) for name in shown)
        rows.append([each["name"], *figures])
    return rows


def _totals(entrants: Sequence[Json], totals: Json) -> list[list[str]]:
    rows = [["", "views", "lost", "doubled", "dwells", "time told", "error ms: median", "95th"]]
    for each in entrants:
        total = totals.get(each["key"])
        if not total:
            continue
        row = [each["name"], f"{total['views']}/{total['sent']}", str(total["lost"])]
        row.append(str(total["doubled"]))
        if total["dwells"] is None:
            row += [NONE] * 4
        else:
            error = total["error"]
            row += [f"{total['dwells']}/{total['sent']}", f"{total['time']:.0%}"]
            row += [whole_text(error["median"]), whole_text(error["p95"])]
        rows.append(row)
    return rows


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) + 2 for place in range(len(rows[0]))]
    return [
        f"{row[0]:{WIDE}}"
        + "".join(f"{text:>{width}}" for text, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
