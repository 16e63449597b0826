"""The reference collector stores what counts, once, in SQLite and in PostgreSQL alike."""

import json
import random
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from examples.collector.postgresql import postgresql
from examples.collector.running import Running, running

Json = dict[str, Any]

AT = 1_795_459_025_842
DAY = 24 * 60 * 60 * 1000
VISITOR = "3q2-7wEjRWeJq83vASNFZw"
NUMBERS = count(1)


@dataclass(frozen=True)
class Place:
    """A database, and how to look into it."""

    address: str

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        if self.address.startswith("postgresql:"):
            with psycopg.connect(self.address) as server:
                return server.execute(query.encode()).fetchall()
        connection = sqlite3.connect(self.address)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of this module's own."""
    with postgresql("fsync=off") as address:
        yield address


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where the collector stores."""
    if request.param == "SQLite":
        return Place(str(tmp_path_factory.mktemp("sqlite") / "collector.db"))
    return Place(str(request.getfixturevalue("server")))


@pytest.fixture(scope="module")
def collector(place: Place) -> Iterator[Running]:
    """A collector in a process of its own."""
    with running("--database", place.address) as started:
        yield started


def page(**changes: object) -> Json:
    """A page that nobody has seen yet."""
    told = {
        "id": f"page-{next(NUMBERS)}",
        "url": "https://publisher.example/pricing",
        "referrer": "",
        "title": "Pricing",
        "at": AT,
    }
    return told | changes


def view(seq: int = 0) -> Json:
    """A page view."""
    return {"seq": seq, "type": "view", "at": AT, "navigation": "navigate"}


def dwell(seq: int, visible: int) -> Json:
    """A dwell."""
    return {"seq": seq, "type": "dwell", "at": AT, "visible": visible, "engaged": visible // 2}


def click(seq: int) -> Json:
    """A click."""
    return {"seq": seq, "type": "click", "at": AT, "kind": "outbound", "href": "https://a.example/"}


def beacon(told: Json, *events: Json, **changes: object) -> Json:
    """A beacon of a page."""
    plain = {
        "v": 1,
        "site": "demo",
        "visitor": VISITOR,
        "rule": "default",
        "signals": {"dnt": "1", "gpc": None, "optout": False},
        "page": told,
        "events": list(events) or [view()],
    }
    return plain | changes


def send(collector: Running, *beacons: Json | str) -> None:
    """Send them one after the other; each is stored when this returns."""
    for each in beacons:
        assert status_of(collector, each) == 204


def status_of(collector: Running, body: Json | str) -> int:
    """What a body is answered."""
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    request = urllib.request.Request(f"{collector.beacons}/events", data)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310
            return int(reply.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def rows_of(place: Place, told: Json, columns: str) -> list[tuple[Any, ...]]:
    """What is stored of a page."""
    return place.ask(f"SELECT {columns} FROM page WHERE id = '{told['id']}'")  # noqa: S608 - ours


def test_each_event_is_stored_once_however_often_it_comes(collector: Running, place: Place) -> None:
    told = page()
    same = beacon(told, view(), click(1), click(2))
    send(collector, same, same, beacon(told, click(2), click(3)))
    assert rows_of(place, told, "url, navigation, visitor") == [(told["url"], "navigate", VISITOR)]
    events = place.ask(f"SELECT seq, type FROM event WHERE page = '{told['id']}' ORDER BY seq")  # noqa: S608
    assert events == [(1, "click"), (2, "click"), (3, "click")]


def test_the_latest_dwell_address_and_title_count_in_whatever_order_they_come(
    collector: Running, place: Place
) -> None:
    generator = random.Random(25)  # noqa: S311 - an order, no secret
    beacons = [
        [view(0)],
        [dwell(1, 1000)],
        [dwell(2, 2000), click(3)],
        [dwell(4, 4000)],
    ]
    for _turn in range(6):
        told = page()
        titled = [
            beacon(
                told | {"title": f"Title {number}", "url": f"https://a.example/{number}"}, *events
            )
            for number, events in enumerate(beacons)
        ]
        order = [*titled, *titled]
        generator.shuffle(order)
        send(collector, *order)
        stored = rows_of(place, told, "title, url, visible, engaged, navigation")
        assert stored == [("Title 3", "https://a.example/3", 4000, 2000, "navigate")]


def test_of_the_dwells_of_one_beacon_the_latest_counts(collector: Running, place: Place) -> None:
    for events in ([dwell(1, 1000), dwell(2, 2000)], [dwell(2, 2000), dwell(1, 1000)]):
        told = page()
        send(collector, beacon(told, *events))
        assert rows_of(place, told, "visible") == [(2000,)]


def test_previous_counts_as_if_it_had_come_alone(collector: Running, place: Place) -> None:
    earlier, later = page(), page()
    last = {"page": earlier, "events": [dwell(5, 5000)]}
    send(collector, beacon(earlier, view()), beacon(later, previous=[last]))
    # A database may refuse to change one row twice in one statement.
    before = {"page": earlier, "events": [dwell(4, 4000)]}
    send(collector, beacon(later, previous=[before, last, before]))
    assert rows_of(place, earlier, "visible, navigation, visitor") == [(5000, "navigate", VISITOR)]
    assert rows_of(place, later, "visible, navigation") == [(None, "navigate")]


def test_the_calls_that_the_stub_passes_on_are_events(collector: Running, place: Place) -> None:
    told = page()
    calls = [{"0": "view"}, {"0": "event", "1": "signup", "2": {"plan": "large"}}]
    send(collector, beacon(told, visitor=None, rule="stub", calls=calls))
    ((kind, data),) = place.ask(f"SELECT type, data FROM event WHERE page = '{told['id']}'")  # noqa: S608
    assert (kind, json.loads(data)["name"]) == ("event", "signup")


def test_the_organisation_stands_with_the_page(collector: Running, place: Place) -> None:
    told = page()
    send(collector, beacon(told))
    assert rows_of(place, told, "organization") == [("Azalea Nurseries",)]


def test_nobody_who_may_not_be_recognised_is_stored_under_an_identifier(
    collector: Running, place: Place
) -> None:
    out, told = page(), page()
    signals = {"dnt": None, "gpc": None, "optout": True}
    send(collector, beacon(out, rule="optout", signals=signals), beacon(told, visitor="somebody"))
    assert rows_of(place, out, "visitor, rule, optout") == [(None, "optout", 1)]
    assert rows_of(place, told, "visitor") == [(None,)]


def test_who_is_forgotten_stays_forgotten(collector: Running, place: Place) -> None:
    before, late, other = page(), page(), page()
    forgotten, kept = "Zm9yZ2V0LW1lLXBsZWFzZQ", "a2VlcC1tZS1wbGVhc2UtOg"
    forget = {"seq": 9, "type": "forget", "at": AT}
    send(
        collector,
        beacon(before, view(), click(1), visitor=forgotten),
        beacon(other, view(), click(1), visitor=kept),
        beacon(page(), forget, visitor=forgotten),
        beacon(late, visitor=forgotten),
    )
    assert rows_of(place, before, "id") == []
    assert place.ask(f"SELECT * FROM event WHERE page = '{before['id']}'") == []  # noqa: S608
    assert rows_of(place, late, "visitor") == [(None,)]
    assert rows_of(place, other, "visitor") == [(kept,)]
    tables = ("page", "event", "forgotten")
    everything = str([place.ask(f"SELECT * FROM {table}") for table in tables])  # noqa: S608
    assert forgotten not in everything
    assert kept in everything


def test_text_that_a_database_refuses_is_stored_all_the_same(
    collector: Running, place: Place
) -> None:
    told = page()
    body = json.dumps(beacon(told, view(), click(1))).replace("Pricing", "a\\u0000b\\ud800c")
    send(collector, body)
    assert rows_of(place, told, "title") == [("a\ufffdb?c",)]


def test_sql_tells_the_clickstream_the_dwell_and_who_came_back(
    collector: Running, place: Place
) -> None:
    """Each query of the example is asked as its charts ask it."""
    visitor = "Y2xpY2tzdHJlYW0tdGVzdA"
    url = f"https://clickstream.example/{next(NUMBERS)}"
    first = page(url=f"{url}/a", at=AT + 10)
    second = page(url=f"{url}/b", at=AT + 60_000)
    again = page(url=f"{url}/a", at=AT + DAY)
    send(
        collector,
        beacon(second, view(), dwell(2, 4000), visitor=visitor),
        beacon(first, view(), click(1), dwell(2, 2000), visitor=visitor),
        beacon(again, view(), dwell(2, 6000), visitor=visitor),
    )
    queries = Path(__file__).parent.parent / "examples" / "collector" / "sql"
    ask = {
        file.stem: place.ask(file.read_text(encoding="utf-8")) for file in queries.glob("*_*.sql")
    }
    stream = place.ask((queries / "clickstream.sql").read_text(encoding="utf-8"))
    mine = [(row[1], row[4], row[6], row[8]) for row in stream if row[0] == visitor]
    assert mine == [
        (2, f"{url}/a", 6000, 0),
        (1, f"{url}/a", 2000, 1),
        (1, f"{url}/b", 4000, 0),
    ]
    dwells = {row[0]: row for row in ask["dwell_per_page"]}
    assert (dwells[f"{url}/a"][1], float(dwells[f"{url}/a"][3])) == (2, 4000.0)
    ((organization, _, returning, _),) = ask["returning_visitors"]
    assert (organization, returning) == ("Azalea Nurseries", 1)
    assert sum(row[1] for row in ask["views_per_hour"]) > 3


def test_the_charts_show_what_is_stored_and_no_markup_of_a_visitors(
    collector: Running,
) -> None:
    url = f"https://charts.example/<script>{next(NUMBERS)}"
    send(collector, beacon(page(url=url), view(), dwell(1, 7000)))
    with urllib.request.urlopen(collector.reports, timeout=20) as reply:  # noqa: S310 - loopback
        text = reply.read().decode()
    assert url.replace("<", "&lt;").replace(">", "&gt;") in text
    assert "<script" not in text
    assert "7.0 s" in text
    assert "Azalea Nurseries" in text
    assert text.count('<rect class="bar"') == 48


def test_no_page_reads_the_charts_by_a_name_that_leads_to_loopback(collector: Running) -> None:
    request = urllib.request.Request(collector.reports, headers={"Host": "evil.example"})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=20)  # noqa: S310
