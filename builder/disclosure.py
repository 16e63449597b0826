"""What the tag stores and whom it contacts: the one declaration behind every disclosure.

`csp.txt`, `device-storage.json`, `well-known/` and the tables of the install page all render this,
so that they cannot contradict each other; a test compares it with what browsers show.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from builder.configuration import Configuration

POLICY_DATE = "2026-11-30"
"""When what is declared here last changed. A constant, so that a build of any day is the same."""

DAY = 24 * 60 * 60
OPTOUT_DAYS = 1829  # five years, of which two may be leap years, and two days: what the DAA asks
UNSENT_DAYS = 3

# Purposes of the Transparency and Consent Framework, by number.
STORE = 1
MEASURE = (8, 9, 10)
TAILOR = (2, 3, 4, 7)
MATCH = (3, 4)

ANY_SITE = "*"
"""The client's sites: the framework's notation for storage on many sites that use a vendor."""

_LAX, _NONE = "SameSite=Lax; Secure", "SameSite=None; Secure"


@dataclass(frozen=True)
class Stored:
    """One thing that is kept on the visitor's device."""

    identifier: str
    kind: Literal["cookie", "web"]
    """"web" is everything but a cookie: here `localStorage`."""
    domains: tuple[str, ...]
    seconds: int | None
    """How long, from when it is set; None for what has no term of its own in the browser."""
    purposes: tuple[int, ...]
    holds: str
    kept: str
    """For how long, in words."""
    where: str
    is_renewed: bool = False
    is_optout: bool = False

    @property
    def description(self) -> str:
        """What it holds, as a sentence."""
        return f"{self.holds[0].upper()}{self.holds[1:]}."


@dataclass(frozen=True)
class Contacted:
    """One origin that requests go to."""

    address: str
    """As the configuration has it: an origin, perhaps with a path below which everything is."""
    directives: tuple[str, ...]
    """Those of a page's Content-Security-Policy that must allow it."""
    purposes: tuple[int, ...]
    use: str
    is_clients: bool = False
    """Whether it is on the client's own domain, which a vendor must not call its own."""

    @property
    def source(self) -> str:
        """The address as a policy's source: only with a slash does a path mean all below it.

        What ends a directive or a policy stands for itself as an escape (CSP 3, 2.3.1).
        """
        address = self.address.replace(";", "%3B").replace(",", "%2C")
        return address + ("/" if urlsplit(address).path else "")

    @property
    def host(self) -> str:
        """Its name alone."""
        return str(urlsplit(self.address).hostname)


@dataclass(frozen=True)
class Disclosure:
    """All that is stored, and all who are contacted."""

    stored: tuple[Stored, ...]
    contacted: tuple[Contacted, ...]
    policy_date: str = POLICY_DATE

    @property
    def vendors(self) -> tuple[Contacted, ...]:
        """Those who are not the client."""
        return tuple(each for each in self.contacted if not each.is_clients)

    def sources(self, directive: str) -> str:
        """What one directive of a page's policy must allow, between spaces."""
        allowed = (each.source for each in self.contacted if directive in each.directives)
        return " ".join(dict.fromkeys(allowed))


def disclosure(configuration: Configuration) -> Disclosure:
    """What a tag of this configuration stores, and whom it contacts."""
    return Disclosure(
        (*_on_the_site(configuration), *_on_the_choices_page(configuration)),
        tuple(_contacted(configuration)),
    )


def _on_the_site(configuration: Configuration) -> list[Stored]:
    """What the client's own pages keep."""
    brand, visitor = configuration.tag.brand, configuration.visitor
    by_server = visitor.set_by == "server"
    days = _days(visitor.cookie_days)
    attributes = _LAX + ("; HttpOnly" if by_server else "")
    stored = [
        Stored(
            f"{brand}_id",
            "cookie",
            (ANY_SITE,),
            visitor.cookie_days * DAY,
            (STORE, *MEASURE, *(MATCH if configuration.sync else ())),
            "128 random bits, nothing else",
            f"{days}, renewed on each {'request' if by_server else 'visit'}",
            f"a cookie on your registrable domain; {attributes}",
            is_renewed=True,
        ),
        _optout(configuration, (ANY_SITE,), f"a cookie on your registrable domain; {_LAX}"),
        Stored(
            f"{brand}_optout",
            "web",
            (ANY_SITE,),
            None,
            (),
            "1, the same for everybody; only after the visitor has opted out on this origin",
            "until the visitor opts in again",
            "localStorage of your site: a second witness, should the cookie be swept away",
            is_optout=True,
        ),
        Stored(
            f"{brand}_unsent",
            "web",
            (ANY_SITE,),
            None,
            (STORE, *MEASURE),
            "messages that the collector could not take, 50 at most",
            f"{_days(UNSENT_DAYS)}, or until they are sent with the next page",
            "localStorage of your site; not for a visitor who may not be recognised",
        ),
    ]
    if configuration.sync:
        stored.append(
            Stored(
                f"{brand}_sync",
                "web",
                (ANY_SITE,),
                None,
                (STORE, *MATCH),
                "when advertising IDs were last matched, for each partner",
                f"{_days(max(partner.days for partner in configuration.sync))} at most",
                "localStorage of your site; only where advertising IDs may be matched",
            )
        )
    return stored


def _on_the_choices_page(configuration: Configuration) -> list[Stored]:
    """What the platform keeps on its own domain, where ads come from and a visitor opts out."""
    if configuration.adchoices is None:
        return []
    host = str(urlsplit(configuration.adchoices.choices).hostname)
    domains = (host, f"*.{host}")
    where = f"a cookie on {host}; {_NONE}"
    return [
        Stored(
            f"{configuration.tag.brand}_id",
            "cookie",
            domains,
            configuration.visitor.cookie_days * DAY,
            (STORE, *TAILOR),
            "128 random bits, nothing else",
            f"{_days(configuration.visitor.cookie_days)}, renewed with each ad",
            f"{where}; HttpOnly",
            is_renewed=True,
        ),
        _optout(configuration, domains, where),
    ]


def _optout(configuration: Configuration, domains: tuple[str, ...], where: str) -> Stored:
    """The opt-out needs no consent: it is what the visitor asks for."""
    return Stored(
        f"{configuration.tag.brand}_optout",
        "cookie",
        domains,
        OPTOUT_DAYS * DAY,
        (),
        "1, the same for everybody; only after the visitor has opted out",
        "five years and two days, renewed on each contact; most browsers cut it to 400 days",
        where,
        is_renewed=True,
        is_optout=True,
    )


def _contacted(configuration: Configuration) -> list[Contacted]:
    tag = configuration.tag
    contacted = [
        Contacted(tag.assets, ("script-src",), (), "The tag's own files"),
        Contacted(
            tag.collector,
            ("connect-src", "img-src"),
            (STORE, *MEASURE),
            "Messages and pixels",
            is_clients=configuration.visitor.set_by == "server",
        ),
    ]
    for partner in configuration.sync:
        use = f"Matching of advertising IDs with {partner.partner}"
        contacted.append(Contacted(_origin(partner.url), ("img-src",), (STORE, *MATCH), use))
    if configuration.adchoices:
        use = "The opt-out, where a visitor asks for it"
        contacted.append(Contacted(_origin(configuration.adchoices.choices), (), (), use))
    return contacted


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _days(number: int) -> str:
    return f"{number} {'day' if number == 1 else 'days'}"
