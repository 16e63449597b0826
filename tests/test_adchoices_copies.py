"""Ads that a parser did not make: copied by carousels, in shadow trees, beside modules."""

import pytest

from fixtures.server import FixtureServer
from tests.ads.install import read
from tests.browsers.visitor import Visitor
from tests.support.advert import CREATIVE, HOST, ICON, Shown, ad, script
from tests.support.site import Site
from tests.support.tag import Tag

JAVASCRIPT = "text/javascript"
COPIES = {
    "cloneNode": "ad.cloneNode(true)",
    "importNode": "document.importNode(ad, true)",
    "a template": "Object.assign(document.createElement('template'),"
    " { innerHTML: ad.outerHTML }).content.cloneNode(true).firstChild",
    "innerHTML": "Object.assign(document.createElement('div'),"
    " { innerHTML: ad.outerHTML }).firstChild",
    "DOMParser": "new DOMParser().parseFromString(ad.outerHTML, 'text/html').body.firstChild",
}
MARKED = f"""(id) => [...document.querySelectorAll("#" + id)].filter((ad) => {{
  const host = ad.querySelector("{HOST}") || ad.parentNode.querySelector("{HOST}");
  if (!host || !host.shadowRoot) return false;
  ad.scrollIntoView({{ block: "center" }});
  const icon = host.shadowRoot.querySelector("{ICON}").getBoundingClientRect();
  const {{ top, right }} = ad.getBoundingClientRect();
  return Math.hypot(icon.top - top, icon.right - right) < 1 &&
    document.elementFromPoint(icon.left + 12, icon.top + 12) === host;
}}).length"""
"""How many ads of an id have an icon that is seen in its corner."""
ELSEWHERE = '<div id="elsewhere"></div>'


def image(tag: Tag) -> str:
    """An ad that shows nothing put into it, so that its icon stands beside it."""
    marked = script(tag, for_="ad-image")
    return (
        f'<div id="ad"><img id="ad-image" alt="An ad" width="200" height="90"'
        f' style="{CREATIVE}" src="data:,">{marked}</div>'
    )


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_an_ad_has_an_icon_of_its_own(
    visitor: Visitor, site: Site, tag: Tag, how: str
) -> None:
    for path, (id_, body) in enumerate({"ad": ad(tag, "ad"), "ad-image": image(tag)}.items()):
        visitor.open(site.page(f"/{path}", body=body + ELSEWHERE))
        visitor.wait_until(f"({MARKED})('{id_}') === 1")
        copy = f"((ad) => {COPIES[how]})(document.getElementById('ad'))"
        visitor.evaluate(f"void document.getElementById('elsewhere').append({copy})")
        visitor.wait_until(f"({MARKED})('{id_}') === 2")
        # They live on their own, and the copy's panel says what the ad's does.
        visitor.evaluate("void document.getElementById('ad').remove()")
        visitor.wait_until(f"({MARKED})('{id_}') === 1")
        assert visitor.evaluate(f"document.querySelectorAll('{HOST}').length") == 1
    assert not visitor.problems()


