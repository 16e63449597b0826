"""The stub where the tag never comes: it tells one view on leaving, and keeps a choice."""

from contextlib import AbstractContextManager

import pytest

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.events import events_of
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

GO_ON = """<script>
  setTimeout(() => { location.href = "/left" }, 300);
</script>"""

CALLS = """<script>
  azalead("event", "early", { n: 1 });
  azalead("view", { title: "By hand" });
</script>"""

ERRORS = """<script>
  addEventListener("error", ({ message }) => { localStorage.error = message });
</script>"""
"""A driver tells of no error in a page that is being left, so the page itself keeps it."""

IMPOSSIBLE_CALLS = """<script>
  const round = {};
  round.round = round;
  azalead("event", "round", round);
  azalead("event", "big", { n: 10n });
  azalead("event", "mail", { to: "ann@example.com" });
  azalead(Symbol("event"));
  azalead();
</script>"""

MANY_CALLS = """<script>
  for (let n = 0; n < 3000; n++) azalead("event", "many", { n: n % 1000 });
</script>"""

HEADER_ON_EVERY_FETCH = """<script>
  const { fetch } = window;
  window.fetch = (url, options) => fetch(url, { ...options, headers: { "X-Monitor": "1" } });
</script>"""


def without_tag(server: FixtureServer, how: str) -> AbstractContextManager[object]:
    """The CDN as it is on a bad day."""
    if how == "refused":
        return server.faults.refuse("cdn")
    if how == "missing":
        return server.faults.status("cdn", 404)
    return server.faults.hold("cdn")


def leave_without_tag(visitor: Visitor, site: Site, url: str, how: str) -> None:
    """Open a page whose tag does not come, and which goes on to another by itself."""
    site.page("/from", title="From")
    visitor.open(site.url("/from?token=secret"))
    with without_tag(site.server, how):
        visitor.evaluate("url => { location.href = url }", url)
        visitor.wait_until("document.title === 'Another page'")


def is_alone(exchange: Exchange, page_id: str) -> bool:
    """Whether a request tells the view of a page and nothing else."""
    told = events_of(exchange)
    return [(each.type, each.page_id) for each in told] == [("view", page_id)]


@pytest.mark.claim("C06")
@pytest.mark.claim("C08")
@pytest.mark.parametrize("how", ["refused", "missing", "slow"])
def test_one_view_without_identifier_and_the_queued_calls_are_sent_on_leaving(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, how: str
) -> None:
    if how == "slow" and visitor.engine == "webkit":
        pytest.skip("WebKitGTK tells no pagehide to a page that is left before its load event")
    arrivals.allow_repeats()
    visitor.open(site.page("/seen", title="Seen", tag=tag))
    assert arrivals.view(title="Seen").visitor, "there is a cookie, which the stub does not read"
    url = site.page("/a?utm_source=x&token=secret", title="A", tag=tag, body=CALLS + GO_ON)
    # Only a tag that no cache has is missed.
    fresh = tag.snippet.replace("azalead.js", f"azalead.js?{how}")
    site.page("/a", title="A", tag=tag, snippet=fresh, body=CALLS + GO_ON)
    leave_without_tag(visitor, site, url, how)
    view = arrivals.view(url=site.url("/a"))
    arrivals.no_dwell(view)
    event = arrivals.expect("event")
    assert (view.beacon.visitor, view.beacon.rule) == (None, "stub")
    assert (event.event["name"], event.event["properties"]) == ("early", {"n": 1})
    assert (view.page["title"], view.page["referrer"]) == ("A", site.url("/from"))
    assert event.beacon.document["calls"][1] == {"0": "view", "1": {"title": "By hand"}}
    assert event.page == view.page
    site.server.ledger.wait(lambda entry: is_alone(entry, view.page_id))
    assert view.event["at"] == view.page["at"] < view.exchange.headers_at.unix_ms


def test_calls_that_cannot_be_told_cost_neither_the_view_nor_others(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    fresh = tag.snippet.replace("azalead.js", "azalead.js?json")
    body = ERRORS + IMPOSSIBLE_CALLS + CALLS + GO_ON
    url = site.page("/a", title="A", tag=tag, snippet=fresh, body=body)
    leave_without_tag(visitor, site, url, "missing")
    arrivals.no_dwell(arrivals.view(url=url))
    assert arrivals.expect("event").event["name"] == "early"
    assert visitor.evaluate("localStorage.error === undefined")
    assert not visitor.problems()


def test_of_thousands_of_calls_the_view_and_what_fits_arrive(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    fresh = tag.snippet.replace("azalead.js", "azalead.js?many")
    url = site.page("/a", title="A", tag=tag, snippet=fresh, body=MANY_CALLS + GO_ON)
    leave_without_tag(visitor, site, url, "missing")
    arrivals.no_dwell(arrivals.view(url=url))
    told = [arrivals.expect("event") for _ in range(400)]
    assert [event.event["properties"]["n"] for event in told] == list(range(400))
    assert len(told[0].exchange.body) < 2**16


def test_a_header_on_every_fetch_of_the_page_costs_no_preflight(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    fresh = tag.snippet.replace("azalead.js", "azalead.js?header")
    url = site.page("/a", title="A", tag=tag, head=HEADER_ON_EVERY_FETCH, snippet=fresh, body=GO_ON)
    leave_without_tag(visitor, site, url, "missing")
    arrivals.no_dwell(arrivals.view(url=url))


@pytest.mark.claim("C22")
@pytest.mark.parametrize(
    "signal",
    [
        pytest.param("gpc", marks=pytest.mark.mode("gpc")),
        pytest.param("dnt", marks=pytest.mark.mode("dnt")),
    ],
)
def test_a_signal_that_is_respected_silences_the_stub_and_one_that_is_reported_does_not(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, signal: str
) -> None:
    arrivals.allow_repeats()
    for policy in ("respect", "report"):
        tag = build_tag({f"privacy.{signal}": policy})
        url = site.page(f"/{policy}", title="A", tag=tag, body=CALLS + GO_ON)
        leave_without_tag(visitor, site, url, "missing")
    view = arrivals.view(url=site.url("/report"))
    arrivals.no_dwell(view)
    arrivals.expect("event")
    assert view.beacon.signals[signal] in {"1", True}


def test_a_visitor_who_has_opted_out_is_not_told_of_by_the_stub(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    fresh = tag.snippet.replace("azalead.js", "azalead.js?optout")
    url = site.page("/a", title="A", tag=tag, snippet=fresh, body=CALLS + GO_ON)
    visitor.open(site.page("/from", title="From"))
    visitor.add_cookie(site.url("/"), "azalead_optout", "1")
    leave_without_tag(visitor, site, url, "missing")
    assert arrivals.all() == []


def test_where_consent_must_be_asked_for_the_stub_which_cannot_wait_says_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    tag = build_tag({"privacy.consent": ["usp"]})
    fresh = tag.snippet.replace("azalead.js", "azalead.js?consent")
    url = site.page("/a", title="A", tag=tag, snippet=fresh, body=CALLS + GO_ON)
    leave_without_tag(visitor, site, url, "missing")
    assert arrivals.all() == []
