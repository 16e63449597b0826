"""A website that a framework has built is served as its own server would serve it."""

from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import BuiltWebsite, serve_built_website
from tests.fixture_client import Client


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


@pytest.fixture
def website(tmp_path: Path) -> BuiltWebsite:
    """A website of three files."""
    (tmp_path / "items").mkdir()
    for name in ("index", "about", "items/index"):
        (tmp_path / f"{name}.html").write_text(f"<head lang=en></head>{name} at https://a.test")
    return BuiltWebsite(
        tmp_path,
        first="<script></script>",
        addresses={"https://a.test": "https://b.test"},
        fallback="index.html",
        redirects={"/gone": "/about"},
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "index"),
        ("/about", "about"),
        ("/about.html", "about"),
        ("/items", "items/index"),
        ("/unknown/7", "index"),
    ],
)
def test_a_path_is_answered_with_its_page_or_the_fallback(
    server: FixtureServer, client: Client, website: BuiltWebsite, path: str, name: str
) -> None:
    serve_built_website(server, "built", website)
    page = client.get(server.url("built", path)).body.decode()
    assert page == f"<head lang=en><script></script></head>{name} at https://b.test"


def test_a_file_that_is_not_there_is_no_page(
    server: FixtureServer, client: Client, website: BuiltWebsite
) -> None:
    serve_built_website(server, "built", website)
    assert client.get(server.url("built", "/chunk.js")).status == 404
    assert client.get(server.url("built", "/../secret.txt")).status == 404


def test_the_server_sends_on_what_has_moved(
    server: FixtureServer, client: Client, website: BuiltWebsite
) -> None:
    serve_built_website(server, "built", website)
    answer = client.get(server.url("built", "/gone"))
    assert (answer.status, answer.headers["Location"]) == (302, "/about")
