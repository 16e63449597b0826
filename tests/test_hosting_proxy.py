"""A first-party proxy hands our own cookies and the visitor's address on, and no more."""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from builder.hosting import AUTHORITIES, UPSTREAM
from fixtures.authority import Authority
from tests.build_runner import build_here, configuration
from tests.support.web_servers import SERVERS, WebServer

COLLECTOR = 'collector = "https://collector.localhost:8443"'
ON_OWN_DOMAIN = 'collector = "https://www.localhost/measure"'
IDENTIFIER = "3q2-7wEjRWeJq83vASNFZw"
NO_CONTENT = 204
BODY = b'{"v": 1}'

SENT = {
    "Cookie": f"session=secret; azalead_id={IDENTIFIER}; cart=7; azalead_optout=1; x=y",
    "Content-Type": "text/plain;charset=UTF-8",
    "Origin": "https://www.localhost",
    "User-Agent": "A browser",
    "Sec-GPC": "1",
    "DNT": "1",
    "Authorization": "Basic c2VjcmV0",
    "Referer": "https://www.localhost/patients/7",
    "Accept-Language": "de",
    "X-Forwarded-For": "203.0.113.9",
}
SECRETS = ("secret", "cart", "Basic", "patients", "203.0.113.9")

Request = tuple[str, str, dict[str, str], bytes]
"""Method, path, header fields by name in small letters, and body."""


@contextmanager
def upstream(authority: Authority) -> Iterator[tuple[int, "SimpleQueue[Request]"]]:
    """A collector that only notes what comes; gives its port and the notes."""
    notes: SimpleQueue[Request] = SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fields = {name.lower(): value for name, value in self.headers.items()}
            notes.put((self.command, self.path, fields, body))
            self.send_response(204)
            self.send_header("Set-Cookie", f"azalead_id={IDENTIFIER}; Secure; HttpOnly")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate_of("localhost"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], notes
    server.shutdown()
    server.server_close()


@pytest.fixture
def authority() -> Iterator[Authority]:
    """Signs for both servers."""
    one = Authority()
    yield one
    one.close()


def post(port: int, authority: Authority, headers: Mapping[str, str]) -> http.client.HTTPResponse:
    """Send a beacon to the site's own server."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=10)
    context = authority.client_context()
    with context.wrap_socket(raw, server_hostname="www.localhost") as connection:
        speaker = http.client.HTTPConnection("www.localhost")
        speaker.sock = connection
        speaker.request("POST", "/measure/events", body=BODY, headers=dict(headers))
        response = speaker.getresponse()
        response.read()
        return response


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.name)
@pytest.mark.claim("C03")
def test_a_first_party_proxy_hands_on_our_cookies_and_the_address_only(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch, server: WebServer
) -> None:
    changes = {COLLECTOR: ON_OWN_DOMAIN, 'set_by = "script"': 'set_by = "server"'}
    build_here(tmp_path, configuration(changes))
    dist, name = tmp_path / "dist", f"proxy.{server.file}"
    with upstream(authority) as (port, notes):
        # What whoever hosts writes in: their collector's name, here an address.
        file = dist / "hosting" / name
        text = file.read_text().replace(UPSTREAM, f"localhost:{port}")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem_file))  # Caddy's way
        file.write_text(text.replace(AUTHORITIES, str(authority.pem_file)))
        with server.serving(dist, authority, name) as own:
            answer = post(own, authority, SENT)
            bare = {key: value for key, value in SENT.items() if key != "Cookie"}
            post(own, authority, bare)
            post(own, authority, {**bare, "Cookie": "azalead_optout=1; session=secret"})
        assert answer.status == NO_CONTENT
        told, without, opted_out = (notes.get(timeout=10) for _ in range(3))
    method, path, fields, body = told
    assert (method, path, body) == ("POST", "/events", BODY)
    assert fields["cookie"] == f"azalead_id={IDENTIFIER}; azalead_optout=1"
    assert fields["x-forwarded-for"] == "127.0.0.1"
    for kept in ("Content-Type", "Origin", "User-Agent", "Sec-GPC", "DNT"):
        assert fields[kept.lower()] == SENT[kept]
    everything = " ".join(fields.values())
    assert not [secret for secret in SECRETS if secret in everything]
    assert not without[2].get("cookie")
    assert opted_out[2]["cookie"].strip("; ") == "azalead_optout=1"
    assert answer.headers["Set-Cookie"].startswith(f"azalead_id={IDENTIFIER}")
