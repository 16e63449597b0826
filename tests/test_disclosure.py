"""What a build discloses: storage, origins, and how it answers the visitor's signals."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from fixtures.server import FixtureServer
from fixtures.well_known import serve_well_known
from tests.build_runner import Build, configuration, run_build
from tests.fixture_client import Client

SYNC = """
[[sync]]
partner = "acme"
url = "https://sync.acme.localhost:8443/match?id={visitor}"
days = 14

[[sync]]
partner = "other"
url = "https://ids.other.example/m?v={visitor}"
days = 3
"""
OWN_COLLECTOR = {
    'set_by = "script"': 'set_by = "server"',
    'collector = "https://collector.localhost:8443"': 'collector = "https://c.client.example/a"',
}


def storage(build: Build) -> dict[str, Any]:
    """The vendor's disclosure as the consent framework reads it."""
    document: dict[str, Any] = json.loads(build.text("device-storage.json"))
    return document


def kept(build: Build) -> set[tuple[str, str, str]]:
    """Name, kind and first domain of all that is stored."""
    return {
        (each["identifier"], each["type"], each["domains"][0])
        for each in storage(build)["disclosures"]
    }


def policy(build: Build) -> dict[str, list[str]]:
    """The sources of each directive in csp.txt."""
    lines = build.text("csp.txt").splitlines()
    directives = [
        line.rstrip(";").split() for line in lines if line.endswith(";") and line[0] != "#"
    ]
    return {name: [each for each in sources if each[0] != "'"] for name, *sources in directives}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The build of tag.toml as it stands."""
    return run_build(tmp_path_factory.mktemp("disclosure"))


def test_a_build_declares_what_it_stores_and_nothing_else(build: Build) -> None:
    assert kept(build) == {
        ("azalead_id", "cookie", "*"),
        ("azalead_optout", "cookie", "*"),
        ("azalead_optout", "web", "*"),
        ("azalead_unsent", "web", "*"),
        ("azalead_id", "cookie", "choices.localhost"),
        ("azalead_optout", "cookie", "choices.localhost"),
    }
    domains = {each["domain"] for each in storage(build)["domains"]}
    assert domains == {"cdn.localhost", "collector.localhost", "choices.localhost"}


def test_the_declaration_keeps_to_the_frameworks_format(tmp_path: Path) -> None:
    document = storage(run_build(tmp_path, configuration(appended=SYNC)))
    assert document.keys() == {"disclosures", "domains"}
    for each in document["disclosures"]:
        is_cookie = each["type"] == "cookie"
        assert isinstance(each["maxAgeSeconds"], int) == is_cookie
        assert ("cookieRefresh" in each) == is_cookie
        assert each["domains"]
        # Whatever needs consent says so by purpose 1; the opt-out is what the visitor asks for.
        assert (1 in each["purposes"]) != each.get("optOut", False)
        assert set(each["purposes"]) <= set(range(1, 12))
        assert each["description"]
    for each in document["domains"]:
        assert each.keys() == {"domain", "purposes", "use"}
        assert re.fullmatch(r"[a-z0-9.-]+", each["domain"])


def test_lifetimes_follow_the_configuration(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration({"cookie_days = 390": "cookie_days = 7"}))
    ages = {each["identifier"]: each["maxAgeSeconds"] for each in storage(build)["disclosures"]}
    assert ages["azalead_id"] == 7 * 86400
    assert ages["azalead_optout"] >= (5 * 365 + 2) * 86400


def test_partners_are_declared_only_where_there_are_any(tmp_path: Path, build: Build) -> None:
    synced = run_build(tmp_path, configuration(appended=SYNC))
    assert kept(synced) - kept(build) == {("azalead_sync", "web", "*")}
    assert kept(build) - kept(synced) == set()
    domains = {each["domain"] for each in storage(synced)["domains"]}
    assert {"sync.acme.localhost", "ids.other.example"} <= domains
    assert policy(synced)["img-src"] == [
        "https://collector.localhost:8443",
        "https://sync.acme.localhost:8443",
        "https://ids.other.example",
    ]
    assert policy(build)["img-src"] == ["https://collector.localhost:8443"]


def test_a_collector_of_the_clients_own_is_not_called_ours(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration(OWN_COLLECTOR))
    domains = {each["domain"] for each in storage(build)["domains"]}
    assert domains == {"cdn.localhost", "choices.localhost"}
    assert policy(build)["connect-src"] == ["https://c.client.example/a/"]
    assert "SameSite=Lax; Secure; HttpOnly" in build.text("index.html")


def test_names_follow_the_brand(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration({'brand = "azalead"': 'brand = "daphne"'}))
    assert {name for name, _, _ in kept(build)} == {"daphne_id", "daphne_optout", "daphne_unsent"}


def test_the_install_page_lists_what_the_declaration_has(tmp_path: Path) -> None:
    build = run_build(tmp_path, configuration(appended=SYNC))
    section = build.text("index.html").partition('id="stored"')[2].partition("</section>")[0]
    rows = re.findall(r'<th scope="row"><code>([^<]+)</code></th>\s*<td>([^<]+)</td>', section)
    told = [
        (each["identifier"], each["description"].rstrip(".").lower())
        for each in storage(build)["disclosures"]
    ]
    assert [(name, html.unescape(holds).lower()) for name, holds in rows] == told


@pytest.mark.parametrize(
    ("line", "changed", "file", "expected"),
    [
        ('gpc = "respect"', 'gpc = "respect"', "gpc.json", {"gpc": True}),
        ('gpc = "respect"', 'gpc = "report"', "gpc.json", {"gpc": False}),
        ('dnt = "report"', 'dnt = "report"', "dnt/index.json", {"tracking": "D"}),
        ('dnt = "report"', 'dnt = "respect"', "dnt/index.json", {"tracking": "N"}),
    ],
)
def test_what_is_said_of_a_signal_is_what_the_build_does(
    tmp_path: Path, line: str, changed: str, file: str, expected: dict[str, object]
) -> None:
    build = run_build(tmp_path, configuration({line: changed}))
    assert json.loads(build.text(f"well-known/{file}")).items() >= expected.items()


def test_every_disclosure_is_listed_with_its_integrity(build: Build) -> None:
    listed = {file["name"]: file["integrity"] for file in build.manifest["files"]}
    for name in ("device-storage.json", "well-known/gpc.json", "well-known/dnt/index.json"):
        assert listed[name].startswith("sha384-")
        assert f'href="{name}"' in build.text("index.html")


def test_a_later_build_takes_the_place_of_folders_too(tmp_path: Path) -> None:
    first = run_build(tmp_path).contents()
    (tmp_path / "dist" / "well-known" / "dnt" / "left.json").write_text("{}")
    assert run_build(tmp_path).contents() == first


def test_well_known_resources_have_the_types_of_their_specifications(build: Build) -> None:
    with FixtureServer() as server:
        gpc, dnt = serve_well_known(server, "publisher", build.out)
        answers = [Client(server).get(address) for address in (gpc, dnt)]
    assert gpc.endswith("/.well-known/gpc.json")
    assert dnt.endswith("/.well-known/dnt/")
    types = [answer.headers["Content-Type"] for answer in answers]
    assert types == ["application/json", "application/tracking-status+json"]
    assert json.loads(answers[0].body)["lastUpdate"] == "2026-11-30"
