"""Reading a learner's answer: as plain values, or a sentence that says what is wrong with it.

`...` is an answer that is still missing. A whole number may be written as 14 or as 14.0: in Python
the two are equal, so both are read as 14. A `bool`, a text and 14.5 are not whole numbers.
"""

from __future__ import annotations

import reprlib
import textwrap
from collections.abc import Callable
from math import isnan
from operator import index
from types import EllipsisType
from typing import Any, TypeVar

Shape = tuple[int | None, ...]
Size = int | float | None
"""One number of an answer; None is "no number", as for the batch."""
T = TypeVar("T")

LARGEST = 10**15
"""Sizes and counts of networks are smaller; larger numbers are refused."""
_MOST_ROWS = 1_000
_PAIR = 2
_LINE_WIDTH = 80  # nbgrader cuts the lines of a failed validation at 87 characters


class FormError(ValueError):
    """An answer has the wrong form; the message tells the learner what to write instead.

    `answer` is the value of a row with another form: 14.5 is not a size, but it may show the wrong
    rule that gives it.
    """

    answer: object = None

    def _render_traceback_(self) -> list[str]:
        """Show a learner only the sentence, without the traceback through our code.

        IPython calls a method of this name: `InteractiveShell.showtraceback`.
        """
        return textwrap.wrap(f"{type(self).__name__}: {self}", _LINE_WIDTH)


def is_answered(answer: object) -> bool:
    """Return whether `answer` is complete: neither `...` nor a list with a `...` in it.

    >>> is_answered(...), is_answered([26, ...]), is_answered([26, 24])
    (False, False, True)
    """
    left, seen = [answer], set()
    while left:
        value = left.pop()
        if isinstance(value, EllipsisType):
            return False
        if isinstance(value, (list, tuple)) and id(value) not in seen:
            seen.add(id(value))  # a list may hold itself
            left.extend(value)
    return True


def number_in(answer: object) -> int | float | None:
    """Return an answer as a number, whole or not; None where it is not a number.

    NumPy's numbers are read too. A bool, nan, and a number over `LARGEST` are not numbers here.

    >>> number_in(320), number_in(320.0), number_in(14.5), number_in("320")
    (320, 320, 14.5, None)
    """
    value = _plain(answer.answer if isinstance(answer, FormError) else answer)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not abs(value) <= LARGEST:  # nan is not
        return None
    return int(value) if int(value) == value else value


def whole_number(answer: object) -> int:
    """Read one whole number.

    Raises:
        FormError: when it is a bool, a text, a number that is not whole, or anything else.

    >>> whole_number(320), whole_number(320.0)
    (320, 320)
    """
    number = number_in(answer)
    if isinstance(number, int):
        return number
    if not is_answered(answer):
        raise FormError("not answered yet")
    value = _plain(answer)
    raise FormError(f"{quote(value)} {_instead(value)}")


def one_shape(answer: object) -> Shape:
    """Read one output shape, in which `None` is a size that is not fixed, such as the batch.

    Raises:
        FormError: when it is not a tuple of whole numbers and `None`.

    >>> one_shape([None, 26, 26, 32])
    (None, 26, 26, 32)
    """
    sizes = items(answer, "a shape, in round brackets, such as (None, 5, 5, 3)")
    return tuple(None if size is None else whole_number(size) for size in sizes)


def shape_in(answer: object) -> tuple[Size, ...] | None:
    """Return the numbers of a shape, whole or not; None where something is not a number.

    >>> shape_in((None, 14.5, 14.5, 32)), shape_in((None, "14"))
    ((None, 14.5, 14.5, 32), None)
    """
    try:
        sizes = items(answer.answer if isinstance(answer, FormError) else answer)
    except FormError:
        return None
    numbers = tuple(map(number_in, sizes))
    pairs = zip(numbers, sizes, strict=True)
    return numbers if sizes and all(n is not None or size is None for n, size in pairs) else None


def one_pair(answer: object) -> tuple[int, int]:
    """Read one pair of whole numbers.

    Raises:
        FormError: when it is not two whole numbers.

    >>> one_pair([0, 1])
    (0, 1)
    """
    numbers = items(answer, "a pair")
    if len(numbers) != _PAIR:
        raise FormError(f"{quote(answer)} has {len(numbers)} numbers; a pair has two")
    first, second = numbers
    return whole_number(first), whole_number(second)


