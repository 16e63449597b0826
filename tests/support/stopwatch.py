"""The suite's own measurement of a page's time, pasted beside the snippet and told to the site."""

import json

from tests.support.site import Site

STOPWATCH = """(() => {
    let since, before, isTold = true;
    const now = () => performance.timeOrigin + performance.now();
    const start = () => { window.openedAt = since = now(); before = 0; };
    const stop = () => {
      if (!since) return;
      before += now() - since;
      since = 0;
      isTold = false;
    };
    const tell = () => {
      if (isTold) return;
      isTold = true;
      navigator.sendBeacon("/stopwatch", JSON.stringify({ at: window.openedAt, seen: before }));
    };
    addEventListener("pagehide", stop, true);
    addEventListener("pageshow", (event) => event.persisted && start());
    addEventListener("visibilitychange", () => {
      if (document.hidden) stop();
      else since = since || now();
    }, true);
    addEventListener("load", () => {
      addEventListener("pagehide", tell);
      document.addEventListener("visibilitychange", tell);
    });
    start();
  })();
"""
"""Ours, not the tag's, run right before the snippet, in its script: a parser may pause
between two. It goes from there on, while the page is seen. It stops before any tag hears that the
page is left, one that captures at the window included, and tells after it: for to send takes time,
which would be added to the stay or to what a tag says of it."""

ELEMENT = f"<script>{STOPWATCH}</script>"


def stopped(site: Site, pages: int) -> list[float]:
    """For how many milliseconds each of the site's first pages was seen, in their order."""
    told = site.server.ledger.wait_for_count(
        lambda entry: (entry.host, entry.path) == (site.host, "/stopwatch"), pages
    )
    return [float(json.loads(entry.body)["seen"]) for entry in told]
