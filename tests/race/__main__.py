"""Runs the race: `python -m tests.race [--quick] [--seed N] [--browser E]`.

Prints a table and writes `reports/bench.json` and `reports/bench.html`. Ends with 0, or with 2 if a
browser is missing or the peers cannot be installed.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from queue import Empty
from typing import Any

from tests.browsers.discovery import ENGINES, Engine
from tests.leave.engine_run import MissingBrowserError
from tests.leave.terminal import say
from tests.race import page, terminal
from tests.race.engine_run import FULL, QUICK, Size, browser_version, deliver, weigh
from tests.race.install import InstallError, install
from tests.race.peers import ABSENT
from tests.race.summary import Json, summarise

REPORTS = Path("reports")


def main() -> int:
    """Run as asked; returns the exit status."""
    asked = _asked()
    engines: list[Engine] = asked.browser or list(ENGINES)
    size = QUICK if asked.quick else FULL
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    try:
        browsers = {engine: browser_version(engine) for engine in engines}
        install()
        say(f"seed {seed}; {', '.join(browsers.values())}")
        began = time.monotonic()
        raw = _run(engines, size, seed)
    except (MissingBrowserError, InstallError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    result: Json = {
        "date": time.strftime("%Y-%m-%d"),
        "command": "make bench" + (" ARGS=--quick" if asked.quick else ""),
        "seed": seed,
        "seconds": round(time.monotonic() - began),
        "browsers": browsers,
        "absent": ABSENT,
        **summarise(raw, engines),
    }
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "bench.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (REPORTS / "bench.html").write_text(page.render(result), encoding="utf-8")
    say("\n".join(terminal.lines(result)))
    say(f"{result['seconds']} s; {REPORTS / 'bench.html'} has the pictures")
    return 0


def _run(engines: list[Engine], size: Size, seed: int) -> Json:
    """The costs of one engine after the other, then the deliveries of all side by side."""
    weighed = [
        _side_by_side(partial(weigh, counts=engine == engines[0]), [engine], size, seed)
        for engine in engines
    ]
    costs = {engine: one for each in weighed for engine, one in each.items()}
    return {"weighed": costs, "delivered": _side_by_side(deliver, engines, size, seed)}


def _side_by_side(
    work: Callable[..., Any], engines: list[Engine], size: Size, seed: int
) -> dict[str, Json]:
    """Do the work in each engine, in a process for each; a line is printed as it goes on."""
    context = get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(len(engines), context) as pool:
        told = manager.Queue()
        runs = {engine: pool.submit(work, engine, size, seed, told.put) for engine in engines}
        while not (all(run.done() for run in runs.values()) and told.empty()):
            with suppress(Empty):
                say(f"  {told.get(timeout=0.2)}")
        return {engine: run.result() for engine, run in runs.items()}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.race", description="The race.")
    parser.add_argument("--quick", action="store_true", help="one load and two leave modes")
    parser.add_argument("--seed", type=int, help="for the same order as before")
    parser.add_argument("--browser", action="append", choices=ENGINES, help="may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
