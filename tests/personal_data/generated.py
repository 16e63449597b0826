"""E-mail addresses that nobody thought of, each somewhere in a text, encoded in some way."""

from dataclasses import dataclass
from urllib.parse import quote, unquote

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

COUNT = 150

LETTERS = st.text(st.characters(categories=["L", "N"]), min_size=3, max_size=12)
INTERNATIONAL = st.builds("{}@{}.example".format, LETTERS, LETTERS)
ADDRESSES = st.one_of(st.emails(), INTERNATIONAL)
AROUND = st.sampled_from(
    ["{}", "user-{}", "mailto:{}", "a/{}/b", "<{}>", "{};v=1", "({}),x", "「{}」"]
)


@dataclass(frozen=True)
class Hidden:
    """An address and a text that has it in it."""

    address: str
    text: str
    """For a title, a property, an event's name."""
    encoded: str
    """For an address: the same, encoded never, once, twice or three times."""


def hidden_addresses() -> list[Hidden]:
    """The same ones on every run."""
    found: list[Hidden] = []

    @settings(
        max_examples=COUNT,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,  # a loaded machine is no failure
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(ADDRESSES, AROUND, st.integers(0, 3))
    def collect(address: str, around: str, times: int) -> None:
        text = encoded = around.format(address)
        for _ in range(times):
            encoded = quote(encoded, safe="")
        found.append(Hidden(address, text, encoded))

    collect()
    return found


def decoded(text: str) -> str:
    """A text with every encoding taken off, so that nothing hides in one."""
    while (inner := unquote(text)) != text:
        text = inner
    return text.casefold()
