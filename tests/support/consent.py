"""Consent management platforms on a test's pages, and the choices that visitors make there."""

import json
import subprocess
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Literal

from fixtures.websites.pasting import PACKAGES, PAGES, installed
from tests.support.arrivals import Arrivals
from tests.support.events import Arrival
from tests.support.site import Site

Api = Literal["tcf", "gpp", "usp"]
Choice = Mapping[str, Any]
"""What `say` of the scripts in `fixtures/pages/consent` takes."""

TCF_STUB = "stub.js"

ADS = [2, 3, 4, 7]
ACCEPTED: Choice = {"consents": [1, *ADS, 8]}
NOT_STORED: Choice = {"consents": [*ADS, 8]}
REFUSED: Choice = {"consents": []}
ASKING: Choice = {"shown": True}
SOLD: Choice = {"fields": {"SaleOptOut": 2}}
UNSOLD: Choice = {"fields": {"SaleOptOut": 1}}

IDENTIFIED, ANONYMOUS, NOTHING = "identified", "anonymous", "nothing"

QUICK_TIMERS = """<script>
  const timers = new Set(), start = setTimeout, stop = clearTimeout;
  window.setTimeout = (run, pause = 0, ...given) => {
    if (pause >= 5000) return 0;
    const timer = start(() => { timers.delete(timer); run(...given); }, pause / 20);
    timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => { timers.delete(timer); stop(timer); };
</script>"""
"""The page's clock, moved: seconds pass in milliseconds, and what waits for longer never comes."""

TIMERS_RAN_OUT = "timers.size === 0"
STORED = "document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)"


def bundle(folder: Path) -> Path:
    """Bundle the platforms' scripts, with the IAB's libraries, into a folder; returns it."""
    program = next(PACKAGES.glob("@esbuild/*/bin/esbuild"))
    scripts = sorted((PAGES / "consent").glob("*.js"))
    options = ["--bundle", "--format=iife", "--log-level=error", f"--outdir={folder}"]
    subprocess.run([program, *scripts, *options], check=True)  # noqa: S603 - our own tool
    stub = installed("@iabtechlabtcf/stub") / "lib" / "stub.js"
    (folder / TCF_STUB).write_bytes(stub.read_bytes())
    return folder


class Platforms:
    """Puts platforms on the pages of sites.

    Args:
        folder: What `bundle` has filled.
    """

    def __init__(self, folder: Path) -> None:
        """Serve nothing yet."""
        self._folder = folder

    def stub(self, site: Site) -> str:
        """HTML of TCF's stub, which takes questions until the platform is there."""
        return self._script(site, TCF_STUB)

    def platform(self, site: Site, api: Api, choice: Choice | None = None) -> str:
        """HTML of a platform that tells of a choice as soon as it is there, if of any."""
        told = f"<script>say({json.dumps(choice)})</script>" if choice is not None else ""
        return self._script(site, f"{api}.js") + told

    def relay(self, site: Site) -> str:
        """HTML, for a page's body after its platforms, that lets its frames reach GPP and USP."""
        return self._script(site, "relay.js")

    def late_platform(self, site: Site, api: Api, choice: Choice) -> str:
        """HTML of a button `#load`, which brings a platform and its choice."""
        self._serve(site)
        return f"""<button id="load">Load</button><script>
          document.getElementById("load").onclick = () => {{
            const script = document.createElement("script");
            script.src = "/consent/{api}.js";
            script.onload = () => say({json.dumps(choice)});
            document.head.append(script);
          }};
        </script>"""

    def _script(self, site: Site, name: str) -> str:
        self._serve(site)
        return f'<script src="/consent/{name}"></script>'

    def _serve(self, site: Site) -> None:
        site.server.serve_folder(site.host, "/consent/", self._folder)


def buttons(**choices: Choice) -> str:
    """HTML of a button for each choice: its id is the name."""
    return "\n".join(
        f'<button id="{name}" onclick="{escape(f"say({json.dumps(choice)})")}">{name}</button>'
        for name, choice in choices.items()
    )


def kind_of(view: Arrival) -> str:
    """Whether a view came with an identifier."""
    return IDENTIFIED if view.visitor else ANONYMOUS


def nothing_after(arrivals: Arrivals, *named: Arrival) -> None:
    """Leave, and see that no event came but these."""
    arrivals.no_dwell()
    arrivals.settle()
    assert [each.identity for each in arrivals.all()] == [each.identity for each in named]
