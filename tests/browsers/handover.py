"""A tab that one visitor hands on to the next: a new one costs more than most tests do in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from tests.browsers.preferences import Mode


class Guest(Protocol):
    """A visitor, as far as a tab's changing hands is concerned; see `Visitor`."""

    def begin_anew(self) -> None:
        """Be a visitor who has never been anywhere, in the same tab."""

    def close(self) -> None:
        """Be gone, without keeping anything."""


AnyGuest = TypeVar("AnyGuest", bound=Guest)


class Handover(Generic[AnyGuest]):
    """Has one visitor at a time, and between two of one mode perhaps one that waits."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._mode: Mode = "default"
        self._waiting: AnyGuest | None = None

    @contextmanager
    def visitor(self, mode: Mode, make: Callable[[], AnyGuest]) -> Iterator[AnyGuest]:
        """The one that waits, if it has this mode, or a new one; closed unless it is handed on."""
        if mode != self._mode:
            self.close()
        self._mode = mode
        waiting, self._waiting = self._waiting, None
        guest = waiting or make()
        try:
            yield guest
        finally:
            if guest is not self._waiting:
                guest.close()

    def hand_on(self, guest: AnyGuest) -> None:
        """Let it be the next visitor, which it can."""
        guest.begin_anew()
        self._waiting = guest

    def close(self) -> None:
        """Close the one that waits."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            waiting.close()
