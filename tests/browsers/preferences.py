"""Modes: what a visitor can have set, and how each engine is really told so. No mocks.

A mode that an engine cannot have is named here with the reason, and its tests are skipped.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from fixtures.origins import BRITISH_SITE, INTRANET
from tests.browsers.discovery import Engine

Mode = Literal[
    "default",
    "dnt",
    "gpc",
    "third_party_allowed",
    "third_party_blocked",
    "cookies_refused",
    "scripts_off",
    "light",
    "dark",
    "forced_colors",
    "frames_in_reach",
    "touch",
]
MODES: tuple[Mode, ...] = get_args(Mode)

NO_SCRIPTS = "--enable-javascript=false"
"""Of WebKitGTK's MiniBrowser."""

ON_LOOPBACK = [
    BRITISH_SITE,
    *(f"{label}.{BRITISH_SITE}" for label in ("www", "shop")),
    INTRANET,
]
"""Names outside localhost that the fixture server plays; no request for them goes further."""


class ModeImpossibleError(Exception):
    """The engine has no such setting; the message says why."""


@dataclass(frozen=True)
class Preferences:
    """What to start a browser with; each engine reads its own part."""

    profile: dict[str, Any] = field(default_factory=dict)
    """Chromium: the profile's preferences file, nested. Needs a profile on disk."""
    user: dict[str, str | int | bool] = field(default_factory=dict)
    """Firefox: user preferences by their dotted name."""
    arguments: tuple[str, ...] = ()
    """WebKitGTK: arguments of its MiniBrowser."""
    is_seen: bool = False
    """WebKitGTK: whether it draws, so that a picture can be taken."""
    context: dict[str, str] = field(default_factory=dict)
    """Chromium: options of its browser context."""


@dataclass(frozen=True)
class Wire:
    """What a mode means on the wire. None: the mode does not care."""

    dnt: bool = False
    gpc: bool = False
    first_party_cookies: bool = True
    third_party_cookies: bool | None = None
    scripts: bool = True


ON_THE_WIRE: dict[Mode, Wire] = {
    "default": Wire(),
    "dnt": Wire(dnt=True),
    "gpc": Wire(gpc=True),
    "third_party_allowed": Wire(third_party_cookies=True),
    "third_party_blocked": Wire(third_party_cookies=False),
    "cookies_refused": Wire(first_party_cookies=False, third_party_cookies=False),
    "scripts_off": Wire(scripts=False),
    "light": Wire(),
    "dark": Wire(),
    "forced_colors": Wire(),
    "frames_in_reach": Wire(third_party_cookies=True),
    "touch": Wire(),
}

PREFERENCES: dict[Engine, dict[Mode, Preferences]] = {
    "chromium": {
        "default": Preferences(),
        "dnt": Preferences(profile={"enable_do_not_track": True}),
        "third_party_allowed": Preferences(profile={"profile": {"cookie_controls_mode": 0}}),
        "third_party_blocked": Preferences(profile={"profile": {"cookie_controls_mode": 1}}),
        "cookies_refused": Preferences(
            profile={"profile": {"default_content_setting_values": {"cookies": 2}}}
        ),
        "scripts_off": Preferences(
            profile={"profile": {"default_content_setting_values": {"javascript": 2}}}
        ),
        "light": Preferences(context={"color_scheme": "light"}),
        "dark": Preferences(context={"color_scheme": "dark"}),
        "forced_colors": Preferences(context={"forced_colors": "active"}),
        "frames_in_reach": Preferences(profile={"profile": {"cookie_controls_mode": 0}}),
        "touch": Preferences(),
    },
    "firefox": {
        "default": Preferences(),
        "dnt": Preferences(user={"privacy.donottrackheader.enabled": True}),
        "gpc": Preferences(user={"privacy.globalprivacycontrol.enabled": True}),
        "third_party_allowed": Preferences(user={"network.cookie.cookieBehavior": 0}),
        "third_party_blocked": Preferences(user={"network.cookie.cookieBehavior": 1}),
        "cookies_refused": Preferences(user={"network.cookie.cookieBehavior": 2}),
        "scripts_off": Preferences(user={"javascript.enabled": False}),
        "light": Preferences(user={"ui.systemUsesDarkTheme": 0}),
        "dark": Preferences(user={"ui.systemUsesDarkTheme": 1}),
        "forced_colors": Preferences(user={"browser.display.document_color_use": 2}),
        # Pointer and keys of WebDriver BiDi reach no frame that another process renders.
        "frames_in_reach": Preferences(
            user={"fission.webContentIsolationStrategy": 0, "network.cookie.cookieBehavior": 0}
        ),
        # On a machine without a touch screen pages would hear of no touch.
        "touch": Preferences(user={"dom.w3c_touch_events.enabled": 1}),
    },
    "webkit": {
        "default": Preferences(),
        # By default it sends third-party cookies, but takes none from a third party.
        "third_party_allowed": Preferences(arguments=("--cookies-policy=always",)),
        "third_party_blocked": Preferences(arguments=("--enable-itp=true",)),
        "cookies_refused": Preferences(arguments=("--cookies-policy=never",)),
        "scripts_off": Preferences(arguments=(NO_SCRIPTS,)),
        "light": Preferences(is_seen=True),
        "dark": Preferences(arguments=("--dark-mode",), is_seen=True),
        "frames_in_reach": Preferences(arguments=("--cookies-policy=always",)),
    },
}

IMPOSSIBLE: dict[Engine, dict[Mode, str]] = {
    "chromium": {"gpc": "Chromium has no Global Privacy Control"},
    "firefox": {},
    "webkit": {
        "dnt": "WebKitGTK has no Do Not Track setting",
        "gpc": "WebKitGTK has no Global Privacy Control",
        "forced_colors": "WebKit has no forced colours",
        "touch": "WebKitGTK's driver turns a finger into a mouse",
    },
}


def preferences(engine: Engine, mode: Mode) -> Preferences:
    """What to start an engine with for a mode.

    Raises:
        ModeImpossibleError: The engine cannot have it.
    """
    if reason := IMPOSSIBLE[engine].get(mode):
        raise ModeImpossibleError(reason)
    return PREFERENCES[engine][mode]
