"""What the platform promises, and which of it a run has proven, in which engine."""

from collections.abc import Iterable
from dataclasses import dataclass, field

SENTENCES = {
    "C01": "A returning visitor is recognised as the same one",
    "C02": "The cookie holds a random identifier and nothing else",
    "C03": "The cookie can be read by nobody but us",
    "C04": "A visitor who refuses cookies loses nothing but recognition",
    "C05": "Who deletes the cookie is a new visitor",
    "C06": "Every page view says when the page was accessed",
    "C07": "Every page view says how long the visitor spent on it",
    "C08": "A visitor's clickstream can be put together",
    "C09": "Browser, system and address come with the request; the tag gathers no fingerprint",
    "C10": "What beacons collect is tied to the cookie that is already there",
    "C11": "A page whose visitor has no JavaScript is counted by an invisible pixel",
    "C12": "An email that is opened is counted by an invisible pixel",
    "C13": "The visitor's organisation is inferred from the IP address, and a site can ask for it",
    "C14": "Third parties' advertising IDs can be linked to the cookie, as often as configured",
    "C15": "What tells who a person is is taken out before it leaves; how much is published",
    "C16": "A visitor can opt out of personalised ads",
    "C17": "Where the opt-out cookie is refused, the visitor is told so",
    "C18": "The opt-out lasts",
    "C19": "A targeted ad carries the Advertising Option Icon in one of its corners",
    "C20": "Choosing the icon explains the ad and leads to the same opt-out",
    "C21": "Do Not Track is detected in every form that browsers gave it, and reported",
    "C22": "By default Do Not Track changes nothing else; a client can have it honoured",
    "C23": "Everything travels encrypted; a build that would not is refused",
    "C24": "What the tag stores and sends is disclosed, and browsers show what is disclosed",
}
"""Each claim by its number."""

NOT_TESTED = "not tested"
"""The verdict where a run had no test that cites the claim."""


@dataclass
class Outcomes:
    """The outcomes of the tests that cite one claim, in one engine."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    """The reasons."""

    @property
    def verdict(self) -> str:
        """Passed, failed, or "skipped: why": one failure is enough, and so is one proof."""
        if self.failed:
            return "failed"
        if self.passed:
            return "passed"
        return f"skipped: {'; '.join(dict.fromkeys(self.skipped))}"


class Proofs:
    """Collects outcomes test by test."""

    def __init__(self, engines: Iterable[str]) -> None:
        """Know the engines of this run."""
        self.engines = tuple(engines)
        self._outcomes: dict[str, dict[str, Outcomes]] = {}

    def add(self, claims: Iterable[str], engine: str | None, outcome: str, reason: str) -> None:
        """Take in a test's outcome; without an engine it holds for all of them."""
        for claim in claims:
            for each in (engine,) if engine else self.engines:
                outcomes = self._outcomes.setdefault(claim, {}).setdefault(each, Outcomes())
                if outcome == "passed":
                    outcomes.passed += 1
                elif outcome == "failed":
                    outcomes.failed += 1
                else:
                    outcomes.skipped.append(reason)

    @property
    def is_empty(self) -> bool:
        """Whether no test cited a claim."""
        return not self._outcomes

    def verdicts(self) -> dict[str, dict[str, str]]:
        """By claim and engine, all of them: what `reports/claims.json` holds."""
        return {
            claim: {engine: self._verdict(claim, engine) for engine in self.engines}
            for claim in SENTENCES
        }

    def _verdict(self, claim: str, engine: str) -> str:
        found = self._outcomes.get(claim, {}).get(engine)
        return found.verdict if found else NOT_TESTED
