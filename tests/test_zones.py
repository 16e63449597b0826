"""Beside zone.js: what the tag does belongs to no context of the page, whoever was first."""

from typing import NamedTuple

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import ROOT, Tag, TagBuilder

ZONE = ROOT / "node_modules/zone.js/bundles/zone.umd.min.js"

APP = """
  window.tasks = [];
  // As Angular's NgZone: an application is stable while none of its own tasks waits.
  window.app = Zone.current.fork({
    name: "app",
    onScheduleTask(delegate, current, target, task) {
      tasks.push(`${task.type} of ${task.source}`);
      return delegate.scheduleTask(target, task);
    },
    onInvokeTask(delegate, current, target, task, self, given) {
      tasks.push(`ran ${task.source}`);
      return delegate.invokeTask(target, task, self, given);
    },
  });
"""

OWN_CONTEXTS = """
  // As a monitor that is no zone: it wraps what begins work, and notes what is begun in its turn.
  window.tasks = [];
  let isInside = false;
  window.app = {
    run(work) {
      isInside = true;
      try { return work(); } finally { isInside = false; }
    },
  };
  const wrap = (owner, name) => {
    const natural = owner[name];
    owner[name] = function (...given) {
      if (isInside) tasks.push(name);
      return natural.apply(this ?? window, given);
    };
  };
  for (const name of ["setTimeout", "setInterval", "fetch"]) wrap(window, name);
  for (const name of ["then", "catch", "finally"]) wrap(Promise.prototype, name);
  wrap(EventTarget.prototype, "addEventListener");
"""

CALLS = {
    "an event": "azalead('event', 'x')",
    "a view by hand": "azalead('view', { title: 'C' })",
    "a route": "history.pushState({}, '', '/c')",
    "a redirect": "history.replaceState({}, '', '/d')",
    "an opt-out": "azalead('optout')",
    "an opt-in": "azalead('optin')",
    "questions": "azalead('organization', () => {}); azalead('explain', () => {})",
    "a click": "document.getElementById('out').click()",
    "input": "dispatchEvent(new PointerEvent('pointerdown')); dispatchEvent(new Event('focus'))",
    "many events": "for (let n = 0; n < 3; n++) azalead('event', 'x', { text: 'x'.repeat(8000) })",
    "no network": "dispatchEvent(new Event('offline'))",
}
LINK = '<a id="out" href="https://elsewhere.example/" onclick="return false">Out</a>'

LOAD = """(html) => {
  for (const [, source, text] of html.matchAll(/<script(?: src="([^"]+)")?>([^]*?)<.script>/g)) {
    const request = new XMLHttpRequest();
    if (source) request.open("GET", source, false), request.send();
    (0, eval)(source ? request.responseText : text);
  }
}"""


class Scene(NamedTuple):
    """A page with the tag and an application's context, in one of their orders."""

    visitor: Visitor
    site: Site
    arrivals: Arrivals
    app: str
    """Script elements that make `window.app`, whose `run` runs what it is given in the context."""

    def open(self, order: str, tag: Tag) -> None:
        """Open page A, and wait for its view."""
        body = f"{LINK}<script>fetch('/ready')</script>"
        self.site.server.serve(self.site.host, "/ready", "")
        head = self.app if order == "before the tag" else ""
        if order == "between stub and tag":
            body = self.app + body
        url = self.site.page("/a", title="A", tag=tag, head=head, body=body)
        self.visitor.open(self.site.url("/left"))
        with self.site.server.faults.hold("cdn") as gate:
            self.visitor.evaluate("url => { location.href = url }", url)
            self.site.server.ledger.wait(
                lambda entry: (entry.host, entry.path) == (self.site.host, "/ready")
            )
            gate.release()
        self.arrivals.view(title="A")
        if order == "after the tag":
            self.visitor.evaluate(LOAD, self.app)

    def run(self, call: str) -> list[str]:
        """What the context sees of a call made in it until all of the tag's timers have run out."""
        self.visitor.evaluate(f"() => {{ app.run(() => {{ {call} }}) }}")
        # By an async function: a driver takes zone.js's Promise for no promise.
        self.visitor.evaluate("async () => { await new Promise((done) => setTimeout(done, 300)) }")
        return list(self.visitor.evaluate("tasks.splice(0)"))


@pytest.fixture(params=["zone.js", "a monitor"])
def scene(
    request: pytest.FixtureRequest, visitor: Visitor, site: Site, arrivals: Arrivals
) -> Scene:
    """Beside zone.js, and beside what is none."""
    site.server.serve(site.host, "/zone.js", ZONE.read_bytes(), "text/javascript")
    zone = f'<script src="/zone.js"></script><script>{APP}</script>'
    monitor = f"<script>{OWN_CONTEXTS}</script>"
    return Scene(visitor, site, arrivals, zone if request.param == "zone.js" else monitor)


@pytest.mark.parametrize("order", ["before the tag", "between stub and tag", "after the tag"])
def test_no_call_leaves_a_task_in_the_context_of_its_caller(
    scene: Scene, tag: Tag, order: str
) -> None:
    scene.open(order, tag)
    assert scene.run("setTimeout(() => {})"), "the context does see what is begun in it"
    for what, call in CALLS.items():
        assert scene.run(call) == [], what
    scene.arrivals.view(title="C")
    routed = scene.arrivals.view(url=scene.site.url("/c"))
    scene.arrivals.expect("click")
    for _ in range(4):
        scene.arrivals.expect("event")
    scene.arrivals.dwell(routed)
    scene.visitor.open(scene.site.url("/left"))
    scene.arrivals.dwell(routed)


def test_a_tag_that_is_started_within_a_context_does_not_stay_there(scene: Scene, tag: Tag) -> None:
    """As an application does that imports the bundle, or adds the script, when it has begun."""
    scene.site.tags.append(tag)
    scene.visitor.open(scene.site.page("/a", title="A", head=scene.app, body=LINK))
    scene.visitor.evaluate(
        """url => app.run(() => {
          const request = new XMLHttpRequest();
          request.open("GET", url, false);
          request.send();
          tasks.length = 0;
          (0, eval)(request.responseText);
        })""",
        tag.script_url,
    )
    scene.arrivals.view(title="A")
    scene.visitor.move()
    scene.visitor.press("Shift")
    scene.visitor.click("#out")
    scene.arrivals.expect("click")
    assert scene.visitor.evaluate("tasks") == []


def test_a_view_in_manual_mode_is_begun_outside_as_well(
    scene: Scene, build_tag: TagBuilder
) -> None:
    tag = build_tag({"measure.views": "manual"})
    page = scene.site.page("/a", title="A", tag=tag, head=scene.app, body=LINK)
    scene.visitor.open(page)
    scene.visitor.wait_until("!Array.isArray(azalead.q)")
    assert scene.run("azalead('view')") == []
    scene.arrivals.view(title="A")
