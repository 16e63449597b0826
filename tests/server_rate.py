"""How fast the fixture server takes beacons, beside an empty aiohttp handler in the same run.

`python -m tests.server_rate [--quick]`: rounds take turns, so that whatever else the machine does
meets both. Exit 1 where the share is too small, a beacon is lost or doubled, or memory grows.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Thread
from urllib.parse import urlsplit

from aiohttp import web

from fixtures.authority import Authority
from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.fixture_client import Client

ROOT = Path(__file__).parent.parent
LEAST_SHARE = 0.6
BEACONS = 200_000
KEPT = 5000
MOST_GROWTH = 16 * 1024 * 1024
"""Bytes. So many beacons take several times as much where none is forgotten."""


class Gun:
    """The client, in a process of its own; `fire` tells how long its beacons took."""

    def __init__(self, process: subprocess.Popen[str], authority: Authority) -> None:
        """Tell the process whom to trust."""
        self._process = process
        self._fired = 0
        self._tell(str(authority.pem_file))

    def fire(self, port: int, count: int) -> float:
        """Send so many beacons, each with a number of its own; returns how many in a second."""
        self._tell(f"{port} {self._fired} {count}")
        self._fired += count
        assert self._process.stdout
        return count / float(self._process.stdout.readline())

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


@contextmanager
def loaded_gun(authority: Authority) -> Iterator[Gun]:
    """A gun whose process ends with the block, since its input does."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.beacon_gun"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Gun(process, authority)


@dataclass(frozen=True)
class Target:
    """A server under fire."""

    port: int
    thread: Thread
    """The one in which all its work is done."""

    def seconds(self) -> float:
        """The processor's time that it has taken so far."""
        assert self.thread.ident
        return time.clock_gettime(time.pthread_getcpuclockid(self.thread.ident))


@contextmanager
def empty_handler(authority: Authority) -> Iterator[Target]:
    """An aiohttp server that answers 204 and does nothing else, as ours with TLS."""

    async def answer(_request: web.BaseRequest) -> web.Response:
        return web.Response(status=204)

    async def listen() -> asyncio.Server:
        server = web.Server(answer, access_log=None)
        return await loop.create_server(server, "127.0.0.1", 0, ssl=authority.server_context())

    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        yield Target(int(server.sockets[0].getsockname()[1]), thread)
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass(frozen=True)
class Shares:
    """Ours as shares of the empty handler's."""

    rate: float
    """Of beacons in a second, the median of the rounds."""
    work: float
    """Of beacons in a second of the processor's time: what a busy machine does not blur."""


def share(rounds: int, count: int) -> Shares:
    """Fire at both in turns.

    Raises:
        AssertionError: The ledger is not what was sent.
    """
    with (
        FixtureServer(keep=KEPT) as server,
        empty_handler(server.authority) as empty,
        loaded_gun(server.authority) as gun,
    ):
        ours = Target(server.port("collector"), server.thread)
        gun.fire(empty.port, count)
        gun.fire(ours.port, count)
        empty_start, our_start = empty.seconds(), ours.seconds()
        pairs = []
        for _ in range(rounds):
            mark = server.ledger.mark()
            our_rate = gun.fire(ours.port, count)
            assert_exact(server.ledger.select(since=mark), count)
            pairs.append((our_rate, gun.fire(empty.port, count)))
        work = (empty.seconds() - empty_start) / (ours.seconds() - our_start)
    shares = Shares(median(our_rate / empty_rate for our_rate, empty_rate in pairs), work)
    rate = median(our_rate for our_rate, _ in pairs)
    say(
        f"{rate:,.0f} beacons a second: {shares.rate:.2f} of an empty handler's rate, "
        f"{shares.work:.2f} by processor time"
    )
    return shares


def assert_exact(entries: Iterable[Exchange], count: int) -> None:
    """Each beacon is in the ledger once, whole and answered."""
    numbers = Counter(json.loads(entry.body)["events"][0]["seq"] for entry in entries)
    assert len(numbers) == count, f"{count - len(numbers)} of {count} beacons were lost"
    assert set(numbers.values()) == {1}, "a beacon is in the ledger twice"


def growth(count: int) -> int:
    """The bytes by which this process grows while so many beacons come and somebody watches."""
    with (
        FixtureServer(keep=KEPT) as server,
        loaded_gun(server.authority) as gun,
        watched(server),
    ):
        port, step = server.port("collector"), 2 * KEPT
        gun.fire(port, 2 * step)
        before = resident()
        for _ in range(0, count - 2 * step, step):
            gun.fire(port, step)
        assert server.ledger.total >= count
        assert len(server.ledger.select()) == KEPT
        grown = resident() - before
    say(f"{grown / 2**20:.1f} MiB more after {count:,} beacons")
    return grown


@contextmanager
def watched(server: FixtureServer) -> Iterator[None]:
    """Somebody has the live view open, as in the demo."""
    site = server.site("collector")
    with Client(server).connect(site) as stream:
        stream.settimeout(None)
        host = urlsplit(site).netloc
        stream.sendall(f"GET /live/beacons HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        Thread(target=lambda: all(iter(lambda: stream.recv(65536), b"")), daemon=True).start()
        yield


def resident() -> int:
    """Bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Measure; the exit status says whether all is as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.server_rate")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and no look at memory")
    quick = parser.parse_args().quick
    is_fast = share(*((10, 200) if quick else (40, 500))).rate >= LEAST_SHARE
    is_bounded = quick or growth(BEACONS) <= MOST_GROWTH
    return int(not (is_fast and is_bounded))


if __name__ == "__main__":
    sys.exit(main())
