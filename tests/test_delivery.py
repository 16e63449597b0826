"""What could not be sent: kept for later in bounded size, and sent once the collector is there."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.events import events
from tests.support.site import Site
from tests.support.tag import Tag
from tests.support.unsent import KEPT, NO_CONTENT, is_taken, leave_unsent

IMPATIENT = """<script>
  // Timers of the tag's repeats run ten thousand times as fast, so that a day passes in a second.
  window.pauses = [];
  const patient = setTimeout;
  window.setTimeout = (run, pause, ...given) => {
    const isRepeat = pause === 3600000 || (pause >= 2000 && Math.log2(pause / 2000) % 1 === 0);
    if (isRepeat) pauses.push(pause);
    return patient(run, isRepeat ? pause / 10000 : pause, ...given);
  };
</script>"""

MOST_KEPT = """<script>
  // Between two repeats what is kept is taken up again, so it is looked at as each pause begins.
  const impatient = setTimeout;
  window.mostKept = 0;
  window.setTimeout = (...given) => {
    queueMicrotask(() => { mostKept = Math.max(mostKept, localStorage.length) });
    return impatient(...given);
  };
</script>"""

TOUCHES_OF_STORAGE = """<script>
  // What is kept is a property, whose reading nobody can watch, so the way to it is watched.
  window.touches = 0;
  const storage = localStorage;
  Object.defineProperty(window, "localStorage", {
    get() {
      touches += 1;
      return storage;
    },
  });
</script>"""


@contextmanager
def down(server: FixtureServer, how: str) -> Iterator[None]:
    """The collector on a bad day: a closed port, or an error for every beacon."""
    fault: AbstractContextManager[object] = (
        server.faults.refuse("collector")
        if how == "refused"
        else server.faults.status("collector", 503, path="/events", readable="read" in how)
    )
    with fault:
        yield


@pytest.mark.claim("C06")
@pytest.mark.claim("C08")
@pytest.mark.claim("C10")
@pytest.mark.parametrize("how", ["refused", "503", "503 that the page may read"])
def test_what_was_not_taken_is_kept_and_sent_by_the_next_page_of_the_site(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, how: str
) -> None:
    arrivals.allow_repeats()
    before = site.server.ledger.mark()
    with down(site.server, how):
        visitor.open(site.page("/a", title="A", tag=tag))
        visitor.wait_until(KEPT)
        visitor.evaluate("() => azalead('event', 'kept')")
        visitor.open(site.url("/left"))
        kept = json.loads(visitor.evaluate(KEPT))
    page_id = kept[0]["page"]["id"]
    assert {body["page"]["id"] for body in kept} == {page_id}
    types = [event["type"] for body in kept for event in body["events"]]
    assert [types[0], types[-1]] == ["view", "dwell"]
    visitor.open(site.page("/b", title="B", tag=tag))
    for kind in ("view", "event", "dwell"):
        taken = partial(is_taken, page_id=page_id, kind=kind)
        site.server.ledger.wait(taken, since=before)
    visitor.wait_until(f"!{KEPT}")
    first, second = arrivals.view(title="A"), arrivals.view(title="B")
    arrivals.expect("event")
    arrivals.dwell(first)
    assert first.page_id == page_id
    assert first.visitor == second.visitor
    assert visitor.evaluate("document.cookie") == f"azalead_id={first.visitor}"
    assert first.page["at"] < second.page["at"], "it tells when it happened, not when it was sent"
    assert not visitor.problems()


def test_an_answer_that_refuses_a_beacon_is_final(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Such a beacon would be refused again; the next one goes out as if it had been taken."""
    with site.server.faults.status("collector", 404, path="/events", readable=True):
        visitor.open(site.page("/", title="A", tag=tag, head=IMPATIENT))
        arrivals.view()
        visitor.evaluate("() => azalead('event', 'after')")
        arrivals.expect("event")
        assert visitor.evaluate("pauses") == []
        assert visitor.evaluate(f"{KEPT} === undefined")


