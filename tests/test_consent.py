"""Consent by TCF: nothing before it, what was held with it, and an end when it ends."""

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.consent import (
    ACCEPTED,
    ADS,
    ANONYMOUS,
    ASKING,
    IDENTIFIED,
    NOT_STORED,
    NOTHING,
    QUICK_TIMERS,
    REFUSED,
    STORED,
    TIMERS_RAN_OUT,
    Choice,
    Platforms,
    buttons,
    kind_of,
    nothing_after,
)
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder


@pytest.fixture
def tcf(build_tag: TagBuilder) -> Tag:
    """A tag that obeys TCF."""
    return build_tag({"privacy.consent": ["tcf"]})


def test_until_consent_nothing_is_stored_or_sent_and_then_what_was_held_goes_out(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = QUICK_TIMERS + platforms.stub(site) + platforms.platform(site, "tcf", ASKING)
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=buttons(accept=ACCEPTED)))
    visitor.wait_until(TIMERS_RAN_OUT)
    asked_at = visitor.evaluate("Date.now()")
    assert visitor.evaluate(STORED) == ""
    assert arrivals.exchanges() == []
    visitor.click("#accept")
    view = arrivals.view(title="A")
    assert visitor.evaluate("document.cookie") == f"azalead_id={view.visitor}"
    assert view.beacon.rule == "default"
    assert view.page["at"] <= asked_at, (
        "it tells when the page was opened, not when it was accepted"
    )
    assert not visitor.problems()


def test_consent_given_on_an_earlier_page_counts_at_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = platforms.stub(site) + platforms.platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/", title="A", tag=tcf, head=head))
    assert arrivals.view(title="A").visitor is not None


@pytest.mark.parametrize("with_stub", [True, False])
def test_where_no_platform_ever_comes_nothing_is_stored_or_sent(  # noqa: PLR0913 - the world
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    platforms: Platforms,
    tcf: Tag,
    *,
    with_stub: bool,
) -> None:
    head = QUICK_TIMERS + (platforms.stub(site) if with_stub else "")
    visitor.open(site.page("/", title="A", tag=tcf, head=head))
    visitor.wait_until(TIMERS_RAN_OUT)
    assert visitor.evaluate(STORED) == ""
    nothing_after(arrivals)


def test_a_platform_that_comes_when_the_wait_is_over_is_still_heard(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = QUICK_TIMERS + platforms.stub(site)
    body = platforms.late_platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=body))
    visitor.wait_until(TIMERS_RAN_OUT)
    visitor.click("#load")
    assert arrivals.view(title="A").visitor is not None


def test_a_platform_without_stub_that_comes_after_the_tag_is_found(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    body = platforms.late_platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/", title="A", tag=tcf, body=body))
    visitor.click("#load")
    assert arrivals.view(title="A").visitor is not None


def test_consent_withdrawn_deletes_the_cookie_and_ends_all_telling(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = platforms.stub(site) + platforms.platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=buttons(withdraw=REFUSED)))
    view = arrivals.view(title="A")
    visitor.click("#withdraw")
    assert visitor.evaluate(STORED) == ""
    nothing_after(arrivals, view)


def test_consent_to_storage_withdrawn_leaves_beacons_without_identifier(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = platforms.stub(site) + platforms.platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=buttons(withdraw=NOT_STORED)))
    view = arrivals.view(title="A")
    assert view.visitor is not None
    visitor.click("#withdraw")
    assert visitor.evaluate(STORED) == ""
    visitor.click("#same-site-link")
    dwell = arrivals.dwell(view)
    assert (dwell.visitor, dwell.beacon.rule) == (None, "tcf")


