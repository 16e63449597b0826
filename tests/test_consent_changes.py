"""A consent API that fails, is replaced or is gone after a grant: no permission is left."""

import json

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.consent import QUICK_TIMERS, STORED, Api, nothing_after
from tests.support.consent_answers import NAMES, WELL_FORMED
from tests.support.site import Site
from tests.support.tag import TagBuilder
from tests.test_decision import EXPLAIN

APIS: tuple[Api, ...] = ("tcf", "gpp", "usp")
BODY = '<button id="press">Press</button>'
REST = "() => new Promise((resolve) => setTimeout(resolve, 1500))"
"""Longer than the tag waits after a click, by the same clock."""
RULE = f"{EXPLAIN}.then(({{ rule }}) => rule)"
STANDS = """window.{name} = (command, first, second) => {{
  window.asked = (window.asked || 0) + 1;
  window.callBack = typeof first === "function" ? first : second;
  {said}
}};"""


def stand_in(api: Api, said: str) -> str:
    """The script of an API that says so at once."""
    return STANDS.format(name=NAMES[api], said=said)


def permitting(api: Api) -> str:
    """What permits all."""
    return f"callBack({json.dumps(WELL_FORMED[api])}, true);"


REFUSING = "callBack({}, true);"


def rule_is(rule: str) -> str:
    """A condition: that rule decides now."""
    return (
        f"(azalead('explain', (told) => {{ window.rule = told.rule; }}), window.rule === {rule!r})"
    )


CHANGES = {
    "another refuses": lambda api: stand_in(api, REFUSING),
    "another is silent": lambda api: stand_in(api, ""),
    "another throws": lambda api: stand_in(api, "throw new Error('not today');"),
    "another is no function": lambda api: f"window.{NAMES[api]} = {{}};",
    "gone": lambda api: f"delete window.{NAMES[api]};",
    "undefined": lambda api: f"window.{NAMES[api]} = undefined;",
}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("change", CHANGES)
def test_an_api_that_another_replaces_or_nothing_permits_no_more(  # noqa: PLR0913, PLR0917 - a table
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, api: Api, change: str
) -> None:
    tag = build_tag({"privacy.consent": [api]})
    head = f"{QUICK_TIMERS}<script>{stand_in(api, permitting(api))}</script>"
    visitor.open(site.page("/", title="A", tag=tag, head=head, body=BODY))
    view = arrivals.view(title="A")
    assert view.beacon.rule == "default"
    visitor.evaluate(f"() => {{ window.old = window.callBack; {CHANGES[change](api)} }}")
    visitor.click("#press")
    visitor.wait_until(rule_is(api))
    visitor.evaluate(f"() => old({json.dumps(WELL_FORMED[api])}, true)")
    assert visitor.evaluate(RULE) == api, "who was replaced is heard no more"
    if api == "tcf":
        arrivals.no_dwell(view)
        assert visitor.evaluate(STORED) == ""


@pytest.mark.parametrize("api", APIS)
def test_an_api_that_stays_permits_what_it_did_and_is_not_asked_for_each_click(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, api: Api
) -> None:
    """USP is: it tells of no change."""
    tag = build_tag({"privacy.consent": [api]})
    head = f"{QUICK_TIMERS}<script>{stand_in(api, permitting(api))}</script>"
    visitor.open(site.page("/", title="A", tag=tag, head=head, body=BODY))
    view = arrivals.view(title="A")
    visitor.evaluate(REST)
    before = visitor.evaluate("asked")
    for _ in range(3):
        visitor.click("#press")
    visitor.evaluate(REST)
    assert visitor.evaluate("asked") == before + (3 if api == "usp" else 0)
    assert visitor.evaluate(RULE) == "default"
    visitor.click("#same-site-link")
    assert arrivals.dwell(view).visitor == view.visitor


@pytest.mark.parametrize("api", APIS)
def test_an_error_after_a_grant_takes_it_back_and_a_new_grant_counts(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, api: Api
) -> None:
    tag = build_tag({"privacy.consent": [api]})
    head = f"<script>{stand_in(api, permitting(api))}</script>"
    visitor.open(site.page("/", title="A", tag=tag, head=head, body=BODY))
    first = arrivals.view(title="A")
    visitor.evaluate("() => callBack(null, false)")
    assert visitor.evaluate(RULE) == api
    visitor.evaluate(f"() => {{ {permitting(api)} }}")
    assert visitor.evaluate(RULE) == "default"
    if api == "tcf":
        arrivals.no_dwell(first)
        arrivals.view(title="A")


def test_a_platform_that_vanishes_ends_all_telling(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    tag = build_tag({"privacy.consent": ["tcf"]})
    head = f"{QUICK_TIMERS}<script>{stand_in('tcf', permitting('tcf'))}</script>"
    visitor.open(site.page("/", title="A", tag=tag, head=head, body=BODY))
    view = arrivals.view(title="A")
    visitor.evaluate("() => { delete window.__tcfapi; }")
    visitor.click("#press")
    visitor.wait_until(f"{STORED} === ''")
    nothing_after(arrivals, view)
