"""The opt-out from an ad: in place where the browser keeps it, else on the choices page."""

import pytest

from fixtures.adserver import ad_url, serve_ads
from fixtures.creatives import TAILORED
from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.advert import Shown, ad, frame
from tests.support.site import Site
from tests.support.tag import Tag

DONE, ELSEWHERE = "You have opted out here.", "Only our page can keep and show your choice."


def get_an_identifier(visitor: Visitor, server: FixtureServer, tag: Tag) -> None:
    """Click on an ad of the platform, as a visitor does who is then known."""
    serve_ads(server, assets=tag.base_url)
    visitor.open(server.url("ads", f"/click?campaign={TAILORED[0].name}"))


def next_ad(visitor: Visitor, server: FixtureServer, page: str) -> Exchange:
    """The ad request of a page that is opened now."""
    mark = server.ledger.mark()
    visitor.open(page)
    return server.ledger.wait(
        lambda entry: entry.role == "ads" and entry.path == "/ad" and entry.answered_at, since=mark
    )


@pytest.mark.claim("C16")
@pytest.mark.claim("C19")
@pytest.mark.claim("C20")
@pytest.mark.mode("frames_in_reach")
def test_a_visitor_opts_out_by_the_icon_of_a_targeted_ad_and_the_next_is_not_tailored(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    get_an_identifier(visitor, server, tag)
    page = site.page("/", body=frame("ad", ad_url(server)))
    mark = server.ledger.mark()
    first = next_ad(visitor, server, page)
    assert first.response_headers["X-Ad"] == "tailored"
    assert "azalead_id=" in first.headers["Cookie"]
    # The icon is in its corner, or the click would open the advertiser's page.
    server.ledger.wait(lambda entry: entry.path.endswith("/azalead-ad.js"), since=mark)
    corner = "document.getElementById('ad').getBoundingClientRect()"
    x, y = visitor.evaluate(f"[{corner}.right - 9, {corner}.top + 7]")
    settle(visitor, x, y)
    for key in ("Tab", "Tab", "Enter"):
        visitor.press(key)
    asked = server.ledger.wait(lambda entry: entry.path.endswith("/optout"), since=mark)
    assert asked.method == "POST"
    server.ledger.wait(lambda entry: entry.path.endswith("/status"), since=mark)
    second = next_ad(visitor, server, page)
    assert second.response_headers["X-Ad"] == "contextual", "ads still show"
    assert second.response_headers["X-Rule"] == "optout"
    assert "azalead_id" not in second.headers["Cookie"]


def settle(visitor: Visitor, x: float, y: float) -> None:
    """Open the panel of an icon in a frame that nobody can look into: the frame then has focus."""
    visitor.wait_until("document.readyState === 'complete'")
    visitor.click_at(x, y)
    visitor.wait_until("document.activeElement.localName === 'iframe'")


@pytest.mark.claim("C20")
@pytest.mark.mode("third_party_allowed")
def test_the_panel_says_that_it_is_done_when_the_cookie_came_back(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    visitor.open(site.page("/", body=ad(tag, "ad", lang="en")))
    shown = Shown(visitor, "ad")
    assert not shown.open()["status"]
    shown.click("optout")
    told = shown.wait("told.status")
    assert told["status"] == DONE
    assert "optout" not in told["parts"]
    assert told["focus"] == "dialog", "focus is not lost with the button"


@pytest.mark.claim("C16")
@pytest.mark.claim("C17")
@pytest.mark.claim("C20")
@pytest.mark.mode("third_party_blocked")
def test_where_the_browser_keeps_nothing_the_panel_says_so_and_leads_to_the_page_that_can(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    get_an_identifier(visitor, server, tag)
    page = site.page("/", body=ad(tag, "ad", lang="en") + frame("frame", ad_url(server)))
    assert next_ad(visitor, server, page).response_headers["X-Ad"] == "contextual"
    shown = Shown(visitor, "ad")
    shown.open()
    shown.click("optout")
    assert shown.wait("told.status")["status"] == ELSEWHERE
    assert tag.choices_url.split("/")[2] in shown.tell()["says"][-1]

    visitor.click_to_new_tab("#ad azalead-adchoices >> a")
    assert visitor.evaluate("location.href") == tag.choices_url
    assert visitor.evaluate("opener") is None
    mark = server.ledger.mark()
    visitor.click("[action=optout] button")
    server.ledger.wait(lambda entry: entry.path.endswith("/optout"), since=mark)
    visitor.close_tab()
    visitor.evaluate("void dispatchEvent(new Event('focus'))")  # drivers keep both tabs visible
    server.ledger.wait(lambda entry: entry.path.endswith("/status"), since=mark)
    assert shown.wait("told.status")["status"] == ELSEWHERE, "it cannot know, and does not pretend"
    second = next_ad(visitor, server, page)
    assert second.response_headers["X-Ad"] == "contextual"
    assert "azalead_id" not in second.headers.get("Cookie", "")


def test_a_choices_origin_that_does_not_answer_is_no_opt_out(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    visitor.open(site.page("/", body=ad(tag, "ad", lang="en")))
    shown = Shown(visitor, "ad")
    shown.open()
    server.faults.refuse("choices")
    try:
        shown.click("optout")
        assert shown.wait("told.status")["status"] == ELSEWHERE
    finally:
        server.faults.reset()
    assert "optout" in shown.tell()["parts"], "it can be tried again"
