"""The fixture server writes down what arrives, to the byte, and answers as its origins do."""

import socket
import time
from collections.abc import Iterator

import pytest

from fixtures.origins import ROLES, PortBusyError, role_of
from fixtures.server import FixtureServer
from tests.fixture_client import Client, beginning

BEACON = (
    b'{"v":1,"site":"demo","visitor":null,"page":{"id":"p","url":"https://a.localhost/","at":1},'
    b'"events":[{"seq":0,"type":"view"}]}'
)


@pytest.fixture(scope="module")
def server() -> Iterator[FixtureServer]:
    """One server for this file."""
    with FixtureServer() as running:
        yield running


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


@pytest.mark.parametrize(
    ("host", "role"),
    [
        ("collector.localhost", "collector"),
        ("collector.publisher-17.localhost", "collector"),
        ("sync.acme.localhost", "partner"),
        ("cdn-jsdelivr-net.world.localhost", "world"),
        ("publisher-17.localhost", "publisher"),
        ("anything.at.all.localhost", "publisher"),
    ],
)
def test_a_hosts_name_tells_its_role(host: str, role: str) -> None:
    """An unknown host is a publisher of its own."""
    assert role_of(host) == role


@pytest.mark.parametrize("role", ROLES)
def test_every_role_answers_under_a_certificate_for_its_name(
    server: FixtureServer, client: Client, role: str
) -> None:
    """The client verifies the certificate, so that an answer is proof."""
    assert client.get(server.url(role, "/nowhere")).status == 404


def test_the_server_is_reached_on_both_loopback_addresses(
    server: FixtureServer, client: Client
) -> None:
    """Browsers try ::1 first, on the same port."""
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    for address in ("127.0.0.1", "::1"):
        client.connect(server.url("publisher"), address).close()


def test_a_request_is_written_down_to_the_byte(server: FixtureServer, client: Client) -> None:
    """Target, header fields and body are kept as they came."""
    url = server.url("collector", "/events?a=%7E&a=2")
    client.request("POST", url, body=BEACON, headers={"X-Odd-Case": "Ünïcode".encode().decode()})
    entry = server.ledger.wait(lambda entry: entry.query.getall("a", []) == ["~", "2"])
    assert entry.target == "/events?a=%7E&a=2"
    assert entry.body == BEACON
    assert (b"X-Odd-Case", "Ünïcode".encode("latin-1")) in entry.raw_headers
    assert entry.connection.address == "127.0.0.1"
    assert (entry.role, entry.host, entry.method) == ("collector", "collector.localhost", "POST")
    assert entry.whole
    assert not entry.broken


def test_times_are_in_order_and_on_both_clocks(server: FixtureServer, client: Client) -> None:
    """Connection, headers, body, answer; monotonic and Unix time."""
    before = time.time() * 1000
    client.request("POST", server.url("collector", "/events?times"), body=BEACON)
    entry = server.ledger.wait(lambda entry: entry.target.endswith("?times") and entry.answered_at)
    moments = [entry.connection.accepted_at, entry.headers_at, entry.body_at, entry.answered_at]
    monotonic = [moment.monotonic for moment in moments if moment]
    assert len(monotonic) == 4
    assert monotonic == sorted(monotonic)
    assert before <= entry.headers_at.unix_ms <= time.time() * 1000


def test_headers_are_noticed_before_the_body(server: FixtureServer, client: Client) -> None:
    """A half received request disturbs the quiet until its body has come."""
    url = server.url("collector", "/events")
    with client.connect(url) as connection:
        connection.sendall(beginning(url, promised=len(BEACON), sent=BEACON[:10]))
        wait_until_receiving(server)
        connection.sendall(BEACON[10:])
        server.ledger.quiet()
        entry = server.ledger.select(path="/events")[-1]
    assert entry.body == BEACON
    assert entry.body_at
    assert entry.body_at.monotonic > entry.headers_at.monotonic


def test_a_client_that_breaks_off_is_written_down(server: FixtureServer, client: Client) -> None:
    """What had come is kept; the entry says that it is not all."""
    url = server.url("collector", "/events")
    with client.connect(url) as connection:
        connection.sendall(beginning(url, promised=100, sent=b"half a beacon"))
        wait_until_receiving(server)
    entry = server.ledger.wait(lambda entry: entry.broken)
    assert entry.body == b"half a beacon"
    assert entry.body_at is None
    assert entry.status is None
    assert "13 bytes broken off" in str(entry)


def test_a_client_that_leaves_at_once_is_written_down(
    server: FixtureServer, client: Client
) -> None:
    """A beacon counts although nobody waits for its answer."""
    mark = server.ledger.mark()
    url = server.url("collector", "/events")
    for _ in range(20):
        with client.connect(url) as connection:
            connection.sendall(beginning(url, promised=len(BEACON), sent=BEACON))
    entries = server.ledger.wait_for_count(lambda entry: entry.whole, 20, since=mark)
    assert {entry.body for entry in entries} == {BEACON}


