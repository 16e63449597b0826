"""Tries the suite on broken tags: `python -m tests.mutants [--quick] [--only TEXT] [--browser E]`.

Prints a table and writes `reports/mutants.json` and `reports/mutants.html`. Ends with 0, with 1 if
a broken tag survived, and with 2 if one no longer fits the sources, does not build, or was not
tried.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.browsers.discovery import ENGINES
from tests.mutants import report
from tests.mutants.flaw import TABLES, Flaw, read
from tests.mutants.trial import TrialError, run

REPORTS = Path(os.environ.get("AZALEAD_REPORTS", "reports"))


def main() -> int:
    """Run as asked; returns the exit status."""
    asked = _asked()
    flaws = [flaw for flaw in read(asked.table) if _is_wanted(flaw, asked)]
    began = time.monotonic()
    _say(f"{len(flaws)} tags that are broken on purpose")
    try:
        verdicts = run(
            flaws, control=not asked.quick, workers=0 if asked.quick else asked.workers, tell=_say
        )
    except TrialError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    seconds = round(time.monotonic() - began)
    _say("\n".join(report.lines(verdicts)))
    report.write(REPORTS, verdicts, seconds)
    _say(f"{report.summary(verdicts, seconds)} {REPORTS / 'mutants.html'} has the whole table")
    words = {verdict.word for verdict in verdicts}
    return 2 if "error" in words or not verdicts else int("survived" in words)


def _is_wanted(flaw: Flaw, asked: argparse.Namespace) -> bool:
    return (
        (flaw.quick or not asked.quick)
        and flaw.engine in (asked.browser or ENGINES)
        and any(text in f"{flaw.part}: {flaw.name}" for text in asked.only or [""])
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description="Tries the suite on broken tags."
    )
    parser.add_argument("--quick", action="store_true", help="a share, in one process")
    parser.add_argument("--only", action="append", metavar="TEXT", help="in part or name")
    parser.add_argument("--browser", action="append", choices=ENGINES, help="may be repeated")
    parser.add_argument("--workers", type=int, default=3, help="processes side by side")
    parser.add_argument("--table", type=Path, default=TABLES, help="a folder of other tables")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
