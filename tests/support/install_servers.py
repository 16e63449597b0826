"""Installs the web servers of the tests: `python -m tests.support.install_servers`.

From the system's packages. Where all are there it does nothing, at once.
"""

import shutil
import sys

from tests.browsers.install import install_packages

PACKAGES = {"nginx": "nginx", "caddy": "caddy", "apache2": "apache2"}
"""The Debian package of each program."""


def main() -> int:
    """Install what is missing; exit code 1 if something still is."""
    if lacking := _lacking():
        install_packages([[PACKAGES[program]] for program in lacking])
    if lacking := _lacking():
        sys.stderr.write(f"still missing: {', '.join(lacking)}; their tests are skipped\n")
    return 1 if lacking else 0


def _lacking() -> list[str]:
    return [program for program in PACKAGES if not shutil.which(program)]


if __name__ == "__main__":
    sys.exit(main())
