"""What stands in storage is not trusted: checked, scrubbed, bounded, and told of nobody else."""

import json
import time
from itertools import count
from typing import Any

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.events import events
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.support.unsent import KEPT

Json = dict[str, Any]
NUMBERS = count(1)


def entry(place: Site, name: str, **changes: Any) -> Json:  # noqa: ANN401 - any JSON
    """A beacon as this site's tag keeps it, or one that differs."""
    at = int(time.time() * 1000) - 5000
    page: Json = {"id": f"kept-{next(NUMBERS)}", "url": place.url("/kept"), "referrer": ""}
    page |= {"title": name, "at": at}
    event = {"seq": 1, "type": "event", "at": at, "name": name, "properties": {"n": [1, {"m": 2}]}}
    page |= changes.pop("page", {})
    return {"site": "demo", "visitor": None, "page": page, "events": [event], **changes}


def plant(visitor: Visitor, site: Site, tag: Tag, entries: object) -> None:
    """Put something into storage, and open a page that looks there."""
    visitor.open(site.page("/bare", title="Bare"))
    visitor.evaluate("(text) => { localStorage.azalead_unsent = text }", json.dumps(entries))
    visitor.open(site.page("/b", title="B", tag=tag))


def named(arrivals: Arrivals) -> list[str]:
    """The custom events that came."""
    return [each.event["name"] for each in arrivals.all() if each.type == "event"]


def wrong(site: Site) -> dict[str, object]:
    """Everything that is not a beacon of ours."""
    now = int(time.time() * 1000)
    second, huge = entry(site, "wrong"), entry(site, "wrong")
    second["events"].append({"seq": "2", "type": "event", "at": now, "name": "x"})
    huge["events"][0]["name"] *= 9999
    return {
        "null": None,
        "number": 7,
        "list": [],
        "object": {},
        "text": "text",
        "another client's": entry(site, "wrong", site="other"),
        "no client's": entry(site, "wrong", site=None),
        "page of text": entry(site, "wrong") | {"page": "page"},
        "no page": entry(site, "wrong") | {"page": None},
        "old": entry(site, "wrong", page={"at": now - 4 * 86400_000}),
        "of the future": entry(site, "wrong", page={"at": now + 86400_000}),
        "of no time": entry(site, "wrong", page={"at": None}),
        "of a text's time": entry(site, "wrong", page={"at": str(now - 9)}),
        "long id": entry(site, "wrong", page={"id": "x" * 99}),
        "mail as id": entry(site, "wrong", page={"id": "someone@mail.example"}),
        "no id": entry(site, "wrong", page={"id": 7}),
        "no address": entry(site, "wrong", page={"url": "nowhere"}),
        "address of another kind": entry(site, "wrong", page={"url": {"a": 1}}),
        "title of another kind": entry(site, "wrong", page={"title": ["a"]}),
        "referrer of another kind": entry(site, "wrong", page={"referrer": 5}),
        "no events": entry(site, "wrong", events=[]),
        "events of another kind": entry(site, "wrong", events={"0": {}}),
        "event of no kind": entry(site, "wrong", events=[{"seq": 1, "at": now}]),
        "event of another kind": entry(site, "wrong", events=["event"]),
        "huge": entry(
            site, "wrong", events=[{**entry(site, "x")["events"][0], "name": "x" * 99999}]
        ),
    }


