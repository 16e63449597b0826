"""The suite's own measurement of a page's time, pasted beside the snippet and told to the site."""

from tests.support.site import Site

STOPWATCH = """<script>
  (() => {
    const opened = performance.now();
    addEventListener("pagehide", () => {
      navigator.sendBeacon("/stopwatch", String(performance.now() - opened));
    });
  })();
</script>"""
"""From where it stands in the page until the page is left."""


def stopped(site: Site, pages: int) -> list[float]:
    """For how many milliseconds each of the site's first pages was open, in their order."""
    told = site.server.ledger.wait_for_count(
        lambda entry: (entry.host, entry.path) == (site.host, "/stopwatch"), pages
    )
    return [float(entry.body) for entry in told]
