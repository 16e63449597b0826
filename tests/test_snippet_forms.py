"""The snippet as frameworks take it: what they render has the hash of csp.txt."""

import base64
import hashlib
import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from builder.minifier import node_program
from tests.build_runner import Build, configuration, run_build
from tests.tools.install import FOLDER, install

FORMS = {
    "react": "form-react",
    "next": "form-next",
    "next-script": "form-next-script",
    "nuxt": "form-nuxt",
    "astro": "form-astro",
    "svelte": "form-svelte",
}
WITH_PIXEL = ("react", "nuxt", "astro")


def forms_of(build: Build) -> dict[str, str]:
    """Each form, taken from the install page as a client would."""
    page = build.text("index.html")
    found = {}
    for name, place in FORMS.items():
        code = re.search(rf'id="{place}">.*?<code>(.*?)</code>.*?data-copy', page, re.DOTALL)
        assert code, f"{name} has no text with a button to copy it"
        found[name] = html.unescape(code[1])
    return found


def rendered(forms: dict[str, str]) -> dict[str, str]:
    """What the frameworks' own compilers and renderers make of the forms."""
    install()
    command = [str(node_program()), str(FOLDER / "render_forms.mjs")]
    done = subprocess.run(command, input=json.dumps(forms), capture_output=True, text=True)  # noqa: S603, PLW1510 - ours
    assert done.returncode == 0, done.stderr
    made: dict[str, str] = json.loads(done.stdout)
    return made


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The build of tag.toml."""
    return run_build(tmp_path_factory.mktemp("forms"))


def test_every_form_renders_the_stub_that_the_policy_names(build: Build) -> None:
    made = rendered(forms_of(build))
    assert made.keys() == FORMS.keys() - {"next"}
    for name, page in made.items():
        (code,) = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in build.text("csp.txt"), name


def test_every_form_for_the_head_asks_for_the_pixel_by_what_a_head_may_hold(build: Build) -> None:
    made = rendered(forms_of(build))
    address = "https://collector.localhost:8443/pixel.gif?site=demo&e=view"
    for name in WITH_PIXEL:
        (inside,) = re.findall(r"<noscript>(.*?)</noscript>", made[name], re.DOTALL)
        (tag,) = re.findall(r"<[^>]+>", inside)
        assert tag.startswith("<link "), name
        assert f'href="{address}"' in html.unescape(tag), name
        assert 'referrerpolicy="origin"' in tag.lower(), name


def test_next_takes_the_form_of_react(build: Build) -> None:
    forms = forms_of(build)
    assert forms["next"] == forms["react"]


def test_where_consent_is_asked_for_no_form_has_a_pixel(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration({"consent = [] ": 'consent = ["usp"] '}))
    assert not any("noscript" in form for form in forms_of(build).values())
