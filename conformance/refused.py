"""What must be refused, and how: for good, by a 4xx status, and never by falling over."""

import gzip
import json
from collections.abc import Callable
from typing import Any

from conformance.check import LONGEST_BODY, Checks, Probe

CHECKS = check = Checks("what-is-refused", "/events")

Json = dict[str, Any]

FAR_TOO_LONG = 1024 * 1024


def _refuses_body(name: str, what: str, make: Callable[[Probe], bytes]) -> None:
    @check(f"refuses-{name}", f"{what} is no beacon: 4xx, so that it does not come again.")
    def _(probe: Probe) -> None:
        probe.refuses(make(probe))


def _refuses_change(name: str, what: str, change: Callable[[Json], object]) -> None:
    """A beacon that is wrong in one thing."""

    def make(probe: Probe) -> bytes:
        beacon = probe.beacon()
        change(beacon)
        return json.dumps(beacon).encode()

    _refuses_body(name, what, make)


def _text(probe: Probe) -> str:
    beacon = probe.beacon()
    beacon["page"]["title"] = "Größe"
    return json.dumps(beacon, ensure_ascii=False)


_refuses_body("empty-body", "An empty body", lambda _: b"")
_refuses_body("truncated", "JSON that ends early", lambda probe: _text(probe).encode()[:-20])
_refuses_body("other-text", "Text that is no JSON", lambda _: b"v=1&site=demo")
_refuses_body("list", "A list", lambda probe: f"[{_text(probe)}]".encode())
_refuses_body("null", "null", lambda _: b"null")
_refuses_body("text-behind", "JSON with text behind it", lambda probe: _text(probe).encode() + b"}")
_refuses_body("utf-16", "UTF-16", lambda probe: _text(probe).encode("utf-16"))
_refuses_body("latin-1", "Latin-1", lambda probe: _text(probe).encode("latin-1"))
_refuses_body("broken-utf-8", "Broken UTF-8", lambda probe: _text(probe).encode() + b"\xff")
_refuses_change("version", "A version other than 1", lambda beacon: beacon.update(v=2))
_refuses_change("no-version", "A body without `v`", lambda beacon: beacon.pop("v"))
_refuses_change("visitor-number", "A number as visitor", lambda beacon: beacon.update(visitor=7))
_refuses_change("signals-list", "A list as signals", lambda beacon: beacon.update(signals=[1]))
_refuses_change("no-page", "A body without `page`", lambda beacon: beacon.pop("page"))
_refuses_change("page-text", "A text as page", lambda beacon: beacon.update(page="p"))
_refuses_change("no-page-id", "A page without `id`", lambda beacon: beacon["page"].pop("id"))
_refuses_change(
    "page-id-number", "A number as a page's `id`", lambda beacon: beacon["page"].update(id=7)
)
_refuses_change("no-url", "A page without `url`", lambda beacon: beacon["page"].pop("url"))
_refuses_change("at-text", "A time as text", lambda beacon: beacon["page"].update(at="now"))
_refuses_change("no-events", "A body without events", lambda beacon: beacon.update(events=[]))
_refuses_change("events-object", "Events that are no list", lambda beacon: beacon.update(events={}))
_refuses_change("seq-text", "A text as `seq`", lambda beacon: beacon["events"][0].update(seq="0"))
_refuses_change(
    "seq-fraction", "A fraction as `seq`", lambda beacon: beacon["events"][0].update(seq=0.5)
)
_refuses_change(
    "no-type", "An event without `type`", lambda beacon: beacon["events"][0].pop("type")
)
_refuses_change(
    "previous-without-page",
    "`previous` without a page",
    lambda beacon: beacon.update(previous=[{"events": beacon["events"]}]),
)


@check("refuses-65537-bytes", "A body of more than 65,536 bytes is answered 413.")
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon_of_size(LONGEST_BODY + 1))
    probe.expect(reply.status == 413, "413")


@check("refuses-1-mib", "A body far beyond the limit is answered 413, or its connection cut.")
def _(probe: Probe) -> None:
    request = probe.beacon_request(probe.beacon_of_size(FAR_TOO_LONG))
    with probe.connect() as connection:
        reply = connection.ask(request)
    probe.note(request, reply)
    probe.expect(reply.status in {0, 413}, "413, or a connection that is cut")
    probe.takes(probe.beacon())


