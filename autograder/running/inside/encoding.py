"""Encoding a value as plain data, from which exactly the same value can be made again.

None, True, False, floats, short ints and valid text are written as they are. Every other value is a
list that begins with a tag; the tags are in `TAGS` of `decoding.py`. Only values of exactly the
types named here have such a form, since a subclass may behave differently. Others are written as

    ["x", class name, form]    a plain value close to it, such as a tuple for a named tuple
    ["u", class name]          no plain value is close to it

A reader that needs the value itself must refuse both.
"""

from __future__ import annotations

import base64
import datetime as dt
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import copysign, isnan
from types import FunctionType, MappingProxyType
from typing import Any

from .functions import Reach, reach_of

MOST_ITEMS = 200_000
MOST_CHARACTERS = 2**22
MOST_BYTES = 2**23
MOST_BITS = 2**20
DEEPEST = 60
SHORT_BITS = 60
ARRAY_KINDS = "biufcSUMm"
"""NumPy's kinds of items that contain only data: https://numpy.org/doc/stable/reference/arrays.interface.html"""
_LONGEST_NAME = 80
_CHANGEABLE = (list, dict, set, bytearray)
_LIBRARIES = frozenset({"keras", "stridewise", "tensorflow"})


class TooLarge(Exception):  # noqa: N818 - says what was found
    """The value has more items than can be sent."""


class Encoder:
    """Encodes values as plain data; stores the functions in them, so that they can be called."""

    def __init__(self) -> None:
        self.functions: list[Any] = []
        self.reaches: list[Reach] = []

    def encode(self, value: Any) -> Any:
        """Return the value as plain data."""
        try:
            return _Writer(self).write(value, 0)
        except TooLarge:
            return ["u", "value that is too large"]
        except RecursionError:
            return ["u", "value that is nested too deep"]
        except BaseException:  # noqa: BLE001 - a student's class may raise anything
            return ["u", "value that cannot be looked at"]

    def keep(self, function: Any) -> list[Any]:
        """Store a function; return its number, its name, and the names that it looks up outside.

        A library's function is not stored: it is not the student's own work.
        """
        if home := _library_of(function):
            return ["u", f"function of {home}, not your own work"]
        reach = reach_of(function)
        self.functions.append(function)
        self.reaches.append(reach)
        name = str(getattr(function, "__name__", "function"))[:_LONGEST_NAME]
        return ["f", len(self.functions) - 1, name, sorted(reach.names), reach.doubt]


def _library_of(function: Any) -> str:
    """Return the library that a function comes from; "" for a student's own."""
    if type(function) is not FunctionType:
        return ""
    # A function's `__module__` can be changed; its globals cannot.
    home = str(function.__globals__.get("__name__", "")).partition(".")[0]
    return home if home in _LIBRARIES else ""


def is_exact(data: Any) -> bool:
    """Return whether data is the exact value, and not a plain value close to it.

    >>> is_exact(Encoder().encode([1, 2.5, {"a"}])), is_exact(Encoder().encode(object()))
    (True, False)
    """
    if type(data) is not list:
        return True
    return data[0] not in ("f", "k", "u", "x") and all(map(is_exact, data[1:]))


