"""PostHog's SDK with the defaults that it gives to new projects."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of, path_of

ENTRY = """import posthog from "posthog-js";
posthog.init("phc_race", {
  api_host: "%collector%",
  defaults: "2025-11-30",
  opt_out_useragent_filter: true,
});
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    if exchange.path not in {"/e/", "/i/v0/e/", "/batch/"}:
        return
    told = body_of(exchange)
    events = told if isinstance(told, list) else told.get("batch", [told])
    for event in events:
        properties, name = event["properties"], event["event"]
        if name == "$pageview":
            path, page = path_of(properties["$current_url"]), properties.get("$pageview_id", "")
            yield Told("view", path, page, event["uuid"])
        if "$prev_pageview_duration" in properties:
            yield Told(
                "dwell",
                properties["$prev_pageview_pathname"],
                properties.get("$prev_pageview_id", ""),
                event["uuid"],
                milliseconds=1000 * properties["$prev_pageview_duration"],
            )


PEER = Peer(
    key="posthog",
    name="PostHog",
    package="posthog-js",
    entry=ENTRY,
    read=_read,
    answers={
        "/array/phc_race/config": '{"supportedCompression": ["gzip", "gzip-js"]}',
        "/array/phc_race/config.js": "",
        "/flags/": '{"featureFlags": {}, "errorsWhileComputingFlags": false}',
        "/e/": '{"status": 1}',
        "/i/v0/e/": '{"status": 1}',
    },
    dwell=True,
    note="dwell with the time in which the page was hidden",
)
