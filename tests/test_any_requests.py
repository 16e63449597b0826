"""Any bytes for the fixture server: an answer of sense, never a 500, and the ledger stays exact."""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from fixtures.adserver import serve_ads
from fixtures.server import FixtureServer
from fixtures.webchoices import serve_webchoices
from tests.fixture_client import Client

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
MARKER = "the-last-of-a-connection"
EXAMPLES = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

ROLES = ["collector", "choices", "ads", "partner", "cdn", "publisher"]
PATHS = st.sampled_from(
    [
        *("/events", "/pixel.gif", "/match", "/sync", "/organization", "/marker", "/"),
        *("/optout", "/optin", "/kept", "/status", "/choices.js", "/a/optout"),
        *("/webchoices", "/webchoices/kept", "/ad", "/ad.json", "/ad/click", "/files/x"),
        *("/files/%00", "/files/..%2f..%2fetc", "/files/%ff", "//events", "/files/" + "a" * 300),
    ]
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
QUERIES = st.dictionaries(
    st.sampled_from(
        [
            *("e", "site", "body", "campaign", "partner", "id", "visitor", "wanted", "lang"),
            *("action_id", "participant_id", "rd", "token", "nocache"),
            *("slot", "size", "corner", "tailor", "adchoices_signal"),
        ]
    ),
    st.sampled_from(["view", "events", "1", "3", "4", "118", "acme", "300x250"]) | TEXTS,
    max_size=4,
).map(lambda query: "&".join(f"{name}={quote(value)}" for name, value in query.items()))
# A field's value: anything but what ends the line (RFC 9110, 5.5).
FIELD_VALUES = st.binary(max_size=30).map(lambda text: re.sub(rb"[\0-\x1f\x7f]", b"", text))
COOKIES = st.sampled_from(
    [
        b"azalead_id=AAAAAAAAAAAAAAAAAAAAAA; azalead_optout=1",
        b"azalead_id=\xff\xfe; azalead_optout=2; ;=; azalead_id",
        b"acme_uid=\xe4\xf6; azalead_id=" + b"A" * 5000,
    ]
)
FIELDS = st.lists(
    st.tuples(st.just(b"Cookie"), FIELD_VALUES | COOKIES)
    | st.tuples(
        st.sampled_from(
            [
                *(b"Origin", b"Referer", b"Accept", b"Accept-Encoding", b"If-None-Match", b"DNT"),
                *(b"X-Forwarded-For", b"Forwarded", b"X-AdChoices", b"Sec-GPC", b"User-Agent"),
                *(b"Access-Control-Request-Headers", b"Content-Type", b"Range", b"Authorization"),
            ]
        ),
        FIELD_VALUES,
    ),
    max_size=4,
    unique_by=lambda field: field[0],  # of most fields, aiohttp refuses a second one
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def beacons(odd: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Beacons with something odd in the place of each part that may be anything."""
    event = st.fixed_dictionaries(
        {"seq": st.integers(), "type": st.sampled_from(["view", "dwell", "event"]) | TEXTS},
        optional={"at": odd, "visible": odd, "navigation": odd, "name": odd, "properties": odd},
    )
    page = st.fixed_dictionaries(
        {"id": TEXTS, "url": TEXTS | st.just("https://["), "at": st.integers()},
        optional={"title": TEXTS, "referrer": TEXTS, "more": odd},
    )
    return st.fixed_dictionaries(
        {
            "v": st.just(1),
            "visitor": st.none() | TEXTS,
            "page": page,
            "events": st.lists(event, min_size=1, max_size=3),
        },
        optional={"site": TEXTS, "rule": TEXTS, "signals": odd, "calls": st.just([]) | odd},
    )


CALLS = st.lists(st.fixed_dictionaries({"0": st.just("event")}, optional={"2": JSON}), max_size=2)
DOCUMENTS = JSON | beacons(JSON) | beacons(st.dictionaries(TEXTS, JSON, max_size=2) | CALLS)
BODIES = st.binary(max_size=60) | DOCUMENTS.map(json.dumps).map(str.encode)
DEEP = b"[" * 60_000
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *(
                b"GET ",
                b"POST ",
                b"OPTIONS * HTTP/1.1\r\n",
                b"/events",
                b" HTTP/1.1\r\n",
                b"\r\n",
                b"\n",
                b":",
                b" ",
                b"\0",
            ),
            *(
                b"Host: collector.localhost\r\n",
                b"Content-Length: 5\r\n",
                b"Content-Length: -1\r\n",
            ),
            *(b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n", b"zz\r\n", b"0\r\n\r\n"),
            *(b"Expect: 100-continue\r\n", b"Upgrade: h2c\r\nConnection: Upgrade\r\n", b"CONNECT "),
            *(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\xff\xfe", b"\x16\x03\x01", b"a" * 9000),
        ]
    )
    | st.binary(max_size=10),
    max_size=12,
).map(b"".join)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FixtureServer]:
    """A server with all that can answer, and somebody who watches the beacons."""
    with FixtureServer() as running:
        serve_ads(running)
        serve_webchoices(running, ["https://optout.example"])
        folder = tmp_path_factory.mktemp("files")
        (folder / "x").write_bytes(b"x")
        for name in ("cdn", "publisher"):
            running.serve_folder(name, "/files/", folder)
        running.serve_choices("/", Path(folder))
        yield running


@pytest.fixture
def stream(server: FixtureServer) -> Iterator[ssl.SSLSocket]:
    """What the live view's page is told, which reads every beacon that comes."""
    host = urlsplit(server.site("collector")).netloc
    with Client(server).connect(server.site("collector")) as connection:
        connection.sendall(f"GET /live/beacons HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert STATUS.match(connection.recv(65536))
        yield connection


def statuses(server: FixtureServer, role: str, sent: bytes, *, leave: bool = False) -> list[int]:
    """The answers to some bytes, until either side leaves."""
    received = b""
    with Client(server).connect(server.site(role)) as connection:
        try:
            connection.sendall(sent)
            if leave:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except (ConnectionError, ssl.SSLError):
            pass  # the server may close before it has read all
    return [int(status) for status in STATUS.findall(received)]


@dataclass(frozen=True)
class Request:
    """A request in the form of HTTP, with anything in it."""

    method: str
    target: str
    fields: list[tuple[bytes, bytes]]
    body: bytes

    def written(self, host: str) -> bytes:
        """As it goes over the wire."""
        fields = [
            *((b"Host", host.encode()), (b"Connection", b"close")),
            *((b"Content-Length", str(len(self.body)).encode()), *self.fields),
        ]
        lines = [f"{self.method} {self.target} HTTP/1.1".encode()]
        lines += [name + b": " + value for name, value in fields]
        return b"\r\n".join([*lines, b"", self.body])


REQUESTS = st.builds(
    Request, METHODS, st.builds("{}?{}".format, PATHS, QUERIES), FIELDS, st.just(b"") | BODIES
)


def sent_and_written_down(server: FixtureServer, role: str, request: Request) -> int:
    """The answer's status to a request that the ledger must hold to the byte, once."""
    mark = server.ledger.mark()
    host = urlsplit(server.site(role)).netloc
    (status,) = statuses(server, role, request.written(host))
    (entry,) = server.ledger.select(since=mark)
    assert (entry.method, entry.target) == (request.method, request.target)
    assert entry.body == request.body
    assert list(entry.raw_headers)[3:] == [
        (name, value.strip(b" \t")) for name, value in request.fields
    ]
    return status


def assert_still_watching(server: FixtureServer, stream: ssl.SSLSocket) -> None:
    """The live view has survived all that it was told of, and tells of the next beacon."""
    page = {"id": MARKER, "url": "https://a.example/", "at": 1}
    beacon = {"v": 1, "visitor": None, "page": page, "events": [{"seq": 0, "type": "view"}]}
    beacon["page"] = page | {"title": MARKER}
    body = json.dumps(beacon).encode()
    assert sent_and_written_down(server, "collector", Request("POST", "/events", [], body)) == 204
    told = b""
    while MARKER.encode() not in told:
        piece = stream.recv(65536)
        assert piece, "the stream has ended"
        told = told[-len(MARKER) :] + piece
        assert b"NaN" not in piece
        assert b"Infinity" not in piece


@EXAMPLES
@given(st.sampled_from(ROLES), REQUESTS)
@example("collector", Request("GET", "/events", [(b"Origin", b"\xff")], b""))
@example("choices", Request("GET", "/status", [(b"Origin", b"\xff")], b""))
@example(
    "collector", Request("OPTIONS", "/events", [(b"Access-Control-Request-Headers", b"\xff")], b"")
)
@example("cdn", Request("GET", "/files/%00", [], b""))
@example("cdn", Request("GET", "/files/" + "a" * 300, [], b""))
def test_any_request_is_answered_and_written_down(
    server: FixtureServer, role: str, request: Request
) -> None:
    assert 200 <= sent_and_written_down(server, role, request) < 500


def test_any_beacon_is_taken_or_refused_and_nobody_who_reads_it_falls_over(
    server: FixtureServer, stream: ssl.SSLSocket
) -> None:
    seen = set()

    @EXAMPLES
    @given(BODIES)
    @example(DEEP)
    @example(b'{"v": 1, "a": NaN}')
    def check(body: bytes) -> None:
        request = Request("POST", "/events", [], body)
        seen.add(sent_and_written_down(server, "collector", request))
        assert seen <= {204, 400}

    check()
    assert seen == {204, 400}
    assert_still_watching(server, stream)


@EXAMPLES
@given(st.sampled_from(ROLES), FRAGMENTS)
def test_bytes_that_are_no_request_leave_the_server_alive(
    server: FixtureServer, role: str, sent: bytes
) -> None:
    assert all(status < 500 for status in statuses(server, role, sent, leave=True))
    server.ledger.quiet()
    assert sent_and_written_down(server, role, Request("GET", "/marker", [], b"")) < 500
