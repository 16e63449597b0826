"""The suite itself: what it makes of a ledger that is not what a test named. Without a browser."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from fixtures.server import FixtureServer
from tests.fixture_client import Client
from tests.support import discrepancies
from tests.support.events import events
from tests.support.site import Site
from tests.support.tag import Tag


@pytest.fixture
def a_site(server: FixtureServer, tag: Tag) -> Site:
    """A website with the tag, whose visitor is played by the test."""
    made = Site.new(server)
    made.page("/", title="A", tag=tag)
    return made


def dwell(visible: int, **more: float) -> dict[str, Any]:
    return {
        "type": "dwell",
        "at": VIEW["at"],
        "visible": visible,
        "engaged": 2,
        "scroll": 0.5,
        **more,
    }


VIEW: dict[str, Any] = {"type": "view", "at": 1795459025842, "navigation": "navigate"}


def complaints(
    site: Site, sent: Sequence[dict[str, Any]], *, named: int = 1, together: bool = False
) -> list[str]:
    """What the suite says of a page that sent these, one by one or not, if so many were named."""
    client, mark = Client(site.server), site.server.ledger.mark()
    page = {"id": f"page{mark}", "url": site.url("/"), "referrer": "", "title": "A"}
    numbered = [{"seq": seq, **event} for seq, event in enumerate(sent)]
    for told in [numbered] if together else [[each] for each in numbered]:
        document = {
            "v": 1,
            "site": "demo",
            "visitor": None,
            "rule": "default",
            "signals": {"dnt": None, "gpc": None, "optout": False},
            "page": {**page, "at": VIEW["at"]},
            "events": told,
        }
        collector = site.server.site("collector")
        client.request("POST", f"{collector}/events", body=json.dumps(document).encode())
    came = site.server.ledger.select(role="collector", since=mark)
    return discrepancies.find(
        came,
        events(came)[:named],
        sites=[site],
        repeats_allowed=False,
        is_dwell_optional=lambda _: False,
    )


def test_a_view_and_a_dwell_are_what_each_page_sends(a_site: Site) -> None:
    assert complaints(a_site, [VIEW, dwell(300)]) == []


def test_a_dwell_may_be_replaced_by_a_longer_one_on_a_page_that_is_open_for_long(
    a_site: Site,
) -> None:
    """Its scroll depth may shrink, as the page grows."""
    heartbeats = [dwell(5001), dwell(15004, scroll=0.6), dwell(15100, scroll=0.4)]
    assert complaints(a_site, [VIEW, *heartbeats]) == []
    assert complaints(a_site, [VIEW, *heartbeats], named=2) == []


def test_the_events_of_a_beacon_stand_in_their_order(a_site: Site) -> None:
    view, left = {**VIEW, "seq": 0}, {**dwell(300), "seq": 1}
    assert complaints(a_site, [view, left], together=True) == []
    (complaint,) = complaints(a_site, [left, view], named=2, together=True)
    assert complaint.startswith("its events are not in the order")


@pytest.mark.parametrize(
    "second",
    [dwell(5001), dwell(5000), dwell(6000, engaged=1)],
    ids=["the same", "less", "less engaged"],
)
def test_a_dwell_that_tells_no_more_than_the_one_before_is_a_failure(
    a_site: Site, second: dict[str, Any]
) -> None:
    found = complaints(a_site, [VIEW, dwell(5001), second], named=3)
    assert [each for each in found if "adds nothing" in each]


def test_a_second_dwell_of_a_page_that_was_soon_left_is_a_failure(a_site: Site) -> None:
    (found,) = complaints(a_site, [VIEW, dwell(300), dwell(310)])
    assert "nobody named" in found


def test_a_pixel_that_nobody_named_is_a_failure(a_site: Site, server: FixtureServer) -> None:
    mark = server.ledger.mark()
    collector = server.site("collector")
    Client(server).get(f"{collector}/pixel.gif?site=demo&e=view", referer=f"{a_site.origin}/")
    (found,) = discrepancies.find(
        server.ledger.select(role="collector", since=mark),
        [],
        sites=[a_site],
        repeats_allowed=False,
        is_dwell_optional=lambda _: False,
    )
    assert "a pixel that nobody named" in found
