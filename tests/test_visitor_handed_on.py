"""A browser that one visitor hands on to the next: only where the next can find nothing in it."""

from collections.abc import Callable

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.visitor import Visitor
from tests.conftest import NewSite, Starters
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

COOKIES = {"Set-Cookie": "seen=1; HttpOnly; Secure; Path=/; Max-Age=600"}
PROBLEM = "<script>console.error('of the one before')</script>"


def test_the_next_visitor_has_never_been_anywhere(
    browser_name: Engine, starters: Starters, new_site: NewSite
) -> None:
    before, after = new_site(), new_site()
    with starters(browser_name).visitor("default") as first:
        first.open(before.page("/", headers=COOKIES, body=PROBLEM))
        assert first.cookies(before.url("/"))
        first.hand_on()
    with starters(browser_name).visitor("default") as second:
        assert second is first
        second.open(after.page("/"))
        assert second.evaluate("document.cookie + document.referrer + window.name") == ""
        assert second.problems() == []
        second.open(before.url("/"))
    visits = before.server.ledger.select(host=before.host, path="/")
    assert [entry.headers.get("Cookie") for entry in visits] == [None, None]


def keep_it(visitor: Visitor, site: Site) -> None:
    visitor.open(site.page("/"))


def open_a_tab(visitor: Visitor, site: Site) -> None:
    visitor.open(site.page("/"))
    visitor.new_tab()
    visitor.open(site.url("/"))
    visitor.hand_on()


def see_many_pages(visitor: Visitor, site: Site) -> None:
    visitor.open(site.page("/"))
    visitor.evaluate("() => { for (let page = 0; page < 30; page++) history.pushState(page, '') }")
    visitor.hand_on()


@pytest.mark.parametrize("do", [keep_it, open_a_tab, see_many_pages])
def test_a_browser_in_which_something_is_left_is_handed_on_to_nobody(
    browser_name: Engine, starters: Starters, site: Site, do: Callable[[Visitor, Site], None]
) -> None:
    with starters(browser_name).visitor("default") as first:
        do(first, site)
    with starters(browser_name).visitor("default") as second:
        assert second is not first


def test_who_met_only_the_test_s_own_websites_leaves_no_trace(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view(title="A")
    assert not arrivals.met_nobody_else()  # for the visitor is still there
    arrivals.settle()
    assert arrivals.met_nobody_else()
    visitor.open(tag.choices_url)
    assert not arrivals.met_nobody_else()


def test_who_got_a_cookie_from_the_collector_leaves_a_trace(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    cookie = site.server.serve("collector", "/cookie", "", headers={"Set-Cookie": "a=1; Secure"})
    visitor.open(site.page("/", title="A", tag=tag, body=f'<img src="{cookie}">'))
    arrivals.view(title="A")
    arrivals.settle()
    assert not arrivals.met_nobody_else()
