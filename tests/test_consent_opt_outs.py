"""GPP and USP: who has opted out of sale, sharing or targeting is measured, and no more."""

import json

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.consent import (
    ACCEPTED,
    ASKING,
    IDENTIFIED,
    QUICK_TIMERS,
    SOLD,
    STORED,
    TIMERS_RAN_OUT,
    UNSOLD,
    Choice,
    Platforms,
    buttons,
    kind_of,
    nothing_after,
)
from tests.support.consent_answers import NATIONAL
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder


@pytest.fixture
def gpp(build_tag: TagBuilder) -> Tag:
    """A tag that obeys GPP."""
    return build_tag({"privacy.consent": ["gpp"]})


@pytest.fixture
def usp(build_tag: TagBuilder) -> Tag:
    """A tag that obeys USP."""
    return build_tag({"privacy.consent": ["usp"]})


def test_where_nobody_has_opted_out_gpp_takes_nothing_away(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, gpp: Tag
) -> None:
    not_applicable: Choice = {**UNSOLD, "applicable": [-1]}
    for name, choice in {"sold": SOLD, "not applicable": not_applicable}.items():
        path = "/" + name.replace(" ", "-")
        head = platforms.platform(site, "gpp", choice)
        visitor.open(site.page(path, title=name, tag=gpp, head=head))
        view = arrivals.view(title=name)
        assert (kind_of(view), view.beacon.rule) == (IDENTIFIED, "default"), name


def test_an_opt_out_in_any_section_is_heard(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, gpp: Tag
) -> None:
    opt_outs = [
        (7, "usnat", "SaleOptOut", 1),
        (7, "usnat", "SharingOptOut", 1),
        (7, "usnat", "TargetedAdvertisingOptOut", 1),
        (7, "usnat", "Gpc", True),
        (8, "usca", "SharingOptOut", 1),
        (9, "usva", "SaleOptOut", 1),
        (10, "usco", "Gpc", True),
        (11, "usut", "TargetedAdvertisingOptOut", 1),
        (12, "usct", "SaleOptOut", 1),
        (6, "uspv1", "OptOutSale", "Y"),
        (26, "usky", "TargetedAdvertisingOptOut", 1),
    ]
    for number, section, field, value in opt_outs:
        choice = {"applicable": [number], "section": section, "fields": {field: value}}
        name = f"{section}-{field}"
        head = platforms.platform(site, "gpp", choice)
        visitor.open(site.page(f"/{name}", title=name, tag=gpp, head=head))
        view = arrivals.view(title=name)
        assert (kind_of(view), view.beacon.rule) == (IDENTIFIED, "gpp"), name
        assert not visitor.problems(), f"{name}: the library takes the value"


def test_sections_are_read_as_the_specification_writes_them_too(
    visitor: Visitor, site: Site, arrivals: Arrivals, gpp: Tag
) -> None:
    """A stand-in: the IAB's library gives an object where its specification has a list."""
    for value, rule in ((1, "gpp"), (2, "default")):
        ping = {
            "signalStatus": "ready",
            "applicableSections": [7],
            "parsedSections": {"usnat": [{**NATIONAL, "SaleOptOut": value}, {"Gpc": False}]},
        }
        api = f"(command, callback) => callback({{ pingData: {json.dumps(ping)} }}, true)"
        head = f"<script>window.__gpp = {api}</script>"
        visitor.open(site.page(f"/{rule}", title=rule, tag=gpp, head=head))
        assert arrivals.view(title=rule).beacon.rule == rule


def test_consent_asked_for_by_a_section_is_not_taken_for_given(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, gpp: Tag
) -> None:
    """Europe's and Canada's: there GPP alone gives no valid consent."""
    for number in (2, 5):
        head = platforms.platform(site, "gpp", {**SOLD, "applicable": [number, 7]})
        visitor.open(site.page(f"/{number}", title=str(number), tag=gpp, head=head))
        assert visitor.evaluate(STORED) == ""
    nothing_after(arrivals)


