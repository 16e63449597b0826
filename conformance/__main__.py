"""`python -m conformance URL [--server-cookie] [--choices URL] [--json]`.

Exit 0 where it conforms, 1 where it fails, 2 for a wrong command line, 3 where nothing answers.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from conformance import report
from conformance.check import Probe
from conformance.runner import (
    FAILED,
    Result,
    choices_checks,
    collector_checks,
    default_origin,
    is_reachable,
    run,
)
from conformance.target import REQUESTS_PER_SECOND, Pace, Target, TargetError, client_context

CONFORMS, FAILS, WRONG_USE, UNREACHABLE = 0, 1, 2, 3


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m conformance",
        description="Tells whether a collector keeps to docs/collector.md. It sends some 250 "
        "requests, with the account `conformance`, to the addresses given and nowhere else.",
    )
    add = parser.add_argument
    add("url", metavar="URL", help="the collector, as `collector` in tag.toml has it")
    add("--server-cookie", action="store_true", help='it sets the cookie: set_by = "server"')
    add("--choices", metavar="URL", help="check this choices server too")
    add("--origin", help="a page's origin that the collector is for, https://…")
    add("--brand", default="azalead", help="what the cookies' names begin with")
    add("--ca", type=Path, metavar="FILE", help="trust the authorities in this PEM file")
    add("--insecure", action="store_true", help="trust any certificate")
    add("--rate", type=float, default=REQUESTS_PER_SECOND, help="requests a second at most")
    add("--json", action="store_true", help="report as one JSON object")
    asked = parser.parse_args(arguments)
    if not asked.rate > 0:
        parser.error("--rate must be above 0")
    return asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line names."""
    asked = options(arguments)
    try:
        context = client_context(asked.ca, insecure=asked.insecure)
        collector = Target.of(asked.url, context)
        choices = Target.of(asked.choices, context) if asked.choices else None
    except TargetError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_USE
    pace = Pace(asked.rate)
    origin = asked.origin or default_origin(collector, server_cookie=asked.server_cookie)
    runs = [
        (
            Probe(collector, pace, origin, asked.brand),
            collector_checks(server_cookie=asked.server_cookie),
        )
    ]
    if choices:
        runs.append((Probe(choices, pace, choices.origin, asked.brand), choices_checks()))
    for probe, _ in runs:
        if why := is_reachable(probe):
            if asked.json:
                sys.stdout.write(report.unreachable_as_json(asked.url, why) + "\n")
            sys.stderr.write(f"{why}\n")
            return UNREACHABLE
    results: list[Result] = []
    for probe, checks in runs:
        results += run(probe, checks, (lambda _: None) if asked.json else _tell)
    if asked.json:
        sys.stdout.write(report.as_json(asked.url, results) + "\n")
    else:
        failures = [report.explanation(each) for each in results if each.outcome == FAILED]
        sys.stdout.write("\n" + "\n".join([*failures, report.summary(results)]) + "\n")
    return FAILS if report.verdict(results) == report.FAILS else CONFORMS


def _tell(result: Result) -> None:
    sys.stdout.write(f"{report.line(result)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
