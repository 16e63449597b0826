"""The page's calls: `azalead(command, …)`, right and wrong."""

import json

import pytest

from tests.browsers.visitor import Problem, Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

DRIVER_S_OWN = "__pw"

WARNINGS = """<script>
  let warnings = [];
  const warn = console.warn;
  console.warn = (...parts) => {
    warnings.push(parts[0]);
    warn.apply(console, parts);
  };
</script>"""

BAD_CALLS = [
    "azalead()",
    "azalead('viev')",
    "azalead('constructor')",
    "azalead('__proto__')",
    "azalead(Symbol('view'))",
    "azalead({toString() { throw new Error('from the page') }})",
    "azalead('view', '/step/2')",
    "azalead('view', '')",
    "azalead('view', null)",
    "azalead('view', 5)",
    "azalead('view', true)",
    "azalead('view', ['/step/2'])",
    "azalead('view', () => {})",
    "azalead('view', {url: 5})",
    "azalead('view', {title: 3})",
    "azalead('view', {url: {}})",
    "azalead('view', {get url() { throw new Error('from the page') }})",
    "azalead('explain')",
    "azalead('explain', 5)",
    "azalead('organization')",
    "azalead('organization', 'company')",
]

GOOD_VIEWS = [
    "azalead('view')",
    "azalead('view', undefined)",
    "azalead('view', {}, 5)",
    "azalead('view', {url: undefined, title: undefined})",
    "azalead('view', Object.create(null))",
    "azalead('view', Object.freeze({title: 'A', round: self}))",
]
"""What each differs in from a bad one: it is nothing at all, or an object."""


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
    before = site.server.ledger.mark()
    visitor.open(site.page("/", title="A", tag=tag, head=WARNINGS))
    arrivals.view(title="A")
    for call in BAD_CALLS:
        told = visitor.evaluate(f"() => {{ warnings = []; {call}; return warnings; }}")
        assert told == ["azalead: bad call:"], call
    assert {problem.kind for problem in visitor.problems()} == {"console.warn"}
    assert site.server.ledger.select(path="/organization", since=before) == []


def test_a_good_call_is_carried_out_without_a_word(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    view = arrivals.view(title="A")
    for call in GOOD_VIEWS:
        visitor.evaluate(f"() => {{ {call} }}")
        arrivals.dwell(view)
        view = arrivals.view(title="A")
        assert view.page["url"] == site.url("/"), call
    before = site.server.ledger.mark()
    explanation = visitor.evaluate("new Promise((resolve) => azalead('explain', resolve, 5))")
    assert explanation["rule"] == "default"
    visitor.evaluate("() => azalead('organization', () => {}, 5)")
    site.server.ledger.wait(lambda entry: entry.path == "/organization", since=before)
    visitor.evaluate("() => { azalead('optout', 5, {}); azalead('optin', 'now'); }")
    assert not visitor.problems()


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
