"""Custom events: `azalead('event', name, properties)`, as JSON, of bounded size, and whole."""

import json
from functools import partial

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.events import Arrival
from tests.support.site import Site
from tests.support.tag import Tag
from tests.support.unsent import KEPT

PROPERTIES = {
    "text": 'é € 😀 "</script>" \u2028',
    "number": -1.5e-7,
    "truth": [True, False, None],
    "deep": {"list": [{"a": [[]]}], "": 0},
}

BAD = [
    "azalead('event')",
    "azalead('event', '')",
    "azalead('event', 7)",
    "azalead('event', {})",
    "azalead('event', 'x', { call() {} })",
    "azalead('event', 'x', { list: [undefined] })",
    "azalead('event', 'x', { number: NaN })",
    "azalead('event', 'x', { number: -Infinity })",
    "azalead('event', 'x', { symbol: Symbol() })",
    "azalead('event', 'x', { big: 10n })",
    "azalead('event', 'x', (() => { const round = {}; round.round = round; return round })())",
    "azalead('event', 'x', { get bad() { throw new Error('from the page') } })",
    "azalead('event', 'x', { text: 'x'.repeat(8200) })",
    "azalead('event', 'x'.repeat(8200))",
]

NO_OBJECT = [
    "azalead('event', 'x', 'text')",
    "azalead('event', 'x', 7)",
    "azalead('event', 'x', null)",
    "azalead('event', 'x', ['a'])",
]

LARGE = """() => {
  for (let n = 0; n < %d; n++) azalead("event", "large", { n, text: "€".repeat(8000) });
}"""
PAUSES = """<script>
  window.pauses = 0;
  const natural = setTimeout;
  window.setTimeout = (run, pause, ...given) => {
    pauses += pause === 2000;
    return natural(run, pause, ...given);
  };
</script>"""
GO_ON = "\n  setTimeout(() => { location.href = '/b'; });\n}"


@pytest.mark.claim("C08")
@pytest.mark.claim("C10")
def test_an_event_arrives_as_it_was_given(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    view = arrivals.view(title="A")
    visitor.evaluate("given => azalead('event', 'sign-up ☂', given)", PROPERTIES)
    visitor.evaluate("() => azalead('event', 'bare')")
    given, bare = arrivals.expect("event"), arrivals.expect("event")
    assert (given.event["name"], given.event["properties"]) == ("sign-up ☂", PROPERTIES)
    assert (bare.event["name"], bare.event["properties"]) == ("bare", {})
    for event in (given, bare):
        assert (event.page_id, event.visitor) == (view.page_id, view.visitor)
        assert view.page["at"] <= event.event["at"] <= event.exchange.headers_at.unix_ms
    assert not visitor.problems()


@pytest.mark.parametrize("calls", [BAD, NO_OBJECT], ids=["bad", "no object"])
def test_what_is_no_event_is_told_once_and_not_sent(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, calls: list[str]
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view(title="A")
    visitor.problems()
    for call in calls:
        visitor.evaluate(f"() => {{ {call} }}")
        problems = visitor.problems()
        assert [problem.kind for problem in problems] == ["console.warn"], call
        assert problems[0].text.startswith("azalead"), call


def test_many_large_events_at_once_arrive_whole_and_soon(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """One after the other, as a browser takes two such beacons at once, and a third one later."""
    visitor.open(site.page("/", title="A", tag=tag, head=PAUSES))
    arrivals.view(title="A")
    visitor.evaluate(LARGE % 12)
    came = [arrivals.expect("event") for _ in range(12)]
    assert [event.event["properties"]["n"] for event in came] == list(range(12))
    assert {len(event.event["properties"]["text"]) for event in came} == {8000}
    assert max(len(exchange.body) for exchange in arrivals.exchanges()) < 60_000
    # To Chromium a body counts until its request has ended, perhaps after the next one's answer.
    assert visitor.evaluate("pauses") <= 1
    assert not visitor.problems()


def is_number(arrival: Arrival, number: int) -> bool:
    """Whether it is the large event with this number."""
    return bool(arrival.event["properties"]["n"] == number)


@pytest.mark.claim("C10")
def test_large_events_at_the_last_moment_arrive_whole_by_the_next_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """About 145 KB against the 64 KiB that all keepalive bodies of a page share."""
    arrivals.allow_repeats()
    site.page("/b", title="B", tag=tag)
    visitor.open(site.page("/a", title="A", tag=tag))
    view = arrivals.view(title="A")
    visitor.evaluate(LARGE.removesuffix("\n}") % 6 + GO_ON)
    arrivals.view(title="B")
    came = [arrivals.expect("event", where=partial(is_number, number=n)) for n in range(6)]
    assert {event.page_id for event in came} == {view.page_id}
    assert {event.visitor for event in came} == {view.visitor}
    assert len(json.dumps(came[-1].event, ensure_ascii=False)) > 8000
    arrivals.dwell(view)
    visitor.wait_until(f"!{KEPT}")
    assert not visitor.problems()
