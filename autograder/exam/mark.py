"""A mark: the points one question earned, and why."""

from __future__ import annotations

import math
from typing import Self

from autograder.notebooks.mark_html import mark_html


class Mark(float):
    """The points that an answer earned, of `possible`, with the reasons in words.

    A mark is a number, so that as the last value of a graded cell it is partial credit to stock
    nbgrader, which reads the number's text. In a notebook it shows its reasons as well.

    >>> Mark(2, 6, ["Row 3 is 23 where 22 was due."])
    2.0

    Raises:
        ValueError: when `points` is not a finite number within 0..`possible`.
    """

    possible: float
    reasons: tuple[str, ...]

    def __new__(
        cls, points: float, possible: float, reasons: list[str] | tuple[str, ...] = ()
    ) -> Self:
        """Make a mark, refusing points outside 0..possible."""
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
