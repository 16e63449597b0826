"""The ways in which a visitor leaves a page, each by its real cause. To add one, add a function.

Pages made by `Site.page` carry the links that are clicked here.
"""

from collections.abc import Callable
from typing import Literal

from tests.browsers.visitor import Visitor

Way = Literal["same_site_link", "cross_site_link", "reload", "back", "close", "hide", "quit"]

SAME_SITE_LINK = "#same-site-link"
CROSS_SITE_LINK = "#cross-site-link"


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
    "hide": lambda visitor: visitor.hide(),
    "quit": lambda visitor: visitor.quit(),
}
