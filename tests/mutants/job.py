"""A job: sources, and the tests to run on them; told to pytest's processes by a file."""

import json
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from tests.browsers.discovery import Engine

VARIABLE = "AZALEAD_MUTANTS"
"""Of the environment: where the file is."""


@dataclass(frozen=True)
class Job:
    """Sources, and the tests to run on them."""

    key: str
    engine: Engine
    sources: str
    tests: list[str]

    @property
    def names(self) -> set[str]:
        """The tests' names, without parameters."""
        return {name_of(test) for test in self.tests}

    def wants(self, node: str) -> bool:
        """Whether a test, given with all its parameters, is meant."""
        parameters = node.partition("[")[2]
        return any(
            name_of(test) == name_of(node) and test.partition("[")[2].rstrip("]") in parameters
            for test in self.tests
        )


def name_of(test: str) -> str:
    """Of "tests/test_a.py::test_b[x]", "test_a.py::test_b"."""
    return test.removeprefix("tests/").partition("[")[0]


def write(jobs: list[Job], path: Path) -> None:
    """Let this process and its workers know the jobs."""
    path.write_text(json.dumps([asdict(job) for job in jobs]), encoding="utf-8")
    os.environ[VARIABLE] = str(path)


@cache
def jobs() -> dict[str, Job]:
    """By their keys."""
    path = Path(os.environ[VARIABLE])
    known = [Job(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
    return {job.key: job for job in known}
