"""Looks at the wire whether a mode really holds: set a cookie, and see whether it comes back."""

from itertools import count

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.preferences import ON_THE_WIRE, Mode, Wire
from tests.browsers.visitor import Visitor

NUMBERS = count(1)

PAGE = """<!doctype html>
<title>Probe</title>
<link rel="icon" href="data:,">
<img src="{third_party}" alt="">
<script>
  document.cookie = "probe=1; Secure; Max-Age=600";
  new Image().src = "/own.gif?scripts";
</script>
<noscript><img src="/own.gif?none" alt=""></noscript>
"""
THIRD_PARTY_COOKIE = {"Set-Cookie": "probe=1; SameSite=None; Secure; Max-Age=600; Path=/"}


def why_not(mode: Mode, visitor: Visitor, server: FixtureServer) -> str | None:
    """Why a mode does not hold for this visitor, or None if it does."""
    seen = look(visitor, server)
    wanted = ON_THE_WIRE[mode]
    checks = {
        "the DNT header": (wanted.dnt, seen.dnt),
        "the Sec-GPC header": (wanted.gpc, seen.gpc),
        "scripts": (wanted.scripts, seen.scripts),
        "third-party cookies": (wanted.third_party_cookies, seen.third_party_cookies),
    }
    if wanted.scripts:
        checks["first-party cookies"] = (wanted.first_party_cookies, seen.first_party_cookies)
    for what, (expected, found) in checks.items():
        if expected is not None and expected != found:
            states = {True: "there", False: "absent", None: "unknown"}
            return f"mode {mode} does not hold: {what} should be {states[expected]}"
    return None


def look(visitor: Visitor, server: FixtureServer) -> Wire:
    """What a visitor's requests carry, without looking into the browser."""
    number = next(NUMBERS)
    own, third = f"probe-{number}.localhost", f"probe-{number}.world.localhost"
    third_party = server.serve(third, "/pixel.gif", b"", "image/gif", THIRD_PARTY_COOKIE)
    server.serve(third, "/", "<title>Probe</title>", headers=THIRD_PARTY_COOKIE)
    page = server.serve(own, "/", PAGE.format(third_party=third_party))
    server.serve(own, "/own.gif", b"", "image/gif")
    visitor.open(server.url(third))
    visitor.open(page)
    document = server.ledger.wait(lambda entry: (entry.host, entry.path) == (own, "/"))
    image = server.ledger.wait(lambda entry: (entry.host, entry.path) == (own, "/own.gif"))
    embedded = server.ledger.wait(lambda entry: (entry.host, entry.path) == (third, "/pixel.gif"))
    return Wire(
        dnt=document.headers.get("DNT") == "1",
        gpc=document.headers.get("Sec-GPC") == "1",
        first_party_cookies=_has_cookie(image),
        third_party_cookies=_has_cookie(embedded),
        scripts="scripts" in image.query,
    )


def _has_cookie(entry: Exchange) -> bool:
    return "probe=1" in entry.headers.get("Cookie", "")
