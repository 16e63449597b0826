"""Slots that are filled anew: the icon is the shown creative's, and what went leaves nothing."""

import json
from typing import Any

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.advert import CREATIVE, HOST, ICON, Shown, ad
from tests.support.site import Site
from tests.support.tag import Tag

SLOT = f'<div id="slot" style="width: 300px; height: 250px; {CREATIVE}"></div>'
FACTS = {
    "first": {
        "advertiser": "Acme",
        "paidBy": "Acme Holding",
        "why": "Anvils.",
        "corner": "top-left",
    },
    "second": {"advertiser": "Bolt", "corner": "bottom-right"},
}
FILL = """(how, name, facts, src) => {
  const slot = document.getElementById("slot");
  const script = document.createElement("script");
  Object.assign(script.dataset, facts, { lang: "en" });
  const creative = document.createElement("p");
  creative.textContent = name;
  script.src = src;
  if (how === "in the creative") slot.replaceChildren(creative, script);
  if (how === "as text") {
    slot.innerHTML = creative.outerHTML + script.outerHTML;
    slot.querySelector("script").replaceWith(script);
  }
  if (how === "elsewhere, at the end") {
    slot.replaceChildren(creative);
    script.dataset.for = "slot";
    document.body.append(script);
  }
  if (how === "elsewhere, before the others") {
    slot.replaceChildren(creative);
    script.dataset.for = "slot";
    const first = document.querySelector("body script") || document.body.firstChild;
    first.before(script);
  }
  if (how === "elsewhere, and removed at once") {
    slot.replaceChildren(creative);
    script.dataset.for = "slot";
    document.body.append(script);
    script.remove();
  }
}"""
WAYS = (
    *("in the creative", "as text", "elsewhere, at the end", "elsewhere, before the others"),
    "elsewhere, and removed at once",
)


def fill(visitor: Visitor, tag: Tag, how: str, name: str) -> None:
    """Fill the slot with a creative and its script."""
    visitor.evaluate(FILL, how, name, FACTS[name], f"{tag.base_url}/azalead-ad.js")


def says(shown: Shown) -> list[str]:
    """What the panel says of the ad."""
    told = shown.open()
    shown.visitor.press("Escape")
    shown.wait("!told.panel")
    return [line for line in told["says"] if ":" in line or "." in line][:3]


def class_of(visitor: Visitor) -> str:
    """The corner that the icon has."""
    script = (
        f"(document.querySelector('#slot {HOST}')?.shadowRoot.querySelector('{ICON}').className)"
    )
    found: str = visitor.evaluate(f"{script} || ''")
    return found


@pytest.mark.parametrize("how", WAYS)
def test_icon_and_panel_are_those_of_the_creative_that_is_shown(
    visitor: Visitor, site: Site, tag: Tag, how: str
) -> None:
    visitor.open(site.page("/", body=SLOT))
    fill(visitor, tag, how, "first")
    shown = Shown(visitor, "slot")
    shown.wait("told.onTop && Math.abs(told.icon.left - 8) < 1")
    assert says(shown) == ["Advertiser: Acme", "Paid for by: Acme Holding", "Anvils."]
    fill(visitor, tag, how, "second")
    shown.wait("told.onTop && told.icon.left > 200 && told.icon.top > 200")
    said = says(shown)
    assert said[:2] == ["Advertiser: Bolt", "Chosen by the pages you visited."]
    assert class_of(visitor) == "bottom-right"
    assert shown.tell()["icons"] == 1
    assert not visitor.problems()


