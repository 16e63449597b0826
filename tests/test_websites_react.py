"""A website made with React and React Router, which nobody here wrote: one of npm packages."""

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import PACKAGES_SHOWN, serve_package_browser
from tests.browsers.visitor import Visitor
from tests.plausible import Plausible
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag
from tests.wanderer import Step, Wanderer, WandererInAHurry, snippet_for

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
    server: FixtureServer, visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    start = serve_package_browser(server, site.host, snippet_for(site, tag))
    wanderer = Wanderer(visitor, site, arrivals)
    wanderer.open(start, LIST_SHOWS)
    wanderer.click(link("marked"), shows("marked"))
    wanderer.click_within(VERSIONS_TAB, "document.body.innerText.includes('Tags')")
    wanderer.click(HOME, LIST_SHOWS)
    wanderer.click(link("dexie"), shows("dexie"))
    wanderer.back(LIST_SHOWS)
    wanderer.back(shows("marked"))
    wanderer.reload(shows("marked"))
    wanderer.forward(LIST_SHOWS)
    clickstream = wanderer.leave()
    assert wanderer.steps(clickstream) == [
        Step("/", "", "navigate"),
        Step(detail("marked"), "/", "route"),
        Step("/", detail("marked"), "route"),
        Step(detail("dexie"), "/", "route"),
        Step("/", detail("dexie"), "route"),
        Step(detail("marked"), "/", "route"),
        Step(detail("marked"), "", "reload"),
        Step("/", detail("marked"), "route"),
    ]
    assert wanderer.complaints(clickstream) == []


@pytest.mark.claim("C08")
def test_who_goes_back_and_forward_in_a_hurry_is_followed_to_the_page(
    server: FixtureServer, visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    start = serve_package_browser(server, site.host, snippet_for(site, tag))
    wanderer = WandererInAHurry(visitor, site, arrivals)
    wanderer.open(start, LIST_SHOWS)
    wanderer.click(link("prettier"), shows("prettier"))
    wanderer.back(LIST_SHOWS)
    wanderer.forward(shows("prettier"))
    wanderer.back(LIST_SHOWS)
    clickstream = wanderer.leave()
    assert wanderer.steps(clickstream) == [
        Step("/", "", "navigate"),
        Step(detail("prettier"), "/", "route"),
        Step("/", detail("prettier"), "route"),
        Step(detail("prettier"), "/", "route"),
        Step("/", detail("prettier"), "route"),
    ]
    assert wanderer.complaints(clickstream) == []


def test_beside_plausible_both_follow_to_the_page(
    server: FixtureServer, visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    plausible = Plausible(server, site)
    snippet = snippet_for(site, tag) + plausible.snippet
    wanderer = Wanderer(visitor, site, arrivals)
    wanderer.open(serve_package_browser(server, site.host, snippet), LIST_SHOWS)
    plausible.wait_for("pageview", 1)
    wanderer.click(link("marked"), shows("marked"))
    wanderer.back(LIST_SHOWS)
    clickstream = wanderer.leave()
    plausible.wait_for("engagement", 3)
    assert plausible.pageviews() == ["/", detail("marked"), "/"]
    assert wanderer.steps(clickstream) == [
        Step("/", "", "navigate"),
        Step(detail("marked"), "/", "route"),
        Step("/", detail("marked"), "route"),
    ]
    assert wanderer.complaints(clickstream) == []
