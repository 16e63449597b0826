"""A road that the page has broken: the others are tried, and what is told arrives once."""

import json
from collections.abc import Iterator

import pytest

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.events import events
from tests.support.site import Site
from tests.support.tag import Tag
from tests.support.unsent import KEPT

SOON = """<script>
  // A page's clock, moved: who waits for ten seconds waits for a fifth of one.
  const patient = setTimeout;
  window.setTimeout = (run, pause, ...given) =>
    patient(run, pause === 10000 ? 200 : pause, ...given);
</script>"""

BROKEN_FETCH = {
    "adds a header": """const natural = fetch;
      window.fetch = (url, init) => natural(url, { ...init, headers: { traceparent: "00-1" } })""",
    "adds a header to a request": """const natural = fetch;
      window.fetch = function (...given) {
        const request = new Request(...given);
        request.headers.set("traceparent", "00-1");
        return natural(request);
      }""",
    "adds a header by a proxy": """window.fetch = new Proxy(fetch, {
        apply: (target, self, [url, init]) =>
          target.call(self, url, { ...init, headers: { traceparent: "00-1" } }),
      })""",
    "throws": "window.fetch = () => { throw new TypeError('no') }",
    "rejects": "window.fetch = async () => { throw new TypeError('no') }",
    "never answers": "window.fetch = () => new Promise(() => {})",
    "returns nothing": "window.fetch = () => undefined",
    "answers with another object": "window.fetch = async () => ({ ok: true })",
    "is gone": "delete window.fetch",
}
OTHERS = {
    "as the browser is": "",
    "sendBeacon throws": "Navigator.prototype.sendBeacon = () => { throw new TypeError('no') }",
    "sendBeacon says false": "Navigator.prototype.sendBeacon = () => false",
    "sendBeacon drops": "Navigator.prototype.sendBeacon = () => true",
    "no images": "delete window.Image",
    "images never come": "window.Image = class { decode() { return new Promise(() => {}) } }",
    "no fetchLater": "delete window.fetchLater",
}


class Told:
    """What has reached the collector of one site's pages, each event once."""

    def __init__(self, server: FixtureServer) -> None:
        """Begin to listen."""
        self._server = server
        self._start = server.ledger.mark()

    def wait(self, kind: str, title: str) -> None:
        """Wait for a page's event of that kind."""

        def has(entry: Exchange) -> bool:
            return entry.status in {200, 204} and any(
                (each.type, each.page["title"]) == (kind, title) for each in events([entry])
            )

        self._server.ledger.wait(has, since=self._start)

    def requests(self) -> list[Exchange]:
        """All that came to the collector."""
        return self._server.ledger.select(role="collector", since=self._start)

    def contradictions(self) -> list[str]:
        """Events that came twice and were not the same."""
        seen: dict[tuple[str, int], object] = {}
        arrived = events(self.requests())
        return [
            str(each)
            for each in arrived
            if seen.setdefault(each.identity, each.event) != each.event
        ]


@pytest.fixture
def told(server: FixtureServer) -> Iterator[Told]:
    """What is told while the collector answers no preflight."""
    with server.faults.refuse_preflights("collector"):
        yield Told(server)


def walk(visitor: Visitor, site: Site, told: Told, tag: Tag, head: str) -> None:
    """Visit two pages and leave, and find each view and each dwell told."""
    for title in "AB":
        visitor.open(site.page(f"/{title}", title=title, tag=tag, head=SOON + head))
        told.wait("view", title)
    visitor.open(site.page("/whole", title="Whole", tag=tag))
    for title in "AB":
        told.wait("dwell", title)
    told.wait("view", "Whole")
    visitor.wait_until(f"!{KEPT}")
    assert told.contradictions() == []


@pytest.mark.parametrize("way", BROKEN_FETCH)
def test_each_view_and_dwell_arrives_where_fetch_is_broken(
    visitor: Visitor, server: FixtureServer, told: Told, tag: Tag, way: str
) -> None:
    walk(visitor, Site.new(server), told, tag, f"<script>{BROKEN_FETCH[way]}</script>")
    assert not [problem for problem in visitor.problems() if problem.kind != "policy"]


