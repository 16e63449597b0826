"""The icon's part of a build: weight, words, artwork that is checked, and the video fragment."""

import json
from pathlib import Path
from typing import get_args
from xml.etree.ElementTree import fromstring

import brotli  # type: ignore[import-untyped] # it brings no types
import pytest

from builder.adchoices import TEXTS, adchoices_constants, artwork_of
from builder.budgets import AD_LIMIT, LANGUAGE
from builder.bundle import AD, Bundling
from builder.configuration import Language, load
from builder.constants import Constants, constants
from builder.errors import BuildError
from builder.icon import as_svg, read_icon
from tests.build_runner import ROOT, configuration, copy_sources, run_build

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 19 15"{more}>{inside}</svg>'
LANGUAGES = sorted(get_args(Language))
OFFICIAL_NAMES = {
    "en": "AdChoices",
    "fr": "Choisir sa pub",
    "fr-CA": "Choix de pub",
    "de": "Datenschutzinfo",
    "it": "Scegli tu!",
    "es": "Gestión anuncios",
    "pl": "Informacja",
    "da": "Annoncevalg",
    "sv": "Annonsval",
    "nb": "Annonsevalg",
    "fi": "Mainokseni",
    "cs": "Volby reklamy",
    "sk": "Vaša voľba",
    "ro": "Optiuni",
    "bg": "Вашият избор",
    "el": "Οι διαφημίσεις μου",  # noqa: RUF001 - it is Greek
    "nl": "Info reclamekeuze",
    "ru": "Выбор рекламы",
}
"""By the DAA and its sisters in Canada and Europe; elsewhere the English one is used."""
WITH_PANEL_TEXT = {"en", "fr", "de", "es", "it", "nl", "pl", "pt"}


def weight(languages: list[str], sources: Path = ROOT / "sdk", **more: object) -> int:
    """Bytes of the tag beside an ad as they travel."""
    configured = load(ROOT / "tag.toml")
    assert configured.adchoices
    adchoices = configured.adchoices.model_copy(update={"languages": languages})
    values: Constants = constants(configured) | adchoices_constants(
        adchoices, sources, artwork_of(adchoices, sources, ROOT)
    )
    values |= {f"adchoices.{name}": value for name, value in more.items()}
    code = Bundling(AD, sources, values).result().linked("azalead-ad.js.map")
    return len(brotli.compress(code, mode=brotli.MODE_TEXT, quality=11))


def test_the_icon_and_its_english_name_are_light_and_the_panel_with_them(tmp_path: Path) -> None:
    sources = copy_sources(tmp_path)
    (sources / "adchoices" / "panel.ts").write_text("export function attachPanel() {}\n")
    assert weight(["en"], sources, words=[["en", "AdChoices"]]) <= AD_LIMIT - 1200
    assert weight(["en"]) <= AD_LIMIT


def test_each_language_adds_little() -> None:
    every = weight(LANGUAGES)
    for language in LANGUAGES:
        others = [each for each in LANGUAGES if each != language]
        assert every - weight(others) <= LANGUAGE, language


def test_every_language_has_its_name_and_those_promised_have_all_words() -> None:
    folder = ROOT / "sdk" / "adchoices" / "words"
    assert sorted(file.stem for file in folder.glob("*.json")) == LANGUAGES
    for language in LANGUAGES:
        words = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
        assert words["name"] == OFFICIAL_NAMES.get(language, "AdChoices")
        assert "|" not in "".join(map(str, words.values()))
        if language in WITH_PANEL_TEXT:
            assert set(TEXTS) < words.keys()


def test_only_configured_languages_are_in_the_bundle(tmp_path: Path) -> None:
    languages = {'languages = ["en"]': 'languages = ["de", "fr-CA"]'}
    script = run_build(tmp_path, configuration(languages)).text("azalead-ad.js")
    assert all(text in script for text in ("Datenschutzinfo", "Choix de pub", "Annonceur"))
    assert not any(text in script for text in ("AdChoices", "Choisir sa pub", "Advertiser"))


VAST_4 = "http://www.iab.com/VAST"


