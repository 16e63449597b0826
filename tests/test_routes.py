"""Single-page navigation: a view for each page that a visitor would call one, and no other."""

import json
from itertools import pairwise

import pytest

from fixtures.clickstream import Clickstream
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

NO_NAVIGATION_API = """<script>
  Object.defineProperty(window, "navigation", { value: undefined });
</script>"""
"""As WebKitGTK is, and every browser before 2026: the tag has to patch `history`."""

WRAPPERS = """<script>
  window.seen = [];
  window.wrap = (owner, name) => {
    for (const method of ["pushState", "replaceState"]) {
      const before = owner[method];
      owner[method] = function (...given) {
        seen.push(name + " " + method);
        const result = before.apply(this, given);
        // A router that tidies the address whenever it changes, from inside the call.
        if (method === "pushState") this.replaceState(history.state, "", location.href);
        return result;
      };
    }
  };
</script>"""

ROUTE = """(path, title) => {
  history.pushState({ path }, "", path);
  setTimeout(() => { document.title = title; window.routed = performance.now(); });
}"""

OBSERVABLE = """JSON.stringify(["pushState", "replaceState"].map((name) => {
  const found = Object.getOwnPropertyDescriptor(History.prototype, name);
  return [
    Object.keys(history), Object.getOwnPropertyNames(history), Object.keys(History.prototype),
    found.enumerable, found.configurable, found.writable, history[name] === found.value,
    found.value.name, found.value.length, "prototype" in found.value,
    /native code/.test(String(found.value)),
    Object.getOwnPropertyNames(found.value), Object.prototype.toString.call(found.value),
  ];
}))"""
"""All that a page can see of `history` without calling it."""


@pytest.mark.claim("C06")
@pytest.mark.claim("C07")
@pytest.mark.claim("C08")
@pytest.mark.claim("C10")
@pytest.mark.parametrize("head", ["", NO_NAVIGATION_API], ids=["as it is", "patched"])
def test_each_route_is_a_page_of_its_own_with_its_own_dwell(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, head: str
) -> None:
    visitor.open(site.page("/app", title="A", tag=tag, head=head))
    pages = [arrivals.view(title="A")]
    stays = {"/app/b": 700, "/app/c": 1500}
    for path, title in (("/app/b", "B"), ("/app/c", "C")):
        visitor.evaluate(ROUTE, path, title)
        pages.append(arrivals.view(title=title))
        visitor.wait_until(f"performance.now() - routed > {stays[path]}")
    visitor.evaluate("() => { document.title = 'B'; history.back(); }")
    pages.append(arrivals.view(title="B"))
    arrivals.settle()
    paths = ["/app", "/app/b", "/app/c", "/app/b"]
    assert [page.page["url"] for page in pages] == [site.url(path) for path in paths]
    assert [page.page["referrer"] for page in pages] == [
        "",
        *(site.url(path) for path in paths[:3]),
    ]
    assert [page.event["navigation"] for page in pages] == ["navigate", *["route"] * 3]
    assert len({page.page_id for page in pages}) == 4
    assert len({page.visitor for page in pages}) == 1
    for page in pages:
        assert page.event["at"] == page.page["at"] <= page.exchange.headers_at.unix_ms
    clickstream = Clickstream(arrival.beacon for arrival in arrivals.all())
    (visit,) = clickstream.visits()
    assert [page.url for page in visit.pages] == [site.url(path) for path in paths]
    for seen, following in pairwise(visit.pages):
        assert seen.visible == pytest.approx(following.at - seen.at, abs=150)


