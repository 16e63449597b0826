"""The applications, where the snippet goes in each, and the walk that is taken through all.

All have the same pages, so there is one table of what a visitor does and sees.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

TITLE = "{} | Tea shop"


class Move(NamedTuple):
    """One thing that the visitor does."""

    act: Literal["open", "click", "back", "forward", "reload"]
    what: str
    """The address, or the id of the link."""
    heading: str
    """What the page shows then."""
    view: str | None
    """The address that must be told, or None where it stays the same page."""


WALK = (
    Move("open", "/", "Home", "/"),
    Move("click", "about", "About", "/about"),  # loaded when it is first wanted
    Move("click", "search", "Search: tea", "/search"),  # to `/search?q=tea`
    Move("click", "item", "Item 7", "/items/7"),
    Move("click", "next-item", "Item 8", "/items/8"),  # the same component once more
    Move("click", "slow", "Slow", "/slow"),  # its data take 600 ms
    Move("click", "old", "New", "/new"),  # `/old` is sent on to `/new`
    Move("click", "part", "New", None),  # `/new#part`
    Move("back", "", "New", None),
    Move("back", "", "Slow", "/slow"),
    Move("forward", "", "New", "/new"),
    Move("reload", "", "New", "/new"),
)


class ExpectedView(NamedTuple):
    """One page view as it must be told."""

    url: str
    title: str
    referrer: str
    navigation: str


def expected_views() -> list[ExpectedView]:
    """What must be told of the walk."""
    seen = [move for move in WALK if move.view]
    first = ExpectedView("/", TITLE.format("Home"), "", "navigate")
    views = [first]
    for before, move in pairwise(seen):
        is_reload = move.act == "reload"
        views.append(
            ExpectedView(
                str(move.view),
                TITLE.format(move.heading),
                "" if is_reload else str(before.view),
                "reload" if is_reload else "route",
            )
        )
    return views


@dataclass(frozen=True)
class Application:
    """One application; its sources are in the folder of its name."""

    name: str
    packages: tuple[str, ...]
    """What it stands for: these names and their versions are what the documentation says."""
    file: str
    """Where the snippet is pasted."""
    form: Callable[[str], str]
    """Turns the snippet into what the framework wants to have pasted."""
    output: str
    """The folder that its build writes."""
    place: str = "<!-- the snippet -->"
    """The comment in whose place it is pasted."""
    fallback: str = ""
    """The file that a server answers with where there is none."""
    has_server_redirect: bool = False
    """Whether `/old` is sent on by the server, for there is no router in the page."""
    script_seconds: float = 0
    """What each script takes: where the tag comes with them, the page is seen long before it."""
    tells_stability: bool = False
    """Whether it can be asked if anything is still going on in it."""

    def __str__(self) -> str:
        """Its name, for the tests' names."""
        return self.name


_SNIPPET = re.compile(r"<script[^>]*>(.*?)</script>(?:\s*<noscript>(.*?)</noscript>)?", re.DOTALL)


def _parts(snippet: str) -> tuple[str, str]:
    """The snippet's script and what stands in for it without scripts."""
    found = _SNIPPET.search(snippet)
    if not found:
        raise ValueError("the snippet has no script")
    return found[1], found[2] or ""


def _html(snippet: str) -> str:
    return snippet


def _react(snippet: str) -> str:
    script, pixel = (json.dumps(part) for part in _parts(snippet))
    return (
        f"<script dangerouslySetInnerHTML={{{{ __html: {script} }}}} />"
        f"<noscript dangerouslySetInnerHTML={{{{ __html: {pixel} }}}} />"
    )


def _next(snippet: str) -> str:
    script, pixel = (json.dumps(part) for part in _parts(snippet))
    return (
        f'<Script id="azalead" strategy="afterInteractive">{{{script}}}</Script>'
        f"<noscript dangerouslySetInnerHTML={{{{ __html: {pixel} }}}} />"
    )


def _nuxt(snippet: str) -> str:
    script, pixel = (json.dumps(part) for part in _parts(snippet))
    return f"script: [{{ innerHTML: {script} }}], noscript: [{{ innerHTML: {pixel} }}],"


def _astro(snippet: str) -> str:
    return snippet.replace("<script>", "<script is:inline>", 1)


APPLICATIONS = (
    Application(
        "react-router",
        ("react-router", "react"),
        "app/root.jsx",
        _react,
        "build/client",
        place="{/* the snippet */}",
        fallback="__spa-fallback.html",
    ),
    Application(
        "next",
        ("next", "react"),
        "app/layout.jsx",
        _next,
        "out",
        place="{/* the snippet */}",
        script_seconds=0.3,
    ),
    Application(
        "nuxt",
        ("nuxt",),
        "nuxt.config.js",
        _nuxt,
        ".output/public",
        place="/* the snippet */",
    ),
    Application(
        "sveltekit",
        ("@sveltejs/kit", "svelte"),
        "src/app.html",
        _html,
        "build",
        fallback="fallback.html",
    ),
    Application("vue", ("vue", "vue-router"), "index.html", _html, "dist", fallback="index.html"),
    Application(
        "angular",
        ("@angular/core", "zone.js"),
        "src/index.html",
        _html,
        "dist/browser",
        fallback="index.html",
        tells_stability=True,
    ),
    Application(
        "astro",
        ("astro",),
        "src/layouts/Shop.astro",
        _astro,
        "dist",
        has_server_redirect=True,
    ),
    Application(
        "turbo", ("@hotwired/turbo",), "layout.html", _html, "dist", has_server_redirect=True
    ),
    Application("htmx", ("htmx.org",), "layout.html", _html, "dist", has_server_redirect=True),
)
