"""The fixture ad server tailors by an identifier only, where nothing speaks against it."""

import json
import re
from collections.abc import Iterator

import pytest

from fixtures.ad_decision import PARTICIPANT
from fixtures.adserver import ad_url, serve_ads
from fixtures.creatives import CONTEXTUAL, TAILORED, tailored
from fixtures.server import FixtureServer
from tests.fixture_client import Answer, Client
from tests.test_adchoices_signal import GLOBAL_LIMIT, THREE_PARTICIPANTS, packed

IDENTIFIER = "3q2-7wEjRWeJq83vASNFZw"
KNOWN = f"azalead_id={IDENTIFIER}"
HEADER = f"{1:06b}{0:032b}{2:04b}"
LIMITS_US = packed(f"{HEADER}{1:012b}{PARTICIPANT:012b}{0:04b}{0:012b}")
LIMITS_OTHERS = packed(f"{HEADER}{1:012b}{PARTICIPANT + 1:012b}{0:04b}{0:012b}")
CATEGORY = tailored(IDENTIFIER).category
LIMITS_CATEGORY = packed(f"{HEADER}{0:012b}{1:012b}{CATEGORY:012b}{0:04b}")


@pytest.fixture(scope="module")
def server() -> Iterator[FixtureServer]:
    """One server for this file."""
    with FixtureServer() as running:
        serve_ads(running)
        yield running


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


def verdict(answer: Answer) -> tuple[str | None, str | None]:
    """What kind of ad it is, and which rule decided."""
    return answer.headers["X-Ad"], answer.headers["X-Rule"]


def cookies_set(answer: Answer) -> dict[str, str]:
    """What an answer sets, by name: value and attributes."""
    lines = answer.headers.get_all("Set-Cookie", [])
    return {line.partition("=")[0]: line.partition("=")[2] for line in lines}


@pytest.mark.claim("C16")
@pytest.mark.parametrize(
    ("headers", "parameters", "expected"),
    [
        ({}, {}, ("contextual", "no-identifier")),
        ({"Cookie": KNOWN}, {}, ("tailored", "identifier")),
        ({"Cookie": KNOWN}, {"tailor": "1"}, ("tailored", "identifier")),
        ({"Cookie": KNOWN}, {"tailor": "0"}, ("contextual", "page")),
        ({"Cookie": KNOWN}, {"tailor": ""}, ("contextual", "page")),
        ({"Cookie": f"{KNOWN}; azalead_optout=1"}, {}, ("contextual", "optout")),
        ({"Cookie": f"azalead_optout=1; {KNOWN}"}, {"tailor": "1"}, ("contextual", "optout")),
        ({"Cookie": f"{KNOWN}; azalead_optout=0"}, {}, ("tailored", "identifier")),
        ({"Cookie": f"{KNOWN}; daphne_optout=1"}, {}, ("tailored", "identifier")),
        ({"Cookie": "azalead_id=short"}, {}, ("contextual", "no-identifier")),
        ({"Cookie": KNOWN, "Sec-GPC": "1"}, {}, ("contextual", "gpc")),
        ({"Cookie": KNOWN, "Sec-GPC": "0"}, {}, ("tailored", "identifier")),
        ({"Cookie": KNOWN, "DNT": "1"}, {}, ("tailored", "identifier")),
        ({"Cookie": KNOWN, "X-AdChoices": GLOBAL_LIMIT}, {}, ("contextual", "adchoices")),
        ({"Cookie": KNOWN, "X-AdChoices": LIMITS_OTHERS}, {}, ("tailored", "identifier")),
        ({"Cookie": KNOWN, "X-AdChoices": THREE_PARTICIPANTS}, {}, ("tailored", "identifier")),
        ({"Cookie": KNOWN}, {"adchoices_signal": LIMITS_US}, ("contextual", "adchoices")),
        ({"Cookie": KNOWN}, {"adchoices_signal": LIMITS_CATEGORY}, ("contextual", "adchoices")),
        ({"Cookie": KNOWN}, {"adchoices_signal": "nonsense"}, ("contextual", "adchoices")),
        (
            {"Cookie": KNOWN, "X-AdChoices": LIMITS_US},
            {"adchoices_signal": LIMITS_OTHERS},
            ("contextual", "adchoices"),
        ),
    ],
)
def test_an_ad_is_tailored_only_by_an_identifier_that_nothing_speaks_against(
    server: FixtureServer,
    client: Client,
    headers: dict[str, str],
    parameters: dict[str, str],
    expected: tuple[str, str],
) -> None:
    """And the ledger keeps what was answered."""
    for path in ("/ad", "/ad.json"):
        mark = server.ledger.mark()
        answer = client.request("GET", ad_url(server, path, **parameters), headers=headers)
        assert verdict(answer) == expected
        entry = server.ledger.wait(lambda entry: entry.answered_at, since=mark)
        assert (entry.response_headers["X-Ad"], entry.response_headers["X-Rule"]) == expected


