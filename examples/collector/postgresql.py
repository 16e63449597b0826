"""A PostgreSQL of one's own in a temporary folder, for tests and measurements; Debian's package.

It listens on a socket in that folder and on no port, and is gone with the block.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"
PACKAGE = "postgresql"
_VERSIONS = Path("/usr/lib/postgresql")


class UnavailableError(RuntimeError):
    """There is no PostgreSQL here, and none can be installed; the message says what to do."""


def programs() -> Path:
    """The folder of `initdb` and `pg_ctl`, which Debian's package keeps off the path.

    Raises:
        UnavailableError: There is none.
    """
    if not _found() and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write(f"installing {PACKAGE}\n")
        # Without a cluster of the system's own, which nobody here would use.
        install = ["apt-get", "-qq", "-y", "install", "--no-install-recommends", PACKAGE]
        for command in (["apt-get", "-qq", "update"], install):
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command, check=False, capture_output=True, env=environment)  # noqa: S603 - ours
    if folders := _found():
        return folders[-1]
    raise UnavailableError(f"there is no PostgreSQL: apt-get install {PACKAGE}")


@contextmanager
def postgresql(*settings: str) -> Iterator[str]:
    """The address of a fresh server; settings such as "fsync=off"."""
    bin_folder = programs()
    with tempfile.TemporaryDirectory(prefix="azalead-postgresql-") as name:
        folder = Path(name)
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(folder, OWNER, OWNER)
        data, log = folder / "data", folder / "log"
        _run(
            bin_folder / "initdb", "-D", data, "-A", "trust", "-U", OWNER, "-E", "UTF8", "--no-sync"
        )
        options = f"-k {folder} -h '' " + " ".join(f"-c {setting}" for setting in settings)
        pg_ctl = bin_folder / "pg_ctl"
        _run(pg_ctl, "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield f"postgresql://{OWNER}@/postgres?host={folder}"
        finally:
            _run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")


def _found() -> Sequence[Path]:
    found = [path.parent for path in _VERSIONS.glob("*/bin/initdb")]
    return sorted(found, key=lambda folder: int(folder.parent.name))


def _run(*command: str | Path) -> None:
    as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run(  # noqa: S603 - ours
        [*as_owner, *map(str, command)],
        check=False,
        # A server that inherited a pipe would keep it open, and its reader waiting.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if command[-1] != "start" else subprocess.DEVNULL,
        text=True,
        cwd="/",
    )
    if done.returncode:
        raise UnavailableError(f"{command[0]} failed: {done.stderr or 'see its log'}")
