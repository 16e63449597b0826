"""The choices page without JavaScript: forms, and what the server and the address tell."""

import pytest

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.choices import IN, MULTILINGUAL, OUT, REFUSED, identify, plant_opt_out
from tests.support.tag import Tag, TagBuilder


def press_without_scripts(visitor: Visitor, server: FixtureServer, url: str, tabs: int) -> Exchange:
    """Press what is that many tabs away; returns the request that looked at the cookie.

    By keyboard: a driver's click waits for frames, and Firefox has none without scripts.
    """
    before = server.ledger.mark()
    visitor.open(url)
    for _ in range(tabs):
        visitor.press("Tab")
    visitor.press("Enter")
    return server.ledger.wait(
        lambda entry: entry.path.endswith("/kept") and entry.status, since=before
    )


@pytest.mark.claim("C16")
@pytest.mark.mode("scripts_off")
def test_a_form_opts_out_where_scripts_are_off(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    identify(visitor, server)
    kept = press_without_scripts(visitor, server, tag.choices_url, tabs=1)
    assert dict(kept.query) == {"wanted": "optout"}
    assert kept.headers["Cookie"] == "azalead_optout=1"
    assert kept.response_headers["Location"] == "./#opted-out"


@pytest.mark.mode("scripts_off")
def test_a_form_opts_in_again_where_scripts_are_off(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    plant_opt_out(visitor, server, "choices.localhost")
    kept = press_without_scripts(visitor, server, tag.choices_url, tabs=2)
    assert dict(kept.query) == {"wanted": "optin"}
    assert "Cookie" not in kept.headers
    assert kept.response_headers["Location"] == "./#opted-in"


@pytest.mark.mode("scripts_off")
@pytest.mark.parametrize(("is_out", "place"), [(True, "opted-out"), (False, "opted-in")])
def test_without_scripts_the_server_tells_which_choice_is_held(
    visitor: Visitor, server: FixtureServer, tag: Tag, place: str, *, is_out: bool
) -> None:
    if is_out:
        plant_opt_out(visitor, server, "choices.localhost")
    kept = press_without_scripts(visitor, server, tag.choices_url, tabs=3)
    assert kept.response_headers["Location"] == f"./#{place}"


@pytest.mark.mode("scripts_off")
@pytest.mark.parametrize(("place", "told"), [("opted-out", OUT), ("refused", REFUSED)])
def test_without_scripts_the_result_is_shown_by_the_address(
    visitor: Visitor, tag: Tag, place: str, told: str
) -> None:
    visitor.open(f"{tag.choices_url}#{place}")
    seen = visitor.evaluate("document.body.innerText")
    assert told in seen
    assert IN not in seen
    assert "Without JavaScript" not in seen


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
    assert kept.response_headers["Location"] == "./#opted-out-de"
    visitor.wait_until("document.body.innerText.includes('Sie haben widersprochen')")
    assert OUT not in visitor.evaluate("document.body.innerText")
