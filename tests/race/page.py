"""The race as a page: pictures first, then every figure."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from tests.leave.modes import MODES
from tests.race import charts
from tests.race.summary import Json
from tests.race.terminal import NONE, among, middle_text, whole_text
from tests.support import report_page

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")

MEASURES = {
    "task": "main thread, ms",
    "script": "of it script, ms",
    "cpu": "processor, ms",
    "largest": "largest paint, ms",
    "interaction": "click to paint, ms",
    "memory": "heap, kB",
}
METHOD = (
    "Each tag stands alone in the same page, as its documentation says to use it from npm, with a "
    "collector of its own on the same machine; they take turns in an order drawn anew. No tag "
    f"sees that the browser is automated. What a tag does not claim to do is marked {NONE}."
)


def render(result: Json) -> str:
    """The page, complete and without any other file."""
    sections = [
        _section(
            "Bytes, and what they deliver",
            "Brotli bytes of the script and of what it puts into the page, against how much of "
            "the time that visitors saw pages is told, over all leave modes and engines.",
            charts.weight(result["entrants"], result["totals"]),
        ),
        *_starts(result),
        *_losses(result),
    ]
    body = f"{''.join(sections)}{''.join(_tables(result))}{_notes(result)}"
    return report_page.document("The race", _summary(result), body, style=STYLE)


def _summary(result: Json) -> str:
    peers = [each["name"] for each in result["entrants"][2:]]
    browsers = ", ".join(result["browsers"].values())
    return (
        f"What our tag and {len(peers)} others cost a page, and what they deliver of a visit. "
        f"{result['date']}, {browsers}; by {result['command']}, seed {result['seed']}, "
        f"{result['seconds']} seconds."
    )


def _section(title: str, text: str, picture: str) -> str:
    return (
        f"<h2>{escape(title)}</h2>\n<p>{escape(text)}</p>\n"
        f'<figure class="scroller" tabindex="0" role="region" aria-label="{escape(title)}">'
        f"{picture}</figure>\n"
    )


def _starts(result: Json) -> Iterator[str]:
    costs = result["costs"].get("chromium")
    if costs:
        text = (
            "Processor time of the page's main thread over a page without tag, until the tag has "
            "started (full dot), and what of it is script (ring): median, and between which two "
            "figures the middle half of the page loads lies. Chromium."
        )
        yield _section("The start", text, charts.start(result["entrants"], costs))


def _losses(result: Json) -> Iterator[str]:
    cells = result["delivery"]
    keys = dict.fromkeys(mode for engine in cells.values() for mode in engine)
    known = [key for key in keys if among(cells, key)]
    modes = [(key, _short(MODES[key].title)) for key in known if key in MODES]
    zoo = [(key, key.rpartition("/")[2].replace("-", " ")) for key in known if key not in MODES]
    counting = [each for each in result["entrants"] if each["key"] in result["totals"]]
    tellers = [each for each in counting if each["dwell"]]

    def views(key: str, mode: str) -> float | None:
        return among(cells, mode, key, "lost")

    def dwell(key: str, mode: str) -> float | None:
        told = among(cells, mode, key, "time")
        return None if told is None else 1 - told

    yield _section(
        "Views lost, for each way in which a page ends",
        "Of the page views that there were, those of which nothing arrived; all engines.",
        charts.grid("Views lost", counting, modes, views),
    )
    yield _section(
        "Time lost, for each way in which a page ends",
        "Of the time that visitors saw pages, what is not told; only of tags that tell it.",
        charts.grid("Time lost", tellers, modes, dwell),
    )
    if zoo:
        yield _section(
            "Views lost on pages with one thing wrong",
            "Pages that break what tags rely on, from this project's zoo; left by a link.",
            charts.grid("Views lost on hostile pages", counting, zoo, views),
        )


def _short(title: str) -> str:
    return title.rpartition(": ")[2].removeprefix("back into the ")


def _tables(result: Json) -> Iterator[str]:
    heads = ["", "bytes", "requests", "listeners", "timers", "views", "doubled", "dwells"]
    heads += ["time told", "error, ms: median", "95th"]
    rows = ((each["name"], _figures(each, result["totals"])) for each in result["entrants"][1:])
    yield f"<h2>Every figure</h2>\n{report_page.table('What each tag sends', heads, rows)}"
    for engine, costs in result["costs"].items():
        shown = [name for name in MEASURES if any(cost[name] for cost in costs.values())]
        lines = ((each["name"], _costs(costs[each["key"]], shown)) for each in result["entrants"])
        title = f"Cost in {result['browsers'][engine]}, over a page without tag"
        columns = ["", *(MEASURES[name] for name in shown)]
        yield f"<h2>{escape(title)}</h2>\n{report_page.table(title, columns, lines)}"


def _figures(each: Json, totals: Json) -> Iterator[str]:
    wire, started = each["wire"], each["started"]
    for text in (f"{wire['down']:,}", wire["requests"], started["listeners"], started["timers"]):
        yield report_page.cell(str(text))
    total = totals.get(each["key"])
    if total is None:
        yield from map(report_page.cell, [NONE] * 6)
        return
    lost = total["lost"]
    yield report_page.verdict("bad" if lost else "good", f"{total['views']}/{total['sent']}")
    yield report_page.verdict("bad" if total["doubled"] else "quiet", str(total["doubled"]))
    if total["dwells"] is None:
        yield from map(report_page.cell, [NONE] * 4)
        return
    yield report_page.cell(f"{total['dwells']}/{total['sent']}")
    yield report_page.cell(f"{total['time']:.0%}")
    yield report_page.cell(whole_text(total["error"]["median"]))
    yield report_page.cell(whole_text(total["error"]["p95"]))


def _costs(cost: Json, shown: Sequence[str]) -> Iterable[str]:
    return (
        report_page.cell(middle_text(cost[name], 1000 if name == "memory" else 1)) for name in shown
    )


def _notes(result: Json) -> str:
    noted = [
        f"{each['name']} {each['version']}: {each['note']}" if each["note"] else ""
        for each in result["entrants"]
    ]
    versions = ", ".join(
        f"{each['name']} {each['version']}" for each in result["entrants"] if each["version"]
    )
    lines = [METHOD, f"Versions: {versions}.", *filter(None, noted)]
    lines += [f"{name} does not race: {why}" for name, why in result["absent"].items()]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>How it was measured</h2>\n<ul>{items}</ul>"