def test_the_panel_of_a_copy_says_what_the_ad_s_says(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    visitor.open(site.page("/", body=ad(tag, "ad", advertiser="Acme", lang="en") + ELSEWHERE))
    visitor.wait_until(f"({MARKED})('ad') === 1")
    copy = "document.getElementById('ad').cloneNode(true)"
    visitor.evaluate(f"void document.getElementById('elsewhere').append({copy})")
    shown = Shown(visitor, "elsewhere")
    assert "Advertiser: Acme" in shown.open()["says"]


@pytest.mark.parametrize("named", ["", "ad"])
def test_ads_that_were_copied_before_the_script_came_have_it_all(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, named: str
) -> None:
    if visitor.engine == "webkit":
        pytest.skip("its driver asks nothing of a page whose script is still on its way")
    options = {"for_": named} if named else {}
    inside, behind = ("", script(tag, **options)) if named else (script(tag), "")
    body = f'<div id="ad" style="width: 200px; height: 90px; {CREATIVE}">An ad{inside}</div>'
    clone = "<script>elsewhere.append(ad.cloneNode(true), ad.cloneNode(true))</script>"
    with server.faults.hold("cdn") as gate:
        mark = server.ledger.mark()
        server.serve(
            site.host, "/", f"<!doctype html><meta charset=utf-8>{body}{ELSEWHERE}{clone}{behind}"
        )
        visitor.evaluate(f"void (location.href = '{site.url('/')}')")
        server.ledger.wait(lambda entry: entry.path.endswith("-ad.js"), since=mark)
        visitor.wait_until("document.querySelectorAll('#ad').length === 3")
        gate.release()
    visitor.wait_until(f"({MARKED})('ad') === 3")


SHADOW = """<div id="outer"></div><script>
  const root = outer.attachShadow({{ mode: "{mode}" }});
  root.innerHTML = `<div id="inner" style="width: 200px; height: 90px; {style}">An ad</div>`;
  const made = document.createElement("script");
  made.src = "{src}";
  {where};
</script>"""
PLACES = {
    "in the ad": "root.getElementById('inner').append(made)",
    "named": "made.dataset.for = 'inner'; root.append(made)",
}


@pytest.mark.parametrize("where", PLACES)
def test_an_ad_in_a_shadow_tree_is_marked_there(
    visitor: Visitor, site: Site, tag: Tag, where: str
) -> None:
    src = f"{tag.base_url}/azalead-ad.js"
    body = SHADOW.format(mode="open", style=CREATIVE, src=src, where=PLACES[where])
    visitor.open(site.page("/", body=body))
    visitor.wait_until(f"!!outer.shadowRoot.querySelector('#inner > {HOST}')")
    assert visitor.evaluate(
        f"""() => {{
          const host = outer.shadowRoot.querySelector("{HOST}");
          const at = host.shadowRoot.querySelector("{ICON}").getBoundingClientRect();
          return outer.shadowRoot.elementFromPoint(at.left + 12, at.top + 12) === host;
        }}"""
    )
    assert not visitor.problems()


def test_the_ad_of_a_module_is_marked(visitor: Visitor, site: Site, tag: Tag) -> None:
    marked = script(tag, lang="en").replace("async", 'type="module" crossorigin')
    body = f'<div id="ad" style="width: 200px; height: 90px; {CREATIVE}">An ad{marked}</div>'
    visitor.open(site.page("/", body=body))
    visitor.wait_until(f"({MARKED})('ad') === 1")


LOST = {
    "in a closed shadow tree": SHADOW,
    "imported": '<script type="module">import "{src}"</script>',
    "for an ad that is not there": '<script async src="{src}" data-for="nowhere"></script>',
}


@pytest.mark.parametrize("how", LOST)
def test_an_ad_that_cannot_be_found_is_told_of(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, how: str
) -> None:
    mark = server.ledger.mark()
    body = LOST[how].format(
        mode="closed",
        style=CREATIVE,
        src=f"{tag.base_url}/azalead-ad.js",
        where=PLACES["in the ad"],
    )
    visitor.open(site.page("/", body=body))
    told = server.ledger.wait(lambda entry: entry.path == "/pixel.gif", since=mark)
    assert dict(told.query)["failure"] == "no element"
    problems = visitor.problems()
    assert [problem.kind for problem in problems] == ["console.warn"]
    assert "azalead-ad: no element" in problems[0].text
    assert len(server.ledger.select(role="collector", since=mark)) == 1


CAROUSELS = {
    "Swiper": (
        "swiper/swiper-bundle.js",
        "swiper/swiper-bundle.css",
        '<div id="box" class="swiper"><div class="swiper-wrapper">{}</div></div>',
        "swiper-slide",
        "new Swiper('#box', { loop: true })",
        "window.carousel.slideTo(0, 0)",
    ),
    "Glide": (
        "@glidejs/glide/dist/glide.js",
        "@glidejs/glide/dist/css/glide.core.css",
        (
            '<div id="box" class="glide"><div data-glide-el="track" class="glide__track">'
            '<div class="glide__slides">{}</div></div></div>'
        ),
        "glide__slide",
        "(window.carousel = new Glide('#box', { type: 'carousel', animationDuration: 0 })).mount()",
        "window.carousel.go('<')",
    ),
}
"""Its files, its markup, its slides' class, what starts it, what shows a slide that it copied."""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", CAROUSELS)
def test_the_copies_that_a_carousel_makes_have_their_icons(  # noqa: PLR0913, PLR0917 - a matrix
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, name: str, when: str
) -> None:
    code, style, markup, slide, start, step = CAROUSELS[name]
    server.serve(site.host, "/carousel.js", read(code), JAVASCRIPT)
    slides = "".join(
        f'<div class="{slide}">{ad(tag, f"ad-{number}", lang="en")}</div>' for number in range(3)
    )
    head = (
        f'<style>{read(style)} #box {{ width: 300px }}</style><script src="/carousel.js"></script>'
    )
    icons = f"document.querySelectorAll('{HOST}').length"
    visitor.open(site.page("/", head=head, body=markup.format(slides)))
    if when == "after":
        visitor.wait_until(f"{icons} === 3")
    visitor.evaluate(f"void (window.carousel = {start})")
    ads = visitor.evaluate("document.querySelectorAll('[id^=ad-]').length")
    assert ads > 3, "it has copied slides"
    visitor.wait_until(f"{icons} === {ads}")
    visitor.evaluate(f"void ({step})")
    seen = f"""(() => {{
      const box = document.getElementById("box").getBoundingClientRect();
      const found = document.elementFromPoint(box.right - 12, box.top + 12);
      return found && found.localName === "{HOST}";
    }})()"""
    visitor.wait_until(seen)
    assert not visitor.problems()
