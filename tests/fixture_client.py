"""A client of the fixture server that can do what no browser lets a test do: stop half way."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from fixtures.server import FixtureServer

TIMEOUT = 5


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Client:
    """Speaks to one fixture server, and trusts its authority."""

    def __init__(self, server: FixtureServer) -> None:
        """Know the server."""
        self._context = server.authority.client_context()

    def connect(self, url: str, address: str = "127.0.0.1") -> ssl.SSLSocket:
        """A bare TLS connection to an address's host; its certificate is verified."""
        parts = urlsplit(url)
        raw = socket.create_connection((address, parts.port or 443), timeout=TIMEOUT)
        try:
            return self._context.wrap_socket(raw, server_hostname=parts.hostname)
        except BaseException:
            raw.close()
            raise

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request on a connection of its own; returns the whole answer."""
        parts = urlsplit(url)
        with self.connect(url) as connection:
            speaker = http.client.HTTPConnection(parts.netloc)
            speaker.sock = connection
            target = parts._replace(scheme="", netloc="").geturl()
            speaker.request(method, target, body=body, headers=dict(headers or {}))
            response = speaker.getresponse()
            return Answer(response.status, response.headers, response.read())

    def get(self, url: str, **headers: str) -> Answer:
        """GET, with header fields named as keywords: `accept_encoding="br"`."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", url, headers=fields)


def beginning(url: str, *, promised: int, sent: bytes) -> bytes:
    """A POST that promises a body of some length and brings only its beginning."""
    parts = urlsplit(url)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {promised}"]
    return "\r\n".join([*lines, "", ""]).encode() + sent
