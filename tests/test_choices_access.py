"""The choices page for everybody: in other languages, by keyboard, read aloud, light and dark."""

import re
from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.browsers.leaving import follow
from tests.browsers.visitor import Visitor
from tests.support.choices import (
    IN,
    MULTILINGUAL,
    NUMBERS,
    OPT_IN,
    OPT_OUT,
    OUT,
    opt_out,
    wait_for_state,
)
from tests.support.tag import Tag, TagBuilder

AXE = Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def multilingual(build_tag: TagBuilder) -> Tag:
    """A tag whose page speaks several languages."""
    return build_tag(MULTILINGUAL)


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
    opt_out(visitor)
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
        opt_out(visitor)
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
