"""A learner's answer: the form it takes, read into plain values, or what is wrong with it in words.

The form is judged here and never the number: a wrong number in the right form passes. `...` stands
for an answer that is still to come.
"""

from __future__ import annotations

import inspect
import os
import reprlib
import textwrap
from collections.abc import Callable, Mapping
from numbers import Integral
from types import EllipsisType
from typing import Any, Literal, TypeVar

Form = Literal[
    "shapes", "parameters", "sizes", "pairs", "number", "model", "layer", "function", "student_id"
]
Shape = tuple[int | None, ...]
T = TypeVar("T")

_PAIR = 2
_LINE_WIDTH = 80  # nbgrader cuts the lines of a failed validation at 87 characters
_INSTEAD: dict[type, str] = {
    bool: "is True or False; write a whole number",
    float: "has a decimal point; write a whole number",
    str: "is text; write the number without quotes",
    type(None): "is no number; None stands only for the batch in a shape",
}


class FormError(ValueError):
    """An answer has the wrong form; the message tells the learner what to write instead."""

    def _render_traceback_(self) -> list[str]:
        """Show a learner the sentence alone: the code above it is ours, not theirs.

        IPython looks for this name: `InteractiveShell.showtraceback`.
        """
        return textwrap.wrap(f"{type(self).__name__}: {self}", _LINE_WIDTH)


def is_answered(answer: object) -> bool:
    """Tell whether `answer` is there: neither `...` nor a list that still holds one.

    >>> is_answered(...), is_answered([26, ...]), is_answered([26, 24])
    (False, False, True)
    """
    if isinstance(answer, (list, tuple)):
        return all(is_answered(item) for item in answer)
    return not isinstance(answer, EllipsisType)


def whole_number(answer: object) -> int:
    """Read one whole number; NumPy's integers are as good as Python's.

    Raises:
        FormError: when it is a bool, a float, a text or anything else.

    >>> whole_number(320)
    320
    """
    if getattr(answer, "ndim", None) == 0 and hasattr(answer, "tolist"):
        answer = answer.tolist()
    if isinstance(answer, Integral) and not isinstance(answer, bool):
        return int(answer)
    if not is_answered(answer):
        raise FormError("not answered yet")
    instead = _INSTEAD.get(type(answer), f"is a {type(answer).__name__}; write a whole number")
    raise FormError(f"{quote(answer)} {instead}")


def one_shape(answer: object) -> Shape:
    """Read one output shape, in which `None` stands for a size that is not fixed, as the batch.

    Raises:
        FormError: when it is not a tuple of whole numbers and `None`.

    >>> one_shape([None, 26, 26, 32])
    (None, 26, 26, 32)
    """
    sizes = items(answer, "a shape, in round brackets, such as (None, 5, 5, 3)")
    return tuple(None if size is None else whole_number(size) for size in sizes)


def one_pair(answer: object) -> tuple[int, int]:
    """Read one pair of whole numbers.

    Raises:
        FormError: when it is not two whole numbers.

    >>> one_pair([0, 1])
    (0, 1)
    """
    numbers = items(answer, "a pair, in round brackets, such as (2, 3)")
    if len(numbers) != _PAIR:
        raise FormError(f"{quote(answer)} has length {len(numbers)}; a pair has two numbers")
    first, second = numbers
    return whole_number(first), whole_number(second)


def shape_list(answer: object) -> list[Shape]:
    """Read a list of output shapes, one a layer.

    Raises:
        FormError: naming the row that is not a shape.

    >>> shape_list([(None, 26, 26, 32), (None, 10)])
    [(None, 26, 26, 32), (None, 10)]
    """
    return _rows(answer, one_shape)


def int_list(answer: object) -> list[int]:
    """Read a list of whole numbers.

    Raises:
        FormError: naming the row that is not a whole number.

    >>> int_list((320, 9_248))
    [320, 9248]
    """
    return _rows(answer, whole_number)


def pair_list(answer: object) -> list[tuple[int, int]]:
    """Read a list of pairs of whole numbers.

    Raises:
        FormError: naming the row that is not a pair.

    >>> pair_list([(0, 1), (1, 1)])
    [(0, 1), (1, 1)]
    """
    return _rows(answer, one_pair)


def check_form(
    name: str,
    answer: object,
    form: Form,
    length: int | None = None,
    example: tuple[Any, ...] = (),
) -> None:
    """Say in one sentence whether `answer` has the form asked for; never whether it is right.

    Args:
        name: the name that the lesson gave to the answer.
        answer: what the learner left there.
        form: what it should be.
        length: the number of rows, where the answer is a list.
        example: arguments to try a function on; it must give a whole number.

    Raises:
        FormError: only when nbgrader validates the notebook, so that its button says the sentence.

    >>> check_form("your_total", 48.0, "number")
    your_total: 48.0 has a decimal point; write a whole number.
    >>> check_form("your_total", 48, "number")
    your_total has the right form.
    """
    try:
        _read(answer, form, length, example)
    except FormError as error:
        sentence = f"{name}: {error}."
        if os.environ.get("NBGRADER_EXECUTION") == "validate":
            raise FormError(sentence) from None
        print(sentence)  # noqa: T201 - the sentence is what the learner sees
    else:
        print(f"{name} has the right form.")  # noqa: T201 - as above


