"""Where reports go: one method, so that a log or a queue can stand where the database does."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from examples.collector.beacon import Report


class NotNowError(Exception):
    """It could not be stored, but may be later: the collector answers 503 and is asked again."""


class Sink(Protocol):
    """Takes reports, and returns when losing this process would not lose them."""

    async def store(self, reports: Sequence[Report], /) -> None:
        """Keep them.

        Raises:
            NotNowError: They could not be kept.
        """


class LogFile:
    """A sink that appends a line of JSON for each report; whoever reads it drops repeats."""

    def __init__(self, file: Path) -> None:
        """Append to this file."""
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def store(self, reports: Sequence[Report]) -> None:
        """Write the lines with one call: the kernel has them before the collector answers."""
        lines = b"".join(json.dumps(report.as_told()).encode() + b"\n" for report in reports)
        if os.write(self._descriptor, lines) != len(lines):
            raise NotNowError("the disk is full")
