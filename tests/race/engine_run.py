"""The race in one engine, with a fixture server and a browser of its own."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from fixtures.server import FixtureServer
from tests.browsers.discovery import Browser, Engine, find
from tests.browsers.processes import kill, tree
from tests.browsers.starter import Starter, starter
from tests.leave.engine_run import DRIVER_ERRORS, MissingBrowserError
from tests.leave.modes import MODES
from tests.race import hostile
from tests.race.cost import Scales
from tests.race.delivery import Course, Delivered
from tests.race.journeys import JOURNEYS
from tests.race.peers import PEERS
from tests.race.racers import BARE, Racer, line_up

Json = dict[str, Any]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much there is to do."""

    rounds: int
    """Page loads of each tag on the scales, at most."""
    seconds: dict[Engine, float]
    """For these loads, in each engine."""
    delivery_seconds: float
    """After which no further leave mode is begun."""
    visits: int
    """Of each tag in each mode."""
    stay: float
    """Milliseconds, the shortest."""
    modes: tuple[str, ...]
    """Leave modes by their keys, and pages of the zoo by their names."""
    peers: tuple[str, ...]
    """Who races beside our own tag and the page without any, by key."""


FULL = Size(
    rounds=8,
    seconds={"chromium": 90, "firefox": 45, "webkit": 45},
    delivery_seconds=720,
    visits=1,
    stay=1500,
    modes=(*JOURNEYS, *hostile.NAMES),
    peers=tuple(peer.key for peer in PEERS),
)
QUICK = Size(
    rounds=1,
    seconds={"chromium": 10, "firefox": 10, "webkit": 10},
    delivery_seconds=20,
    visits=1,
    stay=1000,
    modes=("same_site_link", "close"),
    peers=("plausible", "umami", "posthog"),
)


def weigh(engine: Engine, size: Size, seed: int, tell: Tell, *, counts: bool) -> Json:
    """Who races, and what each tag costs. Nothing else may run beside it.

    What `counts` adds, bytes and listeners, is the same in each engine.

    Raises:
        MissingBrowserError: The engine is not here.
    """
    with _track(engine, size) as (server, start, racers):
        scales = Scales(engine, server, start, racers)
        costs = scales.weigh(size.rounds, size.seconds[engine], _random(seed), tell)
        if counts:
            tell(f"{engine:9} counting")
            scales.count(costs)
        return {
            "entrants": [_described(racer) for racer in racers],
            "costs": {key: asdict(cost) for key, cost in costs.items()},
        }


def deliver(engine: Engine, size: Size, seed: int, tell: Tell) -> Json:
    """What each tag delivers, by mode.

    Raises:
        MissingBrowserError: The engine is not here.
    """
    with _track(engine, size) as (server, start, racers):
        counting = [racer for racer in racers if racer.counts_views]
        course = Course(engine, server, start, counting, size.stay)
        random = _random(seed)
        delivered: Json = {}
        began = time.monotonic()
        for mode in size.modes:
            if time.monotonic() - began > size.delivery_seconds:
                delivered[mode] = asdict(Delivered(impossible="no time was left for it"))
                continue
            delivered[mode] = asdict(_try_twice(course, mode, size.visits, random))
            tell(f"{engine:9} {mode.replace('_', ' ')}")
        return delivered


def browser_version(engine: Engine) -> str:
    """What the browser calls itself.

    Raises:
        MissingBrowserError: It is not here.
    """
    return _find(engine).version


def _described(racer: Racer) -> Json:
    return {
        "key": racer.key,
        "name": racer.name,
        "version": racer.version,
        "views": racer.counts_views,
        "dwell": racer.tells_dwell,
        "note": racer.note,
        "bare": racer.key == BARE,
    }


def _try_twice(course: Course, mode: str, visits: int, random: Random) -> Delivered:
    """Run a mode, again if a driver hangs; should it hang twice, the table says so."""
    mirrored = mode in MODES and MODES[mode].ends_browser
    journey = JOURNEYS[mode] if mode in JOURNEYS else hostile.journey(mode)
    failure = ""
    for _ in range(2):
        try:
            return course.run(journey, visits, random, mirrored=mirrored)
        except DRIVER_ERRORS as error:
            failure = str(error).partition("\n")[0]
            course.server.faults.reset()
            kill(tree("MiniBrowser"))
    return Delivered(impossible=f"the driver failed twice: {failure}")


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - no secret


def _find(engine: Engine) -> Browser:
    browser = find(engine)
    if browser is None:
        raise MissingBrowserError(f"no {engine} here: run `python -m tests.browsers.install`")
    return browser


@contextmanager
def _track(engine: Engine, size: Size) -> Iterator[tuple[FixtureServer, Starter, Sequence[Racer]]]:
    browser = _find(engine)
    with (
        FixtureServer() as server,
        sync_playwright() as playwright,
        TemporaryDirectory(prefix="azalead-race-") as folder,
    ):
        server.serve("magazine", "/left", "<!doctype html><title>Another site</title>")
        key = server.authority.key_hash
        start = starter(browser, playwright, trusted_key=key, headed=False, tracing=False)
        try:
            yield server, start, line_up(server, Path(folder), size.peers)
        finally:
            start.close()
