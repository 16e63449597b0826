"""Messages of any shape from anybody: a frame that waits for consent believes its platform only."""

import pytest

from tests.browsers.visitor import Visitor
from tests.conftest import NewSite
from tests.support.arrivals import Arrivals
from tests.support.consent import ACCEPTED, ASKING, Platforms, buttons
from tests.support.tag import TagBuilder

TELL = """<script>
  addEventListener("message", ({ data, source }) => {
    if (data === "told?") source.postMessage({ told: __problems.map(({ text }) => text) }, "*");
  });
</script>"""
GRANT = """{
  returnValue: {
    eventStatus: "tcloaded", gdprApplies: false, cmpStatus: "loaded", listenerId: 1,
    purpose: { consents: { 1: true, 8: true }, legitimateInterests: {} }, vendor: { consents: {} },
  },
  success: true, callId: id,
}"""
FLOOD = f"""(target) => {{
  const ids = [undefined, null, 0, "", "azalead", "azalead0.5", NaN, {{}}, []];
  const grants = ids.map((id) => (({GRANT})));
  const odd = [
    undefined, null, 0, "", "{{", "null", "[]", "7", '{{"__tcfapiReturn":null}}', [], {{}},
    new Map(), new Date(), new ArrayBuffer(8), "x".repeat(1e6), "ExtensionLoaded",
    {{ __tcfapiReturn: 7 }}, {{ __tcfapiReturn: {{}} }}, {{ __tcfapiReturn: [] }},
    {{ __tcfapiCall: {{}} }}, {{ __gppReturn: null }},
    {{ type: "AdPreferences", data: "BYVHiWQAAAAA" }}, {{ type: "AdPreferences", data: {{}} }},
  ];
  for (const message of odd) target.postMessage(message, "*");
  for (const answer of grants) {{
    target.postMessage({{ __tcfapiReturn: answer }}, "*");
    target.postMessage(JSON.stringify({{ __tcfapiReturn: answer }}), "*");
  }}
}}"""
STRANGER = f"""<script>
  addEventListener("message", ({{ data, source }}) => {{
    if (data !== "flood") return;
    ({FLOOD})(parent.frames.frame);
    source.postMessage("flooded", "*");
  }});
</script>"""
ASK = """<script>
  let told, isFlooded = false;
  addEventListener("message", ({ data }) => {
    if (data === "flooded") isFlooded = true;
    if (data && data.told) told = data.told;
  });
</script>"""


@pytest.mark.claim("C22")
def test_no_message_but_the_platform_s_answer_is_consent(
    visitor: Visitor,
    new_site: NewSite,
    arrivals: Arrivals,
    platforms: Platforms,
    build_tag: TagBuilder,
) -> None:
    outer, inner, stranger = new_site(), new_site(), new_site()
    tag = build_tag({"privacy.consent": ["tcf"]})
    framed = inner.page("/", title="Framed", tag=tag, head=TELL)
    strange = stranger.page("/", title="Stranger", head=STRANGER)
    frames = f"""<iframe name="frame" src="{framed}"></iframe>
      <iframe name="stranger" src="{strange}"></iframe>"""
    head = ASK + platforms.stub(outer) + platforms.platform(outer, "tcf", ASKING)
    visitor.open(outer.page("/around", head=head, body=buttons(accept=ACCEPTED) + frames))
    visitor.evaluate(f"() => ({FLOOD})(frames.frame)")
    visitor.evaluate("() => frames.stranger.postMessage('flood', '*')")
    visitor.wait_until("isFlooded")
    visitor.evaluate("() => frames.frame.postMessage('told?', '*')")
    visitor.wait_until("told")
    assert visitor.evaluate("told") == []
    assert arrivals.exchanges() == []
    visitor.click("#accept")
    assert arrivals.view(title="Framed").beacon.rule == "default"
