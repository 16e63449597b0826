"""The check of a collector: sound ones pass, and each broken one fails just what it breaks."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from conformance.check import Check
from conformance.runner import PASSED, SKIPPED, collector_checks
from examples.collector.cookies import VisitorCookie
from examples.collector.organizations import Organizations
from examples.collector.server import Collector
from tests.collectors.broken import BROKEN, Broken
from tests.collectors.http2_server import http2_collector
from tests.collectors.serving import CLIENTS, DOMAIN, Memory, Serving, failed, outcomes

HTTP2 = {"http2-takes-beacon", "http2-streams"}


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    """Where the collectors are served."""
    serving = Serving()
    yield serving
    serving.close()


def named(*names: str) -> Sequence[Check]:
    """These checks alone."""
    chosen = [check for check in collector_checks(server_cookie=False) if check.name in names]
    assert len(chosen) == len(names)
    return chosen


@pytest.mark.parametrize("set_by", ["script", "server"])
def test_the_reference_collector_passes_every_check(serving: Serving, set_by: str) -> None:
    by_server = set_by == "server"
    cookie = VisitorCookie(DOMAIN) if by_server else None
    checks = collector_checks(server_cookie=by_server)
    with serving.serve(Collector(Memory(), Organizations(), cookie, CLIENTS).application()) as url:
        results = outcomes(serving.authority, url, checks, server_cookie=by_server)
    passed = {result.check.name for result in results if result.outcome == PASSED}
    assert failed(results) == set()
    assert passed == {check.name for check in checks} - HTTP2


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_collector_fails_what_it_breaks_and_nothing_else(
    serving: Serving, broken: Broken
) -> None:
    checks = collector_checks(server_cookie=broken.server_cookie)
    with serving.serve(broken.make()) as url:
        results = outcomes(serving.authority, url, checks, server_cookie=broken.server_cookie)
    assert failed(results) == broken.expected


def test_a_collector_that_answers_late_fails(serving: Serving) -> None:
    @web.middleware
    async def late(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(0.26)
        return await handler(request)

    application = Collector(Memory()).application()
    application.middlewares.append(late)
    checks = named("takes-view", "answers-within-250-ms")
    with serving.serve(application) as url:
        assert failed(outcomes(serving.authority, url, checks)) == {"answers-within-250-ms"}


def test_a_collector_that_one_stalled_visitor_holds_up_fails(serving: Serving) -> None:
    async def make() -> web.Application:
        turn = asyncio.Lock()

        @web.middleware
        async def alone(request: web.Request, handler: Handler) -> web.StreamResponse:
            async with turn:
                return await handler(request)

        application = Collector(Memory()).application()
        application.middlewares.append(alone)
        return application

    checks = named("takes-view", "survives-stalled-body", "takes-body-behind-head")
    with serving.serve(asyncio.run(make())) as url:
        results = outcomes(serving.authority, url, checks, patience=1.0)
    assert failed(results) == {"survives-stalled-body"}


def test_http_2_is_checked_where_it_is_spoken(serving: Serving) -> None:
    with http2_collector(serving.authority) as url:
        results = outcomes(serving.authority, url, named(*HTTP2))
    assert [result.outcome for result in results] == [PASSED, PASSED]


def test_http_2_that_drops_streams_fails(serving: Serving) -> None:
    with http2_collector(serving.authority, mute_after=3) as url:
        results = outcomes(serving.authority, url, named(*HTTP2))
    assert failed(results) == {"http2-streams"}


def test_a_collector_without_http_2_is_not_blamed(serving: Serving) -> None:
    with serving.serve(Collector(Memory()).application()) as url:
        results = outcomes(serving.authority, url, named(*HTTP2))
    assert [result.outcome for result in results] == [SKIPPED, SKIPPED]
    assert "HTTP/1.1 alone" in results[0].expected
