"""What the stub does for a page while the tag is not there: keeps a choice, answers questions."""

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

QUESTIONS = """<script>
  var answers = [];
  azalead("explain", (answer) => { answers.push(["explain", answer]); throw new Error("ours"); });
  azalead("organization", (answer) => {
    answers.push(["organization", answer]);
    navigator.sendBeacon("/answered");
  });
  azalead("explain", "no callback");
</script>"""

NOBODY = [["explain", {"rule": "stub", "signals": {}, "rules": []}], ["organization", None]]


def page_without_tag(site: Site, tag: Tag, name: str, body: str) -> str:
    """A page whose tag no cache has."""
    fresh = tag.snippet.replace("azalead.js", f"azalead.js?{name}")
    return site.page(f"/{name}", title="Blocked", tag=tag, snippet=fresh, body=body)


@pytest.mark.claim("C16")
@pytest.mark.parametrize(
    ("calls", "permitted"),
    [
        (["optout"], False),
        (["optin", "optout"], False),
        (["optout", "optin"], True),
        (["optout", "optimize"], False),
        ([], True),
    ],
    ids=["out", "in out", "out in", "out bad", "none"],
)
def test_a_choice_made_while_the_tag_is_blocked_holds_on_the_next_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, calls: list[str], *, permitted: bool
) -> None:
    body = "<script>{}</script>".format("".join(f"azalead('{call}');" for call in calls))
    url = page_without_tag(site, tag, "blocked", body)
    with site.server.faults.status("cdn", 404):
        visitor.open(url)
        visitor.open(site.url("/left"))
    if permitted:
        arrivals.no_dwell(arrivals.view(title="Blocked"))
        if calls:
            arrivals.allow_repeats()
    visitor.open(site.page("/next", title="Next", tag=tag))
    view = arrivals.view(title="Next")
    assert (view.visitor is not None, view.beacon.signals["optout"]) == (permitted, not permitted)
    assert not visitor.problems() or not calls


@pytest.mark.mode("cookies_refused")
def test_where_the_choice_cannot_be_kept_the_page_s_stub_obeys_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    for call in ("optout", "optin"):
        body = f"<script>azalead('{call}')</script>"
        with site.server.faults.status("cdn", 404):
            visitor.open(page_without_tag(site, tag, call, body))
            visitor.open(site.url("/left"))
    arrivals.allow_repeats()
    arrivals.no_dwell(arrivals.view(url=site.url("/optin")))


def test_a_tag_that_comes_late_carries_the_choice_out(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    for calls, optout in (("azalead('optout')", True), ("azalead('optin')", False)):
        name = f"late-{optout}".lower()
        url = page_without_tag(site, tag, name, f"<script>{calls}</script>")
        visitor.open(site.url("/left"))
        with site.server.faults.hold("cdn") as gate:
            visitor.evaluate("url => { location.href = url }", url)
            gate.release()
            view = arrivals.view(url=url)
        visitor.open(site.page("/next", title=name, tag=tag))
        assert arrivals.view(title=name).beacon.signals["optout"] is optout, view


def test_questions_are_answered_with_nobody_where_the_tag_never_comes(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    with site.server.faults.status("cdn", 404):
        visitor.open(page_without_tag(site, tag, "asked", QUESTIONS))
        visitor.wait_until("answers.length === 2")
        assert visitor.evaluate("answers") == NOBODY
        visitor.evaluate("azalead('explain', (answer) => answers.push(answer.tailor || 'no'))")
        visitor.wait_until("answers[2] === 'no'")
        assert {problem.kind for problem in visitor.problems()} <= {"console.error"}
        visitor.open(site.url("/left"))
    arrivals.allow_repeats()
    arrivals.no_dwell(arrivals.view(title="Blocked"))


def test_a_tag_that_comes_late_answers_no_question_again(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    url = page_without_tag(site, tag, "asked", QUESTIONS)
    visitor.open(site.url("/left"))
    with site.server.faults.hold("cdn") as gate:
        visitor.evaluate("url => { location.href = url }", url)
        # The page tells the server, as no driver hears anything before the load event.
        site.server.ledger.wait(lambda entry: (entry.host, entry.path) == (site.host, "/answered"))
        gate.release()
        arrivals.view(title="Blocked")
    visitor.evaluate("new Promise((resolve) => azalead('organization', () => resolve(true)))")
    assert visitor.evaluate("answers") == NOBODY


def test_a_tag_in_time_answers_instead_of_the_stub(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag, body=QUESTIONS))
    arrivals.view(title="A")
    visitor.wait_until("answers.length === 2")
    assert visitor.evaluate("answers[0][1].rule") == "default"
    visitor.evaluate("new Promise((resolve) => setTimeout(resolve, 4500))")
    assert len(visitor.evaluate("answers")) == 2
