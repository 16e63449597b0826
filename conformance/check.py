"""What a check is, and the probe through which it speaks to the collector."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from conformance.exchange import Reply, Request
from conformance.target import Pace, Target
from conformance.wire import Connection

Json = dict[str, Any]

AGENT = "azalead-conformance/1"
LONGEST_BODY = 64 * 1024


class CheckFailedError(AssertionError):
    """The collector does otherwise than the contract says; the message says what was expected."""


class SkippedError(Exception):
    """The check does not apply to this collector; the message says why."""


@dataclass(frozen=True)
class Check:
    """One thing that a collector must do."""

    name: str
    says: str
    """What the contract says, in one sentence."""
    section: str
    """The heading in docs/collector.md that has it at length."""
    operation: str
    """The path in openapi.json."""
    run: Callable[["Probe"], None]

    @property
    def where(self) -> str:
        """Where the contract says it."""
        pointer = self.operation.replace("~", "~0").replace("/", "~1")
        return f"docs/collector.md#{self.section}; openapi.json#/paths/{pointer}"


@dataclass
class Checks:
    """The checks of one section, in order; used as a decorator."""

    section: str
    operation: str
    all: list[Check] = field(default_factory=list)

    def __call__(
        self, name: str, says: str, *, operation: str = ""
    ) -> Callable[[Callable[["Probe"], None]], Callable[["Probe"], None]]:
        """Add a check."""

        def add(run: Callable[["Probe"], None]) -> Callable[["Probe"], None]:
            self.all.append(Check(name, says, self.section, operation or self.operation, run))
            return run

        return add


@dataclass
class Probe:
    """Speaks to the collector for one check after the other, on a connection that is kept.

    Args:
        target: The collector.
        pace: How hard it may be asked.
        origin: A page's origin that the collector is for.
        brand: What the cookies' names begin with.
    """

    target: Target
    pace: Pace
    origin: str
    brand: str = "azalead"
    sent: str = ""
    """The latest request, for a report."""
    came: str = ""
    """What it got."""
    _connection: Connection | None = None
    _numbers: Any = field(default_factory=lambda: count(1))
    _run: str = field(default_factory=lambda: secrets.token_hex(4))

    # Asking

    def ask(self, request: Request) -> Reply:
        """Send a request; a kept connection that the server has closed meanwhile is made anew."""
        self.pace.take_turn()
        self.note(request, Reply(trouble="no connection"))
        was_kept = self._connection is not None and self._connection.is_open
        reply = self._connected().ask(request)
        if not reply.status and was_kept:
            self.hang_up()
            reply = self._connected().ask(request)
        self.note(request, reply)
        return reply

    def get(self, path: str, **headers: str | None) -> Reply:
        """Ask for a path below the collector's address."""
        return self.ask(self.request("GET", path, **headers))

    def post(self, beacon: Json | bytes, **headers: str | None) -> Reply:
        """Send a beacon's body to `/events`."""
        return self.ask(self.beacon_request(beacon, **headers))

    def request(
        self, method: str, path: str, body: bytes = b"", /, **headers: str | None
    ) -> Request:
        """A request as a page's script makes it; a header that is None is left out."""
        is_own = self.target.host.endswith(self.origin.removeprefix("https://").partition(":")[0])
        usual: dict[str, str | None] = {
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-site" if is_own else "cross-site",
            "Sec-Fetch-Mode": "cors",
            "Sec-Fetch-Dest": "empty",
        }
        wanted = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        pairs = [(name, value) for name, value in wanted.items() if value is not None]
        return Request(method, self.target.prefix + path, pairs, body)

    def beacon_request(self, beacon: Json | bytes, **headers: str | None) -> Request:
        """A beacon as the tag sends it."""
        body = beacon if isinstance(beacon, bytes) else json.dumps(beacon).encode()
        told = {"Content_Type": "text/plain;charset=UTF-8"} | headers
        return self.request("POST", "/events", body, **told)

    def connect(self) -> Connection:
        """A connection of its own, for what must not disturb others."""
        self.pace.take_turn()
        return Connection(self.target, self.pace.patience)

    def hang_up(self) -> None:
        """Close the kept connection."""
        if self._connection:
            self._connection.close()

    def _connected(self) -> Connection:
        if self._connection is None or not self._connection.is_open:
            self.hang_up()
            self._connection = Connection(self.target, self.pace.patience)
        return self._connection

    # Judging

    def note(self, request: Request | str, reply: Reply | str) -> None:
        """Write down for a report what was sent and what came."""
        self.sent, self.came = str(request), str(reply)

    def expect(self, holds: object, expected: str) -> None:
        """Fail unless it holds."""
        if not holds:
            raise CheckFailedError(expected)

    def takes(self, beacon: Json | bytes, **headers: str | None) -> Reply:
        """Expect that a beacon is taken."""
        reply = self.post(beacon, **headers)
        self.expect(reply.is_taken, "a 2xx status")
        return reply

    def refuses(self, beacon: Json | bytes, **headers: str | None) -> Reply:
        """Expect that a body is refused for good."""
        reply = self.post(beacon, **headers)
        self.expect(reply.is_refusal, "a 4xx status, which is final")
        return reply

    def survives(self, beacon: Json | bytes, **headers: str | None) -> None:
        """Expect an answer that is final, whichever."""
        reply = self.post(beacon, **headers)
        self.expect(200 <= reply.status < 500, "a 2xx or a 4xx status: after a 5xx it comes again")

    # Beacons

    def beacon(self, *events: Json, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
        """A beacon of a new page; by default of its view."""
        at = 1_795_459_025_842
        page = {
            "id": f"conformance-{self._run}-{next(self._numbers)}",
            "url": "https://publisher.example/pricing?utm_source=x",
            "referrer": "https://elsewhere.example/",
            "title": "Pricing",
            "at": at,
        }
        view = {"seq": 0, "type": "view", "at": at, "navigation": "navigate"}
        beacon = {
            "v": 1,
            "site": "conformance",
            "visitor": "3q2-7wEjRWeJq83vASNFZw",
            "rule": "default",
            "signals": {"dnt": "1", "gpc": None, "optout": False},
            "page": page,
            "events": list(events) or [view],
        }
        return beacon | changes

    def beacon_of_size(self, size: int) -> bytes:
        """A valid beacon of exactly so many bytes."""
        beacon = self.beacon()
        beacon["page"]["title"] = ""
        room = size - len(json.dumps(beacon).encode())
        beacon["page"]["title"] = "x" * room
        return json.dumps(beacon).encode()
