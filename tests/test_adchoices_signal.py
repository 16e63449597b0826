"""The ad server reads AdChoices Signal v1 to the bit, and takes nothing else for one."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.adchoices_signal import ALLOW, LIMIT, MalformedSignalError, Signal, decode

GLOBAL_LIMIT = "BYVHiWQAAAAA"
"""Published by the DAA."""
THREE_PARTICIPANTS = "BYVHiWSADABAAIQAwABAZEA"
"""Published by the DAA."""

quick = settings(max_examples=50, deadline=None)  # a loaded machine is no failure
statuses = st.sampled_from([0, 1, 2])
pairs = st.lists(st.tuples(st.integers(0, 4095), statuses), max_size=20).map(tuple)
signals = st.builds(
    Signal,
    st.integers(0, 2**32 - 1).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    statuses,
    pairs,
    pairs,
)


def bits_of(signal: Signal, version: int = 1) -> str:
    """The signal's bits, without what fills up the last byte."""

    def of_pairs(pairs: tuple[tuple[int, int], ...]) -> str:
        return f"{len(pairs):012b}" + "".join(f"{one:012b}{other:04b}" for one, other in pairs)

    start = f"{version:06b}{int(signal.at.timestamp()):032b}{signal.status:04b}"
    return start + of_pairs(signal.participants) + of_pairs(signal.categories)


def packed(bits: str, pad: str = "0") -> str:
    """Bits as base64url without padding, the last byte filled up with `pad`."""
    whole = bits + pad * (-len(bits) % 8)
    content = bytes(int(whole[at : at + 8], 2) for at in range(0, len(whole), 8))
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_the_published_signals_are_read() -> None:
    first, second = decode(GLOBAL_LIMIT), decode(THREE_PARTICIPANTS)
    assert first.at == second.at
    assert (first.status, first.participants, first.categories) == (LIMIT, (), ())
    assert second.participants == ((1, 0), (2, 1), (3, 0))
    assert second.categories == ((25, 1),)
    assert [second.limits(number) for number in (1, 2, 3, 4)] == [True, False, True, False]
    assert all(first.limits(number) for number in (1, 2, 3, 4))


@quick
@given(signals, st.sampled_from("01"))
def test_every_signal_is_read_as_it_was_written(signal: Signal, pad: str) -> None:
    """Whatever the bits are that fill up the last byte."""
    assert decode(packed(bits_of(signal), pad)) == signal


@quick
@given(signals, st.integers(0, 63).filter(lambda version: version != 1))
def test_another_version_is_no_signal(signal: Signal, version: int) -> None:
    with pytest.raises(MalformedSignalError, match="version"):
        decode(packed(bits_of(signal, version)))


@quick
@given(signals, st.data())
def test_a_signal_that_was_cut_is_no_signal(signal: Signal, data: st.DataObject) -> None:
    whole = packed(bits_of(signal))
    cut = whole[: data.draw(st.integers(0, len(whole) - 2))]
    with pytest.raises(MalformedSignalError):
        decode(cut)


@quick
@given(signals)
def test_a_signal_that_goes_on_is_no_signal(signal: Signal) -> None:
    with pytest.raises(MalformedSignalError, match="goes on"):
        decode(packed(bits_of(signal) + "0" * 8))


@quick
@given(st.text() | st.text("ABCDwxyz0189-_", min_size=1) | st.binary().map(lambda raw: raw.hex()))
def test_any_text_is_a_signal_or_says_that_it_is_none(text: str) -> None:
    try:
        decode(text)
    except MalformedSignalError as error:
        assert str(error)  # noqa: PT017 - that it is no other exception is the test


@pytest.mark.parametrize(
    "text",
    ["", "B", f"{GLOBAL_LIMIT}=", f" {GLOBAL_LIMIT}", GLOBAL_LIMIT.replace("W", "+"), "BYVHiWw"],
)
def test_what_is_written_otherwise_is_no_signal(text: str) -> None:
    with pytest.raises(MalformedSignalError):
        decode(text)


def test_the_strictest_part_of_a_signal_counts() -> None:
    at = datetime.fromtimestamp(0, UTC)
    assert Signal(at, LIMIT, ((7, ALLOW),), ()).limits(7)
    assert Signal(at, ALLOW, ((7, ALLOW), (7, LIMIT)), ()).limits(7)
    assert not Signal(at, ALLOW, ((7, LIMIT),), ()).limits(8)
    assert Signal(at, ALLOW, (), ((25, LIMIT),)).limits_category(25)
    assert not Signal(at, LIMIT, (), ((25, ALLOW),)).limits_category(25)
