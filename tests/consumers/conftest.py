"""The fixtures of the walks: each application is built once, and walked once in each engine."""

from dataclasses import dataclass

import pytest

from fixtures.server import FixtureServer
from fixtures.websites import BuiltWebsite, serve_built_website
from tests.browsers.discovery import Engine
from tests.browsers.visitor import Visitor
from tests.conftest import NewSite
from tests.consumers import workshop
from tests.consumers.applications import APPLICATIONS, Application
from tests.consumers.pasting import forms
from tests.consumers.walk import FIRST, Walk, Walker
from tests.support.arrivals import Arrivals
from tests.support.modes import engine_of
from tests.support.tag import Tag

ASSETS = "/shop/"
"""Where the tag is served, in every run, as builds name it."""


@dataclass
class Stage:
    """What the walks are taken with."""

    server: FixtureServer
    tag: Tag
    visitor: Visitor
    arrivals: Arrivals
    new_site: NewSite


@dataclass
class Walks:
    """The two walks through an application in an engine."""

    tagged: Walk
    plain: Walk
    """Through the one that was built without the snippet."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker have all of an engine, so that each starts one browser."""
    for item in items:
        if engine := engine_of(item):
            item.add_marker(pytest.mark.xdist_group(engine))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how long things took when they were last done."""
    terminalreporter.section("applications")
    for name, seconds in sorted(workshop.read_seconds().items()):
        told = ", ".join(f"{what} {each} s" for what, each in seconds.items())
        terminalreporter.line(f"{name:18}{told}")


@pytest.fixture(params=APPLICATIONS, ids=str)
def application(request: pytest.FixtureRequest) -> Application:
    """Each application."""
    found: Application = request.param
    return found


@pytest.fixture(scope="session")
def taken() -> dict[tuple[str, Engine], Walks | Exception]:
    """The walks that have been taken, or why they came to no end."""
    return {}


@pytest.fixture
def stage(
    server: FixtureServer, tag: Tag, visitor: Visitor, arrivals: Arrivals, new_site: NewSite
) -> Stage:
    """All that a walk needs; asked for only where one is taken."""
    return Stage(server, tag, visitor, arrivals, new_site)


@pytest.fixture
def walks(
    request: pytest.FixtureRequest,
    application: Application,
    browser_name: Engine,
    taken: dict[tuple[str, Engine], Walks | Exception],
) -> Walks:
    """The walks through an application, taken for the first test that asks."""
    key = application.name, browser_name
    if key not in taken:
        try:
            taken[key] = _take(application, browser_name, request.getfixturevalue("stage"))
        except Exception as error:
            taken[key] = error
            raise
    walks = taken[key]
    if isinstance(walks, Exception):
        pytest.fail(f"the walk came to no end: {walks}", pytrace=False)
    return walks


@pytest.fixture
def walk(walks: Walks) -> Walk:
    """The walk with the tag."""
    return walks.tagged


def _take(application: Application, engine: Engine, stage: Stage) -> Walks:
    """Build what is not built, and walk through it without the tag and with it."""
    server, tag = stage.server, stage.tag
    server.serve_folder("cdn", ASSETS, tag.folder)
    addresses = {
        workshop.CDN: server.site("cdn"),
        workshop.COLLECTOR: server.site("collector"),
    }
    copied = forms(
        tag,
        {
            f"{tag.base_url}/": f"{workshop.CDN}{ASSETS}",
            server.site("collector"): workshop.COLLECTOR,
        },
    )
    built = workshop.build(application, copied)
    plain, tagged = stage.new_site(), stage.new_site()
    tagged.tags.append(tag)
    for site, folder in ((plain, built.plain), (tagged, built.tagged)):
        website = BuiltWebsite(
            folder,
            first=FIRST,
            addresses=addresses,
            fallback=application.fallback,
            redirects={"/old": "/new"} if application.has_server_redirect else {},
            script_seconds=application.script_seconds,
        )
        serve_built_website(server, site.host, website)
    control = Walker(stage.visitor, plain, application).go()
    walk = Walker(stage.visitor, tagged, application, stage.arrivals).go()
    workshop.note_seconds(application, f"walks {engine}", walk.seconds + control.seconds)
    return Walks(walk, control)
