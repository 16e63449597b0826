"""Clicks that leave the site: outbound links and downloads, however they are made."""

import pytest

from tests.browsers.leaving import follow
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

LINKS = """
  <style>main a { display: block; padding: 4px }</style>
  <a id="outbound" href="https://elsewhere.example/a?utm_source=x&token=secret#part"><b>Out</b></a>
  <a id="file" href="/files/Report.PDF?token=secret">A file</a>
  <a id="download" href="/export" download="all.txt">A download</a>
  <a id="foreign" href="https://elsewhere.example/setup.zip">A file elsewhere</a>
  <a id="own" href="/other">Our own</a>
  <a id="mail" href="mailto:ann@example.com">Mail</a>
  <a id="call" href="javascript:void 0">Script</a>
  <a id="anchor">No address</a>
  <svg width="90" height="20"><a id="drawn" href="https://elsewhere.example/svg?token=secret">
    <rect width="90" height="20" fill="pink" /></a></svg>
  <svg width="90" height="20"><a id="linked" xlink:href="https://elsewhere.example/old">
    <rect width="90" height="20" fill="pink" /></a></svg>
  <svg width="90" height="20"><a id="saved" href="files/a.pdf">
    <rect width="90" height="20" fill="pink" /></a></svg>
  <svg width="90" height="20"><a id="ours" href="/other">
    <rect width="90" height="20" fill="pink" /></a></svg>
  <svg width="90" height="20"><a id="unlinked"><rect width="90" height="20" fill="pink" /></a></svg>
  <svg width="90" height="20"><foreignObject width="90" height="20">
    <a id="foreign-object" href="https://elsewhere.example/html">HTML</a></foreignObject></svg>
  <svg width="90" height="20"><defs><rect id="shape" width="90" height="20" fill="pink" /></defs>
    <a href="https://elsewhere.example/used"><use id="used" href="#shape" /></a></svg>
  <svg width="90" height="20"><use id="alone" href="#shape" /></svg>
  <map name="places"><area id="area" shape="rect" coords="0,0,90,20"
    href="https://elsewhere.example/area"></map>
  <img usemap="#places" width="90" height="20" alt="A place"
    src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==">
  <div id="drawing" style="width: 90px"></div>
  <div id="host"></div>
  <script>
    document.getElementById("drawing").attachShadow({ mode: "open" }).innerHTML =
      '<svg width="90" height="20" style="display: block"><a href="https://elsewhere.example/deep">'
      + '<rect width="90" height="20" fill="pink" /></a></svg>';
    const outer = document.getElementById("host").attachShadow({ mode: "open" });
    outer.innerHTML = '<section></section>';
    const inner = outer.firstChild.attachShadow({ mode: "open" });
    inner.innerHTML = '<a href="https://elsewhere.example/shadow" style="display: block">Deep</a>';
    // A router of the page: it keeps every navigation, and lets nobody above hear of the click.
    window.prevented = 0;
    for (const kind of ["click", "auxclick"])
      document.addEventListener(kind, (event) => {
        event.stopImmediatePropagation();
        prevented += event.defaultPrevented;
        event.preventDefault();
      }, true);
  </script>
"""

COUNTED = {
    "#outbound": ("outbound", "https://elsewhere.example/a?utm_source=x"),
    "#outbound b": ("outbound", "https://elsewhere.example/a?utm_source=x"),
    "#file": ("download", "/files/Report.PDF"),
    "#download": ("download", "/export"),
    "#foreign": ("download", "https://elsewhere.example/setup.zip"),
    "#host": ("outbound", "https://elsewhere.example/shadow"),
    "#drawn rect": ("outbound", "https://elsewhere.example/svg"),
    "#linked rect": ("outbound", "https://elsewhere.example/old"),
    "#saved rect": ("download", "/files/a.pdf"),
    "#foreign-object": ("outbound", "https://elsewhere.example/html"),
    "#used": ("outbound", "https://elsewhere.example/used"),
    "img[usemap]": ("outbound", "https://elsewhere.example/area"),
    "#drawing": ("outbound", "https://elsewhere.example/deep"),
}
NOT_COUNTED = ("#own", "#mail", "#call", "#anchor", "#ours rect", "#unlinked rect", "#alone")

BY_SCRIPT = """(type, options) => {
  const usual = { bubbles: true, composed: true, cancelable: true };
  const event = new MouseEvent(type, { ...usual, ...options });
  document.getElementById("outbound").dispatchEvent(event);
}"""


@pytest.mark.claim("C08")
@pytest.mark.claim("C10")
def test_outbound_links_and_downloads_are_told_and_nothing_else(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, body=LINKS))
    view = arrivals.view(title="A")
    before = visitor.evaluate("document.querySelector('main').outerHTML")
    for selector in NOT_COUNTED:
        visitor.click(selector)
    for selector in COUNTED:
        visitor.click(selector)
    clicks = [arrivals.expect("click") for _ in COUNTED]
    told = [(click.event["kind"], click.event["href"]) for click in clicks]
    assert told == [
        (kind, href if ":" in href else site.url(href)) for kind, href in COUNTED.values()
    ]
    assert {(click.page_id, click.visitor) for click in clicks} == {(view.page_id, view.visitor)}
    for click in clicks:
        assert view.page["at"] <= click.event["at"] <= click.exchange.headers_at.unix_ms
    assert visitor.evaluate("prevented") == 0, "the tag keeps nothing from happening"
    assert visitor.evaluate("document.querySelector('main').outerHTML") == before
    assert not visitor.problems()


@pytest.mark.claim("C08")
def test_a_link_is_followed_by_the_keyboard_and_by_other_buttons_as_well(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, body=LINKS))
    arrivals.view(title="A")
    visitor.evaluate("document.getElementById('file').focus()")
    visitor.press("Enter")
    assert arrivals.expect("click").event["href"] == site.url("/files/Report.PDF")
    # The suite's visitor has neither a middle button nor a hand for the Control key.
    for kind, options, counted in (
        ("click", {"ctrlKey": True}, True),
        ("click", {"shiftKey": True, "metaKey": True}, True),
        ("auxclick", {"button": 1}, True),
        ("auxclick", {"button": 2}, False),
    ):
        visitor.evaluate(BY_SCRIPT, kind, options)
        if counted:
            arrivals.expect("click")
    assert visitor.evaluate("prevented") == 0
    assert not visitor.problems()


@pytest.mark.claim("C08")
def test_a_click_neither_delays_nor_alters_where_the_browser_goes(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder
) -> None:
    elsewhere = site.server.url("magazine", f"/left?{site.host}")
    body = f'<a id="out" href="{elsewhere}">Out</a>'
    late = body.replace("<a", '<a target="_blank" rel="noopener"')
    visitor.open(site.page("/a", title="A", tag=tag, body=late))
    view = arrivals.view(title="A")
    before = site.server.ledger.mark()
    visitor.click("#out")
    assert arrivals.expect("click").page_id == view.page_id
    site.server.ledger.wait(lambda entry: entry.target == f"/left?{site.host}", since=before)

    # The collector does not answer, and yet the next page is there at once.
    visitor.open(site.page("/b", title="B", tag=tag, body=body))
    view = arrivals.view(title="B")
    with site.server.faults.hold("collector"):
        follow(visitor, "#out")
        assert visitor.evaluate("document.title") == "Another site"
        click = arrivals.expect("click")
        assert (click.page_id, click.event["href"]) == (view.page_id, elsewhere.partition("?")[0])
    visitor.open(site.page("/c", title="C", tag=build_tag({"measure.clicks": False}), body=body))
    arrivals.view(title="C")
    follow(visitor, "#out")