@pytest.mark.claim("C15")
def test_what_is_wrong_is_dropped_and_what_is_right_beside_it_goes(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    right = [entry(site, f"right-{number}") for number in range(3)]
    plant(visitor, site, tag, [right[0], *wrong(site).values(), right[1], right[2]])
    arrivals.view(title="B")
    for name in ("right-0", "right-1", "right-2"):
        arrived = arrivals.expect("event", title=name)
        assert arrived.event["properties"] == {"n": [1, {"m": 2}]}
    arrivals.settle()
    assert "wrong" not in named(arrivals)
    assert not visitor.problems()


@pytest.mark.claim("C15")
def test_what_is_kept_is_scrubbed_and_has_nothing_of_its_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    mail = "someone@mail.example"
    planted = entry(
        site,
        mail,
        page={
            "url": site.url(f"/a/{mail}?mail={mail}#x"),
            "referrer": f"https://x.example/?m={mail}",
        },
        events=[
            {
                "seq": 1,
                "type": "event",
                "at": 1,
                "name": mail,
                "properties": {mail: [mail, {"a": mail}]},
                "secret": mail,
            },
            {
                "seq": 2,
                "type": "click",
                "at": 1,
                "kind": "outbound",
                "href": f"https://x.example/{mail}?token={mail}",
            },
        ],
        secret=mail,
    )
    planted["page"]["secret"] = mail
    plant(visitor, site, tag, [planted])
    arrivals.view(title="B")
    event, click = arrivals.expect("event"), arrivals.expect("click")
    assert mail not in event.exchange.body.decode()
    assert b"secret" not in event.exchange.body
    assert click.event["href"] == "https://x.example/redacted"
    assert event.page["url"] == site.url("/a/redacted")


def test_what_is_kept_of_somebody_is_not_told_of_whoever_comes(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """With its twin: what is kept of this visitor is told of them."""
    visitor.open(site.page("/a", title="A", tag=tag))
    ours = arrivals.view(title="A").visitor
    kept = [
        entry(site, "ours", visitor=ours),
        entry(site, "another's", visitor="OtherVisitorOtherVisiA"),
        entry(site, "nobody's"),
        {**entry(site, "untold"), "visitor": {"a": 1}},
    ]
    del kept[2]["visitor"]
    plant(visitor, site, tag, kept)
    arrivals.view(title="B")
    found = {
        name: arrivals.expect("event", title=name).visitor
        for name in ("ours", "another's", "nobody's", "untold")
    }
    assert found == {"ours": ours, "another's": None, "nobody's": None, "untold": None}


def test_two_sites_on_one_origin_send_their_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder
) -> None:
    other = build_tag({"tag.site": "other"})
    plant(visitor, site, tag, [entry(site, "ours"), entry(site, "theirs", site="other")])
    arrivals.view(title="B")
    assert arrivals.expect("event").event["name"] == "ours"
    visitor.wait_until(f"JSON.parse({KEPT}).length === 1")
    visitor.open(site.page("/c", title="C", tag=other))
    arrivals.view(title="C")
    theirs = arrivals.expect("event", title="theirs")
    assert theirs.beacon.site == "other"
    visitor.wait_until(f"!{KEPT}")


BROKEN_TEXTS = {
    "no JSON": "'{'",
    "a number": "'7'",
    "a text": "'\"text\"'",
    "an object": "'{\"length\": 3}'",
    "ten thousand": "JSON.stringify(Array(1e4).fill({ site: 'demo', page: { at: Date.now() } }))",
    "deep": "'['.repeat(5000) + ']'.repeat(5000)",
    "long": "'[' + '\"' + 'x'.repeat(2e6) + '\"]'",
    "a prototype": '\'[{"__proto__": {"site": "demo"}, "constructor": 1, "page": {"at": 1}}]\'',
}


@pytest.mark.parametrize("text", BROKEN_TEXTS)
def test_a_text_that_is_no_list_of_beacons_harms_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, text: str
) -> None:
    visitor.open(site.page("/bare", title="Bare"))
    visitor.evaluate(f"() => {{ localStorage.azalead_unsent = {BROKEN_TEXTS[text]} }}")
    visitor.open(site.page("/b", title="B", tag=tag))
    arrivals.view(title="B")
    visitor.wait_until(f"!{KEPT}")
    assert not visitor.problems()
    assert visitor.evaluate("({}).site === undefined")


def test_no_more_than_fifty_are_taken_up(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    plant(visitor, site, tag, [entry(site, f"kept-{number}") for number in range(200)])
    arrivals.view(title="B")
    found = [arrivals.expect("event") for _ in range(50)]
    visitor.wait_until(f"!{KEPT}")
    assert found[-1].event["name"] == "kept-199"


MANY = """(first) => {
  for (let n = first; n < first + 10000; n++) azalead("event", "e", { n, t: "x".repeat(99) });
}"""


def test_a_page_that_makes_a_hundred_thousand_events_stays_within_bounds(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    """While the collector is slow; view and newest events are told, the console says so once."""
    site = Site.new(server)
    mark = server.ledger.mark()
    with server.faults.hold("collector", path="/events"):
        visitor.open(site.page("/a", title="A", tag=tag))
        for part in range(10):  # a driver has no patience for all of them at once
            visitor.evaluate(MANY, part * 10000)
        warnings = visitor.problems()
        visitor.evaluate(MANY, 100000)
        assert not visitor.problems()
    assert [(each.kind, "too many events" in each.text) for each in warnings] == [
        ("console.warn", True)
    ]
    server.ledger.wait(lambda each: b'"n":109999,' in each.body, since=mark)
    told = {
        each.identity: each for each in events(server.ledger.select(path="/events", since=mark))
    }
    assert "view" in {each.type for each in told.values()}
    assert len(told) < 60000
