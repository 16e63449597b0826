"""The choices page as tests see it: what it shows, and what browser and server then hold."""

from itertools import count

from fixtures.cookies import Cookies, Held
from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Cookie, Visitor

NUMBERS = count(1)
DAY = 86400
"""Seconds."""

OUT, IN = "You are opted out", "You have not opted out"
REFUSED = "Your browser did not keep your choice"
OPT_OUT, OPT_IN = "[action=optout] button", "[action=optin] button"

MULTILINGUAL = {"adchoices.languages": ["en", "fr", "fr-CA", "de"]}
"""What makes a build whose page speaks English, French, Canadian French and German."""

COOKIES = Cookies("choices.localhost")


def wait_for_state(visitor: Visitor, title: str) -> None:
    """Until the card says so, with its one button."""
    button = OPT_IN if title == OUT else OPT_OUT
    visitor.wait_until(
        f"document.querySelector('.choice h2').textContent === {title!r}"
        f" && document.querySelector({button!r}).offsetHeight > 0"
    )
    other = OPT_OUT if title == OUT else OPT_IN
    assert visitor.evaluate(f"document.querySelector({other!r}).offsetHeight") == 0


def opt_out(visitor: Visitor) -> None:
    """Press the button, and wait until the page says that the choice was kept."""
    visitor.click(OPT_OUT)
    wait_for_state(visitor, OUT)


def opt_in(visitor: Visitor) -> None:
    """Press the other button, and wait until the page says that the opt-out is gone."""
    visitor.click(OPT_IN)
    wait_for_state(visitor, IN)


def facts(visitor: Visitor) -> dict[str, str]:
    """What the page says that the browser holds and signals."""
    shown = visitor.evaluate(
        "[...document.querySelectorAll('.facts > div')].map((fact) => fact.innerText)"
    )
    return dict(each.strip().split("\n", 1) for each in shown)


def ours(visitor: Visitor, url: str) -> dict[str, Cookie]:
    """The platform's cookies that the browser holds for an address, by name."""
    return {cookie.name: cookie for cookie in visitor.cookies(url)}


def identify(visitor: Visitor, server: FixtureServer) -> None:
    """Let the platform's domain recognise the visitor, as an ad server does."""
    (cookie,) = COOKIES.renewal(Held(None, opted_out=False), mint=True)
    path = f"/ad-{next(NUMBERS)}"
    visitor.open(server.serve("choices", path, "<title>Ad</title>", headers={"Set-Cookie": cookie}))


def asked(server: FixtureServer, since: int, name: str) -> list[Exchange]:
    """The requests to an endpoint of the choices origin."""
    entries = server.ledger.select(role="choices", since=since)
    return [entry for entry in entries if entry.path.endswith(f"/{name}")]


def plant_opt_out(visitor: Visitor, server: FixtureServer, host: str) -> None:
    """An opt-out that ends tomorrow."""
    cookie = f"azalead_optout=1; Max-Age={DAY}; Path=/; Domain={host}; Secure; SameSite=None"
    path = f"/opted-out-{next(NUMBERS)}"
    visitor.open(server.serve(host, path, "<title>Out</title>", headers={"Set-Cookie": cookie}))
