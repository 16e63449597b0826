"""The fixture collector sets cookies on a client's own domain, and matches a partner's IDs."""

import re
from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie
from urllib.parse import parse_qs, urlsplit

import pytest

from fixtures.beacons import beacon_of, pixel_of
from fixtures.clickstream import Clickstream
from fixtures.cookies import DAY, OPTOUT_DAYS
from fixtures.matches import Match, MatchTable, filled
from fixtures.partner import Partner
from fixtures.server import FixtureServer
from tests.fixture_client import Answer, Client

IDENTIFIER = "3q2-7wEjRWeJq83vASNFZw"
ANOTHER = "AAECAwQFBgcICQoLDA0ODw"
OWN = "collector.publisher-1"
BEACON = (
    '{"v":1,"site":"demo","visitor":null,'
    '"page":{"id":"%s","url":"https://publisher-1.localhost/","at":1},'
    '"events":[{"seq":%d,"type":"view"}]}'
)


@pytest.fixture(scope="module")
def server() -> Iterator[FixtureServer]:
    """One server for this file, with a collector on a client's own domain."""
    with FixtureServer() as running:
        url = running.url("partner", "/match?a=1&id={visitor}")
        running.set_visitor_cookies(OWN, days=30, partners={"acme": url})
        yield running


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


def cookies_set(answer: Answer) -> dict[str, Morsel[str]]:
    """The cookies of an answer, by name."""
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie", []):
        jar.load(line)
    return dict(jar)


def send(client: Client, server: FixtureServer, cookie: str = "", page: str = "p") -> Answer:
    """Send a beacon to the collector on the client's own domain."""
    headers = {"Cookie": cookie} if cookie else {}
    body = (BEACON % (page, 1 if cookie else 0)).encode()
    return client.request("POST", server.url(OWN, "/events"), body=body, headers=headers)


@pytest.mark.parametrize("path", ["/events", "/pixel.gif?site=demo&e=view"])
def test_a_new_visitor_gets_an_identifier_that_no_script_can_read(
    server: FixtureServer, client: Client, path: str
) -> None:
    method, body = ("POST", (BEACON % ("p", 0)).encode()) if path == "/events" else ("GET", None)
    (cookie,) = cookies_set(client.request(method, server.url(OWN, path), body=body)).values()
    assert cookie.key == "azalead_id"
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", cookie.value)
    assert cookie["domain"] == "publisher-1.localhost"
    assert cookie["path"] == "/"
    assert cookie["samesite"] == "Lax"
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["max-age"] == str(30 * DAY)


def test_a_known_visitor_keeps_the_identifier_for_another_while(
    server: FixtureServer, client: Client
) -> None:
    (cookie,) = cookies_set(send(client, server, f"other=1; azalead_id={IDENTIFIER}")).values()
    assert cookie.value == IDENTIFIER
    assert cookie["max-age"] == str(30 * DAY)


@pytest.mark.parametrize("value", ["", "somebody@example.com", f"{IDENTIFIER}A", "3q2-7wEj"])
def test_what_is_no_identifier_is_replaced(
    server: FixtureServer, client: Client, value: str
) -> None:
    (cookie,) = cookies_set(send(client, server, f"azalead_id={value}")).values()
    assert cookie.value != value
    assert len(cookie.value) == 22


@pytest.mark.claim("C18")
@pytest.mark.parametrize("identifier", ["", f"azalead_id={IDENTIFIER}; "])
def test_an_opt_out_is_renewed_and_leaves_no_identifier(
    server: FixtureServer, client: Client, identifier: str
) -> None:
    cookies = cookies_set(send(client, server, f"{identifier}azalead_optout=1"))
    assert cookies["azalead_optout"].value == "1"
    assert cookies["azalead_optout"]["max-age"] == str(OPTOUT_DAYS * DAY)
    assert OPTOUT_DAYS >= 5 * 365 + 2
    assert not cookies["azalead_optout"]["httponly"]  # the tag must see it
    assert (cookies["azalead_id"].value, cookies["azalead_id"]["max-age"]) == ("", "0")


def test_a_collector_elsewhere_and_an_email_get_no_cookie(
    server: FixtureServer, client: Client
) -> None:
    """The collector that all clients share sets none, and a mail client is nobody's site."""
    shared = client.request(
        "POST", server.url("collector", "/events"), body=(BEACON % ("p", 0)).encode()
    )
    email = client.get(server.url(OWN, "/pixel.gif?site=demo&e=email"))
    assert (shared.status, email.status) == (204, 200)
    assert not cookies_set(shared)
    assert not cookies_set(email)


