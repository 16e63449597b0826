"""A visitor's walk through pages of the zoo, and all that went otherwise than it should.

Pages may break what a driver's own scripts need, so a page tells how it fares by a road of its own
(`witness.js`), and everything is read in the ledger. All of a walk's complaints come together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fixtures.exchange import Exchange, Moment
from fixtures.hostile import Page, Values, Visit
from fixtures.ledger import PATIENCE, LedgerTimeoutError
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.events import Arrival, events_of
from tests.support.site import Site
from tests.support.unsent import KEPT

ROUNDING = 5
"""Milliseconds by which clocks may differ."""


@dataclass
class Stay:
    """A page of the walk, and when the visitor was there."""

    page: Page
    came: Moment
    worked: Moment | None = None
    """When it had told that it works, so that it was seen from then on."""
    left: Moment | None = None


class Walk:
    """Goes from page to page of one site, then looks at what arrived.

    Args:
        visitor: Who walks.
        site: Where the pages are served.
        arrivals: What comes from there.
        values: What the pages are made of.
    """

    def __init__(self, visitor: Visitor, site: Site, arrivals: Arrivals, values: Values) -> None:
        """Serve what a page tells itself to."""
        self._visitor = visitor
        self._site = site
        self._arrivals = arrivals
        self._values = values
        self._since = site.server.ledger.mark()
        self._stays: list[Stay] = []
        self._complaints: list[str] = []
        site.server.serve(
            site.host, "/told", b"", "text/plain", {"Access-Control-Allow-Origin": "*"}
        )

    def through(self, pages: Iterable[Page]) -> list[str]:
        """Visit these pages; returns what was wrong, a sentence each."""
        engine = self._visitor.engine
        for page in pages:
            self._stay(page, engine)
        self._leave()
        if any(
            visit.arrives == "later" for stay in self._stays for visit in stay.page.visits(engine)
        ):
            self._go_on()
        self._visitor.go(self._site.url("/left"))
        self._arrivals.allow_repeats()
        for stay in self._stays:
            self._look(stay, engine)
        try:
            self._arrivals.settle()
        except AssertionError as error:
            self._complaints.append(str(error))
        for stay in self._stays:
            self._look_once_more(stay, engine)
        return self._complaints

    # The walk

    def _stay(self, page: Page, engine: str) -> None:
        url = page.serve(self._site.server, self._site.host, self._values)
        mark = self._site.server.ledger.mark()
        self._leave()
        stay = Stay(page, Moment.now())
        self._stays.append(stay)
        self._visitor.go(url)
        try:
            stay.worked = self._wait_for_word(stay, mark).headers_at
            for visit in page.visits(engine):
                if visit.arrives.startswith("view"):
                    self._wait_for_view(visit, mark)
            if page.until:
                stay.left = self._wait_until_gone(page.until, mark).headers_at
        except LedgerTimeoutError as error:
            self._complain(stay, str(error).partition("\n")[0])

    def _leave(self) -> None:
        if self._stays and not self._stays[-1].left:
            self._stays[-1].left = Moment.now()

    def _go_on(self) -> None:
        """To a page with nothing wrong, for as long as it takes to send what others had to keep."""
        snippet = self._values["snippet"]()
        self._visitor.go(self._site.page("/next", title="Next", snippet=snippet))
        self._arrivals.view(title="Next")
        self._visitor.wait_until(f"!{KEPT}")

    def _wait_for_word(self, stay: Stay, mark: int) -> Exchange:
        def is_word(entry: Exchange) -> bool:
            return self._is_told(entry, stay.page) and entry.query["kind"] in {"works", "fails"}

        patience = stay.page.within or PATIENCE
        return self._site.server.ledger.wait(is_word, patience, since=mark)

    def _wait_for_view(self, visit: Visit, mark: int) -> None:
        def is_there(entry: Exchange) -> bool:
            return any(self._is_view(each, visit) for each in events_of(entry))

        self._site.server.ledger.wait(is_there, since=mark)

    def _wait_until_gone(self, path: str, mark: int) -> Exchange:
        asked = self._site.server.ledger.wait(
            lambda entry: (entry.host, entry.path) == (self._site.host, path), since=mark
        )
        # Else Firefox's driver takes what is left of that journey for the end of the next one.
        self._visitor.wait_until(
            f"location.pathname === '{path}' && document.readyState === 'complete'"
        )
        return asked

    # What came of it

    def _look(self, stay: Stay, engine: str) -> None:
        page = stay.page
        told = [
            (entry.query["kind"], entry.query["what"])
            for entry in self._site.server.ledger.select(since=self._since)
            if self._is_told(entry, page)
        ]
        words = Counter(kind for kind, _ in told)
        for kind, what in told:
            if kind not in {"works"} | page.told(engine):
                self._complain(stay, f"{kind}: {what}")
        for kind in page.told(engine) - words.keys():
            self._complain(stay, f"it says that it has a problem of the kind {kind}, and has none")
        for visit in page.visits(engine):
            if visit.arrives == "dwell":
                continue
            try:
                if visit.arrives == "pixel":
                    self._arrivals.pixel()
                else:
                    self._declare(stay, visit)
            except AssertionError as error:
                self._complain(stay, str(error).partition("; the ledger")[0])

    def _declare(self, stay: Stay, visit: Visit) -> None:
        view = self._arrivals.expect("view", where=lambda each: self._is_view(each, visit))
        if visit.arrives in {"view", "stub"}:
            self._arrivals.no_dwell(view)
        for complaint in _against(view, visit, stay):
            self._complain(stay, complaint)

    def _look_once_more(self, stay: Stay, engine: str) -> None:
        """When all has come: what should be lost is lost, and what came is right."""
        counted = Counter(each.identity for each in self._of(stay))
        for visit in stay.page.visits(engine):
            dwells = [
                each for each in self._of(stay) if each.type == "dwell" and self._is_of(each, visit)
            ]
            if visit.arrives in {"view", "stub"} and dwells:
                self._complain(stay, "its dwell arrives, which its front comment gives up for lost")
            if visit.arrives == "dwell" and not dwells:
                self._complain(stay, "not even its dwell arrives")
            if dwells and visit.clock == "right":
                is_alone = len(stay.page.visits(engine)) == 1
                for complaint in _against_dwell(dwells[-1], stay, is_alone=is_alone):
                    self._complain(stay, complaint)
        repeated = [identity for identity, count in counted.items() if count > 1]
        if repeated and not stay.page.repeats(engine):
            self._complain(stay, f"events arrive more than once: {repeated}")

    def _of(self, stay: Stay) -> Iterator[Arrival]:
        visits = stay.page.visits(self._visitor.engine)
        return (
            each
            for each in self._arrivals.all()
            if any(self._is_of(each, visit) for visit in visits)
        )

    def _is_told(self, entry: Exchange, page: Page) -> bool:
        return (
            (entry.host, entry.path) == (self._site.host, "/told")
            and entry.query.get("page") == page.name
            and "kind" in entry.query
        )

    def _is_view(self, arrival: Arrival, visit: Visit) -> bool:
        told = (arrival.type, arrival.page["title"], arrival.event.get("navigation"))
        return told == ("view", visit.title, visit.navigation) and self._is_of(arrival, visit)

    def _is_of(self, arrival: Arrival, visit: Visit) -> bool:
        wanted = self._site.url(visit.url) if visit.url.startswith("/") else visit.url
        told = str(arrival.page["url"])
        return told.startswith(wanted[:-1]) if wanted.endswith("*") else told == wanted

    def _complain(self, stay: Stay, what: str) -> None:
        self._complaints.append(f"{stay.page.name} ({stay.page.wrong}): {what}")


def _against(view: Arrival, visit: Visit, stay: Stay) -> Iterator[str]:
    """What is wrong with a view."""
    expected = "stub" if visit.arrives == "stub" else "default"
    if view.beacon.rule != expected:
        yield f"the rule is {view.beacon.rule}, not {expected}"
    has_visitor = visit.visitor == "known" and visit.arrives != "stub"
    if bool(view.visitor) != has_visitor:
        yield f"its visitor is {view.visitor}"
    arrived = view.exchange.headers_at.unix_ms
    at = view.page["at"]
    if visit.clock == "right" and not stay.came.unix_ms - ROUNDING <= at <= arrived + ROUNDING:
        yield f"it says that it was opened at {at}, and the visitor came {stay.came.unix_ms}"


def _against_dwell(dwell: Arrival, stay: Stay, *, is_alone: bool) -> Iterator[str]:
    """What is wrong with a dwell, by a clock of our own; `is_alone`: the page has no other view."""
    visible = dwell.event["visible"]
    if is_alone and stay.worked and stay.left:
        least = stay.left.unix_ms - max(stay.worked.unix_ms, dwell.page["at"])
        if visible < least - ROUNDING:
            yield f"it was seen for {least:.0f} ms at the least, and its dwell is {visible} ms"
    most = (dwell.exchange.headers_at.monotonic - stay.came.monotonic) * 1000
    if visible > most + ROUNDING:
        yield f"it was seen for {most:.0f} ms at the most, and its dwell is {visible} ms"
