"""A page under reports/, complete in one file: what all of them share, and their style sheet.

A report makes its cells with `verdict` or `cell`, its tables with `table`, and joins them by
`document`. Whatever is called HTML is taken as it is; everything else is escaped.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Literal

Mark = Literal["good", "bad", "unsure", "quiet"]
"""What a cell's colour says."""

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")

DOCUMENT = Template("""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="data:," />
    <title>$title</title>
    <style>
$style
    </style>
  </head>
  <body>
    <main>
      <h1>$title</h1>
      <p>$summary</p>
$body
    </main>
  </body>
</html>
""")

NAMES = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}
"""The engines, as their makers write them."""


def document(title: str, summary: str, body: str, *, style: str = "") -> str:
    """A whole page.

    Args:
        title: Its heading.
        summary: A sentence or two below it.
        body: HTML of the rest: tables, pictures, headings of the second rank.
        style: CSS that only this page needs.
    """
    return DOCUMENT.substitute(
        title=escape(title), summary=escape(summary), body=body, style=STYLE + style
    )


def table(label: str, heads: Sequence[str], rows: Iterable[tuple[str, Iterable[str]]]) -> str:
    """HTML of a table that scrolls by itself where it is too wide.

    Args:
        label: What a screen reader calls it.
        heads: Its columns; an engine is shown as its makers write it.
        rows: Of each, its head, and its cells as HTML of `td` elements.
    """
    columns = "".join(f'<th scope="col">{escape(NAMES.get(head, head))}</th>' for head in heads)
    lines = "\n".join(
        f'<tr><th scope="row">{escape(head)}</th>{"".join(cells)}</tr>' for head, cells in rows
    )
    return (
        f'<div class="scroller" tabindex="0" role="region" aria-label="{escape(label)}">\n'
        f"<table>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>\n</div>"
    )


def cell(text: str) -> str:
    """A cell that only tells."""
    return f"<td>{escape(text)}</td>"


def verdict(mark: Mark, word: str, notes: Iterable[str] = (), *, more: str = "") -> str:
    """A cell that judges: a word in a colour, HTML of what belongs to it, and notes in small."""
    small = "".join(f"<small>{escape(note)}</small>" for note in notes if note)
    return f'<td class="{mark}"><strong>{escape(word)}</strong>{more}{small}</td>'