def test_a_beacon_is_the_visitors_whose_cookie_it_brings(
    server: FixtureServer, client: Client
) -> None:
    mark = server.ledger.mark()
    send(client, server, page="first")
    send(client, server, f"azalead_id={IDENTIFIER}", page="first")
    send(client, server, f"azalead_id={IDENTIFIER}; azalead_optout=1", page="second")
    client.get(server.url(OWN, "/pixel.gif?e=view"), cookie=f"azalead_id={IDENTIFIER}")
    exchanges = server.ledger.select(since=mark)
    beacons = [beacon for each in exchanges if (beacon := beacon_of(each) or pixel_of(each))]
    assert [beacon.visitor for beacon in beacons] == [None, IDENTIFIER, None, IDENTIFIER]
    pages = {page.page_id: page.visitor for page in Clickstream(beacons).pages()}
    assert (pages["first"], pages["second"]) == (IDENTIFIER, None)


def test_a_shared_collector_does_not_look_at_cookies(server: FixtureServer, client: Client) -> None:
    mark = server.ledger.mark()
    client.request(
        "POST",
        server.url("collector", "/events"),
        body=(BEACON % ("p", 0)).encode(),
        headers={"Cookie": f"azalead_id={IDENTIFIER}"},
    )
    (entry,) = server.ledger.select(since=mark)
    beacon = beacon_of(entry)
    assert beacon
    assert beacon.visitor is None


@pytest.mark.claim("C14")
def test_a_sync_leads_by_the_partner_into_the_match_table(
    server: FixtureServer, client: Client
) -> None:
    """Collector, partner, collector: each step goes where the one before it sent the browser."""
    to_partner = client.get(
        server.url(OWN, "/sync?partner=acme"), cookie=f"azalead_id={IDENTIFIER}"
    )
    assert to_partner.headers["Location"] == server.url("partner", f"/match?a=1&id={IDENTIFIER}")
    back = client.get(to_partner.headers["Location"])
    cookie = cookies_set(back)["acme_uid"]
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("None", True, True)
    answer = client.get(back.headers["Location"])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/gif")
    assert answer.headers["Access-Control-Allow-Origin"] is None
    for step in (to_partner, back, answer):
        assert step.headers["Cache-Control"] == "private, no-store"
        assert step.headers["Referrer-Policy"] == "no-referrer"
        assert step.headers["X-Content-Type-Options"] == "nosniff"
    assert server.matches.theirs("acme", IDENTIFIER) == cookie.value
    assert server.matches.visitor("acme", cookie.value) == IDENTIFIER


@pytest.mark.parametrize(
    ("query", "cookie", "status"),
    [
        ("partner=acme", "", 200),
        ("partner=acme", f"azalead_id={IDENTIFIER}; azalead_optout=1", 200),
        ("partner=stranger", f"azalead_id={IDENTIFIER}", 404),
        ("", f"azalead_id={IDENTIFIER}", 404),
    ],
)
def test_a_sync_goes_nowhere_without_identifier_or_partner(
    server: FixtureServer, client: Client, query: str, cookie: str, status: int
) -> None:
    answer = client.get(server.url(OWN, f"/sync?{query}"), cookie=cookie)
    assert answer.status == status
    assert "Location" not in answer.headers


def test_the_partner_knows_its_visitor_again(server: FixtureServer, client: Client) -> None:
    theirs = "0123456789abcdef" * 2
    url = server.url("partner", f"/match?id={IDENTIFIER}")
    again = client.get(url, cookie=f"acme_uid={theirs}")
    assert cookies_set(again)["acme_uid"].value == theirs
    somebody = client.get(url, cookie="acme_uid=<script>")
    assert re.fullmatch(r"[0-9a-f]{32}", cookies_set(somebody)["acme_uid"].value)


def test_identifiers_travel_url_encoded(server: FixtureServer, client: Client) -> None:
    """Ours is base64url by contract; the partner must not rely on it."""
    odd = "a b&partner=evil#ü+"
    url = filled(server.url("partner", "/match?id={visitor}"), odd)
    location = urlsplit(client.get(url).headers["Location"])
    assert parse_qs(location.query)["visitor"] == [odd]
    assert parse_qs(location.query)["partner"] == ["acme"]


def test_a_partner_may_keep_its_cookie_for_each_site_by_itself(
    server: FixtureServer, client: Client
) -> None:
    partner = Partner(lambda: server.site(OWN), partitioned=True)
    url = server.serve_host("sync.other", partner.answer)
    answer = client.get(f"{url}match?id={IDENTIFIER}")
    assert answer.headers["Set-Cookie"].endswith("; Partitioned")
    assert answer.headers["Location"].startswith(server.url(OWN, "/match?partner=other&id="))


