"""The applications, where the snippet goes in each, and the walk that is taken through all.

All have the same pages, so there is one table of what a visitor does and sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


class Paste(NamedTuple):
    """Where a person who follows the install page puts something."""

    form: str
    """The form of the snippet on the install page, or "html" for `snippet.html`."""
    file: str
    place: str = "<!-- the snippet -->"
    """The comment in whose place it goes; "" where it is the whole file."""


@dataclass(frozen=True)
class Application:
    """One application with the snippet in one of its forms."""

    name: str
    packages: tuple[str, ...]
    """What it stands for: the documentation tells their versions."""
    pastes: tuple[Paste, ...]
    output: str
    """The folder that its build writes."""
    folder: str = ""
    """Where its sources are, if not in the folder of its name."""
    edits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What a person changes besides, by file: what stood there, and what stands there then."""
    fallback: str = ""
    """The file that a server answers with where there is none."""
    is_alive: str = "document.readyState === 'complete'"
    """Whether its router has taken over the page, as JavaScript; clicks are its own then."""
    has_server_redirect: bool = False
    """Whether `/old` is sent on by the server, for there is no router in the page."""
    script_seconds: float = 0
    """What each script takes: where the tag comes with them, the page is seen long before it."""
    tells_stability: bool = False
    """Whether it can be asked if anything is still going on in it."""

    @property
    def sources(self) -> str:
        """The folder of its sources, which is also that of what it installs."""
        return self.folder or self.name

    def __str__(self) -> str:
        """Its name, for the tests' names."""
        return self.name


REACT_IS_ALIVE = (
    "Object.keys(document.querySelector('nav a')).some((key) => key.startsWith('__react'))"
)
SVELTE_IS_ALIVE = "Object.keys(history.state ?? {}).some((key) => key.startsWith('sveltekit'))"
NUXT_IS_ALIVE = "document.querySelector('#__nuxt').__vue_app__.$nuxt.isHydrating === false"

IN_JSX = "{/* the snippet */}"

APPLICATIONS = (
    Application(
        "react-router",
        ("react-router", "react"),
        (Paste("react", "app/root.jsx", IN_JSX),),
        "build/client",
        fallback="__spa-fallback.html",
        is_alive=REACT_IS_ALIVE,
    ),
    Application(
        "next",
        ("next", "react"),
        (Paste("next", "app/layout.jsx", IN_JSX),),
        "out",
        script_seconds=0.3,
        is_alive=REACT_IS_ALIVE,
    ),
    Application(
        "next-script",
        ("next", "react"),
        (Paste("next-script", "app/tag.jsx", ""),),
        "out",
        folder="next",
        edits={"app/layout.jsx": (IN_JSX, "<Tag />")},
        script_seconds=0.3,
        is_alive=REACT_IS_ALIVE,
    ),
    Application(
        "nuxt",
        ("nuxt", "vue-router"),
        (Paste("nuxt", "nuxt.config.ts", ""),),
        ".output/public",
        is_alive=NUXT_IS_ALIVE,
    ),
    Application(
        "sveltekit",
        ("@sveltejs/kit", "svelte"),
        (Paste("html", "src/app.html"),),
        "build",
        fallback="fallback.html",
        is_alive=SVELTE_IS_ALIVE,
    ),
    Application(
        "sveltekit-layout",
        ("@sveltejs/kit", "svelte"),
        (Paste("svelte", "src/routes/+layout.svelte"),),
        "build",
        folder="sveltekit",
        fallback="fallback.html",
        is_alive=SVELTE_IS_ALIVE,
    ),
    Application(
        "vue",
        ("vue", "vue-router"),
        (Paste("html", "index.html"),),
        "dist",
        fallback="index.html",
    ),
    Application(
        "angular",
        ("@angular/core", "zone.js"),
        (Paste("html", "src/index.html"),),
        "dist/browser",
        fallback="index.html",
        tells_stability=True,
    ),
    Application(
        "astro",
        ("astro",),
        (Paste("astro", "src/layouts/Shop.astro"),),
        "dist",
        has_server_redirect=True,
    ),
    Application(
        "turbo",
        ("@hotwired/turbo",),
        (Paste("html", "layout.html"),),
        "dist",
        has_server_redirect=True,
    ),
    Application(
        "htmx",
        ("htmx.org",),
        (Paste("html", "layout.html"),),
        "dist",
        has_server_redirect=True,
    ),
)
