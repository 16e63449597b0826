"""What a build puts into dist/, and that the same input gives the same bytes."""

import base64
import gzip
import hashlib
import html
import json
import os
import re
from itertools import combinations
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

import brotli  # type: ignore[import-untyped] # it brings no types
import jsonschema
import pytest

from builder.budgets import SITE_LIMIT
from tests.build_runner import Build, build_here, configuration, copy_sources, run_build

BASE64 = ascii_uppercase + ascii_lowercase + digits + "+/"
PARTNER = """[[sync]]
partner = "acme"
url = "https://sync.acme.localhost:8443/match?id={visitor}"
days = 14
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The default configuration, built once for the tests that only look."""
    build = run_build(tmp_path_factory.mktemp("default"), configuration(), "--json")
    assert build.exit_code == 0, build.stderr
    return build


def test_every_file_of_the_contract_is_there(built: Build) -> None:
    contract = """azalead.js azalead.js.map azalead.mjs azalead.mjs.map azalead.d.mts azalead.d.ts
        snippet.html
        beacon.schema.json csp.txt manifest.json index.html"""
    assert set(contract.split()) <= built.contents().keys()


def test_every_script_has_a_hashed_twin_and_both_compressed(built: Build) -> None:
    contents = built.contents()
    for name in ("azalead.js", "azalead.mjs"):
        stem, ending = name.split(".")
        twins = [
            file for file in contents if re.fullmatch(rf"{stem}\.[0-9a-f]{{10}}\.{ending}", file)
        ]
        assert len(twins) == 1
        for served in (name, twins[0]):
            assert contents[served] == contents[name]
            assert gzip.decompress(contents[f"{served}.gz"]) == contents[name]
            assert brotli.decompress(contents[f"{served}.br"]) == contents[name]


def test_the_manifest_tells_the_truth_of_every_file(built: Build) -> None:
    contents = built.contents()
    for entry in built.manifest["files"]:
        content = contents[entry["name"]]
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert entry["integrity"] == f"sha384-{digest}"
        assert entry["bytes"]["raw"] == len(content)
        if entry["hashed"]:
            assert contents[entry["hashed"]] == content
            assert entry["bytes"]["gzip"] == len(contents[entry["name"] + ".gz"])
            assert entry["bytes"]["brotli"] == len(contents[entry["name"] + ".br"])
    assert built.manifest["configuration"]["tag"]["site"] == "demo"


def test_every_file_is_in_the_manifest(built: Build) -> None:
    known = {"manifest.json"}
    for entry in built.manifest["files"]:
        names = [entry["name"], entry["hashed"]] if entry["hashed"] else [entry["name"]]
        known |= {name + ending for name in names for ending in ("", ".gz", ".br")}
    assert built.contents().keys() <= known


def test_the_same_input_gives_the_same_bytes_in_another_folder_on_another_day(
    built: Build, tmp_path: Path
) -> None:
    sources = copy_sources(tmp_path / "far" / "away")
    for file in sources.rglob("*"):
        os.utime(file, (0, 0))
    again = run_build(tmp_path, configuration(), "--sources", str(sources), out="elsewhere/dist")
    assert again.contents() == built.contents()


def test_no_path_of_this_machine_is_in_the_output(built: Build) -> None:
    for name, content in built.contents().items():
        for path in (Path(__file__).parent.parent, Path.home(), built.out.parent):
            assert str(path).encode() not in content, name


def test_source_maps_name_sources_relative_to_the_project(built: Build) -> None:
    for name in ("azalead.js", "azalead.mjs"):
        assert built.text(name).endswith(f"\n//# sourceMappingURL={name}.map\n")
        source_map = json.loads(built.text(f"{name}.map"))
        assert "sdk/site.ts" in source_map["sources"]
        assert all(source.startswith("sdk/") for source in source_map["sources"])
        assert "sourceRoot" not in source_map


@pytest.mark.parametrize("name", ["azalead.js", "azalead.mjs"])
def test_a_place_in_the_script_is_found_in_the_sources(built: Build, name: str) -> None:
    """Both minifiers have moved it."""
    code, source_map = built.text(name), json.loads(built.text(f"{name}.map"))
    for words in ("redacted", "bad call", "currententrychange", "scrollHeight", "azalead_optout"):
        line = code.count("\n", 0, code.index(words))
        column = code.index(words) - code.rfind("\n", 0, code.index(words)) - 1
        source, row = place_of(source_map, line, column)
        text = source_map["sourcesContent"][source].splitlines()[row]
        assert words.removeprefix("azalead") in text, words


