"""What browsers show is what is disclosed: every cookie, storage key and origin, no more, no less.

A visitor walks through all that can happen on the demo's sites; what the browser then holds, and
whom it has called, is compared with `device-storage.json` of the very build that was visited.
"""

import json
from typing import Any

import pytest

from fixtures.adserver import ad_url, serve_ads
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.choices import opt_out
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.support.unsent import KEPT

STORED_BY_SCRIPTS = """async () => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage),
  ...((await (indexedDB.databases ? indexedDB.databases() : [])).map((each) => each.name)),
  ...(window.caches ? await caches.keys() : []),
]"""
EVERYWHERE = "*"

Kept = tuple[str, str, str]
"""Name, kind, and the domain as the declaration says it."""


def declared(tag: Tag) -> set[Kept]:
    """All that the build declares as stored."""
    disclosures: list[dict[str, Any]] = json.loads(tag.read("device-storage.json"))["disclosures"]
    return {(each["identifier"], each["type"], each["domains"][0]) for each in disclosures}


def declared_domains(tag: Tag) -> set[str]:
    """All hosts that the build declares as contacted."""
    domains: list[dict[str, Any]] = json.loads(tag.read("device-storage.json"))["domains"]
    return {each["domain"] for each in domains}


class Inventory:
    """What a visitor's browser holds on each site, gathered while that site's page is open."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing."""
        self._visitor = visitor
        self.seen: set[Kept] = set()

    def take(self, url: str, domain: str) -> None:
        """Note all that the open page's site keeps."""
        cookies = {(each.name, "cookie", domain) for each in self._visitor.cookies(url)}
        keys: list[str] = self._visitor.evaluate(STORED_BY_SCRIPTS)
        self.seen |= cookies | {(key, "web", domain) for key in keys}


@pytest.mark.claim("C24")
@pytest.mark.mode("third_party_allowed")
def test_what_the_browser_keeps_and_whom_it_calls_is_what_is_disclosed(
    visitor: Visitor, server: FixtureServer, build_tag: TagBuilder
) -> None:
    site = Site.new(server)  # not the watched one: what is told is the business of other tests
    match = {"partner": "acme", "url": server.url("partner", "/match?id={visitor}"), "days": 1}
    tag = build_tag({"sync": [match]})
    serve_ads(server)
    start = server.ledger.mark()
    inventory = Inventory(visitor)
    url = site.page("/", title="A", tag=tag)

    visitor.open(url)
    server.ledger.wait(lambda each: each.role == "partner", since=start)
    inventory.take(url, EVERYWHERE)

    with server.faults.status("collector", 503, path="/events"):
        refused = server.ledger.mark()
        visitor.evaluate("azalead('event', 'refused')")
        server.ledger.wait(lambda each: each.status == 503, since=refused)
        visitor.wait_until(KEPT)
        inventory.take(url, EVERYWHERE)

    visitor.evaluate("azalead('organization', () => {})")
    server.ledger.wait(lambda each: each.path == "/organization", since=start)
    visitor.evaluate("azalead('optout')")
    inventory.take(url, EVERYWHERE)

    (choices_host,) = {kept[2] for kept in declared(tag)} - {EVERYWHERE}
    visitor.open(ad_url(server))
    inventory.take(ad_url(server), choices_host)
    visitor.open(tag.choices_url)
    inventory.take(tag.choices_url, choices_host)
    opt_out(visitor)
    inventory.take(tag.choices_url, choices_host)

    assert inventory.seen == declared(tag)
    assert _called(server, start, site) == declared_domains(tag)


def _called(server: FixtureServer, since: int, site: Site) -> set[str]:
    """The hosts that were called, but for the client's own and the ad server, which is no tag's."""
    return {
        entry.host
        for entry in server.ledger.select(since=since)
        if entry.host != site.host and entry.role != "ads"
    }
