"""What the collector has taken, and what the tag keeps in the browser until it does."""

import json
from typing import Any

from fixtures.exchange import Exchange
from tests.browsers.visitor import Visitor
from tests.support.events import events_of
from tests.support.site import Site
from tests.support.tag import Tag

NO_CONTENT = 204
"""The collector has it."""

KEPT = "localStorage.azalead_unsent"

NO_REPEATS = """<script>
  // A repeat never comes, so whatever is sent after a failure goes out for another reason.
  const patient = setTimeout;
  window.setTimeout = (run, pause, ...given) => pause < 2000 && patient(run, pause, ...given);
</script>"""


def is_taken(entry: Exchange, page_id: str, kind: str) -> bool:
    """Whether the collector took this page's event of that type."""
    return entry.status == NO_CONTENT and any(
        (each.page_id, each.type) == (page_id, kind) for each in events_of(entry)
    )


def leave_unsent(visitor: Visitor, site: Site, tag: Tag, *, head: str = "") -> list[dict[str, Any]]:
    """Leave page A while the collector is overloaded; returns the bodies that are kept of it."""
    with site.server.faults.status("collector", 503):
        visitor.open(site.page("/a", title="A", tag=tag, head=head))
        visitor.wait_until(KEPT)
        visitor.open(site.url("/left"))
        kept: list[dict[str, Any]] = json.loads(visitor.evaluate(KEPT))
    return kept
