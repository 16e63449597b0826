"""Mixpanel's SDK with page views and autocapture on."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of, path_of

ENTRY = """import mixpanel from "mixpanel-browser";
mixpanel.init("race", {
  api_host: "%collector%",
  autocapture: true,
  track_pageview: true,
  block_bot_useragents: false,
});
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    if exchange.path != "/track/":
        return
    told = body_of(exchange)
    for event in told if isinstance(told, list) else [told]:
        properties = event["properties"]
        if event["event"] == "$mp_web_page_view":
            url = properties["$current_url"]
            yield Told("view", path_of(url), identity=properties["$insert_id"])


PEER = Peer(
    key="mixpanel",
    name="Mixpanel",
    package="mixpanel-browser",
    entry=ENTRY,
    read=_read,
    answers={"/track/": '{"status": 1, "error": null}'},
)
