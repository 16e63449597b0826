"""The fixture server's collector and choices keep to the contract that everybody else's must."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web
from multidict import CIMultiDict

from conformance.check import Check, Probe
from conformance.runner import Result, choices_checks, collector_checks, run
from conformance.target import Pace, Target, client_context
from fixtures.choices import Choices
from fixtures.cookies import Cookies
from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.build_runner import configuration, run_build
from tests.collectors.serving import UNHURRIED, failed

NUMBERS = count(1)
Change = Callable[[Exchange, web.StreamResponse], None]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with a choices page."""
    build = run_build(tmp_path_factory.mktemp("built"), configuration())
    assert build.exit_code == 0, build.stderr
    return build.out


@pytest.fixture(scope="module")
def server() -> Iterator[FixtureServer]:
    """A server that no other test asks."""
    with FixtureServer() as running:
        yield running


def outcomes(
    server: FixtureServer, url: str, checks: list[Check], origin: str | None = None
) -> list[Result]:
    """What comes of these checks at an address of the fixture server."""
    target = Target.of(url, client_context(server.authority.pem_file))
    pace = Pace(UNHURRIED, stretch=0.05, patience=10)
    return run(Probe(target, pace, origin or target.origin), checks)


def test_the_fixture_collector_passes_every_check(server: FixtureServer) -> None:
    checks = collector_checks(server_cookie=False)
    results = outcomes(server, server.site("collector"), checks, server.site("publisher"))
    assert failed(results) == set()


def test_the_fixture_collector_of_a_client_passes_every_check(server: FixtureServer) -> None:
    url = server.set_visitor_cookies("collector.publisher-17")
    checks = collector_checks(server_cookie=True)
    assert failed(outcomes(server, url, checks, server.site("publisher-17"))) == set()


def test_the_fixture_choices_pass_every_check(server: FixtureServer, dist: Path) -> None:
    url = server.serve_choices("/checked/", dist)
    assert failed(outcomes(server, url, choices_checks())) == set()


@dataclass(frozen=True)
class BrokenChoices:
    """A choices server that breaks the contract in one thing."""

    name: str
    change: Change
    expected: frozenset[str]


def _on(*paths: str, change: Change) -> Change:
    """A change of what these paths answer."""

    def only(exchange: Exchange, response: web.StreamResponse) -> None:
        if exchange.path in paths:
            change(exchange, response)

    return only


def _cookies(rewrite: Callable[[str], str | None]) -> Change:
    def change(_exchange: Exchange, response: web.StreamResponse) -> None:
        values = map(rewrite, response.headers.popall("Set-Cookie", []))
        response.headers.extend(CIMultiDict([("Set-Cookie", each) for each in values if each]))

    return change


def _opt_in_for_all(exchange: Exchange, response: web.StreamResponse) -> None:
    if exchange.path == "/optin" and exchange.method == "POST" and response.status == 403:
        response.set_status(303)
        response.headers["Set-Cookie"] = "azalead_optout=; Path=/; Max-Age=0; Secure"


def _opt_in_by_origin_alone(exchange: Exchange, response: web.StreamResponse) -> None:
    """Takes silence for consent."""
    if "Origin" not in exchange.headers:
        _opt_in_for_all(exchange, response)


def _told_what_was_wanted(exchange: Exchange, response: web.StreamResponse) -> None:
    if isinstance(response, web.Response) and exchange.query.get("wanted") == "optout":
        body = bytes(response.body) if isinstance(response.body, bytes) else b""
        # In the element alone: the style sheet names the outcomes too.
        response.body = re.sub(
            rb'(<\w+ [^<>]*data-kept=")(?:refused|opted-in)"', rb'\1opted-out"', body
        )


def _identifier_for_all(_exchange: Exchange, response: web.StreamResponse) -> None:
    if isinstance(response, web.Response):
        response.text = (response.text or "").replace("}", ', "identifier": true}')


BROKEN = [
    BrokenChoices(
        "opts out for a year",
        _cookies(lambda text: text.replace("Max-Age=158025600", "Max-Age=31536000")),
        frozenset({"choices-optout", "choices-renews"}),
    ),
    BrokenChoices(
        "leaves the identifier",
        _cookies(lambda text: None if text.startswith("azalead_id") else text),
        frozenset({"choices-optout"}),
    ),
    BrokenChoices(
        "opts out of one site's pages",
        _cookies(lambda text: text.replace("SameSite=None", "SameSite=Lax")),
        frozenset({"choices-optout-everywhere"}),
    ),
    BrokenChoices(
        "opts in for whoever asks",
        _opt_in_for_all,
        frozenset({"choices-optin-not-for-others", "choices-optin-without-proof"}),
    ),
    BrokenChoices(
        "takes silence for proof",
        _opt_in_by_origin_alone,
        frozenset({"choices-optin-without-proof"}),
    ),
    BrokenChoices(
        "claims what was wanted",
        _on("/kept", change=_told_what_was_wanted),
        frozenset({"choices-kept", "choices-kept-not-by-link"}),
    ),
    BrokenChoices(
        "tells everybody of an identifier",
        _on("/status", change=_identifier_for_all),
        frozenset({"choices-status-hides-identifier"}),
    ),
    BrokenChoices(
        "lets itself be framed under its own name",
        _on(
            "/choices.html",
            change=lambda _, response: response.headers.update({"Content-Security-Policy": ""}),
        ),
        frozenset({"choices-not-framed"}),
    ),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_broken_choices_fail_what_they_break_and_nothing_else(
    server: FixtureServer, dist: Path, broken: BrokenChoices
) -> None:
    host = f"choices.client-{next(NUMBERS)}.localhost"
    choices = Choices(Cookies(host))
    choices.add_page("/", dist)

    async def answer(request: web.BaseRequest, exchange: Exchange) -> web.StreamResponse:
        response = await choices.answer(request, exchange)
        broken.change(exchange, response)
        return response

    url = server.serve_host(host, answer)
    assert failed(outcomes(server, url, choices_checks())) == broken.expected
