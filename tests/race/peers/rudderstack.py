"""RudderStack's SDK with its page life cycle tracking on."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of

ENTRY = """import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";
const analytics = new RudderAnalytics();
analytics.load("race-race-race-race-race-race", "%collector%", {
  getSourceConfig: () => ({
    source: {
      id: "race",
      name: "race",
      writeKey: "race",
      enabled: true,
      workspaceId: "race",
      connections: [],
      destinations: [],
      config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      dataplanes: {},
    },
    updatedAt: "2026-01-01T00:00:00.000Z",
  }),
  useBeacon: true,
  autoTrack: { enabled: true, pageLifecycle: { enabled: true } },
});
analytics.page();
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    told = body_of(exchange)
    for event in told.get("batch", [told]):
        path = event["context"]["page"]["path"]
        if event["type"] == "page":
            yield Told("view", path, identity=event["messageId"])
        elif event.get("event") == "Page Unloaded":
            stay = event["properties"]["timeOnPage"]
            yield Told("dwell", path, identity=event["messageId"], milliseconds=stay)


PEER = Peer(
    key="rudderstack",
    name="RudderStack",
    package="@rudderstack/analytics-js",
    entry=ENTRY,
    read=_read,
    splits=True,
    paths=("/beacon/v1/batch", "/v1/page", "/v1/track", "/v1/batch"),
    dwell=True,
)
