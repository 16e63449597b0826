"""Validation errors as a person would say them: `tag.toml: visitor.cookie_days must be …`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

Location = tuple[int | str, ...]
_LONGEST_VALUE = 60
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def complaints(file: Path, model: type[BaseModel], error: ValidationError) -> list[str]:
    """One line for each fault that pydantic found in `file`, in the order of the file's keys."""
    return [
        f"{file}: {_complaint(model, fault['loc'], fault)}"
        for fault in error.errors(include_url=False)
    ]


def _complaint(model: type[BaseModel], location: Location, fault: Any) -> str:  # noqa: ANN401 - pydantic's own record
    key = _key(location)
    *_, (parent, field) = _steps(model, location)
    if fault["type"] == "extra_forbidden":
        return f"{key} is not a key of the tag{_suggestion(str(location[-1]), parent)}"
    if fault["type"] == "value_error":
        return f"{key} {fault['ctx']['error']}"
    rule = field.description if field else "right"
    if fault["type"] == "missing":
        return f"{key} is missing: it must be {rule}"
    value = _shown(fault["input"])
    if isinstance(location[-1], int):
        return f"{_key(location[:-1])} must be {rule}, without {value}"
    return f"{key} must be {rule}, not {value}"


def _steps(
    model: type[BaseModel], location: Location
) -> Iterator[tuple[type[BaseModel], "FieldInfo | None"]]:
    """The model and field at each step of a location; a list's index stays at the list's field."""
    field: FieldInfo | None = None
    for part in location:
        if isinstance(part, str):
            parent, field = model, model.model_fields.get(part)
            model = _model_in(field.annotation) or model if field else model
            yield parent, field
        else:
            yield model, field


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The table that a field holds: `Partner` of `list[Partner]` and of `Partner | None`."""
    candidates = [annotation, *get_args(annotation)]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)


def _key(location: Location) -> str:
    """`sync[0].url` of `("sync", 0, "url")`; quoted as in TOML where a name is no bare key."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_name(part)}" for part in location)
    return "".join(parts).removeprefix(".")


def _name(part: str) -> str:
    return part if _BARE.fullmatch(part) and len(part) <= _LONGEST_VALUE else _shown(part)


def _suggestion(word: str, model: type[BaseModel]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - wanted only when something is wrong

    near = get_close_matches(word, model.model_fields, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _shown(value: object) -> str:
    """A value as it stands in TOML, cut where it is long."""
    if isinstance(value, dict):
        return "a table"
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:
        return "a number of thousands of digits"  # that Python will not write (CVE-2020-10735)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