def place_of(source_map: dict[str, Any], line: int, column: int) -> tuple[int, int]:
    """The source and its row that a place of the script comes from (ECMA-426)."""
    source = row = 0
    found = (0, 0)
    for number, segments in enumerate(source_map["mappings"].split(";")):
        at = 0
        for segment in filter(None, segments.split(",")):
            steps = numbers_of(segment)
            at += steps[0]
            if len(steps) > 1:
                source, row = source + steps[1], row + steps[2]
            if (number, at) <= (line, column):
                found = (source, row)
    return found


def numbers_of(segment: str) -> list[int]:
    """What base64 VLQ says: five bits in each character, lowest first, and of those the sign."""
    numbers, number, shift = [], 0, 0
    for character in segment:
        bits = BASE64.index(character)
        number, shift = number | (bits & 31) << shift, shift + 5
        if not bits & 32:
            numbers.append(-(number >> 1) if number & 1 else number >> 1)
            number = shift = 0
    return numbers


def test_file_names_and_the_global_follow_the_brand(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration({'brand = "azalead"': 'brand = "daphne"'}))
    assert {"daphne.js", "daphne.mjs", "daphne.d.ts"} <= build.contents().keys()
    assert not [name for name in build.contents() if "azalead" in name]
    assert '"daphne"' in build.text("snippet.html")
    assert "azalead" not in build.text("daphne.js") + build.text("snippet.html")
    assert "Install daphne" in build.text("index.html")


def test_the_stub_is_inline_and_allowed_by_the_policy(built: Build) -> None:
    stub = re.search(r"<script>(.+)</script>", built.text("snippet.html"))
    assert stub is not None
    digest = base64.b64encode(hashlib.sha256(stub[1].encode()).digest()).decode()
    policy = built.text("csp.txt")
    assert f"script-src https://cdn.localhost:8443 'sha256-{digest}';" in policy
    assert "connect-src https://collector.localhost:8443;" in policy
    assert built.manifest["stub"]["integrity"] == f"sha256-{digest}"


def test_the_stub_is_es5(built: Build) -> None:
    stub = built.text("snippet.html").partition("<script>")[2].partition("</script>")[0]
    assert not re.search(r"=>|`|\b(const|let|class)\b|\.\.\.", stub)


def test_the_pixel_is_there_for_visitors_without_javascript(built: Build) -> None:
    pixel = 'href="https://collector.localhost:8443/pixel.gif?site=demo&amp;e=view"'
    assert pixel in built.text("snippet.html").partition("<noscript>")[2]


def test_the_pinned_snippet_loads_the_hashed_file_with_its_integrity(built: Build) -> None:
    site = next(file for file in built.manifest["files"] if file["name"] == "azalead.js")
    page = html.unescape(built.text("index.html"))
    assert f'"https://cdn.localhost:8443/{site["hashed"]}"' in page
    assert f'"{site["integrity"]}"' in page
    assert not re.search(r"__[a-z]+_?[a-z]*__", page), "all that was to come has come"


def test_the_install_page_needs_no_network(built: Build) -> None:
    page = built.text("index.html")
    head, _, body = page.partition("<body>")
    for tag in re.findall(r"<(?:script|link|img)\b[^>]*>", head + body):
        assert not re.search(r'(?:src|href)="(?!data:)', tag), tag
    for element in ("style", "script"):
        inline = re.search(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)
        assert inline is not None
        digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in page


