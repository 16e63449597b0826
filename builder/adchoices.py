"""What the tag beside an ad is built with: the words of the chosen languages, artwork, style."""

import json
import re
from pathlib import Path

from builder.configuration import AdChoices
from builder.constants import Constants
from builder.errors import BuildError
from builder.icon import Drawing, read_icon

TEXTS = ("advertiser", "paid", "why", "kept", "more", "optout", "close", "done", "elsewhere")
"""The panel's words, in the order of `Word` in sdk/adchoices/words.ts."""
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
"""In the order of `CORNERS` in sdk/adchoices/corner.ts."""
_RIGHT_TO_LEFT = {"ar", "he"}


def artwork_of(adchoices: AdChoices, sources: Path, folder: Path) -> Drawing:
    """The client's own artwork, its path relative to `folder`, or our placeholder."""
    own = folder / adchoices.icon
    return read_icon(own if adchoices.icon else sources / "adchoices" / "placeholder.svg")


def adchoices_constants(adchoices: AdChoices, sources: Path, artwork: Drawing) -> Constants:
    """Every constant of the tag beside an ad, by its dotted name."""
    parts = sources / "adchoices"
    known = {language: _words(parts / "words", language) for language in adchoices.languages}
    return {
        "adchoices.corner": CORNERS.index(adchoices.corner),
        "adchoices.words": [
            [tag, words["texts"]]
            for language, words in known.items()
            for tag in [language.lower(), *words["also"]]
        ],
        "adchoices.choice": len(known) > 1,
        "adchoices.rtl": " ".join(sorted(_RIGHT_TO_LEFT & known.keys())),
        "adchoices.closers": "|".join(_closers(parts / "words")),
        "adchoices.choices": adchoices.choices,
        "adchoices.icon": artwork,
        "adchoices.icon_style": _tidy((parts / "icon.css").read_text(encoding="utf-8")),
        "adchoices.panel_style": _tidy((parts / "panel.css").read_text(encoding="utf-8")),
    }


def _words(folder: Path, language: str) -> dict[str, list[str] | str]:
    """The texts of a language in one string, and other tags that browsers have for it.

    A language without a text for the panel borrows it: from the one that it is a form of, else
    from English.
    """
    own = _read(folder, language)
    lender = next(
        each
        for each in (language, language.partition("-")[0], "en")
        if (folder / f"{each}.json").is_file() and TEXTS[0] in _read(folder, each)
    )
    lent = _read(folder, lender)
    texts = [str(own["name"]), lender, *(str(lent[text]) for text in TEXTS)]
    return {"texts": "|".join(texts), "also": own.get("also", [])}


def _closers(folder: Path) -> list[str]:
    """How what closes something is called in every language, for an ad may be in any of them."""
    files = sorted(folder.glob("*.json"))
    return sorted({stem for file in files for stem in _read(folder, file.stem).get("closers", [])})


def _read(folder: Path, language: str) -> dict[str, list[str] | str]:
    file = folder / f"{language}.json"
    try:
        words: dict[str, list[str] | str] = json.loads(file.read_bytes())
    except OSError as error:
        raise BuildError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BuildError(f"{file}: is not valid JSON: {error}") from error
    return words


def _tidy(css: str) -> str:
    """A style sheet without what only people need."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css).replace(": ", ":")
    css = re.sub(r'="([a-z-]+)"\]', r"=\1]", css)
    return css.replace(";}", "}").strip()
