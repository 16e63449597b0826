"""Tags that are broken on purpose, and the suite run on them: it must notice."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.browsers.discovery import Engine
from tests.support.tag import ROOT

OUTCOMES = ("PASSED", "FAILED", "ERROR", "SKIPPED")


@dataclass(frozen=True)
class Break:
    """One change of the tag's sources that no suite worth its name may let through."""

    name: str
    file: str
    """Below sdk/."""
    right: str
    """What stands there, exactly once."""
    wrong: str
    """What takes its place."""


def sources(flaw: Break, folder: Path) -> Path:
    """A copy of the tag's sources with one flaw, for `AZALEAD_SOURCES`.

    Raises:
        ValueError: The sources have changed, so that the flaw no longer fits.
    """
    copy = folder / "sdk"
    shutil.copytree(ROOT / "sdk", copy)
    place = copy / flaw.file
    text = place.read_text(encoding="utf-8")
    if (found := text.count(flaw.right)) != 1:
        raise ValueError(f"{flaw.name}: sdk/{flaw.file} has {flaw.right!r} {found} times, not once")
    place.write_text(text.replace(flaw.right, flaw.wrong), encoding="utf-8")
    return copy


def run_suite(copy: Path, tests: Sequence[str], engine: Engine, folder: Path) -> dict[str, str]:
    """Run some tests on a tag of these sources; gives each test's outcome, in capitals.

    Args:
        copy: The sources.
        tests: Node ids without parameters, or files.
        engine: The one engine to run them in.
        folder: Where that run may leave its reports.
    """
    options = ["-rA", "-p", "no:cacheprovider", "-n", "0", "--browser", engine]
    evidence = ["--output", str(folder / "failures")]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "AZALEAD_SOURCES": str(copy),
        "AZALEAD_REPORTS": str(folder),
    }
    command = [sys.executable, "-m", "pytest", *options, *evidence, *tests]
    done = subprocess.run(  # noqa: S603 - pytest itself
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    outcomes = dict(_outcome(line) for line in done.stdout.splitlines() if _is_outcome(line))
    assert outcomes, f"the run told nothing:\n{done.stdout}\n{done.stderr}"
    return outcomes


def _is_outcome(line: str) -> bool:
    return line.startswith(OUTCOMES) and "::" in line


def _outcome(line: str) -> tuple[str, str]:
    """From a line such as "FAILED tests/test_a.py::test_b[webkit] - why"."""
    outcome, _, rest = line.partition(" ")
    return rest.partition(" - ")[0].partition("[")[0], outcome
