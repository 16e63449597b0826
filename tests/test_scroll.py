"""Scroll depth: the deepest share of the page that was on the screen."""

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

TALL = '<div id="tall" style="height: 4000px">Long</div>'
GROW = "() => { document.getElementById('tall').style.height = '9000px' }"
SHARE = "(scrollY + innerHeight) / document.documentElement.scrollHeight"


@pytest.mark.claim("C07")
def test_the_dwell_tells_the_deepest_share_even_of_a_page_that_grows(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, body=TALL))
    view = arrivals.view(title="A")
    visitor.wheel(1200)
    visitor.wait_until("scrollY > 1100")
    deepest = visitor.evaluate(SHARE)
    visitor.wheel(-1200)
    visitor.wait_until("scrollY === 0")
    visitor.open(site.page("/b", title="B", tag=tag, body=TALL))
    assert arrivals.dwell(view).event["scroll"] == pytest.approx(deepest, abs=0.02)

    grown = arrivals.view(title="B")
    visitor.evaluate("scrollTo(0, 1e6)")
    visitor.wait_until(f"{SHARE} > 0.99")
    visitor.evaluate(GROW)
    bottom = visitor.evaluate("scrollY")
    visitor.evaluate("scrollBy(0, 40)")
    visitor.wait_until(f"scrollY > {bottom}")
    visitor.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    deepest = visitor.evaluate(SHARE)
    assert deepest < 0.7
    visitor.open(site.page("/c", title="C", tag=tag))
    assert arrivals.dwell(grown).event["scroll"] == pytest.approx(deepest, abs=0.02)

    short = arrivals.view(title="C")
    visitor.open(site.page("/d", title="D", tag=build_tag({"measure.scroll": False}), body=TALL))
    assert arrivals.dwell(short).event["scroll"] == 1, "what needs no scrolling is seen at once"
    off = arrivals.view(title="D")
    visitor.wheel(500)
    visitor.wait_until("scrollY > 0")
    visitor.open(site.url("/left"))
    assert "scroll" not in arrivals.dwell(off).event


@pytest.mark.claim("C08")
def test_each_route_has_a_depth_of_its_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, body=TALL))
    first = arrivals.view(title="A")
    visitor.evaluate("scrollTo(0, 2000)")
    visitor.wait_until("scrollY === 2000")
    visitor.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    deepest = visitor.evaluate(SHARE)
    visitor.evaluate(
        "() => { history.pushState({}, '', '/b'); document.title = 'B'; scrollTo(0, 0) }"
    )
    second = arrivals.view(title="B")
    assert arrivals.dwell(first).event["scroll"] == pytest.approx(deepest, abs=0.02)
    top = visitor.evaluate(SHARE)
    visitor.open(site.url("/left"))
    assert arrivals.dwell(second).event["scroll"] == pytest.approx(top, abs=0.02)
