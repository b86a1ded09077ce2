"""Difficulty and discrimination of a question in a class.

- Difficulty: the mean share of the points, over the submissions that hold the notebook. Near 1 the
  question was easy, near 0 hard. (Test theory calls it the facility, or p value.)
- Discrimination: Pearson's correlation, over the same submissions, between the points for the
  question and the points for all other questions. (With the question itself in the second number
  it would be correlated with itself.) Above about 0.3, students who do well elsewhere do well here
  too; near 0 they do not; below 0 the question should be looked at. Blank submissions are left out:
  they have 0 in every question, so a few of them would raise every correlation. It needs ten
  submissions, and both numbers have to vary.
- Its interval: the 95 % confidence interval by Fisher's z-transformation. With ten submissions it
  is wide: for a correlation of 0.3 it is -0.41 to 0.78.

Both are None while a submission still has no mark by hand.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.gradebook.class_marks import ClassMarks, GradedCell, StudentMarks

FEWEST = 10  # submissions; with fewer, a correlation is mostly chance
_TWO_SIDED_95 = statistics.NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """The figures of one question.

    `submissions` counts those with a mark for it, `waiting` those without one; `interval` is the
    confidence interval of the discrimination.
    """

    submissions: int
    waiting: int
    full: int
    partial: int
    none: int
    difficulty: float | None
    discrimination: float | None
    interval: tuple[float, float] | None = None


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Pearson's correlation, or None where one of the two does not vary.

    >>> correlation([1, 2, 3], [2, 4, 6])
    1.0
    """
    # Points are sums of fractions, so equal sums may differ in their last digits.
    if any(len(side) < 2 or max(side) - min(side) < 1e-9 for side in (first, second)):  # noqa: PLR2004 - two points make a line
        return None
    return min(max(statistics.correlation(first, second), -1.0), 1.0)


def interval_of(correlated: float, submissions: int) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of a correlation over so many submissions.

    None for fewer than four submissions, or a correlation of 1 or -1.

    >>> [round(end, 2) for end in interval_of(0.3, 10)]
    [-0.41, 0.78]
    """
    if submissions < 4 or abs(correlated) > 1 - 1e-9:  # noqa: PLR2004 - see the divisor below
        return None
    middle, reach = math.atanh(correlated), _TWO_SIDED_95 / math.sqrt(submissions - 3)
    return math.tanh(middle - reach), math.tanh(middle + reach)


def figures(
    class_marks: ClassMarks,
    question: GradedCell,
    submissions: Sequence[StudentMarks],
    blank: frozenset[str] = frozenset(),
) -> QuestionFigures:
    """Return the figures of one question over the submissions that hold its notebook.

    `blank` holds the students whose submissions have no answer at all.
    """
    marks = [student_marks.marks.get(question.key) for student_marks in submissions]
    marked = [
        (student_marks, mark.points)
        for student_marks, mark in zip(submissions, marks, strict=True)
        if mark and mark.points is not None
    ]
    points = [score for _, score in marked]
    written = [
        (student_marks, score)
        for student_marks, score in marked
        if student_marks.person.id not in blank
    ]
    others = [
        student_marks.score(class_marks.questions) - score for student_marks, score in written
    ]
    whole = points and question.points and len(marked) == len(submissions)
    full = sum(score >= question.points for score in points)
    discrimination = None
    if whole and len(written) >= FEWEST:
        discrimination = correlation([score for _, score in written], others)
    none = sum(score <= 0 < question.points for score in points)
    return QuestionFigures(
        submissions=len(marked),
        waiting=len(submissions) - len(marked),
        full=full,
        partial=len(marked) - full - none,
        none=none,
        difficulty=sum(points) / (question.points * len(points)) if whole else None,
        discrimination=discrimination,
        interval=None if discrimination is None else interval_of(discrimination, len(written)),
    )
