"""A tab that one visitor hands on to the next: who gets it finds nothing in it."""

from collections.abc import Callable

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.visitor import CannotDoError, Visitor
from tests.conftest import NewSite, Starters
from tests.support.site import Site

COOKIE = {"Set-Cookie": "seen=1; HttpOnly; Secure; SameSite=None; Path=/; Max-Age=600"}
FOR_A_WEEK = {"Cache-Control": "max-age=604800"}

KEEP = """async () => {
  document.cookie = "written=1; Secure; Max-Age=600";
  localStorage.kept = sessionStorage.kept = window.name = "kept";
  await (await caches.open("kept")).put("/kept", new Response("kept"));
  await new Promise((done) => (indexedDB.open("kept").onsuccess = done));
  history.pushState(null, "", "?kept");
  console.error("of the one before");
}"""
FIND = """async () => [
  document.cookie, document.referrer, window.name,
  ...Object.keys(localStorage), ...Object.keys(sessionStorage),
  ...await caches.keys(), ...(await indexedDB.databases()).map(({ name }) => name),
].filter(Boolean)"""


def test_all_that_a_visitor_keeps_is_found_by_the_same_visitor(
    visitor: Visitor, site: Site
) -> None:
    """The twin of the next test: what it looks for can be found."""
    keep_everything(visitor, site)
    visitor.open(site.url("/a"))
    found = visitor.evaluate(FIND)
    assert found[0] == "written=1"
    assert found.count("kept") >= 4
    assert site.server.ledger.select(host=site.host, path="/a")[-1].headers["Cookie"]


def test_the_next_visitor_has_never_been_anywhere(
    browser_name: Engine, starters: Starters, new_site: NewSite
) -> None:
    site, other = new_site(), new_site()
    starter = starters(browser_name)
    with starter.visitor("default") as first:
        keep_everything(first, site)
        first.open(other.page("/"))
        assert first.can_begin_anew
        starter.hand_on(first)
    with starter.visitor("default") as second:
        assert second is first
        second.open(site.url("/a"))
        # A tab of Chromium keeps a website's sessionStorage for as long as it lives, and DevTools
        # deletes that of open pages only. No website that two tests meet has any: the inventory.
        assert second.evaluate(FIND) == (["kept"] if browser_name == "chromium" else [])
        assert second.problems() == []
    visits = site.server.ledger.select(host=site.host, path="/a")
    assert [entry.headers.get("Cookie") for entry in visits] == [None, None]
    assert len(site.server.ledger.select(host=site.host, path="/style.css")) == 2


def open_another_tab(visitor: Visitor) -> None:
    visitor.new_tab()


def go_offline(visitor: Visitor) -> None:
    visitor.go_offline()
    visitor.go_online()


def hide(visitor: Visitor) -> None:
    visitor.hide()


def crash(visitor: Visitor) -> None:
    visitor.crash()


@pytest.mark.parametrize("do", [open_another_tab, go_offline, hide, crash])
def test_where_something_else_is_left_nobody_begins_anew(
    visitor: Visitor, site: Site, do: Callable[[Visitor], None]
) -> None:
    visitor.open(site.page("/a"))
    assert visitor.can_begin_anew
    try:
        do(visitor)
    except CannotDoError:
        return  # so that it is left by nobody
    assert not visitor.can_begin_anew


def keep_everything(visitor: Visitor, site: Site) -> None:
    """Have the browser keep something of each kind for a website."""
    style = site.server.serve(site.host, "/style.css", "", "text/css", FOR_A_WEEK)
    head = f'<link rel="stylesheet" href="{style}">'
    visitor.open(site.page("/a", headers=COOKIE, head=head))
    visitor.evaluate(KEEP)
