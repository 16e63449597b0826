"""Consent banners that nobody here wrote: before acceptance nobody, after revocation nobody."""

import pytest

from tests.banners import BANNERS, serve
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.events import Arrival
from tests.support.site import Site
from tests.support.tag import ROOT, Tag

NOBODY = "!/azalead_id/.test(document.cookie)"
OPTED_OUT = "document.cookie.includes('azalead_optout=1')"
HEARD = "/azalead_id/.test(document.cookie) && !document.cookie.includes('azalead_optout')"
SWEEPING = "/^azalead_/"


def come(visitor: Visitor, site: Site, title: str, name: str) -> None:
    """Open a page, and wait for its banner."""
    visitor.open(site.url(f"/{title.lower()}"))
    visitor.wait_until(BANNERS[name].ready)


def accept(visitor: Visitor, name: str) -> None:
    """Accept in the banner."""
    visitor.evaluate(f"() => {{ {BANNERS[name].accept} }}")


def deny(visitor: Visitor, name: str) -> None:
    """Refuse in the banner, or revoke."""
    visitor.evaluate(f"() => {{ {BANNERS[name].deny} }}")


def after(arrivals: Arrivals, visitor: Visitor) -> Arrival:
    """An event from here on, as it arrives."""
    visitor.evaluate("azalead('event', 'after')")
    return arrivals.expect("event")


def revoke(visitor: Visitor, arrivals: Arrivals, site: Site, name: str, view: Arrival) -> None:
    """Revoke in the banner, see that nobody is told of from here on, and leave."""
    deny(visitor, name)
    visitor.wait_until(f"{NOBODY} && {OPTED_OUT}")
    assert after(arrivals, visitor).visitor is None
    visitor.open(site.url("/left"))
    assert (
        arrivals.expect("dwell", where=lambda dwell: dwell.page_id == view.page_id).visitor is None
    )


@pytest.mark.parametrize("name", BANNERS)
def test_a_tag_that_a_banner_holds_back_counts_only_after_acceptance(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, name: str
) -> None:
    serve(site, tag, name, is_held_back=True, titles="ABCDE")
    come(visitor, site, "A", name)
    come(visitor, site, "A", name)
    accept(visitor, name)
    first = arrivals.view(title="A")
    assert first.visitor
    come(visitor, site, "A", name)
    assert arrivals.view(title="A").visitor == first.visitor
    come(visitor, site, "B", name)
    view = arrivals.view(title="B")
    assert view.visitor == first.visitor
    revoke(visitor, arrivals, site, name, view)
    come(visitor, site, "C", name)
    come(visitor, site, "C", name)
    accept(visitor, name)
    assert arrivals.view(title="C").visitor != first.visitor
    visitor.wait_until(HEARD)
    come(visitor, site, "D", name)
    again = arrivals.view(title="D").visitor
    assert again not in {None, first.visitor}
    come(visitor, site, "E", name)
    assert arrivals.view(title="E").visitor == again


@pytest.mark.claim("C16")
@pytest.mark.parametrize("name", BANNERS)
def test_a_tag_that_is_always_there_hears_each_choice(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, name: str
) -> None:
    serve(site, tag, name, is_held_back=False, titles="ABCDEF")
    come(visitor, site, "A", name)
    assert arrivals.view(title="A").visitor is None, "nobody was asked yet"
    deny(visitor, name)
    assert after(arrivals, visitor).visitor is None
    for title in "BC":
        come(visitor, site, title, name)
        assert arrivals.view(title=title).visitor is None
    accept(visitor, name)
    visitor.wait_until(HEARD)
    granted = after(arrivals, visitor).visitor
    assert granted
    for title in "DD":
        come(visitor, site, title, name)
        view = arrivals.view(title="D")
        assert view.visitor == granted, "no new visitor on each page"
    revoke(visitor, arrivals, site, name, view)
    come(visitor, site, "E", name)
    assert arrivals.view(title="E").visitor is None
    accept(visitor, name)
    visitor.wait_until(HEARD)
    come(visitor, site, "F", name)
    assert arrivals.view(title="F").visitor not in {None, granted}


@pytest.mark.parametrize("name", BANNERS)
def test_a_choice_that_a_banner_is_made_to_forget_counts_no_longer(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, name: str
) -> None:
    serve(site, tag, name, is_held_back=False, titles="AB")
    come(visitor, site, "A", name)
    accept(visitor, name)
    visitor.wait_until(HEARD)
    arrivals.view(title="A")
    visitor.evaluate(f"() => {{ {BANNERS[name].reset} }}")
    come(visitor, site, "B", name)
    assert arrivals.view(title="B").visitor is None
    visitor.wait_until(f"{NOBODY} && {OPTED_OUT}")


@pytest.mark.claim("C18")
@pytest.mark.parametrize("is_held_back", [True, False], ids=["held back", "always there"])
@pytest.mark.parametrize("name", BANNERS)
def test_no_banner_opts_in_again_who_has_opted_out_elsewhere(  # noqa: PLR0913
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, name: str, *, is_held_back: bool
) -> None:
    """Of what was accepted a banner speaks again on each page; that is no new choice."""
    serve(site, tag, name, is_held_back=is_held_back, titles="ABC")
    come(visitor, site, "A", name)
    accept(visitor, name)
    visitor.wait_until(HEARD)
    arrivals.view(title="A")
    come(visitor, site, "B", name)
    assert arrivals.view(title="B").visitor
    visitor.evaluate("azalead('optout')")
    for _ in range(2):
        come(visitor, site, "C", name)
        assert arrivals.view(title="C").visitor is None


@pytest.mark.claim("C18")
@pytest.mark.parametrize("has_opted_out", [True, False], ids=["opted out", "control"])
def test_an_opt_out_outlives_a_banner_that_clears_all_our_cookies(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, *, has_opted_out: bool
) -> None:
    """A later acceptance, of which nobody tells the tag, is none of its opt-out."""
    name = "vanilla-cookieconsent"
    serve(site, tag, name, is_held_back=True, titles="ABC", cookie=SWEEPING, is_telling=False)
    come(visitor, site, "A", name)
    accept(visitor, name)
    first = arrivals.view(title="A").visitor
    if has_opted_out:
        visitor.evaluate("azalead('optout')")
        visitor.wait_until(OPTED_OUT)
    deny(visitor, name)
    visitor.wait_until("!/azalead_/.test(document.cookie)")
    for title in "BC":
        come(visitor, site, title, name)
        accept(visitor, name)
        view = arrivals.view(title=title)
        told = (view.visitor is None, view.beacon.signals["optout"], view.visitor == first)
        assert told == (has_opted_out, has_opted_out, False)


def test_the_documentation_knows_each_banner_s_acceptance_as_tested() -> None:
    documented = (ROOT / "docs" / "banners.md").read_text(encoding="utf-8")
    assert [
        name for name, banner in BANNERS.items() if f"`{banner.accepted}`" not in documented
    ] == []
