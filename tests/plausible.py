"""What Plausible is told of one site, whose pages carry its tracker."""

from typing import NamedTuple

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from fixtures.websites import PlausibleEvent, plausible_event_of, serve_plausible
from tests.support.site import Site


class Told(NamedTuple):
    """An event of Plausible's, without the site's own address and without durations."""

    name: str
    path: str
    scrolled: int | None
    link: str | None


class Plausible:
    """Plausible's tracker for one site, and what it tells.

    Args:
        server: Where the tracker comes from, and where it sends its events.
        site: The site that pastes `snippet` into its pages.
    """

    def __init__(self, server: FixtureServer, site: Site) -> None:
        """Serve the tracker."""
        self.snippet = serve_plausible(server, site.host)
        self._server = server
        self._site = site

    def wait_for(self, name: str, count: int) -> None:
        """Wait until so many events of a name have come."""
        self._server.ledger.wait_for_count(lambda entry: self._name(entry) == name, count)

    def told(self) -> list[Told]:
        """All that came, in the order of arrival."""
        events = map(self._event, self._server.ledger.select(role="world"))
        return [self._without_origin(event) for event in events if event]

    def pageviews(self) -> list[str]:
        """The paths of the page views that came, in the order of arrival."""
        return [told.path for told in self.told() if told.name == "pageview"]

    def _event(self, exchange: Exchange) -> PlausibleEvent | None:
        return plausible_event_of(exchange, self._site.host)

    def _name(self, exchange: Exchange) -> str | None:
        event = self._event(exchange)
        return event.name if event else None

    def _without_origin(self, event: PlausibleEvent) -> Told:
        path = event.url.removeprefix(self._site.origin)
        return Told(event.name, path, event.scrolled, event.properties.get("url"))
