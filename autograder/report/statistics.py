"""How a question worked for a class.

- Difficulty: the mean share of the points that those who handed the notebook in were given. Near 1
  the question was easy, near 0 hard. (Test theory calls it the facility, or p value.)
- Discrimination: Pearson's correlation, over the same papers, of the points for the question with
  the points for all other questions together. Leaving the question itself out keeps it from being
  correlated with itself. Above about 0.3 the question tells stronger from weaker papers; near 0 it
  does not, and below 0 it should be looked at. It is given from ten papers on, where both vary.

Neither is given while a paper still waits for its mark by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.gradebook.marksheet import GradedCell, Marksheet, Sheet

FEWEST = 10  # papers; below that a correlation says more about chance than about the question


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """What one question's marks come to. `papers` have a mark for it; `waiting` still need one."""

    papers: int
    waiting: int
    full: int
    partial: int
    none: int
    difficulty: float | None
    discrimination: float | None


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Pearson's correlation, or None where one of the two does not vary.

    >>> correlation([1, 2, 3], [2, 4, 6])
    1.0
    """
    if len(first) < 2:  # noqa: PLR2004 - two points make a line
        return None
    mean_1, mean_2 = sum(first) / len(first), sum(second) / len(second)
    d_1, d_2 = [x - mean_1 for x in first], [y - mean_2 for y in second]
    spread = math.sqrt(sum(x * x for x in d_1) * sum(y * y for y in d_2))
    if spread < 1e-12:  # noqa: PLR2004 - rounding, no real spread
        return None
    return round(sum(x * y for x, y in zip(d_1, d_2, strict=True)) / spread, 12)


def figures(marksheet: Marksheet, question: GradedCell, papers: Sequence[Sheet]) -> QuestionFigures:
    """Return the figures of one question over the papers that hold its notebook."""
    marks = [sheet.marks.get(question.key) for sheet in papers]
    marked = [
        (sheet, mark.points)
        for sheet, mark in zip(papers, marks, strict=True)
        if mark and mark.points is not None
    ]
    points = [score for _, score in marked]
    others = [sheet.score(marksheet.questions) - score for sheet, score in marked]
    whole = points and question.points and len(marked) == len(papers)
    full = sum(score >= question.points for score in points)
    none = sum(score <= 0 < question.points for score in points)
    return QuestionFigures(
        papers=len(marked),
        waiting=len(papers) - len(marked),
        full=full,
        partial=len(marked) - full - none,
        none=none,
        difficulty=sum(points) / (question.points * len(points)) if whole else None,
        discrimination=correlation(points, others) if whole and len(marked) >= FEWEST else None,
    )


def middle(values: Sequence[float]) -> float | None:
    """Return the median, or None of nothing.

    >>> middle([3, 1, 2]), middle([1, 2]), middle([])
    (2, 1.5, None)
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
