"""The tag in a worker, where Partytown runs scripts: it counts, and says what it cannot."""

from tests.banners import stub_of
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag
from tests.tools.install import install

LISTEN = """<script type="text/partytown">
  const warned = [];
  console.warn = (text) => { warned.push(text); document.body.dataset.warned = warned.join(); };
</script>"""
"""No driver hears the console of a worker."""


def test_a_tag_that_partytown_runs_counts_and_says_what_is_lost(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    library = install() / "@qwik.dev/partytown/lib"
    site.server.serve_folder(site.host, "/~partytown", library)
    loader = (library / "partytown.js").read_text(encoding="utf-8")
    snippet = (
        "<script>partytown = { forward: ['azalead'] };</script>"
        f'<script>{loader}</script>{LISTEN}<script type="text/partytown">{stub_of(tag)}</script>'
    )
    visitor.open(site.page("/", title="In a worker", tag=tag, snippet=snippet))
    view = arrivals.view(title="In a worker")
    assert view.visitor
    visitor.evaluate("azalead('event', 'forwarded')")
    assert arrivals.expect("event").visitor == view.visitor
    assert arrivals.dwell(view).event["visible"] > 0, "while the page is open"
    assert (
        visitor.evaluate("document.body.dataset.warned") == "azalead: a worker loses the last dwell"
    )
    arrivals.no_dwell(view)  # no other one need come when it is left


def test_a_tag_in_its_page_warns_of_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="In its page", tag=tag))
    arrivals.view(title="In its page")
    assert visitor.problems() == []
