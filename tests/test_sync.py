"""Advertising IDs: who is told of the visitor, how seldom, and who is told nothing."""

import pytest

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

DAYS = 14
DAY = 86_400_000
"""Milliseconds."""
FRAMES = (
    """<iframe src="/framed?1" title="one"></iframe><iframe src="/framed?2" title="two"></iframe>"""
)
IDLE = """new Promise((resolve) => {
  const wait = window.requestIdleCallback || ((run) => setTimeout(run, 1000));
  const settled = () => wait(() => wait(resolve));
  if (document.readyState === "complete") settled();
  else addEventListener("load", settled);
})"""
"""Resolves after the moment in which the tag syncs; WebKit has no idle callback and waits."""
LATEST = "JSON.parse(localStorage.azalead_sync).acme"


@pytest.fixture
def syncing(server: FixtureServer, build_tag: TagBuilder) -> Tag:
    """A tag with one partner."""
    url = server.url("partner", "/match?id={visitor}")
    return build_tag({"sync": [{"partner": "acme", "url": url, "days": DAYS}]})


class Syncs:
    """What the partner was asked since the test began."""

    def __init__(self, server: FixtureServer) -> None:
        """Begin to watch."""
        self._server = server
        self._start = server.ledger.mark()

    def wait(self) -> Exchange:
        """The first."""
        return self._server.ledger.wait(_is_match, since=self._start)

    def all(self) -> list[str]:
        """The identifiers that the partner was told so far."""
        return [
            each.query["id"]
            for each in self._server.ledger.select(since=self._start)
            if _is_match(each)
        ]


def _is_match(exchange: Exchange) -> bool:
    return (exchange.role, exchange.path) == ("partner", "/match")


@pytest.fixture
def syncs(server: FixtureServer) -> Syncs:
    """What the partner is asked."""
    return Syncs(server)


@pytest.mark.claim("C14")
def test_a_partner_is_told_the_identifier_and_answers_with_its_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, syncing: Tag, syncs: Syncs
) -> None:
    visitor.open(site.page("/", title="A", tag=syncing))
    ours = arrivals.view().visitor
    assert ours
    assert syncs.wait().query["id"] == ours
    visitor.wait_until("localStorage.azalead_sync")
    visitor.evaluate(IDLE)
    table = site.server.matches
    site.server.ledger.wait(lambda each: each.path == "/match" and each.role == "collector")
    theirs = table.theirs("acme", ours)
    assert theirs
    assert table.visitor("acme", theirs) == ours
    assert not visitor.problems()


@pytest.mark.claim("C14")
def test_a_partner_is_told_no_more_often_than_configured(
    visitor: Visitor, site: Site, arrivals: Arrivals, syncing: Tag, syncs: Syncs
) -> None:
    """On the next page it is not; once the days are over, it is."""
    visitor.open(site.page("/a", title="A", tag=syncing))
    ours = arrivals.view(title="A").visitor
    syncs.wait()
    visitor.open(site.page("/b", title="B", tag=syncing))
    arrivals.view(title="B")
    visitor.evaluate(IDLE)
    assert syncs.all() == [ours]
    visitor.evaluate(
        "(at) => { localStorage.azalead_sync = JSON.stringify({acme: Date.now() - at}) }",
        DAYS * DAY,
    )
    visitor.open(site.page("/c", title="C", tag=syncing))
    arrivals.view(title="C")
    visitor.evaluate(IDLE)
    assert syncs.all() == [ours, ours]


@pytest.mark.claim("C14")
def test_two_pages_that_are_opened_at_once_tell_a_partner_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, syncing: Tag, syncs: Syncs
) -> None:
    site.page("/framed", title="Framed", tag=syncing)
    visitor.open(site.page("/", title="A", body=FRAMES))
    first, second = arrivals.view(title="Framed"), arrivals.view(title="Framed")
    syncs.wait()
    visitor.evaluate(IDLE)
    arrivals.no_dwell()
    assert syncs.all() == [first.visitor]
    assert first.visitor == second.visitor


@pytest.mark.claim("C16")
def test_nobody_is_told_of_a_visitor_who_has_opted_out(
    visitor: Visitor, site: Site, arrivals: Arrivals, syncing: Tag, syncs: Syncs
) -> None:
    early = "<script>azalead('optout')</script>"
    visitor.open(site.page("/a", title="A", tag=syncing, body=early))
    arrivals.view(title="A")
    visitor.open(site.page("/b", title="B", tag=syncing))
    assert arrivals.view(title="B").beacon.rule == "optout"
    visitor.evaluate(IDLE)
    assert syncs.all() == []
    visitor.evaluate("azalead('optin')")
    visitor.open(site.page("/c", title="C", tag=syncing))
    assert arrivals.view(title="C").visitor == syncs.wait().query["id"]


@pytest.mark.mode("gpc")
def test_nobody_is_told_of_a_visitor_with_global_privacy_control(
    visitor: Visitor, site: Site, arrivals: Arrivals, syncing: Tag, syncs: Syncs
) -> None:
    visitor.open(site.page("/", title="A", tag=syncing))
    assert arrivals.view().beacon.rule == "gpc"
    visitor.evaluate(IDLE)
    assert syncs.all() == []
    assert visitor.evaluate("localStorage.azalead_sync === undefined")


@pytest.mark.mode("cookies_refused")
def test_nobody_is_told_of_a_visitor_who_refuses_cookies(
    visitor: Visitor, site: Site, arrivals: Arrivals, syncing: Tag, syncs: Syncs
) -> None:
    visitor.open(site.page("/", title="A", tag=syncing))
    arrivals.view()
    visitor.evaluate(IDLE)
    assert syncs.all() == []
    assert not visitor.problems()


def test_an_opt_out_forgets_when_partners_were_told(
    visitor: Visitor, site: Site, arrivals: Arrivals, syncing: Tag, syncs: Syncs
) -> None:
    visitor.open(site.page("/", title="A", tag=syncing))
    arrivals.view()
    syncs.wait()
    assert visitor.evaluate(LATEST)
    visitor.evaluate("azalead('optout')")
    assert visitor.evaluate("localStorage.azalead_sync === undefined")


@pytest.mark.claim("C03")
@pytest.mark.claim("C14")
def test_in_server_mode_the_collector_tells_the_partner_what_no_script_can_read(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, syncs: Syncs
) -> None:
    """With a collector on the client's own domain, which alone knows the identifier."""
    server = site.server
    url = server.url("partner", "/match?id={visitor}")
    collector = server.set_visitor_cookies(f"collector.{site.host}", partners={"acme": url})
    partners = [{"partner": "acme", "url": url, "days": DAYS}]
    tag = build_tag({"visitor.set_by": "server", "tag.collector": collector, "sync": partners})
    visitor.open(site.page("/a", title="A", tag=tag))
    assert arrivals.view(title="A").visitor is None
    visitor.evaluate("delete localStorage.azalead_sync")
    visitor.open(site.page("/b", title="B", tag=tag))
    second = arrivals.view(title="B")
    assert second.visitor == syncs.wait().query["id"]
    assert visitor.evaluate("document.cookie") == ""
