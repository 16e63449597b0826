"""Faults: what goes wrong, for whom, how often, and that it ends."""

import time
from collections.abc import Iterator
from http.client import IncompleteRead, RemoteDisconnected
from socket import socket
from threading import Thread

import pytest

from fixtures.server import FixtureServer
from tests.fixture_client import Answer, Client

SCRIPT = b"x" * 1000


@pytest.fixture(scope="module")
def running() -> Iterator[FixtureServer]:
    """One server for this file."""
    with FixtureServer() as server:
        server.serve("cdn", "/tag.js", SCRIPT, "text/javascript")
        yield server


@pytest.fixture
def server(running: FixtureServer) -> Iterator[FixtureServer]:
    """The server, without faults before and after each test."""
    yield running
    running.faults.reset()


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


def test_a_delayed_answer_comes_late(server: FixtureServer, client: Client) -> None:
    """By the time that was asked for; the ledger says so."""
    server.faults.delay("cdn", 0.1)
    began = time.monotonic()
    assert client.get(server.url("cdn", "/tag.js")).body == SCRIPT
    assert time.monotonic() - began >= 0.1
    assert server.ledger.select(role="cdn")[-1].note == "delayed 0.1 s"


def test_a_held_answer_comes_when_it_is_released(server: FixtureServer, client: Client) -> None:
    """The request is in the ledger while its answer is held."""
    gate = server.faults.hold("cdn", "/tag.js")
    answers: list[Answer] = []
    asking = Thread(target=lambda: answers.append(client.get(server.url("cdn", "/tag.js?held"))))
    asking.start()
    entry = server.ledger.wait(lambda entry: entry.target == "/tag.js?held")
    assert entry.status is None
    gate.release()
    asking.join()
    assert answers[0].body == SCRIPT


def test_a_status_is_answered_as_often_as_asked(server: FixtureServer, client: Client) -> None:
    """Then the server is itself again."""
    server.faults.status("cdn", 503, times=2)
    statuses = [client.get(server.url("cdn", "/tag.js")).status for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_a_fault_befalls_its_path_and_host_only(server: FixtureServer, client: Client) -> None:
    """Other paths and hosts of the same role are served."""
    server.serve("publisher-1", "/a", "a")
    server.serve("publisher-2", "/a", "a")
    server.faults.status("publisher-1", 500, path="/a")
    assert client.get(server.url("publisher-1", "/a")).status == 500
    assert client.get(server.url("publisher-1", "/b")).status == 404
    assert client.get(server.url("publisher-2", "/a")).status == 200


def test_a_fault_ends_with_its_block(server: FixtureServer, client: Client) -> None:
    """Undoing it by hand does the same."""
    with server.faults.status("cdn", 500):
        assert client.get(server.url("cdn", "/tag.js")).status == 500
    assert client.get(server.url("cdn", "/tag.js")).status == 200


def test_a_refused_role_refuses_and_cuts_off_who_is_connected(
    server: FixtureServer, client: Client
) -> None:
    """As when a server goes down; it comes back on the same port."""
    url = server.url("collector", "/pixel.gif")
    with client.connect(url) as connection:
        with server.faults.refuse("collector"):
            with pytest.raises(ConnectionRefusedError):
                client.get(url)
            with pytest.raises(ConnectionRefusedError):
                client.connect(url, "::1")
            assert is_cut_off(connection)
        assert client.get(url).status == 200


def test_one_role_refuses_alone(server: FixtureServer, client: Client) -> None:
    """Others are served meanwhile."""
    with server.faults.refuse("collector"):
        assert client.get(server.url("cdn", "/tag.js")).status == 200


def test_a_cut_answer_ends_in_the_middle(server: FixtureServer, client: Client) -> None:
    """The whole length is promised, and the beginning comes."""
    server.faults.cut("cdn", "/tag.js", after=300)
    with pytest.raises(IncompleteRead) as cut:
        client.get(server.url("cdn", "/tag.js"))
    assert cut.value.partial == SCRIPT[:300]
    assert cut.value.expected == len(SCRIPT) - 300
    entry = server.ledger.select(role="cdn")[-1]
    assert entry.note == "cut after 300 bytes"
    assert entry.answered_at is None


def test_a_disconnect_gives_no_answer(server: FixtureServer, client: Client) -> None:
    """The request is written down all the same."""
    server.faults.disconnect("collector")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        client.get(server.url("collector", "/pixel.gif?cut-off"))
    entry = server.ledger.wait(lambda entry: entry.target.endswith("?cut-off"))
    assert entry.status is None


def test_a_slow_answer_trickles_in_whole(server: FixtureServer, client: Client) -> None:
    """At the rate that was asked for."""
    server.faults.slow("cdn", bytes_per_second=10_000)
    began = time.monotonic()
    assert client.get(server.url("cdn", "/tag.js")).body == SCRIPT
    assert time.monotonic() - began >= 0.09


def test_faults_add_up(server: FixtureServer, client: Client) -> None:
    """The ledger names them in the order in which they were injected."""
    server.faults.delay("cdn", 0.01)
    server.faults.status("cdn", 502)
    assert client.get(server.url("cdn", "/tag.js")).status == 502
    assert server.ledger.select(role="cdn")[-1].note == "delayed 0.01 s, made 502"


def test_a_server_stops_while_an_answer_is_held() -> None:
    """Nothing is left hanging, neither the client nor the thread."""
    failures: list[Exception] = []

    def ask(client: Client, url: str) -> None:
        try:
            client.get(url)
        except (OSError, RemoteDisconnected) as error:
            failures.append(error)

    with FixtureServer() as server:
        url = server.serve("publisher", "/", "late")
        server.faults.delay("publisher", 60)
        asking = Thread(target=ask, args=(Client(server), url))
        asking.start()
        server.ledger.wait(lambda entry: entry.host == "publisher.localhost")
    asking.join(timeout=5)
    assert len(failures) == 1


def is_cut_off(connection: socket) -> bool:
    """Whether nothing more comes from a connection."""
    try:
        return not connection.recv(1)
    except ConnectionError:
        return True
