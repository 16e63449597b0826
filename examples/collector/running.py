"""The collector in a process of its own, for tests, measurements and the demonstration."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Running:
    """A collector that listens."""

    process: subprocess.Popen[str]
    beacons: str
    """The origin that takes beacons."""
    reports: str
    """The address of the charts."""

    @property
    def port(self) -> int:
        """Where it takes beacons."""
        return urlsplit(self.beacons).port or 443

    def processor_seconds(self) -> float:
        """The processor's time that it has taken so far."""
        return processor_seconds(self.process.pid)

    def resident(self) -> int:
        """Bytes of memory that it holds."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * 4096


@contextmanager
def running(*arguments: str) -> Iterator[Running]:
    """Start one with these arguments, on free ports unless they name some; ends with the block."""
    command = [sys.executable, "-m", "examples.collector", "--port=0", "--reports-port=0"]
    with subprocess.Popen(  # noqa: S603 - ours
        [*command, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            lines: Iterable[str] = process.stdout or []
            told = [line.partition(": ")[2].strip() for line in islice(lines, 2)]
            if len(told) < 2:  # noqa: PLR2004 - beacons and reports
                raise RuntimeError("the collector did not start")
            yield Running(process, *told)
        finally:
            process.terminate()


def processor_seconds(process: int) -> float:
    """The processor's time that a process has taken so far, in itself and for it in the kernel."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100  # USER_HZ, which is 100 on Linux
