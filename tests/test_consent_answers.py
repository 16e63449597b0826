"""What a consent API does not say, says wrongly or says in an unknown form is a refusal."""

import json

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.consent import QUICK_TIMERS, Api
from tests.support.consent_answers import (
    ALL_APIS,
    GRANTED,
    NATIONAL,
    NOT_SOLD,
    SOLD_ALL,
    WELL_FORMED,
    Answer,
    generated,
    hear,
    open_page,
    written,
)
from tests.support.consent_model import gpp_permits, tcf_permits, usp_permits
from tests.support.site import Site
from tests.support.tag import TagBuilder

MANY = 250

FAILED = {
    "an error after a grant": "[null, false]",
    "an error with a grant": "[GIVEN, false]",
    "no word on success": "[GIVEN]",
    "success as text": "[GIVEN, 'true']",
    "success as a number": "[GIVEN, 1]",
    "nothing": "[undefined, true]",
    "null": "[null, true]",
    "text": "[JSON.stringify(GIVEN), true]",
    "a list": "[[GIVEN], true]",
    "a number": "[1, true]",
    "true": "[true, true]",
    "a function": "[Object.assign(() => 1, {}), true]",
    "what throws": "[new Proxy({}, { get() { throw new Error('not this') } }), true]",
    "an empty table": "[{}, true]",
}
"""Answers that are none, of any API."""

TCF_REFUSED = {
    "law unknown": "gdprApplies: undefined",
    "law null": "gdprApplies: null",
    "law as text": "gdprApplies: 'false'",
    "law as a number": "gdprApplies: 0",
    "law as a number, true": "gdprApplies: 1",
    "law as an object": "gdprApplies: new Boolean(false)",
    "no status of the event": "eventStatus: undefined",
    "unknown status of the event": "eventStatus: 'tcloadedtoo'",
    "listed status of the event": "eventStatus: ['tcloaded']",
    "error": "cmpStatus: 'error'",
    "error outside the law": "gdprApplies: false, cmpStatus: 'error'",
    "unknown status": "cmpStatus: 'ok'",
    "unknown event outside the law": "gdprApplies: false, eventStatus: 'gone'",
    "empty record": "tcString: ''",
    "record as a number": "tcString: 7",
    "null record": "tcString: null",
    "no purposes": "purpose: undefined",
    "null purposes": "purpose: null",
    "no table of consents": "purpose: { legitimateInterests: {} }",
    "consents as text": "purpose: { consents: '11111111', legitimateInterests: {} }",
    "consents as a list": """purpose: {
        consents: Array(12).fill(true), legitimateInterests: Array(12).fill(true) }""",
    "consents as numbers": """purpose: {
        consents: { 1: 1, 2: 1, 3: 1, 4: 1, 7: 1, 8: 1 }, legitimateInterests: {} }""",
    "consents as texts": """purpose: {
        consents: { 1: 'true', 8: 'true' }, legitimateInterests: { 8: 'true' } }""",
    "consents as a map": "purpose: { consents: new Map([[8, true]]), legitimateInterests: {} }",
    "all else is granted": """purpose: {
        consents: { ...GIVEN.purpose.consents, 8: undefined }, legitimateInterests: {} }""",
}
OF_VENDORS = {
    "no tables of vendors": "vendor: undefined",
    "no table of vendors": "vendor: { disclosedVendors: { 755: true } }",
    "vendors as a list": "vendor: { consents: Array(999).fill(true), disclosedVendors: {} }",
    "vendor as text": "vendor: { consents: { 755: 'true' }, disclosedVendors: { 755: true } }",
    "none disclosed": "vendor: { consents: { 755: true }, legitimateInterests: {} }",
    "others disclosed": "vendor: { consents: { 755: true }, disclosedVendors: { 754: true } }",
    "no publisher": "publisher: undefined",
    "no restrictions": "publisher: {}",
    "restrictions as text": "publisher: { restrictions: '8' }",
    "restrictions as a list": "publisher: { restrictions: [] }",
    "a restriction as text": "publisher: { restrictions: { 8: 'consent' } }",
    "a restriction of a kind unknown": "publisher: { restrictions: { 8: { 755: 3 } } }",
    "a restriction's kind as text": "publisher: { restrictions: { 8: { 755: '1' } } }",
    "a restriction's kind null": "publisher: { restrictions: { 8: { 755: null } } }",
    "not allowed": "publisher: { restrictions: { 8: { 755: 0 } } }",
}
NOT_STORED = {
    "purpose one treated apart": "purposeOneTreatment: true",
    "purpose one treated apart, as text": "purposeOneTreatment: 'yes'",
    "purpose one as a number": """purpose: {
        consents: { ...GIVEN.purpose.consents, 1: 1 }, legitimateInterests: {} }""",
}

