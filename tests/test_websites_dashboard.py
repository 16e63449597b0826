"""A classic website full of scripts, with Plausible's tracker beside the tag on every page."""

from collections import Counter

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import serve_dashboard, world_name
from tests.browsers.visitor import Visitor
from tests.conftest import NewSite
from tests.plausible import Plausible
from tests.support.arrivals import Arrivals
from tests.support.tag import Tag
from tests.wanderer import BACK, Step, Wanderer

DASHBOARD, TABLES, USER = (f"/examples/{name}.html" for name in ("dashboard", "tables", "user"))
MAKERS = ".logo-mini"
"""The link to the makers' own website, which in our world has nothing to show."""


def link(path: str) -> str:
    """The link to a page of the site, at the side."""
    return f".sidebar a[href$='{path}']"


def shows(path: str) -> str:
    """Whether a page is there, and its scripts have set it up."""
    return f"location.pathname === '{path}' && document.readyState === 'complete' && jQuery.notify"


OUTSIDE = f"location.hostname.startsWith('{world_name('www.creative-tim.com')}')"


@pytest.mark.claim("C08")
def test_each_page_is_told_and_told_again_when_it_comes_back_from_the_cache(
    server: FixtureServer, wanderer: Wanderer, tag: Tag
) -> None:
    start = serve_dashboard(server, wanderer.site.host, wanderer.snippet_of(tag))
    wanderer.open(start, shows(DASHBOARD))
    wanderer.click(link(TABLES), shows(TABLES))
    wanderer.click_within(".navbar-brand", "location.hash === '#pablo'")
    wanderer.click(link(USER), shows(USER))
    wanderer.back(shows(TABLES))
    wanderer.forward(shows(USER))
    walk = wanderer.leave()
    assert walk.steps == [
        Step(DASHBOARD, "", "navigate"),
        Step(TABLES, DASHBOARD, "navigate"),
        Step(USER, TABLES, "navigate"),
        Step(TABLES, DASHBOARD, "back_forward_cache"),
        Step(USER, TABLES, "back_forward_cache"),
    ]
    assert walk.complaints == []


def test_neither_the_tag_nor_plausible_disturbs_the_other(
    server: FixtureServer, visitor: Visitor, new_site: NewSite, arrivals: Arrivals, tag: Tag
) -> None:
    with_plausible, with_both = new_site(), new_site()
    alone, beside = Plausible(server, with_plausible), Plausible(server, with_both)

    visitor.open(serve_dashboard(server, with_plausible.host, alone.snippet))
    alone.wait_for("pageview", 1)
    visitor.click(link(TABLES))
    alone.wait_for("pageview", 2)
    visitor.click(MAKERS)
    visitor.wait_until(OUTSIDE)
    visitor.evaluate(BACK)
    alone.wait_for("pageview", 3)

    wanderer = Wanderer(visitor, with_both, arrivals)
    snippets = wanderer.snippet_of(tag) + beside.snippet
    wanderer.open(serve_dashboard(server, with_both.host, snippets), shows(DASHBOARD))
    beside.wait_for("pageview", 1)
    wanderer.click(link(TABLES), shows(TABLES))
    beside.wait_for("pageview", 2)
    wanderer.click_outwards(MAKERS, OUTSIDE)
    wanderer.back(shows(TABLES))
    beside.wait_for("pageview", 3)
    walk = wanderer.leave()

    for plausible in (alone, beside):
        plausible.wait_for("engagement", 3)
    assert Counter(event.name for event in beside.told()) == {
        "pageview": 3,
        "engagement": 3,
        "Outbound Link: Click": 1,
    }
    assert Counter(beside.told()) == Counter(alone.told())  # the order is the network's
    assert walk.steps == [
        Step(DASHBOARD, "", "navigate"),
        Step(TABLES, DASHBOARD, "navigate"),
        Step(TABLES, DASHBOARD, "back_forward_cache"),
    ]
    assert walk.complaints == []