@pytest.mark.parametrize("way", OTHERS)
def test_each_view_and_dwell_arrives_where_another_road_is_broken(
    visitor: Visitor, server: FixtureServer, told: Told, tag: Tag, way: str
) -> None:
    walk(visitor, Site.new(server), told, tag, f"<script>{OTHERS[way]}</script>")
    assert not visitor.problems()


# Whether a sendBeacon that says true has sent anything, nobody can know.
@pytest.mark.parametrize("way", [way for way in OTHERS if "mage" not in way and "drops" not in way])
def test_each_view_and_dwell_arrives_where_fetch_and_another_are_broken(
    visitor: Visitor, server: FixtureServer, told: Told, tag: Tag, way: str
) -> None:
    broken = f"<script>{BROKEN_FETCH['rejects']};{OTHERS[way]}</script>"
    walk(visitor, Site.new(server), told, tag, broken)
    assert not visitor.problems()


def test_views_do_not_pile_up_where_a_monitor_breaks_fetch(
    visitor: Visitor, server: FixtureServer, told: Told, tag: Tag
) -> None:
    """Each view arrives from its page, and at most dwells wait for the next."""
    site = Site.new(server)
    head = f"<script>{BROKEN_FETCH['adds a header']}</script>"
    for title in "ABCD":
        visitor.open(site.page(f"/{title}", title=title, tag=tag, head=head))
        told.wait("view", title)
    visitor.open(site.url("/left"))
    kept = json.loads(visitor.evaluate(f"{KEPT} || '[]'"))
    assert {event["type"] for body in kept for event in body["events"]} <= {"dwell"}


WORKERS = {
    "refuses": "event.respondWith(Response.error())",
    "makes an answer up": "event.respondWith(new Response('offline', { status: 200 }))",
    "never answers": "event.respondWith(new Promise(() => {}))",
}
WORKER = """
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  addEventListener("fetch", (event) => { if (event.request.method === "POST") { %s } });
"""
REGISTERED = """navigator.serviceWorker.register("/worker.js")
  .then(() => navigator.serviceWorker.ready).then(() => true)"""


@pytest.mark.parametrize("way", WORKERS)
def test_each_view_arrives_where_a_service_worker_eats_beacons(
    visitor: Visitor, server: FixtureServer, told: Told, tag: Tag, way: str
) -> None:
    site = Site.new(server, "")
    content_type = {"Content-Type": "text/javascript"}
    server.serve(site.host, "/worker.js", WORKER % WORKERS[way], headers=content_type)
    visitor.open(site.page("/bare", title="Bare"))
    assert visitor.evaluate(f"() => {REGISTERED}")
    for title in "AB":
        visitor.open(site.page(f"/{title}", title=title, tag=tag, head=SOON))
        assert visitor.evaluate("!!navigator.serviceWorker.controller")
        told.wait("view", title)


@pytest.mark.parametrize(
    "break_fetch", ["", *(BROKEN_FETCH[way] for way in ("rejects", "is gone"))]
)
def test_a_collector_that_is_down_sees_no_storm_by_all_roads_together(
    visitor: Visitor, server: FixtureServer, tag: Tag, break_fetch: str
) -> None:
    site = Site.new(server)
    impatient = """<script>
      window.pauses = [];
      const patient = setTimeout;
      window.setTimeout = (run, pause, ...given) => {
        const isRepeat = pause >= 2000 && Math.log2(pause / 2000) % 1 === 0;
        if (isRepeat) pauses.push(pause);
        return patient(run, isRepeat ? pause / 100 : pause, ...given);
      };
    </script>"""
    mark = server.ledger.mark()
    with server.faults.status("collector", 503):
        head = f"{impatient}<script>{break_fetch}</script>"
        visitor.open(site.page("/", title="A", tag=tag, head=head))
        visitor.evaluate("() => { for (let n = 0; n < 20; n++) azalead('event', 'e', { n }) }")
        visitor.wait_until("pauses.length > 4")
        pauses = visitor.evaluate("pauses.length")
        tried = len(server.ledger.select(role="collector", since=mark))
    assert tried <= 2 * (pauses + 1), "each road once, then a pause"
    visitor.open(site.page("/b", title="B", tag=tag))
    told = Told(server)
    visitor.wait_until(f"!{KEPT}")
    assert told.contradictions() == []
