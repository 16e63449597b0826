"""`views = "manual"`: nothing is counted until the page calls for it."""

import pytest

from tests.browsers.leaving import back
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.stopwatch import ELEMENT
from tests.support.tag import Tag, TagBuilder

LINK = (
    '<a id="out" href="https://elsewhere.example/" onclick="return false">Out</a>'
    '<a id="next" href="/left">On</a>'
)
READY = "!Array.isArray(azalead.q)"
DO_ALL = """() => {
  history.pushState({}, "", "/b");
  history.replaceState({}, "", "/c");
  document.getElementById("out").click();
  dispatchEvent(new Event("offline"));
}"""


@pytest.fixture
def manual(build_tag: TagBuilder) -> Tag:
    """A tag that counts only what it is told."""
    return build_tag({"measure.views": "manual"})


@pytest.mark.claim("C08")
def test_nothing_is_counted_before_the_page_calls_for_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, manual: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=manual, body=LINK))
    visitor.wait_until(READY)
    visitor.press("Shift")
    visitor.evaluate(DO_ALL)
    visitor.click("#next")
    visitor.wait_until("document.title === 'Another page'")
    assert not visitor.problems()
    back(visitor)
    visitor.wait_until(READY)
    visitor.evaluate("() => azalead('view')")
    view = arrivals.view(title="A")
    assert view.event["navigation"] == "manual"


@pytest.mark.claim("C07")
def test_a_view_by_hand_counts_from_then_on(
    visitor: Visitor, site: Site, arrivals: Arrivals, manual: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=manual, head=ELEMENT, body=LINK))
    visitor.wait_until("performance.now() > 1000")
    visitor.evaluate("() => { window.called = performance.now(); azalead('view') }")
    view = arrivals.view(title="A")
    visitor.evaluate(DO_ALL)
    arrivals.dwell(view)
    click = arrivals.expect("click")
    assert click.page_id == view.page_id
    visitor.evaluate("() => azalead('view', { url: '/d', title: 'D' })")
    assert arrivals.dwell(view).event["visible"] < 1000
    second = arrivals.view(title="D")
    assert (second.page["url"], second.page["referrer"]) == (site.url("/d"), site.url("/a"))


def test_a_view_that_was_queued_counts_since_the_page_was_opened(
    visitor: Visitor, site: Site, arrivals: Arrivals, manual: Tag
) -> None:
    snippet = f"{manual.snippet}<script>azalead('view')</script>"
    site.page("/a", title="A", tag=manual, snippet=snippet, body="<script>fetch('/ready')</script>")
    site.server.serve(site.host, "/ready", "")
    visitor.open(site.url("/left"))
    with site.server.faults.hold("cdn") as gate:
        visitor.evaluate("url => { location.href = url }", site.url("/a"))
        site.server.ledger.wait(lambda entry: (entry.host, entry.path) == (site.host, "/ready"))
        came = site.server.ledger.select(host=site.host, path="/a")[-1].headers_at.unix_ms
        gate.release()
    view = arrivals.view(title="A")
    assert view.page["at"] == pytest.approx(came, abs=500)
    assert view.page["at"] <= view.exchange.headers_at.unix_ms


def test_an_event_before_the_first_view_is_refused_with_a_warning(
    visitor: Visitor, site: Site, arrivals: Arrivals, manual: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=manual))
    visitor.wait_until(READY)
    visitor.evaluate("() => azalead('event', 'early')")
    (problem,) = visitor.problems()
    assert problem.kind == "console.warn"
    assert "azalead: bad call: event early" in problem.text
    visitor.evaluate("() => { azalead('view'); azalead('event', 'late') }")
    view = arrivals.view(title="A")
    event = arrivals.expect("event")
    assert (event.event["name"], event.page_id) == ("late", view.page_id)


def test_a_page_out_of_the_cache_is_counted_when_it_calls_again(
    visitor: Visitor, site: Site, arrivals: Arrivals, manual: Tag
) -> None:
    head = """<script>addEventListener("pageshow", (event) => {
      if (event.persisted) azalead("view", { title: "Back" });
    })</script>"""
    visitor.open(site.page("/a", title="A", tag=manual, head=head, body=LINK))
    visitor.wait_until(READY)
    visitor.evaluate("() => azalead('view')")
    first = arrivals.view(title="A")
    visitor.click("#next")
    arrivals.dwell(first)
    back(visitor)
    again = arrivals.view(title="Back")
    assert again.event["navigation"] == "manual"
    # Until it calls again, time goes on for the page that was counted: a few milliseconds or none.
    if [each.page_id for each in arrivals.all() if each.type == "dwell"].count(first.page_id) > 1:
        arrivals.dwell(first)


def test_by_default_every_page_is_counted(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    arrivals.view(title="A")
    visitor.open(site.page("/b", title="B", tag=build_tag({"measure.views": "auto"})))
    arrivals.view(title="B")
