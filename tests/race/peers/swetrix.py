"""Swetrix's tracker: views, and a heartbeat that tells that somebody is still there."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of

ENTRY = """import * as Swetrix from "swetrix";
Swetrix.init("race", { apiURL: "%collector%/log", devMode: true });
Swetrix.trackViews();
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    if exchange.path in {"/log", "/log/"}:
        yield Told("view", body_of(exchange)["pg"])


PEER = Peer(
    key="swetrix",
    name="Swetrix",
    package="swetrix",
    entry=ENTRY,
    read=_read,
    paths=("/log", "/log/", "/log/hb"),
)
