"""Builds of the tag for the suite: one for each configuration that a test asks for."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from builder.command import build
from builder.errors import BuildError
from fixtures.server import FixtureServer

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "sdk"
"""Where the tag's sources are."""

Overrides = Mapping[str, Any]
"""Settings by dotted path, such as {"privacy.dnt": "respect"}."""


class UnbuiltError(RuntimeError):
    """The build refused; the message is the build's."""


@dataclass(frozen=True, eq=False)
class Tag:
    """A built tag that the CDN serves."""

    folder: Path
    """The whole dist/."""
    base_url: str
    """Where the CDN serves that folder; no slash at the end."""
    configuration: dict[str, Any]
    """As in tag.toml, with this server's addresses."""

    @property
    def brand(self) -> str:
        """The global function's name, and the beginning of file and cookie names."""
        return str(self.configuration["tag"]["brand"])

    @property
    def script_url(self) -> str:
        """The address of the tag's script."""
        return f"{self.base_url}/{self.brand}.js"

    @property
    def choices_url(self) -> str:
        """The address of the choices page."""
        return str(self.configuration["adchoices"]["choices"])

    @property
    def snippet(self) -> str:
        """What a client pastes into the head of a page."""
        return self.read("snippet.html")

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The build's manifest."""
        manifest: dict[str, Any] = json.loads(self.read("manifest.json"))
        return manifest

    @cached_property
    def schema(self) -> Draft202012Validator:
        """What every beacon of this tag must satisfy."""
        return Draft202012Validator(json.loads(self.read("beacon.schema.json")))

    def read(self, name: str) -> str:
        """The text of a file of this build."""
        return (self.folder / name).read_text(encoding="utf-8")


class TagBuilder:
    """Builds each configuration once, and serves it under the CDN.

    Args:
        server: Where to serve.
        folder: Where to build; its name is in each address.
        sources: What to build.
    """

    def __init__(self, server: FixtureServer, folder: Path, sources: Path = SOURCES) -> None:
        """Begin without a tag."""
        self._server = server
        self._folder = folder
        self._sources = sources
        self._built: dict[str, Tag] = {}

    def __call__(self, overrides: Overrides | None = None) -> Tag:
        """The tag of `tag.toml` with this server's addresses and these settings.

        Raises:
            UnbuiltError: The build refused them.
        """
        key = json.dumps(overrides or {}, sort_keys=True)
        if key not in self._built:
            self._built[key] = self._build(
                f"{self._folder.name}-{len(self._built)}", overrides or {}
            )
        return self._built[key]

    def _build(self, name: str, overrides: Overrides) -> Tag:
        base_url = self._server.url("cdn", f"/{name}")
        configuration = tomllib.loads((ROOT / "tag.toml").read_text(encoding="utf-8"))
        addresses = {
            "tag.collector": self._server.site("collector"),
            "tag.assets": base_url,
            "adchoices.choices": self._server.url("choices", f"/{name}/"),
        }
        for path, value in {**addresses, **overrides}.items():
            table, _, setting = path.partition(".")
            if setting:
                configuration[table][setting] = value
            else:
                configuration[table] = value
        toml = self._folder / f"{name}.toml"
        toml.write_text(_toml(configuration), encoding="utf-8")
        dist = self._folder / name
        try:
            # In this process: to start Python for each tag took as long as to build it.
            build(toml, self._sources, dist)
        except BuildError as error:
            raise UnbuiltError("\n".join(["the tag does not build:", *error.lines])) from error
        self._server.serve_folder("cdn", f"/{name}/", dist)
        self._server.serve_choices(f"/{name}/", dist)
        return Tag(dist, base_url, configuration)


def _toml(configuration: Mapping[str, Any]) -> str:
    """TOML of tables of plain values and lists, whose notation is that of JSON."""
    lines: list[str] = []
    for name, content in configuration.items():
        for heading, table in _tables(name, content):
            lines.append(heading)
            lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


def _tables(name: str, content: Any) -> list[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401 - any TOML
    if isinstance(content, list):
        return [(f"[[{name}]]", table) for table in content]
    return [(f"[{name}]", content)]