def test_a_client_that_leaves_a_kept_connection_is_written_down(
    server: FixtureServer, client: Client
) -> None:
    """As a page does that has sent beacons before: the last one counts too."""
    mark = server.ledger.mark()
    url = server.url("collector", "/events")
    for _ in range(20):
        with client.connect(url) as connection:
            connection.sendall(beginning(url, promised=len(BEACON), sent=BEACON))
            assert connection.recv(4096).startswith(b"HTTP/1.1 204")
            connection.sendall(beginning(url, promised=len(BEACON), sent=BEACON))
    server.ledger.wait_for_count(lambda entry: entry.whole, 40, since=mark)


def test_requests_on_one_connection_share_its_number(server: FixtureServer, client: Client) -> None:
    """Keep-alive is visible in the ledger."""
    mark = server.ledger.mark()
    url = server.url("collector", "/events")
    with client.connect(url) as connection:
        for _ in range(2):
            connection.sendall(beginning(url, promised=len(BEACON), sent=BEACON))
            assert connection.recv(4096).startswith(b"HTTP/1.1 204")
    first, second = server.ledger.select(since=mark)
    assert first.connection == second.connection
    assert first.serial < second.serial


def test_the_collector_takes_a_beacon(server: FixtureServer, client: Client) -> None:
    """204, readable by the page that sent it, kept by no cache."""
    origin = server.site("publisher")
    url = server.url("collector", "/events")
    answer = client.request("POST", url, body=BEACON, headers={"Origin": origin})
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[]", 400),
        (b'{"v": 1}', 400),
        (BEACON.replace(b'"at":1', b'"at":"1"'), 400),
        (BEACON.replace(b"null", b"[]"), 400),
        (BEACON.replace(b'"seq":0', b'"seq":true'), 400),
        (BEACON + b" " * 64 * 1024, 413),
    ],
)
def test_the_collector_refuses_what_is_no_beacon(
    server: FixtureServer, client: Client, body: bytes, status: int
) -> None:
    """A malformed body is answered as such, and written down."""
    assert client.request("POST", server.url("collector", "/events"), body=body).status == status
    assert server.ledger.select(path="/events")[-1].body == body


def test_the_collector_answers_and_records_a_preflight(
    server: FixtureServer, client: Client
) -> None:
    """It is allowed, so that only the ledger gives it away."""
    headers = {"Origin": "https://a.localhost", "Access-Control-Request-Headers": "content-type"}
    answer = client.request("OPTIONS", server.url("collector", "/events"), headers=headers)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type"
    assert server.ledger.select(method="OPTIONS", path="/events")


def test_the_pixel_is_a_small_image_that_no_cache_keeps(
    server: FixtureServer, client: Client
) -> None:
    """One transparent pixel, whatever the query."""
    answer = client.get(server.url("collector", "/pixel.gif?site=demo&e=view"))
    assert answer.body.startswith(b"GIF89a\x01\x00\x01\x00")
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_is_served_without_what_bars_the_back_forward_cache(
    server: FixtureServer, client: Client
) -> None:
    """Each host has pages of its own, with the headers that the test wants."""
    url = server.serve("publisher-17", "/a", "<p>ä</p>", headers={"Referrer-Policy": "origin"})
    answer = client.get(url)
    assert answer.body.decode() == "<p>ä</p>"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Referrer-Policy"] == "origin"
    assert "Cache-Control" not in answer.headers
    assert client.get(server.url("publisher-18", "/a")).status == 404


def test_two_servers_run_side_by_side(server: FixtureServer) -> None:
    """Each has ports, an authority and a ledger of its own."""
    with FixtureServer() as other:
        Client(other).get(other.url("publisher", "/only-here"))
        assert other.ledger.select(path="/only-here")
        assert not server.ledger.select(path="/only-here")


def test_all_roles_can_share_one_port() -> None:
    """The demo has one address to remember."""
    with FixtureServer() as some:
        free = some.port("ads")
    with FixtureServer(free) as shared:
        assert {shared.port(role) for role in ROLES} == {free}
        assert Client(shared).get(shared.url("collector", "/pixel.gif")).status == 200
        with pytest.raises(ValueError, match="shares port"):
            shared.faults.refuse("collector")


def test_a_busy_port_is_named(server: FixtureServer) -> None:
    """The error says which port it is, and what to do."""
    port = server.port("cdn")
    with pytest.raises(PortBusyError, match=f"port {port} is in use"), FixtureServer(port):
        pass


def wait_until_receiving(server: FixtureServer) -> None:
    """Wait until the headers of a request have come, and its body has not."""
    deadline = time.monotonic() + 5
    while not server.ledger.receiving():
        assert time.monotonic() < deadline, "no request is being received"
