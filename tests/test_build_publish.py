"""dist/ is whole at any moment: whatever ends a build, the old one stays until the new is there."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from builder.distribution import MAKER
from builder.errors import BuildError
from builder.publish import publish
from tests.build_runner import ROOT, configuration, copy_sources, run_build, start_build

OLD = {"manifest.json": f'{{"made_by": "{MAKER}"}}'.encode(), "azalead.js": b"old"}
NEW = OLD | {"azalead.js": b"new"}

# Publishes a build that stops half way, says so, and goes on when it is given a line.
STOPPING_HALF_WAY = """
import sys
from pathlib import Path
from builder.publish import publish

class Stopping(dict):
    def items(self):
        yield "azalead.js", b"new"
        print("half way", flush=True)
        sys.stdin.readline()
        yield "manifest.json", b"{}"

publish(Stopping(), Path(sys.argv[1]))
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def start_half_way(out: Path) -> subprocess.Popen[str]:
    """A process that has written the first of its files."""
    process = subprocess.Popen(  # noqa: S603 - our own program above
        [sys.executable, "-c", STOPPING_HALF_WAY, str(out)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert stream(process.stdout).readline() == "half way\n"
    return process


def stream(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def test_a_build_that_is_killed_leaves_the_old_one_whole_and_the_next_tidies_up(
    tmp_path: Path,
) -> None:
    out = tmp_path / "dist"
    publish(OLD, out)
    with start_half_way(out) as process:
        process.kill()
    assert contents(out) == OLD
    assert len(list(tmp_path.iterdir())) == 2
    publish(NEW, out)
    assert contents(out) == NEW
    assert list(tmp_path.iterdir()) == [out]


def test_two_builds_at_once_leave_each_other_alone(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    with start_half_way(out) as process:
        publish(OLD, out)
        assert contents(out) == OLD
        stream(process.stdin).write("\n")
        stream(process.stdin).flush()
        assert process.wait() == 0
    assert contents(out) == {"azalead.js": b"new", "manifest.json": b"{}"}
    assert list(tmp_path.iterdir()) == [out]


def test_a_build_that_fails_leaves_the_old_one_whole(tmp_path: Path) -> None:
    before = run_build(tmp_path).contents()
    sources = copy_sources(tmp_path)
    (sources / "site.ts").write_text("let count: = 3;\n")
    after = run_build(tmp_path, configuration(), "--sources", "sdk")
    assert after.exit_code == 2
    assert after.contents() == before


@pytest.mark.parametrize(
    ("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"]
)
def test_a_build_that_is_interrupted_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, exit_code: int
) -> None:
    (tmp_path / "tag.toml").write_text(configuration())
    slow = copy_sources(tmp_path) / "templates" / "base.css"
    slow.unlink()
    os.mkfifo(slow)  # to open it is to know that the build has come to read it
    with start_build(tmp_path, "--sources", "sdk") as process, slow.open("wb"):
        process.send_signal(number)
        assert process.wait() == exit_code
    assert sorted(file.name for file in tmp_path.iterdir()) == ["sdk", "tag.toml"]


def test_there_is_a_whole_output_at_any_moment_of_a_swap(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    publish(OLD, out)
    before = out.stat().st_ino
    folder = os.open(out, os.O_RDONLY)
    try:
        publish(NEW, out)
        assert out.stat().st_ino != before
        assert os.fstat(folder).st_ino == before
    finally:
        os.close(folder)
    assert contents(out) == NEW


def test_a_build_killed_between_two_renames_is_made_good_by_the_next(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    publish(OLD, out)
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    out.rename(tmp_path / f".dist.building-{dead.pid}-old")
    publish(NEW, out)
    assert contents(out) == NEW
    assert list(tmp_path.iterdir()) == [out]


def test_somebody_elses_folder_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "photos"
    out.mkdir()
    (out / "manifest.json").write_bytes(b'{"name": "My web app"}')
    with pytest.raises(BuildError, match="holds files that no build made"):
        publish(NEW, out)
    assert contents(out) == {"manifest.json": b'{"name": "My web app"}'}


def test_an_empty_folder_and_a_link_to_one_are_taken(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "dist").symlink_to("real")
    publish(NEW, tmp_path / "dist")
    assert (tmp_path / "dist").is_symlink()
    assert contents(tmp_path / "real") == NEW


def test_a_file_in_the_place_of_the_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("mine")
    with pytest.raises(BuildError, match="dist: is a file, not a folder to build into"):
        publish(NEW, tmp_path / "dist")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BuildError, match="dist: cannot be written: "):
        publish(NEW, tmp_path / "file" / "dist")
