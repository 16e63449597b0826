"""The ledger: what a test may wait for, compare and print."""

import time
from itertools import count
from threading import Thread

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from fixtures.exchange import Connection, Exchange, Moment
from fixtures.ledger import Ledger, LedgerTimeoutError

SOON = 0.05
"""Seconds to wait for what will not come."""

serials = count(1)


def an_exchange(target: str = "/", host: str = "collector.localhost") -> Exchange:
    """An exchange as the recorder begins one."""
    now = Moment.now()
    return Exchange(
        serial=next(serials),
        connection=Connection(1, now, "127.0.0.1"),
        role=host.partition(".")[0],
        host=host,
        method="GET",
        target=target,
        headers=CIMultiDictProxy(CIMultiDict()),
        raw_headers=(),
        headers_at=now,
        body_at=now,
    )


def a_ledger_with(*exchanges: Exchange) -> Ledger:
    """A ledger in which these are written down."""
    ledger = Ledger()
    for exchange in exchanges:
        ledger.record(exchange)
    return ledger


def test_wait_finds_what_came_before() -> None:
    """A request that was quicker than the test is not missed."""
    wanted = an_exchange("/b")
    ledger = a_ledger_with(an_exchange("/a"), wanted)
    assert ledger.wait(lambda entry: entry.path == "/b") is wanted


def test_wait_finds_what_comes_later_from_another_thread() -> None:
    """The waiting thread is woken by the recording one."""
    ledger = Ledger()
    wanted = an_exchange("/b")
    recording = Thread(target=ledger.record, args=(wanted,))
    recording.start()
    assert ledger.wait(lambda entry: entry.path == "/b") is wanted
    recording.join()


def test_wait_asks_again_when_an_exchange_is_answered() -> None:
    """A test can wait for an answer's status."""
    held = an_exchange("/held")
    ledger = a_ledger_with(held)

    def answer() -> None:
        held.status = 204
        ledger.answered(held)

    answering = Thread(target=answer)
    answering.start()
    assert ledger.wait(lambda entry: entry.status == 204) is held
    answering.join()


def test_a_wait_in_vain_shows_the_ledger() -> None:
    """Whoever reads the failure sees what came instead."""
    ledger = a_ledger_with(an_exchange("/elsewhere"))
    with pytest.raises(LedgerTimeoutError, match=r"0 of 1 .*\n.*collector\.localhost/elsewhere"):
        ledger.wait(lambda entry: entry.path == "/here", timeout=SOON)


def test_waiting_for_a_count_counts_an_exchange_once() -> None:
    """Being recorded and being answered are two notices of one exchange."""
    one = an_exchange("/a")
    ledger = a_ledger_with(one)
    ledger.answered(one)
    with pytest.raises(LedgerTimeoutError, match="1 of 2"):
        ledger.wait_for_count(lambda entry: entry.path == "/a", 2, timeout=SOON)


def test_a_mark_hides_what_came_before() -> None:
    """A test sees its own requests only, and no late answer to an earlier one."""
    before, after = an_exchange("/a"), an_exchange("/a")
    ledger = a_ledger_with(before)
    mark = ledger.mark()
    ledger.record(after)
    ledger.answered(before)
    assert ledger.select(since=mark) == [after]
    assert ledger.wait(lambda entry: entry.path == "/a", since=mark) is after


def test_select_compares_all_that_is_given() -> None:
    """Role, host, method and path narrow a selection together."""
    wanted = an_exchange("/events?x=1", "collector.localhost")
    ledger = a_ledger_with(wanted, an_exchange("/events", "cdn.localhost"), an_exchange("/live"))
    assert ledger.select(role="collector", host="collector", method="GET", path="/events") == [
        wanted
    ]


def test_quiet_waits_for_a_request_that_is_half_received() -> None:
    """Nothing may be said about absence while bytes are on their way."""
    ledger = Ledger()
    half = an_exchange("/slow")
    ledger.begin(half)
    with pytest.raises(LedgerTimeoutError, match=r"half received.*\n.*/slow"):
        ledger.quiet(timeout=SOON)
    ledger.record(half)
    ledger.quiet(timeout=SOON)


def test_a_bounded_ledger_forgets_the_oldest_and_counts_all() -> None:
    """A demo that runs for days stays small."""
    ledger = Ledger(keep=2)
    first, second, third = (an_exchange(path) for path in ("/1", "/2", "/3"))
    ledger.record(first)
    mark = ledger.mark()
    ledger.record(second)
    ledger.record(third)
    assert ledger.select() == ledger.select(since=mark) == [second, third]
    assert ledger.total == 3


def test_a_listener_hears_until_it_stops() -> None:
    """Listening can be undone."""
    ledger = Ledger()
    heard: list[Exchange] = []
    stop = ledger.listen(heard.append)
    ledger.record(one := an_exchange())
    stop()
    ledger.record(an_exchange())
    assert heard == [one]


def test_recording_stays_quick_in_a_long_ledger() -> None:
    """Writing down takes the same time whatever the ledger holds: 20,000 in well under a second."""
    ledger = Ledger()
    exchange = an_exchange()
    began = time.process_time()
    for _ in range(20_000):
        ledger.record(exchange)
    assert time.process_time() - began < 1
