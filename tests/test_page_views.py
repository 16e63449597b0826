"""What was seen: page views, when, and for how long."""

import time

import pytest

from fixtures.exchange import Exchange
from tests.browsers.leaving import Way, back, leave
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.stopwatch import ELEMENT, stopped
from tests.support.tag import Tag

TOLERANCE = 20
"""Milliseconds between what the tag says and what the stopwatch says."""

CLOCKS = """<script>
  window.slept = window.turned = 0;
  const monotonic = performance.now.bind(performance), wall = Date.now.bind(Date);
  performance.now = () => monotonic() + window.slept;
  Date.now = () => wall() + window.turned;
</script>"""
"""Clocks that a test can move, as nobody waits half a minute in each engine. Before the snippet."""

FOCUS = """<script>
  // A window loses the focus to another program, and of those no driver has one.
  window.isFocused = true;
  Document.prototype.hasFocus = () => window.isFocused;
</script>"""

LINKS = '<a id="next" href="/b">B</a>'


def stay(visitor: Visitor, milliseconds: int) -> None:
    """Read the page until it has been open for so long."""
    visitor.wait_until(f"performance.now() > {milliseconds}")


def request_of(site: Site, path: str) -> Exchange:
    """The latest request of one of the site's pages."""
    return site.server.ledger.select(host=site.host, path=path)[-1]