def test_storage_is_touched_when_the_first_beacon_arrives_and_not_again_until_one_fails(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    visitor.open(site.page("/", title="A", tag=tag, head=IMPATIENT + TOUCHES_OF_STORAGE))
    arrivals.view()
    visitor.wait_until("touches > 0")
    touches = visitor.evaluate("touches")
    for _ in range(3):
        visitor.evaluate("() => azalead('event', 'taken')")
        arrivals.expect("event")
    assert visitor.evaluate("touches") == touches
    with site.server.faults.status("collector", 503, path="/events"):
        visitor.evaluate("() => azalead('event', 'late')")
        visitor.wait_until("pauses.length > 0")
    assert arrivals.expect("event").event["name"] == "late"
    assert visitor.evaluate("touches") > touches


def test_a_collector_that_is_down_for_a_day_causes_no_storm_no_growth_and_no_noise(
    visitor: Visitor, tag: Tag, server: FixtureServer
) -> None:
    site = Site.new(server)
    before = server.ledger.mark()
    last = 119

    def told(*, taken: bool) -> list[int]:
        entries = server.ledger.select(role="collector", path="/events", since=before)
        wanted = [entry for entry in entries if (entry.status == NO_CONTENT) == taken]
        return [each.event["properties"]["n"] for each in events(wanted) if each.type == "event"]

    with server.faults.status("collector", 503, path="/events"):
        visitor.open(site.page("/", title="A", tag=tag, head=IMPATIENT))
        visitor.evaluate(
            """last => {
              for (let n = 0; n <= last; n++) azalead("event", "e", { n, t: "x".repeat(4600) });
            }""",
            last,
        )
        visitor.wait_until("pauses.filter((pause) => pause === 3600000).length > 2")
        pauses = visitor.evaluate("pauses")
        tried = server.ledger.select(role="collector", path="/events", since=before)
        kept = visitor.evaluate(f"JSON.parse({KEPT} || '[]').length")
    assert pauses[:13] == [*(2000 * 2**n for n in range(11)), 3600000, 3600000]
    assert len(tried) <= len(pauses) + 2, "after each failure a pause"
    assert kept <= 50
    assert not visitor.problems()
    # Then it is there again: what was kept arrives, newest included, in the middle of the visit.
    server.ledger.wait(
        lambda entry: entry.status == NO_CONTENT and f'"n":{last},'.encode() in entry.body,
        since=before,
    )
    visitor.wait_until(f"!{KEPT}")
    arrived = told(taken=True)
    assert arrived == list(range(arrived[0], last + 1)), "each once, in order, the oldest left out"


def test_of_two_tabs_only_one_sends_what_was_kept(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    kept = leave_unsent(visitor, site, tag)[0]
    before = site.server.ledger.mark()
    site.page("/b", title="B", tag=tag)
    with site.server.faults.hold("collector", path="/events"):
        # Three at once, which all find at the same moment that the collector is there again.
        frames = '<iframe src="/b"></iframe><iframe src="/b"></iframe>'
        visitor.open(site.page("/frames", title="Frames", tag=tag, body=frames))
        site.server.ledger.wait_for_count(lambda each: each.path == "/events", 3, since=before)
    needle = kept["page"]["id"].encode()
    site.server.ledger.wait(lambda entry: needle in entry.body, since=before)
    visitor.open(site.page("/c", title="C", tag=tag))
    for title in ("A", "Frames", "B", "B", "C"):
        arrivals.view(title=title)
    arrivals.settle()
    sent = site.server.ledger.select(path="/events", since=before)
    views = [
        event
        for entry in sent
        if needle in entry.body
        for event in json.loads(entry.body)["events"]
        if event["type"] == "view"
    ]
    assert len(views) == 1


def test_what_is_old_or_broken_is_forgotten_and_what_is_young_is_sent(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    leave_unsent(visitor, site, tag)
    visitor.evaluate(
        f"""() => {{
          const kept = JSON.parse({KEPT});
          const old = JSON.parse({KEPT})[0];
          old.page.id = "old";
          old.page.at -= 4 * 86400000;
          {KEPT} = JSON.stringify([old, ...kept]);
        }}"""
    )
    visitor.open(site.page("/b", title="B", tag=tag))
    arrivals.view(title="B")
    visitor.wait_until(f"!{KEPT}")
    arrivals.view(title="A")
    for number, broken in enumerate(["no JSON", "[{}, null]", "null", "{}"]):
        visitor.evaluate(f"broken => {{ {KEPT} = broken }}", broken)
        visitor.open(site.page(f"/{number}", title=f"{number}", tag=tag))
        arrivals.view(title=f"{number}")
        visitor.wait_until(f"!{KEPT}")
    assert not visitor.problems()


@pytest.mark.claim("C16")
def test_who_has_opted_out_has_nothing_kept_and_is_still_counted(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    visitor.open(site.page("/", title="Before"))
    visitor.add_cookie(site.url("/"), "azalead_optout", "1")
    before = site.server.ledger.mark()
    with site.server.faults.status("collector", 503, path="/events"):
        visitor.open(site.page("/a", title="A", tag=tag, head=IMPATIENT + MOST_KEPT))
        visitor.wait_until("pauses.length > 3")
        assert visitor.evaluate("mostKept") == 0
    view = arrivals.view(title="A")
    site.server.ledger.wait(lambda entry: is_taken(entry, view.page_id, "view"), since=before)
    assert (view.visitor, view.beacon.rule) == (None, "optout")


@pytest.mark.claim("C05")
def test_what_is_kept_of_one_visitor_is_not_sent_as_another_s(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Who deletes the cookie is somebody else from then on, and not before."""
    arrivals.allow_repeats()
    kept = leave_unsent(visitor, site, tag)[0]
    visitor.clear_cookies()
    before = site.server.ledger.mark()
    visitor.open(site.page("/b", title="B", tag=tag))
    first, second = arrivals.view(title="A"), arrivals.view(title="B")
    arrivals.dwell(first)
    assert first.visitor == kept["visitor"]
    assert second.visitor not in (None, first.visitor)
    taken = partial(is_taken, page_id=first.page_id, kind="view")
    late = json.loads(site.server.ledger.wait(taken, since=before).body)
    assert late["visitor"] is None, "the identifier holds no more, and the new one is another's"
