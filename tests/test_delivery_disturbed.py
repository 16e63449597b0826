"""What is under way when something else happens: sent once, and kept whole."""

import json
from functools import partial

import pytest

from tests.browsers.leaving import back
from tests.browsers.visitor import Visitor
from tests.support.abilities import skipped_if_impossible
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag
from tests.support.unsent import KEPT, NO_REPEATS, is_taken, leave_unsent

KEPT_AMID_KEEPING = """<script>
  // Whether what was kept is still there when it is packed anew with more.
  let isLeft = false;
  addEventListener("pagehide", () => { isLeft = true }, { capture: true });
  const { stringify } = JSON;
  JSON.stringify = (...given) => {
    if (isLeft && Array.isArray(given[0])) localStorage.wasKept = "azalead_unsent" in localStorage;
    return stringify(...given);
  };
</script>"""

INTERRUPTED = """<script>
  // As Firefox does while it closes a tab: while these ask other processes, the next event is told.
  let isLeft = false;
  let isInterrupted = false;
  addEventListener("pagehide", () => { isLeft = true }, { capture: true });
  const interrupt = () => {
    if (isInterrupted || !isLeft) return;
    isInterrupted = true;
    dispatchEvent(new Event("pagehide"));
    isInterrupted = false;
  };
  const send = fetch;
  window.fetch = (...given) => {
    interrupt();
    return send(...given);
  };
  const storage = localStorage;
  Object.defineProperty(window, "localStorage", { get() { interrupt(); return storage } });
</script>"""

ANSWERED_WHEN_LEFT = """<script>
  // The answer to the first beacon comes when the page has been told that it goes.
  const natural = fetch;
  window.fetch = async (...given) => {
    const answer = await natural(...given);
    await new Promise((resolve) => document.addEventListener("visibilitychange", resolve));
    return answer;
  };
</script>"""

SLOW_TO_PACK = """<script>
  let isLeft = false;
  addEventListener("pagehide", () => { isLeft = true }, { capture: true });
  const { stringify } = JSON;
  JSON.stringify = (...given) => {
    const since = performance.now();
    while (isLeft && performance.now() - since < 20);
    return stringify(...given);
  };
</script>"""


def test_what_is_kept_stays_while_more_is_put_with_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Of a tab that is closed, Firefox may end the script in between."""
    arrivals.allow_repeats()
    leave_unsent(visitor, site, tag, head=KEPT_AMID_KEEPING)
    assert visitor.evaluate("localStorage.wasKept") == "true"
    visitor.open(site.page("/b", title="B", tag=tag))
    arrivals.view(title="B")
    arrivals.dwell(arrivals.view(title="A"))


def test_a_page_that_has_been_left_takes_nothing_of_what_is_kept_along(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """It would send the first of it, and be gone before it has come to the rest."""
    arrivals.allow_repeats()
    page_id = leave_unsent(visitor, site, tag)[0]["page"]["id"]
    before = site.server.ledger.mark()
    visitor.open(site.page("/b", title="B", tag=tag, head=ANSWERED_WHEN_LEFT))
    arrivals.view(title="B")
    visitor.open(site.url("/left"))
    visitor.open(site.page("/c", title="C", tag=tag))
    for kind in ("view", "dwell"):
        taken = partial(is_taken, page_id=page_id, kind=kind)
        site.server.ledger.wait(taken, since=before)
    for title in "AC":
        arrivals.view(title=title)


def test_what_is_known_is_kept_as_soon_as_the_network_goes(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    visitor.open(site.page("/a", title="A", tag=tag, head=NO_REPEATS))  # and no heartbeat
    view = arrivals.view()
    assert visitor.evaluate(f"{KEPT} === undefined")
    with skipped_if_impossible():
        visitor.go_offline()
    visitor.wait_until(KEPT)
    kept = json.loads(visitor.evaluate(KEPT))
    assert [event["type"] for body in kept for event in body["events"]] == ["dwell"]
    visitor.go_online()
    visitor.open(site.page("/b", title="B", tag=tag))
    arrivals.view(title="B")
    visitor.wait_until(f"!{KEPT}")
    dwells = [arrivals.dwell(view).event for _ in ("as it went", "as the page was left")]
    assert kept[0]["events"][0] in dwells


def test_a_page_that_is_seen_again_sends_what_waits_without_waiting_longer(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    before = site.server.ledger.mark()
    with site.server.faults.status("collector", 503, path="/events"):
        visitor.open(site.page("/a", title="A", tag=tag, head=NO_REPEATS))
        visitor.wait_until(KEPT)
        visitor.open(site.url("/left"))
        assert visitor.evaluate(KEPT)
    back(visitor)
    arrivals.expect("view", where=lambda each: each.event["navigation"] == "back_forward_cache")
    first = arrivals.view(title="A")
    for kind in ("view", "dwell"):
        taken = partial(is_taken, page_id=first.page_id, kind=kind)
        site.server.ledger.wait(taken, since=before)
    arrivals.dwell(first)
    visitor.wait_until(f"!{KEPT}")


@pytest.mark.claim("C07")
def test_what_is_being_sent_when_the_next_event_comes_is_sent_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, head=INTERRUPTED))
    view = arrivals.view(title="A")
    visitor.open(site.url("/left"))
    assert arrivals.dwell(view).event["visible"] > 0


def test_what_is_being_kept_when_the_next_event_comes_is_kept_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    kept = leave_unsent(visitor, site, tag, head=INTERRUPTED)
    numbers = [event["seq"] for body in kept for event in body["events"]]
    assert len(numbers) > 1
    assert len(set(numbers)) == len(numbers)
    visitor.open(site.page("/b", title="B", tag=tag))
    arrivals.view(title="B")
    arrivals.dwell(arrivals.view(title="A"))


@pytest.mark.claim("C07")
def test_a_page_that_is_slow_to_pack_its_dwell_has_it_when_its_tab_is_closed(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Firefox tells it amid that of its visibilitychange, and drops what it sends afterwards."""
    for title in "ABCDEFGH":  # of each, a third were lost
        visitor.open(site.page(f"/{title}", title=title, tag=tag, head=SLOW_TO_PACK))
        view = arrivals.view(title=title)
        visitor.close_tab()
        assert arrivals.dwell(view).event["visible"] > 0


def test_a_frame_that_is_removed_while_its_beacon_travels_holds_up_nobody(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """To a document that is gone, Chromium refuses each request at once and starts no timer.

    Who tries again at once does so for ever, in the process that renders the page around it.
    """
    before = site.server.ledger.mark()
    site.page("/framed", title="Framed", tag=tag)
    with site.server.faults.hold("collector", path="/events"):
        visitor.open(site.page("/", title="A", body='<iframe src="/framed"></iframe>'))
        site.server.ledger.wait(lambda entry: entry.path == "/events", since=before)
        visitor.evaluate("() => document.querySelector('iframe').remove()")
        assert visitor.evaluate("document.title") == "A"
    arrivals.view(title="Framed")
