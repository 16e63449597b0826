"""Serves aiohttp applications over HTTPS in a thread, each at a port of its own."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from aiohttp import web

from conformance.check import Check, Probe
from conformance.runner import FAILED, Result, default_origin, run
from conformance.target import Pace, Target, client_context
from examples.collector.beacon import Report
from examples.collector.server import LONGEST_ADDRESS
from fixtures.authority import Authority

HOST = "collector.publisher.localhost"
DOMAIN = "publisher.localhost"
CLIENTS = ["publisher.example"]
"""The site that the checks speak for where the script sets the cookie."""
UNHURRIED = 10_000.0
"""Requests in a second: on loopback nobody has to be spared."""


@dataclass
class Memory:
    """A sink that keeps reports in a list."""

    reports: list[Report] = field(default_factory=list)

    async def store(self, reports: Sequence[Report]) -> None:
        """Keep them."""
        self.reports += reports


class Serving:
    """An event loop in a thread, and an authority for its certificates."""

    def __init__(self) -> None:
        """Begin without a server."""
        self.authority = Authority()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @contextmanager
    def serve(self, application: web.Application) -> Iterator[str]:
        """Serve it for the length of the block; gives its origin."""
        runner = web.AppRunner(
            application,
            access_log=None,
            auto_decompress=False,
            max_line_size=LONGEST_ADDRESS,
            max_field_size=LONGEST_ADDRESS,
            shutdown_timeout=0,
        )
        port = self._run(self._open(runner))
        try:
            yield f"https://{HOST}:{port}"
        finally:
            self._run(runner.cleanup())

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.authority.close()

    async def _open(self, runner: web.AppRunner) -> int:
        await runner.setup()
        context = self.authority.server_context()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        return int(runner.addresses[0][1])

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever it gives
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def outcomes(
    authority: Authority,
    url: str,
    checks: Sequence[Check],
    *,
    server_cookie: bool = False,
    patience: float = 10.0,
) -> list[Result]:
    """What comes of these checks, without the pauses that spare a real server."""
    target = Target.of(url, client_context(authority.pem_file))
    pace = Pace(UNHURRIED, stretch=0.05, patience=patience)
    origin = default_origin(target, server_cookie=server_cookie)
    return run(Probe(target, pace, origin), checks)


def failed(results: Sequence[Result]) -> set[str]:
    """The names of those that failed."""
    return {result.check.name for result in results if result.outcome == FAILED}
