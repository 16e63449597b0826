"""Reference pictures: what a page looked like when a person last looked, and how far it may differ.

`AZALEAD_RENEW_PICTURES=1` takes them anew; look at `reports/adchoices.html` before you commit them.
A picture knows with which fonts it was taken: with others it is shown, but compared with nothing.
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

STEP = 48
"""Of 255: a pixel that differs by less is another machine's smoothing of letters."""
SHARE = 0.002
"""The share of pixels that may differ by more: a word of five letters, or half an icon."""

FONTS = "fonts"
MEASURE_FONTS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = "100px system-ui, sans-serif";
  return ["AdChoices", "διαφημίσεις", "פרסום"]
    .map((word) => Math.round(pen.measureText(word).width)).join(" ");
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
    """The reference was taken with fonts that this machine does not have."""


def take(visitor: Visitor, name: str, area: tuple[int, int, int, int]) -> Path:
    """Keep a picture of an area of the window (left, top, right, bottom) under `reports/`."""
    file = REPORTS / "adchoices" / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    visitor.evaluate(PAINT)
    visitor.screenshot(file)
    facts = PngInfo()
    facts.add_text(FONTS, visitor.evaluate(MEASURE_FONTS))
    with Image.open(file) as whole:
        whole.convert("RGB").crop(area).save(file, optimize=True, pnginfo=facts)
    return file


def differs(file: Path) -> str | None:
    """How a picture differs from its reference; None where it does not, or is the new one.

    Raises:
        OtherFontsError: They cannot be compared.
    """
    reference = REFERENCES / file.name
    if os.environ.get("AZALEAD_RENEW_PICTURES"):
        reference.parent.mkdir(exist_ok=True)
        reference.write_bytes(file.read_bytes())
        return None
    with Image.open(file) as now, Image.open(reference) as then:
        if now.info[FONTS] != then.info[FONTS]:
            raise OtherFontsError(f"{file.name} was taken with fonts that are not here")
        if now.size != then.size:
            return f"{file.name}: {now.size} instead of {then.size}"
        difference = ImageChops.difference(now.convert("RGB"), then.convert("RGB"))
    bands = [band.point(lambda value: 255 * (value > STEP)) for band in difference.split()]
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    share = most.histogram()[255] / (most.width * most.height)
    return f"{file.name}: {share:.2%} of it is different" if share > SHARE else None


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
