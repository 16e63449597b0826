"""Cookies as WebDriver BiDi tells them: what they say, and to whom they go."""

from urllib.parse import urlsplit

from tests.browsers.bidi import Json
from tests.browsers.visitor import Cookie

_SAME_SITE = {"strict": "Strict", "none": "None"}


def goes_to(kept: Json, url: str) -> bool:
    """Whether a request to an address would carry a cookie; https://www.rfc-editor.org/rfc/rfc6265."""
    host, path = urlsplit(url).hostname or "", urlsplit(url).path or "/"
    domain, root = kept["domain"], kept["path"].rstrip("/")
    is_of_host = host.endswith(domain) if domain.startswith(".") else host == domain
    is_below = path == kept["path"] or path.startswith(f"{root}/")
    return (is_of_host or f".{host}" == domain) and is_below


def as_cookie(kept: Json) -> Cookie:
    """The same cookie as tests see it."""
    return Cookie(
        name=kept["name"],
        value=kept["value"]["value"],
        domain=kept["domain"].lstrip("."),
        path=kept["path"],
        expires=kept.get("expiry"),
        http_only=kept["httpOnly"],
        secure=kept["secure"],
        same_site=_SAME_SITE.get(kept["sameSite"], "Lax"),
    )
