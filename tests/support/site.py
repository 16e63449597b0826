"""A client's website, made for one test: a host that no other test has, and pages at will."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import count

from fixtures.server import FixtureServer
from tests.browsers.page_scripts import RECORDER
from tests.support.tag import Tag

NUMBERS = count(1)

LAYOUT = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>{title}</title>
    <link rel="icon" href="data:,">
    <script{nonce}>{recorder}</script>
    {head}
  </head>
  <body>
    <nav>
      <a id="same-site-link" href="/left">Another page</a>
      <a id="cross-site-link" href="{elsewhere}">Another site</a>
    </nav>
    <main>{body}</main>
  </body>
</html>
"""

LEFT_BEHIND = """<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Left</title>
  <link rel="icon" href="data:,">
  <script>
    navigator.sendBeacon("{marker}&round=1");
    addEventListener("load", () => navigator.sendBeacon("{marker}&round=2"));
  </script>
  <noscript><img src="{marker}&round=2" alt=""></noscript>
</html>
"""


@dataclass
class Site:
    """A website at a host of its own."""

    server: FixtureServer
    host: str
    domain: str = ""
    """Its registrable domain, where its cookies are."""
    tags: list[Tag] = field(default_factory=list)
    """The tags that have been pasted on its pages."""

    @classmethod
    def new(cls, server: FixtureServer, domain: str = "") -> "Site":
        """A website that nobody has visited.

        Args:
            server: What serves it.
            domain: Its registrable domain; by default one of its own. Where visitors who know
                nothing of each other see one domain, a browser needs no new process, and in
                Firefox no new connections to third parties: an eighth of the suite's work.
        """
        number = next(NUMBERS)
        domain = domain or f"publisher-{number}.localhost"
        site = cls(server, f"www-{number}.{domain}", domain)
        site.page("/left", title="Another page")
        return site

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self.server.site(self.host)

    def url(self, path: str) -> str:
        """The address of a path of this site."""
        return self.server.url(self.host, path)

    def page(  # noqa: PLR0913 - a page has that many parts, and each has a default
        self,
        path: str,
        *,
        title: str = "",
        tag: Tag | None = None,
        snippet: str | None = None,
        head: str = "",
        body: str = "<p>A page.</p>",
        headers: Mapping[str, str] | None = None,
        nonce: str = "",
    ) -> str:
        """Serve a page; returns its address.

        Args:
            path: Where on this site; a query in it is part of the address that is returned.
            title: The document's title.
            tag: The tag on it, if any: its snippet is pasted last into the head.
            snippet: What to paste instead of the tag's own snippet, such as a pinned variant.
            head: HTML in the head before the snippet.
            body: HTML of the page's main part.
            headers: Response header fields.
            nonce: The nonce that the page's policy asks of inline scripts; for the suite's own.
        """
        if tag and tag not in self.tags:
            self.tags.append(tag)
        pasted = snippet if snippet is not None else tag.snippet if tag else ""
        document = LAYOUT.format(
            title=escape(title),
            nonce=f' nonce="{escape(nonce)}"' if nonce else "",
            recorder=RECORDER,
            head=head + pasted,
            elsewhere=self.server.url("magazine", "/left"),
            body=body,
        )
        bare_path = path.partition("?")[0]
        self.server.serve(self.host, bare_path, document, headers=headers)
        return self.url(path)

    def page_left_behind(self) -> str:
        """Serve the page that sends a marker after whatever the page before it sent."""
        marker = self.server.url("collector", f"/marker?from={self.host}")
        return self.server.serve(self.host, "/left-behind", LEFT_BEHIND.replace("{marker}", marker))
