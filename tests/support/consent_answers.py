"""Answers of consent APIs, well-formed and otherwise, and what the tag makes of each.

The APIs are stand-ins, as no platform of sense gives such answers. The build obeys all three, and
those that are not tried refuse, so that nothing is sent whatever the tried one says.
"""

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.browsers.visitor import Visitor
from tests.support.consent import ADS, Api
from tests.support.site import Site
from tests.support.tag import Tag

Answer = dict[str, Any]

GRANTED: Answer = {
    "gdprApplies": True,
    "cmpStatus": "loaded",
    "eventStatus": "tcloaded",
    "tcString": "CQ",
    "purposeOneTreatment": False,
    "purpose": {
        "consents": {str(number): True for number in (1, *ADS, 8)},
        "legitimateInterests": {},
    },
    "vendor": {
        "consents": {"755": True},
        "legitimateInterests": {},
        "disclosedVendors": {"755": True},
    },
    "publisher": {"restrictions": {"7": {"755": 1}}},
}
"""All that TCF can permit, by consent."""

NATIONAL: Answer = {
    "Version": 1,
    "SaleOptOutNotice": 1,
    "SharingOptOutNotice": 1,
    "TargetedAdvertisingOptOutNotice": 1,
    "SaleOptOut": 2,
    "SharingOptOut": 2,
    "TargetedAdvertisingOptOut": 2,
    "KnownChildSensitiveDataConsents": [0, 0],
    "PersonalDataConsents": 0,
    "MspaCoveredTransaction": 2,
    "MspaServiceProviderMode": 2,
    "Gpc": False,
}
SOLD_ALL: Answer = {
    "eventName": "signalStatus",
    "pingData": {
        "cmpStatus": "loaded",
        "cmpDisplayStatus": "hidden",
        "signalStatus": "ready",
        "applicableSections": [7],
        "gppString": "DBABLA~BVQqAAAAAAJY.QA",
        "parsedSections": {"usnat": NATIONAL},
    },
}
"""A section of GPP in which nobody has opted out of anything."""

NOT_SOLD: Answer = {"version": 1, "uspString": "1YNN"}

WELL_FORMED: dict[Api, Answer] = {"tcf": GRANTED, "gpp": SOLD_ALL, "usp": NOT_SOLD}
NAMES: dict[Api, str] = {"tcf": "__tcfapi", "gpp": "__gpp", "usp": "__uspapi"}
REFUSING: dict[Api, str] = {
    "tcf": "[{ gdprApplies: true, eventStatus: 'tcloaded' }, true]",
    "gpp": "[{ pingData: { signalStatus: 'ready', applicableSections: [5] } }, true]",
    "usp": "[{ version: 1, uspString: '1YYN' }, true]",
}
ALL_APIS = {"privacy.consent": ["tcf", "gpp", "usp"]}

TELL = """async (api, given, answers) => {
  const read = async () => {
    const { rules } = await new Promise((resolve) => azalead("explain", resolve));
    const { measure, identify, tailor } = rules.find(({ rule }) => rule === api);
    return tailor ? "all" : identify ? "all but ads" : measure ? "measure" : "nothing";
  };
  const heard = [];
  for (const answer of answers) {
    calls[api](given, true);
    const before = await read();
    const [value, success] = (0, eval)(`(${answer})`);
    try { calls[api](value, success); } catch { heard.push("threw"); continue; }
    heard.push([before, await read()]);
  }
  return heard;
}"""
"""Gives each answer after one that permits all; what the API's rule permits before and after."""


def open_page(visitor: Visitor, site: Site, tag: Tag, tried: Api) -> None:
    """A page with stand-ins for all APIs, of which one waits to be told what to answer."""
    scripts = ["window.calls = {};"]
    for api, name in NAMES.items():
        answer = "" if api == tried else f"calls.{api}(...{REFUSING[api]});"
        scripts.append(f"""window.{name} = (command, first, second) => {{
          calls.{api} = typeof first === "function" ? first : second;
          {answer}
        }};""")
    visitor.open(site.page("/", title="A", tag=tag, head=f"<script>{''.join(scripts)}</script>"))
    visitor.wait_until(f"calls.{tried}")


def hear(visitor: Visitor, api: Api, answers: Iterable[str]) -> list[str]:
    """What each answer, in JavaScript as `[value, success]`, leaves of all."""
    told = visitor.evaluate(TELL, api, WELL_FORMED[api], list(answers))
    assert "threw" not in told
    assert {before for before, _ in told} == {"all"}
    return [after for _, after in told]


def written(value: object, success: object = True) -> str:  # noqa: FBT002 - as an API gives it
    """An answer of JSON as `hear` takes it."""
    return json.dumps([value, success])


_ODD: list[Any] = [
    *(
        None,
        True,
        False,
        "true",
        "false",
        "",
        "1",
        "2",
        "0",
        "yes",
        "Y",
        "1YNN",
        "1YYN",
        "1---",
    ),
    *(0, 1, 2, 3, -1, 0.5, 1e21, [], [0], [1], [2], [True] * 12, [-1], [-1, 7], ["7"], [7, 7]),
    *([7, 8], [2], [5], [0, 7], [99], {}, {"8": True}, {"1": 1, "8": "true"}, {"755": 2}),
    *({"usnat": {}}, {"usnat": [{"SaleOptOut": 2}]}, {"usca": {"SaleOptOut": 1}}),
    *("tcloaded", "cmpuishown", "useractioncomplete", "ready", "not ready", "loaded", "error"),
]
ODD = st.sampled_from(_ODD)


def _places(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return []
    own = [(*path, name) for name in value]
    return own + [place for name in value for place in _places(value[name], (*path, name))]


@st.composite
def changed(draw: Callable[..., Any], answer: Answer) -> Answer:
    """An answer of which up to three parts are missing, or something odd."""
    made = deepcopy(answer)
    for path in draw(st.lists(st.sampled_from(_places(answer)), min_size=1, max_size=3)):
        parent: Any = made
        for name in path[:-1]:
            parent = parent.get(name) if isinstance(parent, dict) else None
        if not isinstance(parent, dict):
            continue
        if draw(st.booleans()):
            parent.pop(path[-1], None)
        else:
            parent[path[-1]] = draw(ODD)
    return made


def generated(answer: Answer, count: int) -> list[Answer]:
    """That many changed answers, the same on each run."""
    made: list[Answer] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(changed(answer))
    def collect(one: Answer) -> None:
        made.append(one)

    collect()
    return made
