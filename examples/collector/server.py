"""The collector's answers over HTTP. Each is given only when the sink has stored what came."""

import base64
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from multidict import CIMultiDict

from examples.collector.beacon import (
    NoBeaconError,
    Report,
    identifier_is_forbidden,
    parse,
    reports,
)
from examples.collector.cookies import IDENTIFIER, Held, VisitorCookie
from examples.collector.organizations import Organizations
from examples.collector.sink import NotNowError, Sink

LONGEST_BODY = 64 * 1024
"""Bytes. A browser lets no more leave with a page that is closing."""
LONGEST_ADDRESS = 128 * 1024
"""Bytes: a beacon in the address of an image, where each character may take three."""
MOST_BYTES_WAITING = 16 * 1024 * 1024
"""Of bodies that are being stored. Beyond it the collector says 503, and memory stays bounded."""

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
OF_EVERY_ANSWER = {
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Origin",
}
NOBODY = Held(None, opted_out=False)


@dataclass
class Collector:
    """Answers a client's browsers.

    Its parts are what an operator chooses: where reports go, and whether it sets the cookie.
    """

    sink: Sink
    organizations: Organizations = field(default_factory=Organizations)
    cookie: VisitorCookie | None = None
    """None where the tag's script sets it."""
    clients: Collection[str] = ()
    """Domains whose pages may ask for the visitor's organisation, beside the cookie's."""
    _bytes_waiting: int = 0

    def application(self) -> web.Application:
        """The collector as an aiohttp application."""
        application = web.Application(client_max_size=LONGEST_BODY)
        routes: dict[str, tuple[str, Callable[..., Any]]] = {
            "/events": ("POST", self.take_beacon),
            "/pixel.gif": ("GET", self.show_pixel),
            "/organization": ("GET", self.tell_organization),
            "/match": ("GET", self.match_partner),
        }
        for path, (method, handler) in routes.items():
            application.router.add_route(method, path, handler)
            application.router.add_route("OPTIONS", path, self.allow)
        application.on_response_prepare.append(self.add_headers)
        return application

    # What browsers ask for

    async def take_beacon(self, request: web.Request) -> web.Response:
        """`POST /events`: 204 when it is stored; 4xx is final, after 503 it comes again."""
        try:
            body = await request.read()
            if len(body) > LONGEST_BODY:
                return web.Response(status=413)
            return await self._store_beacon(request, body)
        except NoBeaconError as error:
            return web.Response(status=400, text=f"{error}\n")
        except (OSError, web.RequestPayloadError):  # it broke off, so nobody reads this
            return web.Response(status=400)
        except NotNowError as error:
            return web.Response(status=503, text=f"{error}\n", headers={"Retry-After": "60"})

    async def show_pixel(self, request: web.Request) -> web.Response:
        """`GET /pixel.gif`: the image, always, for a page must not show a broken one."""
        kind = request.query.get("e")
        response = self.pixel()
        try:
            if kind == "events":
                stored = await self._store_beacon(request, request.query.get("body", ""))
                response.headers.extend(stored.headers)
            elif kind in {"view", "email"}:
                await self._store_view(request, kind, response)
        except (NoBeaconError, NotNowError):
            pass  # nobody sees the answer to an image
        return response

    async def tell_organization(self, request: web.Request) -> web.Response:
        """`GET /organization`: who uses the network that the request came from, or null.

        For clients' pages alone: to anybody else it would tell who works where. A page of this
        very origin sends no `Origin`, but says so in `Sec-Fetch-Site`.
        """
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if not (self._is_client(origin) if origin else site in {"same-origin", "none"}):
            return web.Response(status=403)
        found = self._organization(request)
        return web.json_response({"organization": found._asdict() if found else None})

    async def match_partner(self, _request: web.Request) -> web.Response:
        """`GET /match`: this example has no partners to link, but the image comes in any case."""
        return self.pixel()

    async def allow(self, request: web.Request) -> web.Response:
        """A preflight: what a script of the page adds to each request of it."""
        asked = request.headers.get("Access-Control-Request-Headers", "")
        methods = {"Access-Control-Allow-Methods": "GET, POST"}
        return web.Response(
            status=204,
            headers={**methods, "Access-Control-Allow-Headers": asked} if asked else methods,
        )

    # What all answers have in common

    async def add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """No cache keeps an answer, and the page that asks may read it, errors included."""
        headers = response.headers
        headers.update(OF_EVERY_ANSWER)
        if origin := request.headers.get("Origin"):
            headers["Access-Control-Allow-Origin"] = origin
            if self.cookie is None or _is_below(origin, [self.cookie.domain]):
                # Where the collector sets the cookie, only the client's own pages come with it.
                headers["Access-Control-Allow-Credentials"] = "true"

    def pixel(self) -> web.Response:
        """The image."""
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
        return web.Response(body=PIXEL, content_type="image/gif", headers=headers)

    def cookies(self, held: Held, *, is_forbidden: bool, forgets: bool) -> list[str]:
        """The `Set-Cookie` values of an answer to a beacon or a view."""
        if self.cookie is None:
            return []
        if forgets:
            return [self.cookie.expiry()]
        if is_forbidden and not held.opted_out:
            return []
        return list(self.cookie.renewal(held))

    # What they do

    async def _store_beacon(self, request: web.Request, body: bytes | str) -> web.Response:
        document = parse(body)
        held = self._held(request)
        is_forbidden = held.opted_out or identifier_is_forbidden(document)
        visitor = held.identifier if self.cookie else _identifier(document)
        organization = self._organization(request)
        name = organization.name if organization else None
        told = reports(document, None if is_forbidden else visitor, name)
        await self._store(told, len(body))
        response = web.Response(status=204)
        if self.cookie:
            forgets = any(each.forgets for each in told)
            set_cookies(response, self.cookies(held, is_forbidden=is_forbidden, forgets=forgets))
        return response

    async def _store_view(self, request: web.Request, kind: str, response: web.Response) -> None:
        """A view without JavaScript, or an email that was opened: each request counts."""
        held = self._held(request) if kind == "view" else NOBODY
        organization = self._organization(request)
        at = int(time.time() * 1000)
        page = {
            "id": f"pixel-{secrets.token_urlsafe(16)}",
            "url": request.headers.get("Referer", "") if kind == "view" else "",
            "title": f"Email {request.query.get('campaign', '')}".strip()
            if kind == "email"
            else "",
            "at": at,
        }
        told = Report(
            site=request.query.get("site", ""),
            visitor=None if held.opted_out else held.identifier,
            rule="pixel",
            signals={"dnt": request.headers.get("DNT"), "gpc": "Sec-GPC" in request.headers},
            organization=organization and organization.name,
            page=page,
            events=[{"seq": 0, "type": "view", "at": at, "navigation": kind}],
        )
        await self._store([told], len(request.raw_path))
        if kind == "view":  # a mail client is not the client's site
            set_cookies(response, self.cookies(held, is_forbidden=False, forgets=False))

    async def _store(self, told: list[Report], size: int) -> None:
        if self._bytes_waiting + size > MOST_BYTES_WAITING:
            raise NotNowError("too much waits to be stored")
        self._bytes_waiting += size
        try:
            await self.sink.store(told)
        finally:
            self._bytes_waiting -= size

    def _held(self, request: web.Request) -> Held:
        return self.cookie.held(request.headers.get("Cookie", "")) if self.cookie else NOBODY

    def _organization(self, request: web.Request) -> Any:  # noqa: ANN401 - see organizations.py
        lines = request.headers.getall("X-Forwarded-For", ())
        forwarded = ",".join(lines) if lines else ""
        return self.organizations.of(request.remote or "", forwarded)

    def _is_client(self, origin: str) -> bool:
        own = [self.cookie.domain] if self.cookie else []
        return _is_below(origin, [*self.clients, *own])


def _is_below(origin: str, domains: Iterable[str]) -> bool:
    """Whether an origin is one of these domains, or a name below it."""
    try:
        host = urlsplit(origin).hostname
    except ValueError:
        return False
    return any(f".{host}".endswith(f".{domain}") for domain in domains)


def set_cookies(response: web.Response, values: list[str]) -> None:
    """Let an answer set cookies, a `Set-Cookie` each."""
    response.headers.extend(CIMultiDict([("Set-Cookie", value) for value in values]))


def _identifier(document: Mapping[str, Any]) -> str | None:
    visitor = document.get("visitor")
    return visitor if isinstance(visitor, str) and IDENTIFIER.fullmatch(visitor) else None
