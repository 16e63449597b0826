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

    def wants(self, node: str) -> bool:
        """Whether a test, given with all its parameters, is meant."""
        name, _, parameters = node.partition("[")
        return any(
            (wanted.partition("[")[0], wanted.partition("[")[2].rstrip("]") in parameters)
            == (name.removeprefix("tests/"), True)
            for wanted in self.tests
        )


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
