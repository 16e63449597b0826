"""The trial: every broken tag before the tests that should notice, all in one run of pytest."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast

import pytest

from tests.browsers.discovery import ENGINES
from tests.mutants.flaw import Flaw, sources
from tests.mutants.job import Job, name_of, write
from tests.support.tag import ROOT, SOURCES

Word = Literal["caught", "survived", "error"]
CONTROL = "whole"
"""The key of jobs on the tag as it is; an engine's name follows."""


@dataclass
class Seen:
    """What the tests of one job came to."""

    failed: dict[str, str] = field(default_factory=dict)
    """Test, without parameters, and the beginning of its complaint."""
    other: dict[str, str] = field(default_factory=dict)
    """Tests that could not say: skipped, or an error before or after; and why."""
    passed: set[str] = field(default_factory=set)
    unbuilt: str = ""
    seconds: float = 0


@dataclass(frozen=True)
class Verdict:
    """What became of one flaw."""

    flaw: Flaw
    word: Word
    caught_by: dict[str, str]
    """Test and complaint."""
    why: str = ""
    """Of an error."""
    seconds: float = 0


class TrialError(Exception):
    """The run itself failed, so that it says nothing of any flaw."""


def run(
    flaws: Sequence[Flaw], *, control: bool, workers: int, tell: Callable[[str], None]
) -> list[Verdict]:
    """Run all; `tell` gets a line as soon as a test has noticed something, or has not.

    Args:
        flaws: What to try.
        control: Whether their tests run on the tag as it is, too, and must pass there.
        workers: Processes side by side; 0: this one.
        tell: Takes a line of progress.

    Raises:
        TrialError: No verdict can be given.
    """
    with TemporaryDirectory(prefix="azalead-mutants-") as name:
        folder = Path(name)
        misfits: dict[str, str] = {}
        jobs: list[Job] = []
        for number, flaw in enumerate(flaws):
            key = f"{number:03}"
            try:
                copy = sources(flaw, folder / key)
            except ValueError as error:
                misfits[key] = str(error)
            else:
                jobs.append(Job(key, flaw.engine, str(copy), flaw.tests))
        jobs += _controls(jobs) if control else []
        watch = Watch({f"{number:03}": flaw.name for number, flaw in enumerate(flaws)}, tell)
        if jobs:
            write(jobs, folder / "jobs.json")
            _run_pytest(jobs, folder, workers, watch)
    return [_judge(flaw, f"{n:03}", watch, misfits) for n, flaw in enumerate(flaws)]


class Watch:
    """A pytest plugin of the controlling process: hears of every test."""

    def __init__(self, names: dict[str, str], tell: Callable[[str], None]) -> None:
        """Know what the jobs are called."""
        self.seen: dict[str, Seen] = defaultdict(Seen)
        self.trouble: list[str] = []
        self._names = names
        self._tell = tell

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Take in what cannot be collected."""
        if report.failed:
            self.trouble.append(str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in what a test came to."""
        properties = dict(report.user_properties)
        key, test = str(properties.get("job")), name_of(report.nodeid)
        seen = self.seen[key]
        seen.seconds += report.duration
        seen.unbuilt = seen.unbuilt or cast("str", properties.get("unbuilt", ""))
        if report.when == "call" and report.failed and "unbuilt" not in properties:
            seen.failed.setdefault(test, _complaint(report))
        elif report.when == "call" and report.passed:
            seen.passed.add(test)
        elif not report.passed:
            seen.other[test] = _complaint(report)
        if report.when == "call":
            name = self._names.get(key, "the tag as it is")
            self._tell(f"  {'fails' if report.failed else report.outcome:8}{name}: {test}")


def _controls(jobs: Iterable[Job]) -> list[Job]:
    jobs = list(jobs)
    tests = {
        engine: sorted({test for job in jobs if job.engine == engine for test in job.tests})
        for engine in ENGINES
    }
    return [
        Job(f"{CONTROL}-{engine}", engine, str(SOURCES), wanted)
        for engine, wanted in tests.items()
        if wanted
    ]


def _run_pytest(jobs: Sequence[Job], folder: Path, workers: int, watch: Watch) -> None:
    tests = sorted({f"tests/{name}" for job in jobs for name in job.names})
    engines = sorted({job.engine for job in jobs})
    options = [
        *("-o", "addopts=", "--strict-markers", "--timeout=60", f"--numprocesses={workers}"),
        *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "tests.mutants.plugin"),
        *("--output", str(folder / "evidence")),
        *(part for engine in engines for part in ("--browser", engine)),
    ]
    with chdir(ROOT):
        code = pytest.main([*options, *tests], plugins=[watch])
    if watch.trouble or code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        raise TrialError("\n".join([f"pytest ended with {code!r}", *watch.trouble]))


def _judge(flaw: Flaw, key: str, watch: Watch, misfits: dict[str, str]) -> Verdict:
    seen = watch.seen[key]
    whole = watch.seen[f"{CONTROL}-{flaw.engine}"]
    unfounded = seen.failed.keys() & (whole.failed.keys() | whole.other.keys())
    if key in misfits:
        why = misfits[key]
    elif seen.unbuilt:
        why = seen.unbuilt
    elif unfounded:
        why = f"fails on the tag as it is: {', '.join(sorted(unfounded))}"
    elif seen.failed:
        return Verdict(flaw, "caught", seen.failed, seconds=seen.seconds)
    elif seen.other:
        why = "; ".join(f"{test}: {reason}" for test, reason in seen.other.items())
    elif seen.passed:
        return Verdict(flaw, "survived", {}, seconds=seen.seconds)
    else:
        why = "none of its tests has run: they build no tag, or the parameter is not theirs"
    return Verdict(flaw, "error", {}, why, seen.seconds)


def _complaint(report: pytest.TestReport) -> str:
    """The beginning of what a test says: why it was skipped, or what it missed."""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    first, _, rest = str(crash.message if crash else report.longrepr).strip().partition("\n")
    # What only announces a list says less than the list's first line.
    more = rest.strip().partition("\n")[0] if first.endswith(":") else ""
    return f"{first} {more}".strip()[:200]
