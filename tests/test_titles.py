"""A page's title: neither the former page's nor the next one's, whenever the router sets it."""

from itertools import pairwise

import pytest

from fixtures.clickstream import Clickstream
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

NO_NAVIGATION_API = """<script>
  Object.defineProperty(window, "navigation", { value: undefined });
</script>"""

HABITS = {
    "before": "title(); address()",
    "long before": "title(); setTimeout(address, 400)",
    "before, in a microtask": "title(); queueMicrotask(address)",
    "along with it": "address(); title()",
    "after, in a microtask": "address(); queueMicrotask(title)",
    "after, in a frame": "address(); requestAnimationFrame(title)",
    "after a while": "address(); setTimeout(title, 150)",
    "in another element": "address(); document.querySelector('title').remove(); title()",
}
"""When a router sets the title: before the address as a guard does, or after it as a page does."""

GO = """(habit, path, name) => new Promise((done) => {
  const address = () => history.pushState({}, "", path);
  const title = () => { document.title = name; };
  new Function("address", "title", habit)(address, title);
  const look = () =>
    location.pathname === path && document.title === name ? done() : setTimeout(look, 5);
  look();
})"""


def told_titles(arrivals: Arrivals) -> list[tuple[str, str]]:
    """The path and the title of each page, as the last that came says."""
    stream = Clickstream(arrival.beacon for arrival in arrivals.all())
    return [(page.url.rpartition("/")[2], page.title) for page in stream.pages()]


@pytest.mark.claim("C08")
@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS.keys())
@pytest.mark.parametrize("head", ["", NO_NAVIGATION_API], ids=["as it is", "patched"])
def test_each_page_has_its_own_title_whenever_the_router_sets_it(  # noqa: PLR0913, PLR0917 - the world
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, habit: str, head: str
) -> None:
    visitor.open(site.page("/A", title="A", tag=tag, head=head))
    arrivals.view(url=site.url("/A"))
    for name in "BCA":
        visitor.evaluate(GO, habit, f"/{name}", name)
        assert arrivals.view(url=site.url(f"/{name}")).page["title"] == name
    arrivals.settle()
    assert told_titles(arrivals) == [("A", "A"), ("B", "B"), ("C", "C"), ("A", "A")]


@pytest.mark.parametrize("habit", [HABITS["before"], HABITS["along with it"]])
def test_a_title_that_changes_late_is_still_the_page_s_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, habit: str
) -> None:
    """The visitor touches the page before it is left, as somebody does who clicks a link."""
    visitor.open(site.page("/A", title="Loading", tag=tag))
    arrivals.view(url=site.url("/A"))
    visitor.evaluate("() => { document.title = 'A' }")
    visitor.press("Shift")
    visitor.evaluate(GO, habit, "/B", "B")
    arrivals.view(url=site.url("/B"))
    arrivals.settle()
    assert told_titles(arrivals) == [("A", "A"), ("B", "B")]


def test_a_late_title_is_the_page_s_own_if_the_next_one_sets_another(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/A", title="Loading", tag=tag))
    arrivals.view(url=site.url("/A"))
    visitor.evaluate("() => { document.title = 'A' }")
    visitor.evaluate(GO, HABITS["after a while"], "/B", "B")
    arrivals.view(url=site.url("/B"))
    arrivals.settle()
    assert told_titles(arrivals) == [("A", "A"), ("B", "B")]


@pytest.mark.parametrize("head", ["", NO_NAVIGATION_API], ids=["as it is", "patched"])
def test_a_page_left_before_its_title_came_has_none(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, head: str
) -> None:
    visitor.open(site.page("/A", title="A", tag=tag, head=head))
    arrivals.view(url=site.url("/A"))
    visitor.evaluate(
        """() => {
          history.pushState({}, "", "/B");
          history.pushState({}, "", "/C");
          document.title = "C";
        }"""
    )
    for path in "BC":
        arrivals.view(url=site.url(f"/{path}"))
    visitor.evaluate("() => { history.pushState({}, '', '/D'); location.href = '/left'; }")
    visitor.wait_until("document.title === 'Another page'")
    arrivals.view(url=site.url("/D"))
    arrivals.settle()
    assert told_titles(arrivals) == [("A", "A"), ("B", ""), ("C", "C"), ("D", "")]


def test_where_no_route_sets_a_title_all_have_the_document_s(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/A", title="App", tag=tag))
    arrivals.view(url=site.url("/A"))
    for path in ("/B", "/C"):
        visitor.evaluate("path => history.pushState({}, '', path)", path)
        arrivals.view(url=site.url(path))
    arrivals.settle()
    assert told_titles(arrivals) == [("A", "App"), ("B", "App"), ("C", "App")]


def test_on_the_way_back_the_former_page_keeps_the_title_it_had(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        visitor.open(site.page(f"/{number}", title="A", tag=tag, head=head))
        arrivals.view(url=site.url(f"/{number}"))
        visitor.evaluate(GO, HABITS["before"], f"/{number}b", "B")
        arrivals.view(url=site.url(f"/{number}b"))
        visitor.evaluate(
            """() => {
              document.title = "B (2)";
              addEventListener("popstate", () => { document.title = "A" });
              history.back();
            }"""
        )
        arrivals.view(url=site.url(f"/{number}"))
    arrivals.settle()
    assert told_titles(arrivals) == [
        (name, title) for n in "01" for name, title in ((n, "A"), (f"{n}b", "B (2)"), (n, "A"))
    ]


def test_no_time_of_a_page_waits_for_a_title(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """The title in doubt delays what is told; it does not move the time."""
    visitor.open(site.page("/A", title="A", tag=tag))
    arrivals.view(url=site.url("/A"))
    for name in "BC":
        visitor.evaluate(GO, HABITS["before"], f"/{name}", name)
        arrivals.view(url=site.url(f"/{name}"))
    arrivals.settle()
    pages = Clickstream(arrival.beacon for arrival in arrivals.all()).pages()
    for seen, following in pairwise(pages):
        assert seen.visible == pytest.approx(following.at - seen.at, abs=50)
