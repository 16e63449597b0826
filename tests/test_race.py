"""The race's own sums: what peers' requests tell, which view is which, and what is over bare."""

import gzip
import json
from pathlib import Path

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from fixtures.exchange import Connection, Exchange, Moment
from tests.race.arithmetic import Spread, over, percentile, share, spread
from tests.race.peers import PEERS
from tests.race.peers.peer import Peer, Told
from tests.race.racers import Racer
from tests.race.reading import Stay, records, result
from tests.race.summary import figures, summarise

SAMPLES = json.loads((Path(__file__).parent / "race" / "samples.json").read_text(encoding="utf-8"))
"""Requests of each peer as they came from Chromium, cut down to what is read of them."""

TOLD = {
    "plausible": [Told("view", "/"), Told("dwell", "/", milliseconds=3139, adds=True)],
    "umami": [Told("view", "/")],
    "swetrix": [Told("view", "/")],
    "snowplow": [
        Told("view", "/", "579f9732", "73707149"),
        Told("dwell", "/", "579f9732", "167645ba", milliseconds=1000, adds=True),
    ],
    "clarity": [Told("view", "/", "1heq5us 1wc96n8 1")],
    "segment": [Told("view", "/", identity="ajs-next-1795376608773")],
    "countly": [
        Told("view", "/", "20170"),
        Told("dwell", "/", "20170", milliseconds=3000, adds=True),
    ],
    "rudderstack": [
        Told("view", "/", identity="b79a45a6"),
        Told("dwell", "/", identity="c5388cd5", milliseconds=3026),
    ],
    "amplitude": [Told("view", "/", identity="087e722a")],
    "mixpanel": [Told("view", "/", identity="jmup1gp5guy3p6z0")],
    "posthog": [
        Told("view", "/", "01a204c9-5928", "01a204c9-5928"),
        Told("dwell", "/", "01a204c9-5928", "01a204c9-64c0", milliseconds=2924),
    ],
    "web-vitals": [],
}

BY_KEY = {peer.key: peer for peer in PEERS}


def request(peer: Peer, target: str, body: bytes, method: str = "POST") -> Exchange:
    """A whole request to a peer's collector."""
    now = Moment.now()
    return Exchange(
        serial=1,
        connection=Connection(1, now, "127.0.0.1"),
        role="collector",
        host=peer.collector_host,
        method=method,
        target=target,
        headers=CIMultiDictProxy(CIMultiDict()),
        raw_headers=(),
        headers_at=now,
        body=body,
        body_at=now,
    )


def racer(peer: Peer) -> Racer:
    """A peer at the start, without a page."""
    return Racer(peer.key, peer.name, "1", "", frozenset({peer.collector_host}), peer)


@pytest.mark.parametrize("key", sorted(BY_KEY))
def test_each_peers_requests_are_read_as_what_they_tell(key: str) -> None:
    peer, sample = BY_KEY[key], SAMPLES[key]

    told = [
        each
        for body in sample["bodies"]
        for each in racer(peer).told(request(peer, sample["path"], body.encode()))
    ]

    assert told == TOLD[key]


def test_a_compressed_body_is_read_like_a_plain_one() -> None:
    peer, sample = BY_KEY["posthog"], SAMPLES["posthog"]

    told = racer(peer).told(request(peer, "/e/", gzip.compress(sample["bodies"][0].encode())))

    assert told == TOLD["posthog"][:1]


def test_preflights_other_paths_and_half_requests_tell_nothing() -> None:
    peer, body = BY_KEY["plausible"], SAMPLES["plausible"]["bodies"][0].encode()
    half = request(peer, "/api/event", body)
    half.body_at = None

    assert racer(peer).told(request(peer, "/api/event", body))
    assert not racer(peer).told(request(peer, "/api/event", b"", "OPTIONS"))
    assert not racer(peer).told(request(peer, "/elsewhere", body))
    assert not racer(peer).told(half)


def test_a_dwell_without_a_page_belongs_to_the_latest_view_of_its_path() -> None:
    told = [
        Told("view", "/"),
        Told("dwell", "/", milliseconds=100, adds=True),
        Told("dwell", "/", milliseconds=50, adds=True),
        Told("view", "/"),
        Told("dwell", "/", milliseconds=30, adds=True),
    ]

    assert [record.dwell for record in records(told)] == [150, 30]


