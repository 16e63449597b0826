"""The stub where the tag never comes: it speaks once, on leaving, and without an identifier."""

from contextlib import AbstractContextManager

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
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


@pytest.mark.claim("C06")
@pytest.mark.claim("C08")
@pytest.mark.parametrize("how", ["refused", "missing", "slow"])
def test_one_view_without_identifier_and_the_queued_calls_are_sent_on_leaving(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, how: str
) -> None:
    if how == "slow" and visitor.engine == "webkit":
        pytest.skip("WebKitGTK tells no pagehide to a page that is left before its load event")
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
    beacon = view.beacon
    assert (beacon.visitor, beacon.rule) == (None, "stub")
    assert event.exchange is view.exchange
    assert (event.event["name"], event.event["properties"]) == ("early", {"n": 1})
    assert (view.page["title"], view.page["referrer"]) == ("A", site.url("/from"))
    assert beacon.document["calls"][1] == {"0": "view", "1": {"title": "By hand"}}
    assert view.event["at"] == view.page["at"] < view.exchange.headers_at.unix_ms


def test_a_call_that_is_no_json_costs_the_stub_s_view_but_the_page_no_error(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    fresh = tag.snippet.replace("azalead.js", "azalead.js?json")
    body = ERRORS + IMPOSSIBLE_CALLS + GO_ON
    url = site.page("/a", title="A", tag=tag, snippet=fresh, body=body)
    leave_without_tag(visitor, site, url, "missing")
    assert arrivals.all() == []
    assert visitor.evaluate("localStorage.error === undefined")
    assert not visitor.problems()


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
