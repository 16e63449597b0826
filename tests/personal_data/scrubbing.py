"""The tag's scrubbing in Node instead of a browser: thousands of strings in a second."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Literal, Self, cast

from builder.bundle import esbuild_program
from builder.configuration import Configuration, load
from builder.constants import constants
from builder.minifier import node_program
from tests.support.tag import ROOT, SOURCES

Kind = Literal["address", "text", "event", "json"]
HARNESS = Path(__file__).with_name("harness.ts")


class Scrubbing:
    """A Node that has the tag's scrubbing as a configuration has it."""

    def __init__(self, configuration: Configuration, sources: Path = SOURCES) -> None:
        """Bundle it from `sources` and start Node."""
        self._folder = TemporaryDirectory()
        bundle = Path(self._folder.name, "harness.cjs")
        defines = [
            f"--define:CONFIG.{name}={json.dumps(value)}"
            for name, value in constants(configuration).items()
        ]
        options = ["--bundle", "--platform=node", "--target=es2020", "--log-level=error"]
        options += [f"--alias:sdk={sources}"]
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

    def events(self, given: Sequence[object]) -> list[dict[str, Any] | None]:
        """What is recorded of each pair of a name and properties; None where they are refused."""
        return cast("list[dict[str, Any] | None]", self._ask(kind="event", values=given))

    def redacted(self, given: list[str]) -> list[bool]:
        """Whether each is the address of a page whose title is not told."""
        return cast("list[bool]", self._ask(kind="redacted", values=given))

    def told(self, given: list[str]) -> list[tuple[str, str]]:
        """What leaves of each address or title, and what it would be if it told nobody."""
        return cast("list[tuple[str, str]]", self._ask(kind="told", values=given))

    def stub_told(self, given: list[str], snippet: str) -> list[tuple[str, str]]:
        """The same, of what a built stub tells where the tag never comes."""
        script = snippet.partition("<script>")[2].partition("</script>")[0]
        answer = self._ask(kind="stubTold", values=given, snippet=script)
        return cast("list[tuple[str, str]]", answer)

    def milliseconds(self, kind: Kind, given: Sequence[object]) -> list[float]:
        """How long each takes."""
        return cast("list[float]", self._ask(kind=kind, values=given, isTimed=True))

    def _ask(self, **task: object) -> object:
        print(json.dumps(task), file=cast("IO[str]", self._node.stdin), flush=True)
        return json.loads(cast("IO[str]", self._node.stdout).readline())


def configured(
    measure: Mapping[str, object] | None = None, redact: Sequence[str] = ()
) -> Configuration:
    """As tag.toml has it, but for these keys of `[measure]` and these paths."""
    configuration = load(ROOT / "tag.toml")
    return configuration.model_copy(
        update={
            "measure": configuration.measure.model_copy(update=measure or {}),
            "privacy": configuration.privacy.model_copy(update={"redact": list(redact)}),
        }
    )
