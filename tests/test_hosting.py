"""The files in hosting/ make nginx, Caddy and Apache serve a build as its documentation says."""

import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped] # it brings no types
import pytest

from builder.hosting import ADDRESSES, FOREVER, RULES, headers_by_path, rule_of
from fixtures.authority import Authority
from tests.build_runner import build_here, configuration
from tests.support.web_servers import SERVERS, WebServer

ENCODINGS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Host:
    """A server that serves a build."""

    dist: Path
    port: int
    authority: Authority

    def get(self, path: str, accept: str = "identity", method: str = "GET") -> Answer:
        """Ask for a path."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        context = self.authority.client_context()
        with context.wrap_socket(raw, server_hostname="localhost") as connection:
            speaker = http.client.HTTPConnection("localhost")
            speaker.sock = connection
            headers = {"Accept-Encoding": accept, "Origin": "https://client.example"}
            speaker.request(method, path, headers=headers)
            response = speaker.getresponse()
            return Answer(response.status, response.headers, response.read())


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    """Signs for the servers."""
    one = Authority()
    yield one
    one.close()


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build as tag.toml has it."""
    folder = tmp_path_factory.mktemp("hosted")
    build_here(folder, configuration())
    return folder / "dist"


@pytest.fixture(scope="module", params=SERVERS, ids=lambda server: server.name)
def host(request: pytest.FixtureRequest, dist: Path, authority: Authority) -> Iterator[Host]:
    """Each server in turn, with exactly its file."""
    server: WebServer = request.param
    with server.serving(dist, authority) as port:
        yield Host(dist, port, authority)


def paths(dist: Path) -> list[str]:
    """Each file that a rule is about, and each address that is not a file's own."""
    files = [f"/{file.relative_to(dist).as_posix()}" for file in dist.rglob("*") if file.is_file()]
    return [path for path in (*files, *ADDRESSES) if rule_of(ADDRESSES.get(path, path))]


def test_every_file_comes_with_the_headers_that_are_documented(host: Host) -> None:
    wrong = []
    for path in paths(host.dist):
        file = ADDRESSES.get(path, path)
        rule = rule_of(file)
        assert rule
        expected = {"Content-Type": rule.content_type, **rule.headers}
        for method in ("GET", "HEAD"):
            answer = host.get(path, method=method)
            told = {name: answer.headers.get_all(name) for name in expected}
            if answer.status != 200 or told != {name: [v] for name, v in expected.items()}:
                wrong.append(f"{method} {path}: {answer.status} {told}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br;q=0.5", "br"),
        ("identity", None),
        ("deflate", None),
    ],
)
def test_a_script_comes_compressed_as_the_browser_takes_it(
    host: Host, accept: str, encoding: str | None
) -> None:
    for path in headers_by_path(file.name for file in host.dist.glob("*js")):
        answer = host.get(path, accept)
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, encoding), path
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert ENCODINGS[encoding](answer.body) == (host.dist / path[1:]).read_bytes()


def test_a_name_with_a_hash_is_kept_for_ever_and_another_is_not(host: Host) -> None:
    manifest = json.loads((host.dist / "manifest.json").read_text())
    for each in manifest["files"]:
        if each["hashed"]:
            assert host.get(f"/{each['hashed']}").headers["Cache-Control"] == FOREVER
            assert host.get(f"/{each['name']}").headers["Cache-Control"] != FOREVER


def test_what_is_not_there_is_not_found(host: Host) -> None:
    for path in ("/none.js", "/azalead.0123456789.js", "/.well-known/other.json"):
        assert host.get(path, "br").status == 404, path


def test_the_choices_page_is_in_no_frame_under_any_address(host: Host) -> None:
    for path in ("/", "/choices.html", "/choices.html?lang=de", "/?lang=de"):
        answer = host.get(path)
        assert answer.status == 200, path
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'", path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert "Access-Control-Allow-Origin" not in answer.headers, path


def test_hosts_without_regular_expressions_are_told_of_each_file(dist: Path) -> None:
    """Netlify, Cloudflare and Vercel cannot be run here: what is compared is the documentation."""
    headers = (dist / "hosting" / "_headers").read_text()
    vercel = json.loads((dist / "hosting" / "vercel.json").read_text())
    told = {each["source"].replace("\\", ""): each["headers"] for each in vercel["headers"]}
    for path in paths(dist):
        rule = rule_of(ADDRESSES.get(path, path))
        assert rule
        expected = {"Content-Type": rule.content_type, **rule.headers}
        assert {each["key"]: each["value"] for each in told[path]} == expected
        block = headers.split(f"{path}\n  ", 1)[1].split("\n/", 1)[0]
        lines = {line.strip() for line in block.splitlines()}
        assert lines == {f"{name}: {value}" for name, value in expected.items()}


def test_no_rule_is_for_nothing(dist: Path) -> None:
    used = {rule.name for path in paths(dist) if (rule := rule_of(ADDRESSES.get(path, path)))}
    assert used == {rule.name for rule in RULES}
