"""Umami's tracker, as its package of the whole application has it: one request for each view."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of, path_of


def _read(exchange: Exchange) -> Iterator[Told]:
    told = body_of(exchange)
    if told["type"] == "event" and "name" not in told["payload"]:
        yield Told("view", path_of(told["payload"]["url"]))


PEER = Peer(
    key="umami",
    name="Umami",
    package="umami",
    entry='import "umami/src/tracker/index.js";',
    read=_read,
    attributes=(
        'defer data-website-id="b59e9c65-ae32-47f1-8400-119fcf4861c4" data-host-url="%collector%"'
    ),
    paths=("/api/send",),
    note="2.10 of 2024, the latest that its makers put on npm",
)
