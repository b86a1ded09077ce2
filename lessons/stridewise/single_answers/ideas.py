"""Explaining other wrong answers than a network's rows: sizes, zeros, fields, a total.

A wrong idea is named only where it gives every answer of a question, and only where few do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from stridewise.explanations import Explanation, Idea, Working, worked_out

Q = TypeVar("Q")
MOST = 3  # ideas that can be named together and still say something
_STRENGTH = "LTDC"  # as in `diagnosis`


class Worded(Protocol):
    """What an idea is in words."""

    @property
    def name(self) -> str:
        """The idea in one sentence."""

    @property
    def leaves_out(self) -> str:
        """What the idea does not see."""

    @property
    def question(self) -> str:
        """A question that makes one think."""


@dataclass(frozen=True, slots=True)
class SmallIdea(Generic[Q]):
    """A wrong rule for single answers, in words and as a rule.

    Attributes:
        id: A short name that does not change.
        name: The idea in one sentence.
        leaves_out: What the idea does not see.
        question: A question that makes one think.
        evidence: L, T, D or C, as in `misconceptions`.
        answer: What somebody with this idea answers.
        working: The same worked in one line; "" where the name says it all.
        right_working: The right answer worked in the form of this idea, where that is another.
    """

    id: str
    name: str
    leaves_out: str
    question: str
    evidence: str
    answer: Callable[[Q], Any]
    working: Callable[[Q], str] = lambda _: ""
    right_working: Callable[[Q], str] | None = None


def behind(
    ideas: Iterable[SmallIdea[Q]],
    questions: Sequence[Q],
    answers: Sequence[Any],
    right: Callable[[Q], Any],
    right_working: Callable[[Q], str],
) -> Explanation | None:
    """Return an explanation of `answers` (None: not answered), or None.

    An idea is named only where it gives all the answers, the right ones too; none is named where
    more than three do.
    """
    asked = [(q, own) for q, own in zip(questions, answers, strict=False) if own is not None]
    if all(own == right(q) for q, own in asked):
        return None
    left = [each for each in ideas if all(own == each.answer(q) for q, own in asked)]
    left.sort(key=lambda each: _STRENGTH.index(each.evidence[0]))
    alone = left[0] if len(left) == 1 else None
    by_rule = alone.right_working if alone and alone.right_working else right_working
    workings = [
        Working(row, alone.working(q) if alone else "", by_rule(q))
        for row, (q, own) in enumerate(zip(questions, answers, strict=False))
        if own is not None and own != right(q)
    ]
    return said(left, workings, of=len(asked))


def said(
    ideas: Sequence[Worded], workings: Sequence[Working], of: int = MOST
) -> Explanation | None:
    """Put ideas that fit equally well into words: cautiously where one row of several is wrong.

    `of` is how many rows were answered.
    """
    if not 0 < len(ideas) <= MOST:
        return None
    names = " Or: ".join(each.name for each in ideas)
    first = ideas[0]
    if len(ideas) > 1:  # what one of them leaves out would be a guess
        many = {2: "Two", 3: "Three"}[len(ideas)]
        heading = f"{many} ideas fit your numbers. {names}"
        return Explanation((Idea(heading, "", first.question, tuple(workings)),))
    heading = f"{worked_out(workings, tentative=len(workings) == 1 < of)} {names}"
    return Explanation((Idea(heading, first.leaves_out, first.question, tuple(workings)),))
