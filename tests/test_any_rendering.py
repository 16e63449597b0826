"""What comes from the configuration stays a value wherever the build writes it: HTML, JSON, policy.

A page's skeleton, its elements and the names of their attributes, must be that of a plain build.
"""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from builder.budgets import site_budget, stub_budget
from builder.bundle import STUB, Bundling
from builder.configuration import Configuration, load
from builder.constants import constants
from builder.errors import BuildError
from builder.files import File
from builder.render import Bundle, render
from tests.build_runner import CONFIGURATION, ROOT, configuration

SOURCES = ROOT / "sdk"
HTML = ("snippet.html", "email-pixel.html", "choices.html", "index.html")
JSON = ("beacon.schema.json", "device-storage.json", "well-known/gpc.json")
PAYLOADS = [
    "</script><script>alert(1)</script>",
    "--><img src=x onerror=alert(1)>",
    "--!><b>",
    "\"'><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}${7*7}`",
    "]]></style><!--",
    "&quot;&lt;b&gt;&amp;#34;",
    "a\u2028b\u2029c\x00d\x1be\r\nSet-Cookie: a=b",
    "a\n",
    "javascript:alert(1)//https://a.example",
    "\\u003c\\'\\\"",
]
EXAMPLES = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# All that an address may hold by the rules of the configuration.
PATHS = st.text("aZ9._~%!$&()*+,;=:@-/", max_size=20).map("/{}".format)
QUERIES = st.text("aZ9._~%!$&()*+,;=:@-/?", max_size=20)
HOSTS = st.sampled_from(["a.example", "A-b.example:8443", "[::1]:1", "xn--bcher-kva.example"])
BASES = st.builds("https://{}{}".format, HOSTS, PATHS)
SITES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,20}\Z")

Skeleton = list[tuple[str, tuple[str, ...]]]


class Reader(HTMLParser):
    """Notes a page's elements, and the values of their attributes."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.skeleton: Skeleton = []
        self.values: list[str] = []
        self.feed(html)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skeleton.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    @override
    def handle_endtag(self, tag: str) -> None:
        self.skeleton.append((f"/{tag}", ()))

    @override
    def handle_comment(self, data: str) -> None:
        self.skeleton.append(("<!--", ()))

    @override
    def handle_decl(self, decl: str) -> None:
        self.skeleton.append((decl, ()))


def rendered(settings: Configuration, stub: bytes = b"void 0") -> dict[str, str]:
    """What the templates make of a configuration, with scripts that nobody has to bundle."""
    script, stub_file = File("script.js", b"void 0"), File("stub", stub)
    bundle = Bundle(script, script, stub_file, stub_file, script)
    budgets = {"script.js": site_budget(settings), "stub": stub_budget(settings)}
    files = render(settings, bundle, budgets, SOURCES / "templates")
    return {file.name: file.content.decode() for file in files}


def loaded(folder: Path, toml: str) -> Configuration:
    """A configuration that must be fit."""
    file = folder / "tag.toml"
    file.write_text(toml, encoding="utf-8")
    return load(file)


def with_values(values: dict[str, str]) -> str:
    """tag.toml with other texts, and one partner, whose address is `url`."""
    lines = {line.split(" = ")[0]: line for line in CONFIGURATION.splitlines() if " = " in line}
    changes = {
        lines[key]: f"{key} = {json.dumps(value)}" for key, value in values.items() if key in lines
    }
    url = json.dumps(values.get("url", "https://p.example/match?id={visitor}"))
    return configuration(changes, f'\n[[sync]]\npartner = "acme"\nurl = {url}\ndays = 1\n')


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The output of a plain configuration with one partner."""
    return rendered(loaded(tmp_path_factory.mktemp("plain"), with_values({})))


def assert_same_shape(files: dict[str, str], plain: dict[str, str]) -> None:
    """Every page and every JSON file is built as that of a plain configuration."""
    for name in HTML:
        assert Reader(files[name]).skeleton == Reader(plain[name]).skeleton, name
    for name in JSON:
        assert shape(json.loads(files[name])) == shape(json.loads(plain[name])), name


