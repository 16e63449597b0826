"""Amplitude's browser SDK with its own choice of what to capture."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of

ENTRY = """import * as amplitude from "@amplitude/analytics-browser";
amplitude.init("race", {
  serverUrl: "%collector%/2/httpapi",
  remoteConfig: { fetchRemoteConfig: false },
  autocapture: true,
});
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    for event in body_of(exchange)["events"]:
        if event["event_type"] == "[Amplitude] Page Viewed":
            path = event["event_properties"]["[Amplitude] Page Path"]
            yield Told("view", path, identity=event["insert_id"])


PEER = Peer(
    key="amplitude",
    name="Amplitude",
    package="@amplitude/analytics-browser",
    entry=ENTRY,
    read=_read,
    answers={"/2/httpapi": '{"code": 200}'},
)
