"""Everything travels encrypted, and a build that would not is refused."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import ROOT, Tag

OWN_WORDS = re.compile(r"http://(?!www\.w3\.org/)[^\s\"'<]+")


@pytest.mark.claim("C23")
@pytest.mark.parametrize("key", ["collector", "assets"])
def test_a_build_that_would_send_in_the_clear_is_refused(
    browser_name: str, tmp_path: Path, key: str
) -> None:
    assert browser_name
    text = re.sub(
        rf'^{key} = "https:', f'{key} = "http:', (ROOT / "tag.toml").read_text(), flags=re.MULTILINE
    )
    config = tmp_path / "tag.toml"
    config.write_text(text)
    command = [sys.executable, "build.py", str(config), "--out", str(tmp_path / "dist")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert done.returncode == 2
    assert f"tag.{key}" in done.stderr
    assert not (tmp_path / "dist").exists()


@pytest.mark.claim("C23")
def test_the_tag_and_its_beacons_travel_encrypted(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """The fixture server speaks nothing but TLS; what is in its ledger has come encrypted."""
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    shipped = [path for path in tag.folder.iterdir() if path.suffix in {".js", ".mjs", ".html"}]
    clear = {found for path in shipped for found in OWN_WORDS.findall(path.read_text())}
    assert clear == set()
    (cookie,) = visitor.cookies(site.url("/"))
    assert cookie.secure
