"""A choice holds everywhere at once: what a beacon says of its visitor is true when packed."""

import json
from collections.abc import Callable

import pytest

from tests.browsers.bidi_visitor import BidiVisitor
from tests.browsers.leaving import back, leave
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.consent import ACCEPTED, REFUSED, Platforms
from tests.support.events import Arrival
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.support.unsent import KEPT, NO_REPEATS, is_taken, leave_unsent

OTHER = "OtherVisitorOtherVisiA"
"""An identifier as the tag makes them."""

SET = """([name, value, age, domain]) => {
  document.cookie = `${name}=${value};domain=${domain};path=/;max-age=${age};secure`;
}"""
SWEEP = """(domain) => {
  for (const cookie of document.cookie.split("; "))
    if (/^azalead_/.test(cookie))
      for (const end of ["", `;domain=${domain}`])
        document.cookie = `${cookie.replace(/=.*/, "")}=;path=/;max-age=0${end}`;
}"""
"""As consent banners clear cookies, by the beginnings of their names."""

Change = Callable[[Visitor, Site, Tag], None]


def in_another_tab(visitor: Visitor, site: Site, act: Callable[[], object]) -> None:
    """Do something on another page of the site, beside the one that is open and stays in sight."""
    visitor.new_window()
    visitor.open(site.page("/beside", title="Beside"))
    act()
    visitor.close_tab()


def set_cookie(visitor: Visitor, site: Site, name: str, value: str = "", age: int = 0) -> None:
    """Set a cookie of the site's domain as a script does, or delete it."""
    visitor.evaluate(SET, [name, value, age, site.domain])


def forget_cookies(visitor: Visitor, site: Site, _tag: Tag) -> None:
    """A banner on this page, which tells nobody."""
    visitor.evaluate(SWEEP, site.domain)


def opt_out_beside(visitor: Visitor, site: Site, tag: Tag) -> None:
    """The visitor, in another tab, by this tag."""
    visitor.new_window()
    visitor.open(site.page("/beside", title="Beside", tag=tag))
    site.server.ledger.wait(lambda each: b"Beside" in each.body and site.host.encode() in each.body)
    visitor.evaluate("azalead('optout')")
    visitor.close_tab()


def opt_out_by_cookie(visitor: Visitor, site: Site, _tag: Tag) -> None:
    """A server or another script, in another tab; the identifier is still there."""
    in_another_tab(visitor, site, lambda: set_cookie(visitor, site, "azalead_optout", "1", 99))


def delete_beside(visitor: Visitor, site: Site, _tag: Tag) -> None:
    """The visitor, or a banner, in another tab."""
    in_another_tab(visitor, site, lambda: visitor.evaluate(SWEEP, site.domain))


def replace_beside(visitor: Visitor, site: Site, _tag: Tag) -> None:
    """Another tab, in which everything was deleted before."""
    in_another_tab(visitor, site, lambda: set_cookie(visitor, site, "azalead_id", OTHER, 99))


CHANGES: dict[str, tuple[Change, str | None, str]] = {
    "opted out in another tab": (opt_out_beside, None, "optout"),
    "opted out by a cookie": (opt_out_by_cookie, None, "optout"),
    "deleted by a banner": (forget_cookies, None, "default"),
    "deleted in another tab": (delete_beside, None, "default"),
    "replaced in another tab": (replace_beside, OTHER, "default"),
}
"""What happens while a page is open, and the visitor and the rule that are true from then on."""


def after(arrivals: Arrivals, visitor: Visitor) -> Arrival:
    """The beacon of an event that happens now."""
    visitor.evaluate("azalead('event', 'after')")
    return arrivals.expect("event", where=lambda each: each.event["name"] == "after")


def told(arrival: Arrival) -> tuple[str | None, str]:
    """What a beacon says of its visitor."""
    return arrival.visitor, arrival.beacon.rule


@pytest.mark.parametrize("change", CHANGES)
def test_what_happens_next_is_told_of_who_the_visitor_is_then(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, change: str
) -> None:
    act, *expected = CHANGES[change]
    visitor.open(site.page("/a", title="A", tag=tag))
    first = arrivals.view(title="A")
    assert told(after(arrivals, visitor)) == (first.visitor, "default"), "the control"
    act(visitor, site, tag)
    if "another tab" in change and act is opt_out_beside:
        arrivals.view(title="Beside")
    assert told(after(arrivals, visitor)) == tuple(expected)
    visitor.evaluate("history.pushState(0, '', '/route')")
    assert told(arrivals.view(url=site.url("/route"))) == tuple(expected)
    visitor.open(site.url("/left"))
    assert told(arrivals.dwell(arrivals.all()[-1])) == tuple(expected)


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_out_of_the_cache_tells_who_the_visitor_is_by_now(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, change: str
) -> None:
    act, *expected = CHANGES[change]
    visitor.open(site.page("/a", title="A", tag=tag))
    arrivals.view(title="A")
    leave(visitor, "same_site_link")
    act(visitor, site, tag)
    if act is opt_out_beside:
        arrivals.view(title="Beside")
    back(visitor)
    view = arrivals.expect("view", where=lambda each: "cache" in each.event["navigation"])
    assert told(view) == tuple(expected)


