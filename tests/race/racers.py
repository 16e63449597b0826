"""The tags at the start: bundled, compressed, served, and answered by a collector of their own."""

import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it brings no types
from aiohttp import web

from builder.bundle import esbuild_program
from fixtures.beacons import beacon_of
from fixtures.exchange import Exchange
from fixtures.recorder import Handler
from fixtures.server import FixtureServer
from tests.race.install import FOLDER, version
from tests.race.peers import PEERS
from tests.race.peers.peer import COLLECTOR, Peer, Told, path_of
from tests.support.tag import Tag, TagBuilder

OURS = "azalead"
BARE = "bare"
"""The page without any tag, which all are compared with."""


@dataclass(frozen=True)
class Racer:
    """One tag, or none, as a page has it."""

    key: str
    name: str
    version: str
    snippet: str
    """What the page's head gets."""
    hosts: frozenset[str]
    """Of its script and of its collector: what a page asks of them it asks for the tag."""
    peer: Peer | None = None
    """None for our own tag, and for none at all."""

    @property
    def counts_views(self) -> bool:
        """Whether it claims to."""
        return self.peer.views if self.peer else self.key == OURS

    @property
    def tells_dwell(self) -> bool:
        """Whether it claims to."""
        return self.peer.dwell if self.peer else self.key == OURS

    @property
    def note(self) -> str:
        """What a reader of its figures should know."""
        return self.peer.note if self.peer else ""

    def told(self, exchange: Exchange) -> list[Told]:
        """What a request told, if it is one of this tag's collector's."""
        if exchange.host not in self.hosts or not exchange.whole:
            return []
        if not self.peer:
            return list(_told_by_ours(exchange))
        takes = exchange.path in {*self.peer.paths, *self.peer.answers}
        is_told = takes and exchange.host == self.peer.collector_host
        if not is_told or exchange.method == "OPTIONS":
            return []
        try:
            return list(self.peer.read(exchange))
        except (AttributeError, LookupError, TypeError, ValueError):
            return []  # of a body that a hostile page has spoilt, a receiver learns nothing


def line_up(server: FixtureServer, folder: Path, peers: Collection[str]) -> list[Racer]:
    """The bare page, our own tag, and these peers."""
    tag = TagBuilder(server, folder)()
    return [
        Racer(BARE, "no tag", "", "", frozenset()),
        _ours(tag),
        *(_racer(server, peer, folder) for peer in PEERS if peer.key in peers),
    ]


def _ours(tag: Tag) -> Racer:
    hosts = frozenset({"cdn.localhost", "collector.localhost"})
    return Racer(OURS, "Azalead", "", tag.snippet, hosts)


def _told_by_ours(exchange: Exchange) -> Iterator[Told]:
    beacon = beacon_of(exchange)
    if beacon is None:
        return
    for event in beacon.events:
        path, identity = path_of(beacon.page["url"]), f"{beacon.page_id} {event['seq']}"
        if event["type"] == "view":
            yield Told("view", path, beacon.page_id, identity)
        elif event["type"] == "dwell":
            yield Told("dwell", path, beacon.page_id, identity, milliseconds=event["visible"])


def _racer(server: FixtureServer, peer: Peer, folder: Path) -> Racer:
    collector = server.site(peer.collector_host)
    built = folder / peer.key
    bundle(peer, collector, built)
    server.serve_folder(peer.script_host, "/", built)
    for path in {*peer.paths, *peer.answers}:
        server.serve_handler(peer.collector_host, path, _answering(peer.answers.get(path, "{}")))
    kind = ' type="module"' if peer.splits else ""
    attributes = peer.attributes.replace(COLLECTOR, collector)
    source = server.url(peer.script_host, f"/{peer.key}.js")
    return Racer(
        key=peer.key,
        name=peer.name,
        version=version(peer.package),
        snippet=f'<script{kind} {attributes} src="{source}"></script>',
        hosts=frozenset({peer.script_host, peer.collector_host}),
        peer=peer,
    )


def bundle(peer: Peer, collector: str, folder: Path) -> None:
    """Build a peer's script, in parts if it splits, each with its brotli twin."""
    entry = peer.entry.replace(COLLECTOR, collector)
    form = ["--format=esm", "--splitting"] if peer.splits else ["--format=iife"]
    command = [
        *(str(esbuild_program()), "--bundle", "--minify", "--platform=browser", "--target=es2020"),
        *("--legal-comments=none", "--log-level=error", *form),
        *('--define:process.env.NODE_ENV="production"', "--tsconfig-raw={}"),
        *(f"--outdir={folder}", f"--entry-names={peer.key}"),
    ]
    subprocess.run(command, cwd=FOLDER, check=True, input=entry.encode())  # noqa: S603 - ours
    for file in folder.glob("*.js"):
        file.with_name(f"{file.name}.br").write_bytes(brotli.compress(file.read_bytes()))


def _answering(text: str) -> Handler:
    """A collector's answer, to whatever page asks."""

    async def answer(_request: web.BaseRequest, exchange: Exchange) -> web.Response:
        asked = exchange.headers.get("Access-Control-Request-Headers", "")
        headers = {
            "Access-Control-Allow-Origin": exchange.headers.get("Origin", "*"),
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": asked,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "no-store",
        }
        return web.Response(text=text, headers=headers, content_type="application/json")

    return answer
