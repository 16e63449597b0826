"""SQLite and PostgreSQL behind one face. Statements mark values with `?`."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import psycopg

Row = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Insert:
    """What puts rows into a table; the first `keys` columns say which row each is."""

    table: str
    columns: Mapping[str, str]
    """Types by name."""
    keys: int
    conflict: str
    """What is done where the row is there."""

    @property
    def beginning(self) -> str:
        """Up to the rows."""
        return f"INSERT INTO {self.table} ({', '.join(self.columns)})"


Statements = Sequence[tuple[Insert | str, Sequence[Row]]]

SCHEMA = (Path(__file__).parent / "sql" / "schema.sql").read_text(encoding="utf-8")


class CannotStoreError(Exception):
    """These rows cannot be stored, now or ever."""


class UnreachableError(Exception):
    """The database does not answer, or its disk is full: later it may do."""


class Backend(Protocol):
    """One connection, and the tables behind it."""

    async def commit(self, statements: Statements) -> None:
        """Carry out all of it, or nothing."""

    async def fetch(self, statement: str, values: Iterable[Any]) -> list[Row]:
        """The rows of a question within the stream of commits."""

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The rows of a report's query, by a connection of its own; call it in a thread."""

    async def close(self) -> None:
        """Give the connection up."""


class Sqlite:
    """A file. It is written where the event loop runs: a thread would only fight over the GIL."""

    def __init__(self, file: str) -> None:
        """Open the file, and make what is missing."""
        self._file = file
        # Whoever holds the file for longer makes the collector say 503, and the beacon come again.
        self._connection = sqlite3.connect(file, timeout=0.25)
        self._connection.execute("PRAGMA journal_mode = WAL")
        # What is committed is on the disk, also after a power cut.
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(SCHEMA)

    async def commit(self, statements: Statements) -> None:
        """As the protocol says."""
        try:
            with self._connection:
                for statement, rows in statements:
                    self._connection.executemany(_of_values(statement), rows)
        except sqlite3.OperationalError as error:
            raise UnreachableError(str(error)) from error
        except (sqlite3.Error, OverflowError, ValueError) as error:
            raise CannotStoreError(str(error)) from error

    async def fetch(self, statement: str, values: Iterable[Any]) -> list[Row]:
        """As the protocol says."""
        return self._connection.execute(statement, tuple(values)).fetchall()

    def ask(self, query: str) -> list[dict[str, Any]]:
        """As the protocol says."""
        connection = sqlite3.connect(self._file)
        try:
            return _as_dicts(connection.execute(query))
        finally:
            connection.close()

    async def close(self) -> None:
        """As the protocol says."""
        self._connection.close()


class Postgresql:
    """A server. A connection that is lost is made anew for the next commit."""

    def __init__(self, address: str) -> None:
        """Make what is missing; of several processes that start at once, one does it."""
        self._address = address
        self._connection: psycopg.AsyncConnection[Row] | None = None
        with psycopg.connect(address) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(25)")
            connection.execute(SCHEMA)

    async def commit(self, statements: Statements) -> None:
        """As the protocol says."""
        try:
            connection = await self._connected()
            async with (
                connection.transaction(),
                connection.pipeline(),
                connection.cursor() as cursor,
            ):
                for statement, rows in statements:
                    if isinstance(statement, Insert):
                        # All rows as one value take far less of our time than one by one.
                        for some in _without_repeats(rows, statement.keys):
                            await cursor.execute(_of_json(statement), [json.dumps(some)])
                    elif rows:
                        await cursor.executemany(_marked(statement), rows)
        except psycopg.OperationalError as error:
            raise UnreachableError(str(error)) from error
        except (psycopg.Error, ValueError) as error:
            raise CannotStoreError(str(error)) from error

    async def fetch(self, statement: str, values: Iterable[Any]) -> list[Row]:
        """As the protocol says."""
        try:
            connection = await self._connected()
            cursor = await connection.execute(_marked(statement), tuple(values))
            return await cursor.fetchall()
        except psycopg.OperationalError as error:
            raise UnreachableError(str(error)) from error

    def ask(self, query: str) -> list[dict[str, Any]]:
        """As the protocol says."""
        with psycopg.connect(self._address) as connection:
            return _as_dicts(connection.execute(query))

    async def close(self) -> None:
        """As the protocol says."""
        if self._connection:
            await self._connection.close()

    async def _connected(self) -> psycopg.AsyncConnection[Row]:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(self._address, autocommit=True)
        return self._connection


def backend(address: str) -> Backend:
    """PostgreSQL for `postgresql://…`, else SQLite with that file."""
    is_postgresql = address.startswith(("postgresql:", "postgres:"))
    return Postgresql(address) if is_postgresql else Sqlite(address)


@cache
def _of_values(statement: Insert | str) -> str:
    """For SQLite: a row at a time."""
    if isinstance(statement, str):
        return statement
    marks = ", ".join("?" * len(statement.columns))
    return f"{statement.beginning} VALUES ({marks}) {statement.conflict}"


@cache
def _of_json(statement: Insert) -> Any:  # noqa: ANN401 - psycopg wants a literal
    """For PostgreSQL: many rows, as a JSON list of lists."""
    values = ", ".join(
        f"(told->>{place})::{kind}" for place, kind in enumerate(statement.columns.values())
    )
    rows = f"SELECT {values} FROM jsonb_array_elements(%s::jsonb) AS told"  # noqa: S608 - ours
    return f"{statement.beginning} {rows} {statement.conflict}"


def _without_repeats(rows: Sequence[Row], keys: int) -> Iterator[list[Row]]:
    """The rows in portions that hold none twice, which one statement could not update."""
    while rows:
        seen: set[Row] = set()
        portion: list[Row] = []
        left: list[Row] = []
        for row in rows:
            (left if row[:keys] in seen else portion).append(row)
            seen.add(row[:keys])
        yield portion
        rows = left


def _marked(statement: str) -> Any:  # noqa: ANN401 - psycopg wants a literal
    return statement.replace("?", "%s")


def _as_dicts(cursor: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - either library's cursor
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
