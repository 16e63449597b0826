"""The choices server: opting out, in again, and what is said of it."""

import json
import re
import secrets

from conformance.check import Checks, Probe
from conformance.cookies import DAY, LEAST_OPTOUT_DAYS
from conformance.exchange import Reply, SetCookie

CHECKS = check = Checks("the-choices-server", "/optout")
FORM = "application/x-www-form-urlencoded"
FOREIGN = "https://evil.example"
_KEPT = re.compile(rb'<\w+\b[^<>]*\sdata-kept="([a-z-]*)"')
"""In an element: the style sheet names the same outcomes."""


def _press(probe: Probe, choice: str, **headers: str | None) -> Reply:
    """What the page's own form sends."""
    usual: dict[str, str | None] = {
        "Origin": probe.target.origin,
        "Sec_Fetch_Site": "same-origin",
        "Sec_Fetch_Mode": "navigate",
        "Sec_Fetch_Dest": "document",
        "Content_Type": FORM,
        "Accept": "text/html",
    }
    return probe.ask(probe.request("POST", f"/{choice}", b"lang=en", **(usual | headers)))


def _script(probe: Probe, path: str, method: str = "GET", **headers: str | None) -> Reply:
    """What the page's own script asks."""
    usual: dict[str, str | None] = {
        "Origin": probe.target.origin if method == "POST" else None,
        "Sec_Fetch_Site": "same-origin",
        "Accept": "application/json",
    }
    return probe.ask(probe.request(method, path, b"", **(usual | headers)))


