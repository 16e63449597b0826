"""AdChoices Signal in the page: asked for by message, of this page alone, and read to the bit."""

from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fixtures.ad_decision import PARTICIPANT
from fixtures.adchoices_signal import LIMIT, MalformedSignalError, decode
from tests.browsers.visitor import Visitor
from tests.conftest import NewSite
from tests.support.adchoices import (
    FREE,
    HEAD,
    extension,
    signal_of,
    tell,
    wait_for_signal,
    wait_until_asked,
)
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.test_adchoices_signal import (
    GLOBAL_LIMIT,
    THREE_PARTICIPANTS,
    bits_of,
    packed,
    signals,
)
from tests.test_decision import ALL, EXPLAIN, NO_ADS, permits

MANY = 80
"""Signals that are tried on one page."""


@pytest.fixture
def hearing(build_tag: TagBuilder) -> Tag:
    """A tag that hears the signal, of a company that is no participant."""
    return build_tag({"adchoices.signal": True})


@pytest.fixture
def participating(build_tag: TagBuilder) -> Tag:
    """A tag that hears the signal, of a participant."""
    return build_tag({"adchoices.signal": True, "adchoices.participant": PARTICIPANT})


def expected(text: str, participant: int) -> dict[str, bool] | None:
    """What a signal permits a participant, or nobody in particular; None where it is none."""
    try:
        signal = decode(text)
    except MalformedSignalError:
        return None
    limited = signal.limits(participant) if participant else signal.status == LIMIT
    return NO_ADS if limited else ALL


def test_an_extension_is_asked_at_once_and_again_when_it_comes_later(
    visitor: Visitor, site: Site, arrivals: Arrivals, hearing: Tag
) -> None:
    """A tag that is loaded beside the page is seldom there to hear that an extension is."""
    visitor.open(site.page("/", title="A", tag=hearing, head=extension("")))
    arrivals.view()
    wait_until_asked(visitor)
    late = f"void (window.signal = '{GLOBAL_LIMIT}', postMessage({{type: 'ExtensionLoaded'}}, '*'))"
    visitor.evaluate(late)
    wait_for_signal(visitor, GLOBAL_LIMIT)
    assert visitor.evaluate("window.asked") == 1


def test_the_published_signals_are_heard(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    for participant, limited in {0: False, 1: True, 2: False, 3: True, 4: False}.items():
        tag = build_tag({"adchoices.signal": True, "adchoices.participant": participant})
        visitor.open(site.page(f"/{participant}", title=str(participant), tag=tag))
        arrivals.view(title=str(participant))
        three, everybody = tell(visitor, THREE_PARTICIPANTS, GLOBAL_LIMIT)
        assert permits(three) == (NO_ADS if limited else ALL), participant
        assert permits(everybody) == NO_ADS
        assert three["signals"]["adchoices"] == THREE_PARTICIPANTS


def generated(strategy: st.SearchStrategy[str], count: int = MANY) -> list[str]:
    """That many texts, the same on each run."""
    texts: list[str] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(strategy)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return texts


def with_ours(draw: Callable[..., Any]) -> str:
    """A signal in whose records our own number is not rare."""
    signal = draw(signals)
    numbers = st.sampled_from([PARTICIPANT, PARTICIPANT + 1, 0, 1, 7, 0x760, 4095])
    records = st.lists(st.tuples(numbers, st.sampled_from([0, 1, 2])), max_size=9)
    bits = bits_of(signal)[:42]
    for _ in range(2):
        section = draw(records)
        bits += f"{len(section):012b}"
        bits += "".join(f"{number:012b}{status:04b}" for number, status in section)
    return packed(bits, draw(st.sampled_from("01")))


WRITTEN = st.one_of(signals.map(lambda signal: packed(bits_of(signal))), st.composite(with_ours)())


@pytest.mark.parametrize("participant", [0, PARTICIPANT])
def test_every_signal_is_read_as_it_was_written(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, participant: int
) -> None:
    """As the ad server reads it."""
    tag = build_tag({"adchoices.signal": True, "adchoices.participant": participant})
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view()
    texts = generated(WRITTEN)
    told = tell(visitor, *texts)
    for text, explanation in zip(texts, told, strict=True):
        assert explanation["signals"]["adchoices"] == text
        assert permits(explanation) == expected(text, participant), text
    kinds = [permits(explanation) for explanation in told]
    assert min(kinds.count(ALL), kinds.count(NO_ADS)) > MANY / 10


def test_of_two_statuses_that_differ_the_one_that_limits_counts(
    visitor: Visitor, site: Site, arrivals: Arrivals, participating: Tag
) -> None:
    """Our own limit overrides a status for all; but no own status lifts a limit for all.

    By the specification there is no record beside such a limit, "since the global status applies".
    """
    visitor.open(site.page("/", title="A", tag=participating))
    arrivals.view()
    ours, others = PARTICIPANT, PARTICIPANT + 1
    limiting = [
        signal_of((ours, 0)),
        signal_of((ours, 0), everybody=1),
        signal_of((others, 1), (ours, 0), (others, 1), everybody=1),
        signal_of((ours, 1), (ours, 0)),
        signal_of((ours, 1), everybody=0),
        signal_of((others, 1), everybody=0),
        signal_of((ours, 3), everybody=1),
        signal_of((ours, 15), everybody=1),
    ]
    free = [
        signal_of((ours, 1)),
        signal_of((ours, 2), everybody=1),
        signal_of((others, 0)),
        signal_of((others, 0), everybody=1),
    ]
    told = [permits(each) for each in tell(visitor, *limiting, *free)]
    assert told == [NO_ADS] * len(limiting) + [ALL] * len(free)


CUT = [GLOBAL_LIMIT[:length] for length in range(len(GLOBAL_LIMIT))] + [
    THREE_PARTICIPANTS[:length] for length in range(len(THREE_PARTICIPANTS) - 1)
]
JUNK: list[object] = [
    *CUT,
    f"{GLOBAL_LIMIT}=",
    f" {GLOBAL_LIMIT}",
    f"{GLOBAL_LIMIT}\n",
    f"{GLOBAL_LIMIT}AA",
    f"{GLOBAL_LIMIT}AAAA",
    GLOBAL_LIMIT.replace("W", "+"),
    GLOBAL_LIMIT.replace("W", "/"),
    GLOBAL_LIMIT.replace("W", "é"),
    packed(f"{2:06b}{0:060b}"),
    packed(f"{0:06b}{0:060b}"),
    packed(f"{33:06b}{0:060b}"),
    packed(f"{HEAD}{3:04b}{0:024b}"),
    packed(f"{HEAD}{15:04b}{0:024b}"),
    packed(f"{HEAD}{0:04b}{4095:012b}{0:012b}"),
    packed(f"{HEAD}{0:04b}{0:012b}{4095:012b}"),
    packed(f"{HEAD}{0:04b}{4095:012b}{0:0800b}"),
    "B" * 100_000,
    "A",
    "constructor",
    "null",
    None,
    0,
    1e21,
    True,
    [],
    {},
    [GLOBAL_LIMIT],
    {"length": 12, "0": "B"},
    {"replace": GLOBAL_LIMIT},
]


def test_what_is_no_signal_limits_ads_and_harms_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, participating: Tag
) -> None:
    """Before a signal came and after; the last one shows that signals are still heard."""
    visitor.open(site.page("/", title="A", tag=participating))
    arrivals.view()
    texts = [each for each in JUNK if isinstance(each, str)]
    assert [expected(text, PARTICIPANT) for text in texts] == [None] * len(texts)
    told = tell(visitor, *JUNK, FREE, *JUNK, FREE)
    heard = [each["signals"]["adchoices"] for each in told]
    assert heard == [*[None] * len(JUNK), *[FREE] * (len(JUNK) + 2)]
    limited = [NO_ADS] * len(JUNK)
    assert [permits(each) for each in told] == [*limited, ALL, *limited, ALL]
    assert not visitor.problems()


