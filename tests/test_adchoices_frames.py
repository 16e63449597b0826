"""The icon in every kind of frame that ads live in, and under policies that allow little."""

from collections.abc import Iterator

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.advert import HOST, Shown, ad, document, frame
from tests.support.site import Site
from tests.support.tag import Tag

# As ad servers have it: a frame of another origin writes the ad, which came in its name.
CONTAINER = """<!doctype html><meta charset="utf-8"><title>Container</title><script>
  const { name } = window;
  window.name = "";
  document.open();
  document.write(name);
  document.close();
</script>"""
KINDS = ("same-origin", "cross-origin", "sandboxed", "sandboxed-without-popups", "container")
STRICT = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none';"
    " script-src {assets} 'nonce-suite'; connect-src {choices}; img-src {collector} data:;"
    " style-src 'none'; style-src-attr 'unsafe-inline';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
}


def frames(server: FixtureServer, site: Site, tag: Tag) -> str:
    """A frame of each kind, with an ad in it."""
    page = document(tag, lang="en", advertiser="Acme")
    server.serve(site.host, "/ad", page)
    elsewhere = server.serve("ads", f"/{site.host}", page)
    container = server.serve("ads", f"/{site.host}/container", CONTAINER)
    scripts = "allow-scripts"
    return (
        frame("same-origin", site.url("/ad"))
        + frame("cross-origin", elsewhere)
        + frame("sandboxed", elsewhere, sandbox=f"{scripts} allow-popups")
        + frame("sandboxed-without-popups", elsewhere, sandbox=scripts)
        + frame("container", container, name=page)
    )


def in_each_frame(visitor: Visitor, site: Site, tag: Tag, server: FixtureServer) -> Iterator[Shown]:
    """The ad in each kind of frame of one page, when it has been scrolled into sight."""
    visitor.open(site.page("/", body=frames(server, site, tag)))
    for kind in KINDS:
        visitor.evaluate(f"document.getElementById('{kind}').scrollIntoView({{block: 'center'}})")
        yield Shown(visitor, kind, is_framed=True)


@pytest.mark.claim("C19")
@pytest.mark.claim("C20")
@pytest.mark.mode("frames_in_reach")
def test_the_icon_works_in_every_kind_of_frame(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    for shown in in_each_frame(visitor, site, tag, server):
        told, kind = shown.wait("told.onTop"), shown.name
        assert (told["icons"], told["name"]) == (1, "AdChoices"), kind
        assert (told["icon"]["top"], told["icon"]["right"]) == (0, told["window"]["width"]), kind

        shown.open()
        told = shown.wait("told.focus === 'dialog'")
        assert told["panelName"] == "AdChoices"
        assert "Advertiser: Acme" in told["says"], kind
        assert told["panel"]["left"] >= 0, kind
        assert told["panel"]["right"] <= told["window"]["width"], kind
        assert told["panel"]["bottom"] <= told["window"]["height"], kind
        # Where a sandbox opens no page, its address is there to be read.
        assert tag.choices_url.split("/")[2] in told["says"][-1], kind

        visitor.press("Escape")
        shown.wait("!told.panel && told.focus === 'button'")
        visitor.press("Enter")
        shown.wait("told.panel")
        shown.click("close")
        shown.wait("!told.panel")
        shown.open()
        origin = shown.tell()["origin"]
        visitor.click_at(origin["left"] + 8, origin["top"] + 240)
        shown.wait("!told.panel")


@pytest.mark.claim("C16")
@pytest.mark.claim("C20")
@pytest.mark.mode("frames_in_reach")
def test_the_opt_out_works_from_every_kind_of_frame(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    for shown in in_each_frame(visitor, site, tag, server):
        mark = server.ledger.mark()
        shown.open()
        shown.click("optout")
        assert shown.wait("told.status")["status"] == "You have opted out here.", shown.name
        (asked,) = server.ledger.select(role="choices", method="POST", since=mark)
        assert asked.path.endswith("/optout")


@pytest.mark.mode("frames_in_reach")
def test_a_small_frame_holds_the_panel_and_lets_it_scroll(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    page = server.serve("ads", f"/{site.host}", document(tag, lang="en"))
    visitor.open(site.page("/", body=frame("small", page, "234x60")))
    shown = Shown(visitor, "small", is_framed=True)
    told = shown.open()
    area = [told["panel"][edge] for edge in ("left", "top", "width", "height")]
    assert area == pytest.approx([0, 0, 234, 60], abs=0.1), "WebKit rounds to a 64th"
    for _ in ("close", "opt out", "page"):
        visitor.press("Tab")
    told = shown.wait("told.focus === 'a' && told.parts.a.top < 60")
    assert told["parts"]["a"]["top"] >= 0, "what has focus is scrolled into sight"


def test_in_a_small_ad_in_the_page_the_panel_is_above_it_and_within_the_window(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    ads = [
        f'<div style="position: fixed; overflow: hidden; {edge}">'
        + ad(tag, f"ad-{number}", size="120x60", corner=corner, lang="en")
        + "</div>"
        for number, (corner, edge) in enumerate(
            {
                "top-right": "bottom: 0; right: 0",
                "bottom-left": "top: 0; left: 0",
                "bottom-right": "top: 0; right: 0",
            }.items()
        )
    ]
    visitor.open(site.page("/", body="".join(ads)))
    for number in range(len(ads)):
        shown = Shown(visitor, f"ad-{number}")
        told = shown.open()
        assert told["panel"]["width"] == 260
        assert told["panel"]["height"] > 100
        for edge, limit in (("left", 0), ("top", 0)):
            assert told["panel"][edge] >= limit
        assert told["panel"]["right"] <= told["window"]["width"]
        assert told["panel"]["bottom"] <= told["window"]["height"]
        seen = visitor.evaluate(
            "([x, y]) => document.elementFromPoint(x, y).localName", shown.place("close")
        )
        assert seen == HOST, "nothing covers it, and no edge of the ad cuts it off"
        visitor.press("Escape")


def test_the_icon_works_under_a_strict_policy_with_trusted_types(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    policy = {
        name: value.format(
            assets=tag.base_url.rpartition("/")[0],
            choices=tag.choices_url,
            collector=server.site("collector"),
        )
        for name, value in STRICT.items()
    }
    visitor.open(site.page("/", body=ad(tag, "ad", lang="en"), headers=policy, nonce="suite"))
    shown = Shown(visitor, "ad")
    told = shown.wait("told.onTop")
    assert (told["label"]["width"], told["label"]["height"]) == (19, 15), "its style is there"
    assert shown.open()["panel"]["width"] == 260
    shown.click("optout")
    shown.wait("told.status")
    assert not visitor.problems()