@pytest.mark.claim("C06")
def test_a_view_tells_when_which_page_was_accessed_and_from_where(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    site.page("/b", title="B & <C>", tag=tag)
    link = '<a id="next" href="/b?utm_source=mail&name=Ann#part">B</a>'
    visitor.open(site.page("/a", title="A", tag=tag, body=link))
    first = arrivals.view(title="A")
    visitor.click("#next")
    second = arrivals.view(title="B & <C>")
    assert (first.page["url"], first.page["referrer"]) == (site.url("/a"), "")
    assert (second.page["url"], second.page["referrer"]) == (
        site.url("/b?utm_source=mail"),
        site.url("/a"),
    )
    for view, path in ((first, "/a"), (second, "/b")):
        requested, told = request_of(site, path).headers_at, view.exchange.headers_at
        assert requested.unix_ms - 1 <= view.page["at"] <= told.unix_ms
        assert view.event["at"] == view.page["at"]
        assert view.event["navigation"] == "navigate"


@pytest.mark.claim("C07")
def test_a_left_page_tells_for_how_long_it_was_seen(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    site.page("/b", title="B", tag=tag)
    visitor.open(site.page("/a", title="A", tag=tag, head=ELEMENT, body=LINKS))
    view = arrivals.view(title="A")
    stay(visitor, 1200)
    visitor.click("#next")
    arrivals.view(title="B")
    (measured,) = stopped(site, 1)
    assert arrivals.dwell(view).event["visible"] == pytest.approx(measured, abs=TOLERANCE)


@pytest.mark.claim("C07")
@pytest.mark.parametrize("way", ["same_site_link", "cross_site_link", "reload", "close"])
def test_the_dwell_arrives_however_the_page_is_left(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, way: Way
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    view = arrivals.view()
    leave(visitor, way)
    assert arrivals.dwell(view).event["visible"] > 0
    if way == "reload":
        assert arrivals.view().event["navigation"] == "reload"
    if way == "cross_site_link":
        assert arrivals.expect("click").event["kind"] == "outbound"


@pytest.mark.claim("C07")
def test_time_counts_as_engaged_for_half_a_minute_after_the_last_input(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    for title, before, after, engaged in (
        ("No input", 45_000, 0, 0),
        ("Input, then nothing", 0, 45_000, 30_000),
        ("Nothing, then input", 45_000, 10_000, 10_000),
    ):
        visitor.open(site.page("/a", title=title, tag=tag, head=CLOCKS))
        view = arrivals.view(title=title)
        visitor.evaluate(f"window.slept = {before}")
        if after:
            visitor.move()
            visitor.press("Shift")
            visitor.evaluate(f"window.slept = {before + after}")
        leave(visitor, "same_site_link") if not engaged else visitor.open(site.url("/left"))
        dwell = arrivals.dwell(view).event
        assert dwell["visible"] >= before + after
        assert dwell["engaged"] == pytest.approx(engaged, abs=3000), title


def test_nobody_is_engaged_while_another_window_has_the_focus(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Neither is a field that loses it to another one input, nor a window that gets it."""
    for title, target, is_focused, engaged in (
        ("Away", "window", False, 10_000),
        ("In another field", "document.body", True, 20_000),
    ):
        visitor.open(site.page("/a", title=title, tag=tag, head=CLOCKS + FOCUS))
        view = arrivals.view(title=title)
        visitor.press("Shift")
        for slept, has_focus in ((10_000, is_focused), (20_000, True), (50_000, True)):
            visitor.evaluate(
                f"""(slept, hasFocus) => {{
                  window.slept = slept;
                  window.isFocused = hasFocus;
                  {target}.dispatchEvent(new FocusEvent(hasFocus ? "focus" : "blur"));
                }}""",
                slept,
                has_focus,
            )
        visitor.open(site.url("/left"))
        dwell = arrivals.dwell(view).event
        assert dwell["visible"] >= 50_000
        assert dwell["engaged"] == pytest.approx(engaged + 10_000, abs=3000), title


@pytest.mark.claim("C06")
@pytest.mark.claim("C07")
def test_a_wall_clock_that_is_turned_spoils_no_duration(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, head=CLOCKS))
    view = arrivals.view()
    began = time.monotonic()
    visitor.evaluate("window.turned = -86400000")
    leave(visitor, "same_site_link")
    dwell = arrivals.dwell(view).event
    assert 0 < dwell["visible"] < (time.monotonic() - began) * 1000 + 5000


@pytest.mark.claim("C07")
def test_hidden_time_is_not_counted(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    if not visitor.can_hide:
        pytest.skip("this engine's driver has no real way to hide a page without leaving it")
    visitor.open(site.page("/", title="A", tag=tag, head=CLOCKS))
    view = arrivals.view()
    visitor.hide()
    seen = arrivals.dwell(view).event["visible"]
    visitor.evaluate("window.slept = 60000")
    visitor.show()
    leave(visitor, "same_site_link")
    dwells = [arrivals.dwell(view).event]
    assert seen <= dwells[-1]["visible"] < seen + 30_000


@pytest.mark.claim("C08")
def test_a_page_from_the_back_forward_cache_is_a_view_of_its_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    site.page("/b", title="B", tag=tag)
    visitor.open(site.page("/a", title="A", tag=tag, body=LINKS))
    first = arrivals.view(title="A")
    visitor.click("#next")
    arrivals.view(title="B")
    back(visitor)
    restored = arrivals.view(title="A")
    assert restored.event["navigation"] == "back_forward_cache"
    assert restored.page_id != first.page_id
    assert restored.visitor == first.visitor


@pytest.mark.claim("C09")
def test_the_browser_tells_itself_and_the_tag_asks_for_nothing_that_would_tell_it_apart(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    spies = """<script>
      window.asked = [];
      for (const [owner, names] of [
        [Navigator.prototype, ["userAgent", "platform", "languages", "language", "plugins",
          "hardwareConcurrency", "deviceMemory", "userAgentData", "maxTouchPoints", "vendor"]],
        [Screen.prototype, ["width", "height", "colorDepth", "availWidth", "availHeight"]],
        [HTMLCanvasElement.prototype, ["getContext", "toDataURL"]],
        [Date.prototype, ["getTimezoneOffset"]],
      ]) for (const name of names) {
        const own = Object.getOwnPropertyDescriptor(owner, name);
        if (!own) continue;
        Object.defineProperty(owner, name, own.get
          ? { get() { window.asked.push(name); return own.get.call(this) } }
          : { value(...given) { window.asked.push(name); return own.value.apply(this, given) } });
      }
    </script>"""
    visitor.open(site.page("/", title="A", tag=tag, head=spies))
    view = arrivals.view()
    assert view.exchange.headers["User-Agent"] == visitor.evaluate(
        "window.asked.length ? String(window.asked) : navigator.userAgent"
    )
    assert view.exchange.connection.address in {"127.0.0.1", "::1"}
