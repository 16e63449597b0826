"""What is meant where tag.toml is no TOML: the mistakes that people make in their first one."""

import re

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_LONGEST = 80  # characters of a line that are shown
_WORD = r"[^\W\d][\w.-]*"
_OPEN_QUOTE = r"""^[^"]*=\s*"[^"]*$|^[^']*=\s*'[^']*$"""

_EXAMPLE = 'as in site = "acme"'
_MISTAKES = {
    r"^\s*//": "a comment begins with #",
    "[\u2018-\u201f]": f"quotes are straight, {_EXAMPLE}",
    r"=\s*(?i:true|false|yes|no|on|off)\s*(?:#|$)": "a switch is true or false, in small letters",
    r"=\s*(?i:none|null|nil)\b": "there is no such value: leave the line out",
    r"^\s*[\w.-]+\s*:": f"a key and its value have = between them, {_EXAMPLE}",
    r"^\s*[\w.-]+\s*==": f"a key and its value have one = between them, {_EXAMPLE}",
    rf"=\s*{_WORD}": f"text stands in quotes, {_EXAMPLE}",
    rf"=\s*\[[^\"']*{_WORD}": 'text stands in quotes in a list as well, as in ["en", "de"]',
    r'=\s*\[\s*"[^"]*"\s+"': 'a list has commas between its values, as in ["en", "de"]',
    r'=\s*"[^"]*\\': "a path is written with / instead of \\",
    r"=\s*\d+,\d": "a number has no comma",
    r"""^\s*[\w.-]+\s+["'\d]""": f"a key and its value have = between them, {_EXAMPLE}",
    _OPEN_QUOTE: "a quote that is opened is closed on the same line",
    r"^\s*\[[^\]]*$": "a table's name stands between [ and ]",
}
_REPEATED = {
    "Cannot overwrite a value": "a key stands only once in its table",
    "Cannot declare": "a table stands only once",
}


def explained(text: str, error: ValueError) -> str:
    """The parser's own words, the line that they are about, and what is meant there."""
    place = _PLACE.search(str(error))
    if not place:
        return str(error)
    lines = text.splitlines() or [""]
    faulty = lines[int(place["line"]) - 1] if place["line"] else _last_unfinished(lines)
    where = f"{error}, in `{faulty.strip()[:_LONGEST]}`"
    cures = [cure for words, cure in _REPEATED.items() if str(error).startswith(words)]
    cures += [cure for pattern, cure in _MISTAKES.items() if re.search(pattern, faulty)]
    return f"{where}: {cures[0]}" if cures else where


def _last_unfinished(lines: list[str]) -> str:
    """The last line that opens a quote or bracket; the parser names no line for one left open."""
    opened = [line for line in lines if re.search(rf"{_OPEN_QUOTE}|\[[^\]]*$", line)]
    return opened[-1] if opened else lines[-1]
