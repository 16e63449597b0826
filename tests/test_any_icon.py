"""Artwork with anything inside: a drawing that neither runs nor loads, or lines that say why."""

from html import escape
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from builder.errors import BuildError
from builder.icon import Drawing, as_svg, read_icon

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
EXAMPLES = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
DRAWN = ["g", "path", "svg", "defs", "stop", "linearGradient", "title", "metadata"]
REFUSED = ["script", "a", "animate", "set", "image", "use", "foreignObject", "style", "text"]
NAMES = st.sampled_from(DRAWN * 5 + REFUSED)
KEYS = st.sampled_from(
    [*("fill", "d", "id", "href", "class", "cursor"), *("style",) * 6, "onload", "ONCLICK"]
)
VALUES = st.sampled_from(
    [
        *("url(#a)", "#a", "red", "url( 'https://evil.example')", "u\\72l(https://evil.example)"),
        *("javascript:alert(1)", "https://evil.example", 'image-set("https://evil.example")'),
        *("fill: red; stroke: url(#a)", "onload: alert(1)", 'a"><script>: b', "fill: url(//evil)"),
        *("href: https://evil.example", "--x: y; :; a", "]]>", "&quot;", "\u2028"),
    ]
) | st.text(st.characters(categories=["L", "N", "P", "S", "Z"]), max_size=8)


def element(name: str, attributes: dict[str, str], inside: list[str]) -> str:
    """An element as XML."""
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(inside)}</{name}>"


ELEMENTS = st.recursive(
    st.builds(element, NAMES, st.dictionaries(KEYS, VALUES, max_size=1), st.just([])),
    lambda inner: st.builds(
        element,
        NAMES,
        st.dictionaries(KEYS, VALUES, max_size=2),
        st.lists(inner, max_size=2),
    ),
    max_leaves=2,
)


def drawn(folder: Path, content: bytes) -> Drawing | list[str]:
    """The drawing of a file, or what is said of it."""
    file = folder / "icon.svg"
    file.write_bytes(content)
    try:
        return read_icon(file)
    except BuildError as error:
        lines = list(error.lines)
    assert all(line.startswith(f"{file}: adchoices.icon must ") for line in lines)
    assert all(line.isprintable() for line in lines)
    return lines


def assert_harmless(drawing: Drawing) -> None:
    """Nothing in a drawing runs, loads, or is another thing than what its name says."""
    name, attributes, *inside = drawing
    assert name in {"svg", "g", "path", "defs", "stop", "linearGradient"}
    for key, value in attributes.items():
        assert key.replace("-", "").isalpha()
        assert not key.lower().startswith("on")
        assert key != "href" or value.startswith("#")
        assert "evil" not in value
        assert "\\" not in value
    for each in inside:
        assert_harmless(each)


@EXAMPLES
@given(st.lists(ELEMENTS, min_size=1, max_size=2))
def test_any_artwork_is_a_harmless_drawing_or_refused(tmp_path: Path, elements: list[str]) -> None:
    drawing = drawn(tmp_path, SVG.format("".join(elements)).encode())
    if not isinstance(drawing[0], str) or drawing[0] == "svg":
        assert_harmless(drawing)
        root = fromstring(as_svg(drawing))  # noqa: S314 - our own
        assert root.tag.endswith("}svg")


@EXAMPLES
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_no_artwork(tmp_path: Path, content: bytes) -> None:
    (line,) = drawn(tmp_path, content)
    assert "adchoices.icon" in line


ENTITY = '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("<title>&a;</title>")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SVG.format("<g>" * 3000 + "</g>" * 3000).encode(), "groups as deep in each other"),
        (f'<?xml version="1.0" encoding="x-none"?>{SVG}'.encode(), "is not XML"),
        (f'<?xml version="1.0" encoding="big5"?>{SVG}'.encode(), "is not XML"),
        (ENTITY.encode(), "XML entities"),
        (ENTITY.encode("utf-16"), "XML entities"),
        (SVG.format('<path style="onload: alert(1)"/>').encode(), "onload: remove the script"),
        (SVG.format('<path fill="u\\72l(//a)"/>').encode(), "refer to nothing outside"),
        (SVG.format('<path style="href: //a"/>').encode(), "put all of it into the one file"),
    ],
    ids=range(8),
)
def test_artwork_out_of_the_common_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (line,) = drawn(tmp_path, content)
    assert said in line
