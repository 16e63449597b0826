"""HTTP/2 as far as a check needs it: several requests at once on one connection."""

import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from conformance.exchange import Reply, Request
from conformance.target import Target


@dataclass
class _Stream:
    """What has come on a stream so far."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    trouble: str = "no answer"
    is_over: bool = False


class Session:
    """One connection on which HTTP/2 was agreed."""

    def __init__(self, socket: ssl.SSLSocket, target: Target, patience: float) -> None:
        """Begin."""
        self._socket = socket
        self._target = target
        self._patience = patience
        config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
        self._connection = h2.connection.H2Connection(config)

    def __enter__(self) -> Self:
        """Be closed at the block's end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        with suppress(OSError):
            self._socket.close()

    def ask(self, requests: Sequence[Request]) -> list[Reply]:
        """Send them all, then read until each is answered or patience ends."""
        start = time.perf_counter()
        streams: dict[int, _Stream] = {}
        try:
            self._connection.initiate_connection()
            for request in requests:
                number = self._connection.get_next_available_stream_id()
                streams[number] = _Stream()
                self._connection.send_headers(number, self._headers(request))
                self._connection.send_data(number, request.body, end_stream=True)
            self._socket.sendall(self._connection.data_to_send())
            while not all(stream.is_over for stream in streams.values()):
                self._receive(streams, start)
        except (OSError, h2.exceptions.H2Error) as error:
            for stream in streams.values():
                stream.trouble = f"no answer: {error}"
        seconds = time.perf_counter() - start
        return [_reply(stream, seconds) for stream in streams.values()]

    def _receive(self, streams: dict[int, _Stream], start: float) -> None:
        if time.perf_counter() - start > self._patience:
            raise TimeoutError(f"not all answers came within {self._patience:.0f} s")
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the connection was closed")
        for event in self._connection.receive_data(data):
            stream = streams.get(getattr(event, "stream_id", None) or 0)
            if stream is None:
                continue
            if isinstance(event, h2.events.ResponseReceived):
                told = [(str(name), str(value)) for name, value in event.headers or []]
                stream.status = int(dict(told)[":status"])
                stream.headers = [pair for pair in told if not pair[0].startswith(":")]
            elif isinstance(event, h2.events.DataReceived):
                stream.body += event.data or b""
                length = event.flow_controlled_length
                self._connection.acknowledge_received_data(length or 0, event.stream_id or 0)
            elif isinstance(event, h2.events.StreamEnded):
                stream.is_over = True
            elif isinstance(event, h2.events.StreamReset):
                stream.is_over, stream.trouble = True, f"the stream was reset: {event.error_code}"
        self._socket.sendall(self._connection.data_to_send())

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        return [
            (":method", request.method),
            (":scheme", "https"),
            (":authority", self._target.authority),
            (":path", request.path),
            *((name.lower(), value) for name, value in request.headers),
            ("content-length", str(len(request.body))),
        ]


def connect(target: Target, patience: float) -> Session | None:
    """A session, or None where the server agrees to no HTTP/2."""
    socket = target.dial(patience, ("h2", "http/1.1"))
    if socket.selected_alpn_protocol() == "h2":
        return Session(socket, target, patience)
    socket.close()
    return None


def _reply(stream: _Stream, seconds: float) -> Reply:
    if not stream.is_over or not stream.status:
        return Reply(trouble=stream.trouble)
    return Reply(stream.status, stream.headers, bytes(stream.body), seconds)
