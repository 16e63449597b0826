"""The choices page: a visitor opts out, comes back, and is told what the browser really kept."""

import re
import time
from itertools import count
from pathlib import Path

import pytest

from fixtures.cookies import Cookies, Held
from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.leaving import follow
from tests.browsers.visitor import Cookie, Visitor
from tests.build_runner import configuration, run_build
from tests.support.tag import Tag, TagBuilder

NUMBERS = count(1)
DAY = 86400
LONGEST = {"chromium": 400, "firefox": 400, "webkit": 1829}
"""Days that each engine keeps a cookie of five years and two days."""

OUT, IN = "You are opted out", "You have not opted out"
REFUSED = "Your browser did not keep your choice"
OPT_OUT, OPT_IN = "[action=optout] button", "[action=optin] button"

AXE = Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
COOKIES = Cookies("choices.localhost")


def wait_for_state(visitor: Visitor, title: str) -> None:
    """Until the card says so, with its one button."""
    button = OPT_IN if title == OUT else OPT_OUT
    visitor.wait_until(
        f"document.querySelector('.choice h2').textContent === {title!r}"
        f" && document.querySelector({button!r}).offsetHeight > 0"
    )
    other = OPT_OUT if title == OUT else OPT_IN
    assert visitor.evaluate(f"document.querySelector({other!r}).offsetHeight") == 0


def facts(visitor: Visitor) -> dict[str, str]:
    """What the page says that the browser holds and signals."""
    shown = visitor.evaluate(
        "[...document.querySelectorAll('.facts > div')].map((fact) => fact.innerText)"
    )
    return dict(each.strip().split("\n", 1) for each in shown)


def ours(visitor: Visitor, url: str) -> dict[str, Cookie]:
    """The platform's cookies that the browser holds for an address, by name."""
    return {cookie.name: cookie for cookie in visitor.cookies(url)}


def identify(visitor: Visitor, server: FixtureServer) -> None:
    """Let the platform's domain recognise the visitor, as an ad server does."""
    (cookie,) = COOKIES.renewal(Held(None, opted_out=False), mint=True)
    path = f"/ad-{next(NUMBERS)}"
    visitor.open(server.serve("choices", path, "<title>Ad</title>", headers={"Set-Cookie": cookie}))


def asked(server: FixtureServer, since: int, name: str) -> list[Exchange]:
    """The requests to an endpoint of the choices origin."""
    entries = server.ledger.select(role="choices", since=since)
    return [entry for entry in entries if entry.path.endswith(f"/{name}")]


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
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)
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


def test_coming_back_takes_the_opt_out_away(visitor: Visitor, tag: Tag) -> None:
    visitor.open(tag.choices_url)
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)
    visitor.click(OPT_IN)
    wait_for_state(visitor, IN)
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


# How long it lasts


def plant_opt_out(visitor: Visitor, server: FixtureServer, host: str) -> None:
    """An opt-out that ends tomorrow."""
    cookie = f"azalead_optout=1; Max-Age={DAY}; Path=/; Domain={host}; Secure; SameSite=None"
    path = f"/opted-out-{next(NUMBERS)}"
    visitor.open(server.serve(host, path, "<title>Out</title>", headers={"Set-Cookie": cookie}))


@pytest.fixture
def static_host(server: FixtureServer, tag: Tag) -> str:
    """A host that serves the page as a file and answers no form."""
    host = f"static-choices-{next(NUMBERS)}.localhost"
    server.serve_folder(host, "/", tag.folder)
    return host


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
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)
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
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)
    (cookie,) = visitor.cookies(page)
    assert (cookie.name, cookie.value, cookie.domain) == ("azalead_optout", "1", static_host)
    assert (cookie.secure, cookie.same_site) == (True, "None")
    visitor.click(OPT_IN)
    wait_for_state(visitor, IN)
    assert visitor.cookies(page) == []


def test_a_choice_made_in_another_tab_shows_when_the_page_is_looked_at_again(
    visitor: Visitor, tag: Tag
) -> None:
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    visitor.new_tab()
    visitor.open(tag.choices_url)
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)
    visitor.close_tab()
    # No driver tells a page under it that it was behind another, so the page is left and seen anew.
    visitor.reload()
    wait_for_state(visitor, OUT)


# Without JavaScript


BLIND = "with javascript.enabled off, Firefox's driver runs nothing that waits in the page either"


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
    if visitor.engine == "firefox":
        pytest.skip(BLIND)
    visitor.open(f"{tag.choices_url}#{place}")
    seen = visitor.evaluate("document.body.innerText")
    assert told in seen
    assert IN not in seen
    assert "Without JavaScript" not in seen


# Languages


@pytest.fixture
def multilingual(build_tag: TagBuilder) -> Tag:
    """A tag whose page speaks English, French, Canadian French and German."""
    return build_tag({"adchoices.languages": ["en", "fr", "fr-CA", "de"]})


@pytest.mark.parametrize(
    ("query", "language", "title"),
    [
        ("", "en", "Your ad choices"),
        ("?lang=de", "de", "Ihre Wahl bei Werbung"),
        ("?lang=fr-BE", "fr", "Vos choix publicitaires"),
        ("?lang=FR-ca", "fr-CA", "Vos choix publicitaires"),
        ("?lang=tlh", "en", "Your ad choices"),
    ],
)
def test_the_page_speaks_the_language_that_is_asked_for(
    visitor: Visitor, multilingual: Tag, query: str, language: str, title: str
) -> None:
    visitor.open(f"{multilingual.choices_url}{query}")
    wait_for = f"document.querySelector('article').lang === {language!r}"
    visitor.wait_until(wait_for)
    assert visitor.evaluate("document.documentElement.lang") == language
    assert visitor.evaluate("document.title") == title
    assert visitor.evaluate("document.querySelector('h1').innerText") == title
    assert visitor.evaluate("document.querySelectorAll('article').length") == 1
    assert visitor.evaluate("document.querySelector('[aria-current]').lang") == language


