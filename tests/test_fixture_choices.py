"""The choices origin answers below any prefix, says only what really came, and renews it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.fixture_client import Answer, Client

IDENTIFIER = "3q2-7wEjRWeJq83vASNFZw"
BOTH = f"azalead_optout=1; azalead_id={IDENTIFIER}"
FORM = "application/x-www-form-urlencoded"
PAGE = '<title>Choices</title><body data-kept="">'
OWN = {"Sec-Fetch-Site": "same-origin"}
"""What browsers add to the requests of the page itself."""
FIVE_YEARS_AND_TWO_DAYS = 1829 * 24 * 60 * 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FixtureServer]:
    """A server with the page of one build below a prefix."""
    dist = tmp_path_factory.mktemp("dist")
    (dist / "choices.html").write_text(PAGE)
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
    answer = post(client, server.url("choices", f"{prefix}{choice}"), **OWN)
    assert answer.status == 303
    assert answer.headers["Location"] == f"kept?wanted={choice}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
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
        ('?wanted="><script>', "", "refused"),
    ],
)
def test_what_is_said_to_be_kept_is_what_came(
    server: FixtureServer, client: Client, query: str, cookie: str, place: str
) -> None:
    url = server.url("choices", f"/tag-1/kept{query}")
    answer = client.request("GET", url, headers={"Cookie": cookie} | OWN)
    told = PAGE.replace('""', f'"{place}"')
    assert (answer.status, answer.body.decode()) == (200, told)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("headers", "believed"),
    [
        (OWN, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Referer": "{own}/"}, False),
        ({"Referer": "{own}/"}, True),
        ({"Referer": "{own}.evil.example/"}, False),
        ({"Referer": "https://evil.example/{own}/"}, False),
        ({}, False),
    ],
)
def test_what_was_wanted_is_believed_of_our_own_form_only(
    server: FixtureServer, client: Client, headers: dict[str, str], *, believed: bool
) -> None:
    """A link says what is held, and never that a choice was not kept."""
    sent = {name: value.format(own=server.site("choices")) for name, value in headers.items()}
    answer = client.request("GET", server.url("choices", "/tag-1/kept?wanted=optout"), headers=sent)
    assert (b"refused" in answer.body, b"opted-in" in answer.body) == (believed, not believed)


@pytest.mark.parametrize(
    ("language", "place"),
    [("fr", "#fr"), ("fr-CA", "#fr-CA"), ("", ""), ("%0d%0aX-Evil:%20y", ""), ("opted-out", "")],
)
def test_a_form_s_language_comes_back_with_the_result(
    server: FixtureServer, client: Client, language: str, place: str
) -> None:
    answer = post(client, server.url("choices", "/optout"), f"lang={language}&other=1")
    assert answer.headers["Location"] == f"kept?wanted=optout{place}"
    assert answer.headers["X-Evil"] is None


def test_a_form_of_more_than_a_form_s_size_is_refused(
    server: FixtureServer, client: Client
) -> None:
    answer = post(client, server.url("choices", "/optout"), "a=" + "b" * 4096)
    assert (answer.status, cookies_of(answer)) == (413, {})


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
        assert answer.headers["Vary"] == "Origin"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


PROOFS = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "{own}"}, True),
    # As browsers write it where the referrer policy is "no-referrer".
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}, True),
    ({"Origin": "{own}"}, True),
    ({}, False),
    ({"Referer": "{own}/"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "{other}"}, False),
    ({"Origin": "{own}.evil.example"}, False),
    ({"Origin": "http://choices.localhost"}, False),
    ({"Sec-Fetch-Site": ""}, False),
    ({"Sec-Fetch-Site": "none"}, False),
    ({"Sec-Fetch-Site": "same-site", "Origin": "{own}"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "{own}"}, False),
    ({"Sec-Fetch-Site": "same-origin, cross-site"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "object"}, False),
    ({"Origin": "{own}", "Sec-Fetch-Dest": "frame"}, False),
]


@pytest.mark.parametrize("accepted", ["application/json", "text/html"])
@pytest.mark.parametrize(("headers", "is_proof"), PROOFS)
def test_only_the_page_itself_can_take_an_opt_out_back_and_proves_it(
    server: FixtureServer,
    client: Client,
    headers: dict[str, str],
    accepted: str,
    *,
    is_proof: bool,
) -> None:
    """And not in a frame; its twin, the opt-out, needs no proof."""
    places = {"own": server.site("choices"), "other": server.site("publisher")}
    sent = {name: value.format(**places) for name, value in headers.items()}
    back = post(client, server.url("choices", "/tag-1/optin"), Accept=accepted, **sent)
    out = post(client, server.url("choices", "/tag-1/optout"), Accept=accepted, **sent)
    assert cookies_of(back) == (OPTED_IN if is_proof else {})
    assert (back.status == 403) == (not is_proof)
    assert cookies_of(out) == OPTED_OUT


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
    url = server.url("choices", "/status")
    own = client.request("GET", url, headers={"Cookie": cookie} | OWN)
    assert own.body.decode() == f'{{"optout": {optout}, "identifier": {identifier}}}'
    for site in ("same-site", "cross-site", "none"):
        other = client.request("GET", url, headers={"Cookie": cookie, "Sec-Fetch-Site": site})
        assert other.body.decode() == f'{{"optout": {optout}}}'
    assert client.get(url, cookie=cookie).body.decode() == f'{{"optout": {optout}}}', "no proof"
    for answer in (own, other):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


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
    assert page.body.decode() == PAGE
    assert (script.body, "immutable" in script.headers["Cache-Control"]) == (b"script", True)
    for path in ("/tag-1/index.html", "/tag-2/", "/tag-1/choices/../index.html", "/elsewhere"):
        assert client.get(server.url("choices", path)).status == 404


NAMES = ["", "?lang=de", "choices.html", "choices.html?lang=de", "kept", "kept?wanted=optout"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_page_says_that_nobody_frames_it(
    server: FixtureServer, client: Client, method: str, name: str
) -> None:
    answer = client.request(method, server.url("choices", f"/tag-1/{name}"))
    assert answer.status == 200
    assert unframed(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["choices.html", "%63hoices.html", "./choices.html", "a/../choices.html"]
)
@pytest.mark.parametrize("host", ["cdn", "static.localhost", "somebody.world"])
def test_a_plain_host_of_the_page_says_so_too(
    server: FixtureServer, client: Client, tmp_path: Path, host: str, path: str
) -> None:
    (tmp_path / "choices.html").write_text(PAGE)
    (tmp_path / "choices.js").write_text("script")
    server.serve_folder(host, "/dist/", tmp_path)
    first = client.get(server.url(host, f"/dist/{path}?query"))
    again = client.get(server.url(host, f"/dist/{path}"), if_none_match=first.headers["ETag"])
    head = client.request("HEAD", server.url(host, f"/dist/{path}"))
    assert (first.status, again.status, head.status) == (200, 304, 200)
    assert all(map(unframed, (first, again, head)))
    script = client.get(server.url(host, "/dist/choices.js"))
    assert script.headers["X-Frame-Options"] is None, "the twin"


def unframed(answer: Answer) -> bool:
    """Whether an answer lets no page frame it, nor a page of another origin read it."""
    return (
        answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        and answer.headers["X-Frame-Options"] == "DENY"
        and answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        and answer.headers["Access-Control-Allow-Origin"] is None
        and answer.headers["X-Content-Type-Options"] == "nosniff"
        and answer.headers["Referrer-Policy"] == "strict-origin"
    )


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
