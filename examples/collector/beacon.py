"""A beacon's body as reports, one for each page that it tells of, or a reason why it is none.

Everything here comes from outside, so what would break a database ends here.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any, cast

Json = dict[str, Any]

LARGEST_INTEGER = 2**53 - 1
"""What JavaScript can tell exactly; far above it a database refuses the row."""

LONGEST_PAGE_ID = 64
"""PostgreSQL refuses a row whose key is too long for its index."""

_IDENTIFIER_FORBIDDEN_BY = ("optout", "dnt")
"""The rules under which the tag tells no identifier. A collector that sets the cookie must know."""


class NoBeaconError(ValueError):
    """A body that is no beacon; the message says why."""


@dataclass(slots=True)
class Report:
    """What one beacon told of one page."""

    site: str
    visitor: str | None
    rule: str
    signals: Json
    organization: str | None
    page: Json
    events: list[Json]

    latest: int = field(init=False, default=0)
    """The highest `seq`: the later of two reports knows the page's address and title."""
    navigation: str | None = field(init=False, default=None)
    """How the visitor came here, where the view is among these events."""
    dwell: Json | None = field(init=False, default=None)
    """The latest dwell of these events."""
    forgets: bool = field(init=False, default=False)
    """Whether the visitor asks to be forgotten."""
    others: list[Json] = field(init=False, default_factory=list)
    """Clicks, custom events, and what a newer tag may tell."""

    def __post_init__(self) -> None:
        """Sort the events out, once for all who ask."""
        for event in self.events:
            seq, kind = event["seq"], event["type"]
            self.latest = max(self.latest, seq)
            if kind == "view":
                self.navigation = str(event.get("navigation"))
            elif kind == "dwell":
                if self.dwell is None or seq > self.dwell["seq"]:
                    self.dwell = event
            elif kind == "forget":
                self.forgets = True
            else:
                self.others.append(event)

    def as_told(self) -> Json:
        """For sinks that keep what was told as it is."""
        return {
            "site": self.site,
            "visitor": self.visitor,
            "rule": self.rule,
            "signals": self.signals,
            "organization": self.organization,
            "page": self.page,
            "events": self.events,
        }


def identifier_is_forbidden(document: Json) -> bool:
    """Whether the visitor may not be recognised, whatever cookie came along."""
    return bool(document["signals"].get("optout")) or document["rule"] in _IDENTIFIER_FORBIDDEN_BY


def parse(body: bytes | str) -> Json:
    """The JSON object of a body, checked as far as storing it depends on it.

    Fields that nobody knows are left alone: a newer tag may tell more.

    Raises:
        NoBeaconError: It is none.
    """
    try:
        document: Any = _DECODER.decode(body if isinstance(body, str) else body.decode())
    except (ValueError, RecursionError) as error:
        raise NoBeaconError(f"no JSON in UTF-8: {error}") from error
    _require(isinstance(document, dict) and document.get("v") == 1, 'an object with "v": 1')
    _require(isinstance(document.get("visitor"), str | None), '"visitor" as text or null')
    _require(isinstance(document.setdefault("signals", {}), dict), '"signals" as an object')
    for name in ("site", "rule"):
        _require(isinstance(document.setdefault(name, ""), str), f'"{name}" as text')
    previous = document.get("previous", [])
    _require(isinstance(previous, list), '"previous" as a list')
    for told in (document, *previous):
        _require(isinstance(told, dict), 'objects in "previous"')
        _check_page(told.get("page"))
        _check_events(told.get("events"))
    calls = document.get("calls", [])
    _require(
        isinstance(calls, list) and all(isinstance(call, dict) for call in calls),
        '"calls" as a list of objects',
    )
    return cast("Json", document)


def reports(document: Json, visitor: str | None, organization: str | None) -> list[Report]:
    """What a parsed beacon tells: of its page, and of each `previous` one as if it came alone."""
    shared = (document["site"], visitor, document["rule"], document["signals"], organization)
    return [
        Report(*shared, document["page"], document["events"] + _called(document)),
        *(Report(*shared, told["page"], told["events"]) for told in document.get("previous", [])),
    ]


def _called(document: Json) -> list[Json]:
    """The custom events among the calls that the stub passes on where the tag never came."""
    calls = document.get("calls")
    if not calls:
        return []
    first = max(event["seq"] for event in document["events"]) + 1
    about = {"type": "event", "at": document["page"]["at"]}
    return [
        {**about, "seq": seq, "name": str(call.get("1")), "properties": call.get("2") or {}}
        for seq, call in enumerate(calls, start=first)
        if call.get("0") == "event"
    ]


# Each beacon comes by here, so these are written without generators: twice as fast.
def _check_page(page: Any) -> None:  # noqa: ANN401 - any JSON
    _require(
        isinstance(page, dict)
        and isinstance(page.get("id"), str)
        and len(page["id"]) <= LONGEST_PAGE_ID
        and isinstance(page.get("url"), str)
        and isinstance(page.get("referrer", ""), str)
        and isinstance(page.get("title", ""), str)
        and _is_count(page.get("at")),
        '"page" with texts "id" (64 characters) and "url" and a whole number "at"',
    )


def _check_events(events: Any) -> None:  # noqa: ANN401 - any JSON
    _require(isinstance(events, list) and bool(events), '"events", not empty')
    for event in events:
        _require(
            isinstance(event, dict)
            and isinstance(event.get("type"), str)
            and _is_count(event.get("seq"))
            and _is_count(event.get("at", 0))
            and (event["type"] != "dwell" or _is_dwell(event)),
            'events with a text "type" and whole numbers "seq" and "at", a dwell with its times',
        )


def _is_dwell(event: Json) -> bool:
    scroll = event.get("scroll", 0)
    return (
        _is_count(event.get("visible"))
        and _is_count(event.get("engaged"))
        and isinstance(scroll, int | float)
        and 0 <= scroll <= 1
    )


def _is_count(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return type(value) is int and 0 <= value <= LARGEST_INTEGER


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - it reads as a sentence
    if not holds:
        raise NoBeaconError(f"a beacon has {what}")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    """A number as it came; JSON can write down 1e999, and no database takes what that becomes."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is beyond any number")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
