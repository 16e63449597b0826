"""The snippet in pages that tools have parsed: it counts once, and no pixel goes out beside it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.minifier import node_program
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag
from tests.tools.install import FOLDER, install

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>{title}</title>
    <link rel="icon" href="data:,">
    {snippet}
    <meta name="robots" content="all">
    <link rel="canonical" href="https://example.com/">
  </head>
  <body><p>A page.</p></body>
</html>
"""

IN_HEAD = "document.head.querySelectorAll('title, [name=robots], [rel=canonical]').length"

AS_BEFORE = '<noscript><img src="{pixel}" alt="" width="1" height="1" hidden></noscript>'
"""An image, which no head may hold."""

Pass = Callable[[str], dict[str, str]]


@pytest.fixture(scope="session")
def passed() -> Pass:
    """Passes a page through each tool."""
    program = FOLDER / "pass_through.mjs"
    install()
    known: dict[str, dict[str, str]] = {}

    def run(page: str) -> dict[str, str]:
        if page not in known:
            command = [str(node_program()), str(program)]
            done = subprocess.run(command, input=page, capture_output=True, text=True, check=True)  # noqa: S603 - ours
            known[page] = json.loads(done.stdout)
        return known[page]

    return run


def held_back(snippet: str) -> str:
    """The snippet as a banner holds it back until its visitor has accepted."""
    return snippet.replace("<script>", '<script type="text/plain" data-category="analytics">')


def serve(site: Site, tag: Tag, pages: dict[str, str]) -> dict[str, str]:
    """Serve the pages by the names of what made them; returns their addresses."""
    site.tags.append(tag)
    return {
        tool: site.server.serve(site.host, f"/tool-{number}", page)
        for number, (tool, page) in enumerate(pages.items())
    }


def pixels(site: Site, since: int) -> list[str]:
    """Where pixels were asked for from."""
    asked = site.server.ledger.select(role="collector", path="/pixel.gif", since=since)
    return [entry.headers.get("Referer", "") for entry in asked]


def test_a_snippet_that_went_through_a_tool_counts_once_and_its_head_stays_whole(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, passed: Pass
) -> None:
    since = site.server.ledger.mark()
    pages = passed(PAGE.format(title="Passed through", snippet=tag.snippet))
    split = []
    for tool, url in serve(site, tag, pages).items():
        if "<script" not in pages[tool]:
            continue  # as a purifier of comments should
        visitor.open(url)
        view = arrivals.view(url=url)
        assert (view.page["title"], view.beacon.rule) == ("Passed through", "default"), tool
        if visitor.evaluate(IN_HEAD) != 3:
            split.append(tool)
    arrivals.settle()
    assert split == []
    assert pixels(site, since) == []


def test_a_snippet_that_is_held_back_sends_nothing_whatever_it_went_through(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, passed: Pass
) -> None:
    since = site.server.ledger.mark()
    pages = passed(PAGE.format(title="Held back", snippet=held_back(tag.snippet)))
    for url in serve(site, tag, pages).values():
        visitor.open(url)
    arrivals.settle()
    assert arrivals.all() == []
    assert pixels(site, since) == []


def test_an_image_in_the_head_would_be_sent_by_every_visitor(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, passed: Pass
) -> None:
    """The control: these tools do take images out of their noscript."""
    image = AS_BEFORE.format(pixel=site.server.url("collector", "/marker?as=before"))
    since = site.server.ledger.mark()
    for url in serve(site, tag, passed(PAGE.format(title="Before", snippet=image))).values():
        visitor.open(url)
    arrivals.settle()
    sent = site.server.ledger.select(role="collector", path="/marker", since=since)
    assert [entry for entry in sent if entry.query.get("as") == "before"]


@pytest.mark.claim("C11")
@pytest.mark.mode("scripts_off")
def test_a_page_that_went_through_a_tool_is_counted_where_scripts_are_off(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, passed: Pass
) -> None:
    pages = passed(PAGE.format(title="Passed through", snippet=tag.snippet))
    for tool, url in serve(site, tag, pages).items():
        visitor.open(url)
        if "<noscript" in pages[tool]:
            assert arrivals.pixel().query["e"] == "view", tool


def test_the_tools_are_installed_as_pinned() -> None:
    pinned = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    modules: Path = install()
    for name, version in pinned.items():
        package = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        assert package["version"] == version, name
