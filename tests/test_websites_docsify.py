"""A documentation site by docsify, which nobody here wrote: its routes are the clickstream."""

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import serve_handbooks
from tests.support.tag import Tag, TagBuilder
from tests.wanderer import Step, Wanderer

TEXT = {
    "Docsify": "Docsify turns one or more Markdown files",
    "Marked": "low-level compiler for parsing markdown",
    "Dexie": "a wrapper library for indexedDB",
    "Prism": "Prism is a lightweight",
}
"""What is read in each handbook and in no other."""


def shows(handbook: str) -> str:
    """Whether a handbook is open."""
    return f"document.querySelector('#main').textContent.includes('{TEXT[handbook]}')"


def link(handbook: str) -> str:
    """The link to a handbook, in the list at the side."""
    return f".sidebar-nav .page-link[title='{handbook}']"


def section(name: str) -> str:
    """The link to a section of the handbook that is open, in the same list."""
    return f".sidebar-nav .section-link[title='{name}']"


@pytest.mark.claim("C08")
def test_with_history_addresses_each_handbook_is_a_page_and_its_sections_are_not(
    server: FixtureServer, wanderer: Wanderer, tag: Tag
) -> None:
    start = serve_handbooks(server, wanderer.site.host, wanderer.snippet_of(tag), "history")
    wanderer.open(start, shows("Docsify"))
    wanderer.click(link("Marked"), shows("Marked"))
    wanderer.click_within(section("Installation"), "location.search === '?id=installation'")
    wanderer.click(link("Dexie"), shows("Dexie"))
    wanderer.back(shows("Marked"))
    wanderer.back_within("location.search === ''")
    wanderer.back(shows("Docsify"))
    wanderer.forward(shows("Marked"))
    wanderer.click(link("Prism"), shows("Prism"))
    wanderer.reload(shows("Prism"))
    walk = wanderer.leave()
    assert walk.steps == [
        Step("/", "", "navigate"),
        Step("/marked", "/", "route"),
        Step("/dexie", "/marked", "route"),
        Step("/marked", "/dexie", "route"),
        Step("/", "/marked", "route"),
        Step("/marked", "/", "route"),
        Step("/prism", "/marked", "route"),
        Step("/prism", "", "reload"),
    ]
    assert walk.complaints == []
    assert [page.title for page in walk.clickstream.pages()][1:4] == [
        "Marked - Handbooks",
        "Dexie - Handbooks",
        "Installation - Handbooks",  # docsify's name of a section that one comes back to
    ]


@pytest.mark.claim("C08")
def test_with_hash_addresses_each_handbook_is_a_page_and_its_sections_are_not(
    server: FixtureServer, wanderer: Wanderer, build_tag: TagBuilder
) -> None:
    tag = build_tag({"measure.hash_routes": True})
    start = serve_handbooks(server, wanderer.site.host, wanderer.snippet_of(tag), "hash")
    wanderer.open(start, shows("Docsify"))
    wanderer.click(link("Marked"), shows("Marked"))
    wanderer.click_within(section("Usage"), "location.hash === '#/marked?id=usage'")
    wanderer.click(link("Dexie"), shows("Dexie"))
    wanderer.back(shows("Marked"))
    wanderer.forward(shows("Dexie"))
    wanderer.reload(shows("Dexie"))
    walk = wanderer.leave()
    assert walk.steps == [
        Step("/#/", "", "navigate"),
        Step("/#/marked", "/#/", "route"),
        Step("/#/dexie", "/#/marked", "route"),
        Step("/#/marked", "/#/dexie", "route"),
        Step("/#/dexie", "/#/marked", "route"),
        Step("/#/dexie", "", "reload"),
    ]
    assert walk.complaints == []


def test_where_hash_addresses_are_no_routes_the_whole_site_is_one_page(
    server: FixtureServer, wanderer: Wanderer, tag: Tag
) -> None:
    start = serve_handbooks(server, wanderer.site.host, wanderer.snippet_of(tag), "hash")
    wanderer.open(start, shows("Docsify"))
    wanderer.click_within(link("Marked"), shows("Marked"))
    wanderer.click_within(link("Dexie"), shows("Dexie"))
    wanderer.back_within(shows("Marked"))
    walk = wanderer.leave()
    assert walk.steps == [Step("/", "", "navigate")]
    assert walk.complaints == []


@pytest.mark.claim("C08")
def test_who_leafs_through_in_a_hurry_is_followed_to_the_page(
    server: FixtureServer, wanderer: Wanderer, tag: Tag
) -> None:
    wanderer.is_in_a_hurry = True
    start = serve_handbooks(server, wanderer.site.host, wanderer.snippet_of(tag), "history")
    wanderer.open(start, shows("Docsify"))
    for handbook in ("Marked", "Dexie", "Prism", "Docsify"):
        wanderer.click(link(handbook), shows(handbook))
    wanderer.back(shows("Prism"))
    walk = wanderer.leave()
    assert walk.steps == [
        Step("/", "", "navigate"),
        Step("/marked", "/", "route"),
        Step("/dexie", "/marked", "route"),
        Step("/prism", "/dexie", "route"),
        Step("/", "/prism", "route"),
        Step("/prism", "/", "route"),
    ]
    assert walk.complaints == []
