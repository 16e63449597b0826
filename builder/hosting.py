"""How a server must serve dist/: the one table from which each file in hosting/ is made."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

FOREVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300"
ASK_AGAIN = "no-cache"

SCRIPT = "text/javascript; charset=utf-8"
HTML = "text/html; charset=utf-8"

EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}
"""On what pages of other sites load: integrity needs the first, COEP pages the second."""
IN_NO_FRAME = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin",
    "X-Content-Type-Options": "nosniff",
}
"""On the choices page: in a frame, a page could lure a visitor into a click that opts them in."""

PASSED = (
    "Accept",
    "Content-Type",
    "Origin",
    "User-Agent",
    "DNT",
    "Sec-GPC",
    "Sec-Fetch-Site",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
)
"""Header fields that a first-party proxy hands on to the collector, beside our own cookies."""
DROPPED = (
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "If-Modified-Since",
    "If-None-Match",
    "Pragma",
    "Range",
    "Referer",
    "Save-Data",
    "Sec-CH-UA",
    "Sec-CH-UA-Mobile",
    "Sec-CH-UA-Platform",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "X-Requested-With",
)
"""Others that browsers send, for Apache, which drops only what it is told by name."""
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian has the authorities whose certificates a collector may have."""
UPSTREAM = "collector.example"
"""Stands in the proxies' files where whoever hosts writes their collector's name."""


@dataclass(frozen=True)
class Rule:
    """Files that are served alike."""

    name: str
    """A word for the servers that name their rules."""
    pattern: str
    """A regular expression (PCRE and RE2) for the path, without the slash that it begins with."""
    content_type: str
    headers: dict[str, str]
    is_compressed: bool = False
    """Whether `.br` and `.gz` lie beside each."""


HASH = r"\.[0-9a-f]{10}\.m?js$"
RULES = (
    Rule("hashed", HASH, SCRIPT, {**EVERYWHERE, "Cache-Control": FOREVER}, is_compressed=True),
    Rule("script", r"\.m?js$", SCRIPT, {**EVERYWHERE, "Cache-Control": SHORT}, is_compressed=True),
    Rule("map", r"\.map$", "application/json", {**EVERYWHERE, "Cache-Control": SHORT}),
    Rule("image", r"\.svg$", "image/svg+xml", {**EVERYWHERE, "Cache-Control": SHORT}),
    Rule("vast", r"-vast\.xml$", "application/xml", {**EVERYWHERE, "Cache-Control": SHORT}),
    Rule("choices", r"/choices\.html$", HTML, {**IN_NO_FRAME, "Cache-Control": ASK_AGAIN}),
    Rule(
        "gpc",
        r"^/well-known/gpc\.json$",
        "application/json",
        {"Cache-Control": SHORT, **EVERYWHERE},
    ),
    Rule(
        "dnt",
        r"^/well-known/dnt/index\.json$",
        "application/tracking-status+json",
        {"Cache-Control": SHORT, **EVERYWHERE},
    ),
)
"""The first that matches a path decides."""

ADDRESSES = {
    "/": "/choices.html",
    "/.well-known/gpc.json": "/well-known/gpc.json",
    "/.well-known/dnt/": "/well-known/dnt/index.json",
}
"""Addresses that are not a file's own name, and the file that each is."""


def headers_by_path(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """What each file is sent with, by path, for hosts whose rules know no regular expressions."""
    own = {f"/{name}": f"/{name}" for name in names}
    addresses = own | {each: file for each, file in ADDRESSES.items() if file in own}
    found = {address: rule_of(file) for address, file in addresses.items()}
    return {
        address: {"Content-Type": rule.content_type, **rule.headers}
        for address, rule in found.items()
        if rule
    }


def rule_of(path: str) -> Rule | None:
    """The rule for a path, or None where a server's own defaults will do."""
    return next((rule for rule in RULES if re.search(rule.pattern, path)), None)


def for_netlify(names: Iterable[str]) -> dict[str, str]:
    """`_headers` and `_redirects`, as Netlify and Cloudflare Pages read them."""
    blocks = [
        "\n".join([path, *(f"  {name}: {value}" for name, value in headers.items())])
        for path, headers in headers_by_path(names).items()
    ]
    redirects = [f"{address} {file} 200" for address, file in ADDRESSES.items()]
    return {"_headers": "\n".join(blocks) + "\n", "_redirects": "\n".join(redirects) + "\n"}


def for_vercel(names: Iterable[str]) -> str:
    """`vercel.json`: the same headers and addresses."""
    headers = [
        {
            "source": re.sub(r"([.+*?()])", r"\\\1", path),
            "headers": [{"key": name, "value": value} for name, value in its.items()],
        }
        for path, its in headers_by_path(names).items()
    ]
    rewrites = [
        {"source": address.replace(".", r"\."), "destination": file}
        for address, file in ADDRESSES.items()
    ]
    return json.dumps({"headers": headers, "rewrites": rewrites}, indent=2) + "\n"
