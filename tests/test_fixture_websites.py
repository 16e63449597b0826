"""The sample websites, the live view, and the command line that shows them."""

import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from io import BufferedReader
from pathlib import Path
from typing import Any

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import paste, serve_clean_blog, serve_magazine
from tests.build_runner import run_build
from tests.fixture_client import Client, beginning

ROOT = Path(__file__).parent.parent
SNIPPET = "<script>/* the snippet */</script>"


@pytest.fixture(scope="module")
def server() -> Iterator[FixtureServer]:
    """A server with both websites."""
    with FixtureServer() as running:
        serve_clean_blog(running, "publisher", SNIPPET)
        serve_magazine(running, "magazine", SNIPPET)
        yield running


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


@pytest.mark.parametrize("path", ["/", "/index.html", "/post.html", "/about.html", "/contact.html"])
def test_every_page_of_the_blog_has_the_snippet_once(
    server: FixtureServer, client: Client, path: str
) -> None:
    """At the end of its head, and the theme is otherwise whole."""
    page = client.get(server.url("publisher", path)).body.decode()
    assert page.count(f"{SNIPPET}\n</head>") == 1
    assert 'id="mainNav"' in page


def test_the_blog_loads_nothing_from_the_internet(server: FixtureServer, client: Client) -> None:
    """Its scripts and style sheets come from our world, Bootstrap for one."""
    page = client.get(server.url("publisher")).body.decode()
    loaded = re.findall(r'(?:src|<link href)="(https://[^"]+)"', page)
    assert len(loaded) == 4
    assert all(f".world.localhost:{server.port('world')}/" in address for address in loaded)
    statuses = {client.get(address.replace("&amp;", "&")).status for address in loaded}
    assert statuses == {200, 404}


def test_the_blogs_files_are_served(server: FixtureServer, client: Client) -> None:
    """Style sheet and pictures."""
    assert client.get(server.url("publisher", "/css/styles.css")).status == 200
    assert client.get(server.url("publisher", "/assets/img/home-bg.jpg")).status == 200


@pytest.mark.parametrize("path", ["/", "/tides", "/atlas", "/atlas/bergen"])
def test_every_page_of_the_magazine_has_the_snippet(
    server: FixtureServer, client: Client, path: str
) -> None:
    """Also where its single-page part shows another address."""
    assert SNIPPET in client.get(server.url("magazine", path)).body.decode()


def test_the_magazine_links_to_the_blog(server: FixtureServer, client: Client) -> None:
    """At the port where it is."""
    assert server.url("publisher") in client.get(server.url("magazine")).body.decode()


def test_a_page_without_head_cannot_take_the_snippet() -> None:
    """A sample that does not carry the tag would prove nothing."""
    with pytest.raises(ValueError, match="no </head>"):
        paste("<p>", SNIPPET)


def test_the_live_view_and_its_parts_are_served(server: FixtureServer, client: Client) -> None:
    """All that the page asks for is there."""
    page = client.get(server.url("collector", "/live")).body.decode()
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert client.get(server.url("collector", address)).status == 200


def test_the_live_view_shows_what_came_before_and_what_comes(
    server: FixtureServer, client: Client
) -> None:
    """First a snapshot, then each visit that grows; each beacon is received once."""
    url = server.url("collector", "/events")
    client.request("POST", url, body=a_beacon("a"))
    live = server.url("collector", "/live/beacons")
    with client.connect(live) as stream:
        stream.sendall(beginning(live, promised=0, sent=b""))
        lines = stream.makefile("rb")
        snapshot = next_event(lines)
        client.request("POST", url, body=a_beacon("b"))
        change = next_event(lines)
    assert [page["url"] for page in snapshot["visits"][-1]["pages"]] == ["https://x/a"]
    assert [page["url"] for page in change["visits"][-1]["pages"]] == ["https://x/a", "https://x/b"]
    assert change["received"] == snapshot["received"] + 1


def test_the_demo_says_what_is_missing(tmp_path: Path) -> None:
    """One line, and a status that make understands."""
    done = run_fixtures("--demo", "--port", str(a_free_port()), "--dist", str(tmp_path))
    _, errors = done.communicate(timeout=20)
    assert done.returncode == 2
    assert errors == f"{tmp_path}/snippet.html: there is no tag yet; run make dist\n"


def test_the_demo_says_that_its_port_is_busy(server: FixtureServer) -> None:
    """And what to do."""
    port = server.port("cdn")
    done = run_fixtures("--demo", "--port", str(port))
    _, errors = done.communicate(timeout=20)
    assert done.returncode == 2
    assert errors == (
        f"port {port} is in use: stop what listens there, or choose another,"
        " as with `make demo PORT=8500`\n"
    )


def test_the_demo_lists_its_addresses_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    """Cleanly, without a word too many."""
    dist = run_build(tmp_path).out
    port = a_free_port()
    demo = run_fixtures("--demo", "--port", str(port), "--dist", str(dist))
    assert demo.stdout
    shown = "".join(iter(demo.stdout.readline, "  Ctrl-C stops.\n"))
    demo.send_signal(signal.SIGINT)
    _, errors = demo.communicate(timeout=20)
    for page in ("collector.localhost:{port}/live", "almanac.localhost:{port}/"):
        assert f"https://{page.format(port=port)}" in shown
    assert (demo.returncode, errors) == (0, "")


def test_the_demo_builds_a_tag_that_talks_to_its_own_port() -> None:
    """Whatever addresses tag.toml has, and without a build before it."""
    port = a_free_port()
    demo = run_fixtures("--demo", "--port", str(port))
    assert demo.stdout
    authority = next(line for line in demo.stdout if line.endswith(".pem\n")).strip()
    trusting = ssl.create_default_context(cafile=authority)

    def get(host: str, path: str) -> str:
        raw = socket.create_connection(("127.0.0.1", port), timeout=20)
        with trusting.wrap_socket(raw, server_hostname=f"{host}.localhost") as connection:
            speaker = HTTPConnection(f"{host}.localhost", port)
            speaker.sock = connection
            speaker.request("GET", path)
            return speaker.getresponse().read().decode()

    page, script = get("publisher", "/"), get("cdn", "/azalead.js")
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=20)
    assert f"https://cdn.localhost:{port}/azalead.js" in page
    assert f"https://collector.localhost:{port}" in script


def a_beacon(page: str) -> bytes:
    """A beacon of one page view."""
    described = {"id": page, "url": f"https://x/{page}", "at": ord(page)}
    events = [{"seq": 0, "type": "view", "navigation": "navigate"}]
    return json.dumps({"v": 1, "visitor": "v", "page": described, "events": events}).encode()


def next_event(lines: BufferedReader) -> dict[str, Any]:
    """The next server-sent event's data."""
    data = next(line for line in iter(lines.readline, b"") if line.startswith(b"data: "))
    state: dict[str, Any] = json.loads(data.removeprefix(b"data: "))
    return state


def a_free_port() -> int:
    """A port that nobody listens on."""
    with FixtureServer() as passing:
        return passing.port("publisher")


def run_fixtures(*arguments: str) -> subprocess.Popen[str]:
    """Start the command line."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "fixtures", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
