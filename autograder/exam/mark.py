"""A mark: the points of one question, with reasons."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Self

from autograder.notebooks.mark_html import mark_html

_NOISE = 1e-9
"""The rounding error that a sum of fractions may have."""


def share(points: float, right: int, rows: int) -> float:
    """Return the points that `right` of `rows` earn: exactly all of them where all are right.

    Points are computed as decimal fractions, so that 0.7 is exactly seven tenths.

    >>> share(1.6, 3, 3), share(0.7, 3, 7)
    (1.6, 0.3)
    """
    return float(Fraction(repr(float(points))) * right / rows)


def without_noise(points: float, possible: float) -> float:
    """Return `possible` for points that exceed it by rounding alone, and other points as they are.

    >>> without_noise(0.1 + 0.2, 0.3), without_noise(0.4, 0.3)
    (0.3, 0.4)
    """
    return possible if possible < points <= possible + _NOISE else points


class Mark(float):
    """The points that an answer earned, of `possible`, with the reasons in words.

    A mark is a number, so that as the last value of a graded cell it is partial credit to stock
    nbgrader, which reads the number's text. In a notebook it shows its reasons as well.

    >>> Mark(2, 6, ["Row 3 is 23 where 22 was due."])
    2.0

    Raises:
        ValueError: when `points` is not a finite number within 0..`possible`, rounding aside.
    """

    possible: float
    reasons: tuple[str, ...]

    def __new__(
        cls, points: float, possible: float, reasons: list[str] | tuple[str, ...] = ()
    ) -> Self:
        """Make a mark, refusing points outside 0..possible."""
        points = without_noise(points, possible)
        if not (math.isfinite(points) and 0 <= points <= possible):
            raise ValueError(f"{points} points is outside 0..{possible}")
        mark = super().__new__(cls, points)
        mark.possible = float(possible)
        mark.reasons = tuple(reasons)
        return mark

    def __repr__(self) -> str:
        return float.__repr__(self)

    def _repr_html_(self) -> str:
        return mark_html(self, self.possible, self.reasons)
