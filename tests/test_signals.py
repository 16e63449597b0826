"""Do Not Track and Global Privacy Control: seen in every form, reported, obeyed where asked."""

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

FORMS = {
    "navigator.doNotTrack = '1'": "1",
    "navigator.doNotTrack = '0'": "0",
    "navigator.doNotTrack = '1extension'": "1",
    "navigator.doNotTrack = 'yes'": "1",
    "navigator.doNotTrack = 'no'": "0",
    "navigator.doNotTrack = 'unspecified'": None,
    "navigator.doNotTrack = null": None,
    "navigator.doNotTrack = undefined, window.doNotTrack = '1'": "1",
    "navigator.doNotTrack = undefined, window.doNotTrack = '0'": "0",
    "navigator.doNotTrack = undefined, navigator.msDoNotTrack = '1'": "1",
    "navigator.doNotTrack = '0', window.doNotTrack = '1'": "1",
}
"""What browsers have put where, over the years, and what it means."""

PROPERTY = """<script>
  for (const target of [navigator, window])
    for (const name of ["doNotTrack", "msDoNotTrack"])
      Object.defineProperty(target, name, { value: undefined, writable: true });
  %s;
</script>"""

THROWS = """<script>
  Object.defineProperty(navigator, "doNotTrack", { get() { throw new Error("not here") } });
  Object.defineProperty(navigator, "globalPrivacyControl", { get() { throw new Error("nor") } });
</script>"""


@pytest.mark.claim("C21")
@pytest.mark.claim("C22")
@pytest.mark.mode("dnt")
def test_do_not_track_is_reported_and_changes_nothing_else(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    first = arrivals.view(title="A")
    visitor.open(site.page("/b", title="B", tag=tag))
    second = arrivals.view(title="B")
    assert first.beacon.signals["dnt"] == second.beacon.signals["dnt"] == "1"
    assert (first.beacon.rule, second.beacon.rule) == ("default", "default")
    assert first.visitor == second.visitor is not None


@pytest.mark.claim("C22")
@pytest.mark.mode("dnt")
def test_a_client_can_have_do_not_track_honoured(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    assert arrivals.view(title="A").visitor is not None
    visitor.open(site.page("/b", title="B", tag=build_tag({"privacy.dnt": "respect"})))
    view = arrivals.view(title="B")
    assert (view.visitor, view.beacon.rule, view.beacon.signals["dnt"]) == (None, "dnt", "1")
    assert visitor.evaluate("document.cookie") == "", "what was kept before is deleted"


@pytest.mark.claim("C22")
def test_where_it_is_honoured_a_visitor_who_did_not_ask_is_recognised(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    visitor.open(site.page("/", title="A", tag=build_tag({"privacy.dnt": "respect"})))
    view = arrivals.view()
    assert view.visitor is not None
    assert view.beacon.rule == "default"


@pytest.mark.claim("C21")
def test_a_browser_that_sends_no_signal_is_reported_as_such(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, browser_name: Engine
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    signals = arrivals.view().beacon.signals
    knows_gpc = browser_name == "firefox"
    assert signals == {"dnt": None, "gpc": False if knows_gpc else None, "optout": False}


@pytest.mark.claim("C21")
def test_do_not_track_is_detected_in_every_historical_form(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """A mock, as no browser that speaks these can still be had."""
    told = {}
    for number, form in enumerate(FORMS):
        visitor.open(site.page(f"/{number}", title=form, tag=tag, head=PROPERTY % form))
        told[form] = arrivals.view(title=form).beacon.signals["dnt"]
    assert told == FORMS


@pytest.mark.mode("gpc")
def test_global_privacy_control_is_reported(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    assert arrivals.view().beacon.signals["gpc"] is True


def test_a_signal_that_throws_when_it_is_read_harms_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, head=THROWS))
    assert arrivals.view().beacon.signals == {"dnt": None, "gpc": None, "optout": False}
    assert not visitor.problems()


def test_a_visitor_who_has_opted_out_is_not_recognised(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    assert arrivals.view(title="A").visitor is not None
    visitor.evaluate("azalead('optout')")
    visitor.open(site.page("/b", title="B", tag=tag))
    view = arrivals.view(title="B")
    assert (view.visitor, view.beacon.rule) == (None, "optout")
    assert view.beacon.signals["optout"] is True
    assert visitor.evaluate("document.cookie") == "azalead_optout=1"
