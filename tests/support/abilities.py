"""What not every driver can do to a browser."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browsers.visitor import CannotDoError


@contextmanager
def skipped_if_impossible() -> Iterator[None]:
    """Do what is in the block, or skip the test, for the reason that the driver gives."""
    try:
        yield
    except CannotDoError as error:
        pytest.skip(str(error))
