"""What is pressed on the icon or its panel does not reach the ad, whoever listens there."""

import json

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.abilities import skipped_if_impossible
from tests.support.advert import ANSWERING, CREATIVE, HOST, ICON, PANEL, Shown, frame, script
from tests.support.site import Site
from tests.support.tag import Tag

PRESSES = (
    *("pointerdown", "pointerup", "mousedown", "mouseup", "click", "auxclick", "dblclick"),
    *("contextmenu", "touchstart", "touchend", "keydown", "keypress", "keyup", "dragstart"),
)
LISTEN = f"""<script>
  window.heard = [];
  window.listen = (name, target) => {{
    for (const type of {json.dumps(PRESSES)})
      for (const capture of [true, false])
        target.addEventListener(type, () => heard.push(`${{type}} at ${{name}}`), capture);
  }};
  listen("document", document);
</script>"""
"""A creative that listens at the whole document, before the icon's script has come."""
NEAR = """<script>
  for (const element of document.querySelectorAll("#ad, #ad *, #around")) {
    if (element.localName !== "script") listen(element.id || element.localName, element);
    element.setAttribute("onclick", "heard.push('onclick')");
  }
</script>"""
"""The same at each element of the ad and around it, in both phases."""
SIZE = f"display: block; width: 300px; height: 250px; {CREATIVE}"
ADS = {
    "beside its link": f'<div id="ad" style="{SIZE}">'
    f'<a href="#shop" style="{SIZE}">An ad</a>{{}}</div>',
    "a link itself": f'<a id="ad" href="#shop" style="{SIZE}">An ad{{}}</a>',
    "within a link": f'<a id="around" href="#shop"><div id="ad" style="{SIZE}">An ad{{}}</div></a>',
    "a picture in a link": '<a id="around" href="#shop"><img id="ad" alt="An ad" width="300"'
    ' height="250" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">{}</a>',
}


def opened(visitor: Visitor, site: Site, tag: Tag, kind: str) -> Shown:
    """An ad of a kind, whose creative listens everywhere, with its icon in sight."""
    marked = script(tag, lang="en", **({"for_": "ad"} if "picture" in kind else {}))
    visitor.open(site.page("/", head=LISTEN, body=ADS[kind].format(marked) + NEAR))
    shown = Shown(visitor, "ad")
    shown.wait("told.onTop")
    # Whoever comes to listen at the window later stands behind the icon's script.
    visitor.evaluate("void (listen('window', window), heard.splice(0))")
    return shown


def assert_untouched(visitor: Visitor) -> None:
    """Nothing has been heard by the ad, and nobody was led away."""
    assert visitor.evaluate("[...new Set(heard)]") == []
    assert visitor.evaluate("location.hash") == ""


@pytest.mark.parametrize("kind", ADS)
def test_a_click_on_icon_or_panel_is_none_on_the_ad(
    visitor: Visitor, site: Site, tag: Tag, kind: str
) -> None:
    shown = opened(visitor, site, tag, kind)
    shown.open()
    shown.click("optout")
    shown.wait("told.status")
    shown.click("close")
    shown.wait("!told.panel")
    assert_untouched(visitor)
    # The ad is to be clicked as ever.
    visitor.click_at(60, 150)
    visitor.wait_until("location.hash === '#shop'")
    heard = visitor.evaluate("heard")
    assert {"onclick", "pointerdown at document", "click at window"} <= set(heard)


@pytest.mark.parametrize("kind", ADS)
def test_a_key_on_icon_or_panel_is_none_on_the_ad(
    visitor: Visitor, site: Site, tag: Tag, kind: str
) -> None:
    shown = opened(visitor, site, tag, kind)
    visitor.evaluate(
        f"void document.querySelector('{HOST}').shadowRoot.querySelector('{ICON}').focus()"
    )
    for key in ("Enter", "Space"):
        visitor.press(key)
        shown.wait("told.panel && told.focus === 'dialog'")
        visitor.press("Escape")
        shown.wait("!told.panel && told.focus === 'button'")
    assert_untouched(visitor)
    visitor.click_at(60, 150)
    visitor.press("a")
    visitor.wait_until("heard.includes('keydown at document')")


