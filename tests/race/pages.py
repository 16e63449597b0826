"""The pages of the race: the same for every tag, but for the tag."""

from tests.race.racers import Racer
from tests.support.site import Site
from tests.support.stopwatch import ELEMENT

LIKE_A_PERSON = """<script>
  Object.defineProperty(Navigator.prototype, "webdriver", { get: () => false });
  document.hasFocus = () => true;
  addEventListener("blur", (event) => event.stopImmediatePropagation(), true);
</script>"""
"""Tags stay silent under automation, and stop when another window is in front. Here several are
open at once, each to be believed in front, as Playwright lets Chromium's pages believe."""

READING = """<script>
  let lines = 0;
  setInterval(() => scrollBy(0, ++lines % 2 ? 2 : -2), 200);
</script>"""
"""Somebody reads: real scroll events, for tags that count only while something is done; so little
that a driver's click still meets what it aims at."""

WATCH = """<script>
  const measured = { largest: null, interaction: null };
  try {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) measured.largest = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  } catch { /* an engine without it */ }
  addEventListener("load", () => (measured.loadedAt = performance.now()));
  addEventListener("click", (event) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (measured.interaction = performance.now() - event.timeStamp);
      port2.postMessage(0);
    });
  }, true);
</script>"""
"""When the largest part of the page was painted, and how long after a click the next paint was."""

COUNT = """<script>
  const counted = { listeners: 0, timers: 0, observers: 0 };
  const wrap = (object, name, what) => {
    const original = object[name];
    object[name] = function (...given) {
      counted[what]++;
      return original.apply(this, given);
    };
  };
  wrap(EventTarget.prototype, "addEventListener", "listeners");
  wrap(window, "setTimeout", "timers");
  wrap(window, "setInterval", "timers");
  for (const name of ["Mutation", "Performance", "Intersection", "Resize"])
    wrap(window[name + "Observer"].prototype, "observe", "observers");
</script>"""
"""Wraps what a tag can start, before it does."""

TEXT = "".join(
    f"<h2>Part {part}</h2><p>{'Winter light over the harbour, paper and copper. ' * 8}</p>"
    for part in range(30)
)
WAYS = (
    '<a id="next" href="/next">Next</a> '
    '<a id="new-tab-link" target="_blank" rel="opener" href="/">In a new tab</a> '
    '<button id="close-button" onclick="window.close()">Close</button>'
    '<button id="button">A button</button>'
)


def article(site: Site, racer: Racer, path: str = "/") -> str:
    """A page that somebody reads, with a stopwatch of ours; returns its address."""
    head = f"{LIKE_A_PERSON}{ELEMENT}{racer.snippet}"
    return site.page(path, title="An article", head=head, body=WAYS + TEXT + READING)


def scales(site: Site, racer: Racer) -> str:
    """A page that measures what its tag costs; returns its address."""
    head = LIKE_A_PERSON + WATCH + racer.snippet
    return site.page("/", title="An article", head=head, body=WAYS + TEXT)


def counter(site: Site, racer: Racer) -> str:
    """A page that counts what its tag starts; returns its address."""
    head = LIKE_A_PERSON + COUNT
    return site.page("/counted", title="An article", head=head + racer.snippet, body=WAYS + TEXT)