@pytest.mark.parametrize("change", CHANGES)
def test_what_waits_for_the_collector_is_told_of_who_the_visitor_is_by_now(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, change: str
) -> None:
    """In this page's memory, and what was kept of it: under no identifier that holds no more."""
    arrivals.allow_repeats()
    act, expected, rule = CHANGES[change]
    page_id = leave_unsent(visitor, site, tag)[0]["page"]["id"]
    visitor.open(site.page("/bare", title="Bare"))
    act(visitor, site, tag)
    before = site.server.ledger.mark()
    visitor.open(site.page("/b", title="B", tag=tag))
    second = arrivals.view(title="B")
    assert second.beacon.rule == rule
    if rule == "optout":
        visitor.wait_until(f"!{KEPT}")
    else:
        entry = site.server.ledger.wait(lambda each: is_taken(each, page_id, "view"), since=before)
        assert json.loads(entry.body)["visitor"] is None
        assert second.visitor not in {None, OTHER} or expected == OTHER
    for title in {"Beside"} & {each.page["title"] for each in arrivals.all()}:
        arrivals.view(title=title)
    arrivals.view(title="A")


@pytest.mark.claim("C05")
def test_no_identifier_is_made_again_in_a_page_that_has_lost_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    first = arrivals.view(title="A")
    visitor.evaluate(SWEEP, site.domain)
    for _ in range(3):
        assert after(arrivals, visitor).visitor is None
    assert visitor.evaluate("document.cookie") == ""
    visitor.open(site.page("/b", title="B", tag=tag))
    assert arrivals.view(title="B").visitor not in {None, first.visitor}


