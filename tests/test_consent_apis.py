"""Where a consent API is, and how it may behave: in a page around ours, or badly."""

import json
from html import escape

import pytest

from tests.browsers.visitor import Visitor
from tests.conftest import NewSite
from tests.support.arrivals import Arrivals
from tests.support.consent import (
    ACCEPTED,
    ADS,
    ANONYMOUS,
    ASKING,
    QUICK_TIMERS,
    REFUSED,
    SOLD,
    STORED,
    TIMERS_RAN_OUT,
    UNSOLD,
    Platforms,
    buttons,
    kind_of,
    nothing_after,
)
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder


@pytest.fixture
def tcf(build_tag: TagBuilder) -> Tag:
    """A tag that obeys TCF."""
    return build_tag({"privacy.consent": ["tcf"]})


def framed(outer: Site, address: str, head: str, body: str = "") -> str:
    """A page without tag that shows another site's page in a frame; returns its address."""
    frame = f'<iframe id="frame" src="{address}"></iframe>'
    return outer.page("/around", title="Around", head=head, body=body + frame)


def test_consent_of_the_page_around_counts_in_a_frame_of_another_site(
    visitor: Visitor, new_site: NewSite, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    outer, inner = new_site(), new_site()
    page = inner.page("/", title="Framed", tag=tcf)
    head = platforms.stub(outer) + platforms.platform(outer, "tcf", ASKING)
    visitor.open(framed(outer, page, head, buttons(accept=ACCEPTED)))
    assert arrivals.exchanges() == []
    visitor.click("#accept")
    assert arrivals.view(title="Framed").beacon.rule == "default"


def test_without_consent_of_the_page_around_a_frame_sends_nothing(
    visitor: Visitor, new_site: NewSite, arrivals: Arrivals, platforms: Platforms, tcf: Tag
) -> None:
    outer, inner = new_site(), new_site()
    page = inner.page("/", title="Framed", tag=tcf, head=QUICK_TIMERS)
    head = platforms.stub(outer) + platforms.platform(outer, "tcf", REFUSED)
    visitor.open(framed(outer, page, head))
    nothing_after(arrivals)


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("opted_out", [False, True])
def test_gpp_and_usp_are_reached_through_their_locator_frames(  # noqa: PLR0913 - two tables, and the world
    visitor: Visitor,
    new_site: NewSite,
    arrivals: Arrivals,
    platforms: Platforms,
    build_tag: TagBuilder,
    *,
    as_text: bool,
    opted_out: bool,
) -> None:
    outer, inner = new_site(), new_site()
    head = f"<script>answersAsText = {json.dumps(as_text)}</script>"
    head += platforms.platform(outer, "gpp", UNSOLD if opted_out else SOLD)
    head += platforms.platform(outer, "usp", {"usp": "1YNN"})
    tag = build_tag({"privacy.consent": ["gpp", "usp"]})
    page = inner.page("/", title="Framed", tag=tag)
    visitor.open(framed(outer, page, head, platforms.relay(outer)))
    assert arrivals.view(title="Framed").beacon.rule == ("gpp" if opted_out else "default")


TC_DATA = {
    "gdprApplies": True,
    "eventStatus": "tcloaded",
    "purpose": {
        "consents": {str(purpose): True for purpose in (1, *ADS, 8)},
        "legitimateInterests": {},
    },
}
GIVEN = json.dumps(TC_DATA)
MISBEHAVING = {
    "it throws": "() => { throw new Error('not today') }",
    "it is no function": "{}",
    "it fails": f"(c, v, answer) => answer({GIVEN}, false)",
    "it gives null": "(c, v, answer) => answer(null, true)",
    "it gives nothing": "(c, v, answer) => answer()",
    "it gives text": "(c, v, answer) => answer('tcloaded', true)",
    "it gives a number": "(c, v, answer) => answer(7, true)",
    "it has no status": "(c, v, answer) => answer({ gdprApplies: true }, true)",
    "it has no purposes": "(c, v, answer) => answer({ eventStatus: 'tcloaded' }, true)",
    "it has strange purposes": f"""(c, v, answer) =>
      answer({{ ...{GIVEN}, purpose: {{ consents: 'all', legitimateInterests: [] }} }}, true)""",
    "it throws when it is read": """(c, v, answer) =>
      answer({ get gdprApplies() { throw new Error('nor this') } }, true)""",
    "it writes numbers for truth": f"""(c, v, answer) =>
      answer({{ ...{GIVEN}, purpose: {{ consents: {{ 1: 'no', 8: 'no' }} }} }}, true)""",
}
"""TCF APIs that give no consent, whatever they think they do."""

BEHAVING = {
    "at once and twice": f"""(c, v, answer) =>
      {{ answer({GIVEN}, true); answer({GIVEN}, true); }}""",
    "later": f"(c, v, answer) => setTimeout(() => answer({GIVEN}, true))",
    "at the second call": f"""(c, v, answer) =>
      {{ if (!window.called) {{ window.called = true; throw new Error('soon') }}
         answer({GIVEN}, true); }}""",
    "after a failure": f"(c, v, answer) => {{ answer(null, false); answer({GIVEN}, true); }}",
    "after it throws": f"""(c, v, answer) =>
      {{ answer({GIVEN}, true); throw new Error('never mind') }}""",
}
"""And some that do, in their own way."""


def test_a_platform_that_misbehaves_gives_no_consent_and_harms_nothing(
    visitor: Visitor, site: Site, arrivals: Arrivals, tcf: Tag
) -> None:
    for number, (name, api) in enumerate(MISBEHAVING.items()):
        head = f"{QUICK_TIMERS}<script>window.__tcfapi = {api}</script>"
        visitor.open(site.page(f"/{number}", title=name, tag=tcf, head=head))
        visitor.wait_until(TIMERS_RAN_OUT)
        assert visitor.evaluate(STORED) == "", name
        assert not visitor.problems(), name
    nothing_after(arrivals)


def test_a_platform_with_manners_of_its_own_is_understood(
    visitor: Visitor, site: Site, arrivals: Arrivals, tcf: Tag
) -> None:
    for number, (name, api) in enumerate(BEHAVING.items()):
        head = f"<script>window.__tcfapi = {api}</script>"
        visitor.open(site.page(f"/{number}", title=name, tag=tcf, head=head))
        assert arrivals.view(title=name).visitor is not None, name
    assert not visitor.problems()


FORGED = """<script>
  const answer = (message) =>
    document.getElementById("frame").contentWindow.postMessage(message, "*");
  window.rests = 0;
  addEventListener("message", ({ data }) => {
    if (window.hasForged && data === "at rest") rests++;
    const { callId } = (data && data.__tcfapiCall) || {};
    if (!callId || window.callId) return;
    window.callId = callId;
    const free = { returnValue: { gdprApplies: false }, success: true };
    const wrong = [null, 7, "", "{", "null", [], { __tcfapiReturn: null }, { __tcfapiReturn: 1 },
      { __tcfapiReturn: {} }, { __tcfapiReturn: { ...free, callId: "another's" } },
      { __gppReturn: { ...free, callId } }];
    wrong.forEach(answer);
    const other = document.createElement("iframe");
    window.right = JSON.stringify({ __tcfapiReturn: { ...free, callId } });
    other.srcdoc = `<script>
      const { contentWindow } = parent.document.getElementById("frame");
      contentWindow.postMessage(JSON.parse(parent.right), "*");
    </` + "script>";
    other.onload = () => { window.hasForged = true; };
    document.body.append(other);
  });
</script>"""
"""Answers that free of all, but of wrong shapes, to others' questions, or from another window."""

TELL_WHEN_AT_REST = """<script>
  (function tell() {
    if (timers.size === 0) parent.postMessage("at rest", "*");
    start(tell, 50);
  })();
</script>"""
"""Says to the page around, which cannot look into it, that no timer of the tag's is left."""


def test_only_an_answer_to_our_question_by_whom_we_asked_is_heard(
    visitor: Visitor, new_site: NewSite, arrivals: Arrivals, tcf: Tag
) -> None:
    outer, inner = new_site(), new_site()
    true_answer = {**TC_DATA, "purpose": {"consents": {8: True}, "legitimateInterests": {}}}
    script = f"""answer({{ __tcfapiReturn:
      {{ returnValue: {json.dumps(true_answer)}, success: true, callId: window.callId }} }})"""
    body = f"""<iframe name="__tcfapiLocator" hidden></iframe>
      <button id="answer" onclick="{escape(script)}">Answer</button>"""
    page = inner.page("/", title="Framed", tag=tcf, head=QUICK_TIMERS + TELL_WHEN_AT_REST)
    visitor.open(framed(outer, page, FORGED, body))
    visitor.wait_until("rests > 3")
    visitor.click("#answer")
    view = arrivals.view(title="Framed")
    assert (kind_of(view), view.beacon.rule) == (ANONYMOUS, "tcf"), "not as the forged ones say"
