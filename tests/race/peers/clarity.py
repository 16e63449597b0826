"""Microsoft Clarity: recordings of what the visitor did, page by page."""

from collections.abc import Iterator

from fixtures.exchange import Exchange
from tests.race.peers.peer import Peer, Told, body_of, path_of

# @microsoft/clarity is a loader for a script on Microsoft's servers; clarity-js is that script.
ENTRY = """import { clarity } from "clarity-js";
clarity.start({ projectId: "race", upload: "%collector%/collect", track: true, content: true });
"""


def _read(exchange: Exchange) -> Iterator[Told]:
    envelope = body_of(exchange)["e"]
    sequence, user, session, page, url = (envelope[place] for place in (1, 5, 6, 7, 11))
    if sequence == 1:
        yield Told("view", path_of(url), f"{user} {session} {page}")


PEER = Peer(
    key="clarity",
    name="Clarity",
    package="clarity-js",
    entry=ENTRY,
    read=_read,
    paths=("/collect",),
    note="records the whole page; time is told for sessions, not for pages",
)
