"""WebChoices: whoever opts out through the industry's own tool is told what their browser kept."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures import webchoices
from fixtures.adserver import ad_url, serve_ads
from fixtures.cookies import Cookies
from fixtures.server import FixtureServer
from fixtures.webchoices import PATH, TOKEN_LASTS, WebChoices, serve_webchoices
from tests.browsers.visitor import Visitor
from tests.fixture_client import Client
from tests.support.webchoices_caller import Caller, Way, serve_caller

IDENTIFIER = "azalead_id=3q2-7wEjRWeJq83vASNFZw"
NO_COOKIE, ACTIVE, OPTED_OUT = "1-0", "2-0", "3-0"
SUCCESS, FAILED, WRONG_TOKEN = "1-0", "2-0", "3-0"
OTHER_CALLER = "edaa.world"
LONGEST_ANSWER = 0.25
"""Seconds that the published flow gives a company for each answer."""


@pytest.fixture(scope="module")
def endpoint(server: FixtureServer) -> str:
    """The company's side and the caller's; the company's address."""
    serve_ads(server)
    return serve_webchoices(server, [serve_caller(server)])


@pytest.fixture
def caller(server: FixtureServer, visitor: Visitor, endpoint: str) -> Caller:
    """The tool, in the visitor's browser."""
    return Caller(server, visitor, endpoint)


@pytest.fixture
def mark(server: FixtureServer) -> int:
    """The ledger before the test."""
    return server.ledger.mark()


def frame_of_ad(server: FixtureServer, visitor: Visitor) -> str | None:
    """The rule of the ad that a frame in somebody's page gets."""
    mark = server.ledger.mark()
    ad = ad_url(server)
    page = server.serve("publisher-ads", "/", f'<!doctype html><iframe src="{ad}"></iframe>')
    visitor.open(page)
    entry = server.ledger.wait(
        lambda entry: entry.path == "/ad" and entry.answered_at is not None, since=mark
    )
    return entry.response_headers["X-Rule"]


# The flow, in real browsers


@pytest.mark.claim("C16")
@pytest.mark.mode("third_party_allowed")
def test_an_opt_out_in_the_tool_is_told_as_kept_and_ads_are_tailored_no_more(
    server: FixtureServer, visitor: Visitor, caller: Caller
) -> None:
    visitor.open(ad_url(server))
    assert frame_of_ad(server, visitor) == "identifier"
    assert caller.walk_through() == (ACTIVE, SUCCESS, OPTED_OUT)
    assert frame_of_ad(server, visitor) == "optout"


@pytest.mark.claim("C17")
@pytest.mark.mode("third_party_blocked")
def test_where_the_browser_blocks_the_cookie_the_tool_is_told_so(
    server: FixtureServer, visitor: Visitor, caller: Caller
) -> None:
    visitor.open(ad_url(server))
    assert caller.walk_through() == (NO_COOKIE, FAILED, NO_COOKIE)
    assert frame_of_ad(server, visitor) == "no-identifier"


@pytest.mark.claim("C17")
@pytest.mark.mode("cookies_refused")
@pytest.mark.parametrize("way", ["in a frame", "as a page"])
def test_where_the_browser_refuses_all_cookies_the_tool_is_told_so(
    server: FixtureServer, visitor: Visitor, endpoint: str, way: Way
) -> None:
    caller = Caller(server, visitor, endpoint, way)
    visitor.open(ad_url(server))
    assert caller.walk_through() == (NO_COOKIE, FAILED, NO_COOKIE)


@pytest.mark.claim("C16")
@pytest.mark.claim("C17")
def test_the_tool_is_told_the_truth_whatever_the_browser_does_by_default(
    server: FixtureServer, visitor: Visitor, caller: Caller
) -> None:
    """In a frame Firefox keeps it for one site, WebKitGTK only sends old ones, Chromium nothing."""
    visitor.open(ad_url(server))
    before, result, after = caller.walk_through()
    assert (result, after) in {(SUCCESS, OPTED_OUT), (FAILED, before)}
    is_tailored = frame_of_ad(server, visitor) == "identifier"
    assert is_tailored == (after == ACTIVE)


