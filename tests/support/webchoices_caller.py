"""The caller's side of DAA WebChoices: a site that asks companies for the visitor's status.

It embeds a company's endpoint in a frame, as the tool does, or sends the whole page there; what
the company answers is the address to which the browser comes back.
"""

from dataclasses import dataclass
from html import escape
from itertools import count
from typing import Literal
from urllib.parse import urlencode

from aiohttp import web

from fixtures.exchange import Exchange
from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor

HOST = "daa.world"
NUMBERS = count(1)
Way = Literal["in a frame", "as a page"]

RETURNED = "<!doctype html><title>Returned</title><link rel=icon href='data:,'>"
FRAME = """<!doctype html>
<title>The tool</title>
<link rel="icon" href="data:,">
<iframe title="A company" src="{address}"></iframe>
"""


@dataclass(frozen=True)
class Caller:
    """The tool, in one visitor's browser."""

    server: FixtureServer
    visitor: Visitor
    endpoint: str
    """The company's address."""
    way: Way = "in a frame"
    participant: str = "118"

    def status(self) -> tuple[str, str]:
        """Ask for the status; returns its code, such as "2-0", and the token."""
        code, token = self._ask("token", action_id="3")
        return code, token

    def opt_out(self, token: str) -> str:
        """Ask for the opt-out; returns the result's code, such as "1-0"."""
        action, code, _message = self._ask("finish", action_id="4", token=token)
        assert action == "4"
        return code

    def walk_through(self) -> tuple[str, str, str]:
        """Opt out as the tool does; returns the codes of the status, the result, the new status."""
        before, token = self.status()
        result = self.opt_out(token)
        after, _ = self.status()
        return before, result, after

    def _ask(self, answer: str, **parameters: str) -> list[str]:
        """Send the browser there, and wait until it has come back."""
        nonce = str(next(NUMBERS))
        back = self.server.url(HOST, f"/caller-{nonce}")
        shared = {"participant_id": self.participant, "rd": back, "nocache": nonce}
        address = f"{self.endpoint}?{urlencode(parameters | shared)}"
        if self.way == "in a frame":
            page = FRAME.replace("{address}", escape(address))
            address = self.server.serve(HOST, f"/tool-{nonce}", page)
        self.visitor.open(address)
        start = f"/caller-{nonce}/{answer}/{self.participant}/"
        entry = self.server.ledger.wait(
            lambda entry: entry.host == f"{HOST}.localhost" and entry.path.startswith(start)
        )
        return entry.path.removeprefix(start).split("/")


def serve_caller(server: FixtureServer) -> str:
    """Serve the addresses to which browsers come back; returns the caller's origin."""

    async def answer(_request: web.BaseRequest, _exchange: Exchange) -> web.Response:
        return web.Response(text=RETURNED, content_type="text/html")

    server.serve_host(HOST, answer)
    return server.site(HOST)
