"""A pinned snippet works after the next builds, and one site's build never replaces another's."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from builder.errors import BuildError
from tests.build_runner import Build, build_here, configuration, run_build


def built(folder: Path, days: int, keep: int = 5) -> str:
    """Build a tag of its own in `folder`; returns the hashed name of its script."""
    changes = {
        "cookie_days = 390": f"cookie_days = {days}",
        "keep_builds = 5": f"keep_builds = {keep}",
    }
    distribution = build_here(folder, configuration(changes))
    (name,) = [file.hashed_name for file in distribution.files if file.name == "azalead.js"]
    assert name
    return name


def there(folder: Path) -> set[str]:
    """The hashed scripts of the site's tag that a server would find."""
    return {file.name for file in (folder / "dist").glob("azalead.??????????.js")}


def test_the_scripts_of_former_builds_stay_as_many_as_configured(tmp_path: Path) -> None:
    names = [built(tmp_path, days, keep=2) for days in (1, 2, 3, 4)]
    assert there(tmp_path) == set(names[1:])
    for name in names[1:]:
        assert (tmp_path / "dist" / f"{name}.br").is_file()
        assert (tmp_path / "dist" / f"{name}.gz").is_file()


def test_the_same_build_again_counts_for_none(tmp_path: Path) -> None:
    first, second = built(tmp_path, 1, keep=1), built(tmp_path, 2, keep=1)
    for _ in range(3):
        assert built(tmp_path, 2, keep=1) == second
    assert there(tmp_path) == {first, second}


def test_a_build_that_comes_back_is_no_longer_a_former_one(tmp_path: Path) -> None:
    first, second = built(tmp_path, 1), built(tmp_path, 2)
    assert built(tmp_path, 1) == first
    listed = json.loads((tmp_path / "dist" / "former.json").read_text())["builds"]
    assert [second in names for names in listed] == [True]


def test_with_keep_builds_0_nothing_of_former_builds_stays(tmp_path: Path) -> None:
    built(tmp_path, 1, keep=0)
    latest = built(tmp_path, 2, keep=0)
    assert there(tmp_path) == {latest}
    assert not (tmp_path / "dist" / "former.json").exists()


def test_a_list_of_former_builds_leads_out_of_no_folder(tmp_path: Path) -> None:
    built(tmp_path, 1)
    (tmp_path / "secret").write_text("mine")
    builds = {"builds": [["../secret", "azalead.js"], "nonsense", 7]}
    (tmp_path / "dist" / "former.json").write_text(json.dumps(builds))
    built(tmp_path, 2)
    assert not [file for file in (tmp_path / "dist").rglob("*") if file.name == "secret"]


def test_another_site_s_tag_is_not_replaced_without_a_word(tmp_path: Path) -> None:
    first = build_here(tmp_path, configuration())
    with pytest.raises(BuildError) as refused:
        build_here(tmp_path, configuration({'site = "demo"': 'site = "acme"'}))
    (line,) = refused.value.lines
    assert 'holds the tag of the site "demo", not of "acme"' in line
    assert "--out dist-acme" in line
    manifest = json.loads((tmp_path / "dist" / "manifest.json").read_text())
    assert manifest["configuration"]["tag"]["site"] == first.configuration.tag.site


def mounted(folder: Path) -> Path:
    """An empty file system of its own at `folder`/dist, with what each ext4 has in its root."""
    out = folder / "dist"
    out.mkdir()
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a file system")
    done = subprocess.run(["mount", "-t", "tmpfs", "none", out], check=False)  # noqa: S603, S607
    if done.returncode:
        pytest.skip("this machine lets nobody mount a file system")
    (out / "lost+found").mkdir()
    return out


def test_a_mount_point_such_as_a_container_s_volume_is_built_into(tmp_path: Path) -> None:
    out = mounted(tmp_path)
    try:
        first = run_build(tmp_path, configuration())
        second = run_build(tmp_path, configuration({"cookie_days = 390": "cookie_days = 1"}))
        there_now = {name.partition("/")[0] for name in second.contents()}
        expected = published_elsewhere(tmp_path / "beside")
    finally:
        subprocess.run(["umount", out], check=True)  # noqa: S603, S607
    assert (first.exit_code, first.stderr) == (0, "")
    assert (second.exit_code, second.stderr) == (0, "")
    assert expected <= there_now
    assert not [name for name in there_now if name.startswith(".building-")]


def published_elsewhere(folder: Path) -> set[str]:
    """The names that the same build has in an ordinary folder."""
    folder.mkdir()
    beside: Build = run_build(folder, configuration({"cookie_days = 390": "cookie_days = 1"}))
    return {name.partition("/")[0] for name in beside.contents()}
