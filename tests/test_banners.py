"""Consent banners that nobody here wrote: before acceptance nothing, after revocation nobody."""

import pytest

from tests.banners import BANNERS, serve
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

HELD_BACK = ("klaro", "orejime", "osano")
ALWAYS_THERE = ("orejime",)

FORGOTTEN = "!/azalead_id/.test(document.cookie)"


def come(visitor: Visitor, site: Site, title: str, name: str) -> None:
    """Open a page, and wait for its banner."""
    visitor.open(site.url(f"/{title.lower()}"))
    visitor.wait_until(BANNERS[name].ready)


@pytest.mark.parametrize("name", HELD_BACK)
def test_a_tag_that_a_banner_holds_back_counts_only_after_acceptance(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, name: str
) -> None:
    banner = BANNERS[name]
    serve(site, tag, name, is_held_back=True, titles="ABCD")
    come(visitor, site, "A", name)
    come(visitor, site, "A", name)
    visitor.evaluate(f"() => {{ {banner.accept} }}")
    first = arrivals.view(title="A")
    assert first.visitor
    come(visitor, site, "B", name)
    assert arrivals.view(title="B").visitor == first.visitor
    visitor.evaluate(f"() => {{ {banner.deny} }}")
    visitor.evaluate("() => { azalead('optout') }")
    visitor.wait_until(FORGOTTEN)
    come(visitor, site, "C", name)
    visitor.evaluate(f"() => {{ {banner.accept} }}")
    visitor.evaluate("() => { azalead('optin') }")
    come(visitor, site, "D", name)
    again = arrivals.view(title="D")
    assert again.visitor not in {None, first.visitor}
    arrivals.view(title="C")


@pytest.mark.claim("C16")
@pytest.mark.parametrize("name", ALWAYS_THERE)
def test_a_tag_that_is_always_there_hears_each_choice(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, name: str
) -> None:
    banner = BANNERS[name]
    serve(site, tag, name, is_held_back=False, titles="ABCDE")
    come(visitor, site, "A", name)
    arrivals.view(title="A")
    visitor.evaluate(f"() => {{ {banner.deny} }}")
    visitor.wait_until("document.cookie.includes('azalead_optout=1')")
    visitor.wait_until(FORGOTTEN)
    for title in "BC":
        come(visitor, site, title, name)
        assert arrivals.view(title=title).visitor is None
    visitor.evaluate(f"() => {{ {banner.accept} }}")
    visitor.wait_until("!document.cookie.includes('azalead_optout=1')")
    come(visitor, site, "D", name)
    granted = arrivals.view(title="D").visitor
    come(visitor, site, "E", name)
    assert granted
    assert arrivals.view(title="E").visitor == granted, "no new visitor on each page"
