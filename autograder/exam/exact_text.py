"""A text for an answer that no other answer has: the key under which a verdict is cached."""

from __future__ import annotations

import json
import re
from typing import Any

from autograder.records import KerasObject, Unavailable
from autograder.running.inside.encoding import Encoder, is_exact

_OTHER_CLASS = re.compile(r"(?<=\w)(?<!KerasObject)(?<!Unavailable)\(")
"""Where `repr` writes an object of a class that is not ours; it may leave out a part of it."""


def exact_text(value: Any) -> str:
    """Return a text that is equal for equal values of equal types only, however long they are.

    `repr` is exact for numbers and texts. It leaves out most of a long array and its memory order,
    the unit of a NumPy date, the sign of a nan.

    >>> exact_text([1, 2.0]) == exact_text([1, 2])
    False
    """
    try:
        text = repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return _parts(value)
    return _parts(value) if "nan" in text or _OTHER_CLASS.search(text) else text


def _parts(value: Any) -> str:
    """Return the same part by part, since what cannot be encoded exactly would all look alike."""
    data = Encoder().encode(value)
    if is_exact(data):
        return json.dumps(data)
    if type(value) in (list, tuple):
        return f"{type(value).__name__}[{', '.join(map(_parts, value))}]"
    if type(value) is dict:
        return f"dict[{', '.join(f'{_parts(k)}: {_parts(v)}' for k, v in value.items())}]"
    if isinstance(value, KerasObject):
        return f"{value.kind} {value.class_name!r} {_parts(value.config)}"
    if isinstance(value, Unavailable):
        return f"{value.reason!r} {value.flagged} {value.cannot_cross} {_parts(value.nearest)}"
    return repr(value)
