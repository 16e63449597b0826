"""Snowplow's tracker: page views, and page pings while the visitor is there."""

import base64
import json
from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Json, Peer, Told, body_of, path_of

# The finest that its pings can be; its documentation's example has 30 and 10 seconds.
ENTRY = """import {
  enableActivityTracking,
  newTracker,
  trackPageView,
} from "@snowplow/browser-tracker";
newTracker("race", "%collector%", { appId: "race" });
enableActivityTracking({ minimumVisitLength: 1, heartbeatDelay: 1 });
trackPageView();
"""
PING = 1000
"""Milliseconds that each ping stands for."""


def _read(exchange: Exchange) -> Iterator[Told]:
    for event in body_of(exchange)["data"]:
        path, page = path_of(event["url"]), _page(event)
        if event["e"] == "pv":
            yield Told("view", path, page, identity=event["eid"])
        elif event["e"] == "pp":
            yield Told("dwell", path, page, event["eid"], milliseconds=PING, adds=True)


def _page(event: Json) -> str:
    """Its own identifier of the page view, among the event's contexts."""
    text = event.get("co") or base64.urlsafe_b64decode(event.get("cx", "e30") + "==").decode()
    contexts = json.loads(text).get("data", [])
    return next((each["data"]["id"] for each in contexts if "web_page" in each["schema"]), "")


PEER = Peer(
    key="snowplow",
    name="Snowplow",
    package="@snowplow/browser-tracker",
    entry=ENTRY,
    read=_read,
    paths=("/com.snowplowanalytics.snowplow/tp2",),
    dwell=True,
    note="dwell by pings each second, its finest; they come only while the visitor does something",
)