GPP_REFUSED = {
    "only the string": "parsedSections: undefined",
    "sections null": "parsedSections: null",
    "no section": "parsedSections: {}",
    "sections as text": "parsedSections: 'usnat'",
    "sections as a list": "parsedSections: [NATIONAL]",
    "a section null": "parsedSections: { usnat: null }",
    "a section as text": "parsedSections: { usnat: 'BVQqAAAAAAJY.QA' }",
    "a section as true": "parsedSections: { usnat: true }",
    "an empty section": "parsedSections: { usnat: {} }",
    "an empty list of segments": "parsedSections: { usnat: [] }",
    "another section": "parsedSections: { usca: NATIONAL }",
    "one of two is parsed": "applicableSections: [7, 8]",
    "no list of what applies": "applicableSections: undefined",
    "what applies is null": "applicableSections: null",
    "nothing applies, nor none": "applicableSections: []",
    "section 0": "applicableSections: [0]",
    "none, as a number": "applicableSections: -1",
    "none, as text": "applicableSections: '-1'",
    "none, as text in a list": "applicableSections: ['-1']",
    "none and one": "applicableSections: [-1, 7]",
    "none twice": "applicableSections: [-1, -1]",
    "one as text": "applicableSections: ['7']",
    "one as a number": "applicableSections: 7",
    "a header": "applicableSections: [3, 7]",
    "a section of the future": "applicableSections: [28]",
    "a fraction": "applicableSections: [7.5]",
    "a list in the list": "applicableSections: [[7]]",
    "ready in other letters": "signalStatus: 'Ready'",
    "no status": "signalStatus: undefined",
    "status true": "signalStatus: true",
    "error": "cmpStatus: 'error'",
    "unknown status": "cmpStatus: 7",
    "opted out in one that does not apply": """parsedSections: {
        usnat: NATIONAL, usva: { SaleOptOut: 1 } }""",
    "inherited fields": "parsedSections: { usnat: Object.create(NATIONAL) }",
    "inherited sections": """parsedSections: Object.create({
        usnat: { ...NATIONAL, SaleOptOut: 1 } })""",
    "opted out in the second segment": """parsedSections: {
        usnat: [NATIONAL, { Gpc: false, SaleOptOut: 1 }] }""",
    "Gpc in a segment": "parsedSections: { usnat: [NATIONAL, { GpcSegmentType: 1, Gpc: true }] }",
}
FIELDS_REFUSED: list[tuple[str, str]] = [
    (field, value)
    for field in ("SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut")
    for value in ("1", "undefined", "null", "'2'", "true", "false", "3", "-1", "[2]", "{}", "NaN")
] + [
    *(("Gpc", value) for value in ("true", "1", "'false'", "null", "undefined", "2", "[]")),
    *(("SaleOptOutNotice", value) for value in ("2", "'1'", "null", "true")),
    *(("MspaServiceProviderMode", value) for value in ("1", "true", "'2'")),
    *(("MspaMode", value) for value in ("2", "true")),
    *(("KnownChildSensitiveDataConsents", value) for value in ("1", "[0, 1]", "['0']", "null")),
    *(("PersonalDataConsents", value) for value in ("1", "true", "null")),
    *(("AdditionalDataProcessingConsent", value) for value in ("1", "'2'")),
    *(("ProcessingNotice", value) for value in ("2", "undefined")),
    *(("ProfilingOptOut", value) for value in ("1", "'no'")),
]

USP_REFUSED = {
    "null": "uspString: null",
    "none": "uspString: undefined",
    "as a list": "uspString: ['1YNN']",
    "as an object": "uspString: new String('1YNN')",
    "as a number": "uspString: 1",
    "another version": "version: 2, uspString: '2YNN'",
    "another version of the answer": "version: 2",
    "version as text": "version: '1'",
    "version null": "version: null",
    "of another version": "uspString: '2YNN'",
    "a dash for the sale": "uspString: '1Y-N'",
    "a dash before a dash": "uspString: '1-N'",
    "lower case, opted out": "uspString: '1yyn'",
    "longer": "uspString: '1YNNN'",
    "with a blank": "uspString: ' 1YNN'",
    "with a line": "uspString: '1YNN\\n'",
    "empty": "uspString: ''",
}


