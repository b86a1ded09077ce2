"""Reading a fork's messages as untrusted data: student code may have written them.

`inside/encoding.py` writes values, `inside/decoding.py` reads them. This module reads the other
values: functions, Keras objects, and answers that cannot be sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from autograder.records import Answer, KerasObject, PlainValue, StudentFunction, Unavailable
from autograder.running.inside.decoding import BadMessage, Reader
from autograder.running.inside.encoding import Encoder, is_exact

_LONGEST_NAME = 100
_LONGEST_DOUBT = 200
_MOST_USES = 1_000

Call = Callable[[int, tuple[Any, ...], dict[str, Any], list[str]], PlainValue]
"""Calls a function by its number, with its arguments; side effects are added to the list."""

__all__ = ["BadMessage", "Call", "NotExactError", "read_answer", "read_message", "write_value"]


class NotExactError(TypeError):
    """A value cannot be sent unchanged."""


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


def read_answer(data: Any, call: Call, doubts: list[str] | None = None) -> Answer:
    """Read a value; functions in it are called through `call`.

    A value that cannot be sent exactly is `Unavailable`, with a plain value close to it.

    >>> read_answer(["l", 26, ["t", None, ["e"]]], call=lambda *_: None)
    [26, (None, Ellipsis)]
    >>> read_answer(["x", "Point", ["t", 3, 4]], call=lambda *_: None).nearest
    (3, 4)
    """
    others = _Others(call, [] if doubts is None else doubts)
    try:
        value = Reader(others.read).read(data)
    except _OddValue as odd:
        return Unavailable(f"The answer is a {odd}, which cannot be marked.", cannot_cross=True)
    except (BadMessage, RecursionError):
        return Unavailable("The answer cannot be read.", flagged=True, cannot_cross=True)
    if others.inexact:
        reason = f"The answer holds a {others.inexact}, which cannot be handed on as it is."
        return Unavailable(reason, cannot_cross=True, nearest=value)
    return value


class _OddValue(Exception):  # noqa: N818 - says what was found
    """The value is of a kind that is not sent."""


class _Others:
    """Reads values that are not plain; `inexact` is the class of the first inexact one."""

    def __init__(self, call: Call, doubts: list[str]) -> None:
        self._call = call
        self._doubts = doubts
        self.inexact = ""

    def read(self, reader: Reader, tag: str, rest: list[Any], level: int) -> Any:
        """Read a value by its tag."""
        if tag == "f":
            return self._function(reader, rest)
        if tag == "k":
            return self._keras(reader, rest, level)
        if tag == "u":
            raise _OddValue(reader.text(rest[0] if rest else None, _LONGEST_NAME))
        if tag == "x" and len(rest) == 2:  # noqa: PLR2004 - class name and form
            self.inexact = self.inexact or reader.text(rest[0], _LONGEST_NAME)
            return reader.read(rest[1], level)
        raise BadMessage("it is no value")

    def _function(self, reader: Reader, rest: list[Any]) -> StudentFunction:
        if len(rest) != 4 or type(rest[0]) is not int or rest[0] < 0:  # noqa: PLR2004 - as written
            raise BadMessage("it is no function")
        number, name = rest[0], reader.text(rest[1], _LONGEST_NAME)
        doubt = reader.text(rest[3], _LONGEST_DOUBT)
        if type(rest[2]) is not list or len(rest[2]) > _MOST_USES:
            raise BadMessage("it is no function")
        uses = frozenset(reader.text(each, _LONGEST_NAME) for each in rest[2])
        doubts = self._doubts

        def call(*args: Any, **kwargs: Any) -> PlainValue:
            return self._call(number, args, kwargs, doubts)

        return StudentFunction(name, call, uses, doubt, doubts)

    def _keras(self, reader: Reader, rest: list[Any], level: int) -> KerasObject:
        if len(rest) != 3 or rest[0] not in ("model", "layer"):  # noqa: PLR2004 - kind, class, config
            raise BadMessage("it is nothing of Keras's")
        config = reader.read(rest[2], level)
        if type(config) is not dict or not all(type(key) is str for key in config):
            raise BadMessage("its config is no config")
        return KerasObject(rest[0], reader.text(rest[1], _LONGEST_NAME), config)


def functions_in(value: Any) -> Iterator[StudentFunction]:
    """Yield the functions in a value."""
    if isinstance(value, StudentFunction):
        yield value
    elif type(value) in (list, tuple, dict):
        for each in (*value.keys(), *value.values()) if type(value) is dict else value:
            yield from functions_in(each)


def write_value(value: Any) -> Any:
    """Write an argument of a call.

    Raises:
        NotExactError: When it cannot be sent unchanged.

    >>> write_value((28, "same"))
    ['t', 28, 'same']
    """
    data = Encoder().encode(value)
    if not is_exact(data):
        name = type(value).__name__
        raise NotExactError(f"a student's function cannot be called with a {name} here")
    return data
