"""Collectors that are broken on purpose, each in one thing: the reference, with a change.

`expected` are the checks that this breaks; any other that fails is a check that lies.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import CIMultiDict

from conformance import refused
from examples.collector.__main__ import TABLE
from examples.collector.beacon import parse
from examples.collector.cookies import VisitorCookie
from examples.collector.organizations import Organizations
from examples.collector.server import LONGEST_BODY, PIXEL, Collector
from tests.collectors.serving import CLIENTS, DOMAIN, Memory

Change = Callable[[web.Request, web.StreamResponse], None]


@dataclass(frozen=True)
class Broken:
    """A collector that breaks the contract."""

    name: str
    make: Callable[[], web.Application]
    expected: frozenset[str]
    server_cookie: bool = False


def _application(collector: Collector, *middlewares: Any) -> web.Application:  # noqa: ANN401 - aiohttp's
    application = collector.application()
    for middleware in middlewares:
        application.middlewares.append(middleware)
    return application


def _collector(*, server_cookie: bool) -> Collector:
    cookie = VisitorCookie(DOMAIN) if server_cookie else None
    return Collector(Memory(), Organizations(), cookie, CLIENTS)


def _answering(
    name: str, change: Change, expected: Sequence[str], *, server_cookie: bool = False
) -> Broken:
    """The reference whose answers are changed before they leave."""

    def make() -> web.Application:
        application = _collector(server_cookie=server_cookie).application()

        async def alter(request: web.Request, response: web.StreamResponse) -> None:
            change(request, response)

        application.on_response_prepare.append(alter)
        return application

    return Broken(name, make, frozenset(expected), server_cookie)


def _handling(
    name: str,
    handle: Callable[[web.Request, Handler], Any],
    expected: Sequence[str],
    *,
    server_cookie: bool = False,
) -> Broken:
    """The reference with something before its handlers."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        response: web.StreamResponse = await handle(request, handler)
        return response

    def make() -> web.Application:
        return _application(_collector(server_cookie=server_cookie), middleware)

    return Broken(name, make, frozenset(expected), server_cookie)


def _reset_cookies(response: web.StreamResponse, rewrite: Callable[[str], str]) -> None:
    values = response.headers.popall("Set-Cookie", [])
    response.headers.extend(CIMultiDict([("Set-Cookie", rewrite(each)) for each in values]))


def _setting(name: str, rewrite: Callable[[str], str], *expected: str) -> Broken:
    """The reference whose cookies are written otherwise."""

    def change(_request: web.Request, response: web.StreamResponse) -> None:
        _reset_cookies(response, rewrite)

    return _answering(name, change, expected, server_cookie=True)


# Pages of other origins


