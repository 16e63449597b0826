"""A prerendered page has been seen by nobody: nothing is stored or sent before it shows.

Chromium prerenders nothing while a driver is attached, so here it runs as a person's does, alone,
and the pages themselves do what a visitor would. The ledger is the only witness.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fixtures.beacons import beacons
from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.discovery import Engine, find
from tests.browsers.playwright_starter import CHROMIUM_ARGUMENTS
from tests.support.site import Site
from tests.support.tag import Tag

FIRST = """<script type="speculationrules">
  {"prerender": [{"urls": ["/b"], "eagerness": "immediate"}]}
</script>
<script>
  fetch("/gate").then(() => fetch(`/kept?${document.cookie}&${localStorage.length}`))
    .then(() => setTimeout(() => { location.href = "/b" }, 700));
</script>"""

SECOND = """<script>
  let left;
  addEventListener("pagehide", () => { left = Date.now() }, true);
  addEventListener("load", () => {
    fetch("/loaded?" + document.prerendering);
    addEventListener("pagehide", () => navigator.sendBeacon("/unseen?" + left));
  });
  addEventListener("prerenderingchange", async () => {
    const { activationStart } = performance.getEntriesByType("navigation")[0];
    await fetch(`/shown?${Math.round(performance.timeOrigin + activationStart)}`);
    setTimeout(() => { location.href = "/left" }, 400);
  }, true);
</script>"""

UNSEEN = 700
"""Milliseconds, as above: for so long at least the page is there before anybody sees it."""


@contextmanager
def a_person_s_chromium(url: str, server: FixtureServer, profile: Path) -> Iterator[None]:
    """Chromium without a driver, open at an address."""
    browser = find("chromium")
    assert browser
    trust = f"--ignore-certificate-errors-spki-list={server.authority.key_hash}"
    options = ["--headless=new", "--no-sandbox", f"--user-data-dir={profile}", trust]
    process = subprocess.Popen(  # noqa: S603 - the browser that the suite found
        [str(browser.executable), *CHROMIUM_ARGUMENTS, *options, url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.mark.claim("C06")
@pytest.mark.claim("C07")
@pytest.mark.claim("C08")
def test_a_prerendered_page_is_counted_when_it_is_shown_and_from_then_on(
    browser_name: Engine, server: FixtureServer, tag: Tag, tmp_path: Path
) -> None:
    if browser_name != "chromium":
        pytest.skip(f"{browser_name} has no Speculation Rules, so that it prerenders no page")
    site = Site.new(server)
    for path in ("/gate", "/kept", "/loaded", "/shown", "/unseen"):
        server.serve(site.host, path, "")
    site.page("/b", title="B", tag=tag, head=SECOND)
    before = server.ledger.mark()

    def came(path: str) -> Exchange:
        here = (site.host, path)
        return server.ledger.wait(lambda entry: (entry.host, entry.path) == here, 15, since=before)

    def told() -> list[Exchange]:
        return server.ledger.select(role="collector", since=before)

    def dwell_of(entry: Exchange) -> int | None:
        seen = [event for beacon in beacons([entry]) for event in beacon.events]
        return next((event["visible"] for event in seen if event["type"] == "dwell"), None)

    gate = server.faults.hold(site.host, "/gate")
    url = site.page("/a", title="A", head=FIRST)
    with a_person_s_chromium(url, server, tmp_path), gate:
        loaded = came("/loaded")
        assert loaded.target == "/loaded?true", "it is prerendered"
        server.ledger.wait(lambda entry: entry.role == "cdn", since=before)
        gate.release()
        kept = came("/kept")
        assert kept.target == "/kept?&0", "nothing is stored"
        shown = int(came("/shown").target.partition("?")[2])
        left = int(came("/unseen").target.partition("?")[2])
        server.ledger.wait(dwell_of, 10, since=before)
        server.ledger.quiet()
    assert shown > loaded.headers_at.unix_ms + UNSEEN
    (first, *_) = sent = beacons(told())
    assert {beacon.page_id for beacon in sent} == {first.page_id}
    assert first.page["at"] == first.events[0]["at"] == pytest.approx(shown, abs=50)
    assert first.exchange.headers_at.unix_ms > shown, "nothing is sent before"
    assert first.visitor
    assert "DNT" not in first.exchange.headers
    visible = max(filter(None, map(dwell_of, told())))
    assert visible == pytest.approx(left - shown, abs=150), "only since it was shown"
