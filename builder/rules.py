"""What a value of tag.toml must be beyond its type: brand, addresses, parameter patterns.

Each rule is given a value and returns it, tidied, or raises ValueError with the words that
follow the key: `tag.brand` + `must not be "top": …`.
"""

import re
from urllib.parse import SplitResult, urlsplit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that cannot name a function in JavaScript, and lower-case names that every window has:
# assigning to some is refused in silence, assigning to others breaks the page.
_RESERVED_WORDS = _words(
    "arguments async await break case catch class const continue debugger default delete do else"
    " enum eval export extends false finally for function if implements import in instanceof"
    " interface let new null of package private protected public return static super switch this"
    " throw true try typeof undefined var void while with yield",
)
_WINDOW_NAMES = _words(
    "alert atob blur btoa caches chrome close closed confirm console constructor crypto document"
    " escape event external fence fetch find focus frames history length location locationbar"
    " menubar model moveby moveto name navigation navigator open opener origin parent performance"
    " personalbar popup print prompt safari scheduler screen scroll scrollbars self status"
    " statusbar stop toolbar top unescape viewport window",
)
_EVENT_HANDLER = re.compile(r"on[a-z]+")  # `window.onerror = …` listens, and there are ever more
_CONTRACT_FILES = frozenset({"choices"})  # dist/choices.js is the opt-out page's own script

_ORIGIN = re.compile(
    r"https://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[0-9]{1,5})?", re.IGNORECASE
)
_PATH = re.compile(r"(?:/[A-Za-z0-9._~%!$&()*+,;=:@-]*)*")
_QUERY = re.compile(r"[A-Za-z0-9._~%!$()*+,;=:@/?&{}-]*")
_PARAMETER = re.compile(r"[A-Za-z0-9_.~:$\[\]*-]+")
_HIGHEST_PORT = 65535
_LONGEST_ADDRESS = 2000
_LONGEST_PARAMETER = 100


def brand(value: str) -> str:
    """A name that is free in JavaScript, in every window and in dist/."""
    if value in _RESERVED_WORDS:
        raise ValueError(f'must not be "{value}": JavaScript reserves the word')
    if value in _WINDOW_NAMES or _EVENT_HANDLER.fullmatch(value):
        raise ValueError(f'must not be "{value}": every page has a window.{value} already')
    if value in _CONTRACT_FILES:
        raise ValueError(f'must not be "{value}": dist/{value}.js is another file')
    return value


def base_address(value: str) -> str:
    """An https address to which paths are appended; returned without a slash at its end."""
    parts = _https(value)
    if "?" in value:
        raise ValueError(f'must be an address without a query, not "{value}"')
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def page_address(value: str) -> str:
    """An https address of a page, returned as it is."""
    _https(value)
    return value


def match_address(value: str) -> str:
    """An https address of a partner, with one place for the visitor's identifier."""
    _https(value)
    if value.count("{visitor}") != 1 or "{visitor}" not in urlsplit(value).query:
        raise ValueError(f'must hold {{visitor}} once, in its query, not "{value}"')
    if set("{}") & set(value.replace("{visitor}", "")):
        raise ValueError(f'must hold no braces but those of {{visitor}}, not "{value}"')
    return value


def parameter_pattern(value: str) -> str:
    """The name of a query parameter, in which * stands for any characters."""
    if len(value) > _LONGEST_PARAMETER:
        raise ValueError(f"must be a name of {_LONGEST_PARAMETER} characters at most")
    if not _PARAMETER.fullmatch(value):
        raise ValueError(f'must be a parameter\'s name, with * for any characters, not "{value}"')
    if not value.strip("*"):
        raise ValueError(f'must name a parameter such as "utm_*": "{value}" would let all leave')
    return value


def campaign_pattern(value: str) -> str:
    """The same for a parameter that only informs."""
    if value and not value.strip("*"):
        raise ValueError(
            f'must name a parameter such as "utm_*": with "{value}" none would tell pages apart'
        )
    return parameter_pattern(value)


def _https(value: str) -> SplitResult:
    """The parts of an https address with a sound host and port and nobody's password in it."""
    if len(value) > _LONGEST_ADDRESS:
        raise ValueError(f"must be an address of {_LONGEST_ADDRESS:,} characters at most")
    if not value.lower().startswith("https://"):
        raise ValueError(f'must start with https://, not "{value}"')
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        parts, port = urlsplit("https://"), None
    if parts.username is not None:
        raise ValueError("must hold no user name or password")
    if "#" in value:
        raise ValueError(f'must be an address without a fragment, not "{value}"')
    sound = (
        value.isprintable()  # urlsplit drops line breaks and tabs before anybody can see them
        and _ORIGIN.fullmatch(f"https://{parts.netloc}")
        and ".." not in parts.netloc
        and (port is None or 0 < port <= _HIGHEST_PORT)
        and _PATH.fullmatch(parts.path)
        and _QUERY.fullmatch(parts.query)
    )
    if not sound:
        raise ValueError(f'must be a sound https address, not "{value}"')
    return parts._replace(scheme="https", netloc=parts.netloc.lower())
