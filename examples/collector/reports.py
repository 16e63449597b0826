"""The page that shows what is stored. It tells of persons, so it is for loopback alone."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from examples.collector.database import Database

QUERIES = ("views_per_hour", "clickstream", "dwell_per_page", "returning_visitors")
HOUR_MS = 3_600_000
HOURS_SHOWN = 48
LOOPBACK = {"127.0.0.1", "localhost", "::1"}

Rows = list[dict[str, Any]]


def reports_page(database: Database) -> web.Application:
    """An application of one page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {"clock": _clock, "seconds": _seconds}
    template = environment.get_template("reports.html.jinja")

    async def show(request: web.Request) -> web.Response:
        # A name that leads to loopback only to read what is there is nobody we serve.
        if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
            return web.Response(status=403)
        rows = await asyncio.gather(*(database.ask(name) for name in QUERIES))
        told = dict(zip(QUERIES, rows, strict=True))
        hours = _every_hour(told["views_per_hour"], int(time.time() * 1000))
        text = template.render(told, hours=hours, visits=_visits(told["clickstream"]))
        headers = {
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "Cache-Control": "no-store",
        }
        return web.Response(text=text, content_type="text/html", headers=headers)

    application = web.Application()
    application.router.add_get("/", show)
    return application


def _every_hour(rows: Rows, now: int) -> Rows:
    """The latest two days, hour by hour, those without a view included."""
    views = {row["hour"]: row["views"] for row in rows}
    first = now // HOUR_MS * HOUR_MS - (HOURS_SHOWN - 1) * HOUR_MS
    hours = range(first, first + HOURS_SHOWN * HOUR_MS, HOUR_MS)
    return [{"hour": hour, "views": views.get(hour, 0)} for hour in hours]


def _visits(rows: Rows) -> list[Rows]:
    """The clickstream, a list for each visit."""
    visits: dict[tuple[str, int], Rows] = {}
    for row in rows:
        visits.setdefault((row["who"], row["visit"]), []).append(row)
    return list(visits.values())


def _clock(ms: float) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%d %b %H:%M}"


def _seconds(ms: float | None) -> str:
    return "-" if ms is None else f"{float(ms) / 1000:.1f} s"
