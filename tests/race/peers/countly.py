"""Countly's web SDK: views as events, each with the duration of the one before it."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told

ENTRY = """import Countly from "countly-sdk-web";
Countly.init({ app_key: "race", url: "%collector%", ignore_bots: false });
Countly.track_sessions();
Countly.track_pageview();
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    query = exchange.target.partition("?")[2] if exchange.method == "GET" else ""
    fields = parse_qs(query or exchange.body.decode("utf-8", "replace"))
    for event in json.loads(fields.get("events", ["[]"])[0]):
        if event["key"] != "[CLY]_view":
            continue
        path, page = event["segmentation"]["name"], event.get("id", "")
        if "visit" in event["segmentation"]:
            yield Told("view", path, page)
        elif "dur" in event:
            yield Told("dwell", path, page, milliseconds=1000 * float(event["dur"]), adds=True)


PEER = Peer(
    key="countly",
    name="Countly",
    package="countly-sdk-web",
    entry=ENTRY,
    read=_read,
    answers={"/i": '{"result": "Success"}', "/o/sdk": "{}"},
    dwell=True,
    note="dwell in whole seconds",
)