def within(api: Api, change: str) -> str:
    """An answer that is well-formed but for a change, in JavaScript."""
    given = json.dumps(WELL_FORMED[api])
    scope = f"const GIVEN = {given}, NATIONAL = {json.dumps(NATIONAL)};"
    if change.startswith("["):
        return f"(() => {{ {scope} return {change}; }})()"
    inner = f"pingData: {{ ...GIVEN.pingData, {change} }}" if api == "gpp" else change
    return f"(() => {{ {scope} return [{{ ...GIVEN, {inner} }}, true]; }})()"


def left_of(visitor: Visitor, api: Api, cases: dict[str, str]) -> dict[str, str]:
    """What each case leaves of all that a well-formed answer permitted."""
    return dict(
        zip(cases, hear(visitor, api, [within(api, each) for each in cases.values()]), strict=True)
    )


def test_tcf_that_is_not_well_formed_permits_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    open_page(visitor, site, build_tag(ALL_APIS), "tcf")
    cases = FAILED | TCF_REFUSED
    assert left_of(visitor, "tcf", cases) == dict.fromkeys(cases, "nothing")
    assert left_of(visitor, "tcf", NOT_STORED) == dict.fromkeys(NOT_STORED, "measure")
    assert not visitor.problems()
    assert arrivals.exchanges() == []


