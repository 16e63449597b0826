"""The paper's pages ask the tag first, and pass on to the ad server and the reader what it says."""

from typing import Any

import pytest

from fixtures.adserver import ad_url, serve_ads
from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from fixtures.websites import serve_almanac
from tests.browsers.visitor import Visitor
from tests.test_adchoices_signal import GLOBAL_LIMIT

TAG = """<script>
window.azalead = (command, answer) => setTimeout(answer, 0, {answers}[command]);
</script>"""
"""What answers as the tag does."""
ALLOWED = "{tailor: true, signals: {adchoices: null}}"


def paper(server: FixtureServer, snippet: str) -> str:
    """Serve the paper and its ads; the paper's address."""
    serve_ads(server)
    return serve_almanac(server, "almanac", snippet)


def ads_of(server: FixtureServer, since: int) -> dict[str, Exchange]:
    """The requests for the paper's two ads, by path."""
    entries = server.ledger.wait_for_count(
        lambda entry: entry.role == "ads" and "slot" in entry.query and bool(entry.answered_at),
        2,
        since=since,
    )
    return {entry.path: entry for entry in entries}


@pytest.mark.parametrize(
    ("explained", "expected"),
    [
        (ALLOWED, {}),
        ("{tailor: false, signals: {}}", {"tailor": "0"}),
        (
            f"{{tailor: false, signals: {{adchoices: '{GLOBAL_LIMIT}'}}}}",
            {"tailor": "0", "adchoices_signal": GLOBAL_LIMIT},
        ),
    ],
)
def test_a_slot_passes_on_what_the_tag_explains(
    server: FixtureServer, visitor: Visitor, explained: str, expected: dict[str, Any]
) -> None:
    """Both for an ad in a frame and for one in the page."""
    url = paper(server, TAG.replace("{answers}", f"{{explain: {explained}, organization: null}}"))
    mark = server.ledger.mark()
    visitor.open(url)
    ads = ads_of(server, mark)
    assert ads.keys() == {"/ad", "/ad.json"}
    for entry in ads.values():
        passed = dict(entry.query)
        slot, size = passed.pop("slot"), passed.pop("size")
        assert (slot, size) in {("rail", "300x250"), ("story", "300x250")}
        assert passed == expected
    visitor.wait_until("document.querySelectorAll('[data-filled]').length === 2")
    assert visitor.evaluate("document.querySelector('#greeting').textContent") == ""
    assert not visitor.problems()


@pytest.mark.mode("third_party_allowed")
def test_an_ad_in_the_page_is_tailored_by_the_cookie_that_goes_with_it(
    server: FixtureServer, visitor: Visitor
) -> None:
    """The fetch has credentials, as the frame has by itself; the icon's script comes along."""
    url = paper(server, TAG.replace("{answers}", f"{{explain: {ALLOWED}}}"))
    visitor.open(ad_url(server))
    mark = server.ledger.mark()
    visitor.open(url)
    ads = ads_of(server, mark)
    assert {entry.response_headers["X-Rule"] for entry in ads.values()} == {"identifier"}
    visitor.wait_until("document.querySelectorAll('[data-filled]').length === 2")
    script = visitor.evaluate("document.querySelector('.ad script').src")
    assert script == server.url("cdn", "/azalead-ad.js")
    server.ledger.wait(lambda entry: entry.path == "/azalead-ad.js", since=mark)


def test_without_a_tag_nothing_is_tailored_and_nobody_is_greeted(
    server: FixtureServer, visitor: Visitor
) -> None:
    """The slot's patience ends; an ad shows all the same."""
    url = paper(server, "")
    mark = server.ledger.mark()
    visitor.open(url)
    assert {entry.query["tailor"] for entry in ads_of(server, mark).values()} == {"0"}


def test_a_visitor_from_a_company_is_greeted_by_its_name(
    server: FixtureServer, visitor: Visitor
) -> None:
    answers = f"{{explain: {ALLOWED}, organization: {{name: 'Quay & <b>Sons</b>'}}}}"
    visitor.open(paper(server, TAG.replace("{answers}", answers)))
    visitor.wait_until("document.querySelector('#greeting').textContent !== ''")
    greeting = visitor.evaluate("document.querySelector('#greeting').textContent")
    assert greeting.startswith("Good to see Quay & <b>Sons</b> here.")