def test_an_opt_out_by_gpp_later_in_the_page_is_heard(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, gpp: Tag
) -> None:
    head = platforms.platform(site, "gpp", SOLD)
    visitor.open(site.page("/", title="A", tag=gpp, head=head, body=buttons(unsell=UNSOLD)))
    view = arrivals.view(title="A")
    visitor.click("#unsell")
    visitor.click("#same-site-link")
    assert (view.beacon.rule, arrivals.dwell(view).beacon.rule) == ("default", "gpp")


def test_an_open_dialog_of_gpp_is_waited_for(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, gpp: Tag
) -> None:
    head = QUICK_TIMERS + platforms.platform(site, "gpp", ASKING)
    visitor.open(site.page("/", title="A", tag=gpp, head=head, body=buttons(sell=SOLD)))
    visitor.wait_until(TIMERS_RAN_OUT)
    assert visitor.evaluate(STORED) == ""
    visitor.click("#sell")
    view = arrivals.view(title="A")
    assert (kind_of(view), view.beacon.rule) == (IDENTIFIED, "default")


def test_the_third_character_of_usp_decides(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, usp: Tag
) -> None:
    rules = {
        "1YNN": "default",
        "1NNN": "default",
        "1---": "default",
        "1YYN": "usp",
        "1YYY": "usp",
        "1YY": "usp",
        "2YNN": "usp",
        "": "usp",
    }
    told = {}
    for number, string in enumerate(rules):
        head = QUICK_TIMERS + platforms.platform(site, "usp", {"usp": string})
        visitor.open(site.page(f"/{number}", title=str(number), tag=usp, head=head))
        view = arrivals.view(title=str(number))
        assert view.visitor is not None, string
        told[string] = view.beacon.rule
    assert told == rules


def test_an_opt_out_by_usp_later_in_the_page_is_heard(
    visitor: Visitor, site: Site, arrivals: Arrivals, platforms: Platforms, usp: Tag
) -> None:
    head = QUICK_TIMERS + platforms.platform(site, "usp", {"usp": "1YNN"})
    later = "setTimeout(() => { document.title = 'Heard'; azalead('event', 'heard'); }, 1200)"
    body = buttons(unsell={"usp": "1YYN"}) + f'<button id="tell" onclick="{later}">Tell</button>'
    visitor.open(site.page("/", title="A", tag=usp, head=head, body=body))
    view = arrivals.view(title="A")
    visitor.click("#unsell")
    visitor.click("#tell")
    assert (view.beacon.rule, arrivals.expect("event").beacon.rule) == ("default", "usp")


@pytest.mark.parametrize("api", ["gpp", "usp"])
def test_who_never_answers_of_sale_is_taken_to_refuse_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, api: str
) -> None:
    tag = build_tag({"privacy.consent": [api]})
    visitor.open(site.page("/", title="A", tag=tag, head=QUICK_TIMERS))
    view = arrivals.view(title="A")
    assert (kind_of(view), view.beacon.rule) == (IDENTIFIED, api)


def test_of_several_each_must_answer_and_the_strictest_wins(
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    platforms: Platforms,
    build_tag: TagBuilder,
) -> None:
    tag = build_tag({"privacy.consent": ["tcf", "gpp", "usp"]})
    for title, string, rule in (("A", "1YNN", "default"), ("B", "1YYN", "usp")):
        head = "".join(
            (
                platforms.platform(site, "usp", {"usp": string}),
                platforms.platform(site, "gpp", SOLD),
                platforms.stub(site),
                platforms.platform(site, "tcf", ASKING),
            )
        )
        body = buttons(accept=ACCEPTED)
        visitor.open(site.page(f"/{title}", title=title, tag=tag, head=head, body=body))
        assert visitor.evaluate("document.cookie").count("=") == (title == "B")
        visitor.click("#accept")
        view = arrivals.view(title=title)
        assert (kind_of(view), view.beacon.rule) == (IDENTIFIED, rule)


def test_a_build_that_obeys_no_consent_api_has_no_byte_of_one(
    tag: Tag, build_tag: TagBuilder
) -> None:
    names = {"tcf": "__tcfapi", "gpp": "__gpp", "usp": "__uspapi"}
    for api in names:
        code = build_tag({"privacy.consent": [api]}).read("azalead.js")
        assert {each for each, name in names.items() if name in code} == {api}
    code = tag.read("azalead.js")
    assert not any(word in code for word in (*names.values(), "Locator", "callId"))
