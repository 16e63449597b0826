"""The fixture server's own cost, a quick share of what `python -m tests.server_rate` measures."""

from tests.server_rate import LEAST_SHARE, share

ROOM = 0.75
"""What a busy machine may take off so short a measurement."""


def test_a_beacon_costs_little_more_than_an_empty_handler_and_none_is_lost() -> None:
    assert share(6, 200).work > LEAST_SHARE * ROOM
