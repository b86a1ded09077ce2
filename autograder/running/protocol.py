"""What a fork sends, checked as it is read: student code may have forged it.

Only plain values of exactly Python's own types come out of here. How values are written stands in
`inside/encoding.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from autograder.records import Answer, KerasObject, PlainValue, StudentFunction, Unavailable

_MOST_ITEMS = 20_000
_DEEPEST = 50
_MOST_BITS = 8_192
_LONGEST_TEXT = 20_000
_LONGEST_NAME = 100

Call = Callable[[int, tuple[Any, ...], dict[str, Any]], PlainValue]


class BadMessage(Exception):  # noqa: N818 - says what happened
    """A message that none of our forks sends."""


def read_message(line: bytes) -> dict[str, Any]:
    """Read one line.

    Raises:
        BadMessage: When it is not a message.

    >>> read_message(b'{"done": true}')
    {'done': True}
    """
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise BadMessage("it is no JSON") from None
    if type(message) is not dict:
        raise BadMessage("it is no message")
    return message


def read_answer(data: Any, call: Call) -> Answer:
    """Read a value; `call` is what a function in it is to be called by.

    >>> read_answer(["l", 26, ["t", None, ["e"]]], call=lambda *_: None)
    [26, (None, Ellipsis)]
    """
    try:
        return _Reader(call).read(data, 0)
    except _OddValue as odd:
        return Unavailable(f"The answer is a {odd}, which cannot be marked.")
    except (BadMessage, RecursionError):
        return Unavailable("The answer cannot be read.", flagged=True)


class _OddValue(Exception):  # noqa: N818 - says what was found
    """The value is of a kind that is not handed on."""


class _Reader:
    """Reads one value, and counts what it holds."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._left = _MOST_ITEMS

    def read(self, data: Any, level: int) -> PlainValue:
        """Read a value that is `level` deep in others."""
        self._left -= 1
        if self._left < 0 or level > _DEEPEST:
            raise BadMessage("it is too large")
        if data is None or type(data) in (bool, float):
            return data  # type: ignore[no-any-return]  # one of the three, as just checked
        if type(data) is int:
            if data.bit_length() > _MOST_BITS:
                raise BadMessage("a number in it is too large")
            return data
        if type(data) is str:
            return self._text(data)
        if type(data) is not list or not data or type(data[0]) is not str:
            raise BadMessage("it is no value")
        return self._tagged(data[0], data[1:], level)

    def _text(self, data: Any, longest: int = _LONGEST_TEXT) -> str:
        if type(data) is not str or len(data) > longest:
            raise BadMessage("a text in it is too long")
        return data

    def _tagged(self, tag: str, rest: list[Any], level: int) -> PlainValue:
        if tag == "l":
            return [self.read(item, level + 1) for item in rest]
        if tag == "t":
            return tuple(self.read(item, level + 1) for item in rest)
        if tag == "d":
            return self._dict(rest, level)
        if tag == "e" and not rest:
            return ...
        if tag == "f":
            return self._function(rest)
        if tag == "k":
            return self._keras(rest, level)
        if tag == "u":
            raise _OddValue(self._text(rest[0] if rest else None, _LONGEST_NAME))
        raise BadMessage("it is no value")

    def _dict(self, pairs: list[Any], level: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2:  # noqa: PLR2004 - key and value
                raise BadMessage("it is no dict")
            key, value = (self.read(each, level + 1) for each in pair)
            try:
                found[key] = value
            except TypeError:
                raise BadMessage("a key in it is a list") from None
        return found

    def _function(self, rest: list[Any]) -> StudentFunction:
        if len(rest) != 2 or type(rest[0]) is not int or rest[0] < 0:  # noqa: PLR2004 - number, name
            raise BadMessage("it is no function")
        number, name = rest[0], self._text(rest[1], _LONGEST_NAME)

        def call(*args: Any, **kwargs: Any) -> PlainValue:
            return self._call(number, args, kwargs)

        return StudentFunction(name, call)

    def _keras(self, rest: list[Any], level: int) -> KerasObject:
        if len(rest) != 3 or rest[0] not in ("model", "layer"):  # noqa: PLR2004 - kind, class, config
            raise BadMessage("it is nothing of Keras's")
        config = self.read(rest[2], level + 1)
        if type(config) is not dict or not all(type(key) is str for key in config):
            raise BadMessage("its config is no config")
        return KerasObject(rest[0], self._text(rest[1], _LONGEST_NAME), config)


def write_value(value: Any) -> Any:
    """Write an argument of a call.

    Raises:
        TypeError: When it is not of a kind that can be sent.

    >>> write_value((28, "same"))
    ['t', 28, 'same']
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if value is ...:
        return ["e"]
    if type(value) in (list, tuple):
        return ["l" if type(value) is list else "t", *map(write_value, value)]
    if type(value) is dict:
        return ["d", *([write_value(key), write_value(each)] for key, each in value.items())]
    raise TypeError(f"a student's function cannot be called with a {type(value).__name__} here")
