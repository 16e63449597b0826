"""Which engine and mode a test runs in, and which tests should share a worker."""

from typing import cast

import pytest

from tests.browsers.discovery import Engine
from tests.browsers.preferences import MODES, Mode


def engine_of(item: pytest.Item) -> Engine | None:
    """The engine that a test uses, or None if it uses no browser."""
    return cast("Engine | None", _parameters(item).get("browser_name"))


def mode_of(item: pytest.Item) -> Mode:
    """The mode that a test asks for: by a parameter `mode`, by its marker, or the default.

    Raises:
        UsageError: There is no such mode.
    """
    marker = item.get_closest_marker("mode")
    mode = _parameters(item).get("mode", marker.args[0] if marker else "default")
    if mode not in MODES:
        raise pytest.UsageError(f"{item.nodeid}: no mode {mode!r}; there are {', '.join(MODES)}")
    return mode


def group(items: list[pytest.Item]) -> None:
    """Bring tests of one engine and mode together, so that a worker seldom starts a browser."""
    items.sort(key=lambda item: (engine_of(item) or "", mode_of(item)))


def _parameters(item: pytest.Item) -> dict[str, object]:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec else {}