@pytest.mark.claim("C16")
def test_an_opt_out_as_a_page_of_its_own_is_kept_in_every_browser(
    server: FixtureServer, visitor: Visitor, endpoint: str, mark: int
) -> None:
    caller = Caller(server, visitor, endpoint, "as a page")
    visitor.open(ad_url(server))
    assert caller.walk_through() == (ACTIVE, SUCCESS, OPTED_OUT)
    visitor.open(ad_url(server))
    ads = server.ledger.select(role="ads", path="/ad", since=mark)
    assert [ad.response_headers["X-Rule"] for ad in ads] == ["no-identifier", "optout"]
    for entry in server.ledger.select(role="choices", since=mark):
        if entry.path.startswith("/webchoices"):
            assert entry.answered_at
            assert entry.answered_at.monotonic - entry.headers_at.monotonic < LONGEST_ANSWER


def test_a_token_that_does_not_fit_changes_nothing(
    server: FixtureServer, visitor: Visitor, endpoint: str
) -> None:
    caller = Caller(server, visitor, endpoint, "as a page")
    visitor.open(ad_url(server))
    _, token = caller.status()
    assert caller.opt_out(f"{token[:-1]}{'1' if token[-1] == '0' else '0'}") == WRONG_TOKEN
    assert caller.status()[0] == ACTIVE


def test_a_token_holds_for_the_browser_that_asked_once(
    server: FixtureServer, visitor: Visitor, endpoint: str
) -> None:
    caller = Caller(server, visitor, endpoint, "as a page")
    visitor.open(ad_url(server))
    _, token = caller.status()
    asked = sound(server.site("daa.world"), action_id="4", token=token)
    stolen = Client(server).get(f"{endpoint}?{urlencode(asked)}")
    assert f"/4/{WRONG_TOKEN}/" in stolen.headers["Location"]
    assert caller.opt_out(token) == SUCCESS
    assert caller.opt_out(token) == WRONG_TOKEN
    assert caller.status()[0] == OPTED_OUT


# The endpoint by itself: what no browser sends, but anybody may


@pytest.fixture(scope="module")
def alone() -> Iterator[tuple[Client, str, str]]:
    """A server, the endpoint's address and the caller's origin."""
    with FixtureServer() as running:
        callers = [running.site("daa.world"), running.site(OTHER_CALLER)]
        yield Client(running), serve_webchoices(running, callers), callers[0]


Alone = tuple[Client, str, str]


def sound(caller: str, **changes: str) -> dict[str, str]:
    """A sound request for the status, with changes."""
    asked = {"action_id": "3", "participant_id": "118", "rd": f"{caller}/back", "nocache": "1"}
    return asked | changes


def test_the_status_says_what_came_and_leads_back_to_the_caller(alone: Alone) -> None:
    client, endpoint, caller = alone
    url = f"{endpoint}?{urlencode(sound(caller))}"
    for cookie, status in (
        ("", NO_COOKIE),
        (IDENTIFIER, ACTIVE),
        ("azalead_optout=1", OPTED_OUT),
        (f"{IDENTIFIER}; azalead_optout=1", OPTED_OUT),
        ("azalead_id=somebody@example.com", NO_COOKIE),
    ):
        answer = client.get(url, cookie=cookie)
        assert answer.status == 302
        assert answer.headers["Location"].startswith(f"{caller}/back/token/118/{status}/")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.body == b""


@pytest.mark.claim("C18")
def test_asking_for_the_status_renews_an_opt_out_and_sets_nothing_else(alone: Alone) -> None:
    client, endpoint, caller = alone
    url = f"{endpoint}?{urlencode(sound(caller))}"
    renewed = client.get(url, cookie="azalead_optout=1").headers.get_all("Set-Cookie", [])
    assert [line.partition(";")[0] for line in renewed] == ["azalead_optout=1", "azalead_id="]
    for cookie in ("", IDENTIFIER):
        sent = client.get(url, cookie=cookie).headers.get_all("Set-Cookie", [])
        assert not any(line.startswith("azalead_optout=1") for line in sent)


@pytest.mark.parametrize("other", ["participant_id", "rd"])
def test_a_token_is_for_one_caller_and_participant(alone: Alone, other: str) -> None:
    client, endpoint, caller = alone
    status = client.get(f"{endpoint}?{urlencode(sound(caller))}")
    token = status.headers["Location"].rpartition("/")[2]
    opt_out = sound(caller, action_id="4", token=token)
    others = {"participant_id": "7", "rd": caller.replace("daa.world", OTHER_CALLER)}
    fits = client.get(f"{endpoint}?{urlencode(opt_out)}")
    fits_not = client.get(f"{endpoint}?{urlencode(opt_out | {other: others[other]})}")
    assert fits.headers["Location"].startswith("/webchoices/kept?")
    assert fits.headers.get_all("Set-Cookie")
    assert f"/4/{WRONG_TOKEN}/" in fits_not.headers["Location"]
    assert not fits_not.headers.get_all("Set-Cookie")


