"""What each tag delivers, views and dwell, in one engine."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from fixtures.ledger import LedgerTimeoutError
from fixtures.server import FixtureServer
from tests.browsers.discovery import Engine
from tests.browsers.starter import Starter
from tests.browsers.visitor import CannotDoError
from tests.leave.truth import Visit, stopwatch
from tests.race.journeys import Journey, Tour, Trip
from tests.race.racers import Racer
from tests.race.reading import Result, Stay, result
from tests.support.events import comes_from
from tests.support.site import Site

PATIENCE = 2.5
"""Seconds within which what a left page has sent arrives."""


@dataclass
class Delivered:
    """What is known of one mode in one engine."""

    results: dict[str, list[Result]] = field(default_factory=dict)
    """By the tag's key."""
    impossible: str = ""
    """Why the engine cannot do this for real."""


@dataclass(frozen=True)
class Course:
    """Where all tags that claim to count run, in one engine."""

    engine: Engine
    server: FixtureServer
    starter: Starter
    racers: Sequence[Racer]
    stay: float

    def run(self, journey: Journey, visits: int, random: Random, *, mirrored: bool) -> Delivered:
        """Let each tag have so many visits of a kind.

        Who opens first stays longest. Where that decides what is lost, all is done once more in the
        other order (`mirrored`), so that the stays of all tags are as long together.
        """
        delivered = Delivered()
        orders = [random.sample(list(self.racers), len(self.racers)) for _ in range(visits)]
        if mirrored:
            orders += [order[::-1] for order in orders]
        for order in orders:
            since = self.server.ledger.mark()
            trips = [self._trip(racer, since) for racer in order]
            try:
                self._go(journey, trips)
            except CannotDoError as error:
                return Delivered(impossible=str(error))
            for trip in trips:
                came = self._result(trip)
                delivered.results.setdefault(trip.racer.key, []).append(came)
        return delivered

    def _go(self, journey: Journey, trips: list[Trip]) -> None:
        def is_whole() -> bool:
            return all(map(self._is_whole, trips))

        def wait() -> None:
            now = self.server.ledger.mark()
            with suppress(LedgerTimeoutError):
                if not is_whole():
                    self.server.ledger.wait(lambda _: is_whole(), PATIENCE, since=now)
                self.server.ledger.quiet()

        journey(Tour(self.server, self.starter, trips, self.stay, wait))

    def _trip(self, racer: Racer, since: int) -> Trip:
        site = Site.new(self.server)
        return Trip(racer, site, Visit(site.host, since), since)

    def _is_whole(self, trip: Trip) -> bool:
        came = self._result(trip)
        has_dwells = all(dwell is not None for dwell in came.dwells)
        return all(came.viewed) and (has_dwells or not trip.racer.tells_dwell)

    def _result(self, trip: Trip) -> Result:
        watched = stopwatch(trip.visit, self.server.ledger)
        stays = []
        for seen in trip.visit.seen:
            measured = [stay for at, stay in watched.items() if abs(at - seen.opened_at) < 1]
            stays.append(Stay(seen.path, measured[0] if measured else seen.stay))
        told = [
            each
            for host in trip.racer.hosts
            for entry in self.server.ledger.select(host=host, since=trip.since)
            if comes_from(entry, {trip.site.host})
            for each in trip.racer.told(entry)
        ]
        return result(stays, told)