def test_any_text_is_a_signal_to_the_tag_if_it_is_one_to_the_ad_server(
    visitor: Visitor, site: Site, arrivals: Arrivals, participating: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=participating))
    arrivals.view()
    changed = st.tuples(
        WRITTEN, st.integers(0, 40), st.sampled_from(["", "A", "B", "_", "-", "+", "=", "AA"])
    ).map(lambda given: given[0][: given[1]] + given[2] + given[0][given[1] + 1 :])
    texts = generated(changed | st.text("ABQgw_-", min_size=1, max_size=30))
    # Statuses of others are not the tag's business, so one that is none is none of its.
    texts = [text for text in texts if not names_strange_status(text)]
    latest: str | None = None
    for text, told in zip(texts, tell(visitor, *texts), strict=True):
        latest = text if expected(text, PARTICIPANT) else latest
        assert told["signals"]["adchoices"] == latest, text
    assert latest


def names_strange_status(text: str) -> bool:
    """Whether all that is wrong with a signal is a status that nobody knows."""
    try:
        decode(text)
    except MalformedSignalError as error:
        return "no status" in str(error)
    return False


FORGE = f"""<script>
  parent.postMessage({{ type: "ExtensionLoaded" }}, "*");
  parent.postMessage({{ type: "AdPreferences", data: "{GLOBAL_LIMIT}" }}, "*");
  parent.postMessage("forged", "*");
</script>"""


def test_another_window_is_no_extension(
    visitor: Visitor, site: Site, new_site: NewSite, arrivals: Arrivals, hearing: Tag
) -> None:
    """Be it of the same origin or another; the twin is the same message, posted by the page."""
    other = new_site().page("/forge", title="Another", head=FORGE)
    frames = [f'<iframe srcdoc="{escape(FORGE)}"></iframe>', f'<iframe src="{other}"></iframe>']
    watch = """<script>
      addEventListener("message", ({ data }) => {
        if (data === "forged") window.forged = (window.forged || 0) + 1;
      });
    </script>"""
    for number, frame in enumerate(frames):
        head = extension("") + watch
        button = f"""<template>{frame}</template><button id="forge" onclick="
          document.body.append(document.querySelector('template').content)">Forge</button>"""
        url = site.page(f"/{number}", title=str(number), tag=hearing, head=head, body=button)
        visitor.open(url)
        arrivals.view(title=str(number))
        wait_until_asked(visitor)
        visitor.click("#forge")
        visitor.wait_until("window.forged === 1")
        explanation = visitor.evaluate(EXPLAIN)
        assert (explanation["signals"]["adchoices"], explanation["rule"]) == (None, "default")
        assert visitor.evaluate("window.asked") == 0
        assert tell(visitor, GLOBAL_LIMIT)[0]["rule"] == "adchoices"
