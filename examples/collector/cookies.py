"""The visitor's cookie, where the collector sets it: on the client's own domain, for no script."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

DAY = 24 * 60 * 60
OPTOUT_DAYS = 1829
"""Five years, of which two may be leap years, and two days: what the DAA asks for."""

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
"""128 bits in base64url. Anything else was not made by us, and is replaced."""


@dataclass(frozen=True)
class Held:
    """What a request says that the browser holds."""

    identifier: str | None
    opted_out: bool


@dataclass(frozen=True)
class VisitorCookie:
    """How the cookie is set for a registrable domain; `days` as in `visitor.cookie_days`."""

    domain: str
    brand: str = "azalead"
    days: int = 390

    def held(self, header: str) -> Held:
        """What is in a `Cookie` header. Where a cookie came twice, an opt-out counts."""
        pairs = [part.strip().partition("=") for part in header.split(";")]
        values = [(name, value) for name, _, value in pairs]
        opted_out = (f"{self.brand}_optout", "1") in values
        ours = (value for name, value in values if name == f"{self.brand}_id")
        return Held(next(filter(IDENTIFIER.fullmatch, ours), None), opted_out)

    def renewal(self, held: Held) -> Iterator[str]:
        """The `Set-Cookie` values of an answer: each cookie lasts anew from the latest contact."""
        if held.opted_out:
            yield f"{self.brand}_optout=1; {self._attributes(OPTOUT_DAYS)}"
            yield self.expiry()
        else:
            value = held.identifier or secrets.token_urlsafe(16)
            yield f"{self.brand}_id={value}; {self._attributes(self.days)}; HttpOnly"

    def expiry(self) -> str:
        """The `Set-Cookie` value that takes the identifier away."""
        return f"{self.brand}_id=; {self._attributes(0)}; HttpOnly"

    def _attributes(self, days: int) -> str:
        return f"Domain={self.domain}; Path=/; Max-Age={days * DAY}; Secure; SameSite=Lax"
