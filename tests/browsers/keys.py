"""What WebDriver, of either kind, calls the keys of a keyboard."""

from selenium.webdriver.common.keys import Keys


def code(name: str) -> str:
    """WebDriver's code for a key that Playwright and the DOM call "PageDown"."""
    if len(name) == 1:
        return name
    snake = "".join(f"_{each}" if each.isupper() else each for each in name).lstrip("_").upper()
    return str(getattr(Keys, snake))
