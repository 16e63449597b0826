"""TypeScript in, one script out: runs esbuild's own program, one process for each entry at once."""

import base64
import json
import os
import re
import subprocess
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from builder.constants import Constants
from builder.errors import BuildError
from builder.minifier import minified

NODE_MODULES = Path(__file__).parent.parent / "node_modules"
_COMMON = (
    "--bundle",
    "--minify",
    "--platform=browser",
    "--legal-comments=none",
    "--log-level=error",
    "--color=false",
    "--tsconfig-raw={}",  # no file outside the sources has a say in the bytes
)
_INLINE_MAP = b"//# sourceMappingURL=data:application/json;base64,"
_FAULT = re.compile(r"\[ERROR\] (?P<message>.+)(?:\n\n {4}(?P<place>\S.*:\d+:\d+):)?")
_UNDEFINED = re.compile(r"(?<![\w$.])CONFIG\b[\w.]*")


@dataclass(frozen=True)
class Entry:
    """A file of the sources to bundle, and the options that make it what it is."""

    source: str
    options: tuple[str, ...]
    is_client_s: bool = False
    """Whether a client's pages load it, so that each byte counts: it is minified twice."""


# What parts of the tag call each other by; no name of the page's, the browser's or the wire's.
_OWN_PROPERTIES = (
    "gauge|hear|insure|isLeft|permits|queue|readDwell|record|restart|resume|route|seenSince"
)
_ES5 = "--target=es5"
_SCRIPT = ("--format=iife", "--target=es2020", "--sourcemap=inline")
_TAG = ("--target=es2020", "--sourcemap=inline", f"--mangle-props=^({_OWN_PROPERTIES})$")

SITE = Entry("site.ts", ("--format=iife", *_TAG), is_client_s=True)
MODULE = Entry("module.ts", ("--format=esm", *_TAG), is_client_s=True)
CHOICES = Entry("choices.ts", _SCRIPT)
AD = Entry("ad.ts", (*_SCRIPT, "--charset=utf8"))
STUB = Entry("snippet.ts", ("--format=iife", _ES5), is_client_s=True)


@dataclass(frozen=True)
class Script:
    """A bundled script. `source_map` is JSON without a link to it, or None where none was asked."""

    code: bytes
    source_map: bytes | None

    def linked(self, map_name: str) -> bytes:
        """The code with a last line that tells browsers where its source map is.

        Words in other scripts than Latin begin with a byte order mark: it outweighs the encoding of
        a page and a header that says none, and costs less than escapes.
        """
        mark = b"" if self.code.isascii() else BOM_UTF8
        return b"%s%s//# sourceMappingURL=%s\n" % (mark, self.code, map_name.encode())


class Bundling:
    """An esbuild at work on one entry, so that several can work at the same time."""

    def __init__(self, entry: Entry, sources: Path, constants: Constants) -> None:
        """Start bundling `entry` of the folder `sources`, with `constants` put in."""
        self._entry = entry
        self._sources = sources
        defines = [f"--define:CONFIG.{name}={json.dumps(v)}" for name, v in constants.items()]
        if not sources.is_dir():
            raise BuildError(f"{sources}: there is no such folder of sources")
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own tool, no shell, checked values
                [esbuild_program(), entry.source, *_COMMON, *entry.options, *defines],
                cwd=sources,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise BuildError(f"{esbuild_program()}: cannot be started: {error.strerror}") from error

    def result(self) -> Script:
        """Wait for the script. Raises BuildError with a line for every fault in the sources."""
        output, messages = self._process.communicate()
        if self._process.returncode:
            raise BuildError(*self._faults(messages.decode(errors="replace")))
        code, marker, source_map = output.partition(_INLINE_MAP)
        undefined = sorted(set(_UNDEFINED.findall(code.decode())))
        if undefined:
            where = self._sources / self._entry.source
            raise BuildError(f"{where}: the build defines no {', '.join(undefined)}")
        script = Script(code, self._tidied(source_map) if marker else None)
        return self._minified_again(script) if self._entry.is_client_s else script

    def _minified_again(self, script: Script) -> Script:
        is_module = "--format=esm" in self._entry.options
        source_map = (script.source_map or b"").decode()
        code, its_map = minified(
            script.code.decode(),
            source_map,
            is_module=is_module,
            is_es5=_ES5 in self._entry.options,
        )
        return Script(f"{code}\n".encode(), its_map.encode() or None)

    def _faults(self, messages: str) -> list[str]:
        faults = [
            f"{self._sources / (found['place'] or self._entry.source)}: {found['message']}"
            for found in _FAULT.finditer(messages)
        ]
        return faults or [
            f"{self._sources / self._entry.source}: esbuild failed: {messages.strip()}"
        ]

    @staticmethod
    def _tidied(encoded: bytes) -> bytes:
        """The source map with sources under `sdk/`, whichever folder they were read from."""
        source_map = json.loads(base64.b64decode(encoded))
        source_map["sources"] = [f"sdk/{source}" for source in source_map["sources"]]
        return json.dumps(source_map, separators=(",", ":"), ensure_ascii=False).encode()


def results(*bundlings: Bundling) -> Callable[[], list[Script]]:
    """Wait for the scripts of all while Python does something else; what is returned gives them.

    In order. It raises BuildError with the faults of all, each told once.
    """
    scripts: list[Script] = []
    faults: list[str] = []

    def wait() -> None:
        for bundling in bundlings:
            try:
                scripts.append(bundling.result())
            except BuildError as error:
                faults.extend(error.lines)

    waiting = Thread(target=wait, daemon=True)
    waiting.start()

    def give() -> list[Script]:
        waiting.join()
        if faults:
            raise BuildError(*dict.fromkeys(faults))
        return scripts

    return give


def esbuild_program() -> Path:
    """The native program of the npm package, found without starting Node."""
    for program in sorted(NODE_MODULES.glob("@esbuild/*/bin/esbuild")):
        if os.access(program, os.X_OK):
            return program
    raise BuildError("esbuild is not installed: run `make dist`, which sets it up")
