"""Calling a student's function with cases that she does not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.exam.expected import Cases
from autograder.exam.mark import Mark, share
from autograder.exam.reasons import idea_reasons, quote
from stridewise.predictions import FormError, is_answered, whole_number

_MOST_SHOWN = 4
"""The number of failed cases that are listed: enough to see what goes wrong."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """The result of one case, where it is a whole number, and why it earns nothing."""

    value: int | None = None
    reason: str = ""
    is_blank: bool = False


def mark_function(answer: Any, expected: Cases, points: float) -> Mark:
    """Give points for each right case.

    >>> from stridewise.shapes import output_size
    >>> mark = mark_function(lambda size, k: size - k, Cases(output_size, [(28, 3), (12, 5)]), 2)
    >>> mark.reasons[0]
    '<lambda>(28, 3) gave 25, which is not right.'

    Raises:
        FormError: when the answer is not a function.
    """
    if not callable(answer):
        raise FormError(f"A function was asked for, and this is {quote(answer)}.")
    tried = [_try(answer, case, expected.reference) for case in expected.cases]
    if all(each.is_blank for each in tried):
        return Mark(0, points, ["The function returns nothing yet."])
    lost = [each.reason for each in tried if each.reason]
    reasons = [*lost[:_MOST_SHOWN], *_rest(len(lost) - _MOST_SHOWN)]
    if lost and expected.explains:
        reasons += idea_reasons(expected.explains(expected.cases), [each.value for each in tried])
    return Mark(share(points, len(tried) - len(lost), len(tried)), points, reasons)


def _rest(cases: int) -> list[str]:
    return [f"The same is true of {cases} more cases."] if cases > 0 else []


def _try(
    function: Callable[..., Any], case: Sequence[Any], reference: Callable[..., int]
) -> _Tried:
    """Try one case; an error in the function affects this case only."""
    call = f"{getattr(function, '__name__', 'function')}({', '.join(map(repr, case))})"
    try:
        value = function(*case)
        if value is None or not is_answered(value):
            return _Tried(None, f"{call} returns nothing yet.", is_blank=True)
        number = whole_number(value)
    except Exception as error:  # noqa: BLE001 - a student's function may raise anything
        return _Tried(None, f"{call} did not give a whole number: {quote(error)}")
    right = number == reference(*case)
    return _Tried(number, "" if right else f"{call} gave {quote(value)}, which is not right.")
