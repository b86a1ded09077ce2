"""Turning a value that was read into an answer: plain data for the examiner."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.records import Answer, KerasObject, PlainValue, StudentFunction, Unavailable

from . import operators
from .bounds import MOST_STEPS, PLAIN, Fuel, Raised, Unreadable, weight
from .evaluator import ERRORS, Evaluator, Scope, look_up
from .statements import call_body
from .values import Function, Layered, Reference, Stack

_TWICE = "it contains the same list or dict twice"


class TooMuchWork(Exception):  # noqa: N818 - says what happened
    """A student's function needs more steps than a call may take."""


def as_answer(value: Any) -> Answer:
    """Return a value as an answer: a copy that later cells of the notebook cannot change.

    Raises:
        Unreadable: When it cannot be an answer.
    """
    if type(value) is Stack:
        return _model(value)
    if type(value) is Layered:
        layer = value.layer
        return KerasObject("layer", layer.type, dict(layer.config) | {"name": layer.name})
    if type(value) is Function:
        return _function(value)
    if type(value) not in PLAIN:
        raise Unreadable("it is something other than numbers, text and lists")
    weight(value)
    copied = copy.deepcopy(value)
    if _holds_twice(value):
        return Unavailable(_TWICE, cannot_cross=True, nearest=copied)
    return copied


def _model(stack: Stack) -> KerasObject:
    """Return a model with the config that Keras would give it."""
    if stack.network is None:
        raise Unreadable("its model does not know its input")
    inputs = {"batch_shape": stack.network.input_shape, "name": "input_layer"}
    layers: list[dict[str, Any]] = [_entry("InputLayer", inputs)]
    layers += [
        _entry(each.type, {**each.config, "name": each.name}) for each in stack.network.layers
    ]
    return KerasObject(
        "model", "Sequential", {"name": stack.name, "trainable": True, "layers": layers}
    )


def _entry(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": class_name, "config": config}


def _function(function: Function) -> StudentFunction:
    """Return a function together with the present values of all names that it looks up."""
    names = _all_it_needs(function)
    frozen = _rebound(function, names)
    doubts: list[str] = []

    def call(*args: Any, **kwargs: Any) -> PlainValue:
        evaluator = Evaluator(Fuel(MOST_STEPS), call_body)
        try:
            given, named = _own_copies(args), _own_copies(kwargs)
            value = evaluator.call(frozen, list(given), named)
            weight(value)
        except Raised as raised:
            if type(raised.error) in _IN_OTHER_WORDS:
                doubts.append(f"it stops with a {type(raised.error).__name__}")
            raise raised.error from None
        except (Unreadable, RecursionError) as problem:
            words = f"{function.name}() could not be followed to its end: {problem}"
            doubts.append(words)
            raise TooMuchWork(words) from None
        finally:
            if evaluator.printed:
                doubts.append("it prints")
        if _shared([*given, *named.values()], value):
            doubts.append("it returns a part of its arguments")
        if _holds_twice(value):
            doubts.append(_TWICE)
        return copy.deepcopy(value)

    return StudentFunction(function.name, call, frozenset(names) | function.free_names, "", doubts)


_IN_OTHER_WORDS = frozenset({NameError, TypeError, UnboundLocalError})
"""Errors whose messages in Python differ from those here."""


def _own_copies(values: Any) -> Any:
    """Return copies of arguments, which must be plain and not too large."""
    weight(list(values.values() if type(values) is dict else values))
    return copy.deepcopy(values)


def _shared(given: Any, value: Any) -> bool:
    """Return whether a value contains a list or dict of the arguments."""
    return not set(_holders(given)).isdisjoint(_holders(value))


def _holds_twice(value: Any) -> bool:
    """Return whether a value contains the same list or dict twice, as `[[0]] * 3` does.

    In the copies that tests get, these are two: a change of one is not seen in the other.
    """
    found = list(_holders(value))
    return len(found) != len(set(found))


def _holders(value: Any) -> Iterator[int]:
    """Yield the ids of the lists and dicts in a value."""
    if type(value) in (list, dict):
        yield id(value)
    if type(value) in (list, tuple, dict):
        for each in value.values() if type(value) is dict else value:
            yield from _holders(each)


def _all_it_needs(function: Function) -> dict[str, Any]:
    """Return what a function, and the functions that it calls, look up outside themselves.

    Raises:
        Unreadable: When one of the values is not plain.
    """
    found: dict[str, Any] = {}
    waiting = [function]
    while waiting:
        current = waiting.pop()
        if current.doubt:
            raise Unreadable(f"{current.name}() does more than can be read: {current.doubt}")
        for name in current.free_names - found.keys():
            value = _found(name, current)
            if value is None and name not in current.names:
                continue
            found[name] = value
            if type(value) is Function:
                waiting.append(value)
    return found


def _found(name: str, function: Function) -> Any:
    """Return the value of a name outside a function, which must be usable later."""
    try:
        value = look_up(name, Scope(function.names))
    except Raised:
        return None  # the caller will get a NameError
    if type(value) is Reference:
        home, _, member = value.path.rpartition(".")
        known = member in operators.BUILTINS or member in ERRORS or member == "print"
        if value.path != "math" and home != "math" and not (home == "builtins" and known):
            raise Unreadable(f"{function.name}() uses {value.path}")
    elif type(value) is not Function:
        if type(value) not in PLAIN:
            raise Unreadable(f"{function.name}() uses {name}, which cannot be read")
        weight(value)
    return value


def _rebound(function: Function, found: Mapping[str, Any]) -> Function:
    """Return the function with its own namespace, which nothing else can change."""
    names: dict[str, Any] = {}

    def moved(each: Function) -> Function:
        return Function(
            each.name,
            each.arguments,
            each.body,
            copy.deepcopy(each.defaults),
            copy.deepcopy(each.keyword_defaults),
            each.own_names,
            each.free_names,
            each.doubt,
            names,
        )

    for name, value in found.items():
        names[name] = moved(value) if type(value) is Function else copy.deepcopy(value)
    return moved(function)
