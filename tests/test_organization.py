"""The visitor's organisation: given to a page that asks, as the collector infers it."""

from collections.abc import Iterator

import pytest

from fixtures.networks import DEMO_COMPANY, LOOPBACK, Networks
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

ASK = "new Promise((resolve) => azalead('organization', resolve))"


@pytest.fixture
def known_network(server: FixtureServer) -> Iterator[None]:
    """The suite's own address belongs to a company, for one test."""
    server.set_networks(Networks(dict.fromkeys(LOOPBACK, DEMO_COMPANY)))
    yield
    server.set_networks(Networks({}))


@pytest.mark.claim("C13")
@pytest.mark.usefixtures("known_network")
def test_a_page_is_told_the_visitors_organisation(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Also where it asks before the tag has loaded."""
    early = "<script>azalead('organization', (found) => { window.found = found })</script>"
    visitor.open(site.page("/", title="A", tag=tag, body=early))
    arrivals.view()
    expected = {"name": DEMO_COMPANY.name, "domain": DEMO_COMPANY.domain}
    assert visitor.evaluate(ASK) == expected
    visitor.wait_until("window.found")
    assert visitor.evaluate("window.found") == expected


@pytest.mark.claim("C13")
def test_an_address_that_nobody_knows_gives_null_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    assert visitor.evaluate(ASK) is None
    counted = """async () => {
      let calls = 0;
      azalead('organization', () => { calls++; throw new Error("from the page") });
      await new Promise((resolve) => azalead('organization', resolve));
      return calls;
    }"""
    assert visitor.evaluate(counted) == 1
    assert not visitor.problems()


@pytest.mark.claim("C16")
@pytest.mark.usefixtures("known_network")
def test_the_organisation_of_a_visitor_who_has_opted_out_is_not_asked_for(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    visitor.evaluate("azalead('optout')")
    mark = server.ledger.mark()
    assert visitor.evaluate(ASK) is None
    assert server.ledger.select(path="/organization", since=mark) == []
    visitor.evaluate("azalead('optin')")
    assert visitor.evaluate(ASK)["name"] == DEMO_COMPANY.name


def test_a_collector_that_does_not_answer_gives_null(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    with server.faults.status("collector", 503, path="/organization"):
        assert visitor.evaluate(ASK) is None