def test_a_dialog_that_is_read_for_long_is_no_refusal(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = platforms.stub(site) + platforms.platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/a", title="A", tag=tcf, head=head))
    first = arrivals.view(title="A")
    head = QUICK_TIMERS + platforms.stub(site) + platforms.platform(site, "tcf", ASKING)
    visitor.open(site.page("/b", title="B", tag=tcf, head=head, body=buttons(accept=ACCEPTED)))
    visitor.wait_until(TIMERS_RAN_OUT)
    assert visitor.evaluate("document.cookie") == f"azalead_id={first.visitor}"
    visitor.click("#accept")
    assert arrivals.view(title="B").visitor == first.visitor


def test_a_dialog_opened_again_changes_nothing_until_it_is_closed(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    head = platforms.stub(site) + platforms.platform(site, "tcf", ACCEPTED)
    visitor.open(site.page("/", title="A", tag=tcf, head=head, body=buttons(open=ASKING)))
    view = arrivals.view(title="A")
    visitor.click("#open")
    assert visitor.evaluate("document.cookie") == f"azalead_id={view.visitor}"
    visitor.click("#same-site-link")
    assert arrivals.dwell(view).visitor == view.visitor


CHOICES: dict[str, tuple[Choice, str, str]] = {
    "outside": ({"outside": True}, IDENTIFIED, "default"),
    "all": (ACCEPTED, IDENTIFIED, "default"),
    "without ads": ({"consents": [1, 8]}, IDENTIFIED, "tcf"),
    "without one of the ads": ({"consents": [1, 2, 3, 4, 8]}, IDENTIFIED, "tcf"),
    "interest in measuring": ({"consents": [1], "interests": [8]}, IDENTIFIED, "tcf"),
    "interest alone": ({"interests": [8]}, ANONYMOUS, "tcf"),
    "measuring alone": ({"consents": [8]}, ANONYMOUS, "tcf"),
    "storage alone": ({"consents": [1]}, NOTHING, ""),
    "ads alone": ({"consents": ADS}, NOTHING, ""),
    "none": (REFUSED, NOTHING, ""),
}
"""A choice by purpose, what of a view arrives, and under which rule."""

REQUIRE_CONSENT, REQUIRE_INTEREST = 1, 2
VENDOR_CHOICES: dict[str, tuple[Choice, str, str]] = {
    "not us": (ACCEPTED, NOTHING, ""),
    "us": ({**ACCEPTED, "vendors": [755]}, IDENTIFIED, "default"),
    "interest": ({"interests": [8], "objectable": [755]}, ANONYMOUS, "tcf"),
    "objection": ({"interests": [8]}, NOTHING, ""),
    "not told of us": ({"interests": [8], "objectable": [755], "disclosed": []}, NOTHING, ""),
    "consent required": (
        {"interests": [8], "objectable": [755], "restrictions": [[8, REQUIRE_CONSENT]]},
        NOTHING,
        "",
    ),
    "consent required and given": (
        {**ACCEPTED, "vendors": [755], "restrictions": [[7, REQUIRE_CONSENT]]},
        IDENTIFIED,
        "default",
    ),
    "interest required": (
        {**ACCEPTED, "vendors": [755], "restrictions": [[7, REQUIRE_INTEREST]]},
        IDENTIFIED,
        "tcf",
    ),
    "outside": ({"outside": True}, IDENTIFIED, "default"),
}
"""The same where we are in the Global Vendor List, as number 755."""


@pytest.mark.parametrize(("vendor", "choices"), [(0, CHOICES), (755, VENDOR_CHOICES)])
def test_each_purpose_permits_what_it_is_for(  # noqa: PLR0913, PLR0917 - a table, and the world
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    platforms: Platforms,
    build_tag: TagBuilder,
    vendor: int,
    choices: dict[str, tuple[Choice, str, str]],
) -> None:
    tag = build_tag({"privacy.consent": ["tcf"], "privacy.vendor": vendor})
    for name, (choice, wanted, rule) in choices.items():
        head = platforms.stub(site) + platforms.platform(site, "tcf", choice)
        path = "/" + name.replace(" ", "-")
        visitor.open(site.page(path, title=name, tag=tag, head=head))
        if wanted == NOTHING:
            may_store = vendor == 0 and 1 in choice.get("consents", [])
            assert may_store or visitor.evaluate(STORED) == "", name
            continue
        view = arrivals.view(title=name)
        assert (kind_of(view), view.beacon.rule) == (wanted, rule), name
