"""The snippet that a client pastes: wherever it stands, under whatever policy, it harms nothing."""

import re
from html import unescape

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

READY = "navigator.sendBeacon('/ready')"
TRUSTED_TYPES = "require-trusted-types-for 'script'"


def policy(tag: Tag, *directives: str, script: str) -> dict[str, str]:
    """A page's policy that allows the tag's own directives, and of scripts only `script`."""
    told = re.findall(r"^(?:connect|img)-src [^;]+", tag.read("csp.txt"), re.MULTILINE)
    parts = ["default-src 'none'", f"script-src {script}", *told, *directives]
    return {"Content-Security-Policy": "; ".join(parts).replace("img-src", "img-src data:")}


def with_nonce(tag: Tag, nonce: str) -> str:
    """The snippet as a server renders it into a page with a nonce."""
    return tag.snippet.replace("<script>", f'<script nonce="{nonce}">')


def hash_of_stub(tag: Tag) -> str:
    """The stub's hash as csp.txt tells it."""
    found = re.search(r"'sha256-[^']+'", tag.read("csp.txt"))
    assert found
    return found[0]


def test_calls_made_before_the_tag_is_there_are_kept_and_run_in_order(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    calls = "azalead('view', {title: 'B'}); azalead('event', 'b'); azalead('view', {title: 'C'});"
    open_while_the_tag_is_held(visitor, site, tag, server, calls + READY)
    order = [arrivals.view(title=title) for title in "ABC"]
    assert [view.event["navigation"] for view in order] == ["navigate", "manual", "manual"]
    assert sorted(order, key=lambda view: view.exchange.serial) == order
    assert arrivals.expect("event").page_id == order[1].page_id


@pytest.mark.claim("C07")
def test_time_before_the_tag_is_there_counts(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    open_while_the_tag_is_held(visitor, site, tag, server, f"setTimeout(() => {READY}, 800)")
    view = arrivals.view()
    visitor.open(site.url("/left"))
    assert arrivals.dwell(view).event["visible"] > 800


def test_a_page_does_not_wait_for_the_tag(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, server: FixtureServer
) -> None:
    whole = f"addEventListener('DOMContentLoaded', () => {READY})"
    open_while_the_tag_is_held(visitor, site, tag, server, whole)
    arrivals.view()


def open_while_the_tag_is_held(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, script: str
) -> None:
    """Open page A, and let the tag come only when the page's script has said that it is ready.

    The page tells the server, as no driver hears anything before the load event.
    """
    visitor.open(site.page("/empty", title="Empty"))
    url = site.page("/", title="A", tag=tag, body=f"<script>{script}</script>")
    with server.faults.hold("cdn") as gate:
        visitor.evaluate("url => { location.href = url }", url)
        server.ledger.wait(lambda entry: (entry.host, entry.path) == (site.host, "/ready"))
        gate.release()


def test_pasted_twice_it_counts_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, head=tag.snippet, body=tag.snippet))
    arrivals.view(title="A")
    visitor.evaluate("azalead('view', {title: 'By hand'})")
    arrivals.view(title="By hand")
    assert not visitor.problems()


