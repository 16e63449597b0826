"""Consent refused and given later: what happened in between is nobody's business, for good."""

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.consent import (
    ACCEPTED,
    ASKING,
    QUICK_TIMERS,
    REFUSED,
    SOLD,
    TIMERS_RAN_OUT,
    Choice,
    Platforms,
    buttons,
)
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

LIVE = """() => {
  azalead("event", "before");
  history.pushState(null, "", "/next");
  azalead("event", "after");
  azalead("view", { url: "/by-hand", title: "By hand" });
}"""
"""What a visitor does on a page of which nobody may be told; three pages are seen."""

LONG = 3000
"""Milliseconds since the page was opened until there is consent again."""

CLOCKS_DIFFER = 50
"""Milliseconds between the wall clock and the monotonic one."""


@pytest.fixture
def tcf(build_tag: TagBuilder) -> Tag:
    """A tag that obeys TCF."""
    return build_tag({"privacy.consent": ["tcf"]})


@pytest.mark.parametrize(("answer", "goes_out"), [(ASKING, True), (REFUSED, False)])
def test_what_happened_before_consent_goes_out_unless_it_was_refused(  # noqa: PLR0913, PLR0917 - the world
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    platforms: Platforms,
    tcf: Tag,
    answer: Choice,
    *,
    goes_out: bool,
) -> None:
    head = QUICK_TIMERS + platforms.stub(site) + platforms.platform(site, "tcf", answer)
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=buttons(accept=ACCEPTED)))
    visitor.evaluate(LIVE)
    visitor.wait_until(TIMERS_RAN_OUT)
    assert arrivals.exchanges() == []
    visitor.click("#accept")
    visitor.evaluate("() => azalead('event', 'accepted')")
    if goes_out:
        first, second, third = [
            arrivals.view(url=site.url(at)) for at in ("/", "/next", "/by-hand")
        ]
        for name, page in (("before", first), ("after", second), ("accepted", third)):
            event = arrivals.expect("event")
            assert (event.event["name"], event.page_id) == (name, page.page_id)
        arrivals.dwell(first)
        arrivals.dwell(second)
    else:
        view = arrivals.view(title="A", url=site.url("/next"))
        event = arrivals.expect("event")
        assert (event.event["name"], event.page_id) == ("accepted", view.page_id)
        assert (view.event["navigation"], view.page["referrer"]) == ("navigate", "")


@pytest.mark.claim("C07")
def test_after_a_withdrawal_the_page_is_counted_anew_from_the_next_consent_on(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = platforms.stub(site) + platforms.platform(site, "tcf", ACCEPTED)
    body = buttons(withdraw=REFUSED) + '<p style="height: 900vh">'
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=body))
    first = arrivals.view(title="A")
    arrivals.no_dwell(first)
    visitor.click("#withdraw")
    visitor.evaluate("() => azalead('event', 'refused')")
    visitor.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    visitor.wait_until("scrollY > 0")
    visitor.wait_until(f"performance.now() > {LONG}")
    visitor.evaluate("() => scrollTo(0, 0)")
    visitor.wait_until("scrollY === 0")
    visitor.evaluate("() => azalead('event', 'refused to the last')")
    # By no click: a dialog in a frame gets its visitors' input for itself.
    visitor.evaluate("choice => say(choice)", ACCEPTED)
    second = arrivals.view(title="A")
    arrivals.settle()
    dwell = [each for each in arrivals.all() if each.page_id == second.page_id][-1]
    seen = dwell.event["at"] - second.page["at"]
    assert dwell.type == "dwell"
    assert dwell.event["visible"] <= seen + CLOCKS_DIFFER
    assert dwell.event["scroll"] < 1 / 2
    assert second.page_id != first.page_id
    assert second.visitor not in {None, first.visitor}, "the identifier went with the consent"


def test_an_opt_out_while_consent_is_asked_for_is_no_refusal_to_be_counted(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = platforms.stub(site) + platforms.platform(site, "tcf", ASKING)
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=buttons(accept=ACCEPTED)))
    visitor.evaluate("() => { azalead('optout'); azalead('event', 'held'); }")
    visitor.click("#accept")
    view = arrivals.view(title="A")
    assert (view.visitor, view.beacon.rule) == (None, "optout")
    assert arrivals.expect("event").page_id == view.page_id


def test_of_several_one_refusal_is_enough_while_others_have_not_answered(
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    platforms: Platforms,
    build_tag: TagBuilder,
) -> None:
    head = "".join(
        (
            QUICK_TIMERS,
            platforms.platform(site, "gpp", ASKING),
            "<script>const sayOfSale = say</script>",
            platforms.stub(site),
            platforms.platform(site, "tcf", REFUSED),
        )
    )
    tag = build_tag({"privacy.consent": ["tcf", "gpp"]})
    visitor.open(site.page("/", title="A", tag=tag, head=head, body=buttons(accept=ACCEPTED)))
    visitor.evaluate("() => azalead('event', 'refused')")
    visitor.click("#accept")
    visitor.evaluate("() => azalead('event', 'held')")
    visitor.wait_until(TIMERS_RAN_OUT)
    assert arrivals.exchanges() == []
    visitor.evaluate("choice => sayOfSale(choice)", SOLD)
    view = arrivals.view(title="A")
    event = arrivals.expect("event")
    assert (event.event["name"], event.page_id) == ("held", view.page_id)
