"""A newcomer's two commands: a real collector with the tag's beacons in a database, and a chart."""

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browsers.discovery import find
from tests.build_runner import ROOT

PATIENCE = 30
"""Seconds until a beacon that was sent is in the charts, on a busy machine."""


@dataclass(frozen=True)
class Demo:
    """What the first command printed."""

    website: str
    charts: str
    database: Path
    trusted_key: str


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The first command, on free ports."""
    command = [sys.executable, "-m", "examples.collector.demo", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - ours
        [*command, "--folder", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            told = ""
            while "Ctrl-C" not in told:
                line = process.stdout.readline()
                assert line, told
                told += line
            (key,) = re.findall(r"spki-list=(\S+)", told)
            ((website, charts),) = re.findall(r"(?m)^ +(https://\S+) (http://\S+)$", told)
            yield Demo(website, charts, tmp_path / "collector.db", key)
        finally:
            process.terminate()


@pytest.fixture
def chromium(playwright: Playwright, demo: Demo) -> Iterator[Browser]:
    """The browser of the second command."""
    found = find("chromium")
    if found is None:
        pytest.skip("no chromium here")
    browser = playwright.chromium.launch(
        executable_path=found.executable if found.source == "system" else None,
        args=["--no-sandbox", f"--ignore-certificate-errors-spki-list={demo.trusted_key}"],
    )
    yield browser
    browser.close()


def read(charts: Page, *texts: str) -> None:
    """Look at the charts until they say all of this."""
    deadline = time.monotonic() + PATIENCE
    while not all(text in charts.content() for text in texts):
        assert time.monotonic() < deadline, charts.content()
        charts.reload()


def test_what_a_visitor_reads_is_in_the_database_and_in_the_charts(
    demo: Demo, chromium: Browser
) -> None:
    context = chromium.new_context()
    visitor = context.new_page()
    visitor.goto(demo.website)
    first, second = visitor.url, f"{visitor.url}tides"
    visitor.get_by_text("Why the tide is late").click()
    visitor.wait_for_url(second)
    charts = context.new_page()
    visitor.close()
    charts.goto(demo.charts)
    read(charts, first, second, "Azalea Nurseries", "seen ")
    (tallest,) = {charts.locator("svg text[text-anchor]").first.text_content()}
    assert tallest == "2"
    with closing(sqlite3.connect(demo.database)) as database:
        rows = database.execute("SELECT url, navigation, visible, visitor FROM page ORDER BY at")
        (one, two) = rows.fetchall()
    assert (one[0], one[1], two[0], two[1]) == (first, "navigate", second, "navigate")
    assert one[2] > 0
    assert one[3] == two[3]
    assert re.fullmatch(r"[A-Za-z0-9_-]{21}[AQgw]", one[3])
