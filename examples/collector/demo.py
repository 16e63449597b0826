"""`make collector`: a website with the tag, the collector behind it, and the charts of what came.

The website and its certificates are the fixture server's. The collector is the real one, in a
process of its own, and its database stays.
"""

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from builder.command import SOURCES, build
from examples.collector.running import ROOT, Running, running
from fixtures.origins import PortBusyError
from fixtures.server import FixtureServer
from fixtures.websites import serve_magazine

HOST = "collector.localhost"
PORT = 8443
TAG = """[tag]
site = "demo"
collector = "https://{host}:{port}"
assets = "{assets}"
"""


def main() -> int:
    """Serve until told to stop; returns the exit status."""
    asked = options()
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    asked.folder.mkdir(parents=True, exist_ok=True)
    database = asked.folder / "collector.db"
    try:
        with FixtureServer(asked.port or None, keep=1000) as server:
            certificate = str(server.authority.certificate_of(HOST))
            with running(
                *("--database", str(database), "--certificate", certificate),
                *("--key", certificate, "--client", "magazine.localhost"),
                *(f"--port={asked.port and asked.port + 1}",),
                *(f"--reports-port={asked.port and asked.port + 2}",),
            ) as collector:
                website = _website(server, collector, asked.folder)
                _introduce(server, collector, website, database)
                stopped.wait()
    except (PortBusyError, RuntimeError) as error:
        sys.stderr.write(f"{getattr(error, 'strerror', None) or error}\n")
        return 2
    return 0


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.collector.demo",
        description="Serves a website with the tag, and the collector that takes its beacons.",
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help="and the two after it; 0: free ones (%(default)s)"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / "reports" / "collector",
        help="for the tag and the database (%(default)s)",
    )
    return parser.parse_args()


def _website(server: FixtureServer, collector: Running, folder: Path) -> str:
    """Build a tag for the collector, and serve a magazine with it."""
    configuration = folder / "tag.toml"
    addresses = {"host": HOST, "port": collector.port, "assets": server.site("cdn")}
    configuration.write_text(TAG.format(**addresses), encoding="utf-8")
    build(configuration, SOURCES, folder / "dist")
    server.serve_folder("cdn", "/", folder / "dist")
    snippet = (folder / "dist" / "snippet.html").read_text(encoding="utf-8")
    return serve_magazine(server, "magazine", snippet)


def _introduce(server: FixtureServer, collector: Running, website: str, database: Path) -> None:
    lines = [
        "",
        f"  A magazine with the tag   {website}",
        f"  The charts                {collector.reports}",
        f"  The database              {database}",
        "",
        "  Now read a page or two, and look at the charts:",
        "",
        "    chromium --user-data-dir=$(mktemp -d) \\",
        f"      --ignore-certificate-errors-spki-list={server.authority.key_hash} \\",
        f"      {website} {collector.reports}",
        "",
        "  Ctrl-C stops.",
        "",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
