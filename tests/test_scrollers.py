"""Scroll depth where another box than the window is scrolled, and where none is."""

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

TALL = '<div style="height: 4000px">Long</div>'

APPS = {
    "the body": (
        "<style>html { overflow: hidden; height: 100% }"
        " body { overflow: auto; height: 100%; margin: 0 }</style>" + TALL,
        "document.body",
    ),
    "the body of a full-height app": (
        "<style>html, body { overflow: auto; height: 100%; margin: 0 }</style>" + TALL,
        "document.body",
    ),
    "a box in the window": (
        f'<div id="box" style="position: fixed; inset: 0; overflow-y: auto">{TALL}</div>',
        "document.getElementById('box')",
    ),
    "a box beside a menu and below a bar": (
        (
            '<div style="position: fixed; inset: 0; display: flex">'
            '<div style="width: 20%; overflow: auto"><div style="height: 9000px">Menu</div></div>'
            f'<div id="box" style="flex: 1; margin-top: 60px; overflow: auto">{TALL}</div></div>'
        ),
        "document.getElementById('box')",
    ),
    "a box in a box": (
        (
            '<div style="position: fixed; inset: 0; overflow: auto"><header>Bar</header>'
            f'<div id="box" style="height: 96vh; overflow: auto">{TALL}</div></div>'
        ),
        "document.getElementById('box')",
    ),
    "a list that shows what it needs": (
        (
            '<div id="box" style="position: fixed; inset: 0; overflow: auto; contain: strict">'
            '<div style="height: 90000px; position: relative">'
            '<p style="position: sticky; top: 0">Rows</p></div></div>'
        ),
        "document.getElementById('box')",
    ),
    "a box in a shadow tree": (
        f"""<div id="host"></div><script>
          document.getElementById("host").attachShadow({{ mode: "open" }}).innerHTML =
            '<div id="box" style="position: fixed; inset: 0; overflow: auto">{TALL}</div>';
        </script>""".replace('style="height', 'style=\\"height').replace('px">Long', 'px\\">Long'),
        "document.getElementById('host').shadowRoot.getElementById('box')",
    ),
    "a shadow tree's box around the page": (
        f"""<div id="host"><div id="tall">{TALL}</div></div><script>
          document.getElementById("host").attachShadow({{ mode: "open" }}).innerHTML =
            '<div id="box" style="position: fixed; inset: 0; overflow: auto"><slot></slot></div>';
        </script>""",
        "document.getElementById('host').shadowRoot.getElementById('box')",
    ),
    "a box below a dialogue": (
        (
            f'<div id="box" style="position: fixed; inset: 0; overflow: auto">{TALL}</div>'
            '<div style="position: fixed; inset: 30%; overflow: auto; background: #fff">'
            '<div style="height: 2000px">Cookies?</div></div>'
        ),
        "document.getElementById('box')",
    ),
}

ASIDE = {
    "a chat": '<div id="box" style="width: 320px; height: 240px; overflow: auto">{tall}</div>',
    "code": '<pre id="box" style="height: 200px; overflow: auto">{tall}</pre>',
    "a carousel": '<div id="box" style="height: 95vh; overflow-x: auto; overflow-y: hidden">'
    '<div style="width: 9000px; height: 10px">Pictures</div></div>',
    "a field": '<textarea id="box" rows="4">' + "Line\n" * 200 + "</textarea>",
    "what is cut off": '<div id="box" style="height: 90vh; overflow: hidden">{tall}</div>',
    "a frame": '<iframe id="box" style="width: 95vw; height: 90vh" srcdoc="'
    "<div style='height: 9000px'>Frame</div>"
    '"></iframe>',
}

SHARE = "(({ scrollTop, clientHeight, scrollHeight }) => (scrollTop + clientHeight) / scrollHeight)"
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.claim("C07")
@pytest.mark.parametrize(("body", "box"), APPS.values(), ids=APPS.keys())
def test_the_share_is_of_the_box_that_holds_the_page(  # noqa: PLR0913, PLR0917 - the world
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, body: str, box: str
) -> None:
    share = f"{SHARE}({box})"
    visitor.open(site.page("/still", title="Still", tag=tag, body=body))
    still = arrivals.view(title="Still")
    unmoved = visitor.evaluate(share)
    assert unmoved < 0.5
    visitor.open(site.page("/read", title="Read", tag=tag, body=body))
    assert arrivals.dwell(still).event["scroll"] == pytest.approx(unmoved, abs=0.02)
    read = arrivals.view(title="Read")
    visitor.evaluate(f"{box}.scrollTop = {box}.scrollHeight / 2")
    visitor.evaluate(TWO_FRAMES)
    deepest = visitor.evaluate(share)
    visitor.evaluate(f"{box}.scrollTop = 0")
    visitor.evaluate(TWO_FRAMES)
    visitor.open(site.url("/left"))
    assert arrivals.dwell(read).event["scroll"] == pytest.approx(deepest, abs=0.02)


@pytest.mark.parametrize("aside", ASIDE.values(), ids=ASIDE.keys())
def test_a_box_that_holds_little_of_the_page_does_not_count(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, aside: str
) -> None:
    box = aside.format(tall=TALL) if "{tall}" in aside else aside
    for path, body, is_tall in (("/short", box, False), ("/tall", f"{box}{TALL}", True)):
        visitor.open(site.page(path, title=path, tag=tag, body=body))
        view = arrivals.view(title=path)
        expected = visitor.evaluate(f"{SHARE}(document.scrollingElement)")
        assert (expected < 0.5) == is_tall
        visitor.evaluate(
            "() => { const box = document.getElementById('box');"
            " box.scrollTop = 1000; box.scrollLeft = 1000;"
            " box.contentWindow?.scrollTo(0, 5000); }"
        )
        visitor.evaluate(TWO_FRAMES)
        visitor.open(site.url("/left"))
        assert arrivals.dwell(view).event["scroll"] == pytest.approx(expected, abs=0.03)


