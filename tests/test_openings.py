"""The time before the tag was there: who had it, and what was left before."""

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

NO_NAVIGATION_API = """<script>
  Object.defineProperty(window, "navigation", { value: undefined });
</script>"""

INSERT = """(url, pause) => new Promise((done) => setTimeout(() => {
  const script = document.createElement("script");
  script.src = url;
  script.onload = () => done(performance.timeOrigin + performance.now());
  document.head.append(script);
}, pause))"""


def open_with_late_tag(visitor: Visitor, site: Site, tag: Tag, body: str, head: str = "") -> None:
    """Open page A, whose script says by "/ready" when the tag may come."""
    site.server.serve(site.host, "/ready", "")
    url = site.page("/a", title="A", tag=tag, head=head, body=f"<script>{body}</script>")
    visitor.open(site.url("/left"))
    with site.server.faults.hold("cdn") as gate:
        visitor.evaluate("url => { location.href = url }", url)
        site.server.ledger.wait(lambda entry: (entry.host, entry.path) == (site.host, "/ready"))
        gate.release()


@pytest.mark.claim("C07")
@pytest.mark.claim("C08")
def test_a_route_taken_before_the_tag_came_is_a_page_without_the_time_of_another(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """No browser says when it was taken, so that the time until the tag came is nobody's."""
    body = """
      setTimeout(() => {
        history.pushState({}, "", "/b");
        document.title = "B";
        window.routed = performance.now();
        setTimeout(() => fetch("/ready"), 300);
      }, 700);
    """
    open_with_late_tag(visitor, site, tag, body)
    if visitor.engine == "webkit":
        # Without the Navigation API, a redirect and a route look alike; it has no first page then.
        second = arrivals.view(title="B")
    else:
        first, second = arrivals.view(url=site.url("/a")), arrivals.view(title="B")
        assert (first.event["navigation"], second.event["navigation"]) == ("navigate", "route")
        assert second.page["referrer"] == site.url("/a")
        assert first.page["title"] == ""
        assert arrivals.dwell(first).event["visible"] < 700
        assert "scroll" not in arrivals.all()[1].event
    assert second.page["url"] == site.url("/b")
    visitor.wait_until("performance.now() - routed > 1000")
    shown = visitor.evaluate("performance.now() - routed")
    visitor.open(site.url("/left"))
    assert arrivals.dwell(second).event["visible"] <= shown + 250


@pytest.mark.parametrize("route", ["/b#part", "/a#part", "/a?token=x"])
def test_what_is_no_route_takes_no_time_from_the_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, route: str
) -> None:
    """A redirect of the first page, and changes of the address that make no other page."""
    body = f"""
      history.replaceState({{}}, "", "{route}");
      setTimeout(() => fetch("/ready"), 500);
    """
    open_with_late_tag(visitor, site, tag, body)
    view = arrivals.view(title="A")
    assert view.page["url"] == site.url(route.partition("#")[0].partition("?")[0])
    visitor.open(site.url("/left"))
    visible = arrivals.dwell(view).event["visible"]
    # WebKitGTK does not tell a redirect from a route, which may have taken any of the time.
    assert visible > 500 or (visitor.engine == "webkit" and route == "/b#part")


def test_where_routes_do_not_count_the_one_page_keeps_its_time(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    body = "history.pushState({}, '', '/b'); setTimeout(() => fetch('/ready'), 500)"
    open_with_late_tag(visitor, site, build_tag({"measure.routes": False}), body)
    view = arrivals.view(title="A")
    visitor.open(site.url("/left"))
    assert arrivals.dwell(view).event["visible"] > 500


@pytest.mark.claim("C06")
@pytest.mark.claim("C07")
@pytest.mark.parametrize("pause", [200, 1200])
def test_a_tag_that_is_inserted_late_counts_from_when_the_page_was_painted(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, pause: int
) -> None:
    site.tags.append(tag)
    visitor.open(site.page("/a", title="A"))
    visitor.wait_until("performance.getEntriesByName('first-contentful-paint').length")
    came = visitor.evaluate(INSERT, tag.script_url, pause)
    painted = visitor.evaluate(
        "performance.timeOrigin"
        " + performance.getEntriesByName('first-contentful-paint')[0].startTime"
    )
    view = arrivals.view(title="A")
    assert view.page["at"] == pytest.approx(painted, abs=20)
    assert came - painted > pause - 50
    visitor.open(site.url("/left"))
    assert arrivals.dwell(view).event["visible"] > pause - 50


def test_a_page_that_was_never_painted_counts_from_when_the_tag_came(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    site.tags.append(tag)
    visitor.open(site.page("/a", title="A", head="<style>body { display: none }</style>"))
    visitor.wait_until("performance.now() > 500")
    came = visitor.evaluate(INSERT, tag.script_url, 0)
    view = arrivals.view(title="A")
    assert view.page["at"] == pytest.approx(came, abs=150)


def test_time_in_the_background_before_the_tag_came_is_not_counted(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """The browser's own record of it, which no driver can bring about."""
    if visitor.engine != "chromium":
        pytest.skip(f"{visitor.engine} keeps no record of when a page was in the background")
    head = """<script>
      const own = performance.getEntriesByType.bind(performance);
      performance.getEntriesByType = (type) => type === "visibility-state"
        ? [{ name: "hidden", startTime: 0 }, { name: "visible", startTime: 600 }] : own(type);
    </script>"""
    open_with_late_tag(visitor, site, tag, "setTimeout(() => fetch('/ready'), 900)", head)
    view = arrivals.view(title="A")
    opened = visitor.evaluate("performance.timeOrigin")
    left = visitor.evaluate("performance.timeOrigin + performance.now()")
    visitor.open(site.url("/left"))
    assert view.page["at"] < opened + 600
    assert arrivals.dwell(view).event["visible"] == pytest.approx(left - opened - 600, abs=200)
