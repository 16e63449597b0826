"""Beacons from the ledger, and the clickstream that is put together from them."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from fixtures.beacons import Beacon, beacons
from fixtures.clickstream import Clickstream
from fixtures.server import FixtureServer
from tests.fixture_client import Client

VISITOR = "3q2-7wEjRWeJq83vASNFZw"
HALF_AN_HOUR = 30 * 60 * 1000


@pytest.fixture(scope="module")
def server() -> Iterator[FixtureServer]:
    """One server for this file."""
    with FixtureServer() as running:
        yield running


class Sender:
    """Sends beacons to the collector, and reads them back from the ledger."""

    def __init__(self, server: FixtureServer) -> None:
        """Begin at this point of the ledger."""
        self._ledger = server.ledger
        self._mark = server.ledger.mark()
        self._client = Client(server)
        self.collector = server.site("collector")

    def post(self, document: object) -> None:
        """Send a body as the tag does."""
        self._client.request("POST", f"{self.collector}/events", body=json.dumps(document).encode())

    def get(self, target: str) -> None:
        """Ask for an image."""
        self._client.get(f"{self.collector}{target}")

    def arrived(self) -> list[Beacon]:
        """What came."""
        return beacons(self._ledger.select(since=self._mark))


@pytest.fixture
def sender(server: FixtureServer) -> Sender:
    """A sender of its own for each test."""
    return Sender(server)


def a_body(
    *events: dict[str, Any],
    page: str = "p1",
    at: int = 1000,
    visitor: str | None = VISITOR,
    host: str = "publisher.localhost",
) -> dict[str, Any]:
    """A beacon's body."""
    described = {"id": page, "url": f"https://{host}/{page}", "title": page.upper(), "at": at}
    rest = {"v": 1, "site": "demo", "visitor": visitor, "rule": "default", "signals": {}}
    return {**rest, "page": described, "events": list(events)}


def view(seq: int = 0) -> dict[str, Any]:
    """A view event."""
    return {"seq": seq, "type": "view", "at": 1000, "navigation": "navigate"}


def dwell(seq: int, visible: int, engaged: int) -> dict[str, Any]:
    """A dwell event."""
    return {"seq": seq, "type": "dwell", "visible": visible, "engaged": engaged}


def test_a_beacon_tells_what_was_sent(sender: Sender) -> None:
    """Its parts, its whole document, and the exchange that carried it."""
    body = a_body(view())
    sender.post(body)
    (beacon,) = sender.arrived()
    assert (beacon.site, beacon.visitor, beacon.rule) == ("demo", VISITOR, "default")
    assert (beacon.page_id, beacon.events) == ("p1", [view()])
    assert beacon.document == body
    assert beacon.exchange.status == 204


def test_an_image_carries_a_beacon_too(sender: Sender) -> None:
    """Where no request with a body gets out, the same body travels in a query."""
    body = a_body(view())
    sender.get(f"/pixel.gif?site=demo&e=events&body={quote(json.dumps(body))}")
    assert [beacon.document for beacon in sender.arrived()] == [body]


def test_what_is_no_beacon_is_left_out(sender: Sender) -> None:
    """Pixels, markers and malformed bodies."""
    sender.get("/pixel.gif?site=demo&e=view")
    sender.get("/pixel.gif?e=events&body=%7B")
    sender.get("/marker")
    sender.post({"v": 1})
    assert sender.arrived() == []


def test_a_repeated_event_counts_once(sender: Sender) -> None:
    """The pair of page and seq is its identity."""
    sender.post(a_body(view()))
    sender.post(a_body(view(), dwell(1, 10, 5)))
    stream = Clickstream(sender.arrived())
    assert (stream.raw_count, stream.deduplicated_count) == (3, 2)


def test_the_latest_dwell_holds_in_whatever_order_it_came(sender: Sender) -> None:
    """Dwell is cumulative; the network keeps no order."""
    sender.post(a_body(dwell(3, 3000, 900), view()))
    sender.post(a_body(dwell(1, 1000, 500)))
    (page,) = Clickstream(sender.arrived()).pages()
    assert (page.visible, page.engaged, page.navigation) == (3000, 900, "navigate")


def test_pages_come_in_the_order_of_access(sender: Sender) -> None:
    """Not in the order of arrival."""
    sender.post(a_body(view(), page="second", at=2000))
    sender.post(a_body(view(), page="first", at=1000))
    assert [page.title for page in Clickstream(sender.arrived()).pages()] == ["FIRST", "SECOND"]


def test_each_visitor_has_a_clickstream(sender: Sender) -> None:
    """One visitor's pages are told from another's."""
    sender.post(a_body(view(), page="mine"))
    sender.post(a_body(view(), page="theirs", visitor="another"))
    stream = Clickstream(sender.arrived())
    assert stream.visitors == {VISITOR, "another"}
    assert [page.page_id for page in stream.pages("another")] == ["theirs"]


def test_pages_without_identifier_are_not_linked(sender: Sender) -> None:
    """Each is a visit of its own."""
    sender.post(a_body(view(), page="a", visitor=None))
    sender.post(a_body(view(), page="b", visitor=None))
    assert [len(visit.pages) for visit in Clickstream(sender.arrived()).visits()] == [1, 1]


def test_a_long_pause_or_another_host_begins_a_new_visit(sender: Sender) -> None:
    """Half an hour, as is the custom."""
    sender.post(a_body(view(), page="a", at=0))
    sender.post(a_body(view(), page="b", at=HALF_AN_HOUR))
    sender.post(a_body(view(), page="c", at=HALF_AN_HOUR, host="magazine.localhost"))
    sender.post(a_body(view(), page="d", at=2 * HALF_AN_HOUR + 1))
    visits = Clickstream(sender.arrived()).visits()
    assert [[page.page_id for page in visit.pages] for visit in visits] == [
        ["a", "b"],
        ["c"],
        ["d"],
    ]


def test_a_bounded_clickstream_forgets_the_oldest_page(sender: Sender) -> None:
    """And goes on counting."""
    for page in "abc":
        sender.post(a_body(view(), page=page))
    stream = Clickstream(sender.arrived(), keep=2)
    assert [page.page_id for page in stream.pages()] == ["b", "c"]
    assert stream.deduplicated_count == 3
