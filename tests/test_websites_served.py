"""The websites that nobody here wrote, as they are served: whole, with the snippet, and offline."""

import json
import re
from collections.abc import Iterator

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import (
    DASHBOARD_PAGES,
    HANDBOOKS,
    PACKAGES_SHOWN,
    in_our_world,
    serve_dashboard,
    serve_handbooks,
    serve_package_browser,
    serve_plausible,
)
from fixtures.websites.pasting import installed
from tests.fixture_client import Client

SNIPPET = "<script>/* the snippet */</script>"
PUBLIC = re.compile(r"https?://(?!www\.w3\.org)[a-z0-9.-]+\.(?:com|org|net|io|dev)\b")

PAGES = [
    *(("handbooks", f"/{path}") for path in HANDBOOKS),
    ("handbooks-by-hash", "/"),
    ("packages", "/"),
    *(("packages", f"/-/web/detail/{package}") for package in PACKAGES_SHOWN),
    *(("dashboard", f"/examples/{page}.html") for page in DASHBOARD_PAGES),
]


@pytest.fixture(scope="module")
def server() -> Iterator[FixtureServer]:
    """A server with the websites."""
    with FixtureServer() as running:
        serve_handbooks(running, "handbooks", SNIPPET, "history")
        serve_handbooks(running, "handbooks-by-hash", SNIPPET, "hash")
        serve_package_browser(running, "packages", SNIPPET)
        serve_dashboard(running, "dashboard", SNIPPET)
        yield running


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


@pytest.mark.parametrize(("host", "path"), PAGES)
def test_every_page_has_the_snippet_once_and_nothing_of_the_internet(
    server: FixtureServer, client: Client, host: str, path: str
) -> None:
    page = client.get(server.url(host, path)).body.decode()
    assert page.count(f"{SNIPPET}\n</head>") == 1
    assert not PUBLIC.findall(page)


@pytest.mark.parametrize("path", [f"/{path or 'README'}.md" for path in HANDBOOKS])
def test_every_handbook_is_there_and_leads_nowhere_in_the_internet(
    server: FixtureServer, client: Client, path: str
) -> None:
    answer = client.get(server.url("handbooks", path))
    assert answer.status == 200
    assert not PUBLIC.findall(answer.body.decode())


@pytest.mark.parametrize(
    ("host", "path"),
    [("handbooks", "/"), ("packages", "/"), ("dashboard", "/examples/dashboard.html")],
)
def test_every_script_of_a_website_is_there(
    server: FixtureServer, client: Client, host: str, path: str
) -> None:
    page = client.get(server.url(host, path)).body.decode()
    sources = re.findall(r'<script[^>]* src="([^"]+)"', page)
    assert sources
    for source in sources:
        absolute = source.replace("..", "", 1) if source.startswith("..") else source
        url = absolute if absolute.startswith("https:") else server.url(host, absolute)
        wanted = 404 if "maps-googleapis-com" in url else 200
        assert client.get(url).status == wanted, url


def test_the_package_browser_is_told_of_each_package(server: FixtureServer, client: Client) -> None:
    told = json.loads(client.get(server.url("packages", "/-/verdaccio/data/packages")).body)
    assert tuple(package["name"] for package in told) == PACKAGES_SHOWN


def test_plausibles_tracker_comes_from_its_package_and_tells_our_world(
    server: FixtureServer, client: Client
) -> None:
    snippet = serve_plausible(server, "dashboard.localhost")
    tracker, endpoint = re.findall(r'"(https://[^"]+)"', snippet)
    assert b"autoCapturePageviews" in client.get(tracker).body
    assert endpoint == server.url("plausible-io.world", "/api/event")


def test_links_into_the_internet_lead_to_our_world_and_names_of_standards_stay(
    server: FixtureServer,
) -> None:
    text = '<a href="http://blog.example.com/a?b">x</a> <svg xmlns="http://www.w3.org/2000/svg">'
    ours = server.url("blog-example-com.world", "/a?b")
    assert in_our_world(server, text) == text.replace("http://blog.example.com/a?b", ours)


def test_a_website_that_is_not_installed_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match="run make dist"):
        installed("no-such-website")
