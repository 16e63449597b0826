"""How the icon and its panel look: every corner, three scripts, light, dark and forced colours."""

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.preferences import Mode
from tests.browsers.visitor import Visitor
from tests.support.advert import Shown, script
from tests.support.pictures import OtherFontsError, differs, take, write_gallery
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

MODES: dict[Mode, str] = {"light": "Light", "dark": "Dark", "forced_colors": "Forced colours"}
PICTURES = {
    "icons": "The icon, with its name and alone",
    "panel-en": "The panel",
    "panel-he": "The panel, right to left",
}
LANGUAGES = ("en", "el", "he")
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
WIDTH, HEIGHT, GAP = 170, 40, 8
STYLE = "<style>nav { display: none } body { color-scheme: light dark }</style>"
AD = "background: #c8648f"
ABOUT = (
    "As the latest run saw them: columns are English, Greek and Hebrew (whose official name is in "
    "Latin letters); rows the four corners, with the name and without it."
)


def page_of_icons(site: Site, tag: Tag) -> str:
    """A page with an ad for each corner and language, with the name and without it."""
    cells = [
        (corner, language, text)
        for text in ("always", "")
        for corner in CORNERS
        for language in LANGUAGES
    ]
    ads = ""
    for number, (corner, language, text) in enumerate(cells):
        row, column = divmod(number, len(LANGUAGES))
        left, top = column * (WIDTH + GAP), row * (HEIGHT + GAP)
        ads += (
            f'<div id="ad-{number}" style="position: absolute; left: {left}px; top: {top}px;'
            f' width: {WIDTH}px; height: {HEIGHT}px; {AD}">'
            f"{script(tag, corner=corner, lang=language, text=text)}</div>"
        )
    return site.page("/", head=STYLE, body=ads)


def open_panel(visitor: Visitor, site: Site, tag: Tag, language: str) -> None:
    """An ad whose panel is open."""
    marked = script(tag, advertiser="Acme", lang=language)
    body = f'<div id="ad" style="width: 300px; height: 250px; {AD}">{marked}</div>'
    visitor.open(site.page(f"/{language}", head=STYLE, body=body))
    shown = Shown(visitor, "ad")
    shown.wait("told.onTop")
    visitor.evaluate(
        "void document.querySelector('azalead-adchoices').shadowRoot"
        ".querySelector('button').click()"
    )
    told = shown.wait("told.panel && told.panel.right > 200")
    assert told["dir"] == ("rtl" if language == "he" else "ltr")


@pytest.mark.claim("C19")
@pytest.mark.parametrize("mode", MODES)
def test_the_icon_and_the_panel_look_as_they_did_when_a_person_looked(
    visitor: Visitor, site: Site, build_tag: TagBuilder, browser_name: Engine, mode: Mode
) -> None:
    tag = build_tag(
        {
            "adchoices.languages": list(LANGUAGES),
            # The panel shows it, and that of the fixtures has another port in each run.
            "adchoices.choices": "https://choices.example/",
        }
    )
    visitor.open(page_of_icons(site, tag))
    rows = 2 * len(CORNERS)
    for number in (0, rows * len(LANGUAGES) - 1):
        Shown(visitor, f"ad-{number}").wait(f"told.onTop && told.icons === {rows * len(LANGUAGES)}")
    area = (0, 0, len(LANGUAGES) * (WIDTH + GAP), rows * (HEIGHT + GAP))
    taken = [take(visitor, f"{browser_name}-{mode}-icons", area)]
    for language in ("en", "he"):
        open_panel(visitor, site, tag, language)
        taken.append(take(visitor, f"{browser_name}-{mode}-panel-{language}", (0, 0, 324, 274)))
    write_gallery("The AdChoices icon in every engine", ABOUT, PICTURES, MODES)
    try:
        found = [differs(each) for each in taken]
    except OtherFontsError as error:
        pytest.skip(str(error))
    assert [each for each in found if each] == []
