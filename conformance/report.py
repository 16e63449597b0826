"""What came of a run, for people and for machines."""

import json
from collections.abc import Sequence
from typing import Any

from conformance.runner import FAILED, PASSED, SKIPPED, Result

CONFORMS, FAILS, UNCHECKED = "conforms", "fails", "unchecked"


def verdict(results: Sequence[Result]) -> str:
    """In one word."""
    return FAILS if any(result.outcome == FAILED for result in results) else CONFORMS


def line(result: Result) -> str:
    """One check, as it is done."""
    sign = {PASSED: "ok", FAILED: "FAILED", SKIPPED: "skipped"}[result.outcome]
    reason = f"  ({result.expected})" if result.outcome == SKIPPED else ""
    return f"{sign:8}{result.check.name}{reason}"


def explanation(result: Result) -> str:
    """All that is known of a failure."""
    parts = {
        "the contract": f"{result.check.says}\n{result.check.where}",
        "expected": result.expected,
        "was sent": result.sent,
        "came": result.came,
    }
    told = [f"  {name + ':':14}{_indented(text)}" for name, text in parts.items()]
    return "\n".join([result.check.name, *told, ""])


def summary(results: Sequence[Result]) -> str:
    """The last line."""
    counts = {
        outcome: sum(result.outcome == outcome for result in results)
        for outcome in (PASSED, FAILED, SKIPPED)
    }
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())


def as_json(address: str, results: Sequence[Result]) -> str:
    """For machines."""
    document: dict[str, Any] = {
        "verdict": verdict(results),
        "address": address,
        "checks": [
            {
                "name": result.check.name,
                "outcome": result.outcome,
                "says": result.check.says,
                "where": result.check.where,
                "expected": result.expected,
                "sent": result.sent,
                "came": result.came,
            }
            for result in results
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def unreachable_as_json(address: str, why: str) -> str:
    """For machines, where nothing could be checked."""
    return json.dumps(
        {"verdict": UNCHECKED, "address": address, "checks": [], "why": why}, indent=2
    )


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 16)
