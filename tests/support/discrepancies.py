"""Compares the ledger with what a test named: every difference becomes a sentence."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from fixtures.beacons import Beacon, beacon_of
from fixtures.exchange import Exchange
from tests.support.events import Arrival, events, events_of
from tests.support.site import Site
from tests.support.tag import Tag

HEARTBEAT = 5000
"""Milliseconds until the first dwell is sent where nothing can be left with the browser."""


def find(
    exchanges: list[Exchange],
    declared: Iterable[Arrival],
    *,
    sites: Iterable[Site],
    repeats_allowed: bool,
    is_dwell_optional: Callable[[str], bool],
) -> list[str]:
    """What is in the ledger and should not be, and what should be and is not."""
    named = list(declared)
    complaints = [
        *_bad_requests(exchanges, sites, broken_allowed=repeats_allowed),
        *_surplus(events(exchanges), named, repeats_allowed=repeats_allowed),
        *_shrinking(events(exchanges)),
        *_without_dwell(events(exchanges), is_dwell_optional),
    ]
    return list(dict.fromkeys(complaints))


def check_schema(beacon: Beacon, sites: Iterable[Site]) -> None:
    """Check a beacon against the schema of the tag that sent it.

    Raises:
        AssertionError: It satisfies none of the schemas of the tags on these sites.
    """
    complaint = _against_schema(beacon, sites)
    assert complaint is None, complaint


def pages_without_dwell(arrived: Iterable[Arrival]) -> set[str]:
    """The pages that were viewed and have not said how long."""
    types: dict[str, set[str]] = {}
    for arrival in arrived:
        types.setdefault(arrival.page_id, set()).add(arrival.type)
    return {page_id for page_id, seen in types.items() if "view" in seen and "dwell" not in seen}


def _bad_requests(
    exchanges: Iterable[Exchange], sites: Iterable[Site], *, broken_allowed: bool
) -> Iterator[str]:
    for exchange in exchanges:
        beacon = beacon_of(exchange)
        if exchange.method == "OPTIONS":
            yield f"a preflight, which a beacon must not need: {exchange}"
        elif exchange.broken:
            if not broken_allowed:
                yield f"a beacon broke off: {exchange}"
        elif beacon is not None:
            if complaint := _against_schema(beacon, sites):
                yield complaint
            numbers = [event.event["seq"] for event in events_of(exchange)]
            if numbers != sorted(numbers):
                yield f"its events are not in the order of their numbers: {exchange}"
        elif exchange.method == "POST" or exchange.query.get("e") == "events":
            yield f"a malformed beacon: {exchange} {exchange.body[:200]!r}"
        else:
            yield f"a pixel that nobody named: {exchange}"


def _against_schema(beacon: Beacon, sites: Iterable[Site]) -> str | None:
    tags = [tag for site in sites for tag in site.tags]
    faults = []
    for tag in tags:
        fault = _fault(tag, beacon.exchange)
        if fault is None:
            return None
        faults.append(fault)
    return f"{beacon.exchange} violates beacon.schema.json: {'; '.join(faults) or 'no tag'}"


@lru_cache(maxsize=4096)
def _fault(tag: Tag, exchange: Exchange) -> str | None:
    """What is wrong with a beacon, worked out once: each of its events asks, perhaps hundreds."""
    beacon = beacon_of(exchange)
    assert beacon is not None, f"no beacon: {exchange}"
    fault = next(tag.schema.iter_errors(beacon.document), None)
    return f"{fault.json_path}: {fault.message}" if fault else None


def _surplus(
    arrived: list[Arrival], named: list[Arrival], *, repeats_allowed: bool
) -> Iterator[str]:
    """Events that nobody named, but for one dwell of each page of which none was named.

    On a page that is open for long, a dwell may also come by the heartbeat, and then another.
    """
    places = {arrival.place for arrival in named}
    first_by_identity: dict[tuple[str, int], Arrival] = {}
    pages_with_dwell = {arrival.page_id for arrival in named if arrival.type == "dwell"}
    for arrival in arrived:
        earlier = first_by_identity.setdefault(arrival.identity, arrival)
        is_repeat = earlier is not arrival
        if is_repeat and earlier.event != arrival.event:
            yield f"two different events have one identity: {earlier} and {arrival}"
        elif (is_repeat and repeats_allowed) or arrival.place in places:
            continue
        elif arrival.type != "dwell" or is_repeat:
            yield f"nobody named this event: {arrival}"
        elif arrival.page_id not in pages_with_dwell:
            pages_with_dwell.add(arrival.page_id)
        elif arrival.event["visible"] < HEARTBEAT:
            yield f"nobody named this event: {arrival}"


def _shrinking(arrived: Iterable[Arrival]) -> Iterator[str]:
    """Dwells that replace one of the same page, and tell no more, or less, than it did.

    Of the scroll depth nothing follows: a page that has grown has been seen to a smaller share.
    """
    pages: dict[str, dict[int, Arrival]] = {}
    for arrival in arrived:
        if arrival.type == "dwell":
            pages.setdefault(arrival.page_id, {})[arrival.event["seq"]] = arrival
    for dwells in pages.values():
        for earlier, later in pairwise(dwells[seq] for seq in sorted(dwells)):
            before, after = earlier.event, later.event
            if after["engaged"] < before["engaged"] or after["visible"] <= before["visible"]:
                yield f"this dwell adds nothing: {later} after {earlier}"


def _without_dwell(
    arrived: list[Arrival], is_dwell_optional: Callable[[str], bool]
) -> Iterator[str]:
    for page_id in pages_without_dwell(arrived):
        if not is_dwell_optional(page_id):
            view = next(arrival for arrival in arrived if arrival.page_id == page_id)
            yield f"this page never told its dwell: {view}"