ANOTHER = "azalead_id=AAECAwQFBgcICQoLDA0ODw"
NUMBER = "azalead_webchoices"
FIREFOX, CHROME = {"User-Agent": "Firefox"}, {"User-Agent": "Chrome"}


def token_of(alone: Alone, headers: dict[str, str]) -> tuple[str, str]:
    """A token for a browser, and the cookie that it was given with it."""
    client, endpoint, caller = alone
    url = f"{endpoint}?{urlencode(sound(caller))}"
    answer = client.request("GET", url, headers=headers)
    given = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    return answer.headers["Location"].rpartition("/")[2], given


def fits(alone: Alone, token: str, headers: dict[str, str]) -> bool:
    """Whether an endpoint takes a token from a browser; one that it does not take sets nothing."""
    client, endpoint, caller = alone
    asked = sound(caller, action_id="4", token=token)
    answer = client.request("GET", f"{endpoint}?{urlencode(asked)}", headers=headers)
    if f"/4/{WRONG_TOKEN}/" not in answer.headers["Location"]:
        return True
    sent = answer.headers.get_all("Set-Cookie", [])
    assert "azalead_optout=1" in headers.get("Cookie", "") or sent == []
    return False


@pytest.mark.parametrize("cookie", ["", IDENTIFIER, "azalead_optout=1"])
def test_a_token_is_taken_once(alone: Alone, cookie: str) -> None:
    token, given = token_of(alone, {"Cookie": cookie})
    held = cookie or given
    assert fits(alone, token, {"Cookie": held})
    assert not fits(alone, token, {"Cookie": held})
    assert not fits(alone, token, {"Cookie": f"{held}; azalead_optout=1"}), (
        "nor after it has finished"
    )
    assert fits(alone, token_of(alone, {"Cookie": held})[0], {"Cookie": held})


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ({"Cookie": IDENTIFIER}, {}),
        ({"Cookie": IDENTIFIER}, {"Cookie": ANOTHER}),
        ({"Cookie": IDENTIFIER}, {"Cookie": f"{NUMBER}={32 * 'a'}"}),
        ({"Cookie": IDENTIFIER} | FIREFOX, {"Cookie": IDENTIFIER} | CHROME),
        ({"Cookie": "azalead_optout=1"}, {"Cookie": IDENTIFIER}),
        ({"Cookie": "azalead_optout=1"}, {}),
        ({}, {"Cookie": ANOTHER}),
        ({}, {"Cookie": f"{NUMBER}={32 * 'a'}"}),
        ({}, {"Cookie": "azalead_optout=1"}),
        (FIREFOX, CHROME),
        (FIREFOX, {}),
    ],
)
def test_another_browser_s_token_does_not_fit(
    alone: Alone, own: dict[str, str], other: dict[str, str]
) -> None:
    token, given = token_of(alone, own)
    assert not fits(alone, token, other)
    assert fits(alone, token, {"Cookie": given} | own), "and is none the worse for it"


def test_a_browser_without_cookies_is_given_a_number_for_this_alone(alone: Alone) -> None:
    client, endpoint, caller = alone
    answer = client.get(f"{endpoint}?{urlencode(sound(caller))}")
    (line,) = answer.headers.get_all("Set-Cookie", [])
    assert line.startswith(f"{NUMBER}=")
    assert line.endswith("; Path=/webchoices; Max-Age=900; Secure; HttpOnly; SameSite=None")
    known = client.get(f"{endpoint}?{urlencode(sound(caller))}", cookie=line.partition(";")[0])
    assert known.headers["Set-Cookie"] is None
    token = answer.headers["Location"].rpartition("/")[2]
    assert fits(alone, token, {}), "a browser that keeps no cookie is told so, by the look at it"


def test_used_tokens_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webchoices, "TOKENS_REMEMBERED", 3)
    now = [1_000_000.0]
    with FixtureServer() as running:
        client, caller = Client(running), running.site("daa.world")
        choices = WebChoices(Cookies("choices.localhost"), [caller], lambda: now[0])
        endpoint = running.serve_handler("choices", PATH, choices.answer)
        world = client, endpoint, caller
        for _ in range(5):
            assert fits(world, token_of(world, {})[0], {})
        assert len(choices._used) == 3  # noqa: SLF001 - memory has no other side
        now[0] += TOKEN_LASTS + 1
        assert fits(world, token_of(world, {})[0], {})
        assert len(choices._used) == 1  # noqa: SLF001


