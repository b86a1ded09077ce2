"""What may lie behind a wrong answer: an idea in words, and its working beside the right one.

An explanation speaks only where `diagnosis` finds a rule that the whole answer follows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .diagnosis import Diagnosis, diagnose
from .misconceptions import Misconception, Prediction

if TYPE_CHECKING:
    from .network import Network

_MOST_IDEAS = 2
_OR = "\nor "


@dataclass(frozen=True, slots=True)
class Working:
    """One row by the learner's own rule, and by the right rule with the same numbers.

    Where two ideas cannot be told apart, `own` has a line for each, the second begun with "or".
    """

    row: int
    own: str
    right: str


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea that an answer follows, or two that cannot be told apart.

    Attributes:
        heading: a sentence that names the idea.
        leaves_out: what the idea leaves out.
        question: something to think about.
        workings: the rows in which it makes a difference.
    """

    heading: str
    leaves_out: str
    question: str
    workings: tuple[Working, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an answer follows: one idea, or two that go together."""

    ideas: tuple[Idea, ...]

    @property
    def idea(self) -> str:
        """Every idea in words."""
        return " ".join(idea.heading for idea in self.ideas)

    @property
    def leaves_out(self) -> str:
        """What the last idea leaves out."""
        return self.ideas[-1].leaves_out

    @property
    def question(self) -> str:
        """What to think about."""
        return self.ideas[-1].question

    @property
    def workings(self) -> tuple[Working, ...]:
        """The rows in which an idea makes a difference, idea by idea."""
        return tuple(working for idea in self.ideas for working in idea.workings)

    def working(self, row: int) -> Working:
        """Return the working of a row in one line; an empty one where no idea changes it."""
        found = [each for each in self.workings if each.row == row]
        own = "; ".join(each.own.partition(_OR)[0] for each in found)
        return Working(row, own, "; ".join(each.right for each in found))


def explain(
    network: Network,
    shapes: Any = ...,
    parameters: Any = ...,
    *,
    given: Any = ...,
    among: Collection[str] | None = None,
) -> Explanation | None:
    """Return what may lie behind an answer, or None where nothing fits or all is right.

    With `given`, the learner's shapes, parameters are judged as they follow from these. With
    `among`, ids of rules, no other rule is thought of.

    >>> from stridewise import lesson_network
    >>> found = explain(lesson_network("valid"), parameters=[288, 9216, 9216, 0, 1982464, 1280])
    >>> found.idea
    'Your numbers follow an idea: Weights only: no biases are counted.'
    >>> found.working(0)
    Working(row=0, own='3·3 · 1 · 32 = 288', right='(3·3 · 1 + 1) · 32 = 320')
    """
    followed = Prediction.read(given).shapes
    found = diagnose(Prediction.read(shapes, parameters), network, followed)
    simplest = [
        each for each in found if each.rank == 1 and (among is None or {*each.ids} <= {*among})
    ]
    if not simplest:
        return None
    best = simplest[0]
    if len(best.rules) > 1:
        return Explanation(tuple(_one_of_two(best, rule) for rule in best.rules))
    one = "Your number" if len(network.rows) == 1 else "One row"
    return Explanation((_alone(simplest[:_MOST_IDEAS], one),))


def _one_of_two(found: Diagnosis, rule: Misconception) -> Idea:
    """Give one of two ideas that go together, with the rows where this one shows."""
    first = rule is found.rules[0]
    opening = "Your numbers follow two ideas. The first" if first else "The second"
    return _idea(f"{opening}: {rule.name}", rule, _workings(found, rule))


def _alone(simplest: Sequence[Diagnosis], one: str) -> Idea:
    """Give the idea, or two that cannot be told apart; said softly where one row alone shows it."""
    best, rule = simplest[0], simplest[0].rules[0]
    if len(simplest) == 1:
        follows = f"{one} could come from an" if best.tentative else "Your numbers follow an"
        return _idea(f"{follows} idea: {rule.name}", rule, _workings(best, rule))
    other = simplest[1]
    heading = f"Your numbers could come from either of two ideas: {rule.name} Or: "
    workings = [
        Working(each.row, _either(each.own, other.own_working(each.row)), each.right)
        for each in _workings(best, rule)
    ]
    return _idea(heading + other.rules[0].name, rule, workings)


def _idea(heading: str, rule: Misconception, workings: Sequence[Working]) -> Idea:
    return Idea(heading, rule.leaves_out, rule.question, tuple(workings))


def _workings(found: Diagnosis, rule: Misconception) -> list[Working]:
    """Return the rows that `rule` changes."""
    workings = (
        Working(row, found.own_working(row, rule), found.right_working(row, rule))
        for row in found.rows
    )
    return [working for working in workings if working.own]


def _either(own: str, other: str) -> str:
    return own if other in {"", own} else f"{own}{_OR}{other}"
