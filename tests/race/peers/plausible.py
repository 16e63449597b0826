"""Plausible's tracker: `pageview`, then `engagement` with the time since the one before it."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of, path_of

# `captureOnLocalhost` also ends its filter of automated browsers.
ENTRY = """import { init } from "@plausible-analytics/tracker";
init({
  domain: location.hostname,
  endpoint: "%collector%/api/event",
  captureOnLocalhost: true,
  outboundLinks: true,
  fileDownloads: true,
});
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    event = body_of(exchange)
    path = path_of(event["u"])
    if event["n"] == "pageview":
        yield Told("view", path)
    elif event["n"] == "engagement":
        yield Told("dwell", path, milliseconds=event["e"], adds=True)


PEER = Peer(
    key="plausible",
    name="Plausible",
    package="@plausible-analytics/tracker",
    entry=ENTRY,
    read=_read,
    paths=("/api/event",),
    dwell=True,
)
