"""What a visit is made of: a page with random content, and a random stay. All from one seed."""

from dataclasses import dataclass
from html import escape
from random import Random

from tests.support.site import Site
from tests.support.stopwatch import STOPWATCH
from tests.support.tag import Tag

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
