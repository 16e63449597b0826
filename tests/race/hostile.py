"""Ten pages of the zoo in the race: what is left of a visit where the page itself is wrong.

Such a page may have broken what a driver's scripts need, so nothing is asked of it: the harness's
own clock tells how long it was seen.
"""

import time

from fixtures.exchange import Moment
from fixtures.hostile import Values, all_pages
from fixtures.server import FixtureServer
from fixtures.websites.pasting import installed
from tests.leave.truth import Seen
from tests.race.journeys import Journey, Tour, Trip
from tests.race.pages import LIKE_A_PERSON

NAMES = (
    "language/prototype-tojson",
    "language/prototype-array-from",
    "language/mootools",
    "language/zone-js",
    "language/object-prototype",
    "language/promise-replaced",
    "browser/send-beacon-gone",
    "browser/send-beacon-refuses",
    "browser/local-storage-throws",
    "browser/history-throws",
)
"""Nothing that forbids a tag's address or its own ways: only what any tag could live with."""

WITNESS = "<script>window.works = () => {};</script>"
"""In the race nobody looks whether the page still works."""

ZONE = "bundles/zone.umd.js"


def journey(name: str) -> Journey:
    """A visit to a page of the zoo, left for another page of its site."""
    (page,) = (each for each in all_pages() if each.name == name)

    def go(tour: Tour) -> None:
        with tour.starter.visitor("default") as visitor:
            opened: list[float] = []
            for trip in tour.trips:
                url = page.serve(tour.server, trip.site.host, _values(tour.server, trip))
                opened.append(Moment.now().unix_ms)
                visitor.new_window()
                visitor.go(url)
            time.sleep(tour.stay / 1000)  # a page that is wrong cannot be asked how late it is
            for trip, at in reversed([*zip(tour.trips, opened, strict=True)]):
                trip.visit.seen.append(Seen(page.path, at, Moment.now().unix_ms))
                visitor.go(trip.site.url("/left"))
                visitor.close_tab()
            tour.wait()

    return go


def _values(server: FixtureServer, trip: Trip) -> Values:
    def zone() -> str:
        source = (installed("zone.js") / ZONE).read_bytes()
        return server.serve(trip.site.host, "/zone.js", source, "text/javascript")

    return {
        "witness": lambda: LIKE_A_PERSON + WITNESS,
        "snippet": lambda: trip.racer.snippet,
        "zone-js": zone,
    }
