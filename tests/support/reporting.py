"""A pytest plugin: claims, seconds by engine and the evidence of failures, in every process.

Outcomes travel from workers to the controller as properties of the tests' reports.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import cast

import pytest

from tests.browsers.discovery import ENGINES, find
from tests.support import claims_report
from tests.support.claims import SENTENCES, Proofs
from tests.support.modes import engine_of

REPORTS = Path(os.environ.get("AZALEAD_REPORTS", "reports"))


class Reporting:
    """Collects what the run has shown, and tells it at the end."""

    def __init__(self, config: pytest.Config) -> None:
        """Know the run's engines."""
        self._engines = [engine for engine in ENGINES if engine in config.option.browser]
        self._proofs = Proofs(self._engines)
        self._seconds: dict[str, float] = defaultdict(float)
        self._tests: dict[str, set[str]] = defaultdict(set)

    def pytest_report_header(self) -> list[str]:
        """Which browsers this run uses."""
        return [str(find(engine) or f"{engine}: missing") for engine in self._engines]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note at each test what its report shall say."""
        for item in items:
            claims = [str(mark.args[0]) for mark in item.iter_markers("claim")]
            if unknown := set(claims) - set(SENTENCES):
                raise pytest.UsageError(f"{item.nodeid}: no claim {', '.join(sorted(unknown))}")
            item.user_properties.append(("claims", claims))
            item.user_properties.append(("engine", engine_of(item)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(
        self, report: pytest.TestReport
    ) -> Generator[None, object, object]:
        """Take in a report."""
        properties = dict(report.user_properties)
        claims = cast("list[str]", properties.get("claims", []))
        engine = cast("str | None", properties.get("engine"))
        if report.when == "call" or not report.passed:
            self._proofs.add(claims, engine, report.outcome, _reason(report))
        self._seconds[engine or "no browser"] += report.duration
        self._tests[engine or "no browser"].add(report.nodeid)
        return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the claims and the seconds, and write the reports."""
        if not self._proofs.is_empty:
            self._tell_claims(terminalreporter)
        if not self._tests:
            terminalreporter.line(_nothing_selected(terminalreporter.config), red=True)
            return
        terminalreporter.section("seconds")
        for engine in (*self._engines, "no browser"):
            if tests := len(self._tests[engine]):
                seconds = self._seconds[engine]
                terminalreporter.line(f"{engine:12}{seconds:7.1f} s in {tests} tests")

    def _tell_claims(self, terminalreporter: pytest.TerminalReporter) -> None:
        verdicts = self._proofs.verdicts()
        terminalreporter.section("claims")
        width = shutil.get_terminal_size(fallback=(120, 40)).columns
        for line in claims_report.as_lines(verdicts, self._engines, width):
            terminalreporter.line(line)
        kept = REPORTS / "claims.json"
        if kept.exists() and self._is_part_of_the_suite(terminalreporter.config):
            terminalreporter.line(f"{kept} stays as the last whole run left it")
        else:
            claims_report.write(REPORTS, verdicts, self._engines)

    def _is_part_of_the_suite(self, config: pytest.Config) -> bool:
        """Whether this run was asked for some tests or engines only, or ends at a failure."""
        option = config.option
        chosen = (option.keyword, option.markexpr, option.deselect, option.maxfail)
        all_files = config.args_source == pytest.Config.ArgsSource.TESTPATHS
        again = getattr(option, "lf", False)  # missing where pytest keeps no cache
        return again or any(chosen) or not all_files or len(self._engines) < len(ENGINES)


def _nothing_selected(config: pytest.Config) -> str:
    """Which options left no test, and how to see the names that there are."""
    asked = {"-k": config.option.keyword, "-m": config.option.markexpr}
    given = [f'{name} "{value}"' for name, value in asked.items() if value]
    return f"no test is left by {' and '.join(given) or 'these arguments'}: try --collect-only -q"


def _reason(report: pytest.TestReport) -> str:
    """Why a test was skipped."""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return ""
