"""The icon's artwork: an SVG file that is checked, and read as the tree that the tag draws.

Nothing of the file reaches a page as text. What could run, load or leak is refused by name; what
only an editor needs is left out.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.errors import BuildError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Drawing = list[Any]
"""Name, attributes, and the drawings inside, as `Drawing` in sdk/adchoices/elements.ts."""

_KEY = "adchoices.icon"
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_SHAPES = {
    *("svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"),
    *("defs", "clipPath", "linearGradient", "radialGradient", "stop"),
}
_CURES = {
    "script": "remove the script",
    "style": "export with presentation attributes instead of a style sheet",
    "text": "convert text to paths",
    "image": "draw it as paths",
    "use": "expand the symbols that it uses",
    "symbol": "expand the symbols that it uses",
    "foreignObject": "draw what it holds as paths",
}
_FOR_PEOPLE = frozenset({"title", "desc", "metadata"})
_OF_THE_FILE = frozenset({"width", "height", "x", "y", "version", "class", "style", "baseProfile"})
_LOADS = re.compile(
    r"url\s*\(\s*[\"']?\s*(?!#)|image-set\s*\(|src\s*\(|javascript:|@import|expression\s*\(|\\",
    re.IGNORECASE,
)
"""A backslash as well: it could write any of the others in another way (CSS Syntax, 4.3.7)."""
_PROPERTY = re.compile(r"[a-z][a-z-]*")
_LENGTH = re.compile(r"([0-9.]+)(?:px)?")


def read_icon(file: Path) -> Drawing:
    """The drawing in an SVG file. Raises BuildError with a line for every fault in it."""
    from xml.etree.ElementTree import ParseError, fromstring  # noqa: PLC0415 - while esbuild works

    try:
        content = file.read_bytes()
        # What an entity stands for can be any amount of anything.
        root = None if b"<!ENTITY" in content.replace(b"\0", b"") else fromstring(content)  # noqa: S314
    except OSError as error:
        raise BuildError(f"{file}: {_KEY} cannot be read: {error.strerror}") from error
    except (ParseError, ValueError, LookupError) as error:  # the latter of an odd encoding
        raise BuildError(f"{file}: {_KEY} must be an SVG image, but is not XML: {error}") from error
    if root is None:
        raise BuildError(f"{file}: {_KEY} must hold no XML entities: export it as plain SVG")
    if root.tag != f"{_SVG}svg":
        raise BuildError(f"{file}: {_KEY} must be an SVG image, not <{root.tag}>")
    try:
        if faults := list(dict.fromkeys(_faults(root))):
            raise BuildError(*(f"{file}: {_KEY} must hold no {fault}" for fault in faults))
        drawing = _drawing(root)
    except RecursionError:
        raise BuildError(f"{file}: {_KEY} must hold no groups as deep in each other") from None
    drawing[1] = {"viewBox": _view_box(file, root)} | _attributes(root)
    return drawing


def as_svg(drawing: Drawing) -> str:
    """The drawing as an SVG file of its own."""
    name, attributes, *inside = drawing
    if name == "svg":
        attributes = {"xmlns": _SVG[1:-1]} | attributes
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(map(as_svg, inside))}</{name}>"


def _faults(element: "Element") -> Iterator[str]:
    """What must not be there, each with its cure."""
    for each in _own(element):
        name = each.tag.removeprefix(_SVG)
        if name not in _SHAPES:
            yield f"<{name}>: {_CURES.get(name, 'draw it as paths')}"
        for key, value in (*each.attrib.items(), *_styles(each).items()):
            if key.lower().startswith("on"):
                yield f"{key}: remove the script"
            elif key in {"href", _XLINK_HREF} and not value.startswith("#"):
                yield f'reference such as "{value[:60]}": put all of it into the one file'
            elif _LOADS.search(value):
                yield f'value such as "{value[:60]}": refer to nothing outside of the file'


def _own(element: "Element") -> Iterator["Element"]:
    """The element and those below it, but not what only editors and people read."""
    yield element
    for child in _inside(element):
        yield from _own(child)


def _inside(element: "Element") -> list["Element"]:
    return [
        child
        for child in element
        if child.tag.startswith(_SVG) and child.tag.removeprefix(_SVG) not in _FOR_PEOPLE
    ]


def _drawing(element: "Element") -> Drawing:
    name = element.tag.removeprefix(_SVG)
    return [name, _attributes(element), *(_drawing(child) for child in _inside(element))]


def _attributes(element: "Element") -> dict[str, str]:
    """Without those of other namespaces; a `style` becomes attributes, which no policy refuses."""
    attributes = {
        "href" if key == _XLINK_HREF else key: " ".join(value.split())
        for key, value in element.attrib.items()
        if key == _XLINK_HREF or ("{" not in key and key not in _left_out(element))
    }
    return attributes | {k: v for k, v in _styles(element).items() if _PROPERTY.fullmatch(k)}


def _styles(element: "Element") -> dict[str, str]:
    """The declarations of its `style`, as far as they are some."""
    pairs = (part.split(":", 1) for part in element.get("style", "").split(";"))
    return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}  # noqa: PLR2004


def _left_out(element: "Element") -> frozenset[str]:
    """Attributes that the drawing does without; the size of the root is the icon's own."""
    return _OF_THE_FILE if element.tag == f"{_SVG}svg" else frozenset({"class", "style"})


def _view_box(file: Path, root: "Element") -> str:
    if view_box := root.get("viewBox"):
        return " ".join(view_box.replace(",", " ").split())
    lengths = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if not all(lengths):
        raise BuildError(f"{file}: {_KEY} must have a viewBox: export it with one")
    return "0 0 " + " ".join(length[1] for length in lengths if length)
