"""The icon gives way to whatever closes the ad, in any language and however far out it stands."""

import json
from pathlib import Path

import pytest

from tests.browsers.visitor import Visitor
from tests.support.advert import CREATIVE, HOST, ICON, script
from tests.support.site import Site
from tests.support.tag import ROOT, Tag

AT = "position: absolute; top: 2px; right: 2px; width: 20px; height: 20px; z-index: 5"
BUTTONS = {
    "a bare sign": f'<div style="{AT}">\u00d7</div>',
    "another sign": f'<span style="{AT}">✕</span>',
    "the letter": f'<span style="{AT}">x</span>',
    "a title": f'<div style="{AT}" title="Werbung schließen"></div>',
    "dismiss": f'<div style="{AT}" data-dismiss="alert"></div>',
    "an alternative": f'<img style="{AT}" alt="Fermer" src="data:,">',
    "a button alone": f'<button style="{AT}"></button>',
    "a role": f'<div role="button" style="{AT}"></div>',
    "a drawn button": f'<button style="{AT}; padding: 0"><svg viewBox="0 0 9 9" width="18">'
    '<path d="M1 1l7 7M8 1 1 8"/></svg></button>',
    "a hand": f'<div style="{AT}; cursor: pointer"></div>',
    "a link": f'<a href="#no" style="{AT}"></a>',
    "its own element": f'<x-close style="{AT}"></x-close>',
    "its tree": f'<div id="tree" style="{AT}"></div><script>tree.attachShadow({{ mode: "open" }})'
    ".innerHTML = '<button style=\"width: 20px; height: 20px\">-</button>'</script>",
    "over the edge": f'<button style="{AT}; top: -8px; right: -8px"></button>',
}
OTHERS = {
    "a link that fills the ad": '<a href="#shop" style="position: absolute; inset: 0"></a>',
    "a text": f'<span style="{AT}">New</span>',
    "a large button": f'<button style="{AT}; width: 120px; height: 90px">Buy</button>',
    "a button elsewhere": f'<button style="{AT}; top: 100px; right: 100px">\u00d7</button>',
    "a hand of the link around": '<a href="#shop" style="display: block; cursor: pointer;'
    ' height: 90px">'
    f'<span style="{AT}">New</span></a>',
}
"""What is no close button in the corner."""
PLACES = {
    "in the ad": '<div id="{id}" style="{box}">{it}</div>',
    "beside the ad": '<div style="position: relative; width: 300px"><div id="{id}" style="{box}">'
    "</div>{it}</div>",
    "further out": '<div style="position: relative; width: 300px"><div><div><div><div id="{id}"'
    ' style="{box}"></div></div></div></div>{it}</div>',
}
BOX = f"position: relative; width: 300px; height: 120px; {CREATIVE}"
CORNER = f"""(id) => {{
  const ad = document.getElementById(id);
  ad.scrollIntoView({{ block: "center" }});
  const host = ad.querySelector("{HOST}");
  return host && host.shadowRoot.querySelector("{ICON}").className;
}}"""


def corners(visitor: Visitor, site: Site, tag: Tag, inside: list[str], place: str) -> list[str]:
    """The corners in which icons come to rest, of ads with these things in their corners."""
    ads = [
        PLACES[place].format(id=f"ad-{number}", box=BOX, it=it.replace("tree", f"tree{number}"))
        + script(tag, for_=f"ad-{number}")
        for number, it in enumerate(inside)
    ]
    visitor.open(
        site.page("/", head="<style>main > * { margin: 12px 0 }</style>", body="".join(ads))
    )
    found = []
    for number in range(len(inside)):
        corner = f"({CORNER})('ad-{number}')"
        visitor.wait_until(f"!!{corner}")
        # Out of sight, nobody can tell what is where: it is looked at again when it is in sight.
        looks = f"window.looks{number}"
        visitor.wait_until(
            f"({looks} = ({looks} || 0) + 1, {corner} === 'top-left' || {looks} > 8)"
        )
        found.append(visitor.evaluate(corner))
    return found


@pytest.mark.parametrize("place", PLACES)
def test_the_icon_gives_way_to_what_closes_the_ad(
    visitor: Visitor, site: Site, tag: Tag, place: str
) -> None:
    found = corners(visitor, site, tag, list(BUTTONS.values()), place)
    assert dict(zip(BUTTONS, found, strict=True)) == dict.fromkeys(BUTTONS, "top-left")


def test_it_keeps_its_corner_beside_anything_else(visitor: Visitor, site: Site, tag: Tag) -> None:
    found = corners(visitor, site, tag, list(OTHERS.values()), "in the ad")
    assert dict(zip(OTHERS, found, strict=True)) == dict.fromkeys(OTHERS, "top-right")


WORDS = {
    file.stem: json.loads(file.read_text(encoding="utf-8")).get("closers", [])
    for file in sorted(Path(ROOT / "sdk" / "adchoices" / "words").glob("*.json"))
    if file.stem != "fr-CA"
}
SAID = {
    "ar": "إغلاق", "bg": "Затвори", "cs": "Zavřít", "da": "Luk", "de": "Schließen",
    "el": "Κλείσιμο", "en": "Close", "es": "Cerrar", "fi": "Sulje", "fr": "Fermer",
    "he": "סגור", "it": "Chiudi", "nb": "Lukk", "nl": "Sluiten", "pl": "Zamknij",
    "pt": "Fechar", "ro": "Închide", "ru": "Закрыть", "sk": "Zavrieť", "sv": "Stäng",
}  # fmt: skip


def test_it_knows_what_closes_an_ad_in_every_language(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    assert SAID.keys() == WORDS.keys()
    inside = [f'<div style="{AT}" aria-label="{word}"></div>' for word in SAID.values()]
    found = corners(visitor, site, tag, inside, "in the ad")
    assert dict(zip(SAID, found, strict=True)) == dict.fromkeys(SAID, "top-left")
