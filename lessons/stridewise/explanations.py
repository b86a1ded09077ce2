"""What may lie behind a wrong answer: an idea in words, and its working beside the right one.

An explanation speaks only where `diagnosis` finds a rule that the whole answer follows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .diagnosis import Diagnosis, diagnose
from .misconceptions import Prediction

if TYPE_CHECKING:
    from .network import Network

_MOST_IDEAS = 2


@dataclass(frozen=True, slots=True)
class Working:
    """One row by the learner's own rule, and by the right rule with the same numbers."""

    row: int
    own: str
    right: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An idea that an answer follows, what it leaves out, and something to think about.

    Attributes:
        idea: a sentence; where several ideas give the same numbers, it names two of them.
        leaves_out: what the idea leaves out.
        question: something to think about.
        workings: the rows in which it makes a difference.
    """

    idea: str
    leaves_out: str
    question: str
    workings: tuple[Working, ...]

    def working(self, row: int) -> Working:
        """Return the working of a row; an empty one where the idea makes no difference."""
        return next((each for each in self.workings if each.row == row), Working(row, "", ""))


def explain(
    network: Network,
    shapes: Any = ...,
    parameters: Any = ...,
    *,
    among: Collection[str] | None = None,
) -> Explanation | None:
    """Return what may lie behind an answer, or None where nothing fits or all is right.

    With `among`, ids of rules, no other rule is thought of.

    >>> from stridewise import lesson_network
    >>> found = explain(lesson_network("valid"), parameters=[288, 9216, 9216, 0, 1982464, 1280])
    >>> found.idea
    'Your numbers follow an idea: Weights only: no biases are counted.'
    >>> found.working(0)
    Working(row=0, own='3·3 · 1 · 32 = 288', right='(3·3 · 1 + 1) · 32 = 320')
    """
    found = diagnose(Prediction.read(shapes, parameters), network)
    simplest = [
        each for each in found if each.rank == 1 and (among is None or {*each.ids} <= {*among})
    ]
    if not simplest:
        return None
    best = simplest[0]
    workings = [Working(row, best.own_working(row), best.right_working(row)) for row in best.rows]
    last = best.rules[-1]
    one = "Your number" if len(network.rows) == 1 else "One row"
    return Explanation(_idea(simplest, one), last.leaves_out, last.question, tuple(workings))


def _idea(simplest: list[Diagnosis], one: str) -> str:
    """Name the idea, two that go together, or two that cannot be told apart; softly if one row."""
    best = simplest[0]
    if len(best.rules) > 1:
        return f"Your numbers follow two ideas: {' '.join(rule.name for rule in best.rules)}"
    names = [each.rules[0].name for each in simplest[:_MOST_IDEAS]]
    if len(names) > 1:
        return f"Your numbers could come from more than one idea: {' Or: '.join(names)}"
    opening = f"{one} could come from an idea" if best.tentative else "Your numbers follow an idea"
    return f"{opening}: {names[0]}"
