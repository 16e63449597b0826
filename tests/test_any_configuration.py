"""Any configuration: a build, or lines that each name the file and the key. Never a traceback."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from builder.configuration import Configuration, load
from builder.constants import constants
from builder.errors import BuildError
from tests.build_runner import CONFIGURATION, configuration, run_build

LONGEST_LINE = 2500
KEY = re.compile(r"[\w-]|\"|is not (valid TOML|UTF-8 text)")
EXAMPLES = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KNOWN_KEYS = st.sampled_from(
    sorted(
        {
            *Configuration.model_fields,
            *("brand", "site", "collector", "assets", "cookie_days", "set_by", "routes", "clicks"),
            *("keep_params", "dnt", "consent", "vendor", "partner", "url", "days", "corner"),
            *("languages", "choices", "icon", "redact"),
        }
    )
)
KEYS = KNOWN_KEYS | TEXTS
PLAIN = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS,
    st.sampled_from(["report", "script", "tcf", "en", "https://a.example", "https://a.example/"]),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=5)
MANY = json.dumps([f"p{number}" for number in range(999)])
LINES = [line for line in CONFIGURATION.splitlines() if "=" in line and line[0] != "#"]


def told(folder: Path, content: str | bytes) -> list[str]:
    """What is said of a configuration; nothing where it is one."""
    file = folder / "tag.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        json.dumps(constants(load(file)))
    except BuildError as error:
        lines = list(error.lines)
        assert lines
        for line in lines:
            assert line.isprintable()
            assert len(line) < LONGEST_LINE
            assert line.startswith(f"{file}: ")
            assert KEY.match(line.removeprefix(f"{file}: "))
        return lines
    return []


def as_toml(value: object) -> str:
    """A value in TOML's notation, tables within lines."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(k)} = {as_toml(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, float):
        return repr(value)  # JSON has no inf and no nan
    return json.dumps(value, ensure_ascii=False)


@EXAMPLES
@given(st.binary(max_size=80))
def test_any_bytes_are_told_of(tmp_path: Path, content: bytes) -> None:
    assert told(tmp_path, content)


@EXAMPLES
@given(TABLES)
def test_any_table_is_told_of(tmp_path: Path, table: dict[str, Any]) -> None:
    lines = (f"{json.dumps(key)} = {as_toml(value)}" for key, value in table.items())
    assert told(tmp_path, "\n".join(lines))


@EXAMPLES
@given(st.sampled_from(LINES), VALUES)
@example(LINES[0], "on")
def test_any_value_of_a_key_is_taken_or_told_of_by_its_name(
    tmp_path: Path, line: str, value: object
) -> None:
    key = line.split(maxsplit=1)[0]
    lines = told(tmp_path, configuration({line: f"{key} = {as_toml(value)}"}))
    assert all(key in line or "is not valid TOML" in line for line in lines)


@EXAMPLES
@given(st.data())
def test_a_configuration_with_a_slip_is_taken_or_told_of(
    tmp_path: Path, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(CONFIGURATION)))
    end = start + data.draw(st.integers(0, 40))
    told(tmp_path, CONFIGURATION[:start] + data.draw(TEXTS) + CONFIGURATION[end:])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a = " + "[" * 3000, "is not valid TOML: values stand too deep in each other"),
        ("a = " + "{b = " * 3000, "is not valid TOML: values stand too deep in each other"),
        ("a = " + "9" * 5000, "is not valid TOML: Exceeds the limit"),
        (configuration(appended='"a\\nb" = 1'), 'adchoices."a\\nb" is not a key of the tag'),
        (configuration(appended='"" = 1'), 'adchoices."" is not a key of the tag'),
        (configuration(appended='"a.b" = 1'), 'adchoices."a.b" is not a key of the tag'),
        (
            configuration(appended="a" * 5000 + " = 1"),
            f'adchoices."{"a" * 59}… is not a key of the tag',
        ),
        (
            configuration({"vendor = 0": "vendor = 0x" + "f" * 5000}),
            "privacy.vendor must be 0 to 65535, not a number of thousands of digits",
        ),
        (
            configuration({'icon = ""': 'icon = "a\\u0000b"'}),
            'adchoices.icon must be a file that exists, not "a\\x00b"',
        ),
        (
            configuration({'icon = ""': 'icon = "."'}),
            'adchoices.icon must be a file that exists, not "."',
        ),
        (
            configuration({'keep_params = ["utm_*"]': f"keep_params = {MANY}"}),
            'measure.keep_params must be a list of parameter names such as ["utm_*"], 200 at most',
        ),
    ],
)
def test_what_is_out_of_all_proportion_is_told_of(tmp_path: Path, content: str, said: str) -> None:
    (line,) = told(tmp_path, content)
    assert line.removeprefix(f"{tmp_path / 'tag.toml'}: ").startswith(said)


@pytest.mark.parametrize("brand", ["onerror", "onload", "onpagehide", "constructor"])
def test_a_brand_that_the_window_listens_by_is_refused(tmp_path: Path, brand: str) -> None:
    (line,) = told(tmp_path, configuration({'brand = "azalead"': f'brand = "{brand}"'}))
    assert line.endswith(f"every page has a window.{brand} already")
    assert not told(tmp_path, configuration({'brand = "azalead"': f'brand = "{brand}_1"'}))


@pytest.mark.parametrize(
    "toml",
    [
        "a = " + "[" * 3000,
        configuration(appended='"a\\nb" = 1'),
        configuration({"vendor = 0": "vendor = 0x" + "f" * 5000}),
    ],
)
def test_a_build_of_it_ends_with_one_line_and_leaves_the_old_one(tmp_path: Path, toml: str) -> None:
    (tmp_path / "dist").mkdir()
    build = run_build(tmp_path, toml)
    assert (build.exit_code, build.stdout, len(build.complaints)) == (2, "", 1)
    assert build.complaints[0].startswith("tag.toml: ")
    assert [file.name for file in tmp_path.iterdir()] == ["dist", "tag.toml"]


@pytest.mark.parametrize("out", ["loop", "a" * 300, "tag.toml/dist"])
def test_an_output_that_can_be_nowhere_is_told_in_one_line(tmp_path: Path, out: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    build = run_build(tmp_path, configuration(), out=out)
    assert (build.exit_code, build.stdout, len(build.complaints)) == (2, "", 1)
    assert build.complaints[0].startswith(f"{out}: cannot be written: ")
