"""A stock Firefox with a profile of its own, which listens to WebDriver BiDi."""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browsers import processes
from tests.browsers.bidi import Bidi, BidiError
from tests.browsers.page_scripts import POLL
from tests.browsers.visitor import PATIENCE

Preference = str | int | bool

PROGRAM = "firefox"
"""How the names of its processes begin."""
ADDRESS = "WebDriverBiDiServer.json"
"""Where in its profile Firefox writes at which port it listens."""
AT_REST: dict[str, Preference] = {
    "browser.newtab.preload": False,
    "browser.newtabpage.enabled": False,
    "browser.sessionstore.interval": 100_000_000,
    "browser.ml.enable": False,
    "browser.places.interactions.enabled": False,
    "browser.translations.enable": False,
    "browser.zoom.siteSpecific": False,
    "places.history.enabled": False,
    "toolkit.cosmeticAnimations.enabled": False,
}
"""What Firefox's own windows do beside the page, and no page sees: a tenth of a test's time."""
WITHOUT_TOOLBARS = "#navigator-toolbox { display: none }"
"""Nobody sees them without a screen, and to draw them takes a third of a test's processor time."""
STYLED: dict[str, Preference] = {"toolkit.legacyUserProfileCustomizations.stylesheets": True}

_SET = """(preferences) => {
  for (const [name, value] of Object.entries(preferences)) {
    const kind = { boolean: "Bool", number: "Int", string: "String" }[typeof value];
    Services.prefs[`set${kind}Pref`](name, value);
  }
}"""
_FORGET = """() => {
  for (const { gBrowser } of Services.wm.getEnumerator("navigator:browser"))
    for (const { linkedBrowser } of gBrowser.tabs) linkedBrowser.purgeSessionHistory();
  const { CLEAR_COOKIES, CLEAR_ALL_CACHES, CLEAR_DOM_STORAGES } = Ci.nsIClearDataService;
  const kinds = CLEAR_COOKIES | CLEAR_ALL_CACHES | CLEAR_DOM_STORAGES;
  return new Promise((onDataDeleted) => Services.clearData.deleteData(kinds, { onDataDeleted }));
}"""
_RESET = "(names) => names.forEach((name) => Services.prefs.clearUserPref(name))"


class Firefox:
    """Runs from its making until `end`.

    Args:
        program: What to start.
        preferences: What it has set from the start.
        headed: Whether to show windows.
    """

    def __init__(
        self, program: Path, preferences: Mapping[str, Preference], *, headed: bool
    ) -> None:
        """Start it and begin a session."""
        self._profile = TemporaryDirectory(prefix="azalead-profile-", ignore_cleanup_errors=True)
        self.place = Path(self._profile.name)
        self._write_profile(preferences if headed else {**STYLED, **preferences})
        # With system access the session reaches the preferences, as about:config does.
        driven = ["--no-remote", "--remote-debugging-port=0", "--remote-allow-system-access"]
        options = driven if headed else ["--headless", *driven]
        self._process = subprocess.Popen(  # noqa: S603 - found by ourselves
            [str(program), *options, "--profile", str(self.place)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.bidi = Bidi(
                f"ws://127.0.0.1:{self._port()}/session",
                acceptInsecureCerts=True,
                unhandledPromptBehavior={"default": "dismiss", "beforeUnload": "accept"},
            )
            tree = self.bidi.command("browsingContext.getTree", **{"moz:scope": "chrome"})
        except BaseException:
            self.end()
            raise
        self._window = tree["contexts"][0]["context"]

    @property
    def is_running(self) -> bool:
        """Whether nobody has ended it."""
        return self._process.poll() is None

    @contextmanager
    def preferring(self, preferences: Mapping[str, Preference]) -> Iterator[None]:
        """Have these set for the block: Firefox obeys at once, as it does a person."""
        if preferences:
            self.bidi.call(self._window, _SET, dict(preferences))
        yield
        if preferences and self.is_running:
            self.bidi.call(self._window, _RESET, list(preferences))

    def forget(self) -> None:
        """Delete all that pages have left, as a person may, and what tabs remember."""
        failed = self.bidi.call(self._window, _FORGET)["value"]
        assert not failed, f"Firefox could not delete what it keeps: {failed}"

    def crash_pages(self) -> None:
        """Let the processes that render pages die, by SIGKILL."""
        ours = processes.tree(PROGRAM)
        processes.kill([each for each in ours if each.command[-1] == "tab"])

    def kill(self) -> None:
        """End all its processes at once."""
        processes.kill(processes.tree(PROGRAM))
        self.end()

    def end(self) -> None:
        """Be gone, with the profile."""
        if hasattr(self, "bidi"):
            self.bidi.close()
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._profile.cleanup()

    def quit(self) -> None:
        """End it as its user would."""
        self.bidi.command("browser.close")
        self._process.wait(PATIENCE)
        self.end()

    def _write_profile(self, preferences: Mapping[str, Preference]) -> None:
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in {**AT_REST, **preferences}.items()
        ]
        (self.place / "user.js").write_text("".join(lines), encoding="utf-8")
        (self.place / "chrome").mkdir()
        (self.place / "chrome" / "userChrome.css").write_text(WITHOUT_TOOLBARS, encoding="utf-8")

    def _port(self) -> int:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError, ValueError):  # it is not written yet, or not to its end
                return int(json.loads((self.place / ADDRESS).read_bytes())["ws_port"])
            time.sleep(POLL)  # it tells of its port by that file alone
        raise BidiError("Firefox does not listen")
