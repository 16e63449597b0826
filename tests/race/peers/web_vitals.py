"""web-vitals, the yardstick: a library that does one other thing and is known to be light."""

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told

ENTRY = """import { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";
const send = (metric) => navigator.sendBeacon("%collector%/vitals", JSON.stringify(metric));
onCLS(send);
onFCP(send);
onINP(send);
onLCP(send);
onTTFB(send);
"""


def _read(_exchange: Exchange) -> list[Told]:
    return []


PEER = Peer(
    key="web-vitals",
    name="web-vitals",
    package="web-vitals",
    entry=ENTRY,
    read=_read,
    paths=("/vitals",),
    views=False,
    note="a yardstick: it measures speed and counts nothing",
)
