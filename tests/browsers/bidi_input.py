"""What a hand does, as WebDriver BiDi has it: pointer, finger, wheel and keys."""

from collections.abc import Callable, Iterable

from tests.browsers.bidi import Json

Act = Callable[[Json], None]
"""Has the browser carry out one source's actions (https://w3c.github.io/webdriver-bidi/#module-input)."""

FAR_CORNER = (3, 3)

_PRESS: list[Json] = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
_STROKE = ("keyDown", "keyUp")


def click(act: Act, x: float, y: float) -> None:
    """Click a place of the viewport, in CSS pixels."""
    _point(act, "mouse", _move(x, y), *_PRESS)


def point(act: Act, x: float, y: float) -> None:
    """Move the pointer to a place."""
    _point(act, "mouse", _move(x, y))


def move(act: Act) -> None:
    """Move the pointer a little, where nothing is."""
    x, y = FAR_CORNER
    _point(act, "mouse", _move(x, y), _move(x + 4, y + 4))


def tap(act: Act, x: float, y: float) -> None:
    """Touch a place with a finger."""
    _point(act, "touch", _move(x, y), *_PRESS)


def turn(act: Act, down: int) -> None:
    """Turn the wheel, by so many pixels."""
    x, y = FAR_CORNER
    turned = {"type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": down}
    act({"type": "wheel", "id": "wheel", "actions": [turned]})


def press(act: Act, codes: Iterable[str]) -> None:
    """Press keys, one after the other."""
    strokes = [{"type": kind, "value": code} for code in codes for kind in _STROKE]
    act({"type": "key", "id": "keyboard", "actions": strokes})


def _point(act: Act, kind: str, *actions: Json) -> None:
    pointer = {"type": "pointer", "id": kind, "parameters": {"pointerType": kind}}
    act({**pointer, "actions": actions})


def _move(x: float, y: float) -> Json:
    return {"type": "pointerMove", "x": round(x), "y": round(y)}