def test_the_example_on_the_install_page_keeps_to_the_schema(built: Build) -> None:
    schema = json.loads(built.text("beacon.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    example = re.search(r'id="example">.*?<code>(.*?)</code>', built.text("index.html"), re.DOTALL)
    assert example is not None
    beacon = json.loads(html.unescape(example[1]))
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(beacon)
    for wrong in (
        beacon | {"email": "somebody@example.com"},
        beacon | {"visitor": "somebody"},
        beacon | {"events": []},
        beacon | {"events": [beacon["events"][0] | {"navigation": "teleport"}]},
        beacon | {"events": [beacon["events"][1] | {"engaged": -1}]},
    ):
        assert not validator.is_valid(wrong)


def test_the_report_in_json_says_what_was_built(built: Build) -> None:
    assert built.report["ok"] is True
    assert built.report["out"] == "dist"
    sizes = {file["name"]: file["raw"] for file in built.report["files"]}
    assert sizes["azalead.js"] == len(built.contents()["azalead.js"])
    assert built.report["stub"]["gzip"] <= built.report["stub"]["budget"]["bytes"]


def test_the_report_for_people_is_a_table_without_colour_in_a_pipe(tmp_path: Path) -> None:
    lines = run_build(tmp_path).stdout.splitlines()
    assert lines[0].split() == ["file", "raw", "gzip", "brotli", "budget"]
    assert lines[1].startswith("azalead.js ")
    assert lines[1].endswith(" brotli")
    assert lines[-1].startswith("dist/ built in ")
    assert "\033" not in "".join(lines)


def test_a_client_s_own_long_names_and_chosen_features_are_not_over_budget(tmp_path: Path) -> None:
    own = {
        'brand = "azalead"': 'brand = "a_rather_long_brand_name"',
        "collector.localhost": "events.collection.of-a-company-with-a-long-name.example",
        "hash_routes = false": "hash_routes = true",
        "redact = []": 'redact = ["/users/*", "/patients/*/results", "/reset/**"]',
        'languages = ["en"]': 'languages = ["en", "de", "fr", "ru", "el"]',
        'dnt = "report"': 'dnt = "respect"',
    }
    build = run_build(tmp_path, configuration(own), "--json")
    assert (build.exit_code, build.complaints) == (0, [])


@pytest.mark.parametrize(
    "consent",
    [apis for count in (1, 2, 3) for apis in combinations(("tcf", "gpp", "usp"), count)],
    ids="+".join,
)
@pytest.mark.parametrize("respect", [True, False], ids=["respecting", "reporting"])
def test_whatever_consent_a_client_chooses_is_not_over_budget(
    tmp_path: Path, consent: tuple[str, ...], *, respect: bool
) -> None:
    chosen = {"consent = []": f"consent = {json.dumps(consent)}"}
    if respect:
        chosen |= {'dnt = "report"': 'dnt = "respect"', "signal = false": "signal = true"}
    assert not build_here(tmp_path, configuration(chosen)).over_budget


def test_a_tag_over_its_budget_is_built_and_told_with_exit_code_1(tmp_path: Path) -> None:
    sources = copy_sources(tmp_path)
    noise = hashlib.shake_256(b"noise").hexdigest(3000)
    with (sources / "site.ts").open("a") as site:
        site.write(f'\nconsole.log("{noise}");\n')
    build = run_build(tmp_path, configuration(), "--sources", "sdk")
    assert build.exit_code == 1
    assert len(build.complaints) == 1
    assert re.fullmatch(
        rf"azalead\.js: [\d,]+ bytes brotli, [\d,]+ over its budget of {SITE_LIMIT:,}",
        build.complaints[0],
    )
    assert noise in build.text("azalead.js")


@pytest.mark.parametrize(
    ("off", "on", "trace"),
    [
        ('dnt = "report"', 'dnt = "respect"', ""),
        ('gpc = "report"', 'gpc = "respect"', ""),
        ('set_by = "server"', 'set_by = "script"', "getRandomValues"),
        ("keep_params = []", 'keep_params = ["utm_*"]', "utm_"),
        ("campaign = []", 'campaign = ["utm_*"]', "[^=/]*"),
        ('views = "manual"', 'views = "auto"', "currententrychange"),
        ("\nroutes = false", "\nroutes = true", "currententrychange"),
        ("clicks = false", "clicks = true", "auxclick"),
        ("scroll = false", "scroll = true", "scrollHeight"),
        ("hash_routes = false", "hash_routes = true", ".replace(/\\?.*/"),
        ("consent = []", 'consent = ["tcf"]', "__tcfapi"),
        ("consent = []", 'consent = ["gpp"]', "__gpp"),
        ("consent = []", 'consent = ["usp"]', "__uspapi"),
        ("# [[sync]]", PARTNER, "_sync"),
        ("debug = false", "debug = true", "console.log"),
        ("signal = false", "signal = true", "AdPreferences"),
    ],
)
def test_what_is_off_costs_no_byte(tmp_path: Path, off: str, on: str, trace: str) -> None:
    key = off.partition(" = ")[0]
    default = next(line for line in (off, on) if line in configuration())
    texts, sizes = {}, {}
    for name, line in (("off", off), ("on", on)):
        distribution = build_here(tmp_path, configuration({default: line}))
        site = json.loads(distribution.manifest().content)["files"][0]
        texts[name] = (tmp_path / "dist" / site["name"]).read_text(encoding="utf-8")
        sizes[name] = site["bytes"]["brotli"]
    assert trace in texts["on"], key
    assert not trace or trace not in texts["off"], key
    assert sizes["off"] < sizes["on"]
