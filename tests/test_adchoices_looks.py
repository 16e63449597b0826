"""How the icon and its panel look: every corner, three scripts, light, dark and forced colours."""

from typing import get_args

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.preferences import Mode
from tests.browsers.visitor import Visitor
from tests.support.advert import CREATIVE, Shown, script
from tests.support.pictures import differs, take, write_gallery
from tests.support.site import Site
from tests.support.tag import TagBuilder

MODES: tuple[Mode, ...] = ("default", "dark", "forced_colors")
LANGUAGES = ("en", "el", "he")
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
WIDTH, HEIGHT, GAP = 170, 40, 8
PANELS = ("panel-en", "panel-he")
assert set(MODES) <= set(get_args(Mode))


@pytest.mark.claim("C19")
@pytest.mark.parametrize("mode", MODES)
def test_the_icon_and_the_panel_look_as_they_did_when_a_person_looked(
    visitor: Visitor, site: Site, build_tag: TagBuilder, browser_name: Engine, mode: Mode
) -> None:
    if browser_name == "webkit":
        pytest.skip(
            "WebKitGTK's driver does not answer when it is asked for a picture of this page"
        )
    tag = build_tag({"adchoices.languages": list(LANGUAGES)})
    cells = [
        (corner, language, text)
        for text in ("always", "")
        for corner in CORNERS
        for language in LANGUAGES
    ]
    ads = ""
    for number, (corner, language, text) in enumerate(cells):
        left = number % len(LANGUAGES) * (WIDTH + GAP)
        top = number // len(LANGUAGES) * (HEIGHT + GAP)
        ads += (
            f'<div id="ad-{number}" style="position: absolute; left: {left}px; top: {top}px;'
            f' width: {WIDTH}px; height: {HEIGHT}px; {CREATIVE}">'
            f"{script(tag, corner=corner, lang=language, text=text)}</div>"
        )
    rows = len(cells) // len(LANGUAGES)
    style = "<style>nav { display: none } body { color-scheme: light dark }</style>"
    visitor.open(site.page("/", head=style, body=ads))
    for number in (0, len(cells) - 1):
        Shown(visitor, f"ad-{number}").wait(f"told.onTop && told.icons === {len(cells)}")
    area = (0, 0, len(LANGUAGES) * (WIDTH + GAP), rows * (HEIGHT + GAP))
    found = [differs(take(visitor, f"{browser_name}-{mode}-icons", area))]

    for name in PANELS:
        language = name.partition("-")[2]
        facts = {"advertiser": "Acme", "lang": language}
        marked = script(tag, **facts)
        body = f'<div id="ad" style="width: 300px; height: 250px; {CREATIVE}">{marked}</div>'
        visitor.open(site.page(f"/{name}", head=style, body=body))
        shown = Shown(visitor, "ad")
        shown.wait("told.onTop")
        visitor.evaluate(
            "void document.querySelector('azalead-adchoices').shadowRoot"
            ".querySelector('button').click()"
        )
        told = shown.wait("told.panel && told.panel.right > 200")
        assert told["dir"] == ("rtl" if language == "he" else "ltr")
        # The address holds a port, which is another one in each run.
        visitor.evaluate(
            "void (document.querySelector('azalead-adchoices').shadowRoot"
            ".querySelector('a').textContent = 'choices.example')"
        )
        found.append(differs(take(visitor, f"{browser_name}-{mode}-{name}", (0, 0, 324, 274))))
    write_gallery(("icons", *PANELS), MODES)
    assert [each for each in found if each] == []
