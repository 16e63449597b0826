"""What build.py does: reads the command line, builds once or on every save, and reports."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn, TextIO

from builder import former, report
from builder.configuration import load
from builder.distribution import Distribution, assemble
from builder.errors import BuildError
from builder.publish import publish

SOURCES = Path(os.path.relpath(Path(__file__).parent.with_name("sdk")))  # short in messages
BUILT, OVER_BUDGET, NOT_BUILT, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143


class Options(argparse.Namespace):
    """The command line."""

    config: Path
    out: Path
    sources: Path
    watch: bool
    json: bool


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the command line in one line, as for everything else."""

    def error(self, message: str) -> NoReturn:
        """End with the message alone."""
        self.exit(NOT_BUILT, f"build.py: {message}\n")


def options() -> Options:
    """What the command line asks for."""
    parser = Parser(prog="build.py", description="Builds the tag.", allow_abbrev=False)
    parser.add_argument("config", nargs="?", type=Path, default=Path("tag.toml"), metavar="CONFIG")
    parser.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR")
    parser.add_argument("--sources", type=Path, default=SOURCES, metavar="DIR", help="default: sdk")
    parser.add_argument("--watch", action="store_true", help="build again whenever a file is saved")
    parser.add_argument("--json", action="store_true", help="report as one JSON object")
    return parser.parse_args(namespace=Options())


def build(config: Path, sources: Path, out: Path, *, is_trial: bool = False) -> Distribution:
    """Configuration -> bundle -> render -> measure -> `out`.

    `is_trial`: what is in `out` was built for a look only, so that no page can have pinned it.
    """
    distribution = assemble(load(config), sources, config.parent)
    write(distribution, out, is_trial=is_trial)
    return distribution


def write(distribution: Distribution, out: Path, *, is_trial: bool = False) -> None:
    """Publish all files in `out`. Raises BuildError where that holds another site's tag."""
    published: dict[str, bytes] = {}
    for file in [*distribution.files, distribution.manifest()]:
        published |= file.published()
    tag = distribution.configuration.tag
    published |= former.scripts(out, tag.site, published, tag.keep_builds, is_trial=is_trial)
    publish(published, out)


def run(asked: Options, *, is_trial: bool = False) -> int:
    """Build once and report; the exit code says how it went."""
    start = time.perf_counter()
    try:
        distribution = build(asked.config, asked.sources, asked.out, is_trial=is_trial)
    except BuildError as error:
        if asked.json:
            tell([report.errors_as_json(error.lines, asked.out)], sys.stdout)
        tell(error.lines, sys.stderr)
        return NOT_BUILT
    milliseconds = (time.perf_counter() - start) * 1000
    if asked.json:
        told = report.as_json(distribution, asked.out)
    elif asked.watch:
        told = report.in_one_line(distribution, asked.out, milliseconds)
    else:
        told = report.as_table(distribution, asked.out, milliseconds)
    tell([told], sys.stdout)
    tell(report.over_budget(distribution), sys.stderr)
    return OVER_BUDGET if distribution.over_budget else BUILT


class _Watched:
    """Builds for a watch: only what was there before it may have been pinned by a page."""

    def __init__(self, asked: Options) -> None:
        """Begin with whatever build is there."""
        self._asked = asked
        self._has_built = False

    def __call__(self) -> int:
        """Build once more."""
        status = run(self._asked, is_trial=self._has_built)
        self._has_built = self._has_built or status != NOT_BUILT
        return status


def tell(lines: Iterable[str], stream: TextIO) -> None:
    """Write lines at once, so that whoever watches the build sees them."""
    stream.writelines(f"{line}\n" for line in lines)
    stream.flush()


def main() -> int:
    """Do what the command line asks for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    asked = options()
    try:
        if not asked.watch:
            return run(asked)
        from builder.watch import watch  # noqa: PLC0415 - watchfiles is costly to import

        watch(asked.config, asked.sources, _Watched(asked))
    except BuildError as error:
        tell(error.lines, sys.stderr)
        return NOT_BUILT
    except KeyboardInterrupt:
        return INTERRUPTED
