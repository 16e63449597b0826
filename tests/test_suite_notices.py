"""The suite itself: it passes on the tag, so it must fail on tags that are broken on purpose."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.flaw import read
from tests.support.tag import ROOT, Tag

UNNOTICING = "test_suite_notices.py::test_a_tag_is_a_script"
TABLE = """
[[flaw]]
name = "flawed"
file = "calls.ts"
right = "{right}"
wrong = "{wrong}"
engine = "chromium"
tests = ["{test}"]
"""


def mutants(reports: Path, *arguments: str) -> tuple[int, dict[str, dict[str, object]]]:
    """Run `make mutants`; gives its exit status, and by name what its report says."""
    command = [sys.executable, "-m", "tests.mutants", *arguments]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "AZALEAD_REPORTS": str(reports),
    }
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    report = reports / "mutants.json"
    assert report.exists(), f"{done.stdout}\n{done.stderr}"
    told = json.loads(report.read_text(encoding="utf-8"))["mutants"]
    return done.returncode, {each["name"]: each for each in told}


@pytest.mark.timeout(180)
def test_a_share_of_the_broken_tags_is_caught(tmp_path: Path) -> None:
    """Each by the test whose business it is; `make mutants` tries all of them."""
    status, told = mutants(tmp_path, "--quick", "--browser", "chromium")
    assert {name: each["word"] for name, each in told.items()} == dict.fromkeys(told, "caught")
    assert (status, len(told)) == (0, sum(flaw.quick for flaw in read()))


def test_a_tag_is_a_script(tag: Tag) -> None:
    """It asks for nothing that a flaw could take away; the runs below try it."""
    assert tag.read(f"{tag.brand}.js")


@pytest.mark.parametrize(
    ("change", "word", "why", "exit_status"),
    [
        ((": bad call:", ": a bad call:"), "survived", "", 1),
        (("export function findStub", "export findStub"), "error", "does not build", 2),
        (("no such text", ""), "error", "0 times, not once", 2),
    ],
    ids=["survives", "does not build", "does not fit"],
)
def test_of_a_flaw_that_nobody_notices_the_run_says_why(
    tmp_path: Path, change: tuple[str, str], word: str, why: str, exit_status: int
) -> None:
    """So that no test of the suite can become a test of nothing."""
    right, wrong = change
    table = TABLE.format(right=right, wrong=wrong, test=UNNOTICING)
    (tmp_path / "table.toml").write_text(table, encoding="utf-8")
    status, told = mutants(tmp_path, "--table", str(tmp_path), "--workers", "0")
    assert told["flawed"]["word"] == word
    assert why in str(told["flawed"]["why"])
    assert status == exit_status
