"""HTTP/1.1 on a connection of one's own: whole, in pieces, broken off, or not at all."""

import http.client
import time
from contextlib import suppress
from typing import Self

from conformance.exchange import Headers, Reply, Request
from conformance.target import Target


class Connection:
    """One TLS connection to the target."""

    def __init__(self, target: Target, patience: float) -> None:
        """Connect; no answer is waited for longer than `patience` seconds."""
        self._target = target
        self._socket = target.dial(patience)
        self.is_open = True

    def __enter__(self) -> Self:
        """Be closed at the block's end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def ask(self, request: Request) -> Reply:
        """Send a request whole, and read what comes."""
        trouble = ""
        try:
            self.send(request.head(self._target.authority) + request.body)
        except OSError as error:
            # A server may refuse a body before it has read it; what it said may still be there.
            trouble = f"the connection broke while the request was sent: {error}"
        reply = self.read(request.method)
        return reply if reply.status or not trouble else Reply(trouble=trouble)

    def head(self, request: Request, framing: Headers | None = None) -> bytes:
        """The beginning of a request, to send by hand."""
        return request.head(self._target.authority, framing)

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def read(self, method: str = "POST") -> Reply:
        """Read one answer to the end."""
        start = time.perf_counter()
        try:
            response = http.client.HTTPResponse(self._socket, method=method)
            response.begin()
            body = response.read()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.is_open = False
            return Reply(trouble=f"no answer: {type(error).__name__}: {error}".rstrip(": "))
        self.is_open = not response.will_close
        return Reply(
            status=response.status,
            headers=list(response.headers.items()),
            body=body,
            seconds=time.perf_counter() - start,
            closes=response.will_close,
        )

    def close(self) -> None:
        """Break off, whatever is under way."""
        self.is_open = False
        with suppress(OSError):
            self._socket.close()
