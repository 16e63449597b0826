"""The icon in a page: where it stands, how it is reached, what it says, what it withstands."""

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.abilities import skipped_if_impossible
from tests.support.advert import CREATIVE, HOST, ICON, PANEL, Shown, ad, script
from tests.support.site import Site
from tests.support.tag import Tag

CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
LOADS = 3
MEASURED = """<script>
  window.shifts = []; window.longTasks = [];
  for (const [type, list] of [["layout-shift", shifts], ["longtask", longTasks]])
    if (PerformanceObserver.supportedEntryTypes.includes(type))
      new PerformanceObserver((found) => list.push(...found.getEntries()))
        .observe({ type, buffered: true });
</script>"""


@pytest.mark.claim("C19")
def test_the_icon_stands_in_each_corner_and_is_told_to_everybody(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    ads = "".join(
        ad(tag, f"ad-{corner}", size="160x100", corner=corner, lang="en") for corner in CORNERS
    )
    visitor.open(site.page("/", body=ads))
    for corner in CORNERS:
        told = Shown(visitor, f"ad-{corner}").wait("told.onTop")
        area = visitor.evaluate(
            "(id) => document.getElementById(id).getBoundingClientRect().toJSON()", f"ad-{corner}"
        )
        for edge in corner.split("-"):
            assert told["icon"][edge] == told["label"][edge] == pytest.approx(area[edge], abs=0.6)
        assert (told["picture"]["width"], told["picture"]["height"]) == (19, 15)
        assert (told["icon"]["width"], told["icon"]["height"]) == (24, 24), "the target, WCAG 2.5.8"
        button = f"#ad-{corner} {HOST} >> {ICON}"
        assert visitor.announces(button, "button", "AdChoices")


@pytest.mark.claim("C20")
def test_the_panel_explains_the_ad_by_pointer_and_by_keyboard(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    facts = {"advertiser": "Acme", "paid_by": "Acme Holding", "why": "You read about anvils."}
    options = {"lang": "en", **facts}
    visitor.open(
        site.page("/", body='<button id="before">Before</button>' + ad(tag, "ad", **options))
    )
    shown = Shown(visitor, "ad")
    alone = shown.wait("told.onTop")

    visitor.point_at(*shown.place("icon"))
    hovered = shown.wait("told.label.width >= 77")
    assert hovered["label"]["height"] == alone["label"]["height"] == 15
    assert alone["label"]["width"] == 19

    shown.open()
    told = shown.wait("told.expanded === 'true' && told.focus === 'dialog'")
    assert told["says"][1:4] == ["Advertiser: Acme", "Paid for by: Acme Holding", facts["why"]]
    assert visitor.announces(f"#ad {HOST} >> {PANEL}", "dialog", "AdChoices")
    for part in ("close", "optout", "a"):
        assert told["parts"][part]["height"] >= 24, part
    visitor.press("Escape")
    shown.wait("!told.panel && told.expanded === 'false' && told.focus === 'button'")

    visitor.press("Enter")
    shown.wait("told.panel && told.focus === 'dialog'")
    visitor.press("Tab")
    shown.wait("told.focus === 'button'")
    visitor.press("Enter")
    shown.wait("!told.panel && told.focus === 'button'")

    shown.open()
    visitor.click("#before")
    shown.wait("!told.panel")
    assert visitor.evaluate("document.activeElement.id || document.activeElement.localName") in {
        "before",
        "body",  # WebKit gives buttons no focus by the pointer
    }
    assert visitor.evaluate("document.cookie + JSON.stringify(localStorage)") == "{}"
    assert not visitor.problems()


@pytest.mark.claim("C20")
def test_the_icon_is_reached_by_the_keyboard_alone(visitor: Visitor, site: Site, tag: Tag) -> None:
    visitor.open(site.page("/", body='<button id="before">Before</button>' + ad(tag, "ad")))
    shown = Shown(visitor, "ad")
    shown.wait("told.onTop")
    visitor.evaluate("document.getElementById('before').focus()")
    for _ in ("the ad's own link", "the icon"):
        visitor.press("Tab")
    shown.wait("told.focus === 'button'")
    visitor.press("Enter")
    shown.wait("told.panel && told.focus === 'dialog'")


TOUCHES = """<script>
  window.touches = [];
  addEventListener("click", (event) => touches.push(event.pointerType), true);
</script>"""


@pytest.mark.mode("touch")
def test_the_icon_is_reached_by_touch(visitor: Visitor, site: Site, tag: Tag) -> None:
    visitor.open(site.page("/", head=TOUCHES, body=ad(tag, "ad")))
    shown = Shown(visitor, "ad")
    shown.wait("told.onTop")
    with skipped_if_impossible():
        visitor.tap_at(*shown.place("icon"))
    told = shown.wait("told.panel && told.label.width >= 77")
    assert told["focus"] == "dialog"
    assert visitor.evaluate("touches") == ["touch"], "it was a finger, and no mouse"


def test_one_ad_has_one_icon_however_often_its_script_is_there(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    twice = ad(tag, "twice", script(tag) + script(tag, for_="twice"))
    below = script(tag, for_="below") + f'<div id="below" style="height: 90px; {CREATIVE}"></div>'
    visitor.open(site.page("/", body=twice + below + ad(tag, "third")))
    for name in ("twice", "below", "third"):
        assert Shown(visitor, name).wait("told.onTop")["icons"] == 3
    assert not visitor.problems()


def test_ads_may_come_change_and_go(visitor: Visitor, site: Site, tag: Tag) -> None:
    visitor.open(site.page("/", body="<section id='slot' style='width: 400px'></section>"))
    visitor.evaluate(
        """(address, src) => {
          const image = document.createElement("img");
          Object.assign(image, { id: "late", width: 200, height: 100, alt: "An ad", src });
          const script = document.createElement("script");
          Object.assign(script, { src: address, async: true });
          script.dataset.for = "late";
          document.getElementById("slot").append(image, script);
        }""",
        f"{tag.base_url}/azalead-ad.js",
        f"{tag.base_url}/adchoices.svg",
    )
    shown = Shown(visitor, "late")
    edge = "document.getElementById('late').getBoundingClientRect().right"
    shown.wait(f"told.onTop && Math.abs(told.icon.right - {edge}) < 1")
    visitor.evaluate("void (document.getElementById('late').width = 320)")
    shown.wait(f"{edge} > 300 && told.onTop && Math.abs(told.icon.right - {edge}) < 1")
    visitor.evaluate("document.getElementById('late').remove()")
    visitor.wait_until(f"!document.querySelector('{HOST}')")
    assert not visitor.problems()


def test_a_narrow_ad_cuts_the_name_and_never_the_picture(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    """Nor does either leave the ad, or take the other corner, where its close button may be."""
    sizes = ("300x250", "120x60", "88x31", "60x40", "40x40")
    options = {"lang": "en", "text": "always", "corner": "top-left"}
    visitor.open(
        site.page("/", body="".join(ad(tag, f"ad-{size}", size=size, **options) for size in sizes))
    )
    for size in sizes:
        told = Shown(visitor, f"ad-{size}").wait("told.onTop")
        assert (told["picture"]["width"], told["picture"]["height"]) == (19, 15), size
        assert told["picture"]["left"] == told["label"]["left"] == told["icon"]["left"], size
        room = int(size.partition("x")[0]) - 24
        assert told["label"]["width"] <= told["icon"]["width"] <= max(24, room), size
    assert told["label"]["width"] < Shown(visitor, "ad-300x250").tell()["label"]["width"] > 70


HOSTILE = """<style>
  body { letter-spacing: 9px; text-transform: uppercase; font-weight: 900 }
  * { margin: 9px !important; padding: 9px !important; opacity: .4 !important;
    transform: translate(20px, 20px) !important }
  #ad * { visibility: hidden !important }
</style>"""
STYLES = """(selector) => {
  const { shadowRoot } = document.querySelector(selector);
  return ["b", "span", "section", "section p"].map((part) => {
    const style = getComputedStyle(shadowRoot.querySelector(part));
    return [style.letterSpacing, style.textTransform, style.visibility].join(" ");
  });
}"""


def test_no_style_of_the_page_reaches_the_icon(visitor: Visitor, site: Site, tag: Tag) -> None:
    visitor.open(site.page("/", head=HOSTILE, body=ad(tag, "ad", lang="en")))
    shown = Shown(visitor, "ad")
    told = shown.wait("told.onTop")
    area = visitor.evaluate("document.getElementById('ad').getBoundingClientRect().toJSON()")
    assert told["icon"]["top"] == pytest.approx(area["top"], abs=0.1)
    assert told["icon"]["right"] == pytest.approx(area["right"], abs=0.1)
    assert visitor.evaluate(f"getComputedStyle(document.querySelector('{HOST}')).opacity") == "1"
    shown.click("icon")
    told = shown.wait("told.panel")
    assert told["panel"]["width"] == 260
    styles = visitor.evaluate(STYLES, f"#ad {HOST}")
    assert styles == ["normal none visible"] * 4


def test_the_panel_is_at_its_corner_on_a_page_with_zoom(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    style = "<style>html { zoom: 1.5 }</style>"
    visitor.open(site.page("/", head=style, body=ad(tag, "ad", lang="en")))
    shown = Shown(visitor, "ad")
    shown.wait("told.icons")
    # No pointer: in WebKit what is measured and what is pointed at are then two kinds of pixels.
    visitor.evaluate(
        f"void document.querySelector('{HOST}').shadowRoot.querySelector('{ICON}').click()"
    )
    told = shown.wait("told.panel")
    assert told["panel"]["top"] == pytest.approx(told["icon"]["top"], abs=1)
    assert told["panel"]["right"] == pytest.approx(told["icon"]["right"], abs=1)


PLACED = "position: relative"
"""Of an ad whose own parts are placed within it; ours is not to place them."""
CLOSE = (
    '<button class="close" aria-label="Close"'
    ' style="position: absolute; {edges}; width: 20px; height: 20px">x</button>'
)
RIGHT, LEFT = CLOSE.format(edges="top: 2px; right: 2px"), CLOSE.format(edges="top: 2px; left: 2px")
FRAMES = f"""<script>
  window.frames_seen = {{}};
  const area = (element) => element.getBoundingClientRect();
  requestAnimationFrame(function look() {{
    for (const host of document.querySelectorAll("{HOST}")) {{
      const ad = host.parentNode;
      const icon = host.shadowRoot.querySelector("{ICON}");
      const {{ left, right, top, bottom, width, height }} = area(icon);
      const isOver = [...document.querySelectorAll(".close")].map(area).some((button) =>
        button.left < right && button.right > left && button.top < bottom && button.bottom > top);
      (frames_seen[ad.id] ||= []).push([icon.className, width, height, isOver].join(" "));
    }}
    requestAnimationFrame(look);
  }});
</script>"""
"""Writes down how each icon is in each frame that is painted, from the first one on."""


def test_in_no_frame_is_the_icon_over_a_close_button_or_without_its_style(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    """From the first frame: WebKit has painted an icon before the sheet that it had been given."""
    image = (
        f'<img id="image" src="{tag.base_url}/adchoices.svg" width="300" height="90" alt="An ad">'
    )
    around = 'id="around" style="position: relative; width: 300px"'
    places = {"one": "top-left", "two": "bottom-right", "none": "top-right"}
    places |= {"around": "top-left", "inner": "top-left"}
    ads = (
        *(ad(tag, "one", RIGHT, style=PLACED), ad(tag, "two", RIGHT + LEFT, style=PLACED)),
        ad(tag, "none"),
        f"<div {around}>{image}{RIGHT}{script(tag, for_='image')}</div>",
        f'<div style="position: relative; width: 300px">{RIGHT}{ad(tag, "inner")}</div>',
    )
    for load in range(LOADS):
        visitor.open(site.page(f"/{load}", head=FRAMES, body="".join(ads)))
        for name, place in places.items():
            visitor.wait_until(f"(frames_seen.{name} || []).length > 30")
            seen = visitor.evaluate(f"[...new Set(frames_seen.{name})]")
            assert seen == [f"{place} 24 24 false"], name


def test_in_no_frame_is_the_icon_over_a_close_button_that_comes_later(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    visitor.open(site.page("/", head=FRAMES, body=ad(tag, "ad", style=PLACED)))
    # Longer than changes gather, so that this one is looked at by itself.
    visitor.wait_until("(frames_seen.ad || []).length > 60")
    visitor.evaluate(
        "(html) => void document.getElementById('ad').insertAdjacentHTML('beforeend', html)", RIGHT
    )
    visitor.wait_until("frames_seen.ad.at(-1).startsWith('top-left')")
    seen = visitor.evaluate("[...new Set(frames_seen.ad)]")
    assert seen == ["top-right 24 24 false", "top-left 24 24 false"]


COVERS = {
    "a layer above all": "ad.insertAdjacentHTML('beforeend',"
    " '<div style=\"position: absolute; inset: 0; z-index: 2147483647\"></div>')",
    "removed": f"ad.querySelector('{HOST}').remove()",
    "moved": f"ad.querySelector('{HOST}').style.setProperty('left', '9999px', 'important')",
    "made invisible": f"ad.querySelector('{HOST}').style.setProperty('opacity', '0', 'important')",
    "all replaced": "ad.replaceChildren('Another creative')",
}


@pytest.mark.claim("C19")
def test_a_creative_that_hides_the_icon_gets_it_back_on_top(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    mark = server.ledger.mark()
    ads = "".join(ad(tag, f"ad-{number}", style=PLACED) for number in range(len(COVERS)))
    visitor.open(site.page("/", body=ads))
    for number, how in enumerate(COVERS.values()):
        name = f"ad-{number}"
        visitor.evaluate(f"document.getElementById('{name}').scrollIntoView({{block: 'center'}})")
        before = Shown(visitor, name).wait("told.onTop")
        visitor.evaluate(f"void ((ad) => {{ {how} }})(document.getElementById('{name}'))")
        # The picture is where it was: on top, in its corner, and to be seen.
        told = Shown(visitor, name).wait(
            f"told.onTop && Math.abs(told.icon.left - {before['icon']['left']}) < 1"
        )
        assert told["icons"] == len(COVERS)
        style = f"getComputedStyle(document.querySelector('#{name} {HOST}')).opacity"
        visitor.wait_until(f"{style} === '1'")
    assert not server.ledger.select(role="collector", since=mark)


def test_a_creative_that_fights_the_icon_is_told_of_once(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    mark = server.ledger.mark()
    visitor.open(site.page("/", body=ad(tag, "ad") + ad(tag, "peace")))
    Shown(visitor, "ad").wait("told.onTop")
    visitor.evaluate(
        f"""() => {{
          window.fights = 0;
          new MutationObserver(() => {{
            const host = document.querySelector("#ad {HOST}");
            if (host) {{ host.remove(); window.fights += 1; }}
          }}).observe(document.getElementById("ad"), {{ childList: true }});
          document.querySelector("#ad {HOST}").remove();
        }}"""
    )
    told = server.ledger.wait(
        lambda entry: entry.path == "/pixel.gif" and dict(entry.query), since=mark
    )
    assert dict(told.query) == {"site": "demo", "e": "adchoices", "failure": "covered"}
    fights = visitor.evaluate("window.fights")
    assert fights < 10
    # The other ad's icon is still seen to, so time has passed in which this one was not.
    visitor.evaluate(f"document.querySelector('#peace {HOST}').remove()")
    Shown(visitor, "peace").wait("told.onTop")
    assert visitor.evaluate("window.fights") == fights
    assert len(server.ledger.select(role="collector", since=mark)) == 1


def test_nothing_shifts_and_nothing_takes_long(visitor: Visitor, site: Site, tag: Tag) -> None:
    body = "<p>Above</p>" + "".join(ad(tag, f"ad-{n}") for n in range(8)) + "<p id=end>Below</p>"
    end = "document.getElementById('end').getBoundingClientRect().top"
    visitor.open(
        site.page(
            "/bare", body=body.replace("<script", "<template").replace("</script", "</template")
        )
    )
    before = visitor.evaluate(end)
    longest = []
    for _ in range(LOADS):
        visitor.open(site.page("/", head=MEASURED, body=body))
        Shown(visitor, "ad-0").wait("told.onTop && told.icons === 8")
        Shown(visitor, "ad-0").click("icon")
        Shown(visitor, "ad-0").wait("told.panel")
        assert visitor.evaluate(end) == before
        # The icon that unfolds where the pointer rests is a shift of 0.0001; one of the page's own
        # lines, by the icon's height, would be a hundred times that.
        shifts = "(least) => shifts.filter((each) => !each.hadRecentInput && each.value > least)"
        assert visitor.evaluate(f"({shifts})(0.001).map(JSON.stringify)") == []
        longest.append(visitor.evaluate("Math.max(0, ...longTasks.map((task) => task.duration))"))
    assert min(longest) < 100, "what is slow is slow each time; a busy machine is now and then"
