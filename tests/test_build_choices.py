"""The choices page as the build makes it: its script pinned, its words in the right languages."""

import re
from pathlib import Path

from tests.build_runner import configuration, run_build


def test_the_page_pins_its_script_and_holds_the_configured_languages_only(tmp_path: Path) -> None:
    languages = {'languages = ["en"]': 'languages = ["sk", "el"]'}
    build = run_build(tmp_path, configuration(languages), "--json")
    assert build.exit_code in {0, 1}, build.stderr
    page = build.text("choices.html")
    (script,) = [entry for entry in build.manifest["files"] if entry["name"] == "choices.js"]
    assert f'src="{script["hashed"]}" integrity="{script["integrity"]}"' in page
    assert re.findall(r'<article lang="([^"]+)"', page) == ["sk", "el"]
    assert '<html lang="sk">' in page
    assert "Your ad choices" not in page


def test_without_adchoices_there_is_no_choices_page(tmp_path: Path) -> None:
    text = configuration()
    build = run_build(tmp_path, text[: text.index("[adchoices]")], "--json")
    assert build.exit_code in {0, 1}, build.stderr
    assert not [name for name in build.contents() if name.startswith("choices")]


def test_every_language_of_adchoices_has_all_words(tmp_path: Path) -> None:
    every = (
        '["en", "fr", "fr-CA", "de", "it", "es", "pl", "da", "sv", "nb", "fi", "cs", "sk", "ro",'
        ' "bg", "el", "nl", "ru"]'
    )
    build = run_build(tmp_path, configuration({'languages = ["en"]': f"languages = {every}"}))
    assert build.exit_code in {0, 1}, build.stderr
    page = build.text("choices.html")
    assert page.count("<article") == 18
    assert not re.search(r"\{\w+\}", page), "every place has been filled in"
