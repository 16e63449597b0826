"""What the race must know of a tag: how it is bundled, started and answered, and what it tells."""

import base64
import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from fixtures.exchange import Exchange

COLLECTOR = "%collector%"
"""In an entry, the origin that its tag shall send to."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """One view, or a dwell, as a tag told it."""

    kind: Literal["view", "dwell"]
    path: str
    """Of the page."""
    page: str = ""
    """The tag's own name for this page view, if it has one."""
    identity: str = ""
    """By what its receiver knows a repeat, if it can."""
    milliseconds: float = 0
    adds: bool = False
    """Whether a dwell adds to those before it; else the longest of a page counts."""


@dataclass(frozen=True)
class Peer:
    """A tag as its makers publish it, and as their documentation says to use it."""

    key: str
    """Of its hosts and files."""
    name: str
    package: str
    """The npm package."""
    entry: str
    """JavaScript that imports the package and starts the tag; `COLLECTOR` stands for the origin."""
    read: Callable[[Exchange], Iterable[Told]]
    """What a whole request to its collector told."""
    splits: bool = False
    """Whether it loads parts of itself when needed: then a module, else a classic script."""
    attributes: str = "async"
    """Of its script element."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What its collector answers at which path, but for an empty object."""
    paths: tuple[str, ...] = ()
    """Further paths at which its collector takes things."""
    views: bool = True
    """Whether it claims to count views."""
    dwell: bool = False
    """Whether it claims to tell how long a page was seen."""
    note: str = ""
    """What a reader of its figures should know."""

    @property
    def collector_host(self) -> str:
        """Of its own, so that nothing is taken for another's."""
        return f"collector.{self.key}.localhost"

    @property
    def script_host(self) -> str:
        """Where its script comes from."""
        return f"cdn.{self.key}.localhost"


def body_of(exchange: Exchange) -> Any:  # noqa: ANN401 - any JSON
    """The JSON of a request's body: plain, compressed, in base64, or in a form's field `data`."""
    body = exchange.body
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    text = body.decode("utf-8", "replace")
    if text.startswith("data="):
        text = parse_qs(text)["data"][0]
    if text[:1] not in "[{":
        text = base64.b64decode(text).decode()
    return json.loads(text) if text else {}


def path_of(url: str) -> str:
    """The path of an address that a tag told."""
    return urlsplit(url).path
