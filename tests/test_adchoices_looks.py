"""How the icon and its panel look: every corner, three scripts, light, dark and forced colours."""

from collections.abc import Sequence

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.preferences import Mode
from tests.browsers.visitor import Visitor
from tests.support.advert import Shown, script
from tests.support.pictures import OtherFontsError, differs, take, write_gallery
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

Options = dict[str, str]
"""Of an ad's script, by `data-` attributes."""

MODES: dict[Mode, str] = {"light": "Light", "dark": "Dark", "forced_colors": "Forced colours"}
PICTURES = {
    "icons": "The icon, with its name and alone",
    "narrow": "The icon in narrow ads",
    "panel-en": "The panel",
    "panel-he": "The panel, right to left",
}
LANGUAGES = ("en", "el", "he")
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
TEXTS = ("always", "")
WIDTH, HEIGHT, GAP = 170, 40, 8
NARROW = ((120, 60), (88, 31), (60, 40))
STYLE = "<style>nav { display: none } :root { color-scheme: light dark }</style>"
AD = "background: #c8648f"
ABOUT = (
    "As the latest run saw them. Of the icon, rows are the four corners in English, Greek and "
    "Hebrew (whose official name is in Latin letters); columns are with the name and without it."
)

Area = tuple[int, int, int, int]
"""Left, top, width and height."""


def page_of_icons(site: Site, tag: Tag, path: str, icons: Sequence[tuple[Area, Options]]) -> str:
    """A page with ads at these places."""
    ads = "".join(
        f'<div id="ad-{number}" style="position: absolute; left: {left}px; top: {top}px;'
        f' width: {width}px; height: {height}px; {AD}">{script(tag, **options)}</div>'
        for number, ((left, top, width, height), options) in enumerate(icons)
    )
    return site.page(path, head=STYLE, body=ads)


def icons_in_corners() -> list[tuple[Area, Options]]:
    """An ad for each language and corner, with the name and without it."""
    rows = [(language, corner) for language in LANGUAGES for corner in CORNERS]
    return [
        (
            (column * (WIDTH + GAP), row * (HEIGHT + GAP), WIDTH, HEIGHT),
            {"lang": language, "corner": corner, "text": text},
        )
        for row, (language, corner) in enumerate(rows)
        for column, text in enumerate(TEXTS)
    ]


def icons_in_narrow_ads() -> list[tuple[Area, Options]]:
    """Ads that have no room for the whole name, each with it and without."""
    return [
        ((column * (WIDTH + GAP), row * 68, *size), {"lang": "el", "text": text})
        for row, size in enumerate(NARROW)
        for column, text in enumerate(TEXTS)
    ]


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
    taken = []
    for name, icons in {"icons": icons_in_corners(), "narrow": icons_in_narrow_ads()}.items():
        visitor.open(page_of_icons(site, tag, f"/{name}", icons))
        for number in range(len(icons)):
            Shown(visitor, f"ad-{number}").wait(f"told.onTop && told.icons === {len(icons)}")
        (_, top, _, height), _ = icons[-1]
        area = (0, 0, len(TEXTS) * (WIDTH + GAP), top + height + GAP)
        taken.append(take(visitor, f"{browser_name}-{mode}-{name}", area))
    for language in ("en", "he"):
        open_panel(visitor, site, tag, language)
        taken.append(take(visitor, f"{browser_name}-{mode}-panel-{language}", (0, 0, 324, 274)))
    write_gallery("The AdChoices icon in every engine", ABOUT, PICTURES, MODES)
    try:
        found = [differs(each) for each in taken]
    except OtherFontsError as error:
        pytest.skip(str(error))
    assert [each for each in found if each] == []
