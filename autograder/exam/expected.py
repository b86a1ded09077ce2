"""What a hidden test may expect besides plain values.

The right answer is computed from the question, so that it is written nowhere twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.exam.reasons import Explains
from stridewise.single_answers.questions import Fields, Sizes, Total, Zeros, own_value

__all__ = ["Accepts", "Cases", "Fields", "Sizes", "Total", "Zeros", "own_value"]


@dataclass(frozen=True, slots=True)
class Cases:
    """A function of the student's own, called with `cases` and compared with `reference`.

    Attributes:
        reference: A function that is right.
        cases: The arguments of each call.
        explains: A function from the cases to an object that explains wrong values, such as
            `Sizes` where a case is (size, kernel_size, strides, padding).
    """

    reference: Callable[..., int]
    cases: Sequence[tuple[Any, ...]]
    explains: Callable[[Sequence[tuple[Any, ...]]], Explains] | None = None


@dataclass(frozen=True, slots=True)
class Accepts:
    """Any answer for which `rule` returns True; `wording` tells the student what was asked."""

    rule: Callable[[Any], bool]
    wording: str
