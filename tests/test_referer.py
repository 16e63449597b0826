"""The `Referer` header: whatever the policy, no request of the tag tells more than the origin."""

from urllib.parse import urlsplit

import pytest

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.test_transport_broken import BROKEN_FETCH

PRIVATE = "/reset/c0ffee-token?mail=someone@mail.example"
POLICIES = ["", "unsafe-url", "no-referrer-when-downgrade", "same-origin", "no-referrer"]
BROKEN = {
    "as the browser is": "",
    "fetch rejects": BROKEN_FETCH["rejects"],
    "fetch is gone": BROKEN_FETCH["is gone"],
    "fetch throws and so does sendBeacon": BROKEN_FETCH["throws"]
    + ";Navigator.prototype.sendBeacon = () => { throw new TypeError('no') }",
}
COLLECTORS = ["elsewhere", "of the same site", "of the page's origin"]


def collector_of(site: Site, where: str) -> str:
    """The address of a collector."""
    if where == "of the same site":
        return site.server.site(f"collector.{site.host}")
    return site.origin if where == "of the page's origin" else site.server.site("collector")


def tells_too_much(entry: Exchange) -> bool:
    """Whether a request tells more of the page than where it is from."""
    return urlsplit(entry.headers.get("Referer", "")).path not in {"", "/"}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("where", COLLECTORS)
@pytest.mark.parametrize("broken", BROKEN)
def test_no_beacon_tells_more_than_the_origin(  # noqa: PLR0913, PLR0917 - a matrix, and the world
    visitor: Visitor,
    server: FixtureServer,
    build_tag: TagBuilder,
    policy: str,
    where: str,
    broken: str,
) -> None:
    """By any road, while the page lives and when it is left."""
    site = Site.new(server)
    host = urlsplit(collector_of(site, where)).hostname or ""
    tag = build_tag({"tag.collector": collector_of(site, where)})
    head = f"<script>{BROKEN[broken]}</script>"
    head += f'<meta name="referrer" content="{policy}">' if policy else ""
    mark = server.ledger.mark()

    def is_ours(entry: Exchange) -> bool:
        return entry.host == host and entry.path in {"/events", "/pixel.gif"}

    visitor.open(site.page(PRIVATE, title="A", tag=tag, head=head))
    server.ledger.wait(is_ours, since=mark)
    visitor.evaluate("azalead('event', 'after')")
    visitor.open(site.page("/whole", title="Whole", tag=tag))
    # On the way out, and where nothing is left for that, from the next page.
    server.ledger.wait(lambda entry: is_ours(entry) and b"Whole" in entry.body, since=mark)
    visitor.open(site.url("/left"))
    server.ledger.wait_for_count(is_ours, 3, since=mark)
    server.ledger.quiet()
    ours = [entry for entry in server.ledger.select(since=mark) if is_ours(entry)]
    assert [str(entry) for entry in ours if tells_too_much(entry)] == []


@pytest.mark.parametrize("policy", POLICIES[:3])
def test_no_other_request_tells_more_than_the_origin(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, policy: str
) -> None:
    """The question for the organisation, and the partner's image."""
    url = site.server.url("partner", "/match?id={visitor}")
    tag = build_tag({"sync": [{"partner": "acme", "url": url, "days": 1}]})
    head = f'<meta name="referrer" content="{policy}">' if policy else ""
    mark = site.server.ledger.mark()
    visitor.open(site.page("/reset/c0ffee", title="A", tag=tag, head=head))
    arrivals.view(title="A")
    visitor.evaluate("new Promise((resolve) => azalead('organization', resolve))")
    ledger = site.server.ledger
    seen = [
        ledger.wait(lambda entry: entry.path == "/organization", since=mark),
        ledger.wait(lambda entry: entry.path == "/match", since=mark),
    ]
    assert [str(entry) for entry in seen if tells_too_much(entry)] == []


@pytest.mark.parametrize("policy", POLICIES[:3])
def test_what_the_browser_holds_tells_no_more_than_the_origin(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, policy: str
) -> None:
    if visitor.engine != "chromium":
        pytest.skip("no other browser holds a beacon for a page that dies")
    arrivals.allow_repeats()  # of the view, which the browser holds as well
    head = f'<meta name="referrer" content="{policy}">' if policy else ""
    visitor.open(site.page("/reset/c0ffee", title="A", tag=tag, head=head))
    view = arrivals.view(title="A")
    visitor.crash()
    assert not tells_too_much(arrivals.dwell(view).exchange)
