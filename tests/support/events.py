"""The events that reached the collector, each with the beacon that carried it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from fixtures.beacons import Beacon, beacon_of
from fixtures.exchange import Exchange


@dataclass(frozen=True, eq=False)
class Arrival:
    """One event that arrived."""

    beacon: Beacon
    event: dict[str, Any]
    """The event itself: `seq`, `type` and what its type brings."""
    place: tuple[int, int]
    """Where it stands: the request's number, and the event's place in its beacon."""

    @property
    def page(self) -> dict[str, Any]:
        """The page that the event belongs to: `id`, `url`, `referrer`, `title`, `at`."""
        return self.beacon.page

    @property
    def page_id(self) -> str:
        """The page's identifier."""
        return self.beacon.page_id

    @property
    def type(self) -> str:
        """What kind of event it is."""
        return str(self.event["type"])

    @property
    def visitor(self) -> str | None:
        """The visitor's identifier, if the beacon has one."""
        return self.beacon.visitor

    @property
    def exchange(self) -> Exchange:
        """The request."""
        return self.beacon.exchange

    @property
    def identity(self) -> tuple[str, int]:
        """What makes the event one event, however often it is sent."""
        return self.page_id, self.event["seq"]

    @property
    def line(self) -> str:
        """One short line: which event of which page, as a person would tell them apart."""
        name = self.event.get("name") or self.event.get("href") or self.event.get("navigation")
        said = f" {name!r}" if name else ""
        path = urlsplit(str(self.page.get("url", ""))).path or self.page.get("url")
        page = f"{self.page.get('title')!r} {path}, page {self.page_id[-6:]}"
        return f"#{self.exchange.serial} {self.type}{said} seq {self.event['seq']} of {page}"

    def __str__(self) -> str:
        """One line for a person who looks for a mistake."""
        rest = {key: value for key, value in self.event.items() if key not in {"seq", "type"}}
        where = f"#{self.exchange.serial} {self.page.get('url')} ({self.page_id})"
        return f"{self.type} seq {self.event['seq']} {rest} of {where}"


def events_of(exchange: Exchange) -> tuple[Arrival, ...]:
    """The events of a request, none if it carried no beacon."""
    return _read(exchange) if exchange.whole else ()


@lru_cache(maxsize=4096)
def _read(exchange: Exchange) -> tuple[Arrival, ...]:
    """The events of a request that is whole, and so changes no more; a test asks many times."""
    beacon = beacon_of(exchange)
    if beacon is None:
        return ()
    return tuple(
        Arrival(beacon, event, (exchange.serial, number))
        for number, event in enumerate(beacon.events)
    )


def events(exchanges: Iterable[Exchange]) -> list[Arrival]:
    """The events of some requests, in the order of arrival."""
    return [arrival for exchange in exchanges for arrival in events_of(exchange)]


def is_beacon_request(exchange: Exchange) -> bool:
    """Whether a request is the tag's: a beacon, well-formed or not, or a try at one."""
    return exchange.role == "collector" and exchange.path in {"/events", "/pixel.gif"}


def comes_from(exchange: Exchange, hosts: Iterable[str]) -> bool:
    """Whether a request was sent by a page of these hosts, as far as it tells.

    One that does not tell at all counts, so that nothing can hide by being odd.
    """
    arrived = events_of(exchange)
    told = [
        exchange.headers.get("Origin", ""),
        exchange.headers.get("Referer", ""),
        str(arrived[0].page.get("url", "")) if arrived else "",
    ]
    senders = {host for host in (urlsplit(address).hostname for address in told) if host}
    return not senders or bool(senders & set(hosts))
