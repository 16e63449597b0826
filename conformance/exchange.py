"""What is sent and what comes: requests, replies, and both as text for a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_EXCERPT = 400
"""Characters of a body that a report shows."""

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """One request; its headers are sent as they stand, after `Host` and before `Content-Length`."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = b""

    def head(self, host: str, framing: Headers | None = None) -> bytes:
        """The request line and headers as bytes on the wire."""
        has_body = self.body or self.method in {"POST", "PUT"}
        length = [("Content-Length", str(len(self.body)))] if has_body else []
        headers = [("Host", host), *self.headers, *(length if framing is None else framing)]
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def __str__(self) -> str:
        """For a report."""
        return _as_text(f"{self.method} {_excerpt(self.path)}", self.headers, self.body)


@dataclass(frozen=True)
class Reply:
    """What came back, or why nothing did."""

    status: int = 0
    """0 where none came."""
    headers: Headers = ()
    body: bytes = b""
    seconds: float = 0
    """From the last byte sent to the reply's last."""
    trouble: str = ""
    """Why none came."""
    closes: bool = False
    """Whether the connection ends with it."""

    @property
    def is_taken(self) -> bool:
        """Whether it says that a beacon is stored."""
        return 200 <= self.status < 300

    @property
    def is_refusal(self) -> bool:
        """Whether it says that a beacon is none, for good."""
        return 400 <= self.status < 500

    def values(self, name: str) -> list[str]:
        """The values of a header, one for each time that it came."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def value(self, name: str) -> str:
        """The values of a header as one list; empty where it did not come."""
        return ", ".join(self.values(name))

    def tokens(self, name: str) -> set[str]:
        """The parts of a header's list, in lower case."""
        return {part.strip().lower() for part in self.value(name).split(",") if part.strip()}

    @property
    def cookies(self) -> list["SetCookie"]:
        """The cookies that it sets."""
        return [SetCookie.parsed(value) for value in self.values("Set-Cookie")]

    def __str__(self) -> str:
        """For a report."""
        if not self.status:
            return self.trouble
        return _as_text(
            f"{self.status} after {self.seconds * 1000:.0f} ms", self.headers, self.body
        )


@dataclass(frozen=True)
class SetCookie:
    """A cookie as an answer sets it."""

    name: str
    value: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""

    @classmethod
    def parsed(cls, text: str) -> "SetCookie":
        """The cookie of a `Set-Cookie` value."""
        pair, *attributes = [part.strip() for part in text.split(";")]
        name, _, value = pair.partition("=")
        pairs = [attribute.partition("=") for attribute in attributes]
        return cls(name, value, {key.lower().strip(): told.strip() for key, _, told in pairs})

    @property
    def seconds(self) -> int | None:
        """Its `Max-Age`, or None where it has none that is a number."""
        text = self.attributes.get("max-age", "")
        return int(text) if text.lstrip("-").isdecimal() else None

    @property
    def is_deletion(self) -> bool:
        """Whether it takes the cookie away."""
        return self.seconds is not None and self.seconds <= 0


def _as_text(first: str, headers: Iterable[tuple[str, str]], body: bytes) -> str:
    lines = [first, *(f"{name}: {_excerpt(value)}" for name, value in headers)]
    return "\n".join([*lines, _excerpt(body.decode("utf-8", "replace"))] if body else lines)


def _excerpt(text: str) -> str:
    shown = "".join(
        sign if sign.isprintable() else repr(sign)[1:-1] for sign in text[:LONGEST_EXCERPT]
    )
    left = len(text) - LONGEST_EXCERPT
    return f"{shown}… and {left:,} characters more" if left > 0 else shown
