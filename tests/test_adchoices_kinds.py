"""The icon on every kind of element that can be an ad, which stays as it would be without it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.browsers.visitor import Visitor, VisitorTimeoutError
from tests.support.advert import CREATIVE, HOST, ICON, script
from tests.support.site import Site
from tests.support.tag import Tag

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}">'
    '<rect width="{w}" height="{h}" fill="teal"/></svg>'
)
PICTURE = "data:image/svg+xml," + SVG.format(w=200, h=100).replace('"', "'").replace("#", "%23")
SIZE = "width: 200px; height: 100px"
IMAGE = f'<img class="seen" src="{PICTURE}" alt="An ad" style="{SIZE}">'
AD_IMAGE = IMAGE.replace("<img", '<img id="ad"')
NO_SLOT = f"""<div id="ad" class="seen" style="{SIZE}"></div><script>
  ad.attachShadow({{ mode: "closed" }}).innerHTML = '<div style="{SIZE}; {CREATIVE}"></div>';
</script>"""
KINDS = {
    "a block": f'<div id="ad" class="seen" style="{SIZE}; {CREATIVE}"><p>An ad</p></div>',
    "a positioned block": f'<div id="ad" class="seen" style="{SIZE}; {CREATIVE};'
    " position: relative;"
    ' border: 3px solid"></div>',
    "a turned block": f'<div id="ad" style="{SIZE}; {CREATIVE}; rotate: 180deg; scale: -1 -1"'
    ' class="seen"></div>',
    "flex items": f'<div id="ad" class="seen" style="{SIZE}; {CREATIVE}; display: flex; gap: 9px;'
    ' justify-content: space-between; align-items: end"><i>One</i><i>Two</i></div>',
    "grid items": f'<div id="ad" class="seen" style="{SIZE}; {CREATIVE}; display: grid; gap: 9px;'
    ' grid-template-columns: 1fr 1fr"><i>One</i><i>Two</i><i>Three</i></div>',
    "an item among others": f'<div style="display: flex; gap: 9px"><b>Before</b><div id="ad"'
    f' class="seen" style="{SIZE}; {CREATIVE}"></div><b>After</b></div>',
    "an image": f"<p>Text {AD_IMAGE} and text</p>",
    "an image among items": '<div style="display: flex; justify-content: center; gap: 9px"><b>Some'
    f"</b>{AD_IMAGE}<b>text</b></div>",
    "a placed image": '<div style="position: relative; height: 120px"><p>Text</p>'
    + AD_IMAGE.replace("width", "position: absolute; left: 50px; width")
    + "</div>",
    "a picture": f'<picture id="ad">{IMAGE}</picture>',
    "a link around an image": f'<a id="ad" href="#shop">{IMAGE}</a>',
    "a canvas": f'<canvas id="ad" class="seen" style="{SIZE}; {CREATIVE}"></canvas>',
    "an object": f'<object id="ad" class="seen" data="{PICTURE}" style="{SIZE}">Nothing</object>',
    "an embed": f'<embed id="ad" class="seen" src="{PICTURE}" style="{SIZE}">',
    "a drawing": SVG.format(w=200, h=100).replace("<svg", '<svg id="ad" class="seen"'),
    "a part of a drawing": SVG.format(w=200, h=100)
    .replace("<svg", '<svg class="seen"')
    .replace("<rect", '<rect id="ad"'),
    "a film": f'<video id="ad" class="seen" style="{SIZE}; {CREATIVE}"></video>',
    "a frame": f'<iframe id="ad" class="seen" title="An ad" style="{SIZE}; border: 0;'
    f' {CREATIVE}"></iframe>',
    "contents": '<div id="ad" style="display: contents">'
    f'<div class="seen" style="{SIZE}; {CREATIVE}">An ad</div></div>',
    "contents among items": '<div style="display: flex; gap: 9px"><b>Before</b><div id="ad"'
    f' style="display: contents">{IMAGE}</div></div>',
    "nothing but what is placed": '<div style="position: relative; height: 100px"><div id="ad"><div'
    f' class="seen" style="position: absolute; left: 30px; {SIZE}; {CREATIVE}"></div></div></div>',
    "a shadow tree without a slot": NO_SLOT,
}
"""By name, an ad of each kind; of the class `seen` is what a visitor sees of it."""
FLOW = "<style>main > section { margin: 20px 0 } b, i { background: #ccc }</style>"

LOOK = f"""(name, scroll = true) => {{
  const section = document.getElementById(name);
  const seen = section.querySelector(".seen");
  if (scroll) seen.scrollIntoView({{ block: "center" }});
  const host = section.querySelector("{HOST}");
  const icon = host && host.shadowRoot.querySelector("{ICON}");
  if (!icon) return null;
  const [ad, at] = [seen, icon].map((each) => each.getBoundingClientRect());
  const found = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
  return {{
    top: at.top - ad.top,
    right: ad.right - at.right,
    turned: Math.hypot(at.left - ad.left, at.bottom - ad.bottom),
    width: at.width,
    isSeen: found === host,
  }};
}}"""
"""Where the icon of the ad in a section is, from the ad's top right corner."""

