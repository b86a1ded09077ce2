"""How a question worked for a class.

- Difficulty: the mean share of the points that those who handed the notebook in were given. Near 1
  the question was easy, near 0 hard. (Test theory calls it the facility, or p value.)
- Discrimination: Pearson's correlation, over the same papers, of the points for the question with
  the points for all other questions together. Leaving the question itself out keeps it from being
  correlated with itself. Above about 0.3 the question tells stronger from weaker papers; near 0 it
  does not, and below 0 it should be looked at. Blank papers are left out: each has nothing in every
  question, so a few of them alone would make every question look good. It is given from ten papers
  on, where both vary.
- Its range: the 95 % confidence interval by Fisher's z-transformation. With ten papers it is wide:
  a correlation of 0.3 then lies anywhere between -0.41 and 0.78.

Neither is given while a paper still waits for its mark by hand.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.gradebook.marksheet import GradedCell, Marksheet, Sheet

FEWEST = 10  # papers; below that a correlation says more about chance than about the question
_TWO_SIDED_95 = statistics.NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """What one question's marks come to.

    `papers` have a mark for it; `waiting` still need one; `interval` is how far the discrimination
    may be off.
    """

    papers: int
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
    # Points are sums of fractions, so equal ones may differ in their last digits.
    if any(len(side) < 2 or max(side) - min(side) < 1e-9 for side in (first, second)):  # noqa: PLR2004 - two points make a line
        return None
    return min(max(statistics.correlation(first, second), -1.0), 1.0)


def interval_of(correlated: float, papers: int) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of a correlation over so many papers.

    None where it cannot be told: of fewer than four papers, or where all lie on one line.

    >>> [round(end, 2) for end in interval_of(0.3, 10)]
    [-0.41, 0.78]
    """
    if papers < 4 or abs(correlated) > 1 - 1e-9:  # noqa: PLR2004 - the formula divides by papers - 3
        return None
    middle, reach = math.atanh(correlated), _TWO_SIDED_95 / math.sqrt(papers - 3)
    return math.tanh(middle - reach), math.tanh(middle + reach)


def figures(
    marksheet: Marksheet,
    question: GradedCell,
    papers: Sequence[Sheet],
    blank: frozenset[str] = frozenset(),
) -> QuestionFigures:
    """Return the figures of one question over the papers that hold its notebook.

    `blank` are the students whose papers hold no answer at all.
    """
    marks = [sheet.marks.get(question.key) for sheet in papers]
    marked = [
        (sheet, mark.points)
        for sheet, mark in zip(papers, marks, strict=True)
        if mark and mark.points is not None
    ]
    points = [score for _, score in marked]
    written = [(sheet, score) for sheet, score in marked if sheet.person.id not in blank]
    others = [sheet.score(marksheet.questions) - score for sheet, score in written]
    whole = points and question.points and len(marked) == len(papers)
    full = sum(score >= question.points for score in points)
    told = None
    if whole and len(written) >= FEWEST:
        told = correlation([score for _, score in written], others)
    none = sum(score <= 0 < question.points for score in points)
    return QuestionFigures(
        papers=len(marked),
        waiting=len(papers) - len(marked),
        full=full,
        partial=len(marked) - full - none,
        none=none,
        difficulty=sum(points) / (question.points * len(points)) if whole else None,
        discrimination=told,
        interval=None if told is None else interval_of(told, len(written)),
    )
