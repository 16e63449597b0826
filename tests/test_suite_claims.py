"""The suite itself: what it says of the claims, in each form."""

import json
from pathlib import Path

from tests.support import claims_report
from tests.support.claims import SENTENCES, Proofs

ENGINES = ("chromium", "webkit")


def proofs() -> Proofs:
    found = Proofs(ENGINES)
    found.add(["C01"], "chromium", "passed", "")
    found.add(["C01"], "webkit", "passed", "")
    found.add(["C01"], "webkit", "failed", "")
    found.add(["C02"], "chromium", "passed", "")
    found.add(["C02"], "webkit", "skipped", "cannot <do> it")
    found.add(["C23"], None, "passed", "")
    return found


def test_every_claim_has_a_verdict_in_every_engine() -> None:
    verdicts = proofs().verdicts()
    assert list(verdicts) == [f"C{number:02}" for number in range(1, 25)] == list(SENTENCES)
    assert verdicts["C01"] == {"chromium": "passed", "webkit": "failed"}
    assert verdicts["C02"] == {"chromium": "passed", "webkit": "skipped: cannot <do> it"}
    assert verdicts["C03"] == {"chromium": "not tested", "webkit": "not tested"}
    assert verdicts["C23"] == {"chromium": "passed", "webkit": "passed"}


def test_the_table_is_the_same_for_programs_and_people(tmp_path: Path) -> None:
    verdicts = proofs().verdicts()
    claims_report.write(tmp_path, verdicts, ENGINES)
    assert json.loads((tmp_path / "claims.json").read_text(encoding="utf-8")) == verdicts
    page = (tmp_path / "claims.html").read_text(encoding="utf-8")
    assert "2 of 24 claims proven in Chromium, WebKit" in page
    assert "cannot &lt;do&gt; it" in page
    lines = claims_report.as_lines(verdicts, ENGINES, 80)
    assert len(lines) == 1 + len(SENTENCES) + 1, "a head, each claim, and one reason"
    assert max(map(len, lines)) <= 80
    assert lines[3].split()[:4] == ["C03", "not", "tested", "not"]
