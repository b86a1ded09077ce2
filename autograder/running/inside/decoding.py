"""Decoding values from the plain data that `encoding.py` writes, which is not trusted.

The data may be a student's. So sizes are checked before a value is made, only the types named here
are made, and nothing is unpickled.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from .encoding import ARRAY_KINDS, DEEPEST, MOST_BITS, MOST_BYTES, MOST_CHARACTERS, MOST_ITEMS

_DTYPE = re.compile(
    rf"[<>|=][{ARRAY_KINDS}](\d{{1,7}})(?:\[\d{{0,4}}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)
_MOST_AXES = 32


class BadMessage(Exception):  # noqa: N818 - says what happened
    """The data is not in the form that `encoding.py` writes."""


class Reader:
    """Reads one value, and counts its items; `other` reads what is not a plain value."""

    def __init__(self, other: Callable[[Reader, str, list[Any], int], Any] | None = None) -> None:
        self._other = other
        self._items, self._characters, self._bytes = MOST_ITEMS, MOST_CHARACTERS, MOST_BYTES

    def read(self, data: Any, level: int = 0) -> Any:
        """Read a value at nesting level `level`.

        Raises:
            BadMessage: When it is not a value.

        >>> Reader().read(["t", 1, ["S", "a"]])
        (1, {'a'})
        """
        self._items -= 1
        if self._items < 0 or level > 2 * DEEPEST:
            raise BadMessage("it is too large")
        kind = type(data)
        if data is None or kind is bool or kind is float:
            return data
        if kind is int:
            return self._short(data)
        if kind is str:
            return self.text(data)
        if kind is not list or not data or type(data[0]) is not str:
            raise BadMessage("it is no value")
        return self._tagged(data[0], data[1:], level + 1)

    def _tagged(self, tag: str, rest: list[Any], level: int) -> Any:
        made = TAGS.get(tag)
        if made is None:
            if self._other is None:
                raise BadMessage("it is no value")
            return self._other(self, tag, rest, level)
        try:
            return made(self, rest, level)
        except (ArithmeticError, LookupError, TypeError, ValueError) as problem:
            raise BadMessage(f"it is not a value: {problem}") from None

    def text(self, data: Any, longest: int = MOST_CHARACTERS) -> str:
        """Read a text."""
        if type(data) is not str or len(data) > min(self._characters, longest):
            raise BadMessage("a text in it is too long")
        self._characters -= len(data)
        return data

    def _short(self, number: int) -> int:
        if number.bit_length() > MOST_BITS:
            raise BadMessage("a number in it is too large")
        return number

    def bytes(self, data: Any) -> bytes:
        """Read bytes from base64."""
        if type(data) is not str or len(data) > (self._bytes + 2) // 3 * 4:
            raise BadMessage("there are too many bytes in it")
        try:
            read = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise BadMessage("its bytes cannot be read") from None
        self._bytes -= len(read)
        return read

    def items(self, rest: list[Any], level: int) -> list[Any]:
        """Read the items of a container."""
        return [self.read(each, level) for each in rest]


def _pairs(reader: Reader, rest: list[Any], level: int) -> dict[Any, Any]:
    read = reader.items(rest, level)
    return dict(zip(read[::2], read[1::2], strict=True))


def _surrogates(reader: Reader, rest: list[Any], _: int) -> str:
    (data,) = rest
    whole = bytes.fromhex(reader.text(data))
    return whole.decode("utf-32-le", "surrogatepass")


def _integer(reader: Reader, rest: list[Any], _: int) -> int:
    (data,) = rest
    if len(reader.text(data)) > MOST_BITS // 4 + 3:
        raise BadMessage("a number in it is too large")
    return int(data, 16)


def _dtype(text: Any) -> Any:
    """Return a dtype of the few kinds that contain only data."""
    import numpy as np

    if type(text) is not str or not _DTYPE.fullmatch(text):
        raise BadMessage("its items are of no known type")
    return np.dtype(text)


def _array(reader: Reader, rest: list[Any], _: int) -> Any:
    import numpy as np

    name, order, data, *shape = rest
    dtype, read = _dtype(name), reader.bytes(data)
    if len(shape) > _MOST_AXES or not all(type(size) is int and size >= 0 for size in shape):
        raise BadMessage("it has no shape")
    if order not in ("C", "F") or math.prod(shape) * dtype.itemsize != len(read):
        raise BadMessage("its shape does not fit")
    if not read:
        return np.empty(tuple(shape), dtype, order)
    return np.frombuffer(read, dtype).reshape(tuple(shape), order=order).copy(order="K")


def _scalar(reader: Reader, rest: list[Any], _: int) -> Any:
    import numpy as np

    name, data = rest
    dtype, read = _dtype(name), reader.bytes(data)
    if not dtype.itemsize:  # an empty text, for which NumPy gives a byte or more
        return dtype.type()
    if dtype.itemsize != len(read):
        raise BadMessage("its size does not fit")
    return np.frombuffer(read, dtype)[0]


def _moment(parts: list[Any]) -> dt.datetime:
    fold = parts.pop()
    return dt.datetime(*parts).replace(fold=fold)  # noqa: DTZ001 - the zone is the last of them


def _clock(parts: list[Any]) -> dt.time:
    fold = parts.pop()
    return dt.time(*parts).replace(fold=fold)


def _of(
    make: Callable[[list[Any]], Any], *, parts: int = -1
) -> Callable[[Reader, list[Any], int], Any]:
    """Return a function that makes a value from its parts, of which there must be `parts`."""

    def made(reader: Reader, rest: list[Any], level: int) -> Any:
        if parts not in (-1, len(rest)):
            raise BadMessage("it has other parts")
        return make(reader.items(rest, level))

    return made


TAGS: Mapping[str, Callable[[Reader, list[Any], int], Any]] = MappingProxyType(
    {
        "e": _of(lambda _: ..., parts=0),
        "i": _integer,
        "s": _surrogates,
        "N": _of(lambda _: -math.nan, parts=0),
        "l": _of(list),
        "t": _of(tuple),
        "S": _of(set),
        "F": _of(frozenset),
        "d": _pairs,
        "c": _of(lambda v: complex(*v), parts=2),
        "b": lambda reader, rest, _: reader.bytes(*rest),
        "B": lambda reader, rest, _: bytearray(reader.bytes(*rest)),
        "r": _of(lambda v: range(*v), parts=3),
        "z": _of(lambda v: slice(*v), parts=3),
        "q": _of(lambda v: Fraction(*v), parts=2),
        "D": _of(lambda v: Decimal(*v), parts=1),
        "Y": _of(lambda v: dt.date(*v), parts=3),
        "M": _of(_moment, parts=9),
        "H": _of(_clock, parts=6),
        "W": _of(lambda v: dt.timedelta(*v), parts=3),
        "Z": _of(lambda v: dt.timezone(*v)),
        "a": _array,
        "n": _scalar,
    }
)