def test_an_open_panel_does_not_go_on_about_the_former_creative(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    visitor.open(site.page("/", body=SLOT))
    fill(visitor, tag, "in the creative", "first")
    shown = Shown(visitor, "slot")
    shown.open()
    fill(visitor, tag, "in the creative", "second")
    shown.wait("!told.panel && told.onTop && told.icon.top > 200")
    assert "Advertiser: Bolt" in says(shown)


def test_of_a_creative_without_a_script_nothing_particular_is_said(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    visitor.open(site.page("/", body=SLOT))
    fill(visitor, tag, "in the creative", "first")
    shown = Shown(visitor, "slot")
    shown.wait("told.onTop")
    assert "Advertiser: Acme" in says(shown)
    # A part of the creative that changes is no other creative.
    visitor.evaluate("void document.querySelector('#slot p').replaceWith('Still the first')")
    shown.wait("told.onTop")
    assert "Advertiser: Acme" in says(shown)
    visitor.evaluate("void document.getElementById('slot').replaceChildren('Another one')")
    shown.wait("told.onTop")
    assert says(shown)[0] == "Chosen by the pages you visited."


RACE = """(name, src) => {
  const script = document.createElement("script");
  Object.assign(script.dataset, { for: "slot", lang: "en", advertiser: name });
  script.onload = () => (window.loaded ||= []).push(name);
  script.src = `${src}?${name}`;
  document.getElementById("slot").replaceChildren(name);
  document.body.append(script);
}"""


@pytest.mark.parametrize("late", ["Acme", "Bolt"])
def test_of_two_scripts_that_race_the_later_creative_s_counts(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, late: str
) -> None:
    visitor.open(site.page("/", body=SLOT))
    src = f"{tag.base_url}/azalead-ad.js"
    with server.faults.hold("cdn", times=2 if late == "Bolt" else 1) as gate:
        mark = server.ledger.mark()
        visitor.evaluate(RACE, "Acme", src)
        server.ledger.wait(lambda entry: "Acme" in entry.query, since=mark)
        visitor.evaluate(RACE, "Bolt", src)
        if late == "Acme":
            visitor.wait_until("(window.loaded || []).join() === 'Bolt'")
        gate.release()
    visitor.wait_until("loaded.length === 2")
    Shown(visitor, "slot").wait("told.onTop")
    assert says(Shown(visitor, "slot"))[0] == "Advertiser: Bolt"


def test_a_slot_that_is_often_refreshed_keeps_its_icon(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer
) -> None:
    mark = server.ledger.mark()
    visitor.open(site.page("/", body=ad(tag, "ad")))
    shown = Shown(visitor, "ad")
    shown.wait("told.onTop")
    for number in range(12):
        visitor.evaluate(
            "(html) => void (document.getElementById('ad').innerHTML = html)", f"<p>{number}</p>"
        )
        shown.wait("told.onTop && told.icons === 1")
    assert not server.ledger.select(role="collector", since=mark)


FIGHT = f"""() => {{
  const ad = document.getElementById("ad");
  window.fight = new MutationObserver(() => {{
    const host = ad.querySelector("{HOST}");
    if (host) host.remove();
  }});
  fight.observe(ad, {{ childList: true }});
  ad.querySelector("{HOST}").remove();
}}"""


@pytest.mark.parametrize("end", ["another creative", "peace"])
def test_a_fight_that_was_given_up_is_over_when_its_cause_is(
    visitor: Visitor, site: Site, tag: Tag, server: FixtureServer, end: str
) -> None:
    mark = server.ledger.mark()
    visitor.open(site.page("/", body=ad(tag, "ad")))
    shown = Shown(visitor, "ad")
    shown.wait("told.onTop")
    visitor.evaluate(FIGHT)
    server.ledger.wait(lambda entry: dict(entry.query).get("failure") == "covered", since=mark)
    assert shown.tell()["icons"] == 0
    visitor.evaluate("void fight.disconnect()")
    if end == "another creative":
        visitor.evaluate("void (document.getElementById('ad').innerHTML = 'Another')")
    shown.wait("told.onTop")
    assert len(server.ledger.select(role="collector", since=mark)) == 1, "it is told of once"


COUNTED = """<script>
  window.counts = { listeners: 0, observed: 0, roots: 0, timers: 0 };
  const listeners = new Map();
  const key = (type, capture) => `${type} ${!!(capture && capture.capture || capture === true)}`;
  for (const [name, Kind] of Object.entries({ Window, Document, Element })) {
    const prototype = name === "Window" ? EventTarget.prototype : null;
    if (!prototype) continue;
    const { addEventListener, removeEventListener } = prototype;
    prototype.addEventListener = function (type, handle, options) {
      const target = this || window;
      if (target === window || target === document) {
        const own = listeners.get(handle) || new Set();
        listeners.set(handle, own.add(key(type, options)));
      }
      return addEventListener.call(target, type, handle, options);
    };
    prototype.removeEventListener = function (type, handle, options) {
      const target = this || window;
      const own = listeners.get(handle);
      if (own) own.delete(key(type, options));
      return removeEventListener.call(target, type, handle, options);
    };
  }
  for (const Kind of ["MutationObserver", "ResizeObserver", "IntersectionObserver"]) {
    const { observe, disconnect } = window[Kind].prototype;
    const active = new Set();
    window[Kind].prototype.observe = function (...given) {
      active.add(this);
      return observe.apply(this, given);
    };
    window[Kind].prototype.disconnect = function () {
      active.delete(this);
      return disconnect.call(this);
    };
    (window.observers ||= []).push(active);
  }
  window.count = () => ({
    listeners: [...listeners.values()].reduce((sum, own) => sum + own.size, 0),
    observers: observers.reduce((sum, active) => sum + active.size, 0),
    nodes: document.querySelectorAll("*").length,
  });
</script>"""
"""Counts what is listened to at window and document, and every observer at work."""
ROUND = """(markup, src) => new Promise((resolve) => {
  const main = document.getElementById("ads");
  main.replaceChildren();
  let left = 30;
  for (let number = 0; number < 30; number++) {
    const ad = document.createElement("div");
    ad.style.cssText = "width: 100px; height: 60px; background: pink; float: left";
    const script = document.createElement("script");
    script.src = src;
    script.dataset.advertiser = "Acme " + Math.random();
    script.onload = () => --left || resolve(document.querySelectorAll("azalead-adchoices").length);
    ad.append("An ad", script);
    main.append(ad);
  }
})"""


def test_ads_that_have_gone_leave_nothing(visitor: Visitor, site: Site, tag: Tag) -> None:
    visitor.open(site.page("/", head=COUNTED, body='<div id="ads"></div>'))
    src = f"{tag.base_url}/azalead-ad.js"
    empty = visitor.evaluate("count()")
    assert visitor.evaluate(ROUND, "", src) == 30
    first: dict[str, Any] = visitor.evaluate("count()")
    assert first["observers"] >= 30 + empty["observers"]
    for _ in range(20):
        assert visitor.evaluate(ROUND, "", src) == 30
    assert visitor.evaluate("count()") == first
    visitor.evaluate("void document.getElementById('ads').replaceChildren()")
    visitor.wait_until(
        f"JSON.stringify(count()) === {json.dumps(json.dumps(empty, separators=(',', ':')))}"
    )


def test_thirty_ads_refreshed_a_hundred_times_take_no_more_memory(
    visitor: Visitor, site: Site, tag: Tag
) -> None:
    """Whoever is gone is collected: of what each round made, only the last is there."""
    visitor.open(site.page("/", body='<div id="ads"></div>'))
    src = f"{tag.base_url}/azalead-ad.js"
    keep = """() => { window.refs ||= [];
      for (const host of document.querySelectorAll("azalead-adchoices"))
        refs.push(new WeakRef(host), new WeakRef(host.shadowRoot)); }"""
    for _ in range(100):
        assert visitor.evaluate(ROUND, "", src) == 30
        visitor.evaluate(keep)
    # Memory that nobody needs is taken back when much more is asked for.
    visitor.wait_until(
        "(window.junk = Array.from({ length: 200 }, () => new Uint8Array(1e6)),"
        " window.junk = null, refs.filter((ref) => ref.deref()).length < 600)"
    )