def test_who_opts_in_elsewhere_is_recognised_everywhere(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    arrivals.view(title="A")
    visitor.evaluate("azalead('optout')")
    assert told(after(arrivals, visitor)) == (None, "optout")
    visitor.new_window()
    visitor.open(site.page("/b", title="B", tag=tag))
    assert arrivals.view(title="B").visitor is None
    visitor.evaluate("azalead('optin')")
    beside = after(arrivals, visitor).visitor
    visitor.close_tab()
    assert told(after(arrivals, visitor)) == (beside, "default")
    assert beside is not None


@pytest.mark.claim("C18")
def test_an_opt_out_outlives_a_banner_that_sweeps_cookies(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """In the page itself, and in the next one; and who then opts in is somebody new."""
    visitor.open(site.page("/a", title="A", tag=tag))
    first = arrivals.view(title="A")
    visitor.evaluate("azalead('optout')")
    visitor.evaluate(SWEEP, site.domain)
    assert visitor.evaluate("document.cookie") == ""
    assert told(after(arrivals, visitor)) == (None, "optout")
    visitor.open(site.page("/b", title="B", tag=tag))
    assert told(arrivals.view(title="B")) == (None, "optout")
    assert visitor.evaluate("document.cookie") == "azalead_optout=1"
    visitor.evaluate("azalead('optin')")
    assert after(arrivals, visitor).visitor not in {None, first.visitor}
    visitor.evaluate(SWEEP, site.domain)
    visitor.open(site.page("/c", title="C", tag=tag))
    assert arrivals.view(title="C").beacon.rule == "default", "the wish to be in is obeyed as well"


def test_a_page_that_has_lost_all_signs_of_an_opt_out_keeps_to_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """What is absent is no permission."""
    visitor.open(site.page("/a", title="A", tag=tag))
    arrivals.view(title="A")
    visitor.evaluate("azalead('optout')")
    visitor.evaluate(SWEEP, site.domain)
    visitor.evaluate("localStorage.clear()")
    assert told(after(arrivals, visitor)) == (None, "optout")


def test_who_is_denied_first_and_granted_later_on_each_page_is_one_visitor(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    first = arrivals.view(title="A")
    for title in "BCD":
        denied = "<script>azalead('optout')</script>"
        visitor.open(site.page(f"/{title}", title=title, tag=tag, body=denied))
        assert told(arrivals.view(title=title)) == (None, "optout")
        assert visitor.evaluate("document.cookie") == "azalead_optout=1"
        visitor.evaluate("azalead('optin')")
        assert after(arrivals, visitor).visitor == first.visitor


def test_consent_withdrawn_and_given_again_makes_a_new_visitor(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, build_tag: TagBuilder
) -> None:
    """Unless the refusal came first on the page: then the page has only been slow to find it."""
    arrivals.no_dwell()  # of time in which nobody might measure
    tag = build_tag({"privacy.consent": ["tcf"]})
    say = "(choice) => say(choice)"
    accepted = platforms.stub(site) + platforms.platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/a", title="A", tag=tag, head=accepted))
    first = arrivals.view(title="A")
    refused = platforms.stub(site) + platforms.platform(site, "tcf", REFUSED)
    visitor.open(site.page("/b", title="B", tag=tag, head=refused))
    visitor.wait_until("document.cookie === ''")
    visitor.evaluate(say, ACCEPTED)
    assert arrivals.view(title="B").visitor == first.visitor
    visitor.evaluate(say, REFUSED)
    visitor.evaluate(say, ACCEPTED)
    assert arrivals.expect("view", title="B").visitor not in {None, first.visitor}


def test_what_the_browser_holds_is_packed_anew_when_another_tab_changes_cookies(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Told by the browser, for no timer of the page's runs any more."""
    if visitor.engine != "chromium":
        pytest.skip("no other browser holds a beacon for a page that dies")
    head = """<script>
      const pending = new Set(), patient = setTimeout;
      window.setTimeout = (run, pause, ...given) => {
        if (window.isStopped) return 0;
        const timer = patient(() => { pending.delete(timer); run(...given); }, pause);
        if (pause < 10000) pending.add(timer);
        return timer;
      };
    </script>"""
    visitor.open(site.page("/a", title="A", tag=tag, head=head))
    first = arrivals.view(title="A")
    visitor.wait_until("performance.now() > 2500")
    visitor.evaluate("() => { isStopped = true }")
    visitor.wait_until("pending.size === 0")
    in_another_tab(visitor, site, lambda: set_cookie(visitor, site, "azalead_optout", "1", 99))
    assert "azalead_id" not in visitor.evaluate("document.cookie")
    visitor.crash()
    assert told(arrivals.dwell(first)) == (None, "optout")


def test_global_privacy_control_that_is_switched_on_is_heard_at_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag))
    assert arrivals.view(title="A").beacon.rule == "default"
    if isinstance(visitor, BidiVisitor):
        # Firefox obeys its preference in pages that are open, as when a person ticks the box.
        firefox = visitor._firefox  # noqa: SLF001 - what only this engine can
        with firefox.preferring({"privacy.globalprivacycontrol.enabled": True}):
            visitor.wait_until("navigator.globalPrivacyControl")
            event = after(arrivals, visitor)
    else:
        visitor.evaluate(
            "() => { Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }) }"
        )
        event = after(arrivals, visitor)
    assert (event.beacon.rule, event.beacon.signals["gpc"]) == ("gpc", True)


def test_a_repeat_tells_who_the_visitor_is_when_it_is_made(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    with site.server.faults.status("collector", 503, path="/events"):
        visitor.open(site.page("/a", title="A", tag=tag, head=NO_REPEATS))
        first = arrivals.view(title="A")
        visitor.wait_until(KEPT)
        visitor.evaluate("azalead('optout')")
    before = site.server.ledger.mark()
    visitor.evaluate("azalead('optin')")
    visitor.evaluate("azalead('event', 'after')")
    arrivals.expect("event")
    for entry in site.server.ledger.select(path="/events", since=before):
        assert (first.visitor or "").encode() not in entry.body


def test_the_opt_out_of_a_host_alone_is_taken_over_and_taken_back(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """As the stub keeps it until there is a tag, which alone finds the domain."""
    visitor.open(site.page("/bare", title="Bare"))
    visitor.evaluate("() => { document.cookie = 'azalead_optout=1;path=/;max-age=999;secure' }")
    visitor.open(site.page("/a", title="A", tag=tag))
    assert told(arrivals.view(title="A")) == (None, "optout")
    (cookie,) = visitor.cookies(site.url("/"))
    assert (cookie.name, cookie.domain) == ("azalead_optout", site.domain)
    visitor.evaluate("() => { document.cookie = 'azalead_optout=1;path=/;max-age=999;secure' }")
    visitor.evaluate("azalead('optin')")
    assert after(arrivals, visitor).visitor
    assert "optout" not in visitor.evaluate("document.cookie")
