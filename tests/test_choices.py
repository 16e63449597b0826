"""The choices page: a visitor opts out, comes back, and is told what the browser really kept."""

import re
import time

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.choices import (
    DAY,
    IN,
    NUMBERS,
    OPT_OUT,
    OUT,
    REFUSED,
    asked,
    facts,
    identify,
    opt_in,
    opt_out,
    ours,
    plant_opt_out,
    wait_for_state,
)
from tests.support.tag import Tag

LONGEST = {"chromium": 400, "firefox": 400, "webkit": 1829}
"""Days that each engine keeps a cookie of five years and two days."""


@pytest.fixture
def static_host(server: FixtureServer, tag: Tag) -> str:
    """A host that serves the page as a file and answers no form."""
    host = f"static-choices-{next(NUMBERS)}.localhost"
    server.serve_folder(host, "/", tag.folder)
    return host


# Opting out


@pytest.mark.claim("C16")
def test_opting_out_sets_the_opt_out_and_expires_the_identifier(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    identify(visitor, server)
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    visitor.wait_until("document.querySelector('[data-value=unseen]').offsetHeight > 0")
    before = server.ledger.mark()
    opt_out(visitor)
    assert facts(visitor)["Identifier"] == "None"
    assert facts(visitor)["Opt-out"] == "Set"
    (cookie,) = visitor.cookies(tag.choices_url)
    assert (cookie.name, cookie.value) == ("azalead_optout", "1")
    assert (cookie.domain, cookie.path) == ("choices.localhost", "/")
    assert (cookie.secure, cookie.same_site) == (True, "None")
    (done,) = asked(server, before, "optout")
    (seen,) = asked(server, before, "status")
    assert "azalead_id=" in done.headers["Cookie"]
    assert seen.headers["Cookie"] == "azalead_optout=1"
    assert not visitor.problems()


@pytest.mark.claim("C16")
def test_a_visitor_who_only_looks_is_left_as_they_were(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    identify(visitor, server)
    before = server.ledger.mark()
    visitor.open(tag.choices_url)
    visitor.wait_until("document.querySelector('[data-value=unseen]').offsetHeight > 0")
    wait_for_state(visitor, IN)
    assert set(ours(visitor, tag.choices_url)) == {"azalead_id"}
    assert not asked(server, before, "optout")
    assert all(
        "Set-Cookie" not in entry.response_headers
        for entry in server.ledger.select(role="choices", since=before)
    )


def test_a_page_that_is_left_asks_its_server_nothing(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    """The answer renews an opt-out, also one that the visitor has deleted before it comes."""
    before = server.ledger.mark()
    for visit in (1, 2):
        identify(visitor, server)
        visitor.open(tag.choices_url)
        visitor.wait_until("document.querySelector('[data-value=unseen]').offsetHeight > 0")
        assert len(asked(server, before, "status")) == visit


def test_coming_back_takes_the_opt_out_away(visitor: Visitor, tag: Tag) -> None:
    visitor.open(tag.choices_url)
    opt_out(visitor)
    opt_in(visitor)
    assert facts(visitor)["Opt-out"] == "Not set"
    assert ours(visitor, tag.choices_url) == {}


@pytest.mark.claim("C17")
@pytest.mark.mode("cookies_refused")
def test_who_refuses_cookies_is_told_instead_of_promised(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    before = server.ledger.mark()
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    visitor.click(OPT_OUT)
    wait_for_state(visitor, REFUSED)
    assert "Allow cookies for this site" in visitor.evaluate("document.body.innerText")
    assert facts(visitor) | {"Identifier": "None", "Opt-out": "Not set"} == facts(visitor)
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    entries = server.ledger.select(role="choices", since=before)
    assert asked(server, before, "optout")
    assert all("Cookie" not in entry.headers for entry in entries)
    assert not visitor.problems()


def test_the_page_runs_under_its_own_strict_policy(visitor: Visitor, tag: Tag) -> None:
    visitor.open(tag.choices_url)
    opt_out(visitor)
    assert not visitor.problems()
    page = tag.read("choices.html")
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"\son[a-z]+=", page)


# How long it lasts


@pytest.mark.claim("C18")
def test_a_new_visit_of_the_page_renews_the_opt_out(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    plant_opt_out(visitor, server, "choices.localhost")
    assert ours(visitor, tag.choices_url)["azalead_optout"].expires == pytest.approx(
        time.time() + DAY, abs=60
    )
    visitor.open(tag.choices_url)
    wait_for_state(visitor, OUT)
    renewed = ours(visitor, tag.choices_url)["azalead_optout"]
    longest = LONGEST[visitor.engine] * DAY
    assert renewed.expires == pytest.approx(time.time() + longest, abs=60)


@pytest.mark.claim("C18")
def test_the_script_alone_renews_it_where_the_page_is_only_a_file(
    visitor: Visitor, server: FixtureServer, static_host: str
) -> None:
    plant_opt_out(visitor, server, static_host)
    page = server.url(static_host, "/choices.html")
    visitor.open(page)
    wait_for_state(visitor, OUT)
    (cookie,) = visitor.cookies(page)
    longest = LONGEST[visitor.engine] * DAY
    assert cookie.expires == pytest.approx(time.time() + longest, abs=60)


@pytest.mark.claim("C18")
def test_the_opt_out_survives_a_restart_of_the_browser(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    if not visitor.keeps_cookies_over_restart:
        pytest.skip("this engine's automation keeps no cookies from one session to the next")
    visitor.open(tag.choices_url)
    opt_out(visitor)
    visitor.restart()
    before = server.ledger.mark()
    visitor.open(tag.choices_url)
    wait_for_state(visitor, OUT)
    page = server.ledger.select(role="choices", since=before)[0]
    assert page.headers["Cookie"] == "azalead_optout=1"


def test_the_script_alone_opts_out_and_in_where_the_page_is_only_a_file(
    visitor: Visitor, server: FixtureServer, static_host: str
) -> None:
    page = server.url(static_host, "/choices.html")
    visitor.open(page)
    visitor.evaluate(
        f"document.cookie = 'azalead_id=x; domain={static_host}; path=/; secure; samesite=none'"
    )
    visitor.reload()
    wait_for_state(visitor, IN)
    assert facts(visitor)["Identifier"] == "x"
    opt_out(visitor)
    (cookie,) = visitor.cookies(page)
    assert (cookie.name, cookie.value, cookie.domain) == ("azalead_optout", "1", static_host)
    assert (cookie.secure, cookie.same_site) == (True, "None")
    opt_in(visitor)
    assert visitor.cookies(page) == []


def test_a_choice_made_in_another_tab_shows_when_the_page_is_looked_at_again(
    visitor: Visitor, tag: Tag
) -> None:
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    visitor.new_tab()
    visitor.open(tag.choices_url)
    opt_out(visitor)
    visitor.close_tab()
    # No driver tells a page under it that it was behind another, so the page is left and seen anew.
    visitor.reload()
    wait_for_state(visitor, OUT)
