"""The words of a page in one language: a TOML file each, complete and no word too many."""

import re
import tomllib
from pathlib import Path

from builder.errors import BuildError

Words = dict[str, str]
_REFERENCE = "en"
_PLACE = re.compile(r"\{\w+\}")


def words(folder: Path, language: str) -> Words:
    """The words in `folder` for a language; a regional one says only what its own adds.

    Raises BuildError where a word is missing, is not known, or has lost what is filled into it.
    """
    base, _, region = language.partition("-")
    found = _read(folder / f"{base}.toml")
    if region:
        found |= _read(folder / f"{language}.toml")
    reference = _read(folder / f"{_REFERENCE}.toml")
    file = folder / f"{language}.toml"
    faults = [f"{file}: {name} is missing" for name in reference if name not in found]
    faults += [f"{file}: {name} is not a word of the page" for name in found.keys() - reference]
    faults += [
        f"{file}: {name} must hold {' and '.join(_PLACE.findall(text)) or 'no braces'}"
        for name, text in reference.items()
        if sorted(_PLACE.findall(text)) != sorted(_PLACE.findall(found.get(name, text)))
    ]
    if faults:
        raise BuildError(*faults)
    return found


def _read(file: Path) -> Words:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{file}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise BuildError(f"{file}: cannot be read: {error}") from error
    return {name: str(text) for name, text in table.items()}
