"""A connection to a browser by WebDriver BiDi, and values on their way through it.

https://w3c.github.io/webdriver-bidi/
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import websocket

from tests.browsers.visitor import PATIENCE, VisitorTimeoutError

Json = dict[str, Any]


class BidiError(Exception):
    """The browser refused a command, or a script threw in the page."""


class Bidi:
    """One session, of commands one at a time; it hears of no event that nobody waits for."""

    def __init__(self, url: str, **capabilities: object) -> None:
        """Connect, and begin a session that must have these capabilities."""
        self._sent = 0
        self._heard: list[Json] = []
        self._socket = websocket.create_connection(url, timeout=PATIENCE, suppress_origin=True)
        told = self.command("session.new", capabilities={"alwaysMatch": capabilities})
        self.version = str(told["capabilities"]["browserVersion"])

    def command(self, method: str, **parameters: object) -> Any:  # noqa: ANN401 - any JSON
        """The result of a command.

        Raises:
            BidiError: It was refused, or the connection is gone.
            VisitorTimeoutError: No answer came.
        """
        return self.command_within(PATIENCE, method, parameters)

    def command_within(self, seconds: float, method: str, parameters: Json) -> Any:  # noqa: ANN401 - any JSON
        """The same, where the answer has so much time."""
        self._sent += 1
        number = self._sent
        message = {"id": number, "method": method, "params": parameters}
        self._socket.settimeout(seconds)
        try:
            self._socket.send(json.dumps(message))
            answer = self._next(lambda heard: heard.get("id") == number)
        except websocket.WebSocketTimeoutException as error:
            raise VisitorTimeoutError(f"the browser did not answer {method}") from error
        except (websocket.WebSocketException, OSError) as error:
            raise BidiError(f"{method}: the browser is gone") from error
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    @contextmanager
    def hearing(self, event: str) -> Iterator[Callable[[Callable[[Json], bool]], Json]]:
        """Hear of an event while the block runs; what it is given waits for the first that fits."""
        subscribed = self.command("session.subscribe", events=[event])
        self._heard.clear()

        def wait(fits: Callable[[Json], bool]) -> Json:
            def is_it(heard: Json) -> bool:
                return heard.get("method") == event and fits(heard["params"])

            try:
                found = next(filter(is_it, self._heard), None) or self._next(is_it)
            except websocket.WebSocketTimeoutException as error:
                raise VisitorTimeoutError(f"there was no {event}") from error
            parameters: Json = found["params"]
            return parameters

        try:
            yield wait
        finally:
            self.command("session.unsubscribe", subscriptions=[subscribed["subscription"]])

    def call(self, context: str, function: str, *given: object, **options: object) -> Json:
        """What a function gives in a page, or what the promise that it gives resolves to.

        Raises:
            BidiError: It threw, or the page went away.
        """
        told = self.command(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[_to_browser(each) for each in given],
            target={"context": context, **options},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise BidiError(told["exceptionDetails"]["text"])
        result: Json = told["result"]
        return result

    def close(self) -> None:
        """Be gone."""
        self._socket.close()

    def _next(self, fits: Callable[[Json], bool]) -> Json:
        while True:
            heard: Json = json.loads(self._socket.recv())
            if fits(heard):
                return heard
            if heard["type"] == "event":
                self._heard.append(heard)


def value_of(told: Json) -> Any:  # noqa: ANN401 - any JSON
    """A value of the browser's as Python has it; what JSON has not is None.

    It does not go through the page's own `JSON`, which a page may have replaced.
    """
    match told["type"]:
        case "array":
            return [value_of(each) for each in told["value"]]
        case "object":
            return {name: value_of(each) for name, each in told.get("value", ())}
        case "string" | "boolean":
            return told["value"]
        case "number":
            return float(told["value"]) if isinstance(told["value"], str) else told["value"]
    return None


def _to_browser(value: object) -> Json:
    match value:
        case None:
            return {"type": "null"}
        case bool():
            return {"type": "boolean", "value": value}
        case int() | float():
            return {"type": "number", "value": value}
        case str():
            return {"type": "string", "value": value}
        case dict():
            pairs = [[name, _to_browser(each)] for name, each in value.items()]
            return {"type": "object", "value": pairs}
        case list() | tuple():
            return {"type": "array", "value": [_to_browser(each) for each in value]}
    raise TypeError(f"no page can be given {value!r}")