@pytest.mark.parametrize("namespace", ["", VAST_4])
def test_the_video_fragment_is_an_icon_in_every_answer(tmp_path: Path, namespace: str) -> None:
    """VAST has a namespace since 4.0 only, and many an answer is written without it."""
    changes = {'corner = "top-right"': 'corner = "bottom-left"'}
    build = run_build(tmp_path, configuration(changes))
    named = f' xmlns="{namespace}"' if namespace else ""
    answer = f"<VAST{named}><Linear>{build.text('adchoices-vast.xml')}</Linear></VAST>"
    vast = f"{{{namespace}}}" if namespace else ""
    (icons,) = fromstring(answer)[0]  # noqa: S314 - our own
    (icon,) = icons
    assert (icons.tag, icon.tag) == (f"{vast}Icons", f"{vast}Icon")
    # As `Icon_type` of the IAB's vast_4.2.xsd has it: the order of its parts, and its attributes.
    assert [part.tag for part in icon] == [f"{vast}StaticResource", f"{vast}IconClicks"]
    assert icon.attrib == {
        "program": "AdChoices",
        "width": "19",
        "height": "15",
        "xPosition": "left",
        "yPosition": "bottom",
    }
    assert icon[0].attrib == {"creativeType": "image/svg+xml"}
    assert icon[0].text == "https://cdn.localhost:8443/adchoices.svg"
    assert [part.tag for part in icon[1]] == [f"{vast}IconClickThrough"]
    assert icon[1][0].text == "https://choices.localhost:8443/"
    assert fromstring(build.text("adchoices.svg")).tag.endswith("svg")  # noqa: S314 - our own


def test_without_adchoices_nothing_of_it_is_built(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration().partition("[adchoices]")[0])
    assert not [name for name in build.contents() if "ad" in name.split(".")[0].split("-")]
    assert "adchoices.svg" not in build.contents()


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("<script>alert(1)</script>", "<script>: remove the script"),
        ('<path onclick="a()" d="M0 0"/>', "onclick: remove the script"),
        ("<foreignObject/>", "<foreignObject>: draw what it holds as paths"),
        ("<style>@import 'a'</style>", "<style>: export with presentation attributes"),
        ('<image href="https://a.example/b.png"/>', "<image>: draw it as paths"),
        ('<path fill="url(https://a.example/#b)"/>', 'value such as "url(https://a.example/#b)"'),
        ('<linearGradient href="//a.example/#b"/>', 'reference such as "//a.example/#b"'),
        ('<path style="fill: url(//a.example/#b)"/>', "value such as"),
    ],
)
def test_artwork_that_could_run_load_or_leak_is_refused_by_name(
    tmp_path: Path, inside: str, told: str
) -> None:
    file = tmp_path / "own.svg"
    file.write_text(SVG.format(more="", inside=inside))
    with pytest.raises(BuildError) as caught:
        read_icon(file)
    assert caught.value.lines[0].startswith(f"{file}: adchoices.icon must hold no {told}")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("no XML", "must be an SVG image, but is not XML"),
        ("<html/>", "must be an SVG image, not <html>"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "must hold no XML entities"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "must have a viewBox"),
    ],
)
def test_what_is_no_artwork_is_refused(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "own.svg"
    file.write_text(content)
    with pytest.raises(BuildError, match=f"adchoices.icon {told}"):
        read_icon(file)


def test_artwork_is_freed_of_what_only_an_editor_needs(tmp_path: Path) -> None:
    inside = (
        '<!-- made by hand --><title>T</title><metadata/><e:view xmlns:e="urn:editor"/>'
        '<g e:label="x" xmlns:e="urn:editor" style="fill: #00f">\n<path d="M0 0\n h9"/></g>'
    )
    file = tmp_path / "own.svg"
    file.write_text(SVG.format(more=' width="19" version="1.1"', inside=inside))
    assert as_svg(read_icon(file)) == SVG.format(
        more="", inside='<g fill="#00f"><path d="M0 0 h9"></path></g>'
    )


def test_the_client_s_own_artwork_is_in_the_script(tmp_path: Path) -> None:
    (tmp_path / "own.svg").write_text(SVG.format(more="", inside='<path d="M1 2h3v4z"/>'))
    build = run_build(tmp_path, configuration({'icon = ""': 'icon = "own.svg"'}))
    assert "M1 2h3v4z" in build.text("azalead-ad.js")
    assert "M1 2h3v4z" in build.text("adchoices.svg")
