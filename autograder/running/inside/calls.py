"""One call of a student's function: its result, and its side effects.

A test in another process sees only the result. Side effects are reported, so that the examiner can
run the test beside the student's cells, where they are visible.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from .decoding import Reader
from .encoding import DEEPEST, Encoder, is_exact
from .functions import reach_of

_LONGEST_WORDS = 200
_CONTAINERS = (list, dict, set, bytearray)


def call(
    encoder: Encoder, request: dict[str, Any], limit: Callable[[], AbstractContextManager[None]]
) -> dict[str, Any]:
    """Call one of the encoder's functions; `limit` is a context manager with a timeout."""
    function = encoder.functions[request["call"]]
    args, kwargs = Reader().read(request["args"]), Reader().read(request["kwargs"])
    notes: list[str] = []
    if not reach_of(function).is_still(encoder.reaches[request["call"]]):
        notes.append("a value that it looks up outside itself has changed since")
    before = _random_state()
    with _listening(notes):
        try:
            with limit():
                value = function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - a student's function may raise anything
            reply = _raised(encoder, error)
        else:
            reply = {"value": encoder.encode(value)}
            if _shares([args, kwargs], value):
                notes.append("it returns a part of its arguments")
    after = Encoder()
    if (after.encode(args), after.encode(kwargs)) != (request["args"], request["kwargs"]):
        notes.append("it changes its arguments")
    if before != _random_state():
        notes.append("it draws random numbers")
    return reply | {"notes": notes}


def _raised(encoder: Encoder, error: Exception) -> dict[str, Any]:
    """Return an error as data: its class, where it is Python's own, and its arguments."""
    kind = type(error)
    own = getattr(builtins, kind.__name__, None) is kind and not error.__dict__
    args = encoder.encode(error.args)
    words = ""
    with contextlib.suppress(Exception):
        words = str(error)[:_LONGEST_WORDS]
    return {
        "raised": kind.__name__[:_LONGEST_WORDS],
        "words": words,
        "args": args if own and is_exact(args) else None,
    }


@contextlib.contextmanager
def _listening(notes: list[str]) -> Iterator[None]:
    """Report whether anything is printed, or a warning is shown."""
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always")
        yield
    if said.tell():
        notes.append("it prints")
    if warned:
        notes.append("it warns")


def _random_state() -> Any:
    """Return the states of the random generators that every notebook shares."""
    states = []
    if "random" in sys.modules:
        states.append(sys.modules["random"].getstate())
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        _, keys, *rest = numpy.get_state()
        states += [keys.tobytes(), *rest]
    return states


def _shares(mine: Any, theirs: Any) -> bool:
    """Return whether two values share an object that can be changed."""
    numpy = sys.modules.get("numpy")
    first, second = (list(_changeable(each, numpy)) for each in (mine, theirs))
    known = {id(each) for each in first}
    if any(id(each) in known for each in second):
        return True
    if numpy is None:
        return False
    arrays = [
        [each for each in side if isinstance(each, numpy.ndarray)] for side in (first, second)
    ]
    return any(numpy.may_share_memory(one, other) for one in arrays[0] for other in arrays[1])


def _changeable(value: Any, numpy: Any, level: int = 0) -> Iterator[Any]:
    if isinstance(value, _CONTAINERS) or (numpy is not None and isinstance(value, numpy.ndarray)):
        yield value
    if level < DEEPEST and type(value) in (list, tuple, set, frozenset, dict):
        inner = (*value.keys(), *value.values()) if type(value) is dict else value
        for each in inner:
            yield from _changeable(each, numpy, level + 1)
