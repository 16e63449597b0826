"""`make privacy`: what tag and stub take out of personal strings, and spoil of ordinary ones.

`--wrong` also shows which strings came out wrong, of those that were at hand while the patterns
were tuned; who looks at the others has seen them, and must replace them.
"""

import sys

from tests.personal_data.recall import caught, spared
from tests.personal_data.scrubbing import Scrubbing, configured
from tests.personal_data.table import table


def main() -> None:
    """Print the table, and with `--wrong` what came out wrong of the strings that were seen."""
    with Scrubbing(configured()) as scrubbing:
        print(table(scrubbing))  # noqa: T201 - what it is for
        if "--wrong" in sys.argv[1:]:
            for result in [*caught("seen", scrubbing.told), *spared("seen", scrubbing.told)]:
                heading = f"\n{result.name}: {result.percent} %"
                print(heading, *result.wrong, sep="\n  ")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