def shape(value: Any) -> object:  # noqa: ANN401 - any JSON
    """A JSON document without its texts."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value)


@EXAMPLES
@given(st.tuples(SITES, BASES, BASES, BASES, QUERIES))
def test_whatever_the_rules_allow_is_a_value_in_every_file(
    tmp_path: Path, plain: dict[str, str], drawn: tuple[str, str, str, str, str]
) -> None:
    site, collector, assets, page, query = drawn
    url = f"{page}?{query}&id={{visitor}}"
    values = {"site": site, "collector": collector, "assets": assets, "choices": page, "url": url}
    settings = loaded(tmp_path, with_values(values))
    files = rendered(settings)
    assert_same_shape(files, plain)
    pixel = f"{settings.tag.collector}/pixel.gif?site={quote(site)}"
    assert f"{pixel}&e=view" in Reader(files["snippet.html"]).values
    assert any(
        value.startswith(f"{pixel}&e=email&") for value in Reader(files["email-pixel.html"]).values
    )
    video = fromstring(files["adchoices-vast.xml"])  # noqa: S314 - our own
    assert {page, f"{settings.tag.assets}/adchoices.svg"} <= set(video.itertext())
    assert_policy(files["csp.txt"], settings)


def assert_policy(text: str, settings: Configuration) -> None:
    """The policy has three directives, each with the sources that it should have and no more."""
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    directives = dict(
        part.strip().split(" ", 1) for part in " ".join(lines).split(";") if part.strip()
    )
    assert list(directives) == ["script-src", "connect-src", "img-src"]
    assert "," not in "".join(lines)
    source, digest = directives["script-src"].split(" ")
    assert digest.startswith("'sha256-")
    assert source.replace("%3B", ";").replace("%2C", ",").rstrip("/") == escaped(
        settings.tag.assets
    )
    assert len(directives["connect-src"].split(" ")) == 1
    assert len(directives["img-src"].split(" ")) <= 2


def escaped(address: str) -> str:
    """An address as it is once the policy's own two escapes are taken off."""
    return address.replace("%3B", ";").replace("%2C", ",")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_no_rule_had_stopped_would_still_be_a_value(
    tmp_path: Path, plain: dict[str, str], payload: str
) -> None:
    sound = loaded(tmp_path, with_values({}))
    assert sound.adchoices
    address = f"https://a.example/{payload}"
    hostile = sound.model_copy(
        update={
            "tag": sound.tag.model_copy(
                update={"brand": payload, "site": payload, "collector": address, "assets": address}
            ),
            "adchoices": sound.adchoices.model_copy(update={"choices": address}),
            "sync": [
                partner.model_copy(update={"partner": payload, "url": address})
                for partner in sound.sync
            ],
        }
    )
    assert_same_shape(rendered(hostile), plain)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("key", ["brand", "site", "collector", "assets", "choices", "url"])
def test_a_payload_is_refused_by_the_name_of_its_key(
    tmp_path: Path, key: str, payload: str
) -> None:
    address = key not in {"brand", "site"} and not payload.startswith("javascript:")
    with pytest.raises(BuildError) as caught:
        loaded(tmp_path, with_values({key: f"https://a.example/{payload}" if address else payload}))
    (line,) = caught.value.lines
    assert f".{key} must " in line


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_script_does_not_end_the_script(
    tmp_path: Path, plain: dict[str, str], payload: str
) -> None:
    """Or else there is no build: what opens a comment in a script may hide the script's end."""
    sound = loaded(tmp_path, with_values({}))
    values = constants(sound) | {"site": payload, "collector": payload}
    code = Bundling(STUB, SOURCES, values).result().code
    try:
        snippet = rendered(sound, code)["snippet.html"]
    except BuildError:
        assert b"<!--" in code
        return
    assert Reader(snippet).skeleton == Reader(plain["snippet.html"]).skeleton
    assert "\u2028" not in snippet
