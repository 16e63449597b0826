"""The icon for those who zoom, who see no pictures, and whom motion makes ill."""

from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.advert import ANSWERING, HOST, PANEL, Shown, ad, document, frame
from tests.support.site import Site
from tests.support.tag import ROOT, Tag

AXE = Path(ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

JAVASCRIPT = "text/javascript"

# axe speaks with itself in frames, by message; in those of other origins only if told so.
EVERYWHERE = """<script src="{axe}"></script><script>
  axe.configure({{ allowedOrigins: ["<unsafe_all_origins>"] }});
  addEventListener("message", ({{ data }}) => {{
    if (data === "spoil") ({spoil})();
  }});
</script>"""
SPOIL = f"""() => document.querySelector("{HOST}").shadowRoot
  .querySelector("{PANEL}").removeAttribute("aria-label")"""
# Of the page only: what the creative or the page itself does wrong is not the icon's.
BROKEN = f"""axe.run().then((found) => found.violations
  .filter(({{ nodes }}) => nodes.some(({{ target }}) => JSON.stringify(target).includes("{HOST}")))
  .map(({{ id }}) => id))"""


def assert_sound(shown: Shown, window: str) -> None:
    """Axe finds nothing, with the panel closed and open, and would if there were something."""
    visitor = shown.visitor
    shown.wait("told.onTop")
    assert visitor.evaluate(BROKEN) == []
    shown.open()
    assert visitor.evaluate(BROKEN) == []
    visitor.evaluate(f"void {window}.postMessage('spoil', '*')")
    shown.wait("told.panel && !told.panelName")
    assert visitor.evaluate(BROKEN) == ["aria-dialog-name"], "it looks into roots and frames"


@pytest.mark.claim("C20")
def test_axe_finds_nothing_in_the_icon_and_the_panel(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    axe = EVERYWHERE.format(axe=server.serve(site.host, "/axe.js", AXE, JAVASCRIPT), spoil=SPOIL)
    visitor.open(site.page("/", head=axe, body="<h1>A page</h1>" + ad(tag, "ad", lang="en")))
    assert_sound(Shown(visitor, "ad"), "window")


@pytest.mark.claim("C20")
@pytest.mark.mode("frames_in_reach")
@pytest.mark.parametrize("origin", ["its own", "another"])
def test_axe_finds_nothing_in_the_icon_and_the_panel_of_a_frame(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, origin: str
) -> None:
    axe = EVERYWHERE.format(axe=server.serve(site.host, "/axe.js", AXE, JAVASCRIPT), spoil=SPOIL)
    host = site.host if origin == "its own" else "ads"
    framed = server.serve(host, f"/{site.host}/ad", document(tag, axe, lang="en"))
    visitor.open(site.page("/", head=axe, body="<h1>A page</h1>" + frame("ad", framed)))
    shown = Shown(visitor, "ad", is_framed=True)
    assert_sound(shown, "document.getElementById('ad').contentWindow")


def test_at_400_percent_nothing_of_the_icon_and_the_panel_is_lost(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    """By WCAG 1.4.10 a window of 1280 by 1024 pixels is then one of 320 by 256, as here a frame."""
    why = "You read about anvils, and of all things that fall from a cliff the heaviest. " * 5
    page = site.page("/zoomed", head=ANSWERING, body=ad(tag, "ad", lang="en", why=why))
    visitor.open(site.page("/", body=frame("page", page, "320x256")))
    shown = Shown(visitor, "page", is_framed=True)
    told = shown.wait("told.onTop")
    assert told["window"] == {"width": 320, "height": 256}
    shown.open()
    told = shown.wait("told.focus === 'dialog'")
    assert told["label"]["width"] >= 77
    for edge in ("left", "top"):
        assert told["panel"][edge] >= 0
    assert told["panel"]["right"] <= 320, "nobody scrolls in two directions"
    assert told["panel"]["bottom"] <= 256
    assert told["parts"]["a"]["bottom"] > 256, "the panel holds more than is in sight"
    for _ in ("close", "opt out", "the choices page"):
        visitor.press("Tab")
    told = shown.wait("told.focus === 'a' && told.parts.a.bottom <= 256")
    # Of the panel; Firefox scrolls the page with it, to show more of what has the focus.
    assert told["parts"]["close"]["top"] >= told["panel"]["top"], "the way out stays in sight"


MOVING = f"""() => {{
  const {{ shadowRoot }} = document.querySelector("{HOST}");
  return [...shadowRoot.querySelectorAll("*")].filter((element) => {{
    const {{ animationName, transitionDuration }} = getComputedStyle(element);
    return animationName !== "none" || parseFloat(transitionDuration);
  }}).map((element) => element.localName);
}}"""


def test_nothing_of_the_icon_and_the_panel_moves(visitor: Visitor, site: Site, tag: Tag) -> None:
    """So there is no motion to reduce."""
    visitor.open(site.page("/", body=ad(tag, "ad", lang="en")))
    shown = Shown(visitor, "ad")
    shown.wait("told.onTop")
    visitor.point_at(*shown.place("icon"))
    shown.wait("told.label.width >= 77")
    assert visitor.evaluate(MOVING) == []
    shown.open()
    assert visitor.evaluate(MOVING) == []
    visitor.evaluate(
        f"void (document.querySelector('{HOST}').shadowRoot.querySelector('{PANEL}')"
        ".style.transition = 'left 1s')"
    )
    assert visitor.evaluate(MOVING) == ["section"]
