"""The race's figures: from samples and results to what the tables, the page and the JSON show."""

from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from tests.leave.modes import MODES
from tests.race.arithmetic import over, percentile, share, spread

Json = dict[str, Any]

MEASURES = ("task", "script", "cpu", "largest", "interaction", "memory")


def summarise(raw: Json, engines: Sequence[str]) -> Json:
    """Who raced, and per tag and engine the costs, and what was delivered per mode and in all."""
    weighed, delivered = raw["weighed"], raw["delivered"]
    entrants = weighed[engines[0]]["entrants"]
    return {
        "entrants": [_counted(each, weighed[engines[0]]["costs"]) for each in entrants],
        "costs": {engine: _costs(weighed[engine]["costs"], entrants) for engine in engines},
        "delivery": {
            engine: {mode: _mode(cell, entrants) for mode, cell in delivered[engine].items()}
            for engine in engines
        },
        "totals": _totals(delivered, entrants, engines),
    }


def _counted(entrant: Json, costs: Json) -> Json:
    """An entrant with what is the same in each engine: bytes, requests, listeners, timers."""
    wire = costs[entrant["key"]]["wire"]
    return {
        **entrant,
        "wire": {**wire, "down": wire["script"] + wire["snippet"]},
        "started": costs[entrant["key"]]["started"],
    }


def _costs(costs: Json, entrants: Sequence[Json]) -> Json:
    """Each measure as its spread on the bare page, or over it."""
    bare = next(each["key"] for each in entrants if each["bare"])
    return {
        each["key"]: {
            **{
                name: _measure(costs[each["key"]], costs[bare], name, is_bare=each["bare"])
                for name in MEASURES
            },
            "samples": costs[each["key"]]["samples"],
        }
        for each in entrants
    }


def _measure(cost: Json, bare: Json, name: str, *, is_bare: bool) -> Json | None:
    samples, base = cost["samples"].get(name, []), bare["samples"].get(name, [])
    found = spread(samples) if is_bare else over(samples, base)
    return asdict(found) if found else None


def _mode(cell: Json, entrants: Sequence[Json]) -> Json:
    if cell["impossible"]:
        return {"impossible": cell["impossible"]}
    return {
        each["key"]: figures(cell["results"][each["key"]], dwell=each["dwell"])
        for each in entrants
        if each["views"]
    }


def _totals(delivered: Json, entrants: Sequence[Json], engines: Sequence[str]) -> Json:
    """Over the leave modes; how pages of the zoo fare is a matter of its own."""
    cells = [
        cell
        for engine in engines
        for mode, cell in delivered[engine].items()
        if mode in MODES and not cell["impossible"]
    ]
    return {
        each["key"]: figures(
            [came for cell in cells for came in cell["results"][each["key"]]], dwell=each["dwell"]
        )
        for each in entrants
        if each["views"]
    }


def figures(results: Sequence[Json], *, dwell: bool) -> Json:
    """What some visits' results come to; of dwell only where the tag claims to tell it."""
    stays = [stay for came in results for stay in came["stays"]]
    told = [dwell for came in results for dwell in came["dwells"]]
    viewed = [seen for came in results for seen in came["viewed"]]
    counted: Json = {
        "sent": len(stays),
        "views": sum(viewed),
        "lost": len(viewed) - sum(viewed),
        "doubled": sum(came["doubled"] for came in results),
        "dwells": None,
    }
    if not dwell:
        return counted
    pairs = list(zip(stays, told, strict=True))
    errors = [abs(each - stay) for stay, each in pairs if each is not None]
    kept = sum(min(stay, each or 0) for stay, each in pairs)
    return {
        **counted,
        "dwells": len(errors),
        "time": share(kept, sum(stays)),
        "error": {
            "median": median(errors) if errors else None,
            "p95": percentile(errors, 0.95),
            "worst": max(errors, default=None),
        },
    }