def test_the_longest_dwell_counts_where_dwells_do_not_add() -> None:
    told = [Told("dwell", "/", "a", milliseconds=20), Told("dwell", "/", "a", milliseconds=10)]

    assert [record.dwell for record in records(told)] == [20]


def test_a_repeat_counts_once_where_its_receiver_can_know() -> None:
    known = [Told("view", "/", "a", "1"), Told("view", "/", "a", "1")]
    unknown = [Told("view", "/"), Told("view", "/")]

    assert result([Stay("/", 500)], known).doubled == 0
    assert result([Stay("/", 500)], unknown).doubled == 1


def test_a_view_of_another_path_is_lost_here_and_one_too_many_there() -> None:
    came = result([Stay("/", 500)], [Told("view", "/other")])

    assert (came.viewed, came.doubled) == ((False,), 1)


def test_records_and_stays_are_matched_as_is_best_for_the_tag() -> None:
    stays = [Stay("/", 3000), Stay("/next", 400), Stay("/", 500)]
    told = [
        Told("view", "/", "late"),
        Told("dwell", "/", "late", milliseconds=510),
        Told("view", "/", "early"),
        Told("dwell", "/", "early", milliseconds=2990),
    ]

    came = result(stays, told)

    assert came.viewed == (True, False, True)
    assert came.dwells == (2990, None, 510)


def test_of_dwell_the_time_that_is_told_too_much_does_not_make_up_for_what_is_lost() -> None:
    came = {"stays": [1000, 1000], "viewed": [True, True], "dwells": [2000, None], "doubled": 0}

    found = figures([came], dwell=True)

    assert found["time"] == 0.5
    assert found["dwells"] == 1
    assert found["error"] == {"median": 1000, "p95": 1000, "worst": 1000}


def test_what_a_tag_does_not_claim_is_not_counted() -> None:
    came = {"stays": [1000], "viewed": [True], "dwells": [None], "doubled": 0}

    assert figures([came], dwell=False) == {
        "sent": 1,
        "views": 1,
        "lost": 0,
        "doubled": 0,
        "dwells": None,
    }


def test_spreads_are_quartiles_and_costs_are_over_the_median_bare_page() -> None:
    assert spread([5, 1, 3, 2, 4]) == Spread(2, 3, 4)
    assert spread([7]) == Spread(7, 7, 7)
    assert spread([]) is None
    assert over([5, 1, 3, 2, 4], [1, 2, 2]) == Spread(0, 1, 2)
    assert over([1], []) is None


def test_percentiles_and_shares() -> None:
    assert percentile([*range(1, 21)], 0.95) == 19
    assert percentile([4], 0.95) == 4
    assert percentile([], 0.95) is None
    assert share(1, 4) == 0.25
    assert share(1, 0) is None


def test_modes_that_an_engine_cannot_do_are_left_out_of_the_sums() -> None:
    cost = {
        "samples": {"task": [5.0]},
        "wire": {"script": 10, "snippet": 2, "sent": 1, "requests": 1},
        "started": {"listeners": 3},
    }
    entrants = [
        {"key": "bare", "bare": True, "views": False, "dwell": False},
        {"key": "ours", "bare": False, "views": True, "dwell": True},
    ]
    came = {"stays": [100], "viewed": [True], "dwells": [90], "doubled": 0}
    raw = {
        "weighed": {"chromium": {"entrants": entrants, "costs": {"bare": cost, "ours": cost}}},
        "delivered": {
            "chromium": {
                "close": {"impossible": "", "results": {"ours": [came]}},
                "hide": {"impossible": "no way", "results": {}},
            }
        },
    }

    found = summarise(raw, ["chromium"])

    assert found["totals"]["ours"]["sent"] == 1
    assert found["delivery"]["chromium"]["hide"] == {"impossible": "no way"}
    assert found["costs"]["chromium"]["ours"]["task"] == {"low": 0, "middle": 0, "high": 0}
    assert found["entrants"][1]["wire"]["down"] == 12


def test_a_body_that_is_not_well_formed_tells_nothing() -> None:
    peer = BY_KEY["amplitude"]

    assert not racer(peer).told(request(peer, "/2/httpapi", b'{"events": "[]"}'))
    assert not racer(peer).told(request(peer, "/2/httpapi", b"neither JSON nor anything"))
