"""The leave matrix, in small: nothing lost and nothing twice, however a page is left.

What may be lost, and why, stands in `leave/expected.py`. `make bench-leave` makes many more visits.
"""

from itertools import chain
from random import Random

import pytest

from fixtures.server import FixtureServer
from tests.browsers.discovery import Engine
from tests.browsers.visitor import Visitor
from tests.conftest import Starters
from tests.leave.cell import Laboratory
from tests.leave.expected import ALL, HEART, expected
from tests.leave.modes import MODES, LeaveMode
from tests.leave.summary import summarise
from tests.leave.terminal import progress
from tests.leave.truth import Outcome
from tests.support.discrepancies import HEARTBEAT
from tests.support.tag import Tag

SEED = 20261122
STAYS = (200.0, 400.0)
"""Milliseconds."""
LONGER_STAYS = (1000.0, 1200.0)
"""The same, where a view may be lost of a page that a tag, on a busy machine, only begins."""
PAST_A_HEARTBEAT = (HEARTBEAT + 2000.0, HEARTBEAT + 2100.0)
"""The same, where that is what bounds the loss."""

SHARED = [mode for mode in MODES.values() if not mode.ends_browser and not mode.hides]
"""Modes after which the same visitor can go on."""
ALONE = [mode.key for mode in MODES.values() if mode not in SHARED]


@pytest.fixture
def laboratory(
    browser_name: Engine, starters: Starters, server: FixtureServer, tag: Tag
) -> Laboratory:
    """Visits in one engine, with content that is random and yet the same in every run."""
    return Laboratory(browser_name, server, tag, starters(browser_name), Random(SEED))  # noqa: S311 - no secret


def stays_of(mode: LeaveMode, engine: Engine) -> tuple[float, float]:
    """How long to stay, so that nothing may be lost but what a mode always loses."""
    return LONGER_STAYS if expected(mode.key, engine).unseen else STAYS


@pytest.mark.claim("C07")
@pytest.mark.claim("C08")
@pytest.mark.timeout(120)
def test_no_view_is_lost_or_doubled_and_no_dwell_that_can_be_told(
    visitor: Visitor, laboratory: Laboratory
) -> None:
    """One visit of each mode by one visitor, so that there is a median of them all."""
    cells = [laboratory.run(mode, 1, stays_of(mode, laboratory.engine), visitor) for mode in SHARED]
    lossless = [cell for cell in cells if cell.expected == ALL]
    shown = "\n".join(progress(summarise(cell)) for cell in cells)
    assert not ALL.complaints(list(chain(*(cell.outcomes for cell in lossless)))), shown
    for cell in cells:
        assert not cell.views.doubled, shown
        assert cell in lossless or not cell.complaints(), shown


@pytest.mark.claim("C07")
@pytest.mark.claim("C08")
@pytest.mark.parametrize("leave_mode", ALONE)
def test_of_a_page_that_is_told_nothing_only_what_is_written_down_is_lost(
    leave_mode: str, laboratory: Laboratory
) -> None:
    """One heartbeat at most where it bounds the loss; in Chromium a crash takes no dwell."""
    beats = leave_mode == "crash" and expected(leave_mode, laboratory.engine) == HEART
    mode = MODES[leave_mode]
    stays = PAST_A_HEARTBEAT if beats else LONGER_STAYS
    cell = laboratory.run(mode, 3 if mode.hides else 1, stays)  # a median of one would be its worst
    if cell.impossible:
        pytest.skip(cell.impossible)
    assert not cell.complaints(), progress(summarise(cell))
    if leave_mode == "crash":
        assert all(outcome.told is not None for outcome in cell.outcomes)


# The table itself


def outcome(*, view: bool = True, told: float | None = 1000, stay: float = 1000) -> Outcome:
    return Outcome(view, told, stay, by_stopwatch=True)


def test_a_lost_view_is_a_complaint_where_none_may_be_lost() -> None:
    assert expected("reload", "firefox").complaints([outcome(view=False)])


def test_a_lost_dwell_is_a_complaint_where_leaving_is_told() -> None:
    assert expected("reload", "webkit").complaints([outcome(told=None)])


def test_a_dwell_that_is_wrong_at_the_median_is_a_complaint() -> None:
    wrong, right = outcome(told=970), outcome()
    assert expected("close", "chromium").complaints([wrong, wrong, right])
    assert not expected("close", "chromium").complaints([wrong, right, right])


def test_a_crash_may_take_one_heartbeat_and_no_more() -> None:
    assert not HEART.complaints([outcome(told=None, stay=4000)])
    assert HEART.complaints([outcome(told=None, stay=6000)])


def test_a_crash_takes_no_dwell_where_the_browser_holds_it() -> None:
    assert expected("crash", "chromium").complaints([outcome(told=None)])
    assert not expected("crash", "chromium").complaints([outcome(told=50)])


def test_a_loss_that_no_longer_happens_is_a_complaint_about_the_table() -> None:
    assert expected("kill", "chromium").complaints([outcome()])
    assert not expected("kill", "chromium").complaints([outcome(told=None)])