def test_a_second_script_beside_the_first_leaves_the_page_alone(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    script = f'<script src="{tag.script_url}?again"></script>'
    visitor.open(site.page("/a", title="A", tag=tag, body=script * 2))
    arrivals.view(title="A")
    assert not visitor.problems()


def test_it_works_in_the_body(visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag) -> None:
    visitor.open(site.page("/", title="A", tag=tag, snippet="", body=tag.snippet))
    arrivals.view(title="A")
    assert not visitor.problems()


def test_the_bundle_works_as_a_module_without_the_snippet(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    body = f"""<script type="module">
      import azalead from "{tag.base_url}/azalead.mjs";
      azalead("view", {{ title: "By hand" }});
    </script>"""
    visitor.open(site.page("/", title="A", tag=tag, snippet="", body=body))
    arrivals.view(title="A")
    arrivals.view(title="By hand")
    assert not visitor.problems()


@pytest.mark.parametrize("strict", ["", " 'strict-dynamic'"])
def test_it_works_under_a_policy_with_a_nonce(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, strict: str
) -> None:
    script = f"'nonce-abc'{strict}"
    url = site.page(
        "/",
        title="A",
        tag=tag,
        snippet=with_nonce(tag, "abc"),
        nonce="abc",
        headers=policy(tag, TRUSTED_TYPES, script=script),
    )
    visitor.open(url)
    arrivals.view(title="A")
    assert not visitor.problems()


def test_it_works_under_a_policy_with_the_stub_s_hash(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    origin = site.server.site("cdn")
    headers = policy(tag, script=f"'nonce-suite' {origin} {hash_of_stub(tag)}")
    visitor.open(site.page("/", title="A", tag=tag, nonce="suite", headers=headers))
    arrivals.view(title="A")
    assert not visitor.problems()


def test_it_works_where_trusted_types_are_required_and_its_policy_is_named(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    headers = {"Content-Security-Policy": f"{TRUSTED_TYPES}; trusted-types azalead"}
    visitor.open(site.page("/", title="A", tag=tag, headers=headers))
    arrivals.view(title="A")
    assert not visitor.problems()


KEEP_POLICY = """<script>
  if (window.trustedTypes) {
    const make = trustedTypes.createPolicy.bind(trustedTypes);
    trustedTypes.createPolicy = (name, rules) => (window.kept = make(name, rules));
  }
</script>"""
"""What another script does that wants the tag's policy for itself."""


def test_its_trusted_types_policy_makes_one_address_and_no_other(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    headers = {"Content-Security-Policy": f"{TRUSTED_TYPES}; trusted-types azalead"}
    visitor.open(site.page("/", title="A", tag=tag, head=KEEP_POLICY, headers=headers))
    arrivals.view(title="A")
    asked = "kept.createScriptURL('https://elsewhere.example/evil.js').toString()"
    assert visitor.evaluate(asked) == tag.script_url
    assert visitor.evaluate("kept.name") == "azalead"


@pytest.mark.parametrize(
    "named",
    ['<p id="azalead"></p><p id="azalead"></p>', '<iframe name="azalead"></iframe>'],
    ids=["two elements", "a frame"],
)
def test_without_a_snippet_what_the_page_shows_under_the_name_is_no_hindrance(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, named: str
) -> None:
    body = f'{named}<script src="{tag.script_url}"></script><script>azalead("view", {{}})</script>'
    visitor.open(site.page("/", title="A", tag=tag, snippet="", body=body))
    assert arrivals.view(title="A").event["navigation"] == "navigate"
    assert arrivals.view(title="A").event["navigation"] == "manual"
    assert not visitor.problems()


@pytest.mark.parametrize(
    "forbidden", ["connect-src 'none'; img-src data:", "script-src 'nonce-suite'"]
)
def test_a_page_that_forbids_the_tag_goes_on_without_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, forbidden: str
) -> None:
    assert arrivals.all() == []
    body = '<script nonce="suite">window.azalead && azalead("view"); window.ran = true</script>'
    headers = {"Content-Security-Policy": forbidden}
    visitor.open(site.page("/", title="A", tag=tag, nonce="suite", headers=headers, body=body))
    assert visitor.evaluate("window.ran") is True
    assert {problem.kind for problem in visitor.problems()} == {"policy"}


def test_the_pinned_snippet_loads_the_script_that_it_names(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, snippet=pinned_snippet(tag)))
    arrivals.view(title="A")
    loaded = site.server.ledger.select(
        role="cdn", path=f"/{tag.folder.name}/{script(tag)['hashed']}"
    )
    assert loaded
    assert not visitor.problems()


def test_the_pinned_snippet_loads_no_other_script_than_the_one_it_names(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    other = pinned_snippet(tag).replace(script(tag)["integrity"], "sha384-" + "A" * 64)
    visitor.open(site.page("/", title="A", tag=tag, snippet=other))
    assert visitor.evaluate("Array.isArray(azalead.q)") is True, "no tag has taken over"
    visitor.open(site.url("/left"))
    view = arrivals.view()
    assert (view.beacon.rule, view.visitor) == ("stub", None)
    arrivals.no_dwell(view)


def script(tag: Tag) -> dict[str, str]:
    """What the manifest says of the tag's script."""
    (entry,) = (file for file in tag.manifest["files"] if file["name"] == "azalead.js")
    return dict(entry)


def pinned_snippet(tag: Tag) -> str:
    """The pinned variant, taken from the install page as a client would."""
    page = unescape(tag.read("index.html"))
    found = re.search(r"<script>((?:(?!</script).)*sha384-.*?)</script>", page)
    assert found
    return found[0]