@check("refuses-other-methods", "`/events` takes POST alone; other methods are answered 4xx.")
def _(probe: Probe) -> None:
    body = json.dumps(probe.beacon()).encode()
    for method in ("GET", "PUT", "DELETE"):
        reply = probe.ask(probe.request(method, "/events", b"" if method == "GET" else body))
        probe.expect(reply.is_refusal, "a 4xx status, such as 405")


@check("refuses-post-on-pixel", "`/pixel.gif` is for GET.", operation="/pixel.gif")
def _(probe: Probe) -> None:
    reply = probe.ask(probe.request("POST", "/pixel.gif?e=view&site=conformance", b"{}"))
    probe.expect(reply.is_refusal, "a 4xx status, such as 405")


@check("refuses-unknown-path", "A path that nobody knows is answered 404.")
def _(probe: Probe) -> None:
    reply = probe.get("/no-such-path-of-a-collector")
    probe.expect(reply.status == 404, "404")


@check("goes-on-after-refusal", "What comes after a refused body is taken as ever.")
def _(probe: Probe) -> None:
    probe.refuses(b"{")
    probe.takes(probe.beacon())


def _survives(name: str, what: str, make: Callable[[Probe], bytes]) -> None:
    @check(
        f"survives-{name}",
        f"{what} is taken or refused; never a 5xx, after which it comes again for days.",
    )
    def _(probe: Probe) -> None:
        probe.survives(make(probe))
        probe.takes(probe.beacon())


def _titled(escaped: str) -> Callable[[Probe], bytes]:
    """A beacon whose title holds this piece of JSON."""
    return lambda probe: json.dumps(probe.beacon()).replace("Pricing", escaped).encode()


def _with_value(value: str) -> Callable[[Probe], bytes]:
    """A beacon whose event has a property of this JSON."""

    def make(probe: Probe) -> bytes:
        event = {"seq": 0, "type": "event", "at": 1, "name": "n", "properties": {"value": "HERE"}}
        return json.dumps(probe.beacon(event)).replace('"HERE"', value).encode()

    return make


_refuses_body("nan", "NaN", _with_value("NaN"))


def _long_id(probe: Probe) -> bytes:
    beacon = probe.beacon()
    beacon["page"]["id"] += "x" * 20_000
    return json.dumps(beacon).encode()


def _huge_seq(probe: Probe) -> bytes:
    return json.dumps(probe.beacon()).replace('"seq": 0', f'"seq": {2**80}').encode()


_survives("nul", "Text with U+0000, which PostgreSQL cannot store,", _titled("a\\u0000b"))
_survives("lone-surrogate", "Half of a surrogate pair, which is no UTF-8,", _titled("a\\ud800b"))
_survives("infinity", "A number beyond all doubles", _with_value("1e999"))
_survives("huge-number", "A `seq` beyond 64 bits", _huge_seq)
_survives("depth", "JSON ten thousand levels deep", _with_value("[" * 10_000 + "]" * 10_000))
_survives("long-page-id", "A `page.id` longer than an index takes", _long_id)
_survives("same-key-twice", "A key that stands twice", _with_value('{"a": 1, "a": 2}'))


@check("survives-odd-origin", "An `Origin` of no known form is answered, never by a 5xx.")
def _(probe: Probe) -> None:
    for origin in ("https://[", "null, null", "https://a:b:c", "\xff"):
        probe.survives(probe.beacon(), Origin=origin)
        reply = probe.get("/organization", Origin=origin)
        probe.expect(reply.status < 500, "a status below 500")
    probe.takes(probe.beacon())


@check("survives-gzip", "A compressed body is understood or refused; never a 5xx.")
def _(probe: Probe) -> None:
    body = json.dumps(probe.beacon()).encode()
    probe.survives(gzip.compress(body), Content_Encoding="gzip")
    probe.survives(body, Content_Encoding="gzip")
    probe.takes(probe.beacon())
