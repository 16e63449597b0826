"""The ways in which a visitor leaves a page, each by its real cause. To add one, add a function.

Pages made by `Site.page` carry the links that are clicked here, but for a new tab and for closing.
"""

from collections.abc import Callable
from typing import Literal

from tests.browsers.visitor import CannotDoError, Visitor, VisitorTimeoutError

Way = Literal[
    "same_site_link",
    "cross_site_link",
    "reload",
    "back",
    "window_close",
    "close",
    "hide",
    "quit",
    "close_browser",
    "crash",
    "kill",
]

SAME_SITE_LINK = "#same-site-link"
CROSS_SITE_LINK = "#cross-site-link"
NEW_TAB_LINK = "#new-tab-link"
"""A link with `target="_blank" rel="opener"` to a page of the same site."""
CLOSE_BUTTON = "#close-button"
"""It calls `window.close()`, in a page that a script or a link has opened in a tab of its own."""


def leave(visitor: Visitor, way: Way) -> None:
    """Leave the current page and, where another takes its place, wait until that has loaded.

    Raises:
        CannotDoError: This engine has no real way to.
    """
    WAYS[way](visitor)


def follow(visitor: Visitor, selector: str) -> None:
    """Click a link and wait until the page behind it has loaded."""
    _to_another_page(visitor, lambda: visitor.click(selector))


def back(visitor: Visitor) -> None:
    """Go back one page, as the Back button does, into the back/forward cache or not.

    Not with the driver's own command: that hangs on a page that comes out of the cache.
    """
    _to_another_page(
        visitor, lambda: visitor.evaluate("() => { setTimeout(() => history.back()); }")
    )


def hide(visitor: Visitor) -> None:
    """Put the page out of sight: its window minimised, or another tab opened in front of it.

    Raises:
        CannotDoError: The driver shows every page as visible.
    """
    if visitor.can_hide:
        visitor.hide()
        return
    visitor.click_to_new_tab(NEW_TAB_LINK)
    try:
        visitor.wait_until("opener.document.hidden", timeout=1)
    except VisitorTimeoutError as error:
        reason = f"Playwright keeps a tab of {visitor.engine} visible behind another"
        raise CannotDoError(reason) from error


def _to_another_page(visitor: Visitor, act: Callable[[], object]) -> None:
    here = visitor.evaluate("performance.timeOrigin")
    act()
    visitor.wait_until(f"performance.timeOrigin !== {here!r} && document.readyState === 'complete'")


WAYS: dict[Way, Callable[[Visitor], None]] = {
    "same_site_link": lambda visitor: follow(visitor, SAME_SITE_LINK),
    "cross_site_link": lambda visitor: follow(visitor, CROSS_SITE_LINK),
    "reload": lambda visitor: visitor.reload(),
    "back": back,
    "close": lambda visitor: visitor.close_tab(),
    "hide": hide,
    "quit": lambda visitor: visitor.quit(),
    "window_close": lambda visitor: visitor.click_that_closes(CLOSE_BUTTON),
    "close_browser": lambda visitor: visitor.close_browser(),
    "crash": lambda visitor: visitor.crash(),
    "kill": lambda visitor: visitor.kill(),
}
