"""The choices page without JavaScript: forms, and what the server and the address tell."""

import pytest

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.choices import IN, MULTILINGUAL, NUMBERS, OUT, identify, plant_opt_out
from tests.support.tag import Tag, TagBuilder

KEPT_PAGE = "location.pathname.endsWith('/kept') && document.querySelector('footer')"
PLACES = [
    *("", "#opted-out", "#opted-in", "#refused", "#en", "#opted-out-de", "#kept", "#:~:text=opted"),
    *("?wanted=optout#opted-out", "?kept=opted-out", "?data-kept=opted-out", "?lang=opted-out"),
]
"""What somebody can write into a link to the page."""


def shown(visitor: Visitor) -> str:
    """The one heading of the card that is seen."""
    headings: list[str] = visitor.evaluate("""[...document.querySelectorAll(".choice h2")]
      .filter((heading) => heading.offsetHeight > 0).map((heading) => heading.textContent)""")
    (heading,) = headings
    return heading


def press_without_scripts(visitor: Visitor, server: FixtureServer, url: str, tabs: int) -> Exchange:
    """Press what is that many tabs away; returns the request that looked at the cookie.

    By keyboard: a driver's click waits for frames, and Firefox has none without scripts.
    """
    before = server.ledger.mark()
    visitor.open(url)
    for _ in range(tabs):
        visitor.press("Tab")
    visitor.press("Enter")
    kept = server.ledger.wait(
        lambda entry: entry.path.endswith("/kept") and entry.status, since=before
    )
    visitor.wait_until(KEPT_PAGE)
    return kept


@pytest.mark.claim("C16")
@pytest.mark.mode("scripts_off")
def test_a_form_opts_out_where_scripts_are_off(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    identify(visitor, server)
    kept = press_without_scripts(visitor, server, tag.choices_url, tabs=1)
    assert dict(kept.query) == {"wanted": "optout"}
    assert kept.headers["Cookie"] == "azalead_optout=1"
    assert shown(visitor) == OUT


@pytest.mark.mode("scripts_off")
def test_a_form_opts_in_again_where_scripts_are_off(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    plant_opt_out(visitor, server, "choices.localhost")
    kept = press_without_scripts(visitor, server, tag.choices_url, tabs=2)
    assert dict(kept.query) == {"wanted": "optin"}
    assert "Cookie" not in kept.headers
    assert shown(visitor) == IN


@pytest.mark.mode("scripts_off")
@pytest.mark.parametrize("is_out", [True, False])
def test_without_scripts_the_server_tells_which_choice_is_held(
    visitor: Visitor, server: FixtureServer, tag: Tag, *, is_out: bool
) -> None:
    if is_out:
        plant_opt_out(visitor, server, "choices.localhost")
    press_without_scripts(visitor, server, tag.choices_url, tabs=3)
    assert shown(visitor) == (OUT if is_out else IN)


@pytest.mark.claim("C17")
@pytest.mark.mode("scripts_off")
@pytest.mark.parametrize("page", ["", "choices.html"])
@pytest.mark.parametrize("place", PLACES)
def test_without_scripts_no_address_claims_what_is_not_so(
    visitor: Visitor, tag: Tag, page: str, place: str
) -> None:
    """Nor what is: of a visitor without scripts, only the server knows it."""
    visitor.open(f"{tag.choices_url}{page}{place}")
    assert shown(visitor) == "Your choice"


@pytest.mark.claim("C17")
@pytest.mark.mode("scripts_off")
@pytest.mark.parametrize("query", ["", "?wanted=optout", "?wanted=optin", "?wanted=refused"])
@pytest.mark.parametrize("is_out", [True, False])
def test_without_scripts_a_link_to_the_result_tells_what_is_held(
    visitor: Visitor, server: FixtureServer, tag: Tag, query: str, *, is_out: bool
) -> None:
    """And not that a choice was not kept, which the visitor has not made."""
    if is_out:
        plant_opt_out(visitor, server, "choices.localhost")
    url = f"{tag.choices_url}kept{query}#opted-out"
    path = f"/link-{next(NUMBERS)}"
    visitor.open(server.serve("publisher", path, f'<!doctype html><a href="{url}">Look</a>'))
    mark = server.ledger.mark()
    visitor.press("Tab")
    visitor.press("Enter")
    server.ledger.wait(lambda entry: entry.path.endswith("/kept") and entry.status, since=mark)
    visitor.wait_until(KEPT_PAGE)
    assert shown(visitor) == (OUT if is_out else IN)


@pytest.mark.claim("C17")
@pytest.mark.mode("scripts_off")
def test_without_scripts_or_server_the_page_says_nothing_of_a_choice(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    host = f"unscripted-{next(NUMBERS)}.localhost"
    server.serve_folder(host, "/", tag.folder)
    for place in PLACES:
        visitor.open(server.url(host, f"/choices.html{place}"))
        assert shown(visitor) == "Your choice"


@pytest.mark.mode("scripts_off")
def test_without_scripts_another_language_can_be_chosen_and_the_result_is_told_in_it(
    visitor: Visitor, server: FixtureServer, build_tag: TagBuilder
) -> None:
    tag = build_tag(MULTILINGUAL)
    before = server.ledger.mark()
    visitor.open(f"{tag.choices_url}?lang=de#de")
    assert "Ihre Wahl" in visitor.evaluate("document.body.innerText")
    assert "Your ad choices" not in visitor.evaluate("document.body.innerText")
    visitor.click("article[lang=de] [action=optout] button")
    kept = server.ledger.wait(lambda entry: entry.path.endswith("/kept"), since=before)
    assert dict(kept.query) == {"wanted": "optout"}
    visitor.wait_until("document.body.innerText.includes('Sie haben widersprochen')")
    assert OUT not in visitor.evaluate("document.body.innerText")