@pytest.mark.mode("touch")
@pytest.mark.parametrize("kind", ADS)
def test_a_finger_on_the_icon_is_none_on_the_ad(
    visitor: Visitor, site: Site, tag: Tag, kind: str
) -> None:
    shown = opened(visitor, site, tag, kind)
    with skipped_if_impossible():
        visitor.tap_at(*shown.place("icon"))
    shown.wait("told.panel")
    visitor.tap_at(*shown.place("close"))
    shown.wait("!told.panel")
    assert_untouched(visitor)
    visitor.tap_at(60, 150)
    visitor.wait_until("location.hash === '#shop'")
    assert "touchstart at document" in visitor.evaluate("heard")


OTHERS = f"""(type) => {{
  const icon = document.querySelector("{HOST}").shadowRoot.querySelector("{ICON}");
  const Kind = type === "dragstart" ? DragEvent : MouseEvent;
  const event = new Kind(type, {{ bubbles: true, cancelable: true, composed: true, button: 1 }});
  icon.querySelector("svg").dispatchEvent(event);
  return event.defaultPrevented;
}}"""
"""What no driver of the suite can do with a mouse: another button, a drag."""


@pytest.mark.parametrize("kind", ADS)
def test_another_button_or_a_drag_on_the_icon_is_none_of_the_link(
    visitor: Visitor, site: Site, tag: Tag, kind: str
) -> None:
    opened(visitor, site, tag, kind)
    for type_, is_prevented in {
        "auxclick": True,
        "dragstart": True,
        "dblclick": True,
        "contextmenu": False,
    }.items():
        assert visitor.evaluate(OTHERS, type_) == is_prevented, type_
    assert_untouched(visitor)


@pytest.mark.parametrize("kind", ADS)
def test_the_panel_s_own_link_leads_to_the_choices_page(
    visitor: Visitor, site: Site, tag: Tag, kind: str
) -> None:
    opened(visitor, site, tag, kind).open()
    visitor.click_to_new_tab(f"{HOST} >> {PANEL} a")
    assert visitor.evaluate("location.href") == tag.choices_url
    visitor.close_tab()
    assert_untouched(visitor)


def test_within_shadow_trees_a_click_on_the_icon_is_none_on_the_ad(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    build = f"""<div id="outer" onclick="heard.push('onclick')"></div><script>
      const root = outer.attachShadow({{ mode: "open" }});
      root.innerHTML = `<a id="inner" href="#shop" style="{SIZE}">An ad</a>`;
      listen("root", root);
      listen("outer", outer);
      const made = document.createElement("script");
      Object.assign(made, {{ src: "{tag.base_url}/azalead-ad.js" }});
      root.getElementById("inner").append(made);
    </script>"""
    visitor.open(site.page("/", head=LISTEN, body=build))
    host = f"outer.shadowRoot.querySelector('{HOST}')"
    visitor.wait_until(f"!!{host}")
    corner = f"{host}.shadowRoot.querySelector('{ICON}').getBoundingClientRect()"
    visitor.click_at(*visitor.evaluate(f"[{corner}.left + 12, {corner}.top + 8]"))
    visitor.wait_until(f"!!{host}.shadowRoot.querySelector('{PANEL}')")
    visitor.press("Escape")
    visitor.wait_until(f"!{host}.shadowRoot.querySelector('{PANEL}')")
    assert_untouched(visitor)
    visitor.click_at(60, 150)
    visitor.wait_until("location.hash === '#shop' && heard.includes('click at root')")


@pytest.mark.mode("frames_in_reach")
def test_in_a_frame_a_click_on_the_icon_is_none_on_the_ad(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    inside = ADS["a link itself"].format(script(tag, lang="en"))
    head = f"<!doctype html><title>An ad</title>{LISTEN}{ANSWERING}"
    page = f"{head}<body style='margin: 0'>{inside}{NEAR}"
    server.serve(site.host, "/framed", page)
    visitor.open(site.page("/", body=frame("ad", site.url("/framed"))))
    shown = Shown(visitor, "ad", is_framed=True)
    shown.open()
    visitor.press("Escape")
    shown.wait("!told.panel")
    inner = "document.getElementById('ad').contentWindow"
    assert visitor.evaluate(f"[...{inner}.heard, {inner}.location.hash]") == [""]
    origin = shown.tell()["origin"]
    visitor.click_at(origin["left"] + 60, origin["top"] + 150)
    visitor.wait_until(f"{inner}.location.hash === '#shop'")
    assert "click at document" in visitor.evaluate(f"{inner}.heard")
