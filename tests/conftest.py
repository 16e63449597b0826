"""The fixtures that tests are given, each one short; the work is in `support/` and `browsers/`."""

import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Playwright

from fixtures.server import FixtureServer
from tests.browsers.discovery import ENGINES, Engine, find
from tests.browsers.preferences import Mode, ModeImpossibleError
from tests.browsers.starter import Starter, starter
from tests.browsers.visitor import Visitor
from tests.support import evidence, probe
from tests.support.arrivals import Arrivals
from tests.support.consent import Platforms, bundle
from tests.support.modes import group, mode_of
from tests.support.reporting import Reporting
from tests.support.site import Site
from tests.support.tag import SOURCES, Tag, TagBuilder
from tests.wanderer import Wanderer

EVIDENCE = "reports/failures"
DEFAULT_OF_PYTEST_PLAYWRIGHT = "test-results"

START_OF_TEST = pytest.StashKey[int]()
HAS_PASSED = pytest.StashKey[bool]()

NewSite = Callable[[], Site]
Starters = Callable[[Engine], Starter]


# The run


def pytest_configure(config: pytest.Config) -> None:
    """Take all engines unless some are asked for, and hear of every test."""
    config.option.browser = list(config.option.browser or ENGINES)
    if config.option.output == DEFAULT_OF_PYTEST_PLAYWRIGHT:
        config.option.output = EVIDENCE
    # A shell's background job ignores interrupts, and so would what tests start and interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "mode(name): what the visitor's browser has set")
    config.pluginmanager.register(Reporting(config), "azalead-reporting")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each browser start on one worker only."""
    group(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """After a test has said all, prove that nothing else arrived: part of the test itself."""
    result = yield
    arrivals = getattr(item, "funcargs", {}).get("arrivals")
    if isinstance(arrivals, Arrivals):
        arrivals.settle()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the evidence of a failure while the browser is still there."""
    report = yield
    if report.when == "call":
        item.stash[HAS_PASSED] = report.passed
    given = getattr(item, "funcargs", {})
    visitor, server = given.get("visitor"), given.get("server")
    if report.when != "call" or visitor is None or server is None:
        return report
    folder = Path(item.config.option.output) / evidence.folder_name(item.nodeid)
    if report.failed:
        since = item.stash.get(START_OF_TEST, 0)
        kept = evidence.gather(folder, visitor, server.ledger, since)
        report.sections.append(("Evidence", "\n".join(map(str, kept))))
    elif item.config.option.screenshot == "on":
        evidence.take_screenshot(folder, visitor)
    return report


# The world


@pytest.fixture(scope="session")
def delete_output_dir() -> None:
    """Keep pytest-playwright from deleting other workers' evidence."""


@pytest.fixture(scope="session")
def server() -> Iterator[FixtureServer]:
    """Every origin over HTTPS on loopback, and the ledger of what came."""
    with FixtureServer() as running:
        running.serve("magazine", "/left", "<!doctype html><title>Another site</title>")
        yield running


@pytest.fixture(scope="session")
def sources(request: pytest.FixtureRequest) -> Path:
    """What every tag is built from; `make mutants` puts broken sources here."""
    return cast("Path", getattr(request, "param", SOURCES))


@pytest.fixture(scope="session")
def build_tag(
    server: FixtureServer, tmp_path_factory: pytest.TempPathFactory, sources: Path
) -> TagBuilder:
    """Builds a tag: `build_tag({"privacy.dnt": "respect"})`; each configuration once."""
    return TagBuilder(server, tmp_path_factory.mktemp("tags"), sources)


@pytest.fixture(scope="session")
def tag(build_tag: TagBuilder) -> Tag:
    """The tag as tag.toml has it."""
    return build_tag()


@pytest.fixture(scope="session")
def platforms(tmp_path_factory: pytest.TempPathFactory) -> Platforms:
    """Consent management platforms to put on pages."""
    return Platforms(bundle(tmp_path_factory.mktemp("consent")))


# The visitor


@pytest.fixture(scope="session")
def starters(
    request: pytest.FixtureRequest, playwright: Playwright, server: FixtureServer
) -> Iterator[Starters]:
    """Gives the way to visitors of each engine."""
    known: dict[Engine, Starter] = {}

    def get(engine: Engine) -> Starter:
        if engine not in known:
            # Tests come engine by engine, and a browser that nobody needs is not idle.
            while known:
                known.popitem()[1].close()
            browser = find(engine)
            if browser is None:
                pytest.fail(
                    f"no {engine} here: run `python -m tests.browsers.install`, or leave it out "
                    "by naming the others with --browser",
                    pytrace=False,
                )
            option = request.config.option
            known[engine] = starter(
                browser,
                playwright,
                trusted_key=server.authority.key_hash,
                headed=option.headed,
                tracing=option.tracing != "off",
            )
        return known[engine]

    yield get
    for each in known.values():
        each.close()


@pytest.fixture(scope="session")
def unfit(starters: Starters, server: FixtureServer) -> Callable[[Engine, Mode], str | None]:
    """Tells why a mode does not hold in an engine, having looked once at the wire."""
    known: dict[tuple[Engine, Mode], str | None] = {}

    def why_not(engine: Engine, mode: Mode) -> str | None:
        if (engine, mode) not in known:
            try:
                starter = starters(engine)
                with starter.visitor(mode) as scout:
                    known[engine, mode] = probe.why_not(mode, scout, server)
                    if scout.can_begin_anew:
                        scout.go_nowhere()
                        starter.hand_on(scout)
            except ModeImpossibleError as error:
                known[engine, mode] = str(error)
        return known[engine, mode]

    return why_not


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest,
    browser_name: Engine,
    starters: Starters,
    unfit: Callable[[Engine, Mode], str | None],
) -> Iterator[Visitor]:
    """A visitor who has never been anywhere, in the test's mode; runs once in each engine."""
    mode = mode_of(request.node)
    if reason := unfit(browser_name, mode):
        pytest.skip(reason)
    starter = starters(browser_name)
    with starter.visitor(mode) as visitor:
        yield visitor
        # After a failure nobody knows what is left.
        if request.node.stash.get(HAS_PASSED, False) and visitor.can_begin_anew:
            arrivals = request.node.funcargs.get("arrivals")
            if not (isinstance(arrivals, Arrivals) and arrivals.is_settled):
                visitor.go_nowhere()
            starter.hand_on(visitor)


# Websites, and what came from them


@pytest.fixture
def sites() -> list[Site]:
    """The test's websites."""
    return []


@pytest.fixture
def arrivals(request: pytest.FixtureRequest, server: FixtureServer, sites: list[Site]) -> Arrivals:
    """What came to the collector from the test's websites; proves that nothing else did."""
    request.node.stash[START_OF_TEST] = server.ledger.mark()
    return Arrivals(server, sites, lambda: request.getfixturevalue("visitor"))


@pytest.fixture
def wanderer(visitor: Visitor, site: Site, arrivals: Arrivals) -> Wanderer:
    """A visitor who wanders about the test's website."""
    return Wanderer(visitor, site, arrivals)


@pytest.fixture
def new_site(server: FixtureServer, sites: list[Site], arrivals: Arrivals) -> NewSite:
    """Makes a website at a host of its own; the collector is watched for all of them."""
    assert arrivals is not None

    def make() -> Site:
        sites.append(Site.new(server, f"client-{len(sites) + 1}.localhost"))
        return sites[-1]

    return make


@pytest.fixture
def site(new_site: NewSite) -> Site:
    """A website at a host of its own."""
    return new_site()
