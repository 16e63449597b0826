"""The choices origin answers below any prefix, says only what really came, and renews it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.fixture_client import Answer, Client

IDENTIFIER = "3q2-7wEjRWeJq83vASNFZw"
BOTH = f"azalead_optout=1; azalead_id={IDENTIFIER}"
FORM = "application/x-www-form-urlencoded"
FIVE_YEARS_AND_TWO_DAYS = 1829 * 24 * 60 * 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FixtureServer]:
    """A server with the page of one build below a prefix."""
    dist = tmp_path_factory.mktemp("dist")
    (dist / "choices.html").write_text("<title>Choices</title>")
    (dist / "choices.0123456789.js").write_text("script")
    (dist / "index.html").write_text("for clients")
    with FixtureServer() as running:
        running.serve_choices("/tag-1/", dist)
        running.serve_choices("/tag-2/", dist.parent / "nothing")
        yield running


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


def cookies_of(answer: Answer) -> dict[str, tuple[str, int]]:
    """The value and lifetime of each cookie that an answer sets, all with the right attributes."""
    found = {}
    for line in answer.headers.get_all("Set-Cookie") or []:
        cookie, *attributes = line.split("; ")
        assert {"Domain=choices.localhost", "Path=/", "Secure", "SameSite=None"} <= set(attributes)
        (age,) = [each for each in attributes if each.startswith("Max-Age=")]
        name, _, value = cookie.partition("=")
        found[name] = (value, int(age.removeprefix("Max-Age=")))
    return found


OPTED_OUT = {"azalead_optout": ("1", FIVE_YEARS_AND_TWO_DAYS), "azalead_id": ("", 0)}
OPTED_IN = {"azalead_optout": ("", 0)}


def post(client: Client, url: str, body: str = "", **headers: str) -> Answer:
    """A form's POST, or a script's with header fields of its own."""
    return client.request("POST", url, body=body.encode(), headers={"Content-Type": FORM} | headers)


@pytest.mark.parametrize("prefix", ["/", "/tag-1/", "/any/where/"])
@pytest.mark.parametrize(
    ("choice", "cookies"), [("optout", OPTED_OUT), ("optin", OPTED_IN)], ids=["out", "in"]
)
def test_a_form_sets_the_cookie_and_leads_to_a_look_at_it(
    server: FixtureServer,
    client: Client,
    prefix: str,
    choice: str,
    cookies: dict[str, tuple[str, int]],
) -> None:
    answer = post(client, server.url("choices", f"{prefix}{choice}"))
    assert answer.status == 303
    assert answer.headers["Location"] == f"kept?wanted={choice}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert cookies_of(answer) == cookies


@pytest.mark.parametrize(
    ("query", "cookie", "place"),
    [
        ("?wanted=optout", BOTH, "opted-out"),
        ("?wanted=optout", "", "refused"),
        ("?wanted=optout", "azalead_optout=0", "refused"),
        ("?wanted=optin", "", "opted-in"),
        ("?wanted=optin", BOTH, "refused"),
        ("", "azalead_optout=1", "opted-out"),
        ("", f"azalead_id={IDENTIFIER}", "opted-in"),
        ("?wanted=nonsense", "", "refused"),
        ("?wanted=optout&lang=fr-CA", BOTH, "opted-out-fr-CA"),
        ("?wanted=optout&lang=%0d%0aX:%20y", BOTH, "opted-out"),
    ],
)
def test_what_is_said_to_be_kept_is_what_came(
    server: FixtureServer, client: Client, query: str, cookie: str, place: str
) -> None:
    answer = client.get(server.url("choices", f"/tag-1/kept{query}"), cookie=cookie)
    assert (answer.status, answer.headers["Location"]) == (303, f"./#{place}")


def test_a_form_s_language_comes_back_with_the_result(
    server: FixtureServer, client: Client
) -> None:
    answer = post(client, server.url("choices", "/optout"), "lang=fr&other=1")
    assert answer.headers["Location"] == "kept?wanted=optout&lang=fr"


def test_a_script_of_another_site_can_opt_out_and_see_the_status(
    server: FixtureServer, client: Client
) -> None:
    origin = server.site("publisher")
    asked = {"Accept": "application/json", "Content-Type": "text/plain", "Origin": origin}
    done = client.request("POST", server.url("choices", "/optout"), headers=asked)
    told = client.get(server.url("choices", "/status"), origin=origin, cookie=BOTH)
    assert (done.status, done.body) == (200, b"{}")
    assert cookies_of(done) == OPTED_OUT
    assert (told.status, told.body) == (200, b'{"optout": true}')
    for answer in (done, told):
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert (answer.headers["Vary"], answer.headers["Cache-Control"]) == ("Origin", "no-store")


def test_only_the_page_itself_can_take_an_opt_out_back(
    server: FixtureServer, client: Client
) -> None:
    url = server.url("choices", "/tag-1/optin")
    for accepted in ("application/json", "text/html"):
        for origin in (server.site("publisher"), "null"):
            refused = post(client, url, Origin=origin, Accept=accepted)
            assert (refused.status, cookies_of(refused)) == (403, {})
        done = post(client, url, Origin=server.site("choices"), Accept=accepted)
        assert cookies_of(done) == OPTED_IN


@pytest.mark.parametrize(
    ("cookie", "optout", "identifier"),
    [
        ("", "false", "false"),
        (f"azalead_id={IDENTIFIER}", "false", "true"),
        ("azalead_id=short", "false", "false"),
        (BOTH, "true", "true"),
    ],
)
def test_the_page_itself_is_told_of_an_identifier_that_no_script_sees(
    server: FixtureServer, client: Client, cookie: str, optout: str, identifier: str
) -> None:
    answer = client.get(server.url("choices", "/status"), cookie=cookie)
    assert answer.body.decode() == f'{{"optout": {optout}, "identifier": {identifier}}}'


@pytest.mark.parametrize("path", ["/tag-1/", "/status", "/kept"])
def test_every_contact_renews_an_opt_out_and_nothing_else(
    server: FixtureServer, client: Client, path: str
) -> None:
    url = server.url("choices", path)
    assert cookies_of(client.get(url, cookie=BOTH)) == OPTED_OUT
    assert cookies_of(client.get(url, cookie=f"azalead_id={IDENTIFIER}")) == {}


def test_the_page_and_what_is_beside_it_are_served_and_the_install_page_is_not(
    server: FixtureServer, client: Client
) -> None:
    page = client.get(server.url("choices", "/tag-1/"))
    script = client.get(server.url("choices", "/tag-1/choices.0123456789.js"))
    assert page.body == b"<title>Choices</title>"
    assert page.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert (script.body, "immutable" in script.headers["Cache-Control"]) == (b"script", True)
    for path in ("/tag-1/index.html", "/tag-2/", "/tag-1/choices/../index.html", "/elsewhere"):
        assert client.get(server.url("choices", path)).status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/optout", 405), ("POST", "/status", 405), ("PUT", "/optin", 405), ("POST", "/", 404)],
)
def test_what_makes_no_sense_changes_nothing(
    server: FixtureServer, client: Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, server.url("choices", path), headers={"Cookie": BOTH})
    assert (answer.status, cookies_of(answer)) == (status, {})


def test_a_build_without_the_page_is_told_apart(server: FixtureServer, tmp_path: Path) -> None:
    empty = server.serve_choices("/tag-3/", tmp_path)
    assert Client(server).get(empty).status == 404
