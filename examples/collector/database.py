"""The database sink. Each beacon is answered only when its transaction is committed.

Whatever comes while one is being committed shares the next. So a lone beacon waits for nothing,
and a thousand at once cost one commit.
"""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from examples.collector.backends import (
    CannotStoreError,
    Insert,
    Row,
    Statements,
    UnreachableError,
    backend,
)
from examples.collector.beacon import Report
from examples.collector.sink import NotNowError

SQL = Path(__file__).parent / "sql"
MOST_IN_A_COMMIT = 1000
"""Beacons. More at once would let the first wait for the last."""

_STORE_PAGE = Insert(
    "page",
    {
        "id": "text",
        "site": "text",
        "visitor": "text",
        "rule": "text",
        "dnt": "text",
        "gpc": "boolean",
        "optout": "boolean",
        "organization": "text",
        "url": "text",
        "referrer": "text",
        "title": "text",
        "at": "bigint",
        "told": "bigint",
        "navigation": "text",
        "visible": "bigint",
        "engaged": "bigint",
        "scroll": "double precision",
        "dwelt": "bigint",
    },
    keys=1,
    conflict="""
  ON CONFLICT (id) DO UPDATE SET
    visitor = coalesce(page.visitor, excluded.visitor),
    navigation = coalesce(page.navigation, excluded.navigation),
    url = CASE WHEN excluded.told > page.told THEN excluded.url ELSE page.url END,
    title = CASE WHEN excluded.told > page.told THEN excluded.title ELSE page.title END,
    told = CASE WHEN excluded.told > page.told THEN excluded.told ELSE page.told END,
    visible = CASE WHEN excluded.dwelt > page.dwelt THEN excluded.visible ELSE page.visible END,
    engaged = CASE WHEN excluded.dwelt > page.dwelt THEN excluded.engaged ELSE page.engaged END,
    scroll = CASE WHEN excluded.dwelt > page.dwelt THEN excluded.scroll ELSE page.scroll END,
    dwelt = CASE WHEN excluded.dwelt > page.dwelt THEN excluded.dwelt ELSE page.dwelt END""",
)
_STORE_EVENT = Insert(
    "event",
    {"page": "text", "seq": "bigint", "type": "text", "at": "bigint", "data": "text"},
    keys=2,
    conflict="ON CONFLICT (page, seq) DO NOTHING",
)
_REMEMBER_FORGOTTEN = "INSERT INTO forgotten (digest) VALUES (?) ON CONFLICT (digest) DO NOTHING"
_FORGET = (
    "DELETE FROM event WHERE page IN (SELECT id FROM page WHERE visitor = ?)",
    "DELETE FROM page WHERE visitor = ?",
)


class Database:
    """Stores reports; `address` is a file's path, or `postgresql://…`."""

    def __init__(self, address: str) -> None:
        """Make the tables where they are missing."""
        self._backend = backend(address)
        self._waiting: list[tuple[Sequence[Report], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def store(self, reports: Sequence[Report]) -> None:
        """Return when they are committed."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((reports, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await done

    async def ask(self, name: str) -> list[dict[str, Any]]:
        """The rows of a query in `sql/`."""
        query = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        return await asyncio.to_thread(self._backend.ask, query)

    async def close(self) -> None:
        """Give the database up."""
        await self._backend.close()

    async def _write_all(self) -> None:
        """Commit what waits, and what comes meanwhile, until nothing does."""
        while batch := self._waiting[:MOST_IN_A_COMMIT]:
            del self._waiting[:MOST_IN_A_COMMIT]
            try:
                failures = await self._write([reports for reports, _ in batch])
            except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
                failures = [repr(error)] * len(batch)
            for (_, done), failure in zip(batch, failures, strict=True):
                if done.done():  # whoever asked has gone
                    continue
                if failure is None:
                    done.set_result(None)
                else:
                    done.set_exception(NotNowError(failure))
            # Those who were answered may speak before the next transaction begins.
            await asyncio.sleep(0)

    async def _write(self, beacons: list[Sequence[Report]]) -> list[str | None]:
        """Commit the reports of some beacons; returns for each what went wrong."""
        try:
            told = [report for reports in beacons for report in reports]
            await self._backend.commit(await self._statements(told))
        except UnreachableError as error:
            return [str(error)] * len(beacons)
        except CannotStoreError as error:
            if len(beacons) == 1:
                return [str(error)]
            # One of them cannot be stored, and the others must not suffer for it.
            return [(await self._write([reports]))[0] for reports in beacons]
        return [None] * len(beacons)

    async def _statements(self, reports: list[Report]) -> Statements:
        visitors = {report.visitor for report in reports if report.visitor}
        forgotten = {report.visitor for report in reports if report.visitor and report.forgets}
        gone = forgotten | await self._forgotten(visitors)
        # Each transaction takes its rows in the same order, so that no two wait for each other.
        pages = sorted([_page_row(report, gone) for report in reports], key=_key)
        events = sorted([row for report in reports for row in _event_rows(report)], key=_key)
        statements: list[tuple[Insert | str, list[Row]]] = [
            (_STORE_PAGE, pages),
            (_STORE_EVENT, events),
        ]
        if forgotten:
            statements += [(statement, [(each,) for each in forgotten]) for statement in _FORGET]
            statements.append((_REMEMBER_FORGOTTEN, [(_digest(each),) for each in forgotten]))
        return statements

    async def _forgotten(self, visitors: set[str]) -> set[str]:
        """Those among some identifiers that were forgotten earlier."""
        if not visitors:
            return set()
        by_digest = {_digest(visitor): visitor for visitor in visitors}
        marks = ", ".join("?" * len(by_digest))
        query = f"SELECT digest FROM forgotten WHERE digest IN ({marks})"  # noqa: S608 - only marks
        return {by_digest[digest] for (digest,) in await self._backend.fetch(query, by_digest)}


def _key(row: Row) -> Any:  # noqa: ANN401 - what a row is sorted by: its page
    return row[0]


def _page_row(report: Report, forgotten: set[str]) -> Row:
    page, dwell, signals = report.page, report.dwell or {}, report.signals
    return (
        _text(page["id"]),
        _text(report.site),
        None if report.visitor in forgotten else report.visitor,
        _text(report.rule),
        _text(str(signals["dnt"])) if signals.get("dnt") is not None else None,
        _switch(signals.get("gpc")),
        _switch(signals.get("optout")),
        report.organization,
        _text(page["url"]),
        _text(page.get("referrer", "")),
        _text(page.get("title", "")),
        page["at"],
        report.latest,
        report.navigation,
        dwell.get("visible"),
        dwell.get("engaged"),
        dwell.get("scroll"),
        dwell.get("seq", -1),
    )


def _event_rows(report: Report) -> list[Row]:
    """The events that do not stand with their page."""
    return [
        (
            _text(report.page["id"]),
            event["seq"],
            _text(event["type"]),
            event.get("at"),
            json.dumps(event),
        )
        for event in report.others
    ]


def _text(value: str) -> str:
    """What a database can store: no half of a surrogate pair, and for PostgreSQL no NUL."""
    if value.isascii() and "\0" not in value:
        return value
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _switch(value: Any) -> bool | None:  # noqa: ANN401 - any JSON
    return value if isinstance(value, bool) else None


def _digest(visitor: str) -> str:
    return hashlib.sha256(visitor.encode()).hexdigest()
