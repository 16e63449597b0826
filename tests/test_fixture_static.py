"""Static files: negotiated, validated, cached and shared as on a careful host of a tag."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.fixture_client import Client

HASHED = "azalead.0123456789.js"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FixtureServer]:
    """A server with a small dist/ on the CDN and on a publisher."""
    folder = tmp_path_factory.mktemp("dist")
    for name in ("azalead.js", HASHED):
        (folder / name).write_bytes(b"plain")
        (folder / f"{name}.br").write_bytes(b"brotli")
        (folder / f"{name}.gz").write_bytes(b"gzip")
    for name in ("azalead.mjs", "azalead.js.map", "code.wasm", "index.html", "odd name.css"):
        (folder / name).write_bytes(b"content")
    (folder.parent / "secret.txt").write_text("outside")
    with FixtureServer() as running:
        running.serve_folder("cdn", "/v1/", folder)
        running.serve_folder("publisher", "/", folder)
        yield running


@pytest.fixture
def client(server: FixtureServer) -> Client:
    """A client that trusts the server."""
    return Client(server)


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [
        ("gzip, deflate, br, zstd", b"brotli", "br"),
        ("gzip", b"gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", b"gzip", "gzip"),
        ("br;q=0.0", b"plain", None),
        ("GZIP", b"gzip", "gzip"),
        ("identity", b"plain", None),
        ("", b"plain", None),
    ],
)
def test_the_best_accepted_encoding_is_sent(
    server: FixtureServer, client: Client, accepted: str, body: bytes, encoding: str | None
) -> None:
    """Precompressed files are used as they are, and caches are told."""
    answer = client.get(server.url("cdn", "/v1/azalead.js"), accept_encoding=accepted)
    assert answer.body == body
    assert answer.headers["Content-Encoding"] == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_any_origin_may_load_measure_and_verify_a_file_of_the_cdn(
    server: FixtureServer, client: Client
) -> None:
    """The headers that a script with integrity needs."""
    headers = client.get(server.url("cdn", "/v1/azalead.js")).headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Timing-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_hashed_name_is_immutable_and_a_plain_one_short_lived(
    server: FixtureServer, client: Client
) -> None:
    """So that a new tag is out within minutes."""
    hashed = client.get(server.url("cdn", f"/v1/{HASHED}")).headers["Cache-Control"]
    plain = client.get(server.url("cdn", "/v1/azalead.js")).headers["Cache-Control"]
    assert hashed == "public, max-age=31536000, immutable"
    assert plain == "public, max-age=300"


def test_a_publishers_file_is_its_own(server: FixtureServer, client: Client) -> None:
    """No sharing with other origins, and nothing that bars the back/forward cache."""
    headers = client.get(server.url("publisher", "/azalead.js")).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "Cache-Control" not in headers


@pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_a_client_that_has_the_file_is_told_so(
    server: FixtureServer, client: Client, tag: str
) -> None:
    """304 without a body, with the headers that caches need."""
    url = server.url("cdn", "/v1/azalead.js")
    etag = client.get(url).headers["ETag"].strip('"')
    answer = client.get(url, if_none_match=tag.format(etag))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == f'"{etag}"'
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_encoding_has_a_validator_of_its_own(server: FixtureServer, client: Client) -> None:
    """A strong validator stands for bytes."""
    url = server.url("cdn", "/v1/azalead.js")
    tags = {client.get(url, accept_encoding=name).headers["ETag"] for name in ("br", "gzip", "")}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("azalead.mjs", "text/javascript; charset=utf-8"),
        ("azalead.js.map", "application/json"),
        ("code.wasm", "application/wasm"),
        ("odd%20name.css", "text/css; charset=utf-8"),
        ("", "text/html; charset=utf-8"),
    ],
)
def test_types_are_what_browsers_insist_on(
    server: FixtureServer, client: Client, name: str, content_type: str
) -> None:
    """A module or WebAssembly of another type does not run; a folder shows its index."""
    assert client.get(server.url("cdn", f"/v1/{name}")).headers["Content-Type"] == content_type


@pytest.mark.parametrize("path", ["/v1/none.js", "/v1/../secret.txt", "/v1/%2e%2e/secret.txt"])
def test_what_is_not_in_the_folder_is_not_found(
    server: FixtureServer, client: Client, path: str
) -> None:
    """Nor is what lies beside it."""
    assert client.get(server.url("cdn", path)).status == 404


def test_a_file_is_read_as_it_is_now(server: FixtureServer, client: Client, tmp_path: Path) -> None:
    """A build that replaces its output is served at once."""
    url = server.serve_folder("cdn", "/v2/", tmp_path) + "tag.js"
    (tmp_path / "tag.js").write_text("one")
    assert client.get(url).body == b"one"
    (tmp_path / "tag.js").write_text("two")
    assert client.get(url).body == b"two"


def test_head_gives_the_headers_alone(server: FixtureServer, client: Client) -> None:
    """As it should."""
    answer = client.request("HEAD", server.url("cdn", "/v1/azalead.js"))
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "5")


def test_of_two_folders_the_one_with_the_longer_prefix_answers(
    server: FixtureServer, client: Client, tmp_path: Path
) -> None:
    """Whichever came first; and one at the same prefix takes the other's place."""
    for name, prefix in (("deep", "/a/b/"), ("flat", "/a/"), ("old", "/c/"), ("new", "/c/")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "file.txt").write_text(name)
        server.serve_folder("folders", prefix, folder)
    told = [client.get(server.url("folders", f"/{at}/file.txt")).body for at in ("a/b", "a", "c")]
    assert told == [b"deep", b"flat", b"new"]
