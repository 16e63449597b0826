"""The invisible pixels: in a page whose visitor has no JavaScript, and in an email."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from fixtures.beacons import pixel_of
from fixtures.clickstream import Clickstream
from fixtures.exchange import Exchange
from fixtures.mail_client import deliver
from fixtures.server import FixtureServer
from tests.browsers.leaving import follow
from tests.browsers.visitor import Visitor
from tests.build_runner import configuration, run_build
from tests.fixture_client import Client
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

CAMPAIGN = 'spring & "summer" <b>50 %</b> é'
"""A name with all that could end an attribute, a parameter or an address."""


def pixels(server: FixtureServer, since: int, **query: str) -> list[Exchange]:
    """The pixels that were asked for since a mark, with these parameters among theirs."""
    asked = server.ledger.select(role="collector", path="/pixel.gif", since=since)
    return [entry for entry in asked if query.items() <= dict(entry.query).items()]


# In a page


@pytest.mark.claim("C11")
@pytest.mark.mode("scripts_off")
def test_a_page_is_counted_by_a_pixel_where_scripts_are_off(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    visitor.open(site.page("/b", title="B", tag=tag))
    seen = [arrivals.pixel(), arrivals.pixel()]
    arrivals.settle()
    assert [dict(entry.query) for entry in seen] == [{"site": "demo", "e": "view"}] * 2
    # Which page of the site, Firefox and WebKit tell to nobody else, whatever the pixel asks for.
    assert {urlsplit(entry.headers["Referer"]).hostname for entry in seen} == {site.host}
    assert [entry.response_headers["Content-Type"] for entry in seen] == ["image/gif"] * 2
    assert {entry.response_headers["Cache-Control"] for entry in seen} == {"no-store"}
    assert arrivals.exchanges() == seen, "nothing else is sent"


@pytest.mark.claim("C11")
def test_no_pixel_is_asked_for_where_scripts_run(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    before = server.ledger.mark()
    visitor.open(site.page("/a", title="A", tag=tag))
    arrivals.view(title="A")
    arrivals.settle()
    assert pixels(server, before) == []


# In an email


def email(tag: Tag, fields: Mapping[str, str]) -> str:
    """An email's HTML as its sender's tool makes it: each merge field filled in, URL-encoded."""
    pixel = tag.read("email-pixel.html")
    for name, value in fields.items():
        assert f"{{{{{name}}}}}" in pixel
        pixel = pixel.replace(f"{{{{{name}}}}}", quote(value, safe=""))
    assert "{{" not in pixel
    return f"<!doctype html><html><body><h1>Dear reader</h1><p>News.</p>{pixel}</body></html>"


@pytest.mark.claim("C12")
def test_an_email_that_is_opened_is_counted_once_its_remote_images_are_shown(
    visitor: Visitor, tag: Tag, server: FixtureServer
) -> None:
    before = server.ledger.mark()
    first = deliver(server, email(tag, {"campaign": CAMPAIGN, "recipient": "r-1"}))
    second = deliver(server, email(tag, {"campaign": CAMPAIGN, "recipient": "r-2"}))
    visitor.open(first)
    visitor.open(second)
    follow(visitor, "#other")
    # By the same road, and after what the first would have asked for.
    server.ledger.wait(lambda entry: entry.query.get("recipient") == "r-2", since=before)
    server.ledger.quiet()
    (pixel,) = pixels(server, before)
    assert dict(pixel.query) == {
        "site": "demo",
        "e": "email",
        "campaign": CAMPAIGN,
        "recipient": "r-2",
    }
    assert not {"Cookie", "Referer", "Origin"} & set(pixel.headers)
    visitor.open(first)
    follow(visitor, "#other")
    server.ledger.wait(lambda entry: entry.query.get("recipient") == "r-1", since=before)
    assert not server.ledger.select(role="collector", path="/events", since=before)


@pytest.mark.claim("C12")
def test_the_pixel_of_an_email_is_escaped_and_asks_only_for_what_it_names(tmp_path: Path) -> None:
    changes = {
        'site = "demo"': 'site = "Acme.shop_1-x"',
        '"https://collector.localhost:8443"': '"https://collector.example/a&b"',
    }
    build = run_build(tmp_path, configuration(changes), "--json")
    assert build.exit_code in {0, 1}, build.stderr
    text = build.text("email-pixel.html")
    (source,) = re.findall(r'<img src="([^"<>]*)"', text)
    parts = urlsplit(unescape(source))
    assert (parts.scheme, parts.netloc) == ("https", "collector.example")
    assert parse_qsl(parts.query) == [
        ("site", "Acme.shop_1-x"),
        ("e", "email"),
        ("campaign", "{{campaign}}"),
        ("recipient", "{{recipient}}"),
    ]
    comment = text.partition("-->")[0]
    assert "{{" not in comment, "what a tool fills in must not be able to end the comment"
    assert "email-pixel.html" in {entry["name"] for entry in build.manifest["files"]}
    assert text.strip() in unescape(build.text("index.html"))


# On the live page


def test_pixels_make_page_views_of_their_own_beside_those_of_beacons(server: FixtureServer) -> None:
    before = server.ledger.mark()
    client = Client(server)
    collector = server.site("collector")
    page = server.url("publisher", "/a")
    for query, referer in (("site=demo&e=view", page), ("site=demo&e=view", page)):
        client.get(f"{collector}/pixel.gif?{query}", referer=referer, dnt="1")
    client.get(f"{collector}/pixel.gif?site=demo&e=email&campaign=spring%20sale&recipient=r-9")
    client.get(f"{collector}/pixel.gif?site=demo&e=other")
    told = [pixel_of(entry) for entry in server.ledger.select(since=before)]
    clickstream = Clickstream(pixel for pixel in told if pixel)
    assert [(view.url, view.title, view.navigation) for view in clickstream.pages()] == [
        (page, "", "pixel"),
        (page, "", "pixel"),
        ("", "Email spring sale", "email"),
    ]
    assert {view.visible for view in clickstream.pages()} == {None}
    assert clickstream.pages()[0].signals["dnt"] == "1"
    assert clickstream.raw_count == clickstream.deduplicated_count == 3
    assert [visit.host for visit in clickstream.visits()] == ["publisher.localhost"] * 2 + ["demo"]


def test_the_live_page_shows_pixels(visitor: Visitor, server: FixtureServer) -> None:
    client = Client(server)
    campaign = f"live-{server.ledger.mark()}"
    visitor.open(server.url("collector", "/live"))
    client.get(f"{server.site('collector')}/pixel.gif?site=demo&e=email&campaign={campaign}")
    visitor.wait_until(f"document.body.innerText.includes('Email {campaign}')")
    shown = visitor.evaluate("document.body.innerText")
    assert "opened in an email" in shown
    assert not visitor.problems()
