"""Campaign parameters: told with the page that they led to, and no reason to count another."""

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

NO_NAVIGATION_API = """<script>
  Object.defineProperty(window, "navigation", { value: undefined });
</script>"""

CAMPAIGN = "?utm_source=mail&utm_medium=a%20b"
TIDY = "history.replaceState(history.state, '', location.pathname)"

MOMENTS = {
    "before the tag": (f"<script>{TIDY}</script>", ""),
    "while the page loads": (f"<script>azalead('explain', () => {TIDY})</script>", ""),
    "before the view was sent": (f"<script>setTimeout(() => {TIDY}, 50)</script>", ""),
    "after the view was sent": ("", f"() => {TIDY}"),
    "when somebody has read on": ("", f"() => {{ dispatchEvent(new Event('wheel')); {TIDY} }}"),
}


@pytest.mark.claim("C08")
@pytest.mark.parametrize(("early", "late"), MOMENTS.values(), ids=MOMENTS.keys())
@pytest.mark.parametrize("head", ["", NO_NAVIGATION_API], ids=["as it is", "patched"])
def test_a_campaign_that_is_tidied_away_is_told_with_its_one_view(  # noqa: PLR0913, PLR0917
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    tag: Tag,
    head: str,
    early: str,
    late: str,
) -> None:
    url = site.page("/a", title="A", tag=tag, head=head, body=f"<p>A</p>{early}")
    visitor.open(url + CAMPAIGN)
    view = arrivals.view(title="A")
    if late:
        visitor.evaluate(late)
    visitor.wait_until("location.search === ''")
    visitor.open(site.url("/left"))
    told = [view.page["url"], arrivals.dwell(view).page["url"]]
    assert [each.replace("+", "%20") for each in told] == [url + CAMPAIGN] * 2


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("/a", "/a?utm_source=x"),
        ("/a?utm_source=x", "/a?utm_source=y"),
        ("/a?utm_source=x&page=2", "/a?page=2"),
        ("/a?page=2&utm_source=x&gclid=1", "/a?page=2&gclid=2"),
        ("/a?page=a%20b", "/a?page=a%20b&utm_id=7"),
    ],
)
def test_neither_one_that_is_added_nor_one_that_changes_is_another_page(  # noqa: PLR0913, PLR0917
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, first: str, then: str
) -> None:
    names = ["utm_*", "gclid"]
    tag = build_tag({"measure.keep_params": ["page", *names], "measure.campaign": names})
    site.page("/a", title="A", tag=tag)
    visitor.open(site.url(first))
    view = arrivals.view(title="A")
    for method in ("replaceState", "pushState"):
        visitor.press("Shift")
        visitor.evaluate("(method, url) => history[method]({}, '', url)", method, then)
    visitor.evaluate("() => history.pushState({}, '', '/a?page=3')")
    other = arrivals.view(url=site.url("/a?page=3"))
    assert other.page["referrer"] == view.page["url"] == site.url(first)


def test_a_redirect_keeps_the_campaign_that_led_to_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    early = "<script>history.replaceState({}, '', '/home')</script>"
    site.page("/a", title="A", tag=tag, body=early)
    visitor.open(site.url("/a?utm_source=x"))
    assert arrivals.view(title="A").page["url"] == site.url("/home?utm_source=x")
    visitor.open(site.page("/b", title="B", tag=tag) + "?utm_source=y")
    view = arrivals.view(title="B")
    visitor.evaluate("() => history.replaceState({}, '', '/welcome')")
    visitor.open(site.url("/left"))
    assert arrivals.dwell(view).page["url"] == site.url("/welcome?utm_source=y")


def test_other_kept_parameters_tell_pages_apart(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    overrides = {"measure.keep_params": ["utm_*", "page"], "measure.campaign": []}
    for path, changed, given in (
        ("/a", "/a?page=2", {**overrides, "measure.campaign": ["utm_*"]}),
        ("/b", "/b?utm_source=x", overrides),
        ("/c", "/c?pages=2", overrides),
    ):
        visitor.open(site.page(path, title=path, tag=build_tag(given)))
        arrivals.view(url=site.url(path))
        visitor.evaluate("url => history.pushState({}, '', url)", changed)
        if path != "/c":
            arrivals.view(url=site.url(changed))