@pytest.mark.parametrize(
    "token",
    ["", "x", "0-" + 32 * "0", f"{10**11}-{32 * '0'}", f"\N{ARABIC-INDIC DIGIT ONE}-{32 * '0'}"],
)
def test_a_forged_token_does_not_fit(alone: Alone, token: str) -> None:
    client, endpoint, caller = alone
    answer = client.get(f"{endpoint}?{urlencode(sound(caller, action_id='4', token=token))}")
    assert f"/4/{WRONG_TOKEN}/" in answer.headers["Location"]
    assert not answer.headers.get_all("Set-Cookie")


def test_a_token_fits_for_a_while_and_then_no_more() -> None:
    now = [1_000_000.0]
    with FixtureServer() as running:
        client, caller = Client(running), running.site("daa.world")
        choices = WebChoices(Cookies("choices.localhost"), [caller], lambda: now[0])
        endpoint = running.serve_handler("choices", PATH, choices.answer)
        status = client.get(f"{endpoint}?{urlencode(sound(caller))}")
        token = status.headers["Location"].rpartition("/")[2]
        opt_out = f"{endpoint}?{urlencode(sound(caller, action_id='4', token=token))}"
        now[0] += TOKEN_LASTS
        assert client.get(opt_out).headers["Location"].startswith("/webchoices/kept?")
        now[0] += 1
        assert f"/4/{WRONG_TOKEN}/" in client.get(opt_out).headers["Location"]


def test_the_read_back_says_success_only_of_a_cookie_that_came(alone: Alone) -> None:
    client, endpoint, caller = alone
    url = f"{endpoint}/kept?{urlencode({'participant_id': '118', 'rd': f'{caller}/back'})}"
    kept = client.get(url, cookie="azalead_optout=1").headers["Location"]
    lost = client.get(url, cookie=IDENTIFIER).headers["Location"]
    assert kept == f"{caller}/back/finish/118/4/{SUCCESS}/opted-out"
    assert lost == f"{caller}/back/finish/118/4/{FAILED}/cookie-not-kept"


@pytest.mark.parametrize(
    "rd",
    [
        "",
        "/back",
        "//{host}/back",
        "https://evil.example/back",
        "http://{host}/back",
        "HTTPS://{host}/back",
        "javascript:alert(1)//{host}",
        "https://{host}@evil.example/",
        "https://evil.example/https://{host}",
        "https://{host}.evil.example/",
        "https://evil-{host}/",
        "https://{host}\\@evil.example",
        "https://{host}/..//evil.example",
        "https://{host}//evil.example",
        "https://{host}/?a=b",
        "https://{host}/#a",
        "https://{host}/\r\nX-Evil: 1",
        " https://{host}/",
        "https://{host}/\N{FULLWIDTH SOLIDUS}",
    ],
)
@pytest.mark.parametrize("path", ["", "/kept"])
def test_nobody_is_sent_to_an_address_that_is_not_on_the_list(
    alone: Alone, path: str, rd: str
) -> None:
    client, endpoint, caller = alone
    asked = sound(caller, rd=rd.replace("{host}", urlsplit(caller).netloc))
    answer = client.get(f"{endpoint}{path}?{urlencode(asked)}", cookie=IDENTIFIER)
    assert answer.status == 400
    assert answer.headers["Location"] is None
    assert answer.headers["X-Evil"] is None


words = st.text(max_size=40) | st.sampled_from(
    ["3", "4", "118", "https://evil.example/", "..", "%"]
)
queries = st.lists(
    st.tuples(st.sampled_from(["action_id", "participant_id", "rd", "token", "x"]) | words, words),
    max_size=8,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(queries, st.sampled_from(["sound", "empty"]), st.sampled_from(["encoded", "raw"]))
def test_whatever_is_asked_is_answered_and_leads_to_the_caller_or_nowhere(
    alone: Alone, query: list[tuple[str, str]], beginning: str, writing: str
) -> None:
    """Also where a sound request has something added to it."""
    client, endpoint, caller = alone
    pairs = [*(sound(caller).items() if beginning == "sound" else ()), *query]
    raw = quote("&".join(map("=".join, pairs)), "&=/:+%;", errors="replace")
    answer = client.get(f"{endpoint}?{raw if writing == 'raw' else urlencode(pairs)}")
    assert answer.status in {302, 400}
    location = answer.headers["Location"] or ""
    assert (answer.status == 302) == location.startswith((f"{caller}/back/", "/webchoices/kept?"))
