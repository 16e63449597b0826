"""Every command says in one line what is missing, on a Python without packages or too old."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tag import ROOT

COMMANDS = [
    ["build.py"],
    *(["-m", name] for name in ("fixtures", "tests.leave", "tests.race", "tests.mutants")),
    ["-m", "tests.server_rate"],
    ["-m", "conformance"],
    ["-m", "examples.collector"],
    ["-m", "tests.browsers.install"],
]
INTERRUPTED = 130


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_the_set_up_a_command_says_how_to_get_it(command: list[str]) -> None:
    done = run("-S", *command)  # without site-packages
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"{command[-1]}: this Python has no ")
    assert "run `make setup` once, then `.venv/bin/python " in done.stderr


def test_a_python_that_is_too_old_is_told_with_the_one_to_take() -> None:
    done = run("-c", "import ready; ready.OLDEST = (9, 1); ready.require()")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "needs Python 9.1 or newer, not 3." in done.stderr


def test_a_python_that_is_too_old_can_read_what_tells_it() -> None:
    for name in ("ready.py", "build.py", "fixtures/__init__.py", "tests/__init__.py"):
        ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_build_interrupted_while_python_imports_ends_without_a_traceback(tmp_path: Path) -> None:
    package = tmp_path / "pydantic"
    package.mkdir()
    program = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    (package / "__init__.py").write_text(program)
    done = run("build.py", "--out", str(tmp_path / "dist"), PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (INTERRUPTED, "")
