"""The visitor's cookie where the collector sets it, on the client's own domain."""

import re
import secrets

from conformance.check import Checks, Probe
from conformance.exchange import Reply, SetCookie

CHECKS = check = Checks("the-cookie", "/events")
NONE = Checks("the-cookie", "/events")

DAY = 24 * 60 * 60
MOST_DAYS = 400
LEAST_OPTOUT_DAYS = 1827
"""Five years, of which two may be leap years: what the DAA asks for."""
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")


@NONE("sets-no-cookie", "A collector that was not told to set the cookie sets none.")
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon())
    probe.expect(not reply.cookies, "no Set-Cookie")


def _send(probe: Probe, cookie: str | None = None) -> Reply:
    """A beacon as the tag sends it in this mode: the visitor is in the cookie alone."""
    return probe.takes(probe.beacon(visitor=None), Cookie=cookie)


def _ours(probe: Probe, reply: Reply, name: str = "id") -> SetCookie:
    """The one cookie of a name that an answer sets."""
    wanted = f"{probe.brand}_{name}"
    found = [cookie for cookie in reply.cookies if cookie.name == wanted]
    probe.expect(len(found) == 1, f"one Set-Cookie of {wanted}")
    return found[0]


def _new(probe: Probe) -> SetCookie:
    return _ours(probe, _send(probe))


@check("cookie-set", "A visitor without cookie gets `azalead_id` with the answer to a beacon.")
def _(probe: Probe) -> None:
    probe.expect(_new(probe).value, "a value")


@check("cookie-form", "The identifier is 128 random bits in base64url and nothing else.")
def _(probe: Probe) -> None:
    value = _new(probe).value
    probe.expect(IDENTIFIER.fullmatch(value), "22 characters, the last of them A, Q, g or w")


@check("cookie-fresh", "Each visitor without cookie gets an identifier of their own.")
def _(probe: Probe) -> None:
    values = {_new(probe).value for _turn in range(4)}
    probe.expect(len(values) == 4, "four different identifiers")


@check("cookie-domain", "It is for the client's registrable domain, and all names below it.")
def _(probe: Probe) -> None:
    domain = _new(probe).attributes.get("domain", "").lstrip(".")
    host = probe.target.host
    probe.expect(domain and f".{host}".endswith(f".{domain}"), f"Domain, {host} or above it")
    own = probe.origin.removeprefix("https://").partition(":")[0]
    probe.expect(f".{own}".endswith(f".{domain}"), f"a Domain that holds for {probe.origin}")


@check("cookie-path", "It is for every path: `Path=/`.")
def _(probe: Probe) -> None:
    probe.expect(_new(probe).attributes.get("path") == "/", "Path=/")


@check("cookie-secure", "It is `Secure`.")
def _(probe: Probe) -> None:
    probe.expect("secure" in _new(probe).attributes, "Secure")


@check("cookie-http-only", "It is `HttpOnly`: no script reads it.")
def _(probe: Probe) -> None:
    probe.expect("httponly" in _new(probe).attributes, "HttpOnly")


@check("cookie-same-site", "It is `SameSite=Lax`.")
def _(probe: Probe) -> None:
    told = _new(probe).attributes.get("samesite", "").lower()
    probe.expect(told == "lax", "SameSite=Lax")


@check("cookie-lifetime", "It is kept for 1 to 400 days, by `Max-Age`.")
def _(probe: Probe) -> None:
    seconds = _new(probe).seconds
    probe.expect(seconds and DAY <= seconds <= MOST_DAYS * DAY, "Max-Age of 1 to 400 days")


@check("cookie-renewed", "The identifier that came is kept, and lasts anew from each answer on.")
def _(probe: Probe) -> None:
    value = secrets.token_urlsafe(16)
    cookie = _ours(probe, _send(probe, f"other=1; {probe.brand}_id={value}"))
    probe.expect(cookie.value == value, f"{probe.brand}_id={value} again")
    probe.expect(cookie.seconds and cookie.seconds >= DAY, "a Max-Age of a day or more")


@check("cookie-not-planted", "What cannot be ours is replaced, never kept.")
def _(probe: Probe) -> None:
    for planted in ("x", "somebody@example.com", "A" * 64, "3q2-7wEjRWeJq83vASNFZz"):
        cookie = _ours(probe, _send(probe, f"{probe.brand}_id={planted}"))
        probe.expect(IDENTIFIER.fullmatch(cookie.value), "a new identifier")


@check("cookie-survives-junk", "Cookies of any form harm nothing.")
def _(probe: Probe) -> None:
    for junk in ("=; ;;=x", f"{probe.brand}_id", 'a="b; c', f"{probe.brand}_id=; x=\xff"):
        _send(probe, junk)


@check("cookie-with-pixel", "A page without JavaScript gets the cookie with the image.")
def _(probe: Probe) -> None:
    headers = {"Origin": None, "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    _ours(probe, probe.get("/pixel.gif?site=conformance&e=view", **headers))


@check("cookie-not-with-email", "An email's image sets no cookie: a mail client is no site.")
def _(probe: Probe) -> None:
    reply = probe.get("/pixel.gif?site=conformance&e=email", Origin=None)
    probe.expect(not reply.cookies, "no Set-Cookie")


@check("cookie-not-with-refusal", "What is no beacon sets no cookie, and neither does a preflight.")
def _(probe: Probe) -> None:
    probe.expect(not probe.post(b"{").cookies, "no Set-Cookie")
    asked = probe.request("OPTIONS", "/events", Access_Control_Request_Method="POST")
    probe.expect(not probe.ask(asked).cookies, "no Set-Cookie")


@check(
    "optout-obeyed", "With `azalead_optout=1` no identifier is set, and one that came is deleted."
)
def _(probe: Probe) -> None:
    for held in ("", f"; {probe.brand}_id={secrets.token_urlsafe(16)}"):
        reply = _send(probe, f"{probe.brand}_optout=1{held}")
        cookie = _ours(probe, reply)
        probe.expect(cookie.is_deletion and not cookie.value, f"{probe.brand}_id=; Max-Age=0")


@check(
    "optout-renewed", "An opt-out that came lasts anew, for five years, and scripts may read it."
)
def _(probe: Probe) -> None:
    cookie = _ours(probe, _send(probe, f"{probe.brand}_optout=1"), "optout")
    probe.expect(cookie.value == "1", f"{probe.brand}_optout=1")
    probe.expect(
        cookie.seconds and cookie.seconds >= LEAST_OPTOUT_DAYS * DAY, "Max-Age of five years"
    )
    probe.expect("httponly" not in cookie.attributes, "no HttpOnly: the tag must see it")


@check("cookie-is-private", "An answer that sets a cookie says `private` and `nosniff`.")
def _(probe: Probe) -> None:
    reply = _send(probe)
    probe.expect("private" in reply.tokens("Cache-Control"), "Cache-Control with private")
    told = reply.value("X-Content-Type-Options").lower()
    probe.expect(told == "nosniff", "X-Content-Type-Options: nosniff")
