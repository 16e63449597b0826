"""The tag's scrubbing in Node instead of a browser: thousands of strings in a second."""

import json
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Self, cast

from builder.bundle import esbuild_program
from builder.configuration import Configuration, load
from builder.constants import constants
from builder.minifier import node_program

ROOT = Path(__file__).parents[2]
HARNESS = Path(__file__).with_name("harness.ts")


class Scrubbing:
    """A Node that has the tag's scrubbing as a configuration has it."""

    def __init__(self, configuration: Configuration) -> None:
        """Bundle it and start Node."""
        self._folder = TemporaryDirectory()
        bundle = Path(self._folder.name, "harness.cjs")
        defines = [
            f"--define:CONFIG.{name}={json.dumps(value)}"
            for name, value in constants(configuration).items()
        ]
        options = ["--bundle", "--platform=node", "--target=es2020", "--log-level=error"]
        subprocess.run(  # noqa: S603 - our own tools
            [esbuild_program(), HARNESS, *options, f"--outfile={bundle}", *defines], check=True
        )
        self._node = subprocess.Popen(  # noqa: S603 - our own tools
            [node_program(), bundle],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End Node."""
        self._node.communicate()
        self._folder.cleanup()

    def addresses(self, given: list[str]) -> list[str]:
        """What `cleanAddress` makes of each, on a page of the publisher's."""
        return cast("list[str]", self._ask(kind="address", values=given))

    def texts(self, given: list[str]) -> list[str]:
        """What `scrub` makes of each."""
        return cast("list[str]", self._ask(kind="text", values=given))

    def events(self, given: list[tuple[str, object]]) -> list[dict[str, Any] | None]:
        """What is recorded of each name and its properties; None where they are refused."""
        return cast("list[dict[str, Any] | None]", self._ask(kind="event", values=given))

    def redacted(self, given: list[str]) -> list[bool]:
        """Whether each is the address of a page whose title is not told."""
        return cast("list[bool]", self._ask(kind="redacted", values=given))

    def milliseconds(self, **time: object) -> float:
        """How long one run takes."""
        return cast("float", self._ask(time=time))

    def _ask(self, **task: object) -> object:
        print(json.dumps(task), file=cast("IO[str]", self._node.stdin), flush=True)
        return json.loads(cast("IO[str]", self._node.stdout).readline())


@cache
def default_configuration() -> Configuration:
    """As tag.toml has it."""
    return load(ROOT / "tag.toml")
