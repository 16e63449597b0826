"""Runs build.py as anybody would, on configurations and sources made for one test."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from builder.command import build
from builder.distribution import Distribution

ROOT = Path(__file__).parent.parent
CONFIGURATION = (ROOT / "tag.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Build:
    """A finished run of build.py."""

    out: Path
    exit_code: int
    stdout: str
    stderr: str

    @property
    def complaints(self) -> list[str]:
        """What the build said was wrong, line by line."""
        return self.stderr.splitlines()

    @cached_property
    def report(self) -> dict[str, Any]:
        """What `--json` printed."""
        report: dict[str, Any] = json.loads(self.stdout)
        return report

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest in the output."""
        manifest: dict[str, Any] = json.loads(self.text("manifest.json"))
        return manifest

    def text(self, name: str) -> str:
        """A file of the output."""
        return (self.out / name).read_text(encoding="utf-8")

    def contents(self) -> dict[str, bytes]:
        """Every file of the output by name."""
        files = (file for file in self.out.rglob("*") if file.is_file())
        return {file.relative_to(self.out).as_posix(): file.read_bytes() for file in files}


def configuration(changes: Mapping[str, str] | None = None, appended: str = "") -> str:
    """tag.toml with the lines of some keys changed: `{"cookie_days = 390": "cookie_days = 1"}`."""
    text = CONFIGURATION
    for line, changed in (changes or {}).items():
        assert text.count(line) == 1, f"tag.toml has {text.count(line)} times {line!r}"
        text = text.replace(line, changed)
    return text + appended


def copy_sources(folder: Path) -> Path:
    """A copy of sdk/ that a test may break."""
    return Path(shutil.copytree(ROOT / "sdk", folder / "sdk"))


def command(*options: str, out: str = "dist") -> list[str]:
    """The command line of a build of the tag.toml in the folder where it is run."""
    return [sys.executable, str(ROOT / "build.py"), "tag.toml", "--out", out, *options]


def run_build(
    folder: Path, toml: str | bytes | None = CONFIGURATION, *options: str, out: str = "dist"
) -> Build:
    """Build `toml`, written to `folder`/tag.toml; None leaves whatever is there."""
    if toml is not None:
        content = toml if isinstance(toml, bytes) else toml.encode()
        (folder / "tag.toml").write_bytes(content)
    finished = subprocess.run(  # noqa: S603 - our own build
        command(*options, out=out),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return Build(folder / out, finished.returncode, finished.stdout, finished.stderr)


def build_here(folder: Path, toml: str) -> Distribution:
    """Build `toml` in this process: many configurations need not start Python for each."""
    config = folder / "tag.toml"
    config.write_text(toml, encoding="utf-8")
    return build(config, ROOT / "sdk", folder / "dist")


@contextmanager
def start_build(
    folder: Path, *options: str, stream: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A build in `folder`, still under way; killed, whatever it waits for, when that is left."""
    with subprocess.Popen(  # noqa: S603 - our own build
        command(*options), cwd=folder, stdout=stream, stderr=stream, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()
