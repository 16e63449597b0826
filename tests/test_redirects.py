"""What is replaced in the history: a step on the way to a page, or a page that was seen."""

import pytest

from fixtures.clickstream import Clickstream
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

NO_NAVIGATION_API = """<script>
  Object.defineProperty(window, "navigation", { value: undefined });
</script>"""

PAUSES = [20, 60, 250, 600, 1500]
"""Milliseconds until a guard has decided."""

REDIRECT = """(pause, isNamed) => new Promise((done) => {
  if (isNamed) document.title = "Account";
  history.pushState({}, "", "/account");
  setTimeout(() => {
    if (isNamed) document.title = "Log in";
    history.replaceState({}, "", "/login");
    document.title = "Log in";
    done();
  }, pause);
})"""


def told_paths(arrivals: Arrivals, site: Site) -> list[str]:
    """The path of each page, as the last that came says."""
    stream = Clickstream(arrival.beacon for arrival in arrivals.all())
    return [page.url.removeprefix(site.origin) for page in stream.pages()]


@pytest.mark.claim("C08")
@pytest.mark.parametrize("is_named", [False, True], ids=["without title", "title before"])
@pytest.mark.parametrize("head", ["", NO_NAVIGATION_API], ids=["as it is", "patched"])
@pytest.mark.parametrize("pause", PAUSES)
def test_a_redirect_counts_once_however_long_it_takes(  # noqa: PLR0913, PLR0917 - the world
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    tag: Tag,
    pause: int,
    head: str,
    is_named: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    visitor.open(site.page("/a", title="A", tag=tag, head=head))
    arrivals.view(title="A")
    visitor.evaluate(REDIRECT, pause, is_named)
    redirected = arrivals.expect("view")
    visitor.open(site.url("/left"))
    arrivals.dwell(redirected)
    arrivals.settle()
    assert told_paths(arrivals, site) == ["/a", "/login"]
    assert arrivals.all()[-1].page["title"] == "Log in"


@pytest.mark.claim("C08")
@pytest.mark.parametrize("how", ["pointer", "key", "wheel", "a title of its own"])
def test_what_was_seen_before_it_is_replaced_was_a_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, how: str
) -> None:
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        body = '<p id="spot">Here</p>'
        visitor.open(site.page(f"/{number}", title="A", tag=tag, head=head, body=body))
        arrivals.view(url=site.url(f"/{number}"))
        visitor.evaluate("n => history.pushState({}, '', `/${n}/account`)", number)
        if how == "a title of its own":
            visitor.evaluate("() => { document.title = 'Account' }")
        arrivals.view(url=site.url(f"/{number}/account"))
        if how == "pointer":
            visitor.click("#spot")
        if how == "key":
            visitor.press("Shift")
        if how == "wheel":
            # WebKitGTK's driver turns none on a page that has taken a route.
            visitor.evaluate("() => { dispatchEvent(new WheelEvent('wheel')) }")
        visitor.evaluate("n => history.replaceState({}, '', `/${n}/login`)", number)
        view = arrivals.view(url=site.url(f"/{number}/login"))
        assert view.page["referrer"] == site.url(f"/{number}/account")


def test_a_redirect_of_the_first_page_counts_once(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        visitor.open(site.page(f"/{number}", title="A", tag=tag, head=head))
        view = arrivals.view(url=site.url(f"/{number}"))
        visitor.evaluate("n => history.replaceState({}, '', `/${n}/home`)", number)
        visitor.open(site.url("/left"))
        assert arrivals.dwell(view).page["url"] == site.url(f"/{number}/home")


def test_a_redirect_by_the_fragment_is_followed_as_well(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    tag = build_tag({"measure.hash_routes": True})
    for number, head in enumerate(["", NO_NAVIGATION_API]):
        visitor.open(site.page(f"/{number}", title="A", tag=tag, head=head) + "#/")
        arrivals.view(url=site.url(f"/{number}#/"))
        visitor.evaluate("() => history.pushState({}, '', '#/account')")
        view = arrivals.view(url=site.url(f"/{number}#/account"))
        visitor.evaluate("() => { history.replaceState({}, '', '#/login') }")
        visitor.open(site.url("/left"))
        assert arrivals.dwell(view).page["url"] == site.url(f"/{number}#/login")
