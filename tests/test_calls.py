"""The page's calls: `azalead(command, …)`, right and wrong."""

import json

import pytest

from tests.browsers.visitor import Problem, Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

DRIVER_S_OWN = "__pw"

BAD_CALLS = [
    "azalead()",
    "azalead('viev')",
    "azalead('constructor')",
    "azalead('__proto__')",
    "azalead(Symbol('view'))",
    "azalead({toString() { throw new Error('from the page') }})",
    "azalead('view', {title: 3})",
    "azalead('view', {url: {}})",
    "azalead('view', {get url() { throw new Error('from the page') }})",
]


@pytest.mark.claim("C08")
def test_a_view_by_hand_is_a_page_of_its_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    first = arrivals.view(title="A")
    visitor.evaluate("azalead('view', {url: '/step/2?utm_source=x&token=y#z', title: 'Step 2'})")
    second = arrivals.view(title="Step 2")
    assert second.page["url"] == site.url("/step/2?utm_source=x")
    assert second.page["referrer"] == site.url("/")
    assert second.event["navigation"] == "manual"
    assert second.page_id != first.page_id
    arrivals.dwell(first)


def test_a_bad_call_warns_and_never_throws(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view(title="A")
    for call in BAD_CALLS:
        visitor.evaluate(f"() => {{ {call} }}")
    assert {problem.kind for problem in visitor.problems()} == {"console.warn"}


def test_a_bad_call_is_told_once_under_the_tag_s_name(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, body="<script>azalead('viev')</script>"))
    arrivals.view(title="A")
    (problem,) = visitor.problems()
    assert problem.kind == "console.warn"
    assert problem.text.startswith("azalead")
    assert "viev" in problem.text


def test_the_global_and_the_files_follow_the_brand(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    tag = build_tag({"tag.brand": "acme_metrics"})
    visitor.open(site.page("/", title="A", tag=tag))
    view = arrivals.view()
    assert visitor.evaluate("typeof window.azalead") == "undefined"
    assert visitor.evaluate("document.cookie") == f"acme_metrics_id={view.visitor}"


def test_the_tag_leaves_one_global_and_nothing_else(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    names = "JSON.stringify(Object.getOwnPropertyNames(window).sort())"
    visitor.open(site.page("/bare", title="Bare"))
    bare = set(json.loads(visitor.evaluate(names)))
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    added = set(json.loads(visitor.evaluate(names))) - bare
    assert {name for name in added if not name.startswith(DRIVER_S_OWN)} == {"azalead"}
    assert visitor.evaluate("[document.scripts.length, document.body.children.length]") == [3, 2]
    assert list(visitor.problems()) == list[Problem]()
