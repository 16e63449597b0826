"""Bad input: each fault in one line that names the file and the key, exit code 2, no output."""

from pathlib import Path

import pytest

from builder import bundle, minifier
from builder.configuration import load
from builder.constants import constants
from builder.errors import BuildError
from tests.build_runner import ROOT, Build, configuration, copy_sources, run_build

COLLECTOR = 'collector = "https://collector.localhost:8443"'
SITE = "1 to 64 of letters, digits, dot, dash and _, with a letter or digit first"
NO_NEWLINE = "Expected newline or end of document after a statement"
PARTNER = '\n[[sync]]\npartner = "acme"\nurl = "{url}"\ndays = {days}\n'
NODE_S_SIDE = (ROOT / "builder" / "minify.cjs").read_text(encoding="utf-8")
MATCH = "https://sync.acme.localhost:8443/match?id={visitor}"


def refused(build: Build) -> list[str]:
    """The complaints of a build that must not have come about."""
    assert build.exit_code == 2
    assert build.stdout == ""
    assert not build.out.exists()
    return build.complaints


def complaints_of(folder: Path, toml: str) -> list[str]:
    """What is said of a configuration, without the name of its file, which is in every line."""
    file = folder / "tag.toml"
    file.write_text(toml, encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        load(file)
    assert all(line.startswith(f"{file}: ") for line in caught.value.lines)
    return [line.removeprefix(f"{file}: ") for line in caught.value.lines]


@pytest.mark.parametrize(
    ("line", "changed", "complaint"),
    [
        ("cookie_days = 390", "cookie_days = 900", "visitor.cookie_days must be 1 to 400, not 900"),
        ("cookie_days = 390", "cookie_days = 0", "visitor.cookie_days must be 1 to 400, not 0"),
        (
            "cookie_days = 390",
            'cookie_days = "390"',
            'visitor.cookie_days must be 1 to 400, not "390"',
        ),
        (
            "cookie_days = 390",
            "cookie_days = true",
            "visitor.cookie_days must be 1 to 400, not true",
        ),
        (
            "cookie_days = 390",
            "cookie_day = 390",
            "visitor.cookie_day is not a key of the tag; did you mean cookie_days?",
        ),
        (
            "[measure]",
            "[measures]",
            "measures is not a key of the tag; did you mean measure?",
        ),
        ("clicks = true", "clicks = 1", "measure.clicks must be true or false, not 1"),
        (
            'gpc = "respect"',
            'gpc = "obey"',
            'privacy.gpc must be "report" or "respect", not "obey"',
        ),
        (
            "consent = []",
            'consent = ["tcf", "cmp"]',
            'privacy.consent must be a list of any of "tcf", "gpp", "usp", without "cmp"',
        ),
        ("vendor = 0", "vendor = -1", "privacy.vendor must be 0 to 65535, not -1"),
        (
            'keep_params = ["utm_*"]',
            'keep_params = ["*"]',
            'measure.keep_params[0] must name a parameter such as "utm_*": "*" would let all leave',
        ),
        (
            'campaign = ["utm_*"]',
            'campaign = ["*"]',
            (
                'measure.campaign[0] must name a parameter such as "utm_*": '
                'with "*" none would tell pages apart'
            ),
        ),
        (
            'campaign = ["utm_*"]',
            'campaign = ["utm source"]',
            (
                "measure.campaign[0] must be a parameter's name, with * for any characters, "
                'not "utm source"'
            ),
        ),
        (
            'campaign = ["utm_*"]',
            'campaign = "utm_*"',
            (
                'measure.campaign must be a list of parameter names such as ["utm_*"], '
                '200 at most, not "utm_*"'
            ),
        ),
        (
            'views = "auto"',
            'views = "none"',
            'measure.views must be "auto" or "manual", not "none"',
        ),
        (
            'brand = "azalead"',
            'brand = "my-tag"',
            'tag.brand must be 1 to 32 of a-z, 0-9 and _, with a letter first, not "my-tag"',
        ),
        (
            'brand = "azalead"',
            'brand = "top"',
            'tag.brand must not be "top": every page has a window.top already',
        ),
        (
            'brand = "azalead"',
            'brand = "class"',
            'tag.brand must not be "class": JavaScript reserves the word',
        ),
        (
            'brand = "azalead"',
            'brand = "choices"',
            'tag.brand must not be "choices": dist/choices.js is another file',
        ),
        (
            'site = "demo"',
            'site = "</script>"',
            f'tag.site must be {SITE}, not "</script>"',
        ),
        (
            'site = "demo"',
            "",
            f"tag.site is missing: it must be {SITE}",
        ),
        (
            COLLECTOR,
            'collector = "http://collector.example"',
            'tag.collector must start with https://, not "http://collector.example"',
        ),
        (
            'assets = "https://cdn.localhost:8443"',
            'assets = "//cdn.example"',
            'tag.assets must start with https://, not "//cdn.example"',
        ),
        (
            COLLECTOR,
            'collector = "https://me:secret@collector.example"',
            "tag.collector must hold no user name or password",
        ),
        (
            COLLECTOR,
            'collector = "https://collector.example/?a=1"',
            'tag.collector must be an address without a query, not "https://collector.example/?a=1"',
        ),
        (
            COLLECTOR,
            'collector = "https://collector.example/#a"',
            'tag.collector must be an address without a fragment, not "https://collector.example/#a"',
        ),
        (
            COLLECTOR,
            'collector = "https://collector.example:99999"',
            'tag.collector must be a sound https address, not "https://collector.example:99999"',
        ),
        (
            COLLECTOR,
            'collector = "https://a\'b.example"',
            'tag.collector must be a sound https address, not "https://a\'b.example"',
        ),
        (
            'icon = ""',
            'icon = "licensed.svg"',
            'adchoices.icon must be a file that exists, not "licensed.svg"',
        ),
        (
            'icon = ""',
            'icon = "/licensed.svg"',
            'adchoices.icon must be a path relative to this file, not "/licensed.svg"',
        ),
        (
            'languages = ["en"]',
            'languages = ["en", "xx"]',
            'adchoices.languages must be a list of languages with an AdChoices text, without "xx"',
        ),
        ("signal = false", "signal = 0", "adchoices.signal must be true or false, not 0"),
        (
            "participant = 0",
            "participant = 4096",
            "adchoices.participant must be 0 to 4095, not 4096",
        ),
        (
            "[tag]",
            "[tag]]",
            f"is not valid TOML: {NO_NEWLINE} (at line 1, column 6)",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    tmp_path: Path, line: str, changed: str, complaint: str
) -> None:
    assert complaints_of(tmp_path, configuration({line: changed})) == [complaint]


@pytest.mark.parametrize(
    ("url", "days", "complaint"),
    [
        (MATCH.replace("{visitor}", "1"), 14, "url must hold {visitor} once, in its query, not"),
        (MATCH + "&{time}", 14, "url must hold no braces but those of {visitor}, not"),
        (MATCH.replace("https", "http"), 14, "url must start with https://, not"),
        (MATCH, 0, "days must be 1 to 400, not"),
    ],
)
def test_a_wrong_partner_is_refused(tmp_path: Path, url: str, days: int, complaint: str) -> None:
    toml = configuration(appended=PARTNER.format(url=url, days=days))
    (told,) = complaints_of(tmp_path, toml)
    assert told.startswith(f"sync[0].{complaint}")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    changes = {"cookie_days = 390": "cookie_days = 900", "scroll = true": "scrol = true"}
    assert refused(run_build(tmp_path, configuration(changes))) == [
        "tag.toml: visitor.cookie_days must be 1 to 400, not 900",
        "tag.toml: measure.scrol is not a key of the tag; did you mean scroll?",
    ]


def test_a_partner_named_twice_is_refused(tmp_path: Path) -> None:
    partner = PARTNER.format(url=MATCH, days=14)
    assert complaints_of(tmp_path, configuration(appended=partner * 2)) == [
        'sync[1].partner must be a name of its own, not "acme" again'
    ]


def test_a_configuration_that_is_missing_is_refused(tmp_path: Path) -> None:
    assert refused(run_build(tmp_path, None)) == ["tag.toml: there is no such file"]


def test_a_configuration_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tag.toml").mkdir()
    build = run_build(tmp_path, None)
    assert refused(build) == ["tag.toml: cannot be read: Is a directory"]


def test_a_configuration_that_is_no_text_is_refused(tmp_path: Path) -> None:
    build = run_build(tmp_path, b"[tag]\nsite = '\xff'")
    assert refused(build) == ["tag.toml: is not UTF-8 text, at byte 14"]


def test_an_unknown_option_is_refused_in_one_line(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration(), "--wach")
    assert refused(build) == ["build.py: unrecognized arguments: --wach"]


def test_typescript_that_does_not_compile_is_told_once_with_file_and_line(tmp_path: Path) -> None:
    sources = copy_sources(tmp_path)
    (sources / "site.ts").write_text("let count: = 3;\n")
    build = run_build(tmp_path, configuration(), "--sources", "sdk")
    assert refused(build) == ['sdk/site.ts:1:11: Unexpected "="']


def test_a_constant_that_the_build_does_not_define_is_told(tmp_path: Path) -> None:
    sources = copy_sources(tmp_path)
    (sources / "site.ts").write_text("console.log(CONFIG.measure.weather);\n")
    build = run_build(tmp_path, configuration(), "--sources", "sdk")
    assert "sdk/site.ts: the build defines no CONFIG.measure.weather" in refused(build)


def test_a_template_that_uses_an_unknown_name_is_told(tmp_path: Path) -> None:
    sources = copy_sources(tmp_path)
    (sources / "templates" / "csp.txt.jinja").write_text("{{ weather }}")
    build = run_build(tmp_path, configuration(), "--sources", "sdk")
    assert refused(build) == ["sdk/templates/csp.txt.jinja: 'weather' is undefined"]


def test_a_template_with_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    sources = copy_sources(tmp_path)
    (sources / "templates" / "csp.txt.jinja").write_text("a\n{% if %}")
    build = run_build(tmp_path, configuration(), "--sources", "sdk")
    assert len(refused(build)) == 1
    assert build.complaints[0].startswith("sdk/templates/csp.txt.jinja:2: ")


def test_a_missing_esbuild_is_told_with_the_way_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "NODE_MODULES", tmp_path)
    values = constants(load(ROOT / "tag.toml"))
    with pytest.raises(BuildError, match="esbuild is not installed: run `make dist`"):
        bundle.Bundling(bundle.SITE, ROOT / "sdk", values)


def test_a_missing_node_is_told_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minifier, "find_spec", lambda _: None)
    with pytest.raises(BuildError, match=r"^Node is not installed: run `make dist`"):
        minifier.Minifier()


@pytest.mark.parametrize(
    ("program", "complaint"),
    [
        (NODE_S_SIDE, "^swc: Cannot find module '@swc/core': run `make dist`"),
        ("process.exit(1)", "^swc ended without an answer: run `make dist`"),
    ],
    ids=["swc", "Node"],
)
def test_a_minifier_that_fails_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, complaint: str
) -> None:
    """Where there is no node_modules beside its program there is no swc."""
    (tmp_path / "minify.cjs").write_text(program, encoding="utf-8")
    monkeypatch.setattr(minifier, "_PROGRAM", tmp_path / "minify.cjs")
    with pytest.raises(BuildError, match=complaint) as caught:
        minifier.Minifier().minify("let count = 3;", "{}", is_module=False)
    assert len(caught.value.lines) == 1


def test_what_swc_does_not_understand_is_told_in_one_line() -> None:
    with pytest.raises(BuildError, match=r"^swc: .+: run `make dist`") as caught:
        minifier.Minifier().minify("let count: = 3;", "{}", is_module=False)
    assert len(caught.value.lines) == 1


def test_sources_that_are_not_there_are_told(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration(), "--sources", "skd")
    assert refused(build) == ["skd: there is no such folder of sources"]


def test_faults_are_in_the_json_report_as_well(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration({"scroll = true": "scroll = 1"}), "--json")
    complaint = "tag.toml: measure.scroll must be true or false, not 1"
    assert build.complaints == [complaint]
    assert build.report == {"ok": False, "out": "dist", "errors": [complaint]}
