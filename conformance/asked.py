"""What pages ask for besides: the pixel, the visitor's organisation, partners' IDs."""

import json
from urllib.parse import quote

from conformance.check import Checks, Probe
from conformance.exchange import Reply

PIXEL = pixel = Checks("the-pixel", "/pixel.gif")
ORGANIZATION = organization = Checks("the-organisation", "/organization")
PARTNERS = partners = Checks("partners", "/match")

SMALLEST_GIF = 26
"""Bytes. A GIF of one pixel has no fewer."""


def _image(probe: Probe, query: str) -> Reply:
    """Ask as an image does: without `Origin`."""
    headers = {"Origin": None, "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    return probe.get(f"/pixel.gif?{query}", **headers)


def _expect_pixel(probe: Probe, reply: Reply) -> None:
    probe.expect(reply.status == 200, "200")
    is_gif = reply.body[:6] in {b"GIF87a", b"GIF89a"} and len(reply.body) >= SMALLEST_GIF
    probe.expect(is_gif and reply.body[6:10] == b"\x01\0\x01\0", "a GIF of 1 by 1 pixels")


def _events(probe: Probe, body: str | None = None) -> Reply:
    told = json.dumps(probe.beacon()) if body is None else body
    return _image(probe, f"e=events&body={quote(told, safe='')}")


@pixel("pixel-view", "`e=view` answers the image: a page without JavaScript is counted.")
def _(probe: Probe) -> None:
    _expect_pixel(probe, _image(probe, "site=conformance&e=view"))


@pixel("pixel-email", "`e=email` answers the image: an email that was opened is counted.")
def _(probe: Probe) -> None:
    _expect_pixel(
        probe, _image(probe, "site=conformance&e=email&campaign=spring%202027&recipient=7")
    )


@pixel("pixel-events", "`e=events` carries a beacon in `body` and answers the image.")
def _(probe: Probe) -> None:
    _expect_pixel(probe, _events(probe))


@pixel("pixel-long", "A beacon of several kilobytes in an address is answered the image.")
def _(probe: Probe) -> None:
    beacon = probe.beacon()
    beacon["page"]["title"] = "x" * 6000
    _expect_pixel(probe, _events(probe, json.dumps(beacon)))


@pixel("pixel-broken-beacon", "A broken beacon answers the image: pages show no broken ones.")
def _(probe: Probe) -> None:
    for body in ("", "{", "[1]", "\ufffd"):
        _expect_pixel(probe, _events(probe, body))


@pixel("pixel-unknown", "Whatever else is asked of the pixel answers the image.")
def _(probe: Probe) -> None:
    for query in ("", "e=future", "e=view&e=email", "site=%00&e=view", "e=events"):
        _expect_pixel(probe, _image(probe, query))


@pixel("pixel-type", "The image is `image/gif`.")
def _(probe: Probe) -> None:
    kind = _image(probe, "site=conformance&e=view").value("Content-Type")
    probe.expect(kind.partition(";")[0].strip().lower() == "image/gif", "Content-Type: image/gif")


@pixel("pixel-is-not-kept", "No cache keeps the image, else the next view is not counted.")
def _(probe: Probe) -> None:
    kept = _image(probe, "site=conformance&e=view").tokens("Cache-Control")
    probe.expect("no-store" in kept, "Cache-Control: no-store")


@pixel("pixel-nosniff", "The image says `X-Content-Type-Options: nosniff`.")
def _(probe: Probe) -> None:
    told = _image(probe, "site=conformance&e=view").value("X-Content-Type-Options")
    probe.expect(told.lower() == "nosniff", "X-Content-Type-Options: nosniff")


@pixel("pixel-in-isolated-pages", "`Cross-Origin-Resource-Policy: cross-origin`, for COEP pages.")
def _(probe: Probe) -> None:
    told = _image(probe, "site=conformance&e=view").value("Cross-Origin-Resource-Policy")
    probe.expect(told == "cross-origin", "Cross-Origin-Resource-Policy: cross-origin")


@organization("organization-answer", '`{"organization": …}`: name and domain, or null.')
def _(probe: Probe) -> None:
    reply = probe.get("/organization")
    probe.expect(reply.status == 200, "200")
    try:
        told = json.loads(reply.body)
        found = told["organization"]
        fits = found is None or all(isinstance(found[name], str) for name in ("name", "domain"))
    except (ValueError, KeyError, TypeError):
        fits = False
    probe.expect(fits, '{"organization": null} or {"organization": {"name": …, "domain": …}}')


@organization("organization-type", "The answer is `application/json`, with `nosniff`.")
def _(probe: Probe) -> None:
    reply = probe.get("/organization")
    kind = reply.value("Content-Type").partition(";")[0].strip()
    probe.expect(kind == "application/json", "Content-Type: application/json")
    probe.expect(
        reply.value("X-Content-Type-Options").lower() == "nosniff",
        "X-Content-Type-Options: nosniff",
    )


@organization("organization-readable", "The page that asks may read the answer.")
def _(probe: Probe) -> None:
    allowed = probe.get("/organization").values("Access-Control-Allow-Origin")
    probe.expect(allowed == [probe.origin], f"Access-Control-Allow-Origin: {probe.origin}")


@organization(
    "organization-not-for-others",
    "Who is no client's page learns nothing: an opaque origin, and whoever embeds the answer.",
)
def _(probe: Probe) -> None:
    embedded = {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script", "Origin": None}
    for headers in ({"Origin": "null"}, embedded):
        told: dict[str, str | None] = {"Sec_Fetch_Site": "cross-site", **headers}
        reply = probe.get("/organization", **told)
        probe.expect(b'"name"' not in reply.body and reply.status == 403, "403")


@organization("organization-is-not-kept", "No cache keeps the answer: it is one visitor's.")
def _(probe: Probe) -> None:
    kept = probe.get("/organization").tokens("Cache-Control")
    probe.expect("no-store" in kept, "Cache-Control: no-store")


@organization(
    "organization-not-forged", "A forwarding header that no trusted proxy wrote is ignored."
)
def _(probe: Probe) -> None:
    plain = probe.get("/organization").body
    for address in ("192.0.2.1", "198.51.100.1"):
        for name in ("X_Forwarded_For", "Forwarded"):
            told = f"for={address}" if name == "Forwarded" else address
            reply = probe.get("/organization", **{name: told})
            probe.expect(reply.body == plain, f"the answer as without {name.replace('_', '-')}")


@partners("match-image", "`/match` answers the image, whatever it is told.")
def _(probe: Probe) -> None:
    visitor = "3q2-7wEjRWeJq83vASNFZw"
    for query in (f"partner=conformance&id=theirs&visitor={visitor}", "partner=conformance", ""):
        headers = {"Origin": None, "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
        _expect_pixel(probe, probe.get(f"/match?{query}", **headers))


@partners("sync-unknown", "`/sync` leads to configured partners alone.", operation="/sync")
def _(probe: Probe) -> None:
    for partner in ("", "no-such-partner", "https%3A%2F%2Fevil.example%2F", "%2F%2Fevil.example"):
        reply = probe.get(f"/sync?partner={partner}", Origin=None)
        probe.expect(reply.status == 404, "404")
