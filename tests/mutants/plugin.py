"""A pytest plugin: runs tests on broken tags, each only on those that it should notice.

The runner says which in a file named by the environment, as workers are processes of their own.
A test comes back once for each job that names it; `sources`, which every tag of the suite is built
from, is the job's.
"""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.mutants.job import Job, jobs, name_of
from tests.support.modes import engine_of, mode_of
from tests.support.tag import UnbuiltError


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a test for each job that names it."""
    name = name_of(metafunc.definition.nodeid)
    wanted = [job for job in jobs().values() if name in job.names]
    if wanted and "sources" in metafunc.fixturenames:
        metafunc.parametrize(
            "sources",
            [Path(job.sources) for job in wanted],
            indirect=True,
            ids=[f"<{job.key}>" for job in wanted],
            scope="session",
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out other engines and parameters, and keep an engine's tests together."""
    wanted: list[tuple[str, str, str, pytest.Item]] = []
    for item in items:
        job = _job(item)
        if job and engine_of(item) in {job.engine, None} and job.wants(item.nodeid):
            item.user_properties.append(("job", job.key))
            wanted.append((job.engine, mode_of(item), job.key, item))
    items[:] = [item for *_, item in sorted(wanted, key=lambda each: each[:3])]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell a tag that is wrong from one that is none."""
    report = yield
    if call.excinfo and call.excinfo.errisinstance(UnbuiltError):
        report.user_properties.append(("unbuilt", str(call.excinfo.value)))
    return report


def _job(item: pytest.Item) -> Job | None:
    found = [job for job in jobs().values() if f"<{job.key}>" in item.nodeid]
    return found[0] if found else None
