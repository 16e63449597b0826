"""Writes dist/ beside the old one and swaps the two: there is a whole dist/ at any moment.

A mount point, such as a container's volume, cannot be swapped. There each file is replaced in one
step, scripts with a hash first and the manifest last.
"""

import ctypes
import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from builder.distribution import MAKER, MANIFEST
from builder.errors import BuildError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_STAGING = ".building-"
_NOT_OURS = {"lost+found"}  # in the root of each ext4 file system


def publish(files: Mapping[str, bytes], out: Path) -> None:
    """Replace the folder `out` by one that holds `files`, in one step where the system can.

    Raises BuildError where `out` holds anything but a former build, or cannot be written.
    """
    try:
        target = out.resolve()
        _refuse_foreign(out, target)
        if not _can_be_swapped(target):
            _replace_one_by_one(files, target)
            return
        fresh = target.with_name(f"{_stray_prefix(target)}{os.getpid()}")
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_strays(target)
        try:
            _write(files, fresh)
            _swap(fresh, target)
        finally:
            # After a swap this is the old dist/, else an unfinished one.
            shutil.rmtree(fresh, ignore_errors=True)
    except RuntimeError as error:  # what Python 3.11 and 3.12 say of links in a circle
        raise BuildError(f"{out}: cannot be written: {error}") from error
    except OSError as error:
        raise BuildError(f"{out}: cannot be written: {error.strerror}") from error


def _refuse_foreign(out: Path, target: Path) -> None:
    """Somebody's folder, given by mistake, must survive it."""
    if not target.exists():
        return
    if not target.is_dir():
        raise BuildError(f"{out}: is a file, not a folder to build into")
    try:
        made_by = json.loads((target / MANIFEST).read_bytes())["made_by"]
    except (OSError, ValueError, LookupError, TypeError):
        made_by = None
    if made_by != MAKER and any(entry.name not in _NOT_OURS for entry in target.iterdir()):
        raise BuildError(f"{out}: holds files that no build made; give a new or an empty folder")


def _can_be_swapped(target: Path) -> bool:
    """Whether `target` can be renamed: not a mount point, and its parent can be written."""
    if not target.exists():
        return True
    return not target.is_mount() and os.access(target.parent, os.W_OK | os.X_OK)


def _replace_one_by_one(files: Mapping[str, bytes], target: Path) -> None:
    for stray in target.glob(f"{_STAGING}*"):
        shutil.rmtree(stray, ignore_errors=True)
    staging = target / f"{_STAGING}{os.getpid()}"
    try:
        _write(files, staging)
        # What a page may ask for by its hash is there before anything names it.
        for name in sorted(files, key=lambda name: (name == MANIFEST, not _has_hash(name))):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(target / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    for file in [path for path in target.rglob("*") if path.is_file()]:
        place = file.relative_to(target)
        if place.as_posix() not in files and place.parts[0] not in _NOT_OURS:
            file.unlink()


def _has_hash(name: str) -> bool:
    return re.search(r"\.[0-9a-f]{10}\.", name) is not None


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir()
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _swap(fresh: Path, target: Path) -> None:
    """Put `fresh` in the place of `target`; what was there is then called `fresh`."""
    if not target.exists():
        fresh.rename(target)
    elif not _exchanged(fresh, target):
        # No exchange on this system: for a moment there is no dist/, but never half of one.
        aside = fresh.with_name(f"{fresh.name}-old")
        target.rename(aside)
        fresh.rename(target)
        aside.rename(fresh)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system exchanged two folders in one step (renameat2, Linux 3.15)."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return False
    paths = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    return bool(renameat2(*paths, _RENAME_EXCHANGE) == 0)


def _remove_strays(target: Path) -> None:
    """Clear away what builds that were killed have left, but nothing of a build that still runs."""
    prefix = _stray_prefix(target)
    for stray in target.parent.glob(f"{prefix}*"):
        process = stray.name.removeprefix(prefix).partition("-")[0]
        if process.isdigit() and not _is_running(int(process)):
            if stray.name.endswith("-old") and not target.exists():
                stray.rename(target)  # killed in the moment without a dist/
            else:
                shutil.rmtree(stray, ignore_errors=True)


def _is_running(process: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def _stray_prefix(target: Path) -> str:
    return f".{target.name}.building-"
