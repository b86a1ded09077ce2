"""Explaining a wrong answer: the idea behind it in words, and its working beside the right one.

There is an explanation only where `diagnosis` finds a rule that the whole answer follows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .diagnosis import Diagnosis, diagnose
from .misconceptions import Misconception, Prediction
from .misconceptions.chain import Answer, chain_of
from .misconceptions.misconception import right_count
from .row_marks import row_marks, rows_to_follow

if TYPE_CHECKING:
    from .network import Network

_MOST_IDEAS = 2
_OR = "\nor "


@dataclass(frozen=True, slots=True)
class Working:
    """One row by the learner's own rule, and by the right rule with the same numbers.

    Where two ideas fit equally well, `own` has a line for each; the second begins with "or".
    """

    row: int
    own: str
    right: str


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea that an answer follows, or two that fit equally well.

    Attributes:
        heading: a sentence that names the idea.
        leaves_out: what the idea leaves out.
        question: something to think about.
        workings: the rows in which it makes a difference.
        name: the idea alone, without the learner's numbers.
    """

    heading: str
    leaves_out: str
    question: str
    workings: tuple[Working, ...]
    name: str = ""


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
    """Return an explanation of an answer, or None where nothing fits or all is right.

    With `given`, the learner's shapes, parameters are judged as they follow from these. With
    `among`, ids of rules, only these rules are considered.

    >>> from stridewise import lesson_network
    >>> found = explain(lesson_network("valid"), parameters=[288, 9216, 9216, 0, 1982464, 1280])
    >>> found.idea.partition(" The idea: ")[2]
    'Only weights are counted, no biases.'
    >>> found.working(0)
    Working(row=0, own='3·3 · 1 · 32 = 288', right='(3·3 · 1 + 1) · 32 = 320')
    """
    followed = Prediction.read(given).shapes
    try:
        found = diagnose(Prediction.read(shapes, parameters), network, followed)
    except OverflowError:  # the numbers are too large for the rules
        return None
    simplest = [
        each for each in found if each.rank == 1 and (among is None or {*each.ids} <= {*among})
    ]
    if not simplest:
        return None
    best = simplest[0]
    if len(best.rules) > 1:
        return Explanation(tuple(_one_of_two(best, rule) for rule in best.rules))
    return Explanation((_alone(simplest[:_MOST_IDEAS]),))


def behind_counts(network: Network, counts: Any, shapes: Any = ...) -> Explanation | None:
    """Return an explanation of parameters, judged from the learner's own `shapes`, if any.

    So no idea is named that contradicts her shapes. Where no rule fits, a Dense count that is right
    for another number of inputs says so.

    >>> from stridewise import lesson_network
    >>> network = lesson_network("stride")
    >>> counts = [320, 9248, 9248, 0, 3211392, 1290]
    >>> behind_counts(network, counts, network.shapes).idea.partition(" In your shapes, ")[2]
    '512 numbers reach this layer.'
    """
    if all(shape is None for shape in Prediction.read(shapes).shapes):
        return explain(network, parameters=counts)
    own = rows_to_follow(network, shapes)
    verdicts = row_marks(counts, network, "parameters", own)
    agreeing = {each.row for each in verdicts if each.right}
    due = {row for row, count in enumerate(_due(network, own)) if count == network.parameters[row]}
    judged = [  # a count that agrees with Keras needs no explanation, though it may not follow
        ... if row in agreeing - due else count
        for row, count in enumerate(Prediction.read(parameters=counts).parameters)
    ]
    found = explain(network, parameters=judged, given=own)
    return found or _of_other_inputs(network, counts, own)


def _due(network: Network, shapes: Sequence[Answer]) -> list[int | None]:
    """Return the count of each row that follows from these shapes."""
    chain = chain_of(network)
    if chain is None:
        return [None] * len(network.rows)
    return [right_count(chain.step(row, shapes)) for row in range(len(network.rows))]


def _of_other_inputs(network: Network, counts: Any, shapes: Sequence[Answer]) -> Explanation | None:
    """Explain the only wrong count where it is that of a Dense layer with other inputs."""
    chain = chain_of(network)
    lost = [each for each in row_marks(counts, network, "parameters", shapes) if not each.follows]
    if chain is None or len(lost) != 1 or not lost[0].answered:
        return None
    context = chain.step(lost[0].row, shapes)
    row = context.place
    if row.kind != "dense":
        return None
    inputs, rest = divmod(lost[0].value - row.biases, row.filters)
    if rest or inputs < 1:
        return None
    plus = " + 1" if row.biases else ""
    own = f"({inputs:,}{plus}) · {row.filters} = {lost[0].value:,}"
    right = f"({context.channels:,}{plus}) · {row.filters} = {right_count(context):,}"
    heading = (
        f"Your count fits {inputs:,} inputs: {own}. "
        f"In your shapes, {context.channels:,} numbers reach this layer."
    )
    leaves_out = "A Dense layer reads what the row above it gives."
    question = "What does the row just above this layer give?"
    return Explanation((Idea(heading, leaves_out, question, (Working(row.index, own, right),)),))


def _one_of_two(found: Diagnosis, rule: Misconception) -> Idea:
    """Return one of two ideas that go together, with the rows that it changes."""
    first = rule is found.rules[0]
    opening = "Two ideas together give your numbers. The first" if first else "The second"
    return _idea(f"{opening}: {rule.name}", rule, _workings(found, rule))


def _alone(simplest: Sequence[Diagnosis]) -> Idea:
    """Return the idea, or two that fit equally well; cautious words where only one row shows it.

    Of two with the same arithmetic, the one with stronger evidence is named.
    """
    best, rule = simplest[0], simplest[0].rules[0]
    workings = _workings(best, rule)
    other = simplest[1] if len(simplest) > 1 else None
    if other is None or _workings(other, other.rules[0]) == workings:
        return _idea(f"{worked_out(workings, best.tentative)} {rule.name}", rule, workings)
    names = f"{rule.name} Or: {other.rules[0].name}"
    both = [
        Working(each.row, _either(each.own, other.own_working(each.row)), each.right)
        for each in workings
    ]
    return _idea(f"Two ideas fit your numbers. {names}", rule, both)


def worked_out(workings: Sequence[Working], tentative: bool) -> str:
    """Return how an explanation begins: with the learner's own arithmetic, where there is any.

    >>> worked_out([Working(0, "28 - 3 = 25", "28 - 3 + 1 = 26")], tentative=True)
    'You may have worked out 28 - 3 = 25. The idea:'
    """
    own = next((each.own for each in workings if " = " in each.own), "")
    if own:
        begin = "You may have worked out" if tentative else "It looks as if you worked out"
        return f"{begin} {own}. The idea:"
    return "Your answer may come from this idea:" if tentative else "Your numbers fit this idea:"


def _idea(heading: str, rule: Misconception, workings: Sequence[Working]) -> Idea:
    return Idea(heading, rule.leaves_out, rule.question, tuple(workings), rule.name)


def _workings(found: Diagnosis, rule: Misconception) -> list[Working]:
    """Return the rows that `rule` changes."""
    workings = (
        Working(row, found.own_working(row, rule), found.right_working(row, rule))
        for row in found.rows
    )
    return [working for working in workings if working.own]


def _either(own: str, other: str) -> str:
    return own if other in {"", own} else f"{own}{_OR}{other}"
