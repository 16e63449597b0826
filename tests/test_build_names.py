"""What the files of dist/ are called: after the brand, or as tag.toml has it."""

from pathlib import Path

import pytest

from tests.build_runner import configuration, run_build

TAG, SCRIPT, PICTURE = (
    'file = ""                  ',
    'script = ""                ',
    'picture = ""               ',
)


def named(tag: str = "", script: str = "", picture: str = "") -> str:
    """tag.toml with names for its files."""
    return configuration(
        {TAG: f'file = "{tag}"', SCRIPT: f'script = "{script}"', PICTURE: f'picture = "{picture}"'}
    )


def test_files_are_called_as_the_configuration_has_it(tmp_path: Path) -> None:
    build = run_build(tmp_path, named("site", "corner", "petals"))
    names = build.contents().keys()
    expected = {"site.js", "site.mjs", "site.d.mts", "site.d.ts", "corner.js", "petals.svg"}
    assert expected <= names
    assert not {name for name in names if name.startswith(("azalead", "adchoices."))}
    listed = {entry["name"] for entry in build.manifest["files"]}
    assert expected - {"site.d.mts"} <= listed | {"site.d.mts"}
    assert '"https://cdn.localhost:8443/site.js"' in build.text("snippet.html")
    assert "./site.mjs" in build.text("index.html")
    assert "https://cdn.localhost:8443/petals.svg" in build.text("adchoices-vast.xml")
    assert "window.azalead=" in build.text("snippet.html"), "the function follows the brand"


def test_without_names_files_are_called_after_the_brand(tmp_path: Path) -> None:
    names = run_build(tmp_path, named()).contents().keys()
    assert {"azalead.js", "azalead-ad.js", "adchoices.svg"} <= names


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (("a/b", "", ""), "tag.file must be a file's name without its ending"),
        (("../a", "", ""), "tag.file must be"),
        (("a.js", "", ""), "tag.file must be"),
        (("", "A", ""), "adchoices.script must be"),
        (("", "", "a" * 65), "adchoices.picture must be"),
        (
            ("same", "same", ""),
            'adchoices.script must be a name that no other file has, not "same"',
        ),
        (("choices", "", ""), 'tag.file must be a name that no other file has, not "choices"'),
        (("", "azalead", ""), "adchoices.script must be a name that no other file has"),
    ],
)
def test_a_wrong_name_is_told_with_its_key(
    tmp_path: Path, names: tuple[str, str, str], complaint: str
) -> None:
    build = run_build(tmp_path, named(*names))
    assert build.exit_code == 2
    (line,) = build.complaints
    assert complaint in line
