"""A collector on the client's own domain: its cookie holds in real browsers, and matches partners.

The page speaks for itself here, without the tag: what is proven is the world that the tag meets.
"""

from dataclasses import dataclass
from itertools import count

import pytest

from fixtures.beacons import beacon_of
from fixtures.exchange import Exchange
from fixtures.partner import Partner
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor

NUMBERS = count(1)
PAGE = "<!doctype html><title>A client's page</title><link rel=icon href='data:,'>"
SEND = """async (url, credentials) => {
  const page = { id: "p", url: location.href, at: Date.now() };
  const events = [{ seq: 0, type: "view" }];
  const body = JSON.stringify({ v: 1, site: "demo", visitor: null, page, events });
  return (await fetch(url, { method: "POST", body, credentials })).status;
}"""
SHOW_IMAGE = """(url) => new Promise((resolve) => {
  const image = new Image();
  image.onload = () => resolve(true);
  image.onerror = () => resolve(false);
  image.src = url;
})"""


@dataclass(frozen=True)
class Client:
    """A client's website, and the collector below its domain."""

    server: FixtureServer
    visitor: Visitor
    host: str
    collector: str

    @property
    def page(self) -> str:
        """The address of its one page."""
        return self.server.url(self.host)

    def send(self, credentials: str = "include") -> Exchange:
        """Send a beacon from the open page; what came of it."""
        mark = self.server.ledger.mark()
        assert self.visitor.evaluate(SEND, f"{self.collector}/events", credentials) == 204
        return self.server.ledger.wait(
            lambda entry: entry.path == "/events" and entry.host == f"collector.{self.host}",
            since=mark,
        )


@pytest.fixture
def client(server: FixtureServer, visitor: Visitor) -> Client:
    """A client whose page the visitor has opened for the first time."""
    host = f"client-{next(NUMBERS)}.localhost"
    server.serve(host, "/", PAGE)
    partners = {"acme": server.url("partner", "/match?id={visitor}")}
    collector = server.set_visitor_cookies(f"collector.{host}", partners=partners)
    made = Client(server, visitor, host, collector)
    visitor.open(made.page)
    return made


def identifiers(*exchanges: Exchange) -> list[str | None]:
    """The visitor of each beacon."""
    return [beacon.visitor for each in exchanges if (beacon := beacon_of(each))]


@pytest.mark.claim("C03")
def test_the_collectors_cookie_comes_back_to_it_and_no_script_can_read_it(client: Client) -> None:
    first, second = client.send(), client.send()
    (cookie,) = client.visitor.cookies(client.page)
    assert identifiers(first, second) == [None, cookie.value]
    assert (cookie.name, cookie.domain) == ("azalead_id", client.host)
    assert cookie.http_only
    assert cookie.secure
    assert client.visitor.evaluate("document.cookie") == ""


@pytest.mark.claim("C03")
def test_the_cookie_goes_to_no_other_origin(client: Client) -> None:
    client.send()
    mark = client.server.ledger.mark()
    other = client.server.url("collector", "/pixel.gif?e=view")
    assert client.visitor.evaluate(SHOW_IMAGE, other)
    (entry,) = client.server.ledger.select(host="collector", path="/pixel.gif", since=mark)
    assert entry.cookies == []


def test_a_request_without_credentials_sets_and_brings_nothing(client: Client) -> None:
    """As the tag sends where the visitor may not be recognised; the twin is above."""
    assert identifiers(client.send("omit"), client.send("omit")) == [None, None]
    assert not client.visitor.cookies(client.page)


@pytest.mark.mode("cookies_refused")
def test_where_cookies_are_refused_every_beacon_comes_without_identifier(client: Client) -> None:
    assert identifiers(client.send(), client.send()) == [None, None]


@pytest.mark.claim("C18")
def test_an_opt_out_expires_the_identifier_that_no_script_can_delete(client: Client) -> None:
    client.send()
    client.visitor.evaluate(
        f"document.cookie = 'azalead_optout=1; Domain={client.host}; Secure; Max-Age=600'"
    )
    assert identifiers(client.send(), client.send()) == [None, None]
    cookies = {cookie.name: cookie for cookie in client.visitor.cookies(client.page)}
    assert list(cookies) == ["azalead_optout"]
    expires = cookies["azalead_optout"].expires
    assert expires
    assert expires > client.server.ledger.select()[-1].headers_at.unix_ms / 1000 + 300 * 86400


def theirs_twice(client: Client) -> list[str]:
    """What the partner calls the visitor, asked twice by a sync of the client's page."""
    client.send()
    (cookie,) = client.visitor.cookies(client.page)
    called = []
    for turn in range(2):  # one address would be one image of the page, whatever its headers say
        sync = f"{client.collector}/sync?partner=acme&turn={turn}"
        assert client.visitor.evaluate(SHOW_IMAGE, sync)
        theirs = client.server.matches.theirs("acme", cookie.value)
        assert theirs
        assert client.server.matches.visitor("acme", theirs) == cookie.value
        called.append(theirs)
    return called


@pytest.mark.claim("C14")
@pytest.mark.mode("third_party_allowed")
def test_a_sync_links_the_partners_identifier_to_the_cookie_that_no_script_reads(
    client: Client,
) -> None:
    first, second = theirs_twice(client)
    assert first == second


@pytest.mark.claim("C14")
@pytest.mark.mode("third_party_blocked")
def test_where_third_party_cookies_are_blocked_the_partner_knows_nobody_again(
    client: Client,
) -> None:
    """The match table then holds a name that the partner never sees a second time."""
    first, second = theirs_twice(client)
    assert first != second


@pytest.mark.claim("C14")
def test_a_partitioned_cookie_is_the_partners_within_one_site_only(
    server: FixtureServer, client: Client
) -> None:
    """So the link leads to no other site: each site's visitor is another one to the partner."""
    partner = Partner(lambda: client.collector, partitioned=True)
    server.serve_host("partner", partner.answer)
    try:
        first, second = theirs_twice(client)
    finally:
        server.serve_host("partner", Partner(lambda: server.site("collector")).answer)
    keeps = {"chromium": True, "firefox": True, "webkit": False}[client.visitor.engine]
    assert (first == second) == keeps
