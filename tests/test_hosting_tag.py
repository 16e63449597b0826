"""The tag works from real web servers with their file in hosting/: plain, pinned, as module."""

import re

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.support.web_servers import SERVERS, WebServer, free_port


@pytest.fixture
def only_chromium(browser_name: Engine) -> None:
    """What is tried here is the server; what engines make of its answers other tests try."""
    if browser_name != "chromium":
        pytest.skip("a web server is tried in one engine, Chromium")


def pinned(tag: Tag) -> str:
    """The pinned snippet, as the install page has it."""
    page = tag.read("index.html")
    found = re.search(r'id="pinned".*?<code>(.*?)</code>', page, re.DOTALL)
    assert found
    return (
        found[1]
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", '"')
        .replace("&amp;", "&")
    )


@pytest.mark.usefixtures("only_chromium")
@pytest.mark.parametrize("host", SERVERS, ids=lambda host: host.name)
def test_the_tag_counts_from_a_real_web_server(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, host: WebServer
) -> None:
    port = free_port()
    tag = build_tag({"tag.assets": f"https://cdn.localhost:{port}"})
    module = f'<script type="module" src="https://cdn.localhost:{port}/{tag.brand}.mjs"></script>'
    with host.serving(tag.folder, site.server.authority, port=port):
        site.tags.append(tag)
        for title, head in (("Plain", tag.snippet), ("Pinned", pinned(tag)), ("Module", module)):
            visitor.open(site.page(f"/{title}", title=title, head=head))
            arrivals.view(title=title)
        assert not visitor.problems()
        arrivals.settle()
