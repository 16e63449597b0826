"""A website made with React and React Router, which nobody here wrote: one of npm packages."""

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import PACKAGES_SHOWN, serve_package_browser
from tests.plausible import Plausible
from tests.support.tag import Tag
from tests.wanderer import Step, Wanderer

VERSIONS_TAB = "[role=tab]:nth-of-type(3)"
HOME = "a:has([data-testid='default-logo'])"
LIST_SHOWS = f"document.querySelectorAll('.package-title').length === {len(PACKAGES_SHOWN)}"


def detail(package: str) -> str:
    """The address of a package's own page."""
    return f"/-/web/detail/{package}"


def link(package: str) -> str:
    """The link to a package, in the list of all."""
    return f"a[href='{detail(package)}'] .package-title"


def shows(package: str) -> str:
    """Whether a package's own page is open: it says how to install that one."""
    return f"document.querySelector('#root').innerText.includes('npm install {package}@')"


@pytest.mark.claim("C08")
def test_each_package_is_a_page_and_its_tabs_are_not(
    server: FixtureServer, wanderer: Wanderer, tag: Tag
) -> None:
    start = serve_package_browser(server, wanderer.site.host, wanderer.snippet_of(tag))
    wanderer.open(start, LIST_SHOWS)
    wanderer.click(link("marked"), shows("marked"))
    wanderer.click_within(VERSIONS_TAB, "document.body.innerText.includes('Tags')")
    wanderer.click(HOME, LIST_SHOWS)
    wanderer.click(link("dexie"), shows("dexie"))
    wanderer.back(LIST_SHOWS)
    wanderer.back(shows("marked"))
    wanderer.reload(shows("marked"))
    wanderer.forward(LIST_SHOWS)
    walk = wanderer.leave()
    assert walk.steps == [
        Step("/", "", "navigate"),
        Step(detail("marked"), "/", "route"),
        Step("/", detail("marked"), "route"),
        Step(detail("dexie"), "/", "route"),
        Step("/", detail("dexie"), "route"),
        Step(detail("marked"), "/", "route"),
        Step(detail("marked"), "", "reload"),
        Step("/", detail("marked"), "route"),
    ]
    assert walk.complaints == []


@pytest.mark.claim("C08")
def test_who_goes_back_and_forward_in_a_hurry_is_followed_to_the_page(
    server: FixtureServer, wanderer: Wanderer, tag: Tag
) -> None:
    wanderer.is_in_a_hurry = True
    start = serve_package_browser(server, wanderer.site.host, wanderer.snippet_of(tag))
    wanderer.open(start, LIST_SHOWS)
    wanderer.click(link("prettier"), shows("prettier"))
    wanderer.back(LIST_SHOWS)
    wanderer.forward(shows("prettier"))
    wanderer.back(LIST_SHOWS)
    walk = wanderer.leave()
    assert walk.steps == [
        Step("/", "", "navigate"),
        Step(detail("prettier"), "/", "route"),
        Step("/", detail("prettier"), "route"),
        Step(detail("prettier"), "/", "route"),
        Step("/", detail("prettier"), "route"),
    ]
    assert walk.complaints == []


def test_beside_plausible_both_follow_to_the_page(
    server: FixtureServer, wanderer: Wanderer, tag: Tag
) -> None:
    plausible = Plausible(server, wanderer.site)
    snippet = wanderer.snippet_of(tag) + plausible.snippet
    wanderer.open(serve_package_browser(server, wanderer.site.host, snippet), LIST_SHOWS)
    plausible.wait_for("pageview", 1)
    wanderer.click(link("marked"), shows("marked"))
    wanderer.back(LIST_SHOWS)
    walk = wanderer.leave()
    plausible.wait_for("engagement", 3)
    assert plausible.pageviews() == ["/", detail("marked"), "/"]
    assert walk.steps == [
        Step("/", "", "navigate"),
        Step(detail("marked"), "/", "route"),
        Step("/", detail("marked"), "route"),
    ]
    assert walk.complaints == []
