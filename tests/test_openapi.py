"""`openapi.json` is valid, says the same as the schema, and what it says is what servers answer."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from conformance.check import Probe
from conformance.target import Pace, Target, client_context
from examples.collector.cookies import VisitorCookie
from examples.collector.organizations import Organizations
from examples.collector.server import Collector
from fixtures.authority import Authority
from fixtures.server import FixtureServer
from tests.build_runner import Build, configuration, run_build
from tests.collectors.serving import CLIENTS, DOMAIN, HOST, Memory, Serving

Json = dict[str, Any]
COLLECTOR = {"/events", "/pixel.gif", "/organization", "/match", "/sync"}
CHOICES = {"/optout", "/optin", "/kept", "/status"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The default configuration, built once."""
    build = run_build(tmp_path_factory.mktemp("default"), configuration())
    assert build.exit_code == 0, build.stderr
    return build


def document_of(build: Build) -> Json:
    """Its `openapi.json`."""
    document: Json = json.loads(build.text("openapi.json"))
    return document


def beacon_validator(document: Json) -> Draft202012Validator:
    """Validates against the document's beacon."""
    return Draft202012Validator({**document, "$ref": "#/components/schemas/Beacon"})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {'set_by = "script"': 'set_by = "server"'},
        {'brand = "azalead"': 'brand = "petal"', "hash_routes = false": "hash_routes = true"},
    ],
    ids=["default", "server", "brand"],
)
def test_the_document_is_valid(tmp_path: Path, changes: dict[str, str]) -> None:
    document = document_of(run_build(tmp_path, configuration(changes)))
    validate(document, cls=OpenAPIV31SpecValidator)
    assert set(document["paths"]) == COLLECTOR | CHOICES


def test_without_choices_the_document_has_none(tmp_path: Path) -> None:
    toml = re.sub(r"(?ms)^\[adchoices\].*", "", configuration())
    build = run_build(tmp_path, toml)
    assert build.exit_code == 0, build.stderr
    document = document_of(build)
    validate(document, cls=OpenAPIV31SpecValidator)
    assert set(document["paths"]) == COLLECTOR
    assert "choices" not in build.text("openapi.json").lower()


def test_document_and_schema_take_and_refuse_the_same(built: Build) -> None:
    schema = Draft202012Validator(json.loads(built.text("beacon.schema.json")))
    described = beacon_validator(document_of(built))
    probe = Probe(
        Target("collector.example", 443, "", client_context()), Pace(), "https://a.example"
    )
    plain = probe.beacon()
    earlier = {"page": plain["page"], "events": plain["events"]}
    right = [
        plain,
        plain | {"release": "2026-11-30", "previous": [earlier]},
        plain | {"previous": []},
        plain | {"calls": [{"0": "event", "1": "signup"}]},
        probe.beacon({"seq": 4, "type": "forget", "at": 1795459025842}),
    ]
    wrong = [
        plain | {"previous": [plain]},
        plain | {"previous": [{"page": plain["page"]}]},
        plain | {"previous": [earlier | {"events": []}]},
        plain | {"previous": earlier},
        plain | {"release": ""},
        plain | {"release": 7},
        plain | {"events": []},
        probe.beacon({"seq": 4, "type": "forget"}),
        {name: value for name, value in plain.items() if name != "page"},
    ]
    for beacon in right:
        assert schema.is_valid(beacon), list(schema.iter_errors(beacon))
        assert described.is_valid(beacon)
    for beacon in wrong:
        assert not schema.is_valid(beacon)
        assert not described.is_valid(beacon)


def test_the_document_names_who_answers_what(built: Build) -> None:
    document = document_of(built)
    choices = "https://choices.localhost:8443/"
    assert document["servers"][0]["url"] == "https://collector.localhost:8443"
    for path, item in document["paths"].items():
        own = [each["url"] for each in item.get("servers", [])]
        assert own == ([choices] if path in CHOICES else [])


def test_a_cookie_is_described_only_where_the_collector_sets_it(
    built: Build, tmp_path: Path
) -> None:
    own = run_build(tmp_path, configuration({'set_by = "script"': 'set_by = "server"'}))
    for build, is_set in ((built, False), (own, True)):
        headers = document_of(build)["paths"]["/events"]["post"]["responses"]["204"]["headers"]
        assert ("Set-Cookie" in headers) == is_set


class Texts(HTMLParser):
    """The texts of a page's element with an id."""

    def __init__(self, identifier: str) -> None:
        """Look for the section."""
        super().__init__()
        self._identifier, self._is_inside, self.text = identifier, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice where the section begins."""
        if tag == "section":
            self._is_inside = dict(attrs).get("id") == self._identifier

    def handle_data(self, data: str) -> None:
        """Keep its text."""
        self.text += data if self._is_inside else ""


def test_the_install_page_shows_each_operation_and_each_answer(built: Build) -> None:
    page = Texts("collector")
    page.feed(built.text("index.html"))
    text = " ".join(page.text.split())
    for path, item in document_of(built)["paths"].items():
        for method, operation in item.items():
            if method == "servers":
                continue
            assert f"{method.upper()} {path}" in text
            assert operation["summary"] in text
            assert set(operation["responses"]) <= set(text.split())


# What servers answer


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    """Where the collector is served."""
    serving = Serving()
    yield serving
    serving.close()


def explore(built: Build, url: str, authority: Authority, *options: str) -> str:
    """Let schemathesis make requests from the document, right ones and wrong ones; what it says."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", str(built.out / "openapi.json")),
        # Not every resolver knows names below localhost.
        *("--url", url.replace(HOST, "localhost"), "--tls-verify", str(authority.pem_file)),
        *("--checks", "not_a_server_error,status_code_conformance,response_schema_conformance"),
        *("--max-examples", "10", "--seed", "25", "--phases", "coverage,fuzzing", "--no-color"),
        *options,
    ]
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=built.out.parent, capture_output=True, text=True, check=False, timeout=50
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    return told


def test_nothing_that_the_document_allows_or_forbids_brings_the_collector_down(
    built: Build, serving: Serving
) -> None:
    cookie = VisitorCookie(DOMAIN)
    application = Collector(Memory(), Organizations(), cookie, CLIENTS).application()
    with serving.serve(application) as url:
        told = explore(built, url, serving.authority, "--exclude-tag", "choices")
    assert "Tested: 6" in told


def test_nothing_that_the_document_allows_or_forbids_brings_the_choices_down(built: Build) -> None:
    with FixtureServer() as server:
        server.serve_choices("/", built.out)
        url = f"https://localhost:{server.port('choices')}"
        host = "Host: choices.localhost"
        options = ("--include-tag", "choices", "--header", host)
        told = explore(built, url, server.authority, *options)
    assert "Tested: 4" in told


def test_a_collector_that_falls_over_is_noticed(built: Build, serving: Serving) -> None:
    @web.middleware
    async def fall(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=500) if len(request.query) > 2 else await handler(request)

    application = Collector(Memory(), clients=CLIENTS).application()
    application.middlewares.append(fall)
    with serving.serve(application) as url, pytest.raises(AssertionError, match="Server error"):
        explore(built, url, serving.authority, "--include-path", "/pixel.gif")
