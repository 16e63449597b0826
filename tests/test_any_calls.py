"""Any calls in any order, before and after the tag has come: nothing thrown, bad ones told once."""

from pathlib import Path
from typing import Any

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

ANY_CALLS = (Path(__file__).parent / "support" / "any_calls.js").read_text(encoding="utf-8")
COUNT_WARNINGS = """<script>
  let warned = 0;
  const tell = console.warn;
  console.warn = (...parts) => {
    warned += 1;
    tell.apply(console, parts);
  };
</script>"""
CALLS = 150
LONGEST_VIEW_BEFORE = 1000


def test_any_calls_warn_once_where_they_are_bad_and_arrive_where_they_are_good(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    early = f"<script>{ANY_CALLS}\nconst early = anyCalls(1, {CALLS})</script>"
    visitor.open(site.page("/", title="A", tag=tag, head=COUNT_WARNINGS, body=early))
    view = arrivals.view(title="A")
    counted: list[dict[str, Any]] = [
        visitor.evaluate("early"),
        visitor.evaluate(f"anyCalls(2, {CALLS})"),
    ]
    good = [number for each in counted for number in each["good"]]
    assert len(good) > CALLS / 2
    came = [arrivals.expect("event") for _ in good]
    assert [event.event["properties"]["n"] for event in came] == good
    assert {event.page_id for event in came} == {view.page_id}
    assert {problem.kind for problem in visitor.problems()} == {"console.warn"}
    assert visitor.evaluate("warned") == sum(each["bad"] for each in counted)


@pytest.mark.claim("C07")
def test_a_view_of_no_address_takes_no_time_from_the_page_that_is_open(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    view = arrivals.view(title="A")
    visitor.wait_until(f"performance.now() > {LONGEST_VIEW_BEFORE * 1.5}")
    visitor.evaluate("azalead('view', {url: 'https://['})")
    arrivals.settle()
    *_, dwell = [each for each in arrivals.all() if each.type == "dwell"]
    assert dwell.page_id == view.page_id
    assert dwell.event["visible"] > LONGEST_VIEW_BEFORE
