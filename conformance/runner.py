"""Runs the checks one after the other, and keeps what came of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conformance import asked, choices, connections, cookies, pages, refused, taken
from conformance.check import Check, CheckFailedError, Probe, SkippedError
from conformance.target import ExhaustedError, Target

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass(frozen=True)
class Result:
    """What came of a check. Where it failed, the rest says why."""

    check: Check
    outcome: str
    expected: str = ""
    """What was expected; where it was skipped, why."""
    sent: str = ""
    came: str = ""


def collector_checks(*, server_cookie: bool) -> list[Check]:
    """The checks of a collector."""
    groups = [
        taken.CHECKS,
        refused.CHECKS,
        pages.CHECKS,
        asked.PIXEL,
        asked.ORGANIZATION,
        asked.PARTNERS,
        connections.CHECKS,
        *([cookies.CHECKS, pages.OWN_COLLECTOR] if server_cookie else [cookies.NONE]),
    ]
    return [check for group in groups for check in group.all]


def choices_checks() -> list[Check]:
    """The checks of a choices server."""
    return choices.CHECKS.all


def default_origin(target: Target, *, server_cookie: bool) -> str:
    """A page's origin that the collector is for: on the client's own domain, one label above it."""
    if not server_cookie:
        return "https://publisher.example"
    return f"https://{target.host.partition('.')[2] or target.host}"


def run(
    probe: Probe, checks: Iterable[Check], tell: Callable[[Result], None] = lambda _: None
) -> list[Result]:
    """Carry out the checks; `tell` hears of each."""
    results = []
    for check in checks:
        result = _outcome(probe, check)
        results.append(result)
        tell(result)
    probe.hang_up()
    return results


def _outcome(probe: Probe, check: Check) -> Result:
    probe.note("nothing yet", "nothing")
    try:
        check.run(probe)
    except (SkippedError, ExhaustedError) as skipped:
        return Result(check, SKIPPED, str(skipped))
    except CheckFailedError as failure:
        return Result(check, FAILED, str(failure), probe.sent, probe.came)
    except OSError as error:
        came = f"{probe.came}\n{type(error).__name__}: {error}".strip()
        return Result(check, FAILED, "a connection that holds", probe.sent, came)
    return Result(check, PASSED)


def is_reachable(probe: Probe) -> str:
    """Why the server cannot be spoken to at all; empty where it can."""
    try:
        reply = probe.get("/pixel.gif?site=conformance&e=email", Origin=None)
    except OSError as error:
        return f"{probe.target.origin}: {error}"
    finally:
        probe.hang_up()
    return "" if reply.status else f"{probe.target.origin}: {reply.trouble}"