LAYOUT = f"""() => {{
  const all = [...document.querySelectorAll("main, main *")]
    .filter(({{ localName }}) => !/^({HOST}|script|template)$/.test(localName));
  return all.map((element) => {{
    const {{ left, top, width, height }} = element.getBoundingClientRect();
    const {{ position, zIndex, isolation, overflow, display, transform }} =
      getComputedStyle(element);
    return [
      element.localName, left + scrollX, top + scrollY, width, height,
      position, zIndex, isolation, overflow, display, transform, element.getAttribute("style"),
    ].join(" ");
  }});
}}"""
"""All that is laid out, but for what is ours."""


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Say which of several cases it was that failed."""
    try:
        yield
    except VisitorTimeoutError as error:
        raise AssertionError(name) from error


def sections(tag: Tag | None, kinds: dict[str, str]) -> str:
    """Each ad in a section of its own, with its script if there is a tag."""
    found = []
    for number, (name, html) in enumerate(kinds.items()):
        own = html.replace('id="ad"', f'id="ad-{number}"').replace(
            "ad.attach", f"window['ad-{number}'].attach"
        )
        marked = script(tag, for_=f"ad-{number}", lang="en") if tag else ""
        found.append(f'<section id="{name}">{own}</section>{marked}')
    return FLOW + "".join(found)


def test_the_icon_is_seen_within_every_kind_of_ad(visitor: Visitor, site: Site, tag: Tag) -> None:
    visitor.open(site.page("/", body=sections(tag, KINDS)))
    for name in KINDS:
        visitor.wait_until(f"(({LOOK})({json.dumps(name)}) || {{}}).isSeen")
        told: dict[str, Any] = visitor.evaluate(LOOK, name)
        border = 3 if name == "a positioned block" else 0
        assert told["top"] == pytest.approx(border, abs=0.6), name
        assert told["right"] == pytest.approx(border, abs=0.6), name
        assert told["width"] == 24, name
    assert not visitor.problems()


def test_nothing_of_the_page_is_laid_out_otherwise_for_the_icon(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    label = f"""<section id="a label" style="position: relative; padding-top: 30px">
      <div id="ad-label" style="{SIZE}; {CREATIVE}">
      <span style="position: absolute; left: 0; top: 0">Ad</span><p>An ad</p></div></section>"""
    kinds = KINDS | {"a label": label}
    visitor.open(site.page("/without", body=sections(None, KINDS) + label))
    without = visitor.evaluate(LAYOUT)
    marked = script(tag, for_="ad-label")
    visitor.open(site.page("/with", body=sections(tag, KINDS) + label + marked))
    for name in KINDS:
        visitor.wait_until(f"(({LOOK})({json.dumps(name)}) || {{}}).isSeen")
    visitor.wait_until(f"document.querySelectorAll('{HOST}').length === {len(kinds)}")
    visitor.evaluate("void scrollTo(0, 0)")
    assert visitor.evaluate(LAYOUT) == without


PLACED = """<style>
  .later #ad { position: fixed; right: 40px; bottom: 30px }
  .stuck #ad { position: sticky; top: 10px }
</style><section id="one"><div id="ad" class="seen" style="SIZE">{}</div></section>
<div style="height: 3000px"></div>""".replace("SIZE", f"{SIZE}; {CREATIVE}")


@pytest.mark.parametrize("later", ["later", "stuck"])
def test_the_page_may_place_its_ad_anew_at_any_time(
    visitor: Visitor, site: Site, tag: Tag, later: str
) -> None:
    visitor.open(site.page("/", body=PLACED.replace("{}", script(tag))))
    visitor.wait_until(f"(({LOOK})('one') || {{}}).isSeen")
    visitor.evaluate("(name) => void (document.body.className = name, scrollTo(0, 1000))", later)
    position = "getComputedStyle(document.getElementById('ad')).position"
    assert visitor.evaluate(position) == {"later": "fixed", "stuck": "sticky"}[later]
    where = f"(({LOOK})('one') || {{}})"
    visitor.wait_until(
        f"{where}.isSeen && Math.abs({where}.top) < 1 && Math.abs({where}.right) < 1"
    )


EXPANDING = """<style>
  header { position: fixed; inset: 0 0 auto; height: 60px; z-index: 10; background: #fff }
  #open { position: absolute; left: 0; top: 0; width: 100%; height: 90px; z-index: 20;
    background: gold }
