"""What the check of a collector says, where it goes, and how much it asks."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from conformance.__main__ import FAILS, UNREACHABLE, WRONG_USE, main
from conformance.check import Probe
from conformance.runner import choices_checks, collector_checks, run
from conformance.target import MOST_REQUESTS, ExhaustedError, Pace, Target, client_context
from examples.collector.server import Collector
from tests.build_runner import ROOT, configuration, run_build
from tests.collectors.serving import CLIENTS, UNHURRIED, Memory, Serving

EVERY_CHECK = [*collector_checks(server_cookie=True), *choices_checks()]


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    """Where collectors are served."""
    serving = Serving()
    yield serving
    serving.close()


@pytest.fixture
def mute(serving: Serving) -> Iterator[str]:
    """A collector that says 500 to every beacon."""

    async def fail(_request: web.Request) -> web.Response:
        return web.Response(status=500, text="no database")

    application = web.Application()
    application.router.add_post("/events", fail)
    application.router.add_get("/pixel.gif", fail)
    with serving.serve(application) as url:
        yield url


def test_a_failure_says_what_was_sent_what_came_and_what_the_contract_says(
    serving: Serving, mute: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [mute, "--ca", str(serving.authority.pem_file), "--rate", "9999"]
    assert main(arguments) == FAILS
    told = capsys.readouterr().out
    assert "FAILED  takes-view" in told
    explained = told[told.index("\ntakes-view\n") : told.index("\ntakes-dwell\n")]
    assert "the contract: A page view is stored and answered with a 2xx status" in explained
    assert "docs/collector.md#what-is-taken; openapi.json#/paths/~1events" in explained
    assert "expected:     a 2xx status" in explained
    assert "was sent:     POST /events\n" in explained
    assert '{"v": 1, "site": "conformance"' in explained
    assert re.search(r"came: +500 after \d+ ms\n", explained)
    assert "no database" in explained


def test_the_report_for_machines_has_every_check(
    serving: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving.serve(Collector(Memory(), clients=CLIENTS).application()) as url:
        arguments = [url, "--ca", str(serving.authority.pem_file), "--rate", "9999", "--json"]
        assert main(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "conforms"
    names = [check.name for check in collector_checks(server_cookie=False)]
    assert [check["name"] for check in report["checks"]] == names
    assert {check["outcome"] for check in report["checks"]} == {"passed", "skipped"}


def test_a_server_that_is_not_there_is_neither_right_nor_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["https://collector.localhost:9", "--json", "--insecure"]) == UNREACHABLE
    told = capsys.readouterr()
    assert json.loads(told.out)["verdict"] == "unchecked"
    assert told.err.startswith("https://collector.localhost:9: ")


def test_a_certificate_that_nobody_knows_is_not_trusted(
    mute: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([mute]) == UNREACHABLE
    assert "certificate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://collector.example", "begins with https://"),
        ("collector.example", "begins with https://"),
        ("https://collector.example/?a=b", "neither a query"),
        ("https://user@collector.example", "nor a user"),
        ("https://collector.example:port", "port"),
        ("https://[", "Invalid"),
    ],
)
def test_an_address_that_no_collector_has_is_one_clear_line(
    url: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([url]) == WRONG_USE
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(url)
    assert why in line


def test_a_file_without_certificates_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.pem").write_text("")
    assert main(["https://collector.example", "--ca", str(tmp_path / "empty.pem")]) == WRONG_USE
    assert "no certificates in PEM" in capsys.readouterr().err


def test_a_redirect_is_not_followed(serving: Serving) -> None:
    asked: list[str] = []

    async def count(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=204)

    elsewhere = web.Application()
    elsewhere.router.add_route("*", "/{path:.*}", count)
    with serving.serve(elsewhere) as other:

        async def lead_on(_request: web.Request) -> web.Response:
            return web.Response(status=307, headers={"Location": f"{other}/events"})

        leading = web.Application()
        leading.router.add_route("*", "/{path:.*}", lead_on)
        with serving.serve(leading) as url:
            arguments = [url, "--ca", str(serving.authority.pem_file), "--rate", "9999"]
            assert main(arguments) == FAILS
        assert asked == []
        # The twin: it would have been counted.
        assert main([other, "--ca", str(serving.authority.pem_file), "--rate", "9999"]) == FAILS
        assert asked


def test_a_run_asks_no_more_than_it_may(serving: Serving) -> None:
    target_of = client_context(serving.authority.pem_file)
    with serving.serve(Collector(Memory(), clients=CLIENTS).application()) as url:
        pace = Pace(UNHURRIED, stretch=0.01)
        probe = Probe(Target.of(url, target_of), pace, "https://publisher.example")
        run(probe, collector_checks(server_cookie=False))
        assert 100 < pace.requests < MOST_REQUESTS / 2
        pace.requests = MOST_REQUESTS
        (result,) = run(probe, collector_checks(server_cookie=False)[:1])
    assert (result.outcome, pace.requests) == ("skipped", MOST_REQUESTS)
    with pytest.raises(ExhaustedError):
        pace.take_turn()


def test_requests_keep_their_distance() -> None:
    pace = Pace(rate=100)
    start = time.monotonic()
    for _turn in range(4):
        pace.take_turn()
    assert time.monotonic() - start >= 0.03


def test_every_check_has_a_name_of_its_own() -> None:
    names = [check.name for check in EVERY_CHECK]
    assert len(names) == len(set(names))
    assert len(names) >= 80


def test_every_check_leads_to_where_the_contract_says_it(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "collector.md").read_text(encoding="utf-8")
    headings = {
        heading.lower().replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", text, re.MULTILINE)
    }
    build = run_build(tmp_path, configuration())
    paths = json.loads(build.text("openapi.json"))["paths"]
    for check in EVERY_CHECK:
        assert check.section in headings, check.name
        assert check.operation in paths, check.name
        assert check.says.endswith("."), check.name
