"""Reference pictures: what a page looked like when a person last looked, and how far it may differ.

`AZALEAD_RENEW_PICTURES=1` takes them anew; look at `reports/adchoices.html` before you commit them.
A picture knows how letters were drawn where it was taken: where they are drawn otherwise it is
shown, but compared with nothing. Where they are drawn so, every run gives the same picture to the
pixel, and the comparison is strict.
"""

import os
from html import escape
from pathlib import Path

from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from tests.browsers.discovery import ENGINES, Engine
from tests.browsers.preferences import IMPOSSIBLE, Mode
from tests.browsers.visitor import Visitor
from tests.support.report_page import cell, document, table
from tests.support.tag import ROOT

REFERENCES = ROOT / "tests" / "pictures"
REPORTS = Path(os.environ.get("AZALEAD_REPORTS", ROOT / "reports"))

STEP = 4
"""Of 255: a colour that differs by less is rounded otherwise."""
PIXELS = 8
"""So many may differ by more: fewer than those of a corner that is 1 px rounder."""

FONTS = "fonts"
DRAW_LETTERS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = "13px system-ui, sans-serif";
  const words = ["AdChoices", "διαφημίσεις", "פרסום"];
  words.forEach((word, line) => pen.fillText(word, 0, 20 + 20 * line));
  let sum = 0;
  for (const value of pen.getImageData(0, 0, 200, 80).data) sum = (sum * 31 + value) % 4294967291;
  return [...words.map((word) => Math.round(pen.measureText(word).width)), sum].join(" ");
}"""
PAINT = (
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
)

STYLE = """
body { max-width: 112rem; }
td, th { vertical-align: top; }
th:first-child { width: 9rem; }
td img { display: block; border: 1px solid var(--line); }
"""


class OtherFontsError(Exception):
    """The reference was taken where letters are drawn otherwise than on this machine."""


def take(visitor: Visitor, name: str, area: tuple[int, int, int, int]) -> Path:
    """Keep a picture of an area of the window (left, top, right, bottom) under `reports/`."""
    file = REPORTS / "adchoices" / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    visitor.evaluate(PAINT)
    # Another worker may read the one of an earlier run just now, for the gallery.
    unfinished = file.with_suffix(".part.png")
    visitor.screenshot(unfinished)
    facts = PngInfo()
    facts.add_text(FONTS, visitor.evaluate(DRAW_LETTERS))
    with Image.open(unfinished) as whole:
        whole.convert("RGB").crop(area).save(unfinished, optimize=True, pnginfo=facts)
    unfinished.replace(file)
    return file


def differs(file: Path, references: Path = REFERENCES) -> str | None:
    """How a picture differs from its reference; None where it does not, or is the new one.

    Raises:
        OtherFontsError: They cannot be compared.
    """
    reference = references / file.name
    if os.environ.get("AZALEAD_RENEW_PICTURES"):
        reference.parent.mkdir(exist_ok=True)
        reference.write_bytes(file.read_bytes())
        return None
    with Image.open(file) as now, Image.open(reference) as then:
        if now.info[FONTS] != then.info[FONTS]:
            raise OtherFontsError(f"{file.name} was taken where letters are drawn otherwise")
        if now.size != then.size:
            return f"{file.name}: {now.size} instead of {then.size}"
        count = pixels_that_differ(now, then)
    return f"{file.name}: {count} pixels of it are different" if count > PIXELS else None


def pixels_that_differ(now: Image.Image, then: Image.Image) -> int:
    """How many pixels of two pictures of one size differ by more than a rounding."""
    difference = ImageChops.difference(now.convert("RGB"), then.convert("RGB"))
    bands = [band.point(lambda value: 255 * (value > STEP)) for band in difference.split()]
    return ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2]).histogram()[255]


def write_gallery(title: str, about: str, names: dict[str, str], modes: dict[Mode, str]) -> None:
    """A page that shows all pictures of the latest run side by side; both dicts are headings."""
    body = ""
    for mode, heading in modes.items():
        rows = [
            (label, [_shown(engine, mode, name) for engine in ENGINES])
            for name, label in names.items()
        ]
        body += f"<h2>{escape(heading)}</h2>\n" + table(heading, ["", *ENGINES], rows)
    REPORTS.mkdir(exist_ok=True)
    page = document(title, about, body, style=STYLE)
    (REPORTS / "adchoices.html").write_text(page, encoding="utf-8")


def _shown(engine: Engine, mode: Mode, name: str) -> str:
    if reason := IMPOSSIBLE[engine].get(mode):
        return cell(reason)
    file = REPORTS / "adchoices" / f"{engine}-{mode}-{name}.png"
    if not file.exists():
        return cell("not taken yet")
    with Image.open(file) as picture:
        size = f'width="{picture.width}" height="{picture.height}"'
    return f'<td><img src="adchoices/{file.name}" {size} alt="{name} in {engine}, {mode}" /></td>'
