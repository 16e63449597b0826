"""The types that ship: however TypeScript resolves a module, they are found and say what holds."""

import html
import re
import subprocess
from pathlib import Path

import pytest

from tests.build_runner import ROOT, Build, run_build

TSC = ROOT / "node_modules" / ".bin" / "tsc"
COMMON = ("--noEmit", "--strict", "--target", "es2020", "--lib", "es2020,dom")

RESOLUTIONS = {
    "bundler": ("--module", "esnext", "--moduleResolution", "bundler"),
    "nodenext": ("--module", "nodenext", "--moduleResolution", "nodenext"),
    "node10": (
        *("--module", "esnext", "--moduleResolution", "node10"),
        *("--ignoreDeprecations", "6.0"),
    ),
}

ACCEPTED = """
import tag, { type Explanation, type Organization } from "./azalead.mjs";
interface Item { readonly name: string; price?: number; tags: readonly string[] }
const item: Item = { name: "a", tags: ["x"] };
tag("event", "buy", item);
tag("event", "buy", { list: [item] as const, none: null, deep: { list: [1, "a", true] } });
tag("event", "sign_up");
tag("view");
tag("view", { url: "/step/2", title: "Step 2" });
tag("optout");
tag("optin");
tag("explain", (told: Explanation) => told.rules.map((each) => each.rule));
tag("organization", (organization: Organization | null) => organization?.name);
azalead("event", "x", { a: 1 });
window.azalead("view");
"""

GLOBAL = """
azalead("view");
window.azalead("event", "x", { n: 1 });
globalThis.azalead("optout");
"""

REFUSED = {
    "a function": 'tag("event", "x", { made: () => 1 });',
    "a symbol": 'tag("event", "x", { made: Symbol() });',
    "a large number": 'tag("event", "x", { made: 1n });',
    "nothing": 'tag("event", "x", { made: undefined });',
    "inside": 'tag("event", "x", { list: [{ made: () => 1 }] });',
    "a list": 'tag("event", "x", [1]);',
    "a text": 'tag("event", "x", "text");',
    "no name": 'tag("event");',
    "no such command": 'tag("viev");',
    "no callback": 'tag("explain");',
    "an address alone": 'tag("view", "/step/2");',
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The build of tag.toml."""
    return run_build(tmp_path_factory.mktemp("types"))


def complaints(build: Build, folder: Path, files: dict[str, str], *options: str) -> str:
    """What TypeScript says of some files that stand beside those of the build."""
    for name in ("azalead.mjs", "azalead.d.mts", "azalead.d.ts"):
        (folder / name).write_text(build.text(name), encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [
        str(TSC),
        *COMMON,
        *options,
        *files,
        *([] if "use.ts" in files else ["azalead.d.ts"]),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return done.stdout


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_the_module_s_types_are_found_and_accept_what_json_carries(
    build: Build, tmp_path: Path, resolution: str
) -> None:
    assert complaints(build, tmp_path, {"use.ts": ACCEPTED}, *RESOLUTIONS[resolution]) == ""


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_the_install_page_s_example_is_right(build: Build, tmp_path: Path, resolution: str) -> None:
    page = build.text("index.html")
    example = re.search(r'id="bundler".*?<code>(.*?)</code>', page, re.DOTALL)
    assert example
    files = {"use.ts": html.unescape(example[1])}
    assert complaints(build, tmp_path, files, *RESOLUTIONS[resolution]) == ""


def test_the_global_alone_has_its_types(build: Build, tmp_path: Path) -> None:
    files = {"page.ts": GLOBAL}
    assert complaints(build, tmp_path, files, *RESOLUTIONS["bundler"]) == ""
    wrong = {"page.ts": 'azalead("viev");'}
    assert "TS2769" in complaints(build, tmp_path, wrong, *RESOLUTIONS["bundler"])


def test_what_json_would_lose_and_bad_calls_are_refused(build: Build, tmp_path: Path) -> None:
    head = 'import tag from "./azalead.mjs";\n'
    expected = "".join(f"// @ts-expect-error {what}\n{call}\n" for what, call in REFUSED.items())
    files = {"use.ts": head + expected}
    assert complaints(build, tmp_path, files, *RESOLUTIONS["bundler"]) == ""
