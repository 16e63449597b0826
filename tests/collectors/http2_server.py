"""A collector that speaks HTTP/2: it takes what has a page, and can forget to answer a stream."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import h2.config
import h2.connection
import h2.events

from fixtures.authority import Authority
from tests.collectors.serving import HOST


@contextmanager
def http2_collector(authority: Authority, *, mute_after: int | None = None) -> Iterator[str]:
    """Serve it for the length of the block; after so many streams it resets each that comes."""
    context = authority.server_context()
    # The certificate of the name that is asked for stands in a context of its own.
    context.sni_callback = None
    certified = authority._issue(HOST)  # noqa: SLF001 - as its own server does
    certified.set_alpn_protocols(["h2"])
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listening.accept()
                with suppress(OSError), certified.wrap_socket(plain, server_side=True) as secure:
                    _serve(secure, mute_after)

    thread = Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"https://{HOST}:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _serve(secure: ssl.SSLSocket, mute_after: int | None) -> None:
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    bodies: dict[int, bytes] = {}
    answered = 0
    secure.sendall(connection.data_to_send())
    while data := secure.recv(65536):
        for event in connection.receive_data(data):
            number = getattr(event, "stream_id", None) or 0
            if isinstance(event, h2.events.DataReceived):
                bodies[number] = bodies.get(number, b"") + (event.data or b"")
            elif isinstance(event, h2.events.StreamEnded):
                if mute_after is not None and answered >= mute_after:
                    connection.reset_stream(number)
                    continue
                status = "204" if "page" in json.loads(bodies[number]) else "400"
                connection.send_headers(number, [(":status", status)], end_stream=True)
                answered += 1
        secure.sendall(connection.data_to_send())
