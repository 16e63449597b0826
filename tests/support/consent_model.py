"""What answers of consent APIs permit, written a second time and from the other side.

A model of the specifications in which permission has to be shown; the tag's readers must agree.
"""

from collections.abc import Mapping
from typing import Any

ALL, ALL_BUT_ADS, MEASURE, NOTHING = "all", "all but ads", "measure", "nothing"
UNCHANGED = ALL
"""The tests give each answer after one that permits all."""

_MISSING = object()
_SECTIONS = {7: "usnat", 8: "usca"}
_OPT_OUTS = {
    "usnat": {"SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"},
    "usca": {"SaleOptOut", "SharingOptOut"},
}


def _is(value: object, *wanted: object) -> bool:
    """Equal and of the same type, as `===` has it."""
    return any(type(value) is type(one) and value == one for one in wanted)


def _number(value: object, *wanted: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value in wanted


def tcf_permits(answer: Mapping[str, Any], vendor: int) -> str:
    """TCF, where any part of an answer may be of any shape."""
    status = answer.get("cmpStatus", "loaded")
    event, applies = answer.get("eventStatus", _MISSING), answer.get("gdprApplies")
    if _is(status, "loaded") and _is(event, "cmpuishown"):
        return UNCHANGED
    is_settled = _is(event, "tcloaded", "useractioncomplete")
    if not _is(status, "loaded") or not (is_settled or (event is _MISSING and applies is False)):
        return NOTHING
    if applies is False:
        return ALL
    record = answer.get("tcString", "given")
    if applies is not True or not isinstance(record, str) or not record:
        return NOTHING
    try:
        return _by_purpose(answer, vendor)
    except (KeyError, TypeError, AttributeError):  # one part that is malformed spoils the whole
        return NOTHING


def _by_purpose(answer: Mapping[str, Any], vendor: int) -> str:
    if not (
        _grants(answer, "consents", 8, vendor) or _grants(answer, "legitimateInterests", 8, vendor)
    ):
        return NOTHING
    is_apart = answer.get("purposeOneTreatment", False) is not False
    if is_apart or not _grants(answer, "consents", 1, vendor):
        return MEASURE
    has_ads = all(_grants(answer, "consents", number, vendor) for number in (2, 3, 4, 7))
    return ALL if has_ads else ALL_BUT_ADS


def _grants(answer: Mapping[str, Any], basis: str, number: int, vendor: int) -> bool:
    if answer["purpose"][basis].get(str(number)) is not True:
        return False
    if not vendor:
        return True
    restrictions = answer["publisher"]["restrictions"].get(str(number), {})
    restriction = restrictions.get(str(vendor), _MISSING)
    return (
        answer["vendor"][basis].get(str(vendor)) is True
        and answer["vendor"]["disclosedVendors"].get(str(vendor)) is True
        and (restriction is _MISSING or _number(restriction, 1 if basis == "consents" else 2))
    )


def gpp_permits(answer: Mapping[str, Any]) -> str:
    """GPP beside TCF, to which Europe's section is left."""
    ping = answer.get("pingData")
    if not isinstance(ping, dict) or _is(answer.get("eventName"), "error"):
        return ALL_BUT_ADS
    if not _is(ping.get("cmpStatus", "loaded"), "loaded"):
        return ALL_BUT_ADS
    status, applicable = ping.get("signalStatus"), ping.get("applicableSections")
    if _is(status, "not ready"):
        return UNCHANGED
    if applicable == [5]:
        return NOTHING
    if not _is(status, "ready") or not isinstance(applicable, list):
        return ALL_BUT_ADS
    return ALL if _is_free_of(applicable, ping.get("parsedSections")) else ALL_BUT_ADS


def _is_free_of(applicable: list[Any], sections: object) -> bool:
    if len(applicable) == 1 and _number(applicable[0], -1):
        return True
    if not applicable or not isinstance(sections, dict):
        return False
    told = all(
        _number(number, 2) or (_number(number, 7, 8) and _is_complete(_SECTIONS[number], sections))
        for number in applicable
    )
    return told and all(_is_free(section) for section in sections.values())


def _segments(section: object) -> list[Any]:
    return section if isinstance(section, list) else [section]


def _is_complete(name: str, sections: Mapping[str, Any]) -> bool:
    segments = _segments(sections.get(name))
    return all(isinstance(each, dict) for each in segments) and _OPT_OUTS[name] <= {
        field for each in segments for field in each
    }


def _is_free(section: object) -> bool:
    return all(
        isinstance(segment, dict) and all(_is_harmless(*field) for field in segment.items())
        for segment in _segments(section)
    )


def _is_harmless(field: str, value: object) -> bool:
    if field == "Gpc":
        return value is False or _number(value, 0)
    if field.endswith("OptOut") or field == "MspaServiceProviderMode":
        return _number(value, 0, 2)
    if field.endswith("Notice"):
        return _number(value, 0, 1)
    if field.endswith("Consents"):
        return all(_number(each, 0, 2) for each in _segments(value))
    return True


def usp_permits(answer: Mapping[str, Any]) -> str:
    """USP."""
    known = _number(answer.get("version", 1), 1)
    text = answer.get("uspString")
    return ALL if known and _is(text, "1YNN", "1---") else ALL_BUT_ADS
