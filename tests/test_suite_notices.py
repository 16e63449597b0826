"""The suite itself: it passes on the tag, so it must fail on tags that are broken on purpose."""

from pathlib import Path

import pytest

from tests.support.broken import Break, run_suite, sources

TWICE = Break(
    name="sends the view twice",
    file="beacon/roads.ts",
    right="export async function post(body: string): Promise<boolean> {\n",
    wrong=(
        "export async function post(body: string): Promise<boolean> {\n"
        "  if (body.includes('\"view\"')) navigator.sendBeacon(EVENTS, body);\n"
    ),
)
SILENT = Break(
    name="never tells the dwell",
    file="visit/visit.ts",
    right="if (latest.visible !== reported) events.push(latest);",
    wrong="void latest;",
)
STUBBORN = Break(
    name="identifies who refuses cookies",
    file="visitor/identifier.ts",
    right="return read() === visitor ? visitor : null;",
    wrong="return visitor;",
)
VIEWED = "tests/test_page_views.py::test_a_view_tells_when_which_page_was_accessed_and_from_where"
LEFT = "tests/test_page_views.py::test_a_left_page_tells_for_how_long_it_was_seen"
REFUSED = (
    "tests/test_identifier.py::test_a_visitor_who_refuses_cookies_loses_nothing_but_recognition"
)


@pytest.mark.parametrize(
    ("flaw", "test"),
    [(TWICE, VIEWED), (SILENT, LEFT), (STUBBORN, REFUSED)],
    ids=lambda value: value.name if isinstance(value, Break) else "",
)
def test_the_suite_fails_on_a_tag_that(flaw: Break, test: str, tmp_path: Path) -> None:
    """In one engine, by the test whose business it is."""
    outcomes = run_suite(sources(flaw, tmp_path), [test], "chromium", tmp_path)
    assert "FAILED" in outcomes.values(), outcomes


def test_a_flaw_that_no_longer_fits_the_sources_is_an_error(tmp_path: Path) -> None:
    """So that no test of the suite can become a test of nothing."""
    flaw = Break(name="gone", file="site.ts", right="no such text", wrong="")
    with pytest.raises(ValueError, match="0 times, not once"):
        sources(flaw, tmp_path)