def test_content_that_comes_late_counts_though_nobody_scrolls(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    boxes = {
        "/window": "<main id='box'></main>",
        "/box": "<div id='box' style='position: fixed; inset: 0; overflow: auto'></div>",
    }
    for path, body in boxes.items():
        visitor.open(site.page(path, title=path, tag=tag, body=body))
        view = arrivals.view(title=path)
        visitor.evaluate("tall => { document.getElementById('box').innerHTML = tall }", TALL)
        visitor.evaluate(TWO_FRAMES)
        visitor.open(site.url("/left"))
        assert arrivals.dwell(view).event["scroll"] < 0.5


ROUTES = {
    "at once": "fill(4000); scrollTo(0, 0)",
    "to the top, then late content": "scrollTo(0, 0); setTimeout(() => fill(4000), 400)",
    "late content, then to the top": "setTimeout(() => { fill(4000); scrollTo(0, 0) }, 400)",
    "to the top later still": "setTimeout(() => fill(4000), 350);"
    " setTimeout(() => scrollTo(0, 0), 450)",
    "a shorter page": "setTimeout(() => fill(2000), 350); setTimeout(() => scrollTo(0, 0), 450)",
    "nothing in between": "fill(0); setTimeout(() => fill(4000), 400)",
}


@pytest.mark.claim("C08")
@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES.keys())
def test_a_route_has_no_depth_of_the_page_before(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, route: str
) -> None:
    body = '<div id="content" style="height: 4000px"></div>'
    visitor.open(site.page("/a", title="A", tag=tag, body=body))
    first = arrivals.view(title="A")
    visitor.wheel(300)
    visitor.evaluate("scrollTo(0, 1e6)")
    visitor.wait_until("scrollY > 3000")
    visitor.evaluate(TWO_FRAMES)
    visitor.evaluate(
        f"""() => {{
          const fill = (height) => {{
            document.getElementById("content").style.height = `${{height}}px`;
          }};
          history.pushState({{}}, "", "/b");
          document.title = "B";
          {route};
          setTimeout(() => {{ window.isDone = true }}, 600);
        }}"""
    )
    second = arrivals.view(title="B")
    visitor.wait_until("window.isDone && scrollY === 0")
    visitor.evaluate(TWO_FRAMES)
    top = visitor.evaluate(f"{SHARE}(document.scrollingElement)")
    visitor.open(site.url("/left"))
    assert arrivals.dwell(first).event["scroll"] > 0.97
    assert arrivals.dwell(second).event["scroll"] == pytest.approx(top, abs=0.02)


def test_a_route_that_is_read_where_the_former_page_was_left_has_that_depth(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """As tabs and filters do, which leave the page where it is."""
    visitor.open(site.page("/a", title="A", tag=tag, body=TALL))
    arrivals.view(title="A")
    visitor.evaluate("scrollTo(0, 1000)")
    visitor.wait_until("scrollY === 1000")
    visitor.evaluate(TWO_FRAMES)
    for path, key, is_read in (("/b", "", False), ("/c", "Shift", True)):
        visitor.evaluate("path => { history.pushState({}, '', path); document.title = path }", path)
        view = arrivals.view(title=path)
        if key:
            visitor.press(key)
        share = visitor.evaluate(f"{SHARE}(document.scrollingElement)")
        visitor.evaluate("() => { history.pushState({}, '', '/between'); document.title = 'D' }")
        arrivals.view(title="D")
        dwell = arrivals.dwell(view).event
        assert dwell.get("scroll") == (pytest.approx(share, abs=0.02) if is_read else None)


def test_a_body_that_hands_its_overflow_to_the_window_is_not_scrolled(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    style = "<style>html, body { height: 100%; margin: 0 } body { overflow: auto }</style>"
    body = f'{style}<div style="height: 150vh">Page</div>'
    visitor.open(site.page("/a", title="A", tag=tag, body=body))
    view = arrivals.view(title="A")
    visitor.evaluate("scrollTo(0, 1e6)")
    visitor.wait_until("scrollY > 0")
    visitor.evaluate(TWO_FRAMES)
    visitor.open(site.url("/left"))
    assert arrivals.dwell(view).event["scroll"] == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("late", [False, True], ids=["as it was opened", "with late content"])
def test_what_is_shown_before_the_address_is_not_the_former_page_s_depth(
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    tag: Tag,
    late: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    body = """<button onclick="document.getElementById('box').remove();
      history.pushState({}, '', '/b'); document.title = 'B'">On</button><div id="box"></div>"""
    filled = body.replace("></div>", f">{TALL}</div>")
    visitor.open(site.page("/a", title="A", tag=tag, body=body if late else filled))
    view = arrivals.view(title="A")
    if late:
        visitor.evaluate("tall => { document.getElementById('box').innerHTML = tall }", TALL)
        visitor.evaluate(TWO_FRAMES)
    share = visitor.evaluate(f"{SHARE}(document.scrollingElement)")
    visitor.click("button")
    arrivals.view(title="B")
    assert share < 0.5
    assert arrivals.dwell(view).event["scroll"] == pytest.approx(share, abs=0.02)
