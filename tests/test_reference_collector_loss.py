"""What the reference collector has answered it does not lose, and what it cannot store it says."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from examples.collector import server as collector_server
from examples.collector.beacon import Report
from examples.collector.database import Database
from examples.collector.load import request
from examples.collector.postgresql import postgresql
from examples.collector.running import ROOT, Running, running
from examples.collector.server import Collector
from examples.collector.sink import LogFile, NotNowError
from tests.collectors.serving import CLIENTS, Serving, failed, outcomes
from tests.test_conformance import named
from tests.test_reference_collector import beacon, page, status_of, view

ENOUGH = 300
PATIENCE = 40
LOAD = "examples.collector.load"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL that keeps its promises: what is committed is on the disk."""
    with postgresql() as address:
        yield address


def stored_numbers(address: str) -> set[int]:
    """The numbers of the load's beacons in a database."""
    query = "SELECT id FROM page WHERE site = 'load'"
    if address.startswith("postgresql:"):
        with psycopg.connect(address) as connection:
            rows = connection.execute(query).fetchall()
    else:
        with closing(sqlite3.connect(address)) as file:
            rows = file.execute(query).fetchall()
    return {int(str(name).removeprefix("load-")) for (name,) in rows}


def kill_under_load(collector: Running, address: str) -> set[int]:
    """End the collector by SIGKILL amid many beacons; gives those that it had answered."""
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-m", LOAD, str(collector.port), "0", "1000000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as load:
        deadline = time.monotonic() + PATIENCE
        while len(stored_numbers(address)) < ENOUGH:
            assert time.monotonic() < deadline, "the load does not come"
        collector.process.kill()
        told, _ = load.communicate()
    return {int(line) for line in told.splitlines() if line.isdecimal()}


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_nothing_that_was_answered_is_lost_when_the_process_is_killed(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    is_file = kind == "SQLite"
    address = str(tmp_path / "file.db") if is_file else str(request.getfixturevalue("server"))
    with running("--database", address) as collector:
        answered = kill_under_load(collector, address)
    stored = stored_numbers(address)
    assert len(answered) >= ENOUGH - 64  # the latest of each connection may be on its way
    assert answered <= stored
    # The same beacons come again, as the tag would send them; each is there once.
    with running("--database", address) as collector:
        again = sorted(stored)[:50]
        for number in again:
            body = json.loads(load_body(number))
            assert status_of(collector, body) == 204
    assert stored_numbers(address) == stored


def load_body(number: int) -> bytes:
    """The body of one of the load's beacons."""
    return request(number).partition(b"\r\n\r\n")[2]


def test_a_database_that_does_not_take_it_is_503_and_the_beacon_may_come_again(
    tmp_path: Path,
) -> None:
    file = str(tmp_path / "locked.db")
    told = beacon(page())
    with running("--database", file) as collector:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert status_of(collector, told) == 503
            assert status_of(collector, "{") == 400
            other.execute("ROLLBACK")
        assert status_of(collector, told) == 204


def test_postgresql_that_was_gone_is_found_again(server: str) -> None:
    with running("--database", server) as collector:
        assert status_of(collector, beacon(page())) == 204
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        told = beacon(page())
        assert 204 in {status_of(collector, told), status_of(collector, told)}


def report(**changes: object) -> Report:
    """A report as the collector makes it of a beacon."""
    told = page(**changes)
    return Report("demo", None, "default", {}, None, told, [view()])


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_one_row_that_no_database_takes_does_not_take_its_batch_along(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    is_file = kind == "SQLite"
    address = str(tmp_path / "file.db") if is_file else str(request.getfixturevalue("server"))
    good = [report() for _ in range(5)]

    async def store_all() -> Sequence[BaseException | None]:
        database = Database(address)
        try:
            poison = report(at=2**80)
            batch = [*good[:3], poison, *good[3:]]
            return await asyncio.gather(
                *(database.store([each]) for each in batch), return_exceptions=True
            )
        finally:
            await database.close()

    results = asyncio.run(store_all())
    assert [isinstance(result, NotNowError) for result in results] == [False] * 3 + [True] + [
        False
    ] * 2


def test_nobody_waits_for_ever_whatever_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Database, _reports: object) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr(Database, "_statements", fail)

    async def store() -> None:
        database = Database(str(tmp_path / "file.db"))
        try:
            for _turn in range(2):
                with pytest.raises(NotNowError, match="nobody expected this"):
                    await asyncio.wait_for(database.store([report()]), PATIENCE)
        finally:
            await database.close()

    asyncio.run(store())


def test_what_waits_to_be_stored_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One body waits for a sink that does not end; the next is more than may wait."""
    monkeypatch.setattr(collector_server, "MOST_BYTES_WAITING", 1000)

    class Stuck:
        async def store(self, _reports: Sequence[Report]) -> None:
            await asyncio.Event().wait()

    async def store() -> None:
        collector = Collector(Stuck())
        waiting = asyncio.create_task(collector._store([report()], 600))  # noqa: SLF001
        await asyncio.sleep(0)
        with pytest.raises(NotNowError):
            await collector._store([report()], 600)  # noqa: SLF001
        fits = asyncio.create_task(collector._store([report()], 300))  # noqa: SLF001
        await asyncio.sleep(0)
        assert not fits.done()
        for task in (waiting, fits):
            task.cancel()
        await asyncio.gather(waiting, fits, return_exceptions=True)
        assert collector._bytes_waiting == 0  # noqa: SLF001

    asyncio.run(store())


def test_a_log_stands_where_the_database_does(tmp_path: Path) -> None:
    """Another sink of one method, with which the collector keeps to the contract as well."""
    file = tmp_path / "beacons.jsonl"
    serving = Serving()
    try:
        checks = named("takes-view", "takes-previous", "survives-lone-surrogate", "refuses-list")
        with serving.serve(Collector(LogFile(file), clients=CLIENTS).application()) as url:
            assert failed(outcomes(serving.authority, url, checks)) == set()
    finally:
        serving.close()
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 5
    assert {line["site"] for line in lines} == {"conformance"}
