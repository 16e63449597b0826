"""The world around a page on its bad days: nothing is made worse, and what can arrive does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial

import pytest
from aiohttp import web

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.abilities import skipped_if_impossible
from tests.support.arrivals import Arrivals
from tests.support.events import events_of
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.support.unsent import KEPT

NOWHERE = "https://nobody.invalid"
"""A host that no name server knows (RFC 6761, 6.4)."""

OWN_WORK = """<script>
  addEventListener("load", () => { document.body.dataset.works = "yes"; });
</script>"""
WORKS = "document.body.dataset.works === 'yes'"

FILL_STORAGE = """<script>
  for (let size = 2 ** 21; size >= 32; size /= 2) {
    try {
      for (let n = 0; n < 8; n++) localStorage[`full_${size}_${n}`] = "x".repeat(size);
    } catch { /* then less of it */ }
  }
</script>"""
FILL_COOKIES = """<script>
  for (let n = 0; n < 200; n++) document.cookie = `of_our_own_${n}=${n}; path=/; secure`;
</script>"""

World = Callable[[FixtureServer], AbstractContextManager[object]]


@dataclass(frozen=True)
class Day:
    """A bad day of the collector: what is wrong, and whether the browser sees it as a failure."""

    world: World
    is_final: bool = False
    """Whether what came then is all that comes, as the collector has answered."""


COLLECTOR: dict[str, Day] = {
    "dead": Day(lambda server: server.faults.refuse("collector")),
    "overloaded": Day(lambda server: server.faults.status("collector", 503, path="/events")),
    "broken": Day(lambda server: server.faults.status("collector", 500, path="/events")),
    "resetting": Day(lambda server: server.faults.disconnect("collector", path="/events")),
    "refusing": Day(
        lambda server: server.faults.status("collector", 403, path="/events"), is_final=True
    ),
    "slow": Day(lambda server: server.faults.delay("collector", 1, path="/events"), is_final=True),
}


@pytest.mark.claim("C06")
@pytest.mark.claim("C07")
def test_a_collector_that_is_ill_for_the_length_of_a_page_costs_nothing_of_the_visit(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    for name, day in COLLECTOR.items():
        mark = site.server.ledger.mark()
        url = site.page(f"/{name}", title=name, tag=tag, body=OWN_WORK)
        with day.world(site.server):
            visitor.open(url)
            visitor.wait_until(WORKS)
            if not day.is_final:
                visitor.wait_until(KEPT)
            visitor.open(site.url("/left"))
        visitor.open(site.page("/well", title=f"after {name}", tag=tag))
        site.server.ledger.wait(partial(_tells, kind="dwell", title=name), since=mark)
        for title in (name, f"after {name}"):
            arrivals.view(title=title)
    assert not visitor.problems()


def _tells(entry: Exchange, *, kind: str, title: str) -> bool:
    return any((each.type, each.page["title"]) == (kind, title) for each in events_of(entry))


@pytest.mark.claim("C06")
def test_a_collector_that_has_moved_is_followed(
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    build_tag: TagBuilder,
) -> None:
    tag = build_tag({"tag.collector": f"{site.server.site('collector')}/moved"})
    site.server.serve_handler("collector", "/moved/events", _send_on)
    visitor.open(site.page("/", title="A", tag=tag, body=OWN_WORK))
    view = arrivals.view(title="A")
    visitor.open(site.url("/left"))
    arrivals.dwell(view)
    assert not visitor.problems()


async def _send_on(_request: object, exchange: Exchange) -> web.Response:
    headers = {
        "Location": f"https://{exchange.headers['Host']}/events",
        "Access-Control-Allow-Origin": exchange.headers.get("Origin", "*"),
        "Access-Control-Allow-Credentials": "true",
    }
    return web.Response(status=307, headers=headers)


@pytest.mark.claim("C06")
def test_a_collector_that_no_name_server_knows_is_told_when_it_is_known_again(
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    tag: Tag,
    build_tag: TagBuilder,
) -> None:
    arrivals.allow_repeats()
    lost = build_tag({"tag.collector": NOWHERE})
    visitor.open(site.page("/a", title="A", tag=lost, body=OWN_WORK))
    visitor.wait_until(WORKS)
    visitor.wait_until(KEPT)
    visitor.open(site.url("/left"))
    visitor.open(site.page("/b", title="B", tag=tag))
    first = arrivals.view(title="A")
    arrivals.dwell(first)
    arrivals.view(title="B")
    assert not visitor.problems()


SCRIPTS = {
    "dead": "",
    "missing": "/missing.js",
    "unknown": f"{NOWHERE}/azalead.js",
    "emptied by an ad blocker": "/emptied.js",
    "another page": "/portal.js",
}


def test_a_tag_that_does_not_come_leaves_a_page_that_works_and_one_view(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    site.server.serve("cdn", "/emptied.js", "(() => {})();", "text/javascript")
    portal = {"X-Content-Type-Options": "nosniff"}
    site.server.serve("cdn", "/portal.js", "<!doctype html><title>Log in</title>", headers=portal)
    for name, address in SCRIPTS.items():
        script = address if "//" in address else f"{site.server.site('cdn')}{address or '/dead.js'}"
        snippet = tag.snippet.replace(tag.script_url, script)
        url = site.page(
            f"/{name}".replace(" ", "-"), title=name, tag=tag, snippet=snippet, body=OWN_WORK
        )
        with nullcontext() if address else site.server.faults.refuse("cdn"):
            visitor.open(url)
            visitor.wait_until(WORKS)
            visitor.open(site.url("/left"))
        view = arrivals.view(title=name)
        assert view.beacon.rule == "stub"
        arrivals.no_dwell(view)
    # Some engines tell of a script that is a page, as "Script error."
    assert {problem.kind for problem in visitor.problems()} <= {"error"}


def test_what_happens_while_the_network_is_gone_is_told_when_it_is_back(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    visitor.open(site.page("/", title="A", tag=tag, body=OWN_WORK))
    view = arrivals.view(title="A")
    with _offline(visitor):
        visitor.evaluate("() => azalead('event', 'alone')")
        visitor.wait_until(f"{KEPT}?.includes('alone')")
    arrivals.expect("event")
    assert not visitor.problems()
    visitor.open(site.url("/left"))
    for _ in ("as it went", "as the page was left"):
        arrivals.dwell(view)


@contextmanager
def _offline(visitor: Visitor) -> Iterator[None]:
    with skipped_if_impossible():
        visitor.go_offline()
    try:
        yield
    finally:
        visitor.go_online()


def test_a_storage_that_is_full_keeps_nothing_and_costs_the_page_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    url = site.page("/full", title="Full", tag=tag, head=FILL_STORAGE, body=OWN_WORK)
    with site.server.faults.refuse("collector"):
        visitor.open(url)
        visitor.wait_until(WORKS)
        assert visitor.evaluate("Object.keys(localStorage).length") > 5
        visitor.open(site.url("/left"))
    assert visitor.evaluate(KEPT) is None
    # With a collector that is there, nothing need be kept.
    visitor.open(site.page("/well", title="Well", tag=tag))
    arrivals.view(title="Well")
    assert not visitor.problems()


def test_a_site_with_as_many_cookies_as_a_browser_keeps_still_knows_its_visitor(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, head=FILL_COOKIES, body=OWN_WORK))
    visitor.wait_until(WORKS)
    first = arrivals.view(title="A")
    visitor.open(site.page("/b", title="B", tag=tag))
    second = arrivals.view(title="B")
    assert first.visitor
    assert first.visitor == second.visitor
    assert not visitor.problems()


@pytest.mark.claim("C07")
def test_a_tab_that_was_frozen_tells_its_dwell_when_it_is_left(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, body=OWN_WORK))
    view = arrivals.view(title="A")
    with skipped_if_impossible():
        visitor.freeze()
    visitor.thaw()
    visitor.evaluate("() => azalead('event', 'thawed')")
    arrivals.expect("event")
    visitor.open(site.url("/left"))
    arrivals.dwell(view)
    assert not visitor.problems()


def test_a_shortage_of_memory_costs_nothing_of_the_visit(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, body=OWN_WORK))
    arrivals.view(title="A")
    with skipped_if_impossible():
        visitor.run_short_of_memory()
    visitor.evaluate("() => azalead('event', 'e')")
    arrivals.expect("event")
    assert not visitor.problems()
