"""`--watch` builds again on every save, tells each build in a line, and survives mistakes."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.build_runner import configuration, copy_sources, start_build


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A watch over a copy of the sources in `tmp_path`."""
    copy_sources(tmp_path)
    (tmp_path / "tag.toml").write_text(configuration())
    with start_build(tmp_path, "--watch", "--sources", "sdk", stream=subprocess.PIPE) as process:
        yield process


def line(pipe: IO[str] | None) -> str:
    assert pipe is not None
    return pipe.readline()


def test_a_watch_builds_again_whatever_is_saved_and_goes_on_after_a_mistake(
    watching: subprocess.Popen[str], tmp_path: Path
) -> None:
    built = "dist/ built in "
    assert line(watching.stdout).startswith(built)

    (tmp_path / "tag.toml").write_text(configuration({'site = "demo"': 'site = "shop"'}))
    assert line(watching.stdout).startswith(built)
    assert "site=shop" in (tmp_path / "dist" / "snippet.html").read_text()

    template = tmp_path / "sdk" / "templates" / "email-pixel.html.jinja"
    template.write_text(template.read_text() + "<!-- saved -->\n")
    assert line(watching.stdout).startswith(built)
    assert "<!-- saved -->" in (tmp_path / "dist" / "email-pixel.html").read_text()

    source = tmp_path / "sdk" / "site.ts"
    right = source.read_text()
    source.write_text("let count: = 3;\n")
    assert line(watching.stderr) == 'sdk/site.ts:1:11: Unexpected "="\n'
    source.write_text(right)
    assert line(watching.stdout).startswith(built)


def test_a_watch_sees_files_in_folders_that_came_later(
    watching: subprocess.Popen[str], tmp_path: Path
) -> None:
    line(watching.stdout)
    (tmp_path / "sdk" / "later").mkdir()
    line(watching.stdout)
    (tmp_path / "sdk" / "later" / "note.ts").write_text("export const note = 1;\n")
    assert line(watching.stdout).startswith("dist/ built in ")


def test_a_watch_ends_quietly_when_it_is_interrupted(watching: subprocess.Popen[str]) -> None:
    line(watching.stdout)
    watching.send_signal(signal.SIGINT)
    assert watching.wait() == 130
    assert line(watching.stderr) == ""