def _kept(probe: Probe, query: str, **headers: str | None) -> Reply:
    """What a visitor sees whom the page's form has led on."""
    usual = {"Origin": None, "Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "navigate"}
    return probe.get(f"/kept?{query}", **(usual | {"Sec_Fetch_Dest": "document"} | headers))


def _says(reply: Reply) -> str:
    """What the page says was kept."""
    found = _KEPT.search(reply.body)
    return found[1].decode() if found else ""


def _set(probe: Probe, reply: Reply, name: str) -> SetCookie:
    wanted = f"{probe.brand}_{name}"
    found = [cookie for cookie in reply.cookies if cookie.name == wanted]
    probe.expect(len(found) == 1, f"one Set-Cookie of {wanted}")
    return found[0]


def _opts_in(reply: Reply) -> bool:
    return any(cookie.name.endswith("_optout") and cookie.is_deletion for cookie in reply.cookies)


@check("choices-optout", "Opting out sets `azalead_optout=1` for five years and deletes the ID.")
def _(probe: Probe) -> None:
    reply = _press(probe, "optout")
    cookie = _set(probe, reply, "optout")
    probe.expect(cookie.value == "1", f"{probe.brand}_optout=1")
    probe.expect((cookie.seconds or 0) >= LEAST_OPTOUT_DAYS * DAY, "Max-Age of five years")
    probe.expect(_set(probe, reply, "id").is_deletion, f"{probe.brand}_id with Max-Age=0")


@check("choices-optout-everywhere", "The opt-out holds in frames: `SameSite=None; Secure; Path=/`.")
def _(probe: Probe) -> None:
    told = _set(probe, _press(probe, "optout"), "optout").attributes
    probe.expect(told.get("samesite", "").lower() == "none", "SameSite=None")
    probe.expect("secure" in told and told.get("path") == "/", "Secure and Path=/")
    host, domain = probe.target.host, told.get("domain", "").lstrip(".")
    probe.expect(domain and f".{host}".endswith(f".{domain}"), f"Domain, {host} or above it")


@check("choices-optout-anybody", "Whoever asks may opt a visitor out: an ad's panel does.")
def _(probe: Probe) -> None:
    reply = _press(probe, "optout", Origin=FOREIGN, Sec_Fetch_Site="cross-site")
    probe.expect(_set(probe, reply, "optout").value == "1", f"{probe.brand}_optout=1")


@check("choices-form-led-on", "A form is led to `kept` by 303: only the next request shows it.")
def _(probe: Probe) -> None:
    reply = _press(probe, "optout")
    probe.expect(reply.status == 303, "303")
    to = reply.value("Location").partition("?")[0].rpartition("/")[2]
    probe.expect(to == "kept", "Location: kept?…")


@check("choices-script-told", "A script (`Accept: application/json`) is answered JSON.")
def _(probe: Probe) -> None:
    reply = _script(probe, "/optout", "POST")
    probe.expect(reply.status == 200, "200")
    probe.expect(reply.value("Content-Type").startswith("application/json"), "application/json")


@check("choices-optin", "The page's own form opts in again.", operation="/optin")
def _(probe: Probe) -> None:
    probe.expect(_opts_in(_press(probe, "optin")), f"{probe.brand}_optout with Max-Age=0")


@check(
    "choices-optin-older-browser",
    "Where `Sec-Fetch-Site` is not sent, an `Origin` of its own is proof.",
    operation="/optin",
)
def _(probe: Probe) -> None:
    reply = _press(probe, "optin", Sec_Fetch_Site=None)
    probe.expect(_opts_in(reply), f"{probe.brand}_optout with Max-Age=0")


@check(
    "choices-optin-not-for-others",
    "Nobody else opts a visitor in: another site, a frame, a sandbox, a sibling.",
    operation="/optin",
)
def _(probe: Probe) -> None:
    sibling = f"https://other.{probe.target.authority}"
    for origin, site in (
        (FOREIGN, "cross-site"),
        ("null", "cross-site"),
        (sibling, "same-site"),
        (FOREIGN, None),
        ("null", None),
    ):
        reply = _press(probe, "optin", Origin=origin, Sec_Fetch_Site=site)
        probe.expect(reply.status == 403 and not reply.cookies, "403 and no Set-Cookie")


@check(
    "choices-optin-without-proof",
    "Without `Sec-Fetch-Site` and `Origin` there is no proof, and no opt-in.",
    operation="/optin",
)
def _(probe: Probe) -> None:
    reply = _press(probe, "optin", Origin=None, Sec_Fetch_Site=None)
    probe.expect(reply.status == 403 and not reply.cookies, "403 and no Set-Cookie")


@check("choices-not-by-link", "Nothing is chosen by GET: prefetching would choose.")
def _(probe: Probe) -> None:
    for choice in ("optout", "optin"):
        reply = probe.get(f"/{choice}", Sec_Fetch_Site="same-origin")
        probe.expect(reply.is_refusal and not reply.cookies, "405 and no Set-Cookie")


@check(
    "choices-kept",
    "`kept` says what is true of the cookies that came, whatever was wanted.",
    operation="/kept",
)
def _(probe: Probe) -> None:
    held = f"{probe.brand}_optout=1"
    for cookie, wanted, outcome in (
        (held, "optout", "opted-out"),
        (None, "optin", "opted-in"),
        (None, "optout", "refused"),
        (held, "optin", "refused"),
    ):
        reply = _kept(probe, f"wanted={wanted}", Cookie=cookie)
        probe.expect(_says(reply) == outcome, f'the page, with data-kept="{outcome}"')


@check(
    "choices-kept-not-by-link",
    "A link from elsewhere makes `kept` claim nothing that is not so.",
    operation="/kept",
)
def _(probe: Probe) -> None:
    reply = _kept(probe, "wanted=optout", Sec_Fetch_Site="cross-site")
    probe.expect(_says(reply) in {"opted-in", ""}, 'data-kept="opted-in", or nothing')


@check("choices-kept-stays", "`kept` leads nowhere else, whatever it is asked.", operation="/kept")
def _(probe: Probe) -> None:
    for query in ("wanted=//evil.example", "lang=//evil.example", "lang=%0d%0aSet-Cookie:x=1"):
        reply = _kept(probe, query)
        probe.expect("evil" not in reply.value("Location"), "a Location on this server")
        probe.expect(not reply.cookies, "no Set-Cookie")


@check("choices-status", "`status` says whether an opt-out came.", operation="/status")
def _(probe: Probe) -> None:
    for cookie, told in ((f"{probe.brand}_optout=1", True), (None, False), ("a=b", False)):
        reply = _script(probe, "/status", Cookie=cookie)
        try:
            optout = json.loads(reply.body)["optout"]
        except (ValueError, KeyError, TypeError):
            optout = None
        probe.expect(optout is told, f'{{"optout": {str(told).lower()}, …}}')


@check(
    "choices-status-hides-identifier",
    "Whether there is an identifier is said to the page's own origin alone.",
    operation="/status",
)
def _(probe: Probe) -> None:
    held = f"{probe.brand}_id={secrets.token_urlsafe(16)}"
    reply = _script(probe, "/status", Cookie=held, Origin=FOREIGN, Sec_Fetch_Site="cross-site")
    probe.expect(b"identifier" not in reply.body, "no word of an identifier")


@check(
    "choices-status-not-kept", "No cache keeps a status, nor guesses its type.", operation="/status"
)
def _(probe: Probe) -> None:
    reply = _script(probe, "/status", Cookie=f"{probe.brand}_optout=1")
    probe.expect("no-store" in reply.tokens("Cache-Control"), "Cache-Control: no-store")
    told = reply.value("X-Content-Type-Options").lower()
    probe.expect(told == "nosniff", "X-Content-Type-Options: nosniff")


@check("choices-renews", "Each contact renews an opt-out that came.", operation="/status")
def _(probe: Probe) -> None:
    reply = _script(probe, "/status", Cookie=f"{probe.brand}_optout=1")
    cookie = _set(probe, reply, "optout")
    probe.expect((cookie.seconds or 0) >= LEAST_OPTOUT_DAYS * DAY, "Max-Age of five years")


@check("choices-not-framed", "The page says at each of its addresses that no frame may hold it.")
def _(probe: Probe) -> None:
    for path in ("/", "/choices.html"):
        reply = probe.get(path, Origin=None, Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document")
        if path == "/" or reply.status != 404:
            policy = reply.value("Content-Security-Policy")
            probe.expect("frame-ancestors 'none'" in policy, "frame-ancestors 'none'")
