"""Fills the leave matrix: `python -m tests.leave [--quick] [--seed N] [--visits N] [--browser E]`.

Prints a table and writes `reports/leave.json` and `reports/leave.html`. Ends with 0, with 1 if a
cell is worse than what `expected.py` says, and with 2 if a browser is missing.
"""

import argparse
import json
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from math import inf
from multiprocessing import get_context
from pathlib import Path
from queue import Empty

from tests.browsers.discovery import ENGINES, Engine
from tests.leave import page, terminal
from tests.leave.engine_run import FULL, QUICK, MissingBrowserError, Size, run_engine
from tests.leave.summary import Json, verdict

REPORTS = Path("reports")


def main() -> int:
    """Run as asked; returns the exit status."""
    asked = _asked()
    engines: list[Engine] = asked.browser or list(ENGINES)
    size = QUICK if asked.quick else FULL
    if asked.visits:
        costly = max(1, asked.visits // 2)
        size = replace(size, visits=asked.visits, costly_visits=costly, seconds=inf)
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    terminal.say(f"seed {seed}, up to {size.visits} visits in each cell, {', '.join(engines)}")
    began = time.monotonic()
    try:
        cells = _fill(engines, size, seed)
    except MissingBrowserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    seconds = round(time.monotonic() - began)
    result: Json = {"seed": seed, "quick": asked.quick, "seconds": seconds, "cells": cells}
    terminal.say("\n".join(terminal.lines(cells, engines)))
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / "leave.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (REPORTS / "leave.html").write_text(page.render(result, engines), encoding="utf-8")
    terminal.say(f"{seconds} s; {REPORTS / 'leave.html'} has the picture")
    return int(any(verdict(cell) == "worse" for cell in cells))


def _fill(engines: list[Engine], size: Size, seed: int) -> list[Json]:
    """All cells, the engines side by side; a line is printed as each is known."""
    context = get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(len(engines), context) as pool:
        told = manager.Queue()
        columns = [pool.submit(run_engine, engine, size, seed, told.put) for engine in engines]
        while not (all(column.done() for column in columns) and told.empty()):
            with suppress(Empty):
                terminal.say(f"  {told.get(timeout=0.2)}")
        return [cell for column in columns for cell in column.result()]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.leave", description="The leave matrix.")
    parser.add_argument("--quick", action="store_true", help="one short visit in each cell")
    parser.add_argument("--seed", type=int, help="for the same content and stays as before")
    parser.add_argument("--visits", type=int, help="in each cell; half where the browser ends")
    parser.add_argument("--browser", action="append", choices=ENGINES, help="may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