class _Writer:
    """Writes one value, and counts its items."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._items, self._characters, self._bytes = MOST_ITEMS, MOST_CHARACTERS, MOST_BYTES
        self._seen: set[int] = set()

    def write(self, value: Any, level: int) -> Any:
        """Write a value at nesting level `level`."""
        self._items -= 1
        if self._items < 0 or level > DEEPEST:
            raise TooLarge
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is float:
            return ["N"] if isnan(value) and copysign(1, value) < 0 else value
        if kind is int:
            return _whole(value)
        if kind is str:
            return self._text(value)
        exactly = _EXACTLY.get(kind)
        if exactly is not None:
            return self._once(value, exactly(self, value, level + 1))
        return self._other(value, level)

    def _once(self, value: Any, written: Any) -> Any:
        """Write an object that can be changed as inexact where it is met again.

        Its copies would be two objects: a change of one would not be seen in the other.
        """
        if not isinstance(value, _CHANGEABLE) and type(value).__name__ != "ndarray":
            return written
        name = type(value).__name__
        again = id(value) in self._seen
        self._seen.add(id(value))
        return ["x", f"{name} that is in it twice", written] if again else written

    def _text(self, text: str) -> Any:
        self._characters -= len(text)
        if self._characters < 0:
            raise TooLarge
        if text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text):
            return text
        return ["s", text.encode("utf-32-le", "surrogatepass").hex()]

    def bytes(self, data: bytes) -> str:
        """Write bytes as base64."""
        self._bytes -= len(data)
        if self._bytes < 0:
            raise TooLarge
        return base64.b64encode(data).decode()

    def items(self, tag: str, items: Any, level: int) -> list[Any]:
        """Write the items of a container."""
        return [tag, *[self.write(each, level) for each in items]]

    def pairs(self, pairs: Any, level: int) -> list[Any]:
        """Write the items of a dict, in order."""
        written = [self.write(each, level) for pair in pairs for each in pair]
        return _by_hash(["d", *written], written[::2])

    def _other(self, value: Any, level: int) -> Any:
        """Write a value of NumPy or Keras, a function, or for others a plain value close to it."""
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
            return self._numpy(numpy, value, level)
        keras = _keras_kind(value)
        if keras:
            config = self._config(value.get_config(), level + 1)
            return ["k", keras, type(value).__name__, config]
        if type(value) is FunctionType:
            return self._encoder.keep(value)
        name = str(type(value).__name__)[:_LONGEST_NAME]
        near = _near(value)
        if near is not None:
            return ["x", name, self.write(near, level + 1)]
        if callable(value) and not isinstance(value, type):
            return ["x", name, self._encoder.keep(value)]
        return ["u", name]

    def _numpy(self, numpy: Any, value: Any, level: int) -> Any:
        """Write an array or a scalar: its dtype, its shape, its memory order and its bytes."""
        dtype, kind = value.dtype, type(value)
        if value.nbytes > self._bytes:
            raise TooLarge
        known = (
            dtype.kind in ARRAY_KINDS
            and dtype.metadata is None
            and numpy.dtype(dtype.str).char == dtype.char
        )
        if known and kind is numpy.ndarray:
            order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
            data = self.bytes(value.tobytes(order=order))
            return self._once(value, ["a", dtype.str, order, data, *value.shape])
        cut = dtype.kind in "SU" and value[-1:] in ("\0", b"\0")  # NumPy would leave it out
        if known and kind is dtype.type and not cut:
            return ["n", dtype.str, self.bytes(value.tobytes())]
        name = str(kind.__name__)[:_LONGEST_NAME]
        plain = numpy.ndarray.tolist(value) if isinstance(value, numpy.ndarray) else value.item()
        return ["x", name, self.write(plain, level + 1)] if type(plain) is not kind else ["u", name]

    def _config(self, value: Any, level: int) -> Any:
        """Write a Keras config; its odd values belong to arguments that do not matter here."""
        if isinstance(value, dict):
            pairs = [(str(key), each) for key, each in dict.items(value)]
            each = [(key, self._config(item, level + 1)) for key, item in pairs]
            return ["d", *[part for pair in each for part in pair]]
        if isinstance(value, (list, tuple)):
            tag = "l" if isinstance(value, list) else "t"
            return [tag, *(self._config(each, level + 1) for each in value)]
        written = self.write(value, level)
        if type(written) is list and written[0] in ("n", "x"):
            near = _near(value.item() if written[0] == "n" else value)
            return f"<{type(value).__name__}>" if near is None else self.write(near, level)
        odd = type(written) is list and written[0] in ("f", "k", "u")
        return f"<{type(value).__name__}>" if odd else written


def _whole(number: int) -> Any:
    """Write a whole number; JSON readers refuse long ones, so these become text."""
    bits = number.bit_length()
    if bits > MOST_BITS:
        raise TooLarge
    return number if bits <= SHORT_BITS else ["i", hex(number)]


def _near(value: Any) -> Any:
    """Return the plain value close to an instance of a subclass, or None."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and isinstance(value, tensorflow.TensorShape):
        return tuple(value.as_list())
    for kind, plain in _NEAREST.items():
        if isinstance(value, kind):
            return plain(value)
    return None


_NEAREST: Mapping[type, Callable[[Any], Any]] = MappingProxyType(
    {
        int: lambda value: int.__add__(value, 0),
        float: lambda value: float.__add__(value, 0.0),
        str: lambda value: "".join(str.__iter__(value)),
        list: lambda value: list(list.__iter__(value)),
        tuple: lambda value: tuple(tuple.__iter__(value)),
        dict: lambda value: dict(dict.items(value)),
    }
)


def _keras_kind(value: Any) -> str:
    keras = sys.modules.get("keras")
    if keras is None:
        return ""
    if isinstance(value, keras.Model):
        return "model"
    return "layer" if isinstance(value, keras.Layer) else ""


def _moment(value: dt.datetime) -> list[Any]:
    return [value.year, value.month, value.day, *_clock(value)]


def _clock(value: dt.datetime | dt.time) -> list[Any]:
    return [value.hour, value.minute, value.second, value.microsecond, value.tzinfo, value.fold]


def _by_hash(written: list[Any], hashed: list[Any]) -> list[Any]:
    """Write as inexact what finds functions by their identity, which their copies do not have."""
    return written if all(map(is_exact, hashed)) else ["x", "set or key of functions", written]


def _as(tag: str, parts: Callable[[Any], Any]) -> Callable[[_Writer, Any, int], Any]:
    """Return a function that writes the parts of a value."""
    return lambda writer, value, level: writer.items(tag, parts(value), level)


def _set(tag: str, writer: _Writer, value: Any, level: int) -> list[Any]:
    written = writer.items(tag, value, level)
    return _by_hash(written, written[1:])


_EXACTLY: Mapping[type, Callable[[_Writer, Any, int], Any]] = MappingProxyType(
    {
        type(...): lambda *_: ["e"],
        list: _as("l", lambda v: v),
        tuple: _as("t", lambda v: v),
        set: lambda writer, value, level: _set("S", writer, value, level),
        frozenset: lambda writer, value, level: _set("F", writer, value, level),
        dict: lambda writer, value, level: writer.pairs(value.items(), level),
        complex: _as("c", lambda v: (v.real, v.imag)),
        bytes: lambda writer, value, _: ["b", writer.bytes(value)],
        bytearray: lambda writer, value, _: ["B", writer.bytes(bytes(value))],
        range: _as("r", lambda v: (v.start, v.stop, v.step)),
        slice: _as("z", lambda v: (v.start, v.stop, v.step)),
        Fraction: _as("q", lambda v: (v.numerator, v.denominator)),
        Decimal: _as("D", lambda v: (str(v),)),
        dt.date: _as("Y", lambda v: (v.year, v.month, v.day)),
        dt.datetime: _as("M", _moment),
        dt.time: _as("H", _clock),
        dt.timedelta: _as("W", lambda v: (v.days, v.seconds, v.microseconds)),
        dt.timezone: _as("Z", lambda v: v.__getinitargs__()),
    }
)
