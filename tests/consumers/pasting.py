"""The snippet in all its forms, as the install page of a build shows them to be copied."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

from tests.consumers.applications import Application
from tests.support.tag import Tag

_FORM = re.compile(
    r'<figure class="code" id="form-([a-z-]+)">\s*<pre[^>]*><code>(.*?)</code>', re.DOTALL
)


class PastingError(Exception):
    """A file has no place for the snippet, or the install page has no such form of it."""


def forms(tag: Tag, addresses: Mapping[str, str]) -> dict[str, str]:
    """What there is to copy, by name.

    Args:
        tag: The build.
        addresses: The addresses of the build, and what an application is to have in their place.
    """
    page = tag.read("index.html")
    found = {name: html.unescape(text) for name, text in _FORM.findall(page)}
    found["html"] = tag.snippet
    for here, instead in addresses.items():
        found = {name: text.replace(here, instead) for name, text in found.items()}
    return found


def paste(application: Application, forms: Mapping[str, str], folder: Path) -> None:
    """Put the snippet into an application's files, as the install page says.

    Raises:
        PastingError: That cannot be done.
    """
    for form, name, place in application.pastes:
        if form not in forms:
            raise PastingError(f"the install page has no form {form}")
        _replace(folder / name, place, forms[form])
    for name, (place, instead) in application.edits.items():
        _replace(folder / name, place, instead)


def _replace(file: Path, place: str, text: str) -> None:
    content = file.read_text(encoding="utf-8") if place else ""
    if place and content.count(place) != 1:
        raise PastingError(f"{file}: {place} must stand there once")
    file.write_text(content.replace(place, text) if place else text, encoding="utf-8")