def _read(answer: object, form: Form, length: int | None, example: tuple[Any, ...]) -> None:
    """Raise FormError unless `answer` has the form."""
    if not isinstance(answer, (list, tuple)) and not is_answered(answer):
        raise FormError("not answered yet")
    if form == "function":
        _check_function(answer, example)
    elif form in _LIST_FORMS:
        rows = _LIST_FORMS[form](answer)
        _check_length(rows, length, form)
        if form == "shapes":
            _check_batch(rows)
    else:
        _SINGLE_FORMS[form](answer)


def _check_length(rows: list[Any], length: int | None, form: Form) -> None:
    """Tell a wrong number of rows from wrong numbers."""
    if length is None or len(rows) == length:
        return
    comma = "; write 1200 or 1_200, for 1,200 is two numbers" if form == "parameters" else ""
    raise FormError(f"{len(rows)} rows where {length} are asked for{comma}")


def _check_batch(shapes: list[Shape]) -> None:
    """Ask for the batch, which Keras shows as None, at the front of every shape."""
    for number, shape in enumerate(shapes, 1):
        if not shape or shape[0] is not None:
            raise FormError(f"row {number}: {quote(shape)} should start with None, the batch")


def _check_model(answer: object) -> None:
    """Ask for a Keras model that knows its input shape."""
    if isinstance(answer, type):
        raise FormError(f"{answer.__name__} is a class; give it its layers in brackets")
    if not hasattr(answer, "layers"):
        raise FormError(f"{quote(answer)} is not a Keras model")
    if getattr(answer, "built", True) is False:
        raise FormError("the model does not know its input; put keras.Input(shape=...) first")


def _check_layer(answer: object) -> None:
    """Ask for one Keras layer, or its arguments in a dict."""
    if isinstance(answer, type):
        raise FormError(f"{answer.__name__} is a class; give it its arguments in brackets")
    if isinstance(answer, Mapping):
        return
    if hasattr(answer, "layers") or not hasattr(answer, "get_config"):
        raise FormError(f"{quote(answer)} is not one Keras layer")


def _check_function(answer: object, example: tuple[Any, ...]) -> None:
    """Ask for a function that takes the arguments and gives a whole number."""
    if not callable(answer):
        raise FormError(f"{quote(answer)} is not a function; start it with def")
    try:
        inspect.signature(answer).bind(*example)
    except TypeError:
        raise FormError(f"it does not take {len(example)} arguments") from None
    call = f"called with {', '.join(map(repr, example))} it"
    try:
        value = answer(*example)
    except Exception as error:  # noqa: BLE001 - a learner's function may raise anything
        raise FormError(f"{call} raises {type(error).__name__}: {error}") from None
    if not is_answered(value):
        raise FormError("not answered yet")
    if value is None:
        raise FormError(f"{call} gives None; end it with return")
    try:
        whole_number(value)
    except FormError as error:
        raise FormError(f"{call} gives a value that {str(error).partition(' ')[2]}") from None


def _check_student_id(answer: object) -> None:
    """Ask for a text that is not empty."""
    if not isinstance(answer, str):
        raise FormError(f"{quote(answer)} is not a text; write your id in quotes")
    if not answer.strip():
        raise FormError("the text is empty; write your id between the quotes")


_LIST_FORMS: dict[Form, Callable[[object], list[Any]]] = {
    "shapes": shape_list,
    "parameters": int_list,
    "sizes": int_list,
    "pairs": pair_list,
}
_SINGLE_FORMS: dict[Form, Callable[[object], object]] = {
    "number": whole_number,
    "model": _check_model,
    "layer": _check_layer,
    "student_id": _check_student_id,
}


def _rows(answer: object, read: Callable[[object], T]) -> list[T]:
    """Read each row; an error names its row, counted from 1."""
    rows = []
    for number, item in enumerate(items(answer), 1):
        try:
            rows.append(read(item))
        except FormError as error:
            raise FormError(f"row {number}: {error}") from None
    return rows


def items(answer: object, wanted: str = "a list, in square brackets") -> list[Any]:
    """Give the items of a list, a tuple, a NumPy array or a TensorFlow shape.

    Raises:
        FormError: when `answer` is none of these, and so not what was `wanted`.
    """
    if not isinstance(answer, (list, tuple)) and not is_answered(answer):
        raise FormError("not answered yet")
    if hasattr(answer, "as_list"):  # TensorFlow's TensorShape
        answer = answer.as_list()
    elif hasattr(answer, "tolist"):  # NumPy's array
        answer = answer.tolist()
    if isinstance(answer, (list, tuple)):
        return list(answer)
    raise FormError(f"{quote(answer)} is not {wanted}")


def quote(answer: object) -> str:
    """Show an answer as Python would, cut short where it is long."""
    return reprlib.repr(answer)