@pytest.mark.parametrize(
    "target", ["/match", "/match?id=", "/match?id=a&id=b", "/match?id=" + 257 * "a"]
)
def test_the_partner_refuses_what_is_no_identifier(
    server: FixtureServer, client: Client, target: str
) -> None:
    answer = client.get(server.url("partner", target))
    assert (answer.status, answer.headers["Location"]) == (400, None)


@pytest.mark.parametrize(
    "query",
    ["", "partner=acme&id=t", "partner=acme&id=&visitor=v", "partner=a&partner=b&id=t&visitor=v"],
)
def test_a_match_that_does_not_tell_all_is_no_match(
    server: FixtureServer, client: Client, query: str
) -> None:
    before = server.matches.all()
    answer = client.get(server.url("collector", f"/match?{query}"))
    assert answer.headers["Content-Type"] == "image/gif"
    assert server.matches.all() == before


MATCHED = f"partner=acme&id=theirs&visitor={ANOTHER}"


@pytest.mark.parametrize(
    ("host", "query", "headers", "is_match"),
    [
        ("collector", MATCHED, {}, True),
        ("collector", MATCHED, {"Sec-Fetch-Dest": "image", "Origin": "https://a.example"}, True),
        ("collector", MATCHED.replace("acme", "stranger"), {}, False),
        ("collector", MATCHED.replace("acme", ""), {}, False),
        ("collector", MATCHED.replace("theirs", "a%20b"), {}, False),
        ("collector", MATCHED.replace("theirs", "%3Cscript%3E"), {}, False),
        ("collector", MATCHED.replace("theirs", "a%0D%0AX-Evil:1"), {}, False),
        ("collector", MATCHED.replace("theirs", "t" * 257), {}, False),
        ("collector", MATCHED.replace(ANOTHER, "somebody@example.com"), {}, False),
        ("collector", MATCHED.replace(ANOTHER, ANOTHER[1:]), {}, False),
        ("collector", f"{MATCHED}&visitor={IDENTIFIER}", {}, False),
        ("collector", MATCHED, {"Sec-Fetch-Dest": "document"}, False),
        ("collector", MATCHED, {"Sec-Fetch-Dest": "empty"}, False),
        (OWN, MATCHED, {"Cookie": f"azalead_id={ANOTHER}"}, True),
        (OWN, MATCHED, {"Cookie": f"azalead_id={IDENTIFIER}"}, False),
        (OWN, MATCHED, {"Cookie": f"azalead_id={ANOTHER}; azalead_optout=1"}, False),
    ],
)
def test_only_a_known_partner_s_image_makes_a_match_and_no_page_reads_it(
    host: str, query: str, headers: dict[str, str], *, is_match: bool
) -> None:
    with FixtureServer() as server:
        partners = {"acme": server.url("partner", "/match?id={visitor}")}
        server.set_visitor_cookies(OWN, partners=partners)
        answer = Client(server).request("GET", server.url(host, f"/match?{query}"), headers=headers)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/gif")
        assert (server.matches.theirs("acme", ANOTHER) == "theirs") == is_match
        assert bool(server.matches.all()) == is_match
    assert answer.headers["Access-Control-Allow-Origin"] is None
    assert answer.headers["Access-Control-Allow-Credentials"] is None


def test_what_sets_a_cookie_is_private_and_of_its_type(
    server: FixtureServer, client: Client
) -> None:
    """With its twins, which set none."""
    body = (BEACON % ("p", 0)).encode()
    for host in (OWN, "collector"):
        done = client.request("POST", server.url(host, "/events"), body=body)
        seen = client.get(server.url(host, "/pixel.gif?site=demo&e=view"))
        for answer in (done, seen):
            sets = bool(cookies_set(answer))
            assert sets == (host == OWN)
            assert answer.headers["Cache-Control"] == ("private, no-store" if sets else "no-store")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_match_table_forgets_the_oldest_and_never_links_two_to_one() -> None:
    table = MatchTable(keep=2)
    table.add(Match("acme", "t1", IDENTIFIER, 1))
    table.add(Match("acme", "t2", IDENTIFIER, 2))
    assert table.visitor("acme", "t1") is None
    table.add(Match("acme", "t2", ANOTHER, 3))
    assert table.theirs("acme", IDENTIFIER) is None
    table.add(Match("other", "t2", ANOTHER, 4))
    table.add(Match("other", "t3", IDENTIFIER, 5))
    assert [match.at for match in table.all()] == [4, 5]
    assert table.visitor("acme", "t2") is None
    assert table.visitor("other", "t2") == ANOTHER
