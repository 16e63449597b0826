"""What a test says will reach the collector, and the proof that nothing else did.

A test names each event that it expects; naming waits for it. When the test is over, the visitor
leaves for real, to a page that sends a marker by the same road, and then the ledger must equal
what was named, to the event. That is how absence is proven, without a pause.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from fixtures.exchange import Exchange
from fixtures.ledger import LedgerTimeoutError
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support import discrepancies
from tests.support.events import Arrival, comes_from, events, events_of, is_beacon_request
from tests.support.site import Site

Wanted = Callable[[Arrival], object]


class Arrivals:
    """What came from a test's sites since the test began.

    Args:
        server: Whose ledger is the truth.
        sites: The test's sites; the list may grow.
        get_visitor: Gives the visitor who leaves at the end.
    """

    def __init__(
        self, server: FixtureServer, sites: list[Site], get_visitor: Callable[[], Visitor]
    ) -> None:
        """Begin to watch."""
        self._server = server
        self._sites = sites
        self._get_visitor = get_visitor
        self._start = server.ledger.mark()
        self._declared: dict[tuple[int, int], Arrival] = {}
        self._pixels: list[Exchange] = []
        self._pages_without_dwell: set[str] = set()
        self._dwell_may_be_lost = False
        self._repeats_allowed = False
        self._settled = False

    # What a test expects

    def view(self, *, title: str | None = None, url: str | None = None) -> Arrival:
        """The next page view, or the next with this title and this URL; waits for it."""
        __tracebackhide__ = True
        return self.expect("view", title=title, url=url)

    def dwell(self, page: Arrival | str) -> Arrival:
        """The next dwell of a page, given by one of its arrivals or its id; waits for it."""
        __tracebackhide__ = True
        page_id = page if isinstance(page, str) else page.page_id
        return self.expect("dwell", where=lambda arrival: arrival.page_id == page_id)

    def pixel(self) -> Exchange:
        """The next request of a pixel that was not named before; waits for it."""
        __tracebackhide__ = True
        found = self._server.ledger.wait(
            lambda entry: (
                entry.path == "/pixel.gif" and self._is_ours(entry) and entry not in self._pixels
            ),
            since=self._start,
        )
        self._pixels.append(found)
        return found

    def expect(
        self,
        kind: str,
        *,
        title: str | None = None,
        url: str | None = None,
        where: Wanted = lambda _: True,
    ) -> Arrival:
        """The next event of a type that was not named before; waits for it.

        Args:
            kind: The event's type: "view", "dwell", "click", "event".
            title: The title of its page.
            url: The address of its page as the beacon tells it.
            where: Whether an arrival is the one that is meant.

        Raises:
            LedgerTimeoutError: It does not come; the message shows what came.
        """
        __tracebackhide__ = True

        def matches(exchange: Exchange) -> list[Arrival]:
            if not self._is_ours(exchange):
                return []
            return [
                each
                for each in events_of(exchange)
                if each.place not in self._declared
                and each.type == kind
                and (title is None or each.page.get("title") == title)
                and (url is None or each.page.get("url") == url)
                and where(each)
            ]

        try:
            found = matches(self._server.ledger.wait(matches, since=self._start))[0]
        except LedgerTimeoutError:
            conditions = {"title": title, "url": url}
            awaited = [f"{key} {value!r}" for key, value in conditions.items() if value is not None]
            wanted = " ".join([f"a {kind}", *(["with", " and ".join(awaited)] if awaited else [])])
            raise LedgerTimeoutError(f"{wanted} never came.\n{self._what_came()}") from None
        discrepancies.check_schema(found.beacon, self._sites)
        self._declared[found.place] = found
        return found

    def no_dwell(self, *pages: Arrival) -> None:
        """Say that the dwell of these pages, or of all, is lost or never sent; it may still come.

        Only for tests in which that is what must happen: every other view needs its dwell.
        """
        self._pages_without_dwell |= {page.page_id for page in pages}
        self._dwell_may_be_lost = self._dwell_may_be_lost or not pages

    def allow_repeats(self) -> None:
        """Say that the same event may arrive more than once, unchanged, as after a retry."""
        self._repeats_allowed = True

    # What came

    def all(self) -> list[Arrival]:
        """All events so far, named or not."""
        return events(self.exchanges())

    def exchanges(self) -> list[Exchange]:
        """All requests of the tag to the collector so far, preflights and broken ones included."""
        return [
            entry
            for entry in self._server.ledger.select(role="collector", since=self._start)
            if self._is_ours(entry)
        ]

    # The proof that nothing else did

    @property
    def is_settled(self) -> bool:
        """Whether the visitor has left all pages that had a tag, and the ledger was compared."""
        return self._settled

    def settle(self) -> None:
        """Leave for real, wait for the marker, and compare; happens by itself at a test's end.

        A test may do it earlier, to look at a ledger that is complete. A page that was open and
        viewed sends its dwell on leaving; that one need not be named.

        Raises:
            AssertionError: Something came that was not named, or did not come that must.
        """
        __tracebackhide__ = True
        if self._settled or not any(site.tags for site in self._sites):
            return
        self._settled = True
        for site in self._sites:
            self._travel(site)
        self._server.ledger.quiet()
        self._wait_for_dwells()
        complaints = discrepancies.find(
            [exchange for exchange in self.exchanges() if exchange not in self._pixels],
            self._declared.values(),
            sites=self._sites,
            repeats_allowed=self._repeats_allowed,
            is_dwell_optional=self._is_dwell_optional,
        )
        assert not complaints, self._explain(complaints)

    def _travel(self, site: Site) -> None:
        """Go from whatever page is open to one that sends a marker, and wait for that."""
        mark = self._server.ledger.mark()
        self._get_visitor().open(site.page_left_behind())
        wanted = {"from": site.host, "round": "2"}
        self._server.ledger.wait(
            lambda entry: entry.path == "/marker" and dict(entry.query) == wanted, since=mark
        )

    def _wait_for_dwells(self) -> None:
        """Give each dwell that must come its time: the marker may overtake it on the way."""
        for page_id in discrepancies.pages_without_dwell(self.all()):
            if self._is_dwell_optional(page_id):
                continue
            with suppress(LedgerTimeoutError):  # the comparison will tell it better
                self._server.ledger.wait(partial(_has_dwell, page_id=page_id), since=self._start)

    def _is_dwell_optional(self, page_id: str) -> bool:
        return self._dwell_may_be_lost or page_id in self._pages_without_dwell

    def _is_ours(self, exchange: Exchange) -> bool:
        return is_beacon_request(exchange) and comes_from(exchange, self._hosts)

    @property
    def _hosts(self) -> set[str]:
        return {site.host for site in self._sites}

    def _what_came(self) -> str:
        """A line for each event, and for each request that brought none."""
        lines = []
        for exchange in self.exchanges():
            arrived = events_of(exchange)
            lines += [
                f"  {each.line}{'  (named)' if each.place in self._declared else ''}"
                for each in arrived
            ] or [f"  {exchange}"]
        return "\n".join(["What came from the test's pages:", *(lines or ["  nothing"])])

    def _explain(self, complaints: Iterable[str]) -> str:
        lines = "\n".join(f"  - {complaint}" for complaint in complaints)
        return f"the ledger is not what the test named:\n{lines}\n{self._what_came()}"


def _has_dwell(exchange: Exchange, page_id: str) -> bool:
    return any((each.type, each.page_id) == ("dwell", page_id) for each in events_of(exchange))
