"""How fast the collector takes beacons, what it loses, and how it grows: the figures of the docs.

`python -m examples.collector.bench [--quick]`. Rounds take turns with an empty aiohttp handler, so
that whatever else the machine does meets both. Processor time is what a busy machine blurs least.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from examples.collector.postgresql import postgresql
from examples.collector.running import ROOT, Running, processor_seconds, running
from fixtures.authority import Authority

HOST = "collector.localhost"
MIB = 1024 * 1024
EMPTY = """
import asyncio, ssl, sys
from aiohttp import web

async def answer(request):
    return web.Response(status=204)

async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[1])
    application = web.Application()
    application.router.add_post("/events", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context, backlog=512).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@dataclass
class Load:
    """Fires beacons, each with a number of its own."""

    authority: Authority
    fired: int = 0

    def start(self, port: int, count: int) -> subprocess.Popen[str]:
        """Begin to send so many."""
        first, self.fired = self.fired, self.fired + count
        return subprocess.Popen(  # noqa: S603 - ours
            [
                *(sys.executable, "-m", "examples.collector.load", str(port), str(first)),
                *(str(count), str(self.authority.pem_file)),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fire(self, port: int, count: int) -> float:
        """Send so many; returns how many were stored in a second. Each must be."""
        stored, seconds = _result(self.start(port, count))
        if stored != count:
            raise RuntimeError(f"{count - stored} of {count} beacons were not stored")
        return count / seconds


def _result(process: subprocess.Popen[str]) -> tuple[int, float]:
    """How many were stored, and the seconds that it took."""
    told, _ = process.communicate()
    *numbers, last = told.splitlines()
    return len(numbers), float(last.partition(" ")[2])


@contextmanager
def empty_handler(certificate: str) -> Iterator[tuple[int, int]]:
    """An aiohttp handler that answers 204 and does nothing else; gives its port and process."""
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", EMPTY, certificate], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield int((process.stdout or sys.stdin).readline()), process.pid
        finally:
            process.terminate()


def share(load: Load, certificate: str, database: str, rounds: int, count: int) -> None:
    """The collector's rate beside the empty handler's."""
    arguments = ("--database", database, "--certificate", certificate, "--key", certificate)
    with running(*arguments) as ours, empty_handler(certificate) as (port, process):
        load.fire(port, count)
        load.fire(ours.port, count)
        start = processor_seconds(process), ours.processor_seconds()
        pairs = [(load.fire(port, count), load.fire(ours.port, count)) for _ in range(rounds)]
        spent = processor_seconds(process) - start[0], ours.processor_seconds() - start[1]
    each = [seconds / rounds / count * 1e6 for seconds in spent]
    rates = [median(pair[number] for pair in pairs) for number in (0, 1)]
    shares = median(ours / empty for empty, ours in pairs)
    say(
        f"  {rates[1]:,.0f} beacons a second beside {rates[0]:,.0f} of an empty handler: "
        f"{shares:.2f}; {each[1]:.0f} µs of processor time each beside {each[0]:.0f}: "
        f"{each[0] / each[1]:.2f}"
    )


def memory(load: Load, certificate: str, folder: Path, count: int) -> None:
    """What a process grows by while so many beacons come."""
    arguments = ("--certificate", certificate, "--key", certificate)
    with running("--database", str(folder / "memory.db"), *arguments) as ours:
        load.fire(ours.port, count // 5)
        before = ours.resident()
        load.fire(ours.port, count)
        grown = ours.resident() - before
        say(f"  {before / MIB:.0f} MiB, and {grown / MIB:.1f} MiB more after {count:,} beacons")


def growth(load: Load, database: str, processes: Sequence[int], count: int) -> None:
    """Beacons in a second of several collectors on one database, each with a load of its own."""
    for number in processes:
        with ExitStack() as stack:
            collectors: list[Running] = [
                stack.enter_context(running("--database", database)) for _ in range(number)
            ]
            start = sum(each.processor_seconds() for each in collectors)
            loads = [_plain(load, each, count // number) for each in collectors]
            results = [_result(process) for process in loads]
            spent = sum(each.processor_seconds() for each in collectors) - start
        stored = sum(stored for stored, _ in results)
        seconds = max(seconds for _, seconds in results)
        say(
            f"  {number}: {stored / seconds:,.0f} beacons a second, "
            f"{spent / stored * 1e6:.0f} µs of the collectors' processor time each"
        )


def _plain(load: Load, collector: Running, count: int) -> subprocess.Popen[str]:
    """Without TLS, as behind a proxy that brings it."""
    first, load.fired = load.fired, load.fired + count
    return subprocess.Popen(  # noqa: S603 - ours
        [
            *(sys.executable, "-m", "examples.collector.load", str(collector.port)),
            *(str(first), str(count)),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(prog="python -m examples.collector.bench")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    rounds, count = (3, 4_000) if quick else (9, 20_000)
    authority = Authority()
    load = Load(authority)
    certificate = str(authority.certificate_of(HOST))
    with TemporaryDirectory() as name, postgresql() as address:
        folder = Path(name)
        say("SQLite, over HTTPS:")
        share(load, certificate, str(folder / "rate.db"), rounds, count)
        say("PostgreSQL, over HTTPS:")
        share(load, certificate, address, rounds, count)
        say("Memory, with SQLite:")
        memory(load, certificate, folder, count * 5)
        say("Processes on one PostgreSQL, over HTTP:")
        growth(load, address, (1, 2, 4), count * 2)
    authority.close()


if __name__ == "__main__":
    main()
