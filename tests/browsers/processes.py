"""The processes that this one has started, and an end to them that asks nobody."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A running process."""

    number: int
    parent: int
    command: tuple[str, ...]
    """The program and its arguments."""

    @property
    def program(self) -> str:
        """The program's file name."""
        return self.command[0].rpartition("/")[2] if self.command else ""


def descendants(ancestor: int | None = None) -> list[Process]:
    """The processes below one, by default below this one; parents first. Linux only."""
    children: dict[int, list[Process]] = {}
    for process in _running():
        children.setdefault(process.parent, []).append(process)
    found: list[Process] = []
    ancestors = [ancestor or os.getpid()]
    while ancestors:
        below = children.get(ancestors.pop(0), [])
        found += below
        ancestors += [process.number for process in below]
    return found


def kill(processes: list[Process]) -> None:
    """End them at once by SIGKILL, of which they do not hear; one may be gone already."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process.number, signal.SIGKILL)


def tree(program: str) -> list[Process]:
    """What this process has started of a program, whose name begins so, and all below that."""
    ours = descendants()
    roots = [process for process in ours if process.program.startswith(program)]
    below = [process for root in roots for process in descendants(root.number)]
    return list({process.number: process for process in [*roots, *below]}.values())


def _running() -> Iterator[Process]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            status = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            command = (folder / "cmdline").read_text(encoding="utf-8", errors="replace")
            parent = int(status.rpartition(")")[2].split()[1])
            yield Process(int(folder.name), parent, tuple(command.rstrip("\0").split("\0")))
