"""Builds again whenever a source, a template or the configuration is saved, until interrupted."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from watchfiles import Change, DefaultFilter
from watchfiles._rust_notify import RustNotify

from builder.errors import BuildError

_SETTLED_MS = 10  # how long nothing more must change: an editor saves in several steps
_LONGEST_WAIT_MS = 100
_FOREVER = 0


class Sources(DefaultFilter):
    """The files that a build reads; not what it writes, nor what editors leave beside them."""

    def __init__(self, config: Path, sources: Path) -> None:
        """Let `config` pass, and whatever is in `sources`."""
        super().__init__()
        self._config, self._sources = config, sources

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change is a reason to build."""
        changed = Path(path)
        ours = changed == self._config or changed.is_relative_to(self._sources)
        return ours and super().__call__(change, path)


def watch(config: Path, sources: Path, build: Callable[[], int]) -> NoReturn:
    """Build now and after every change, until KeyboardInterrupt.

    The folders are watched one by one, since the one that holds the configuration may hold
    anything else as well. Raises BuildError where there is no folder to watch.
    """
    config, sources = config.resolve(), sources.resolve()
    for folder in (config.parent, sources):
        if not folder.is_dir():
            raise BuildError(f"{folder}: there is no such folder to watch")
    is_source = Sources(config, sources)
    while True:
        folders = _folders(config, sources)
        # The notifier itself, not watchfiles.watch(), which starts to look only once the first
        # build is over and so misses what is saved meanwhile.
        with RustNotify(
            folders,
            debug=False,
            force_polling=False,
            poll_delay_ms=_LONGEST_WAIT_MS,
            recursive=False,
            ignore_permission_denied=False,
        ) as notifier:
            build()
            while folders == _folders(config, sources):
                changes = notifier.watch(_LONGEST_WAIT_MS, _SETTLED_MS, _FOREVER, None)
                if not isinstance(changes, set):
                    raise KeyboardInterrupt
                if any(is_source(Change(kind), path) for kind, path in changes):
                    build()


def _folders(config: Path, sources: Path) -> list[str]:
    below = [folder for folder in sources.rglob("*") if folder.is_dir()]
    return [str(folder) for folder in (config.parent, sources, *sorted(below))]