def _any_origin(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Access-Control-Allow-Origin"] = "*"


def _one_origin(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Access-Control-Allow-Origin"] = "https://publisher.example"


def _without(*names: str) -> Change:
    def change(_request: web.Request, response: web.StreamResponse) -> None:
        for name in names:
            response.headers.pop(name, None)

    return change


def _with(name: str, value: str, path: str | None = None) -> Change:
    def change(request: web.Request, response: web.StreamResponse) -> None:
        if path in {None, request.path}:
            response.headers[name] = value

    return change


def _silent_errors(_request: web.Request, response: web.StreamResponse) -> None:
    if response.status >= 400:
        response.headers.pop("Access-Control-Allow-Origin", None)


def _any_header(request: web.Request, response: web.StreamResponse) -> None:
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Headers"] = "*"


async def _no_preflight(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method == "OPTIONS":
        return web.Response(status=405)
    return await handler(request)


def _credentials_for_all(request: web.Request, response: web.StreamResponse) -> None:
    if "Origin" in request.headers:
        response.headers["Access-Control-Allow-Credentials"] = "true"


# Bodies


def _reading(read: Callable[[bytes], bytes]) -> Callable[[web.Request, Handler], Any]:
    """Takes another body for the one that came."""

    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        if (request.method, request.path) == ("POST", "/events"):
            request._read_bytes = read(await request.read())  # noqa: SLF001 - what `read` gives
        return await handler(request)

    return handle


def _refusing(
    is_wrong: Callable[[web.Request, dict[str, Any]], bool], status: int = 400
) -> Callable[[web.Request, Handler], Any]:
    """Answers some good beacons with an error."""

    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        if (request.method, request.path) == ("POST", "/events"):
            try:
                document = parse(await request.read())
            except ValueError:
                return await handler(request)
            if is_wrong(request, document):
                return web.Response(status=status)
        return await handler(request)

    return handle


KNOWN = {
    "v",
    "site",
    "visitor",
    "rule",
    "signals",
    "page",
    "events",
    "calls",
    "previous",
    "release",
}
KNOWN_TYPES = {"view", "dwell", "click", "event", "forget"}


def _has_unknown_field(_request: web.Request, document: dict[str, Any]) -> bool:
    return not document.keys() <= KNOWN


def _has_unknown_type(_request: web.Request, document: dict[str, Any]) -> bool:
    return any(event["type"] not in KNOWN_TYPES for event in document["events"])


def _has_odd_content_type(request: web.Request, _document: dict[str, Any]) -> bool:
    return request.content_type not in {"text/plain", "application/json"}


def _has(text: str) -> Callable[[web.Request, dict[str, Any]], bool]:
    return lambda _request, document: text in json.dumps(document)


def _is_repeat() -> Callable[[web.Request, dict[str, Any]], bool]:
    seen: set[tuple[str, int]] = set()

    def is_wrong(_request: web.Request, document: dict[str, Any]) -> bool:
        pairs = {(document["page"]["id"], event["seq"]) for event in document["events"]}
        was_seen = bool(pairs & seen)
        seen.update(pairs)
        return was_seen

    return is_wrong


def _decoded(body: bytes) -> bytes:
    """As `json.loads` guesses the encoding of bytes."""
    guess = json.detect_encoding(body)
    return body.decode(guess).encode() if guess.startswith("utf-16") else body


async def _take_anything(request: web.Request, handler: Handler) -> web.StreamResponse:
    if (request.method, request.path) == ("POST", "/events"):
        await request.read()
        return web.Response(status=204)
    return await handler(request)


NOT_OF_BODIES = {
    "refuses-65537-bytes",
    "refuses-1-mib",
    "refuses-other-methods",
    "refuses-post-on-pixel",
    "refuses-unknown-path",
}
BODY_CHECKS = [
    "refuses-no-length",
    "goes-on-after-refusal",
    *(
        check.name
        for check in refused.CHECKS.all
        if check.name.startswith("refuses-") and check.name not in NOT_OF_BODIES
    ),
]


def _roomy() -> web.Application:
    """Takes bodies of any length."""
    collector = _collector(server_cookie=False)

    async def unlimited(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == "/events" and (request.content_length or 0) > LONGEST_BODY:
            async for _ in request.content.iter_any():
                pass
            return web.Response(status=204)
        return await handler(request)

    return _application(collector, web.middleware(unlimited))


async def _short_limit(request: web.Request, handler: Handler) -> web.StreamResponse:
    if (request.content_length or 0) > 60_000:
        return web.Response(status=413)
    return await handler(request)


# Pixels, organisation, methods


async def _strict_pixel(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path == "/pixel.gif" and request.query.get("e") == "events":
        try:
            parse(request.query.get("body", ""))
        except ValueError:
            return web.Response(status=400)
    return await handler(request)


async def _no_image(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path in {"/pixel.gif", "/match"} and request.method == "GET":
        return web.Response(status=204)
    return await handler(request)


async def _every_path(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return web.Response(text="Welcome")


async def _get_events(request: web.Request, handler: Handler) -> web.StreamResponse:
    if (request.method, request.path) == ("GET", "/events"):
        return web.Response(text="[]")
    return await handler(request)


async def _post_pixel(request: web.Request, handler: Handler) -> web.StreamResponse:
    if (request.method, request.path) == ("POST", "/pixel.gif"):
        return web.Response(body=PIXEL, content_type="image/gif")
    return await handler(request)


async def _open_redirect(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path == "/sync":
        return web.Response(status=302, headers={"Location": request.query.get("partner", "")})
    return await handler(request)


async def _unknown_organization(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path == "/organization" and request.method == "GET":
        return web.Response(status=404)
    return await handler(request)


def _trusting() -> web.Application:
    """Believes whoever writes X-Forwarded-For."""
    anybody = Organizations(TABLE, proxies=["0.0.0.0/0"])
    return Collector(Memory(), anybody, clients=CLIENTS).application()


# Connections


async def _close_always(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    response.force_close()
    return response


async def _close_after_error(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if response.status == 400:
        response.force_close()
    return response


def _one_at_a_time() -> web.Application:
    turn = asyncio.Lock()

    async def alone(request: web.Request, handler: Handler) -> web.StreamResponse:
        async with turn:
            return await handler(request)

    return _application(_collector(server_cookie=False), web.middleware(alone))


async def _slow(request: web.Request, handler: Handler) -> web.StreamResponse:
    await asyncio.sleep(0.3)
    return await handler(request)


# Cookies


def _only_identifier(change: Callable[[str], str]) -> Callable[[str], str]:
    """Changes cookies that set an identifier."""
    return lambda text: text if "Max-Age=0" in text or "_optout" in text else change(text)


def _attribute(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(f"; {old}", new)


def _renamed(value: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        return f"azalead_id={value};{text.partition(';')[2]}"

    return _only_identifier(change)


def _same_for_all(request: web.Request, response: web.StreamResponse) -> None:
    """One identifier for whoever has none."""
    if "azalead_id" not in request.headers.get("Cookie", ""):
        _reset_cookies(response, _renamed("3q2-7wEjRWeJq83vASNFZw"))


def _keeps_planted(request: web.Request, response: web.StreamResponse) -> None:
    """Gives back whatever came under our name."""
    came = request.headers.get("Cookie", "").partition("azalead_id=")[2].partition(";")[0]
    if came and "optout" not in request.headers.get("Cookie", ""):
        _reset_cookies(response, _renamed(came))


def _never_renews(request: web.Request, response: web.StreamResponse) -> None:
    """Sets the cookie for newcomers alone."""
    held = VisitorCookie(DOMAIN).held(request.headers.get("Cookie", ""))
    if held.identifier and not held.opted_out:
        response.headers.popall("Set-Cookie", None)


def _deaf_to_optout(request: web.Request, response: web.StreamResponse) -> None:
    """Sets an identifier in spite of an opt-out."""
    if "azalead_optout=1" in request.headers.get("Cookie", ""):
        response.headers.popall("Set-Cookie", None)
        response.headers.add("Set-Cookie", NEW_COOKIE)


def _sets(is_meant: Callable[[web.Request, web.StreamResponse], bool]) -> Change:
    """Sets a cookie where none is due."""

    def change(request: web.Request, response: web.StreamResponse) -> None:
        if is_meant(request, response):
            response.headers.add("Set-Cookie", NEW_COOKIE)

    return change


NEW_COOKIE = (
    f"azalead_id=3q2-7wEjRWeJq83vASNFZw; Domain={DOMAIN}; Path=/; Max-Age=33696000; Secure; "
    "SameSite=Lax; HttpOnly"
)
CORS_ERRORS = ["cors-on-400", "cors-on-413"]
NO_CACHE = ["answers-are-not-kept", "pixel-is-not-kept", "organization-is-not-kept"]
IMAGES = [
    f"pixel-{kind}" for kind in ("view", "email", "events", "long", "broken-beacon", "unknown")
]
COOKIES = ["cookie-renewed", "cookie-lifetime"]

BROKEN = [
    # Pages of other origins
    _answering(
        "any origin",
        _any_origin,
        [
            "cors-origin",
            "cors-each-its-own",
            "cors-none-without-origin",
            *CORS_ERRORS,
            "preflight-origin",
            "organization-readable",
        ],
    ),
    _answering(
        "one origin for all", _one_origin, ["cors-each-its-own", "cors-none-without-origin"]
    ),
    _answering(
        "no credentials",
        _without("Access-Control-Allow-Credentials"),
        ["cors-credentials", *CORS_ERRORS, "preflight-origin"],
    ),
    _answering("no Vary", _without("Vary"), ["cors-varies"]),
    _answering("errors that no page can read", _silent_errors, CORS_ERRORS),
    _handling("no preflight", _no_preflight, ["preflight-answered", "preflight-headers"]),
    _answering("a wildcard for headers", _any_header, ["preflight-headers"]),
    # Bodies
    _handling("a limit below 64 KiB", _short_limit, ["takes-64-kib"]),
    Broken("no limit", _roomy, frozenset({"refuses-65537-bytes", "refuses-1-mib"})),
    _handling("no checks", _take_anything, BODY_CHECKS),
    _handling("encodings guessed", _reading(_decoded), ["refuses-utf-16"]),
    _handling("unknown fields refused", _refusing(_has_unknown_field), ["takes-unknown-fields"]),
    _handling("unknown events refused", _refusing(_has_unknown_type), ["takes-unknown-event-type"]),
    _handling(
        "content types that matter",
        _refusing(_has_odd_content_type, 415),
        ["takes-any-content-type"],
    ),
    _handling("previous refused", _refusing(_has('"previous"')), ["takes-previous"]),
    _handling("a text that a database refuses", _refusing(_has("\\u0000"), 500), ["survives-nul"]),
    _handling(
        "half a surrogate pair", _refusing(_has("\\ud800"), 500), ["survives-lone-surrogate"]
    ),
    _answering("answers that are kept", _with("Cache-Control", "max-age=60"), NO_CACHE),
    # Pixels, organisation, methods
    _handling("broken images", _strict_pixel, ["pixel-broken-beacon", "pixel-unknown"]),
    _handling(
        "no image", _no_image, [*IMAGES, "pixel-type", "pixel-in-isolated-pages", "match-image"]
    ),
    _answering(
        "another image type", _with("Content-Type", "image/png", "/pixel.gif"), ["pixel-type"]
    ),
    _answering(
        "no image in isolated pages",
        _without("Cross-Origin-Resource-Policy"),
        ["pixel-in-isolated-pages"],
    ),
    _answering(
        "types that are guessed",
        _without("X-Content-Type-Options"),
        ["pixel-nosniff", "organization-type"],
    ),
    _handling(
        "no answer without organisation",
        _unknown_organization,
        ["organization-answer", "organization-type", "organization-not-for-others"],
    ),
    Broken("forged addresses", _trusting, frozenset({"organization-not-forged"})),
    _handling("GET for beacons", _get_events, ["refuses-other-methods"]),
    _handling("every path", _every_path, ["refuses-unknown-path", "sync-unknown"]),
    _handling("an open redirect", _open_redirect, ["sync-unknown"]),
    # Connections
    _handling(
        "connections that end",
        _close_always,
        ["keeps-connection", "keeps-connection-after-refusal"],
    ),
    _handling("errors that hang up", _close_after_error, ["keeps-connection-after-refusal"]),
    # Cookies
    _answering(
        "a cookie unasked", _sets(lambda request, _: request.path == "/events"), ["sets-no-cookie"]
    ),
    _setting("a cookie for scripts", _attribute("HttpOnly", ""), "cookie-http-only"),
    _setting("a cookie without Secure", _attribute("Secure", ""), "cookie-secure"),
    _setting(
        "a cookie for other sites",
        _attribute("SameSite=Lax", "; SameSite=None"),
        "cookie-same-site",
    ),
    _setting("a cookie for one path", _attribute("Path=/", "; Path=/events"), "cookie-path"),
    _setting("a cookie for one host", _attribute(f"Domain={DOMAIN}", ""), "cookie-domain"),
    _setting(
        "a cookie for one session", _only_identifier(_attribute("Max-Age=33696000", "")), *COOKIES
    ),
    _answering("one visitor", _same_for_all, ["cookie-fresh"], server_cookie=True),
    _answering("a planted cookie", _keeps_planted, ["cookie-not-planted"], server_cookie=True),
    _answering("no renewal", _never_renews, ["cookie-renewed"], server_cookie=True),
    _answering(
        "deaf to the opt-out",
        _deaf_to_optout,
        ["optout-obeyed", "optout-renewed"],
        server_cookie=True,
    ),
    _answering(
        "a cookie for readers of mail",
        _sets(lambda request, _: request.query.get("e") == "email"),
        ["cookie-not-with-email"],
        server_cookie=True,
    ),
    _answering(
        "a cookie for junk",
        _sets(lambda _, response: response.status == 400),
        ["cookie-not-with-refusal"],
        server_cookie=True,
    ),
    _answering(
        "credentials for all", _credentials_for_all, ["cors-not-for-others"], server_cookie=True
    ),
    _answering(
        "cookies that a proxy keeps",
        _with("Cache-Control", "no-store"),
        ["cookie-is-private"],
        server_cookie=True,
    ),
]
