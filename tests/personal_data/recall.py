"""What is caught of personal strings, and what is spoiled of ordinary ones, by class."""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote

from tests.personal_data import shapes

FOLDER = Path(__file__).parent
SECRET = re.compile(r"⟦(.*?)⟧")
SHORTEST = 4
"""Of what is left of a secret: less tells nobody."""

Half = Literal["seen", "unseen"]
Corpus = dict[str, dict[Half, list[str]]]
Teller = Callable[[list[str]], list[tuple[str, str]]]
"""What leaves of each string, and what it would be if it told nobody."""


@dataclass(frozen=True)
class Result:
    """How many of a class came out right; the others as they came out."""

    name: str
    right: int
    wrong: list[str]

    @property
    def count(self) -> int:
        """How many there are."""
        return self.right + len(self.wrong)

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return 100 * self.right // self.count


def personal() -> Corpus:
    """Strings with what must not leave in ⟦ ⟧, by class."""
    return _corpus("personal.toml")


def ordinary() -> Corpus:
    """Strings that are to leave as they are, by class."""
    return _corpus("ordinary.toml")


def caught(half: Half, tell: Teller) -> list[Result]:
    """Of each class of personal strings, those of which nothing is left."""
    return [_caught(name, halves[half], tell) for name, halves in personal().items()]


def spared(half: Half, tell: Teller) -> list[Result]:
    """Of each class of ordinary strings, those that are told whole."""
    return [_spared(name, halves[half], tell) for name, halves in ordinary().items()]


def caught_shapes(count: int, tell: Teller) -> list[Result]:
    """Of so many random secrets of each shape those of which nothing is left."""
    return [
        total(name, [_caught_placed(shape, placed, tell) for shape, placed in found.items()])
        for name, found in {
            "random disguised e-mail": shapes.disguised(count),
            "random token, 8 to 40 signs": shapes.tokens(count),
            "random, 6 to 8 signs, after a word": shapes.short(count),
        }.items()
    ] + [
        _caught_placed(f"random {kind}", placed, tell)
        for kind, placed in shapes.numbers(count).items()
    ]


def total(name: str, results: Iterable[Result]) -> Result:
    """All of them as one."""
    results = list(results)
    wrong = [line for result in results for line in result.wrong]
    return Result(name, sum(result.right for result in results), wrong)


def is_left(secrets: Iterable[str], left: str) -> bool:
    """Whether any part of a secret that would tell something is in what leaves, however encoded."""
    text = decoded(left)
    parts = (part for secret in secrets for part in re.split(r"[\W_]+", decoded(secret)))
    return any(part in text for part in parts if len(part) >= SHORTEST)


def decoded(text: str) -> str:
    """A text with every encoding taken off."""
    while (inner := unquote(text)) != text:
        text = inner
    return text.casefold()


def _caught(name: str, texts: list[str], tell: Teller) -> Result:
    given = [SECRET.sub(r"\1", text) for text in texts]
    wrong = [
        f"{plain} => {left}"
        for text, plain, (left, _) in zip(texts, given, tell(given), strict=True)
        if is_left(SECRET.findall(text), left)
    ]
    return Result(name, len(texts) - len(wrong), wrong)


def _caught_placed(name: str, placed: list[shapes.Placed], tell: Teller) -> Result:
    told = tell([each.text for each in placed])
    wrong = [
        f"{each.text} => {left}"
        for each, (left, _) in zip(placed, told, strict=True)
        if is_left([each.secret], left)
    ]
    return Result(name, len(placed) - len(wrong), wrong)


def _spared(name: str, texts: list[str], tell: Teller) -> Result:
    wrong = [
        f"{text} => {left}"
        for text, (left, whole) in zip(texts, tell(texts), strict=True)
        if left != whole
    ]
    return Result(name, len(texts) - len(wrong), wrong)


def _corpus(name: str) -> Corpus:
    return cast("Corpus", tomllib.loads((FOLDER / name).read_text(encoding="utf-8")))