def test_what_a_visitor_would_not_call_another_page_is_no_view(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        base = f"/app-{number}"
        visitor.open(site.page(base, title="A", tag=tag, head=head))
        arrivals.view(url=site.url(base))
        visitor.evaluate(
            """base => {
              history.replaceState({ scroll: 1 }, "", location.href);
              history.replaceState(null, "");
              history.pushState({}, "", location.href);
              history.pushState({}, "", location.href);
              history.pushState({}, "", base + "#part");
              history.replaceState({}, "", base + "?token=secret&page=2");
              location.hash = "other";
            }""",
            base,
        )
        visitor.evaluate(
            "new Promise((done) => { onpopstate = () => done(true); history.go(-2); })"
        )
        visitor.evaluate("() => { document.title = 'B'; history.pushState({}, '', '/b?token=x'); }")
        assert arrivals.view(title="B").page["url"] == site.url("/b")
    assert not visitor.problems()


def test_the_fragment_is_a_page_where_routes_are_in_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    tag = build_tag({"measure.hash_routes": True})
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        base = f"/app-{number}"
        visitor.open(site.page(base, title="A", tag=tag, head=head) + "#/a")
        assert arrivals.view(url=site.url(f"{base}#/a")).event["navigation"] == "navigate"
        for act, route in (
            ("location.hash = '/b?token=secret'", "#/b"),
            ("location.hash = '/b?token=other'", None),
            ("location.hash = '/b'", None),
            ("history.pushState({}, '', '#/c')", "#/c"),
            ("history.go(-1)", "#/b"),
        ):
            visitor.evaluate(f"() => {{ {act} }}")
            if route:
                view = arrivals.view(url=site.url(base + route))
                assert view.event["navigation"] == "route"
    assert not visitor.problems()


def test_the_first_route_of_a_loading_page_is_no_further_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    """As docsify names it, by the fragment; the call is carried out when the tag has started."""
    tag = build_tag({"measure.hash_routes": True})
    early = "<script>azalead('explain', () => location.replace('#/first'))</script>"
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        url = site.page(f"/app-{number}", title="A", tag=tag, head=head, body=early)
        visitor.open(url)
        view = arrivals.view(url=f"{url}#/first")
        assert view.event["navigation"] == "navigate"
        visitor.evaluate("() => { location.replace('#/second') }")
        assert arrivals.view(url=f"{url}#/second").event["navigation"] == "route"
    assert not visitor.problems()


def test_a_redirect_counts_once_with_the_address_where_it_ends(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    early = "<script>history.replaceState({}, '', '/home')</script>"
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        visitor.open(site.page(f"/{number}", title="A", tag=tag, head=head, body=early))
        home = arrivals.view(title="A")
        visitor.evaluate(
            """() => {
              history.pushState({}, "", "/account");
              history.replaceState({}, "", "/account/login");
              history.replaceState({}, "", "/account/login?step=1");
              document.title = "Log in";
            }"""
        )
        login = arrivals.view(title="Log in")
        visitor.evaluate("() => { document.title = 'In'; history.replaceState({}, '', '/in'); }")
        inside = arrivals.view(title="In")
        told = [(view.page["url"], view.page["referrer"]) for view in (home, login, inside)]
        assert told == [
            (site.url("/home"), home.page["referrer"]),
            (site.url("/account/login"), site.url("/home")),
            (site.url("/in"), site.url("/account/login")),
        ]


@pytest.mark.claim("C08")
@pytest.mark.parametrize("owner", ["history", "History.prototype"])
def test_it_lives_with_the_wrappers_of_others_older_and_younger(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, owner: str
) -> None:
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        older = f"{head}{WRAPPERS}<script>wrap({owner}, 'older')</script>"
        visitor.open(site.page(f"/{number}", title="A", tag=tag, head=older))
        arrivals.view(url=site.url(f"/{number}"))
        visitor.evaluate(f"() => wrap({owner}, 'younger')")
        told = visitor.evaluate(
            f"""() => {{
              document.title = "B";
              const state = {{ deep: [1] }};
              const given = history.pushState(state, "", "/b{number}");
              const seenOnce = seen.splice(0);
              let thrown = "";
              try {{ history.pushState({{}}, "", "https://elsewhere.example/") }}
              catch (error) {{ thrown = error.name }}
              seen.length = 0;
              return [given === undefined, history.state.deep, thrown, seenOnce];
            }}"""
        )
        assert told[:3] == [True, [1], "SecurityError"], "the call itself is what it was"
        calls = ["younger pushState", "older pushState"]
        assert told[3][:2] == calls
        assert len(told[3]) < 10, "nothing recurses"
        assert arrivals.view(url=site.url(f"/b{number}")).event["navigation"] == "route"
    assert not visitor.problems()


def test_history_looks_as_it_did(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        visitor.open(site.page(f"/bare-{number}", title="Bare", head=head))
        bare = json.loads(visitor.evaluate(OBSERVABLE))
        visitor.open(site.page(f"/{number}", title="A", tag=tag, head=head))
        arrivals.view(url=site.url(f"/{number}"))
        assert json.loads(visitor.evaluate(OBSERVABLE)) == bare
    assert not visitor.problems()


def test_a_history_that_the_page_has_frozen_harms_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, tag: Tag
) -> None:
    frozen = f"{NO_NAVIGATION_API}<script>Object.freeze(History.prototype)</script>"
    visitor.open(site.page("/a", title="A", tag=tag, head=frozen))
    arrivals.view(title="A")
    visitor.evaluate("() => { document.title = 'B'; history.pushState({}, '', '/b'); }")
    visitor.evaluate("() => { document.title = 'By hand'; azalead('view'); }")
    arrivals.view(title="By hand")
    visitor.open(site.page("/off", title="Off", tag=build_tag({"measure.routes": False})))
    arrivals.view(title="Off")
    visitor.evaluate("() => history.pushState({}, '', '/c')")
    assert not visitor.problems()


LATE_WAYS = {
    "as it handles a click": ("go()", False),
    "when its data has come": ("setTimeout(go, 300)", True),
    "and scrolls": ("setTimeout(() => { go(); window.scrollTo(0, 500) }, 300)", False),
}


@pytest.mark.claim("C08")
@pytest.mark.parametrize(("handler", "is_moved"), LATE_WAYS.values(), ids=LATE_WAYS.keys())
def test_a_router_that_took_push_state_before_the_tag_is_followed_as_well(  # noqa: PLR0913, PLR0917
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    tag: Tag,
    handler: str,
    is_moved: bool,  # noqa: FBT001 - whether the visitor moves the pointer afterwards
) -> None:
    """Without the Navigation API by the next thing that happens; nothing is polled."""
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        early = """<script>
          const push = history.pushState.bind(history);
          const go = () => { push({}, "", location.pathname + "/b"); document.title = "B"; };
        </script>"""
        body = f'<button onclick="{handler}">Go</button><div style="height: 4000px"></div>'
        url = site.page(f"/{number}", title="A", tag=tag, head=head + early, body=body)
        visitor.open(url)
        first = arrivals.view(url=url)
        visitor.click("button")
        visitor.wait_until("document.title === 'B'")
        if is_moved:
            visitor.move()
        second = arrivals.view(url=f"{url}/b")
        assert (second.page["title"], second.page["referrer"]) == ("B", url)
        assert first.page_id != second.page_id
    assert not visitor.problems()
