"""What a visit is made of: a page with random content, and a random stay. All from one seed."""

from dataclasses import dataclass
from html import escape
from random import Random

from tests.support.site import Site
from tests.support.tag import Tag

STOPWATCH = """(() => {
    let since, before, isTold = true;
    const now = () => performance.timeOrigin + performance.now();
    const start = () => { window.openedAt = since = now(); before = 0; };
    const stop = () => {
      if (!since) return;
      before += now() - since;
      since = 0;
      isTold = false;
    };
    const tell = () => {
      if (isTold) return;
      isTold = true;
      navigator.sendBeacon("/stopwatch", JSON.stringify({ at: window.openedAt, seen: before }));
    };
    addEventListener("pagehide", stop);
    addEventListener("pageshow", (event) => event.persisted && start());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) stop();
      else since = since || now();
    });
    addEventListener("load", () => {
      addEventListener("pagehide", tell);
      document.addEventListener("visibilitychange", tell);
    });
    start();
  })();
"""
"""Ours, not the tag's, run right before the snippet, in its script: a parser may pause
between two. It goes from there on, while the page is seen. It stops before any tag hears that the
page is left and tells after it, for to send takes time, which would be added to the tag's."""

WORDS = ["price", "model", "lens", "garden", "winter", "paper", "harbour", "signal", "copper"]


@dataclass(frozen=True)
class Plan:
    """One page and what its visitor does there."""

    title: str
    paragraphs: int
    events: int
    """Custom events that the page tells while it loads."""
    moves: bool
    """Whether the visitor moves the pointer and turns the wheel."""
    stay: float
    """Milliseconds from the snippet to the leaving, at least."""


def draw(random: Random, shortest: float, longest: float) -> Plan:
    """A random plan with a stay between these milliseconds."""
    return Plan(
        title=" ".join(random.choices(WORDS, k=random.randint(1, 6))).capitalize(),
        paragraphs=random.randint(1, 40),
        events=random.choice([0, 0, 1, 3]),
        moves=random.random() < 0.5,
        stay=random.uniform(shortest, longest),
    )


def publish(site: Site, path: str, plan: Plan, tag: Tag) -> str:
    """Serve the page of a plan; returns its address."""
    text = "".join(f"<p>{escape(plan.title)}, part {part}.</p>" for part in range(plan.paragraphs))
    calls = "".join(f"{tag.brand}('event', 'note', {{number: {n}}});" for n in range(plan.events))
    body = (
        '<a id="next" href="/next">Next</a>'
        '<a id="new-tab-link" target="_blank" rel="opener" href="/left">In a new tab</a>'
        '<button id="close-button" onclick="window.close()">Close</button>'
        f"{text}<script>{calls}</script>"
    )
    return site.page(
        path + "?utm_source=bench&private=1",
        title=plan.title,
        tag=tag,
        snippet=tag.snippet.replace("<script>", f"<script>{STOPWATCH}", 1),
        body=body,
    )
