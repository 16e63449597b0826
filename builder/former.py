"""Scripts of former builds that stay in dist/: a page may have pinned one of them by its hash."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.distribution import MAKER, MANIFEST
from builder.errors import BuildError

LIST = "former.json"
_HASHED = re.compile(r"[\w-]+\.[0-9a-f]{10}\.m?js")
_ENCODINGS = ("", ".gz", ".br")


def scripts(
    out: Path, site: str, fresh: Mapping[str, bytes], keep: int, *, is_trial: bool = False
) -> dict[str, bytes]:
    """What stays of the builds before, by name: their hashed scripts, and `former.json`.

    Args:
        out: The folder that a build is about to replace.
        site: Whose tag the new build is.
        fresh: The new build's files by name; what it has again is not listed as former.
        keep: How many former builds keep their scripts.
        is_trial: Whether the build in `out` was for a look only: no page can have pinned it.

    Raises BuildError where `out` holds another site's tag.
    """
    manifest = _read(out / MANIFEST)
    if manifest.get("made_by") != MAKER:
        return {}
    if not is_trial:
        _refuse_another_site(out, manifest, site)
    latest = [] if is_trial else [_hashed(manifest)]
    builds: list[list[str]] = []
    for names in [*latest, *_listed(out)]:
        kept = [name for name in names if name not in fresh and (out / name).is_file()]
        if kept and kept not in builds:
            builds.append(kept)
    builds = builds[:keep]
    if not builds:
        return {}
    kept_files = [f"{name}{ending}" for names in builds for name in names for ending in _ENCODINGS]
    files = {name: (out / name).read_bytes() for name in kept_files if (out / name).is_file()}
    files[LIST] = (json.dumps({"builds": builds}, indent=2) + "\n").encode()
    return files


def _refuse_another_site(out: Path, manifest: Mapping[str, Any], site: str) -> None:
    try:
        there = manifest["configuration"]["tag"]["site"]
    except (LookupError, TypeError):
        return
    if there != site:
        raise BuildError(
            f'{out}: holds the tag of the site "{there}", not of "{site}":'
            f" build into another folder, such as --out dist-{site}, or delete this one first"
        )


def _hashed(manifest: Mapping[str, Any]) -> list[str]:
    """The hashed names of the build that a manifest lists."""
    files = manifest.get("files")
    return [entry["hashed"] for entry in files if entry.get("hashed")] if files else []


def _listed(out: Path) -> list[list[str]]:
    """The builds before that one, the latest first; no name leads out of the folder."""
    builds = _read(out / LIST).get("builds")
    lists = [names for names in builds if isinstance(names, list)] if builds else []
    return [[name for name in names if _HASHED.fullmatch(str(name))] for names in lists]


def _read(file: Path) -> dict[str, Any]:
    """A JSON object, or an empty one where there is none."""
    try:
        read = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
