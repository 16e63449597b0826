"""Reference pictures: what a page looked like when a person last looked, and how far it may differ.

`AZALEAD_RENEW_PICTURES=1` takes them anew; look at `reports/adchoices.html` before you commit them.
"""

import os
from html import escape
from pathlib import Path

from PIL import Image, ImageChops

from tests.browsers.discovery import ENGINES
from tests.browsers.preferences import IMPOSSIBLE, Mode
from tests.browsers.visitor import Visitor
from tests.support.tag import ROOT

REFERENCES = ROOT / "tests" / "pictures"
REPORTS = Path(os.environ.get("AZALEAD_REPORTS", ROOT / "reports"))

STEP = 48
"""Of 255: a pixel that differs by less is another machine's smoothing of letters."""
SHARE = 0.01
"""The share of pixels that may differ by more; an icon in another corner is four times that."""

PAGE = """<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <meta name="color-scheme" content="light dark" />
  <title>The AdChoices icon in every engine</title>
  <style>
    body {{ margin: 2rem; font: 1rem/1.5 system-ui, sans-serif; }}
    .scroller {{ overflow-x: auto; }}
    th, td {{ padding: 0.5rem 1rem 0.5rem 0; text-align: left; vertical-align: top; }}
    img {{ display: block; }}
  </style>
  <h1>The AdChoices icon in every engine</h1>
  <p>As the latest run of the suite saw it.</p>
  <div class="scroller" tabindex="0" role="region" aria-label="Pictures by engine">
    <table>
      <thead><tr><th scope="col">Setting</th>{heads}</tr></thead>
      <tbody>{rows}</tbody>
    </table>
  </div>
</html>
"""


def take(visitor: Visitor, name: str, area: tuple[int, int, int, int]) -> Path:
    """Keep a picture of an area of the window (left, top, right, bottom) under `reports/`."""
    file = REPORTS / "adchoices" / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    visitor.screenshot(file)
    with Image.open(file) as whole:
        whole.convert("RGB").crop(area).quantize(64).save(file, optimize=True)
    return file


def differs(file: Path) -> str | None:
    """How a picture differs from its reference; None where it does not, or is the new one."""
    reference = REFERENCES / file.name
    if os.environ.get("AZALEAD_RENEW_PICTURES"):
        reference.parent.mkdir(exist_ok=True)
        reference.write_bytes(file.read_bytes())
        return None
    with Image.open(file) as now, Image.open(reference) as then:
        if now.size != then.size:
            return f"{file.name}: {now.size} instead of {then.size}"
        difference = ImageChops.difference(now.convert("RGB"), then.convert("RGB"))
    bands = [band.point(lambda value: 255 * (value > STEP)) for band in difference.split()]
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    share = most.histogram()[255] / (most.width * most.height)
    return f"{file.name}: {share:.1%} of it is different" if share > SHARE else None


def write_gallery(names: tuple[str, ...], modes: tuple[Mode, ...]) -> None:
    """A page that shows all pictures of the latest run side by side."""
    heads = "".join(f'<th scope="col">{engine}</th>' for engine in ENGINES)
    rows = ""
    for mode in modes:
        for name in names:
            cells = ""
            for engine in ENGINES:
                file = f"adchoices/{engine}-{mode}-{name}.png"
                reason = IMPOSSIBLE[engine].get(mode)
                alt = f"{name} in {engine}, {mode}"
                shown = escape(reason) if reason else f'<img src="{file}" alt="{alt}" />'
                cells += f"<td>{shown}</td>"
            rows += f'<tr><th scope="row">{mode}, {name}</th>{cells}</tr>'
    REPORTS.mkdir(exist_ok=True)
    page = PAGE.format(heads=heads, rows=rows)
    (REPORTS / "adchoices.html").write_text(page, encoding="utf-8")