def test_tcf_that_does_not_speak_of_us_permits_a_listed_vendor_nothing(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    open_page(visitor, site, build_tag({**ALL_APIS, "privacy.vendor": 755}), "tcf")
    assert left_of(visitor, "tcf", OF_VENDORS) == dict.fromkeys(OF_VENDORS, "nothing")
    open_page(visitor, site, build_tag(ALL_APIS), "tcf")
    assert left_of(visitor, "tcf", OF_VENDORS) == dict.fromkeys(OF_VENDORS, "all"), "the twin"


def test_gpp_that_is_not_well_formed_takes_ads_away(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    open_page(visitor, site, build_tag(ALL_APIS), "gpp")
    cases = FAILED | GPP_REFUSED | {"an error": "[{ ...GIVEN, eventName: 'error' }, true]"}
    assert left_of(visitor, "gpp", cases) == dict.fromkeys(cases, "all but ads")
    assert not visitor.problems()


def test_a_field_of_gpp_that_is_not_well_formed_takes_ads_away(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    cases = {
        f"{field}: {value}": f"parsedSections: {{ usnat: {{ ...NATIONAL, {field}: {value} }} }}"
        for field, value in FIELDS_REFUSED
    }
    for field in ("SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"):
        rest = json.dumps({name: value for name, value in NATIONAL.items() if name != field})
        cases[f"without {field}"] = f"parsedSections: {{ usnat: {rest} }}"
    open_page(visitor, site, build_tag(ALL_APIS), "gpp")
    assert left_of(visitor, "gpp", cases) == dict.fromkeys(cases, "all but ads")


def test_usp_that_is_not_well_formed_takes_ads_away(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    open_page(visitor, site, build_tag(ALL_APIS), "usp")
    cases = FAILED | USP_REFUSED
    assert left_of(visitor, "usp", cases) == dict.fromkeys(cases, "all but ads")


STATES = {
    **dict(enumerate(["usva", "usco", "usut", "usct", "usfl", "usmt", "usor", "ustx"], 9)),
    **dict(enumerate(["usde", "usia", "usne", "usnh", "usnj", "ustn"], 17)),
    **dict(enumerate(["usmn", "usmd", "usin", "usky", "usri"], 23)),
}
"""By the IAB's table of sections; Europe's and Canada's are in test_consent_opt_outs.py."""


def test_what_is_well_formed_and_permits_is_read_as_permission(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    """The twins of all that is refused."""
    free = {
        "tcf": {
            "outside the law": "[{ gdprApplies: false }, true]",
            "outside, as platforms say it": "gdprApplies: false, purpose: undefined",
            "after an action": "eventStatus: 'useractioncomplete'",
            "without record": "tcString: undefined",
            "without status": "cmpStatus: undefined",
            "other purposes, odd": "specialFeatureOptins: 7, publisherCC: null",
        },
        "gpp": {
            "no section applies": "applicableSections: [-1], parsedSections: {}",
            "none, only the string": "applicableSections: [-1], parsedSections: undefined",
            "not applicable": "parsedSections: { usnat: { ...NATIONAL, SaleOptOut: 0 } }",
            "Gpc as a number": "parsedSections: { usnat: { ...NATIONAL, Gpc: 0 } }",
            "without notices": """parsedSections: {
                usnat: { SaleOptOut: 2, SharingOptOut: 2, TargetedAdvertisingOptOut: 2 } }""",
            "segments": "parsedSections: { usnat: [NATIONAL, { GpcSegmentType: 1, Gpc: false }] }",
            "a child's parent agrees": """parsedSections: {
                usnat: { ...NATIONAL, KnownChildSensitiveDataConsents: [0, 2] } }""",
            "California": """applicableSections: [8], parsedSections: {
                usca: { SaleOptOut: 2, SharingOptOut: 2 } }""",
            "USP": """applicableSections: [6], parsedSections: {
                uspv1: { Version: 1, Notice: 'Y', OptOutSale: 'N', LspaCovered: 'N' } }""",
            "Europe beside TCF": "applicableSections: [2, 7]",
            **{
                name: f"""applicableSections: [{number}], parsedSections: {{
                    {name}: {{ SaleOptOut: 2, TargetedAdvertisingOptOut: 2, MspaMode: 1 }} }}"""
                for number, name in STATES.items()
            },
        },
        "usp": {
            "no notice": "uspString: '1NNN'",
            "the law does not apply": "uspString: '1---'",
            "lower case": "uspString: '1ynn'",
            "without agreement": "uspString: '1YN-'",
            "without version": "version: undefined",
        },
    }
    for api in WELL_FORMED:
        open_page(visitor, site, build_tag(ALL_APIS), api)
        assert left_of(visitor, api, free[api]) == dict.fromkeys(free[api], "all"), api


def test_what_is_not_settled_yet_changes_nothing(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    waits: dict[Api, dict[str, str]] = {
        "tcf": {
            "dialog": "eventStatus: 'cmpuishown'",
            "stub": "cmpStatus: 'stub', eventStatus: undefined",
            "loading": "cmpStatus: 'loading', eventStatus: undefined",
        },
        "gpp": {
            "dialog": "signalStatus: 'not ready', cmpDisplayStatus: 'visible'",
            "not ready": "signalStatus: 'not ready'",
            "stub": "cmpStatus: 'stub'",
        },
    }
    for api, cases in waits.items():
        open_page(visitor, site, build_tag(ALL_APIS), api)
        assert left_of(visitor, api, cases) == dict.fromkeys(cases, "all")


@pytest.mark.parametrize("vendor", [0, 755])
def test_any_answer_of_tcf_permits_what_it_says_and_no_more(
    visitor: Visitor, site: Site, build_tag: TagBuilder, vendor: int
) -> None:
    answers = generated(GRANTED, MANY)
    open_page(visitor, site, build_tag({**ALL_APIS, "privacy.vendor": vendor}), "tcf")
    check(visitor, "tcf", answers, [tcf_permits(each, vendor) for each in answers])


def test_any_answer_of_gpp_permits_what_it_says_and_no_more(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    answers = generated(SOLD_ALL, MANY)
    open_page(visitor, site, build_tag(ALL_APIS), "gpp")
    check(visitor, "gpp", answers, [gpp_permits(each) for each in answers])


def test_any_answer_of_usp_permits_what_it_says_and_no_more(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    answers = generated(NOT_SOLD, MANY // 5)
    open_page(visitor, site, build_tag(ALL_APIS), "usp")
    check(visitor, "usp", answers, [usp_permits(each) for each in answers])


def check(visitor: Visitor, api: Api, answers: list[Answer], expected: list[str]) -> None:
    """What is heard is what the model says, of some that permit and some that do not."""
    heard = hear(visitor, api, [written(each) for each in answers])
    for answer, left, wanted in zip(answers, heard, expected, strict=True):
        assert left == wanted, json.dumps(answer)
    assert min(heard.count("all"), len(heard) - heard.count("all")) >= len(heard) / 20


@pytest.mark.claim("C14")
def test_gpp_that_tells_only_its_string_is_an_opt_out_at_the_wire(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    """With its twin, which tells the same with the section parsed."""
    tag = build_tag({"privacy.consent": ["gpp"]})
    parsed = SOLD_ALL["pingData"]["parsedSections"]
    for title, sections in (("gpp", None), ("default", parsed)):
        event = {**SOLD_ALL, "pingData": {**SOLD_ALL["pingData"], "parsedSections": sections}}
        if sections is None:
            del event["pingData"]["parsedSections"]
        script = f"window.__gpp = (command, answer) => answer({json.dumps(event)}, true)"
        head = f"{QUICK_TIMERS}<script>{script}</script>"
        visitor.open(site.page(f"/{title}", title=title, tag=tag, head=head))
        assert arrivals.view(title=title).beacon.rule == title
