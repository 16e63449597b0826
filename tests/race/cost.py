"""What a tag costs a page: bytes, requests, time, memory, and what it starts."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import brotli  # type: ignore[import-untyped] # it brings no types

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.discovery import Engine
from tests.browsers.playwright_visitor import PROGRAM, RENDERER, PlaywrightVisitor
from tests.browsers.processes import tree
from tests.browsers.starter import Starter
from tests.browsers.visitor import Visitor
from tests.race.pages import counter, scales
from tests.race.racers import Racer
from tests.support.site import Site

START = 800
"""Milliseconds after the page's load event that count as the tag's start."""


@dataclass
class Wire:
    """What a tag sends and gets until it is left alone with its page."""

    script: int = 0
    """Bytes of its script as the browser gets them, compressed with brotli, and of answers."""
    snippet: int = 0
    """Bytes that it puts into the page itself, compressed with brotli."""
    sent: int = 0
    """Bytes of the bodies that it sends."""
    requests: int = 0


@dataclass
class Cost:
    """What is known of one tag in one engine."""

    samples: dict[str, list[float]] = field(default_factory=dict)
    """Of each measure, in ms or bytes."""
    wire: Wire = field(default_factory=Wire)
    started: dict[str, int] = field(default_factory=dict)
    """Listeners, timers and observers at the start."""

    def add(self, sample: Mapping[str, float | None]) -> None:
        """Take in one page load."""
        for name, value in sample.items():
            if value is not None:
                self.samples.setdefault(name, []).append(value)


@dataclass(frozen=True)
class Scales:
    """Weighs all tags in one engine."""

    engine: Engine
    server: FixtureServer
    starter: Starter
    racers: Sequence[Racer]

    def weigh(
        self, rounds: int, seconds: float, random: Random, tell: Callable[[str], None]
    ) -> dict[str, Cost]:
        """Load each tag's page once in each round, the tags in another order each time.

        At least two rounds, unless there shall be one; more than that only while there is time.
        """
        costs = {racer.key: Cost() for racer in self.racers}
        self._load(self.racers[0])  # the browser's own start is nobody's cost
        began = time.monotonic()
        for number in range(rounds):
            spent = time.monotonic() - began
            if number > 1 and spent * (number + 1) / number > seconds:
                break
            for racer in random.sample(list(self.racers), len(self.racers)):
                costs[racer.key].add(self._load(racer))
            tell(f"{self.engine:9} cost, round {number + 1} of at most {rounds}")
        return costs

    def count(self, costs: Mapping[str, Cost]) -> None:
        """Add what each tag sends, gets and starts; a pass of its own, for counting costs time."""
        for racer in self.racers:
            costs[racer.key].wire, costs[racer.key].started = self._count(racer)

    def _load(self, racer: Racer) -> dict[str, float | None]:
        url = scales(Site.new(self.server), racer)
        with self.starter.visitor("default") as visitor:
            chromium = isinstance(visitor, PlaywrightVisitor) and self.engine == "chromium"
            devtools = visitor.devtools() if chromium else None  # type: ignore[attr-defined]
            if devtools:
                devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
            before = cpu_milliseconds(self.engine)
            self._stay(visitor, url)
            spent = cpu_milliseconds(self.engine) - before
            sample: dict[str, float | None] = {
                "cpu": spent,
                "largest": visitor.evaluate("measured.largest"),
                "interaction": visitor.evaluate("measured.interaction"),
            }
            if devtools:
                devtools.send("HeapProfiler.collectGarbage")
                metrics = devtools.send("Performance.getMetrics")["metrics"]
                told = {metric["name"]: metric["value"] for metric in metrics}
                sample["task"] = told["TaskDuration"] * 1000
                sample["script"] = told["ScriptDuration"] * 1000
                sample["memory"] = told["JSHeapUsedSize"]
            return sample

    def _stay(self, visitor: Visitor, url: str) -> None:
        visitor.open(url)
        visitor.click("#button")
        visitor.wait_until(f"performance.now() - measured.loadedAt > {START}")

    def _count(self, racer: Racer) -> tuple[Wire, dict[str, int]]:
        url = counter(Site.new(self.server), racer)
        mark = self.server.ledger.mark()
        with self.starter.visitor("default") as visitor:
            visitor.open(url)
            time.sleep(START / 1000)  # a driver that looks whether it is time starts timers itself
            self.server.ledger.quiet()
            started = visitor.evaluate("counted")
            exchanges = self.server.ledger.select(since=mark)
        return wire(racer, exchanges), started


def wire(racer: Racer, exchanges: Sequence[Exchange]) -> Wire:
    """What of some exchanges is the tag's."""
    its = [each for each in exchanges if each.host in racer.hosts]
    return Wire(
        script=sum(int(each.response_headers.get("Content-Length", "0")) for each in its),
        snippet=len(brotli.compress(racer.snippet.encode())) if racer.snippet else 0,
        sent=sum(len(each.body) for each in its),
        requests=len(its),
    )


def cpu_milliseconds(engine: Engine) -> float:
    """How long processors have worked for what renders pages, all threads. Linux only."""
    total = 0
    for process in tree(PROGRAM[engine]):
        if RENDERER[engine] not in " ".join(process.command):
            continue
        for thread in Path(f"/proc/{process.number}/task").glob("*/schedstat"):
            try:
                total += int(thread.read_text().split()[0])
            except (OSError, IndexError):  # it has ended meanwhile
                continue
    return total / 1e6
