"""A value as plain data that can be sent, or the name of what it is.

Containers are tagged lists: ["l", ...] a list, ["t", ...] a tuple, ["d", [key, value], ...] a dict,
["e"] the `...` of an unanswered question, ["f", number, name] a function that can be called,
["k", "model" or "layer", class name, config] something of Keras's, ["u", name] anything else.
"""

from __future__ import annotations

import sys
from typing import Any

MOST_ITEMS = 10_000
MOST_BITS = 4_096
DEEPEST = 40


class TooLarge(Exception):  # noqa: N818 - says what was found
    """The value has more in it than can be sent."""


class Encoder:
    """Turns values into plain data; keeps the functions that it meets, so they can be called."""

    def __init__(self) -> None:
        self.functions: list[Any] = []

    def encode(self, value: Any) -> Any:
        """Return the value as plain data."""
        try:
            return self._encode(value, [MOST_ITEMS], 0)
        except TooLarge:
            return ["u", "value that is too large"]
        except RecursionError:
            return ["u", "value that is nested too deep"]
        except BaseException:  # noqa: BLE001 - a student's class may do anything, and be asked nothing
            return ["u", "value that cannot be looked at"]

    def _encode(self, value: Any, left: list[int], level: int) -> Any:
        left[0] -= 1
        if left[0] < 0 or level > DEEPEST:
            raise TooLarge
        if value is None or value is True or value is False:
            return value
        if value is ...:
            return ["e"]
        scalar = _scalar(value)
        if scalar is not None:
            if isinstance(scalar, int) and scalar.bit_length() > MOST_BITS:
                raise TooLarge
            return scalar
        return self._encode_whole(value, left, level)

    def _encode_whole(self, value: Any, left: list[int], level: int) -> Any:
        """Encode what holds other things, or is none of Python's own."""
        array = _array(value)
        if array is not None:
            return self._encode(array, left, level)
        if isinstance(value, list):
            return ["l", *(self._encode(item, left, level + 1) for item in list.__iter__(value))]
        if isinstance(value, tuple):
            return ["t", *(self._encode(item, left, level + 1) for item in tuple.__iter__(value))]
        if isinstance(value, dict):
            pairs = dict.items(value)
            return ["d", *([self._encode(x, left, level + 1) for x in pair] for pair in pairs)]
        return self._encode_object(value, left, level)

    def _encode_object(self, value: Any, left: list[int], level: int) -> Any:
        """Encode something of Keras's, a function, or the name of anything else."""
        kind = _keras_kind(value)
        if kind:
            config = self._encode_config(value.get_config(), left, level + 1)
            return ["k", kind, type(value).__name__, config]
        if callable(value) and not isinstance(value, type):
            self.functions.append(value)
            return ["f", len(self.functions) - 1, str(getattr(value, "__name__", "function"))[:80]]
        return ["u", type(value).__name__[:80]]

    def _encode_config(self, value: Any, left: list[int], level: int) -> Any:
        """Encode a Keras config, in which odd things stand for arguments without a bearing."""
        if isinstance(value, dict):
            pairs = [(str(key), each) for key, each in dict.items(value)]
            return ["d", *([key, self._encode_config(x, left, level + 1)] for key, x in pairs)]
        if isinstance(value, (list, tuple)):
            tag = "l" if isinstance(value, list) else "t"
            return [tag, *(self._encode_config(each, left, level + 1) for each in value)]
        encoded = self._encode(value, left, level)
        odd = isinstance(encoded, list) and encoded[0] in ("f", "k", "u")
        return f"<{type(value).__name__}>" if odd else encoded


def _scalar(value: Any) -> Any:
    """Return the number or text that a value is, of Python's own type; None if it is neither."""
    if isinstance(value, int):
        return int.__add__(value, 0)
    if isinstance(value, float):
        return float.__add__(value, 0.0)
    if isinstance(value, str):
        text = str.__str__(value)
        if len(text) > MOST_ITEMS:
            raise TooLarge
        return "".join(text.encode("utf-8", "replace").decode())
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        plain = value.item()
        return plain if type(plain) in (bool, int, float, str) else None
    return None


def _array(value: Any) -> Any:
    """Return an array or a shape as lists and tuples; None if it is neither."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        if value.size > MOST_ITEMS:
            raise TooLarge
        return value.tolist()
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and isinstance(value, tensorflow.TensorShape):
        return tuple(value.as_list())
    return None


def _keras_kind(value: Any) -> str:
    keras = sys.modules.get("keras")
    if keras is None:
        return ""
    if isinstance(value, keras.Model):
        return "model"
    return "layer" if isinstance(value, keras.Layer) else ""


def decode(data: Any) -> Any:
    """Return the arguments of a call, which whoever grades has sent."""
    if not isinstance(data, list):
        return data
    tag, *rest = data
    if tag == "l":
        return [decode(each) for each in rest]
    if tag == "t":
        return tuple(decode(each) for each in rest)
    if tag == "d":
        return {decode(key): decode(each) for key, each in rest}
    return ...