def test_a_tailored_ad_names_the_segment_and_carries_the_icon(
    server: FixtureServer, client: Client
) -> None:
    url = ad_url(server, size="728x90", corner="bottom-left", lang="de")
    page = client.get(url, cookie=KNOWN).body.decode()
    assert f"Chosen for {tailored(IDENTIFIER).segment}" in page
    script = re.search(r"<script async ([^>]*)></script>", page)
    assert script
    campaign = tailored(IDENTIFIER)
    assert script[1] == (
        f'src="{server.url("cdn", "/azalead-ad.js")}" referrerpolicy="origin"'
        ' data-corner="bottom-left" data-lang="de"'
        f' data-advertiser="{campaign.advertiser}" data-why="Chosen for {campaign.segment}"'
    )


def test_an_untailored_ad_names_nobody(server: FixtureServer, client: Client) -> None:
    page = client.get(ad_url(server)).body.decode()
    assert "Goes with this page" in page
    assert "<script" not in page


def test_the_ad_for_a_page_is_the_same_as_the_one_for_a_frame(
    server: FixtureServer, client: Client
) -> None:
    url = ad_url(server, "/ad.json")
    told = json.loads(client.get(url, cookie=KNOWN).body)
    assert told["campaign"] == tailored(IDENTIFIER).name
    assert told["script"]["src"] == server.url("cdn", "/azalead-ad.js")
    assert json.loads(client.get(url).body)["script"] is None


@pytest.mark.parametrize("path", ["/ad?slot=x", "/click?campaign=trail"])
def test_an_identifier_is_given_out_only_in_a_page_that_the_visitor_opened(
    server: FixtureServer, client: Client, path: str
) -> None:
    """In a frame Firefox would keep it apart for each site, where no opt-out could reach it."""
    url = server.url("ads", path)
    for destination in ("iframe", "empty", "image", ""):
        assert not cookies_set(client.get(url, sec_fetch_dest=destination))
    given = cookies_set(client.get(url, sec_fetch_dest="document"))
    assert list(given) == ["azalead_id"]
    assert re.fullmatch(
        r"[A-Za-z0-9_-]{22}; Domain=choices\.localhost; Path=/; Max-Age=33696000; Secure; "
        r"SameSite=None; HttpOnly",
        given["azalead_id"],
    )


def test_an_identifier_that_came_is_renewed_everywhere(
    server: FixtureServer, client: Client
) -> None:
    again = cookies_set(client.get(ad_url(server), cookie=KNOWN, sec_fetch_dest="iframe"))
    assert again["azalead_id"].startswith(f"{IDENTIFIER};")


@pytest.mark.claim("C18")
@pytest.mark.parametrize("destination", ["document", "iframe"])
def test_an_opt_out_is_renewed_and_the_identifier_expired(
    server: FixtureServer, client: Client, destination: str
) -> None:
    cookie = f"{KNOWN}; azalead_optout=1"
    answer = cookies_set(client.get(ad_url(server), cookie=cookie, sec_fetch_dest=destination))
    assert answer["azalead_optout"].startswith("1; Domain=choices.localhost; Path=/; Max-Age=1580")
    assert answer["azalead_id"].startswith("; Domain=choices.localhost; Path=/; Max-Age=0;")


def test_a_click_leads_to_the_advertiser(server: FixtureServer, client: Client) -> None:
    for campaign in (*TAILORED, *CONTEXTUAL):
        answer = client.get(server.url("ads", f"/click?campaign={campaign.name}"))
        assert answer.status == 303
        shop = client.get(answer.headers["Location"])
        assert f"<h1>{campaign.headline}</h1>" in shop.body.decode()
    assert client.get(server.url("ads", "/click?campaign=https://evil.localhost")).status == 404


@pytest.mark.parametrize(
    "query", ["", "slot=", f"slot={65 * 'a'}", "slot=a&size=1x1", "slot=a&corner=middle"]
)
def test_a_request_for_no_possible_ad_is_refused(
    server: FixtureServer, client: Client, query: str
) -> None:
    assert client.get(server.url("ads", f"/ad?{query}")).status == 400


def test_a_page_may_ask_with_its_cookies(server: FixtureServer, client: Client) -> None:
    origin = server.site("publisher")
    answer = client.get(ad_url(server, "/ad.json"), origin=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Cache-Control"] == "no-store"


def test_names_follow_the_brand() -> None:
    with FixtureServer() as other:
        serve_ads(other, brand="daphne", assets=other.url("cdn", "/tag-7"), partitioned=True)
        page = Client(other).get(
            ad_url(other), cookie=f"daphne_id={IDENTIFIER}", sec_fetch_dest="document"
        )
        assert verdict(page) == ("tailored", "identifier")
        assert f'src="{other.url("cdn", "/tag-7/daphne-ad.js")}"' in page.body.decode()
        assert cookies_set(page)["daphne_id"].endswith("; Partitioned; HttpOnly")
