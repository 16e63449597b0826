"""What may be lost, and why: the one table that the suite and the matrix are held against."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from statistics import median
from typing import Literal

from tests.browsers.discovery import Engine
from tests.leave.truth import Outcome
from tests.support.discrepancies import HEARTBEAT

SETTLING = 250
"""Milliseconds until the tag sends a view, so that the page's events can go with it."""
RENEWAL = 1000
"""Milliseconds until the dwell that is left with the browser (`fetchLater`) is renewed."""
SLACK = 400
"""Milliseconds for a timer that comes late, and for a beacon on its way."""
MEDIAN = 20
"""Milliseconds: the most that the median dwell may be wrong where leaving is told."""


@dataclass(frozen=True)
class Expected:
    """What must arrive of each page view, and what must be lost. Defaults: all, none."""

    why: str = ""
    """Why anything is lost; empty where nothing may be."""
    unseen: float = 0
    """Of a stay shorter than these ms the view may be lost."""
    untold: float = 0
    """So many ms at the end may be missing from the dwell."""
    dwell: Literal["always", "unless short", "never"] = "always"
    """Whether one arrives: "unless short" of `untold`; "never", or this table is out of date."""

    def complaints(self, outcomes: Sequence[Outcome]) -> list[str]:
        """What differs from this, one line each."""
        return [*self._views(outcomes), *self._dwells(outcomes)]

    def _views(self, outcomes: Sequence[Outcome]) -> list[str]:
        lost = [each.stay for each in outcomes if not each.view and each.stay > self.unseen]
        return [f"view lost after {stay:.0f} ms" for stay in lost]

    def _dwells(self, outcomes: Sequence[Outcome]) -> list[str]:
        if self.dwell == "never":
            told = [each.told for each in outcomes if each.told is not None]
            return [f"a dwell of {dwell:.0f} ms arrived that was thought lost" for dwell in told]
        lost = [
            each.stay
            for each in outcomes
            if each.told is None and (self.dwell == "always" or each.stay > self.untold)
        ]
        found = [f"dwell of {stay:.0f} ms lost" for stay in lost]
        if self.untold:
            missing = [each.untold for each in outcomes if each.told and each.untold > self.untold]
            return found + [f"{untold:.0f} ms of a dwell missing" for untold in missing]
        # The harness's own clock also counts what its driver needs to leave.
        exact = [each for each in outcomes if each.by_stopwatch]
        errors = [each.error for each in exact if each.error is not None]
        if errors and median(errors) > MEDIAN:
            found.append(f"dwell wrong by {median(errors):.0f} ms at the median")
        return found


ALL = Expected()
HEART = Expected(
    "nobody is told; the collector knows what was sent after half a second and by the heartbeats",
    unseen=SETTLING + SLACK,
    untold=HEARTBEAT + SLACK,
    dwell="unless short",
)
UNNOTICED = Expected(
    "the browser takes the last dwell, and nobody learns that it reached no collector",
    untold=inf,
    dwell="unless short",
)
BEFORE_THE_FIRST_FAILURE = Expected(
    "the browser takes what a page has to say that is left before its first beacon has failed",
    unseen=SETTLING + SLACK,
    untold=SETTLING + SLACK,
    dwell="unless short",
)
TABLE: dict[tuple[str, Engine], Expected] = {
    ("crash", "chromium"): Expected(
        "nobody is told, but the browser has the dwell as of its last renewal and sends it",
        untold=RENEWAL + SLACK,
    ),
    ("crash", "firefox"): HEART,
    ("crash", "webkit"): HEART,
    ("close_browser", "chromium"): Expected(
        "no page's last beacon gets out of a closing browser; what the browser holds does (24 of "
        "24), but on a busy machine it loses the race with the browser's own end (27 of 132)",
        unseen=SETTLING + SLACK,  # a view that was not sent yet is held as well
        untold=inf,
        dwell="unless short",
    ),
    ("close_browser", "firefox"): replace(
        HEART, why="no page's last beacon gets out of a closing browser"
    ),
    ("close_browser", "webkit"): replace(
        HEART, why="whether a closing browser lets the last beacon go is a race, mostly won"
    ),
    ("kill", "chromium"): Expected(
        "the dwell was left with the browser, which dies with it; the view was sent before",
        unseen=SETTLING + SLACK,
        dwell="never",
    ),
    ("kill", "firefox"): HEART,
    ("kill", "webkit"): HEART,
    ("collector_down", "chromium"): BEFORE_THE_FIRST_FAILURE,
    ("collector_down", "firefox"): BEFORE_THE_FIRST_FAILURE,
    ("collector_down", "webkit"): BEFORE_THE_FIRST_FAILURE,
    ("collector_lost", "chromium"): UNNOTICED,
    ("collector_lost", "firefox"): UNNOTICED,
    ("collector_lost", "webkit"): UNNOTICED,
}
"""Every cell in which something may be lost."""


def expected(mode: str, engine: Engine) -> Expected:
    """What must arrive in a cell."""
    return TABLE.get((mode, engine), ALL)
