"""Starts the reference collector: `python -m examples.collector --help`."""

import argparse
import asyncio
import gc
import signal
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from examples.collector.cookies import VisitorCookie
from examples.collector.database import Database
from examples.collector.organizations import Organizations
from examples.collector.reports import reports_page
from examples.collector.server import LONGEST_ADDRESS, Collector

TABLE = Path(__file__).with_name("organizations.csv")


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.collector", description="Takes the tag's beacons into a database."
    )
    add = parser.add_argument
    add(
        "--database",
        default="collector.db",
        help="a file, or postgresql://… (default: %(default)s)",
    )
    add("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    add("--port", type=int, default=8444, help="default: %(default)s; 0: any free one")
    add("--certificate", type=Path, help="PEM, with its chain; without one, a proxy brings HTTPS")
    add("--key", type=Path, help="PEM")
    add("--cookie-domain", help="set the visitor's cookie for this registrable domain")
    add("--cookie-days", type=int, default=390, help="default: %(default)s")
    add("--organizations", type=Path, default=TABLE, help="CSV (default: invented ones)")
    add("--client", action="append", default=[], help="a domain whose pages may ask for them")
    add("--proxy", action="append", default=[], help="a network whose X-Forwarded-For counts")
    add("--reports-port", type=int, default=8445, help="the charts, on loopback alone; 0: any")
    return parser.parse_args(arguments)


async def serve(asked: argparse.Namespace) -> None:
    """Serve until told to stop."""
    database = Database(asked.database)
    cookie = (
        VisitorCookie(asked.cookie_domain, days=asked.cookie_days) if asked.cookie_domain else None
    )
    organizations = Organizations(asked.organizations, asked.proxy)
    collector = Collector(database, organizations, cookie, asked.client)
    context = None
    if asked.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(asked.certificate, asked.key)
    runners = [
        await _listen(collector.application(), asked.host, asked.port, context),
        await _listen(reports_page(database), "127.0.0.1", asked.reports_port, None),
    ]
    addresses = [address for runner in runners for address in runner.addresses]
    scheme = "https" if context else "http"
    _say(f"beacons: {scheme}://{asked.host}:{addresses[0][1]}")
    _say(f"reports: http://127.0.0.1:{addresses[1][1]}")
    await _told_to_stop()
    for runner in runners:
        await runner.cleanup()
    await database.close()


async def _listen(
    application: web.Application, host: str, port: int, context: ssl.SSLContext | None
) -> web.AppRunner:
    runner = web.AppRunner(
        application,
        access_log=None,
        auto_decompress=False,  # no browser compresses; a small body could become a large one
        max_line_size=LONGEST_ADDRESS,
        max_field_size=LONGEST_ADDRESS,
        shutdown_timeout=5,
    )
    await runner.setup()
    # Several processes on one port: the kernel hands each its share of the connections.
    site = web.TCPSite(runner, host, port, ssl_context=context, backlog=512, reuse_port=True)
    await site.start()
    return runner


async def _told_to_stop() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # A stored beacon is gone, and to look for garbage at each turn costs a tenth.
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    asyncio.run(serve(options()))