def test_a_language_of_the_menu_is_one_click_away(visitor: Visitor, multilingual: Tag) -> None:
    visitor.open(multilingual.choices_url)
    follow(visitor, "nav [hreflang=de]")
    visitor.click(OPT_OUT)
    visitor.wait_until("document.querySelector('.choice h2').textContent.includes('widersprochen')")
    visitor.wait_until(f"document.querySelector({OPT_IN!r}).offsetHeight > 0")


@pytest.mark.mode("scripts_off")
def test_without_scripts_another_language_can_be_chosen_and_the_result_is_told_in_it(
    visitor: Visitor, server: FixtureServer, multilingual: Tag
) -> None:
    if visitor.engine == "firefox":
        pytest.skip(BLIND)
    before = server.ledger.mark()
    visitor.open(f"{multilingual.choices_url}?lang=de#de")
    assert "Ihre Wahl" in visitor.evaluate("document.body.innerText")
    assert "Your ad choices" not in visitor.evaluate("document.body.innerText")
    visitor.click("article[lang=de] [action=optout] button")
    kept = server.ledger.wait(lambda entry: entry.path.endswith("/kept"), since=before)
    assert kept.response_headers["Location"] == "./#opted-out-de"
    visitor.wait_until("document.body.innerText.includes('Sie haben widersprochen')")
    assert OUT not in visitor.evaluate("document.body.innerText")


# For everybody


def test_the_keyboard_alone_opts_out_and_in_and_the_focus_is_never_lost(
    visitor: Visitor, tag: Tag
) -> None:
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    visitor.press("Tab")
    for key, title in (("Enter", OUT), (" ", IN)):
        assert visitor.evaluate("document.activeElement.tagName") == "BUTTON"
        visitor.press(key)
        wait_for_state(visitor, title)
        visitor.wait_until(f"document.activeElement.textContent === {title!r}")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert visitor.evaluate(style) == "solid"
        visitor.press("Tab")


def test_a_screen_reader_is_told_of_the_new_state(visitor: Visitor, tag: Tag) -> None:
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    visitor.evaluate(
        """() => {
          window.told = [];
          const region = document.querySelector("[role=status]");
          new MutationObserver(() => told.push(region.textContent))
            .observe(region, { childList: true });
        }"""
    )
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)
    told = "Ads still show, and none of them is tailored by a cookie of ours."
    assert visitor.evaluate("told") == [told]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("choice", ["in", "out"])
def test_axe_finds_nothing_to_complain_about(
    visitor: Visitor, server: FixtureServer, multilingual: Tag, scheme: str, choice: str
) -> None:
    page = multilingual.read("choices.html")
    # No driver of all three sets the scheme, so the page is served with that palette alone.
    page, replaced = re.subn(
        r"@media \(prefers-color-scheme: dark\)",
        f"@media {'' if scheme == 'dark' else 'not '}all",
        page,
    )
    assert replaced == 1
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    host = f"accessible-{next(NUMBERS)}.localhost"
    server.serve_folder(host, "/", multilingual.folder)
    visitor.open(server.serve(host, "/", page))
    wait_for_state(visitor, IN)
    if choice == "out":
        visitor.click(OPT_OUT)
        wait_for_state(visitor, OUT)
    violations = visitor.evaluate(
        f"""async () => {{
          {AXE};
          const found = await axe.run(document, {{ resultTypes: ["violations"] }});
          return found.violations.flatMap((rule) =>
            rule.nodes.map((node) => `${{rule.id}}: ${{node.target}} ${{node.failureSummary}}`));
        }}"""
    )
    assert violations == []
    background = visitor.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(23, 18, 22)" if scheme == "dark" else "rgb(252, 250, 249)")


def test_the_page_runs_under_its_own_strict_policy(visitor: Visitor, tag: Tag) -> None:
    visitor.open(tag.choices_url)
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)
    assert not visitor.problems()
    page = tag.read("choices.html")
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"\son[a-z]+=", page)


# The build


def test_the_page_pins_its_script_and_holds_the_configured_languages_only(tmp_path: Path) -> None:
    languages = {'languages = ["en"]': 'languages = ["sk", "el"]'}
    build = run_build(tmp_path, configuration(languages), "--json")
    assert build.exit_code in {0, 1}, build.stderr
    page = build.text("choices.html")
    (script,) = [entry for entry in build.manifest["files"] if entry["name"] == "choices.js"]
    assert f'src="{script["hashed"]}" integrity="{script["integrity"]}"' in page
    assert re.findall(r'<article lang="([^"]+)"', page) == ["sk", "el"]
    assert '<html lang="sk">' in page
    assert "Your ad choices" not in page


def test_without_adchoices_there_is_no_choices_page(tmp_path: Path) -> None:
    text = configuration()
    build = run_build(tmp_path, text[: text.index("[adchoices]")], "--json")
    assert build.exit_code in {0, 1}, build.stderr
    assert not [name for name in build.contents() if name.startswith("choices")]


def test_every_language_of_adchoices_has_all_words(tmp_path: Path) -> None:
    every = (
        '["en", "fr", "fr-CA", "de", "it", "es", "pl", "da", "sv", "nb", "fi", "cs", "sk", "ro",'
        ' "bg", "el", "nl", "ru"]'
    )
    build = run_build(tmp_path, configuration({'languages = ["en"]': f"languages = {every}"}))
    assert build.exit_code in {0, 1}, build.stderr
    page = build.text("choices.html")
    assert page.count("<article") == 18
    assert not re.search(r"\{\w+\}", page), "every place has been filled in"
