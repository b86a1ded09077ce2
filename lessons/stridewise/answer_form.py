"""Whether an answer has the form that a lesson asks for, in one sentence.

It never says whether an answer is right: a wrong number in the right form passes.
The sentence says what to write instead.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from typing import Any, Literal

from .predictions import (
    FormError,
    int_list,
    is_answered,
    pair_list,
    quote,
    shape_list,
    whole_number,
)
from .row_counts import length_problem

Form = Literal[
    "shapes", "parameters", "sizes", "pairs", "number", "model", "layer", "function", "student_id"
]


_MODEL = "keras.Sequential([...]) with your layers in the square brackets"


def check_form(
    name: str,
    answer: object,
    form: Form,
    length: int | None = None,
    example: tuple[Any, ...] = (),
) -> None:
    """Print in one sentence whether `answer` has the form asked for; never whether it is right.

    Args:
        name: the name that the lesson gave to the answer.
        answer: the learner's answer.
        form: the form that it should have.
        length: the number of rows, where the answer is a list.
        example: arguments to call a function with; it must return a whole number.

    Raises:
        FormError: only when nbgrader validates the notebook, so that its button says the sentence.

    >>> check_form("your_total", 48.5, "number")
    your_total: 48.5 has a decimal point; write a whole number.
    >>> check_form("your_total", 48, "number")
    your_total has the right form.
    """
    problem = form_problem(answer, form, length, example)
    sentence = f"{name}: {problem}." if problem else f"{name} has the right form."
    if problem and os.environ.get("NBGRADER_EXECUTION") == "validate":
        raise FormError(sentence)
    print(sentence)  # noqa: T201 - the sentence is what the learner sees


def form_problem(
    answer: object, form: Form, length: int | None = None, example: tuple[Any, ...] = ()
) -> str:
    """Return what is wrong with the form of an answer; "" where it is right.

    >>> form_problem([26, 24], "sizes", length=3)
    '2 rows, but 3 are asked for'
    """
    try:
        _read(answer, form, length, example)
    except FormError as error:
        return str(error)
    return ""


def _read(answer: object, form: Form, length: int | None, example: tuple[Any, ...]) -> None:
    """Raise FormError unless `answer` has the form."""
    if answer is ...:
        raise FormError("not answered yet")
    if form == "function":
        _check_function(answer, example)
    elif form == "pairs" or form in _LIST_FORMS:
        rows = _pairs(answer, length) if form == "pairs" else _LIST_FORMS[form](answer)
        if length is not None and (problem := length_problem(rows, length)):
            raise FormError(problem)
        if form == "shapes":
            _check_batch(rows)
    else:
        _SINGLE_FORMS[form](answer)


def _pairs(answer: object, length: int | None) -> list[Any]:
    """Read pairs; an error shows how several are written."""
    try:
        return pair_list(answer)
    except FormError as error:
        if not is_answered(answer):
            raise
        raise FormError(f"write {length or 'your'} pairs: [(2, 3), ...]; {error}") from None


def _check_batch(shapes: list[Any]) -> None:
    """Ask for the batch, which Keras shows as None, at the front of every shape."""
    for number, shape in enumerate(shapes, 1):
        if not shape or shape[0] is not None:
            raise FormError(f"row {number}: {quote(shape)} should start with None, the batch")


def _check_model(answer: object) -> None:
    """Ask for a Keras model that knows its input shape."""
    if isinstance(answer, type):
        raise FormError(f"{answer.__name__} is a class; write {_MODEL}")
    if isinstance(answer, (list, tuple)):
        raise FormError(f"a {type(answer).__name__} is not a model; write {_MODEL}")
    if not _has(answer, "layers"):
        raise FormError(f"{quote(answer)} is not a Keras model; write {_MODEL}")
    if getattr(answer, "built", True) is False:
        raise FormError("the model does not know its input; put keras.Input(shape=...) first")


def _check_layer(answer: object) -> None:
    """Ask for one Keras layer, or its arguments in a dict."""
    if isinstance(answer, type):
        raise FormError(f"{answer.__name__} is a class; give it its arguments in brackets")
    if isinstance(answer, Mapping):
        return
    if _has(answer, "layers") or not _has(answer, "get_config"):
        raise FormError(
            f"{quote(answer)} is not one Keras layer; write one, such as keras.layers.Dense(10)"
        )


def _has(answer: object, name: str) -> bool:
    """Return whether an object has an attribute; a learner's object may raise anything."""
    try:
        return hasattr(answer, name)
    except Exception:  # noqa: BLE001 - as said above
        return False


def _check_function(answer: object, example: tuple[Any, ...]) -> None:
    """Ask for a function that takes the arguments and gives a whole number."""
    if not callable(answer):
        raise FormError(f"{quote(answer)} is not a function; start it with def")
    call = f"called with {', '.join(map(repr, example))}, it"
    value = _called(answer, example, call)
    if not is_answered(value):
        raise FormError("not answered yet")
    if value is None:
        raise FormError(f"{call} returns None; end it with return")
    try:
        whole_number(value)
    except FormError as error:
        raise FormError(f"{call} returns the wrong form: {error}") from None


def _called(answer: Callable[..., Any], example: tuple[Any, ...], call: str) -> Any:
    """Return the result of a function for the example."""
    try:
        inspect.signature(answer).bind(*example)
    except TypeError:
        raise FormError(f"it should take {len(example)} arguments") from None
    except ValueError:  # some built-in functions have no signature
        pass
    try:
        return answer(*example)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a function may raise anything
        raise FormError(f"{call} raises {type(error).__name__}: {quote_error(error)}") from None


def quote_error(error: BaseException) -> str:
    """Return an error's message, shortened; a learner's error may have none."""
    try:
        return str(error)[:200]
    except Exception:  # noqa: BLE001 - as said above
        return "it has no message"


def _check_student_id(answer: object) -> None:
    """Ask for a text that is not empty."""
    if not isinstance(answer, str):
        shown = quote(answer)
        example = f'"{shown}"' if shown.isdigit() else '"ada"'
        raise FormError(f"{quote(answer)} is not text; write your id in quotes, such as {example}")
    if not answer.strip():
        raise FormError("the text is empty; write your id between the quotes")


_LIST_FORMS: dict[Form, Callable[[object], list[Any]]] = {
    "shapes": shape_list,
    "parameters": int_list,
    "sizes": int_list,
}
_SINGLE_FORMS: dict[Form, Callable[[object], object]] = {
    "number": whole_number,
    "model": _check_model,
    "layer": _check_layer,
    "student_id": _check_student_id,
}