</style><header>A header</header>
<div id="ad" style="SIZE; margin-top: 90px"><div id="open">A creative that has
expanded</div>{}</div>""".replace("SIZE", f"{SIZE}; {CREATIVE}")


def test_a_creative_that_expands_over_the_header_still_does(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    visitor.open(site.page("/", body=EXPANDING.replace("{}", script(tag))))
    visitor.wait_until(f"!!document.querySelector('{HOST}')")
    over = "document.elementFromPoint(300, 30).id"
    assert visitor.evaluate(over) == "open"
    visitor.evaluate("void (document.getElementById('open').style.zIndex = 5)")
    assert visitor.evaluate(over) == ""


def test_what_the_page_lays_over_the_ad_lies_over_the_icon(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    body = PLACED.replace("{}", script(tag)).replace(
        "<section",
        '<header style="position: sticky; z-index: 1; top: 0; height: 40px;'
        ' background: #fff">Top</header><section',
    )
    visitor.open(site.page("/", body=body))
    visitor.wait_until(f"(({LOOK})('one') || {{}}).isSeen")
    under = f"""() => {{
      const {{ top }} = document.getElementById("ad").getBoundingClientRect();
      scrollBy(0, top - 4);
      const at = document.querySelector("{HOST}").shadowRoot.querySelector("{ICON}")
        .getBoundingClientRect();
      return document.elementFromPoint(at.left + 12, at.top + 12).localName;
    }}"""
    assert visitor.evaluate(under) == "header"


MOVES = {
    "an image above comes late": "document.getElementById('above').src = picture",
    "an image within comes late": "document.getElementById('within').src = picture",
    "a class on the body": "document.body.className = 'wide'",
    "what is around is scaled": "around.style.transform = 'scale(0.8)'",
    "what is around is turned": "around.style.transform = 'rotate(180deg)'",
    "the ad is scaled": "ad.style.transform = 'scale(1.2)'",
    "the ad is scaled by and by": "ad.style.transition = 'transform .3s',"
    " getComputedStyle(ad).transform, ad.style.transform = 'scale(1.2)'",
    "the ad is moved by and by": "ad.classList.add('moved')",
    "the ad is moved by a script": "let step = 0;"
    " const go = () => { ad.style.translate = step + 'px';"
    " if (step++ < 9) requestAnimationFrame(go) }; go()",
    "a layer is raised": "Object.assign(ad.style, { position: 'relative', zIndex: 9 })",
    "a box around scrolls": "around.scrollTop = 40",
    "the page scrolls": "scrollTo(0, 60)",
    "the ad grows": "ad.style.width = '260px'",
    "the ad is put elsewhere": "document.getElementById('elsewhere').append(ad)",
}
MOVING = """<style>
  #around { overflow: auto; width: 500px; height: 320px; border: 1px solid; padding-top: 60px }
  .moved { animation: move .3s both } @keyframes move { to { translate: 60px 30px } }
  .wide main { padding: 40px 0 0 70px } .wide #within { margin: 11px }
</style><section id="one"><img id="above" alt=""><div id="around"><img id="within" alt="">{ad}
<div style="height: 500px"></div></div><div id="elsewhere"></div></section>
<div style="height: 2000px"></div>"""
MOVED = {
    "a block": f'<div id="ad" class="seen" style="{SIZE}; {CREATIVE}">An ad</div>',
    "a positioned block": KINDS["a positioned block"].replace("border: 3px solid", ""),
    "flex items": KINDS["flex items"],
    "an image": AD_IMAGE,
    "a frame": KINDS["a frame"],
}


@pytest.mark.parametrize("kind", MOVED)
def test_the_icon_stays_on_an_ad_that_moves(
    visitor: Visitor, site: Site, tag: Tag, kind: str
) -> None:
    """Each time on a page of its own; nothing but the ad's place tells the icon of it."""
    body = MOVING.replace("{ad}", MOVED[kind]) + script(tag, for_="ad")
    url = site.page("/", body=body)
    for name, move in MOVES.items():
        visitor.open(url)
        where = f"(({LOOK})('one', false) || {{}})"
        visitor.wait_until(f"{where}.isSeen")
        before = visitor.evaluate(
            "JSON.stringify(document.getElementById('ad').getBoundingClientRect())"
        )
        visitor.evaluate(
            "(picture) => { const ad = document.getElementById('ad');"
            f" const around = document.getElementById('around'); {move}; }}",
            PICTURE,
        )
        visitor.wait_until(
            "JSON.stringify(document.getElementById('ad').getBoundingClientRect())"
            f" !== {json.dumps(before)} || {json.dumps(name == 'a layer is raised')}"
        )
        if name.endswith("by and by"):
            ends = "document.getElementById('ad').getAnimations().every((each) =>"
            visitor.wait_until(f"{ends} each.playState === 'finished')")
        there = f"Math.hypot({where}.top, {where}.right) < 1.5"
        if name.endswith("turned"):
            there = f"{where}.turned < 1.5"
        with told_of(name):
            visitor.wait_until(f"{where}.isSeen && {there}", 5)