def shape_list(answer: object) -> list[Shape]:
    """Read a list of output shapes, one a layer.

    Raises:
        FormError: naming the row that is not a shape.

    >>> shape_list([(None, 26, 26, 32), (None, 10)])
    [(None, 26, 26, 32), (None, 10)]
    """
    return _all_rows(answer, one_shape)


def int_list(answer: object) -> list[int]:
    """Read a list of whole numbers.

    Raises:
        FormError: naming the row that is not a whole number.

    >>> int_list((320, 9_248))
    [320, 9248]
    """
    return _all_rows(answer, whole_number)


def pair_list(answer: object) -> list[tuple[int, int]]:
    """Read a list of pairs of whole numbers.

    Raises:
        FormError: naming the row that is not a pair.

    >>> pair_list([(0, 1), (1, 1)])
    [(0, 1), (1, 1)]
    """
    return _all_rows(answer, one_pair)


def read_rows(answer: object, read: Callable[[object], T]) -> list[T | FormError]:
    """Read each row by itself; in place of a row with another form there is its `FormError`.

    Raises:
        FormError: when the whole answer is not a list.

    >>> read_rows([320, "9248"], whole_number)
    [320, FormError("'9248' is text; write the number without quotes")]
    """
    rows: list[T | FormError] = []
    for item in items(answer):
        try:
            rows.append(read(item))
        except FormError as error:
            error.answer = item
            rows.append(error)
    return rows


def items(answer: object, wanted: str = "a list; put square brackets around it") -> list[Any]:
    """Return the items of a list, a tuple, a NumPy array or a TensorFlow shape.

    Raises:
        FormError: when `answer` is none of these, and so not what was `wanted`, or is very long.
    """
    if isinstance(answer, EllipsisType):
        raise FormError("not answered yet")
    value = answer if isinstance(answer, (list, tuple)) else _plain(answer)
    if not isinstance(value, (list, tuple)):
        raise FormError(f"{quote(answer)} is not {wanted}")
    if len(value) > _MOST_ROWS:
        raise FormError(f"{len(value)} rows are too many; write fewer")
    return list(value)


def quote(answer: object) -> str:
    """Return an answer as Python would show it, shortened where it is long.

    >>> quote("a" * 100)
    "'aaaaaaaaaaaa...aaaaaaaaaaaaa'"
    """
    try:
        return reprlib.repr(answer)
    except Exception:  # noqa: BLE001 - a learner's object may refuse to be shown, in any way
        return f"this {type(answer).__name__}"


def _plain(answer: object) -> object:
    """Return NumPy's and TensorFlow's values as plain Python; anything else as it is.

    A learner's object, or a class in place of one, may raise anything.
    """
    if isinstance(answer, (bool, int, float, str, list, tuple, type)):
        return answer
    try:
        if hasattr(answer, "as_list"):  # TensorFlow's TensorShape
            return answer.as_list()
        if hasattr(answer, "tolist"):  # NumPy's arrays and numbers
            return answer.tolist()
        return index(answer) if hasattr(answer, "__index__") else answer
    except Exception:  # noqa: BLE001 - see above
        return answer


def _kind(value: object) -> str:
    """Return what a value is that is no number.

    >>> _kind((5, 000)), _kind({5})
    ('2 values (a comma separates them)', 'a set')
    """
    if isinstance(value, tuple) and len(value) > 1:
        return f"{len(value)} values (a comma separates them)"
    return f"a {type(value).__name__}"


def _instead(value: object) -> str:
    """Return what is wrong with a value that is not a whole number, and what to write."""
    if isinstance(value, str):
        digits = value.strip().replace(",", "").replace("_", "").replace(" ", "")
        number = digits if digits.isascii() and digits.isdigit() else "the number"
        plain = "the number" if number == value else number
        return f"is text; write {plain} without quotes"
    if isinstance(value, bool):
        return "is True or False; write a whole number"
    if value is None:
        return "is not a number; None is only for the batch in a shape"
    if not isinstance(value, (int, float)):
        return f"is {_kind(value)}; write a whole number"
    if isinstance(value, float) and isnan(value):
        return "is not a number; write a whole number"
    too_large = abs(value) > LARGEST
    wrong = "is too large for any network here" if too_large else "has a decimal point"
    return f"{wrong}; write a whole number"


def _all_rows(answer: object, read: Callable[[object], T]) -> list[T]:
    """Read each row; an error names its row, counted from 1."""
    rows = []
    for number, row in enumerate(read_rows(answer, read), 1):
        if isinstance(row, FormError):
            raise FormError(f"row {number}: {row}")
        rows.append(row)
    return rows
