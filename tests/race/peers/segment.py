"""Segment's Analytics.js 2: a page call, sent to its own destination."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of

ENTRY = """import { AnalyticsBrowser } from "@segment/analytics-next";
const collector = "%collector%";
const analytics = AnalyticsBrowser.load(
  { writeKey: "race", cdnURL: collector },
  { integrations: { "Segment.io": { apiHost: collector.slice(8) + "/v1", protocol: "https" } } },
);
analytics.page();
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    if exchange.path == "/v1/p":
        told = body_of(exchange)
        yield Told("view", told["context"]["page"]["path"], identity=told["messageId"])


PEER = Peer(
    key="segment",
    name="Segment",
    package="@segment/analytics-next",
    entry=ENTRY,
    read=_read,
    splits=True,
    answers={
        "/v1/projects/race/settings": '{"integrations": {"Segment.io": {"apiKey": "race"}}}',
    },
    paths=("/v1/p", "/v1/t", "/v1/m"),
)
