"""Explaining other wrong answers than a network's rows: sizes, zeros, fields, a total.

A wrong idea is named only where it gives every answer of a question, and only where few do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from stridewise.naming import Explanation, Working, named

Q = TypeVar("Q")
_STRENGTH = "LTDC"  # as in `diagnosis`


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
    wrong = [
        (row, q)
        for row, (q, own) in enumerate(zip(questions, answers, strict=False))
        if own is not None and own != right(q)
    ]
    return named([(each, _workings(each, wrong, right_working)) for each in left])


def _workings(
    idea: SmallIdea[Q], wrong: Iterable[tuple[int, Q]], right_working: Callable[[Q], str]
) -> tuple[Working, ...]:
    """Return the wrong rows by the idea, and by the right rule in the same form."""
    by_rule = idea.right_working or right_working
    return tuple(Working(row, idea.working(q), by_rule(q)) for row, q in wrong)
