"""A website that nobody here wrote, two visits, ten pages: the clickstream as it can be told."""

import pytest

from fixtures.clickstream import Clickstream
from fixtures.server import FixtureServer
from fixtures.websites import serve_clean_blog
from tests.browsers.leaving import follow
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.stopwatch import ELEMENT, stopped
from tests.support.tag import Tag

TOLERANCE = 150
"""Milliseconds between a dwell and what the stopwatch says; the issue's own figure."""

WALK = ["index.html", "about.html", "post.html", "contact.html", "index.html"]


def walk(visitor: Visitor, site: Site, *, longer: int) -> None:
    """Five pages, by the site's own navigation; each read for another while."""
    for number, page in enumerate(WALK):
        if number == 0:
            visitor.open(site.url(f"/{page}"))
        else:
            follow(visitor, f'#mainNav .nav-link[href="{page}"]')
        visitor.wait_until(f"performance.now() > {longer + 150 * number}")


@pytest.mark.claim("C01")
@pytest.mark.claim("C07")
@pytest.mark.claim("C08")
def test_two_visits_to_a_website_are_told_to_the_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    site.tags.append(tag)
    serve_clean_blog(server, site.host, ELEMENT + tag.snippet)
    walk(visitor, site, longer=300)
    if visitor.keeps_cookies_over_restart:
        visitor.open(site.url("/left"))
        visitor.restart()
    walk(visitor, site, longer=500)
    for page in WALK * 2:
        arrivals.view(url=site.url(f"/{page}"))
    arrivals.settle()

    beacons = {arrival.exchange.serial: arrival.beacon for arrival in arrivals.all()}
    clickstream = Clickstream(beacons.values())
    (visit,) = clickstream.visits()
    assert [page.url for page in visit.pages] == [site.url(f"/{page}") for page in WALK * 2]
    assert [page.visible for page in visit.pages] == pytest.approx(
        stopped(site, len(WALK * 2)), abs=TOLERANCE
    )
    assert clickstream.raw_count == clickstream.deduplicated_count
    assert [problem for problem in visitor.problems() if tag.brand in problem.text] == []
