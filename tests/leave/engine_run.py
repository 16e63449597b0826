"""All cells of one engine, with a fixture server and a browser of their own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright
from selenium.common.exceptions import WebDriverException
from urllib3.exceptions import HTTPError

from fixtures.server import FixtureServer
from tests.browsers.bidi import BidiError
from tests.browsers.discovery import Engine, find
from tests.browsers.processes import kill, tree
from tests.browsers.starter import starter
from tests.browsers.visitor import VisitorTimeoutError
from tests.leave.cell import Cell, Laboratory
from tests.leave.modes import MODES, LeaveMode
from tests.leave.summary import Json, summarise
from tests.leave.terminal import Tell, progress
from tests.support.tag import TagBuilder

UNTOLD = {"crash", "kill"}
"""Modes in which nobody is told: some stays outlast the first heartbeat, to see what that saves."""


DRIVER_ERRORS = (PlaywrightError, BidiError, WebDriverException, HTTPError, VisitorTimeoutError)


class MissingBrowserError(Exception):
    """An engine that was asked for is not on this machine."""


@dataclass(frozen=True)
class Size:
    """How much there is to do."""

    visits: int
    """Of each cell."""
    costly_visits: int
    """Of each cell whose visits end the browser."""
    stays: tuple[float, float]
    """The shortest and the longest stay, in ms."""
    long_stays: tuple[float, float] | None
    """Those of half the visits after whose end nobody is told; None: as the others."""
    seconds: float = inf
    """After so many, the cells that are left get one short visit each, so that there is an end."""


FULL = Size(visits=6, costly_visits=2, stays=(200, 1500), long_stays=(5600, 7500), seconds=180)
QUICK = Size(visits=1, costly_visits=1, stays=(200, 500), long_stays=None)


def run_engine(engine: Engine, size: Size, seed: int, tell: Tell) -> list[Json]:
    """Fill an engine's column; `tell` gets a line on each cell as it is full.

    Raises:
        MissingBrowserError: The engine is not here.
    """
    summaries: list[Json] = []
    deadline = time.monotonic() + size.seconds
    with _laboratory(engine, seed) as laboratory:
        for mode in MODES.values():
            in_time = size if time.monotonic() < deadline else QUICK
            summaries.append(summarise(_try_twice(laboratory, mode, in_time)))
            tell(progress(summaries[-1]))
    return summaries


def _try_twice(laboratory: Laboratory, mode: LeaveMode, size: Size) -> Cell:
    """Fill one cell, again if a driver hangs; should it hang twice, the cell says so."""
    failure = ""
    for _ in range(2):
        try:
            return run_cell(laboratory, mode, size)
        except DRIVER_ERRORS as error:
            failure = str(error).partition("\n")[0]
            laboratory.server.faults.reset()
            kill(tree("MiniBrowser"))
    return Cell(laboratory.engine, mode, impossible=f"the driver failed twice: {failure}")


def run_cell(laboratory: Laboratory, mode: LeaveMode, size: Size) -> Cell:
    """Fill one cell."""
    visits = size.costly_visits if mode.ends_browser else size.visits
    if mode.key not in UNTOLD or size.long_stays is None:
        return laboratory.run(mode, visits, size.stays)
    cell = laboratory.run(mode, visits - visits // 2, size.stays)
    cell.visits += laboratory.run(mode, visits // 2, size.long_stays).visits
    return cell


@contextmanager
def _laboratory(engine: Engine, seed: int) -> Iterator[Laboratory]:
    browser = find(engine)
    if browser is None:
        raise MissingBrowserError(f"no {engine} here: run `python -m tests.browsers.install`")
    with (
        FixtureServer() as server,
        sync_playwright() as playwright,
        TemporaryDirectory(prefix="azalead-leave-") as folder,
    ):
        server.serve("magazine", "/left", "<!doctype html><title>Another site</title>")
        tag = TagBuilder(server, Path(folder))()
        key = server.authority.key_hash
        start = starter(browser, playwright, trusted_key=key, headed=False, tracing=False)
        try:
            random = Random(f"{seed} {engine}")  # noqa: S311 - no secret
            yield Laboratory(engine, server, tag, start, random)
        finally:
            start.close()
