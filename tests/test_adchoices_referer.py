"""What the icon sends tells no more of the page than its origin, whatever policy that has."""

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.advert import HOST, PANEL, Shown, ad
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

POLICIES = ("unsafe-url", "no-referrer-when-downgrade", "same-origin", "")
PRIVATE = "/private?token=0000-secret"


@pytest.mark.parametrize("policy", POLICIES)
def test_no_request_of_the_icon_tells_the_page_s_address(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, policy: str
) -> None:
    headers = {"Referrer-Policy": policy} if policy else {}
    probe = f'<img alt="" src="{server.url("collector", "/probe.gif")}">'
    mark = server.ledger.mark()
    missing = f'<script async src="{tag.base_url}/azalead-ad.js" data-for="nowhere"></script>'
    body = ad(tag, "ad", lang="en") + missing + probe
    visitor.open(site.page(PRIVATE, body=body, headers=headers))
    pixel = server.ledger.wait(lambda entry: entry.path == "/pixel.gif", since=mark)
    shown = Shown(visitor, "ad")
    shown.open()
    shown.click("optout")
    shown.wait("told.status")
    visitor.click_to_new_tab(f"#ad {HOST} >> {PANEL} a")
    visitor.close_tab()
    asked = [
        pixel,
        *server.ledger.select(role="choices", since=mark),
    ]
    assert {entry.path.rpartition("/")[2] for entry in asked} >= {
        "pixel.gif",
        "optout",
        "status",
        "",
    }
    for entry in asked:
        sent = entry.headers.get("Referer", "")
        # What the choices page asks for itself names that page.
        assert sent == f"{site.origin}/" or not sent.startswith(site.origin), entry
    # The control: with such a policy, a request of the page's own would tell it all.
    (control,) = server.ledger.select(role="collector", path="/probe.gif", since=mark)
    if policy == "unsafe-url" and visitor.engine == "chromium":
        assert "secret" in control.headers["Referer"]


def test_nor_does_one_to_the_page_s_own_origin(
    visitor: Visitor, site: Site, build_tag: TagBuilder, server: FixtureServer
) -> None:
    """A collector there would be told everything without any policy."""
    tag = build_tag({"tag.collector": site.origin})
    mark = server.ledger.mark()
    missing = f'<script async src="{tag.base_url}/azalead-ad.js" data-for="nowhere"></script>'
    probe = '<img alt="" src="/probe.gif">'
    visitor.open(site.page(PRIVATE, body=missing + probe))
    pixel = server.ledger.wait(lambda entry: entry.path == "/pixel.gif", since=mark)
    control = server.ledger.wait(lambda entry: entry.path == "/probe.gif", since=mark)
    assert pixel.headers.get("Referer", "") in {"", f"{site.origin}/"}
    assert "secret" in control.headers["Referer"]
