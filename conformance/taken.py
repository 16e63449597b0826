"""What must be taken: each form in which the tag, its stub and its pixel tell of a page."""

import json
from typing import Any

from conformance.check import LONGEST_BODY, Checks, Probe

CHECKS = check = Checks("what-is-taken", "/events")
AT = 1_795_459_025_842
DAY = 24 * 60 * 60 * 1000
BURST = 20


def dwell(seq: int = 1, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """A dwell of twelve seconds."""
    told = {"seq": seq, "type": "dwell", "at": AT, "visible": 12034, "engaged": 9120}
    return {**told, "scroll": 0.62, **changes}


@check("takes-view", "A page view is stored and answered with a 2xx status, usually 204.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon())


@check("takes-dwell", "A dwell is taken, with and without `scroll`.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon(dwell()))
    bare = dwell()
    del bare["scroll"]
    probe.takes(probe.beacon(bare))


@check("takes-click", "A click on a link is taken, outbound or a download.")
def _(probe: Probe) -> None:
    for kind in ("outbound", "download"):
        href = "https://elsewhere.example/file.pdf"
        probe.takes(probe.beacon({"seq": 2, "type": "click", "at": AT, "kind": kind, "href": href}))


@check("takes-custom-event", "A custom event is taken, whatever JSON its properties are.")
def _(probe: Probe) -> None:
    properties = {"plan": "large", "price": 12.5, "nested": {"list": [1, None, True, ""]}}
    event = {"seq": 3, "type": "event", "at": AT, "name": "signup", "properties": properties}
    probe.takes(probe.beacon(event))


@check("takes-each-navigation", "A view is taken however the visitor came, words unknown included.")
def _(probe: Probe) -> None:
    for navigation in ("reload", "route", "back_forward_cache", "manual", "teleport"):
        probe.takes(probe.beacon({"seq": 0, "type": "view", "at": AT, "navigation": navigation}))


@check("takes-several-events", "A beacon tells of several events of a page.")
def _(probe: Probe) -> None:
    view = probe.beacon()["events"][0]
    probe.takes(probe.beacon(view, dwell(1), dwell(2, visible=20000)))


@check("takes-no-visitor", "`visitor` is null where the rule forbids an identifier.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon(visitor=None))


@check("takes-each-signal", '`dnt` is "1", "0" or null; `gpc` is true, false or null.')
def _(probe: Probe) -> None:
    for dnt, gpc in (("1", True), ("0", False), (None, None)):
        probe.takes(probe.beacon(signals={"dnt": dnt, "gpc": gpc, "optout": False}))


@check("takes-opted-out", "A visitor who has opted out is counted, without identifier.")
def _(probe: Probe) -> None:
    signals = {"dnt": None, "gpc": None, "optout": True}
    probe.takes(probe.beacon(visitor=None, rule="optout", signals=signals))


@check("takes-stub", "The stub's beacon is taken: `calls` beside `events`.")
def _(probe: Probe) -> None:
    calls = [{"0": "event", "1": "signup", "2": {"plan": "large"}}, {"0": "view"}]
    probe.takes(probe.beacon(visitor=None, rule="stub", calls=calls))


@check("takes-previous", "`previous` tells again what an earlier page said on leaving.")
def _(probe: Probe) -> None:
    earlier = probe.beacon(dwell())
    told = {"page": earlier["page"], "events": earlier["events"]}
    probe.takes(probe.beacon(previous=[told]))
    probe.takes(probe.beacon(previous=[]))


@check("takes-release", "`release` names the release that sent a beacon.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon(release="2026-11-30"))


@check("takes-forget", "An event of type `forget` asks to forget the identifier.")
def _(probe: Probe) -> None:
    visitor = "Zm9yZ2V0LW1lLXBsZWFzZQ"
    probe.takes(probe.beacon({"seq": 4, "type": "forget", "at": AT}, visitor=visitor))


@check("takes-unknown-fields", "Fields that nobody knows yet are kept or ignored, never fatal.")
def _(probe: Probe) -> None:
    beacon = probe.beacon(future={"a": [1]})
    beacon["page"]["future"] = "b"
    beacon["events"][0]["future"] = None
    beacon["signals"]["future"] = True
    probe.takes(beacon)


@check("takes-unknown-event-type", "An event of a type that nobody knows yet is never fatal.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon({"seq": 5, "type": "future", "at": AT}))


@check("takes-repeats", "The same beacon again is answered as the first time.")
def _(probe: Probe) -> None:
    beacon = probe.beacon()
    for _turn in range(3):
        probe.takes(beacon)


@check("takes-disorder", "Beacons of a page come in any order: a dwell before its view.")
def _(probe: Probe) -> None:
    beacon = probe.beacon()
    for events in ([dwell(3, visible=30000)], [dwell(1)], beacon["events"]):
        probe.takes(beacon | {"events": events})


@check("takes-64-kib", "A body of 65,536 bytes is taken: so much may leave with a closing page.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon_of_size(LONGEST_BODY))


@check("takes-many-events", "Hundreds of events in one beacon are taken.")
def _(probe: Probe) -> None:
    event = {"type": "event", "at": AT, "name": "tick", "properties": {}}
    probe.takes(probe.beacon(*({"seq": seq, **event} for seq in range(500))))


@check("takes-any-content-type", "The body is JSON whatever `Content-Type` says, or none.")
def _(probe: Probe) -> None:
    for kind in ("text/plain", "application/json", "application/octet-stream", None):
        probe.takes(probe.beacon(), Content_Type=kind)


@check("takes-any-text", "Text of any script is taken, as UTF-8 and escaped.")
def _(probe: Probe) -> None:
    beacon = probe.beacon()
    beacon["page"]["title"] = "Цены · 料金 · أسعار · 🌸 \u2028 end"
    probe.takes(json.dumps(beacon, ensure_ascii=False).encode())
    probe.takes(probe.beacon() | {"page": beacon["page"]})


@check("takes-chunked-body", "A body may come in chunks, without a length.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon())
    with probe.connect() as connection:
        connection.send(connection.head(request, [("Transfer-Encoding", "chunked")]))
        middle = len(request.body) // 2
        for piece in (request.body[:middle], request.body[middle:], b""):
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        reply = connection.read()
    probe.note(request, reply)
    probe.expect(reply.is_taken, "a 2xx status")


@check("takes-wrong-clocks", "A page whose clock is wrong by decades is taken.")
def _(probe: Probe) -> None:
    for at in (0, AT - 3 * DAY, 4_102_444_800_000):
        beacon = probe.beacon({"seq": 0, "type": "view", "at": at, "navigation": "navigate"})
        beacon["page"]["at"] = at
        probe.takes(beacon)


@check("takes-origin-null", "A page of an opaque origin, such as a sandboxed frame, is counted.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon(), Origin="null")


@check("takes-no-origin", "A beacon without `Origin` is taken.")
def _(probe: Probe) -> None:
    probe.takes(probe.beacon(), Origin=None)


@check(
    "takes-burst",
    "Beacons in quick succession are all taken, or put off by 503: 429 would lose them.",
)
def _(probe: Probe) -> None:
    for _turn in range(BURST):
        reply = probe.post(probe.beacon())
        probe.expect(reply.is_taken or reply.status == 503, "a 2xx status or 503")


@check("answers-without-redirect", "No beacon is redirected: 3xx is below 500, and so final.")
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon())
    probe.expect(not 300 <= reply.status < 400 and not reply.values("Location"), "no redirect")


@check("answers-are-not-kept", "No cache keeps an answer to a beacon: `Cache-Control: no-store`.")
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon())
    probe.expect("no-store" in reply.tokens("Cache-Control"), "Cache-Control: no-store")


@check("answers-within-250-ms", "An answer comes within 250 ms: pages are left, and die.")
def _(probe: Probe) -> None:
    replies = [probe.post(probe.beacon()) for _turn in range(9)]
    middle = sorted(reply.seconds for reply in replies)[len(replies) // 2]
    probe.note(f"{len(replies)} beacons, one after the other", f"the median after {middle:.3f} s")
    probe.expect(middle <= 0.25, "half of the answers within 250 ms")
