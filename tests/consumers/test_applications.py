"""Each application is counted as its visitor saw it, and does not notice the tag."""

from collections import Counter
from collections.abc import Iterable
from difflib import unified_diff

import pytest

from tests.consumers.applications import APPLICATIONS, expected_views
from tests.consumers.conftest import Walks
from tests.consumers.walk import Walk, wrong_referrers, wrong_times, wrong_titles

# In this mode WebKitGTK draws, too: it ends where a page moves over to another undrawn.
pytestmark = pytest.mark.mode("light")

STABLE = [each for each in APPLICATIONS if each.tells_stability]


def listed(complaints: Iterable[str]) -> str:
    """A line for each."""
    return "".join(f"\n  - {each}" for each in complaints)


@pytest.mark.claim("C08")
def test_every_page_is_viewed_once_in_its_order(walk: Walk) -> None:
    told = [f"{page.navigation} {page.url}" for page in walk.told]
    expected = [f"{view.navigation} {view.url}" for view in expected_views()]
    assert told == expected, listed(unified_diff(expected, told, "expected", "told", lineterm=""))


def test_every_view_has_the_title_that_its_page_had(walk: Walk) -> None:
    assert walk.pairs()
    wrong = wrong_titles(walk)
    assert not wrong, listed(wrong)


def test_every_view_has_the_page_before_as_its_referrer(walk: Walk) -> None:
    assert walk.pairs()
    wrong = wrong_referrers(walk)
    assert not wrong, listed(wrong)


def test_every_view_has_the_time_for_which_it_was_seen(walk: Walk) -> None:
    assert walk.pairs()
    wrong = wrong_times(walk)
    assert not wrong, listed(wrong)


def test_the_console_says_what_it_says_without_the_tag(walks: Walks) -> None:
    added = list((Counter(walks.tagged.problems) - Counter(walks.plain.problems)).elements())
    missing = list((Counter(walks.plain.problems) - Counter(walks.tagged.problems)).elements())
    assert not added, listed(added)
    assert not missing, listed(missing)


def test_no_pixel_is_requested_where_scripts_run(walk: Walk) -> None:
    assert not walk.pixels, listed(walk.pixels)


def test_nothing_arrives_that_breaks_the_contract(walk: Walk) -> None:
    assert not walk.discrepancy, walk.discrepancy


@pytest.mark.parametrize("application", STABLE, ids=str, indirect=True)
def test_the_application_becomes_stable_after_every_move(walks: Walks) -> None:
    assert not walks.plain.unstable
    assert not walks.tagged.unstable, listed(walks.tagged.unstable)
