"""One decision: what rules see, what each permits, which of them decides, and that it is live."""

import time
from typing import Any

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.consent import Platforms
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

EXPLAIN = "new Promise((resolve) => azalead('explain', resolve))"
ALL = {"identify": True, "measure": True, "sync": True, "tailor": True}
NO_ADS = {"identify": True, "measure": True, "sync": False, "tailor": False}
ONLY_MEASURE = {"identify": False, "measure": True, "sync": False, "tailor": False}
DAY = 86400
CLAMPED_DAYS = 400
"""Chromium and Firefox keep no cookie for longer."""
DO_NOT_TRACK = """<script>
  Object.defineProperty(navigator, "doNotTrack", { value: "1" });
</script>"""
"""A mock, as no engine has this signal beside others."""


def permits(explanation: dict[str, Any]) -> dict[str, bool]:
    """What an explanation, or one rule of it, permits."""
    return {name: explanation[name] for name in ALL}


def rules(explanation: dict[str, Any]) -> dict[str, dict[str, bool]]:
    """What each rule permits, by its name."""
    return {rule["rule"]: permits(rule) for rule in explanation["rules"]}


@pytest.mark.claim("C22")
def test_a_visitor_who_said_nothing_is_explained_as_such(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    explanation = visitor.evaluate(EXPLAIN)
    assert explanation["rule"] == "default"
    assert permits(explanation) == ALL
    assert rules(explanation) == {"optout": ALL, "gpc": ALL}


def test_a_debug_build_explains_itself_in_the_console(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder
) -> None:
    """A build for clients calls that a bad call, and says so."""
    said = """() => {
      const said = [];
      console.log = (...words) => said.push(...words);
      console.warn = () => said.push("bad call");
      azalead('explain');
      return said;
    }"""
    visitor.open(site.page("/a", title="A", tag=build_tag({"tag.debug": True})))
    arrivals.view(title="A")
    brand, explanation = visitor.evaluate(said)
    assert (brand, explanation["rule"]) == ("azalead", "default")
    visitor.open(site.page("/b", title="B", tag=tag))
    arrivals.view(title="B")
    assert visitor.evaluate(said) == ["bad call"]


@pytest.mark.mode("gpc")
def test_global_privacy_control_stops_ads_and_nothing_else(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    respected = arrivals.view(title="A")
    assert (respected.beacon.rule, respected.beacon.signals["gpc"]) == ("gpc", True)
    assert respected.visitor is not None
    explanation = visitor.evaluate(EXPLAIN)
    assert permits(explanation) == NO_ADS
    assert rules(explanation)["gpc"] == NO_ADS
    visitor.open(site.page("/b", title="B", tag=build_tag({"privacy.gpc": "report"})))
    reported = arrivals.view(title="B")
    assert (reported.beacon.rule, reported.beacon.signals["gpc"]) == ("default", True)
    assert permits(visitor.evaluate(EXPLAIN)) == ALL


@pytest.mark.mode("dnt")
def test_do_not_track_that_is_honoured_leaves_only_counting(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    visitor.open(site.page("/", title="A", tag=build_tag({"privacy.dnt": "respect"})))
    assert arrivals.view().beacon.rule == "dnt"
    explanation = visitor.evaluate(EXPLAIN)
    assert permits(explanation) == rules(explanation)["dnt"] == ONLY_MEASURE


@pytest.mark.claim("C16")
@pytest.mark.claim("C18")
def test_an_opt_out_on_the_site_acts_at_once_and_lasts(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, body="<a id=next href=/b>B</a>"))
    site.page("/b", title="B", tag=tag)
    assert arrivals.view(title="A").visitor is not None
    visitor.evaluate("azalead('optout'), azalead('event', 'after')")
    event = arrivals.expect("event")
    assert (event.visitor, event.beacon.rule) == (None, "optout")
    assert event.beacon.signals["optout"] is True
    assert visitor.evaluate("document.cookie") == "azalead_optout=1"
    assert permits(visitor.evaluate(EXPLAIN)) == ONLY_MEASURE
    visitor.click("#next")
    next_page = arrivals.view(title="B")
    assert (next_page.visitor, next_page.beacon.rule) == (None, "optout")
    assert arrivals.dwell(event).visitor is None


@pytest.mark.claim("C16")
def test_who_comes_back_in_is_a_new_visitor(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    first = arrivals.view()
    visitor.evaluate("azalead('optout'), azalead('optin'), azalead('event', 'after')")
    event = arrivals.expect("event")
    assert event.beacon.rule == "default"
    assert event.visitor not in {None, first.visitor}
    assert visitor.evaluate("document.cookie") == f"azalead_id={event.visitor}"


@pytest.mark.claim("C18")
def test_an_opt_out_is_renewed_by_each_page_of_the_site(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    cookie = f"azalead_optout=1; Max-Age={DAY}; Path=/; Domain={site.domain}; Secure"
    site.server.serve(
        site.host, "/planted", "<title>Planted</title>", headers={"Set-Cookie": cookie}
    )
    visitor.open(site.url("/planted"))
    (planted,) = visitor.cookies(site.url("/"))
    assert planted.expires == pytest.approx(time.time() + DAY, abs=60)
    visitor.open(site.page("/a", title="A", tag=tag))
    assert arrivals.view().beacon.rule == "optout"
    (renewed,) = visitor.cookies(site.url("/"))
    assert renewed.expires
    assert (renewed.name, renewed.value) == ("azalead_optout", "1")
    assert (renewed.expires or 0) > time.time() + CLAMPED_DAYS * DAY - 60


@pytest.mark.claim("C17")
@pytest.mark.mode("cookies_refused")
def test_an_opt_out_without_cookies_holds_as_long_as_the_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    assert arrivals.view().beacon.rule == "default"
    visitor.evaluate("azalead('optout'), azalead('event', 'after')")
    assert arrivals.expect("event").beacon.rule == "optout"
    assert not visitor.problems()


KEEP_UNSENT_AND_CALL = """(kept, call) => {
  localStorage.azalead_unsent = JSON.stringify([kept]);
  azalead(call);
}"""


@pytest.mark.claim("C16")
def test_what_an_opted_out_visitor_left_unsent_is_deleted(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """With its twin: what anybody else left unsent is sent."""
    for path, call in (("/a", "optin"), ("/b", "optout")):
        visitor.open(site.page(path, title=path, tag=tag))
        kept = arrivals.view(title=path).beacon.document
        event = {"seq": 99, "type": "event", "at": 1, "name": path, "properties": {}}
        unsent = {**kept, "events": [event]}
        # At once: the tag looks for what is unsent when the collector has answered, too.
        visitor.evaluate(KEEP_UNSENT_AND_CALL, unsent, call)
    assert arrivals.expect("event").event["name"] == "/a"
    assert visitor.evaluate("localStorage.azalead_unsent === undefined")


def test_of_several_rules_the_last_that_took_something_away_is_named(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, build_tag: TagBuilder
) -> None:
    """Do Not Track takes away what USP has left; after an opt-out neither takes anything more."""
    tag = build_tag({"privacy.consent": ["usp"], "privacy.dnt": "respect"})
    head = DO_NOT_TRACK + platforms.platform(site, "usp", {"usp": "1YYN"})
    visitor.open(site.page("/", title="A", tag=tag, head=head))
    view = arrivals.view()
    assert (view.visitor, view.beacon.rule) == (None, "dnt")
    found = rules(visitor.evaluate(EXPLAIN))
    assert (found["usp"], found["dnt"]) == (NO_ADS, ONLY_MEASURE)
    visitor.evaluate("azalead('optout'), azalead('event', 'after')")
    assert arrivals.expect("event").beacon.rule == "optout"


def test_a_cookie_that_was_set_in_another_tab_is_seen_by_the_next_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    assert arrivals.view(title="A").beacon.rule == "default"
    visitor.add_cookie(site.url("/"), "azalead_optout", "1")
    visitor.open(site.page("/b", title="B", tag=tag))
    view = arrivals.view(title="B")
    assert (view.visitor, view.beacon.rule) == (None, "optout")
