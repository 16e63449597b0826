"""Who: the visitor's identifier, its cookie, and what happens where there can be none."""

import json
import re
import time

import pytest

from fixtures.origins import BRITISH_SITE
from fixtures.server import FixtureServer
from tests.browsers.visitor import Cookie, Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
"""128 bits in base64url: of the last character, only the first two of six bits are used."""

DAY = 86400


def cookies_of_tag(visitor: Visitor, site: Site, tag: Tag) -> dict[str, Cookie]:
    """The tag's cookies that the visitor holds for the site, by name."""
    return {
        cookie.name: cookie
        for cookie in visitor.cookies(site.url("/"))
        if cookie.name.startswith(tag.brand)
    }


@pytest.mark.claim("C01")
@pytest.mark.claim("C10")
def test_a_second_page_reports_the_identifier_that_the_first_one_set(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    first = arrivals.view(title="A")
    visitor.open(site.page("/b", title="B", tag=tag))
    second = arrivals.view(title="B")
    assert first.visitor == second.visitor == cookies_of_tag(visitor, site, tag)["azalead_id"].value


@pytest.mark.claim("C01")
def test_a_visitor_who_comes_back_another_day_is_the_same_one(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    if not visitor.keeps_cookies_over_restart:
        pytest.skip("this engine's automation keeps no cookies from one session to the next")
    url = site.page("/", title="A", tag=tag)
    visitor.open(url)
    first = arrivals.view()
    # Left and told before the end: a browser that ends with a beacon under way may lose it, and a
    # busy Firefox sends it again (4 of 73).
    visitor.open(site.url("/left"))
    arrivals.dwell(first)
    visitor.restart()
    visitor.open(url)
    assert arrivals.view().visitor == first.visitor


@pytest.mark.claim("C05")
def test_a_visitor_who_deletes_the_cookie_is_a_new_one(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    first = arrivals.view(title="A")
    visitor.clear_cookies()
    visitor.open(site.page("/b", title="B", tag=tag))
    second = arrivals.view(title="B")
    assert IDENTIFIER.fullmatch(second.visitor or "")
    assert first.visitor != second.visitor


@pytest.mark.claim("C02")
def test_the_cookie_holds_a_random_identifier_and_nothing_else(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    cookies = cookies_of_tag(visitor, site, tag)
    assert list(cookies) == ["azalead_id"]
    cookie = cookies["azalead_id"]
    assert IDENTIFIER.fullmatch(cookie.value)
    assert (cookie.domain, cookie.path) == (site.domain, "/")
    assert (cookie.secure, cookie.same_site, cookie.http_only) == (True, "Lax", False)


def test_the_cookie_lasts_as_long_as_configured_and_each_visit_renews_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    short, long = build_tag({"visitor.cookie_days": 2}), build_tag({"visitor.cookie_days": 300})
    for title, tag, days in (("A", short, 2), ("B", long, 300)):
        visitor.open(site.page(f"/{title}", title=title, tag=tag))
        arrivals.view(title=title)
        expires = cookies_of_tag(visitor, site, tag)["azalead_id"].expires
        assert expires == pytest.approx(time.time() + days * DAY, abs=60)


@pytest.mark.claim("C01")
def test_sub_domains_share_one_cookie_and_no_trial_is_left_behind(
    visitor: Visitor, site: Site, sites: list[Site], arrivals: Arrivals, tag: Tag
) -> None:
    shop = Site(site.server, f"eu.shop.{site.host}")
    sites.append(shop)
    visitor.open(shop.page("/", title="Shop", tag=tag))
    in_shop = arrivals.view(title="Shop")
    visitor.open(site.page("/", title="Home", tag=tag))
    assert arrivals.view(title="Home").visitor == in_shop.visitor
    visitor.open(shop.url("/"))
    assert arrivals.view(title="Shop").visitor == in_shop.visitor
    held = visitor.evaluate("document.cookie")
    assert held == f"azalead_id={in_shop.visitor}"
    assert not visitor.problems()


@pytest.mark.claim("C01")
def test_below_a_public_suffix_of_two_labels_the_cookie_is_the_sites(
    visitor: Visitor, sites: list[Site], arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    """Where a browser refuses `co.uk`, as the suffix list says, the trial goes one label deeper."""
    if visitor.engine == "webkit":
        pytest.skip("WebKitGTK's driver cannot be told where a name outside localhost is")
    www, shop = Site(server, f"www.{BRITISH_SITE}"), Site(server, f"shop.{BRITISH_SITE}")
    sites += [www, shop]
    visitor.open(www.page("/", title="Home", tag=tag))
    at_home = arrivals.view(title="Home")
    visitor.open(shop.page("/", title="Shop", tag=tag))
    assert arrivals.view(title="Shop").visitor == at_home.visitor is not None
    (cookie,) = visitor.cookies(shop.url("/"))
    assert (cookie.name, cookie.domain) == ("azalead_id", BRITISH_SITE)
    assert not visitor.problems()


@pytest.mark.claim("C04")
@pytest.mark.mode("cookies_refused")
def test_a_visitor_who_refuses_cookies_loses_nothing_but_recognition(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, body="<a id=next href=/b>B</a>"))
    site.page("/b", title="B", tag=tag)
    assert arrivals.view(title="A").visitor is None
    visitor.click("#next")
    assert arrivals.view(title="B").visitor is None
    assert visitor.evaluate("document.cookie") == ""
    assert not visitor.problems()


def test_a_cookie_of_other_content_under_its_name_is_replaced(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    values = ["", "short", "x" * 22 + "!", "<script>alert(1)</script>", "=="]
    for number, value in enumerate(values):
        planted = json.dumps(f"azalead_id={value};secure").replace("</", "<\\/")
        head = f"<script>document.cookie = {planted}</script>"
        visitor.open(site.page("/", title=f"Page {number}", tag=tag, head=head))
        assert IDENTIFIER.fullmatch(arrivals.view(title=f"Page {number}").visitor or "")
    assert not visitor.problems()


def test_a_browser_without_crypto_is_counted_without_identifier(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    head = "<script>Object.defineProperty(window, 'crypto', { value: undefined })</script>"
    visitor.open(site.page("/", title="A", tag=tag, head=head))
    assert arrivals.view().visitor is None
    assert cookies_of_tag(visitor, site, tag) == {}


@pytest.mark.claim("C10")
def test_the_server_s_own_cookie_is_left_alone_where_the_server_sets_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    tag = build_tag({"visitor.set_by": "server"})
    visitor.open(site.page("/", title="A", tag=tag))
    assert arrivals.view().visitor is None
    assert cookies_of_tag(visitor, site, tag) == {}


@pytest.mark.claim("C10")
def test_a_collector_on_the_client_s_own_domain_gets_the_cookie_with_each_beacon(
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    build_tag: TagBuilder,
    server: FixtureServer,
) -> None:
    own_collector = server.site(f"collector.{site.host}")
    tag = build_tag({"tag.collector": own_collector})
    visitor.open(site.page("/", title="A", tag=tag))
    view = arrivals.view()
    assert view.exchange.headers["Cookie"] == f"azalead_id={view.visitor}"
