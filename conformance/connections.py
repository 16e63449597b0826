"""Connections: kept, slow, broken off, stalled, and HTTP/2 where it is spoken."""

import json

from conformance import http2
from conformance.check import Checks, Probe, SkippedError

CHECKS = check = Checks("connections", "/events")

PIECES = 8
STREAMS = 6


@check("keeps-connection", "A connection is kept: a page sends several beacons.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon())
    with probe.connect() as connection:
        first = connection.ask(request)
        probe.note(request, first)
        probe.expect(first.is_taken and not first.closes, "a 2xx, and a connection that stays open")
        probe.pace.pause(0.5)
        second = connection.ask(probe.beacon_request(probe.beacon()))
        probe.note(f"{request}\n\nand half a second later another", second)
        probe.expect(second.is_taken, "the second beacon taken on the same connection")


@check("keeps-connection-after-refusal", "A refused body does not end the connection.")
def _(probe: Probe) -> None:
    refused = probe.beacon_request(b"{}")
    with probe.connect() as connection:
        first = connection.ask(refused)
        probe.note(refused, first)
        probe.expect(not first.closes, "a connection that stays open")
        request = probe.beacon_request(probe.beacon())
        second = connection.ask(request)
    probe.note(f"{refused}\n\nand then\n{request}", second)
    probe.expect(second.is_taken, "the beacon taken on the same connection")


@check("takes-slow-body", "A body that comes in pieces, over more than a second, is taken.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon())
    with probe.connect() as connection:
        connection.send(connection.head(request))
        step = -(-len(request.body) // PIECES)
        for start in range(0, len(request.body), step):
            probe.pace.pause(0.2)
            connection.send(request.body[start : start + step])
        reply = connection.read()
    probe.note(f"in {PIECES} pieces:\n{request}", reply)
    probe.expect(reply.is_taken, "a 2xx status")


@check("survives-broken-off-body", "A body that breaks off harms nobody else.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon())
    for _turn in range(3):
        with probe.connect() as connection:
            connection.send(connection.head(request) + request.body[:50])
    probe.takes(probe.beacon())


@check("survives-stalled-body", "A body that does not go on holds up nobody else.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon())
    stalled = [probe.connect() for _turn in range(4)]
    try:
        for connection in stalled:
            connection.send(connection.head(request) + request.body[:50])
        reply = probe.takes(probe.beacon())
        probe.expect(reply.seconds < probe.pace.patience / 2, "an answer while others are stalled")
    finally:
        for connection in stalled:
            connection.close()


@check("takes-body-behind-head", "Head and body come in packets of their own.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon())
    with probe.connect() as connection:
        connection.send(connection.head(request))
        probe.pace.pause(0.1)
        connection.send(request.body)
        reply = connection.read()
    probe.note(request, reply)
    probe.expect(reply.is_taken, "a 2xx status")


@check("refuses-no-length", "A POST without a body is refused, not waited for.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(b"")
    with probe.connect() as connection:
        connection.send(connection.head(request, []))
        reply = connection.read()
    probe.note(request, reply)
    probe.expect(reply.is_refusal, "a 4xx status")


def _speaks_http2(probe: Probe) -> http2.Session:
    probe.pace.take_turn()
    session = http2.connect(probe.target, probe.pace.patience)
    if session is None:
        raise SkippedError("the server speaks HTTP/1.1 alone, as it may")
    return session


@check("http2-takes-beacon", "Where HTTP/2 is offered, a beacon is taken by it.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon())
    with _speaks_http2(probe) as session:
        (reply,) = session.ask([request])
    probe.note(f"by HTTP/2:\n{request}", reply)
    probe.expect(reply.is_taken, "a 2xx status")


@check("http2-streams", "Beacons that share an HTTP/2 connection are each answered.")
def _(probe: Probe) -> None:
    requests = [probe.beacon_request(probe.beacon()) for _turn in range(STREAMS)]
    requests[2] = probe.beacon_request(json.dumps({"v": 1}).encode())
    with _speaks_http2(probe) as session:
        replies = session.ask(requests)
    probe.note(
        f"by HTTP/2, {STREAMS} streams at once, the third of them no beacon",
        "\n".join(f"{reply.status or reply}" for reply in replies),
    )
    others = [*replies[:2], *replies[3:]]
    probe.expect(
        all(reply.is_taken for reply in others) and replies[2].is_refusal,
        "each beacon taken, and the third refused",
    )
