"""Explaining a wrong answer: the idea behind it in words, and its working beside the right one.

There is an explanation only where `diagnosis` finds a rule that the whole answer follows, and few
others that fit as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .diagnosis import Diagnosis, diagnose
from .misconceptions import Misconception, Prediction
from .misconceptions.chain import Answer, chain_of
from .misconceptions.misconception import right_count
from .naming import MOST, Explanation, Idea, Working, idea_of, named
from .row_marks import row_marks, rows_to_follow

if TYPE_CHECKING:
    from .network import Network


def explain(
    network: Network,
    shapes: Any = ...,
    parameters: Any = ...,
    *,
    given: Any = ...,
    without: Collection[str] = (),
) -> Explanation | None:
    """Return an explanation of an answer, or None where nothing fits or all is right.

    With `given`, the learner's shapes, parameters are judged as they follow from these. The rules
    whose ids are in `without` are not considered.

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
    simplest = told_apart(each for each in found if not {*each.ids} & {*without})
    if not few_enough([each.ids for each in simplest]):
        return None
    if len(simplest[0].rules) > 1:
        return _pair(simplest[0])
    return named([(each.rules[0], _workings(each, each.rules[0])) for each in simplest])


def behind_counts(network: Network, counts: Any, shapes: Any = ...) -> Explanation | None:
    """Return an explanation of parameters, judged from the learner's own `shapes`, if any.

    So no idea is named that contradicts her shapes. Where no rule fits, a Dense count that is right
    for another number of inputs says so.

    >>> from stridewise import lesson_network
    >>> network = lesson_network("stride")
    >>> counts = [320, 9248, 9248, 0, 3211392, 1290]
    >>> behind_counts(network, counts, network.shapes).idea.partition(" In your shapes, ")[2]
    'this layer reads 512 numbers.'
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
        f"In your shapes, this layer reads {context.channels:,} numbers."
    )
    leaves_out = "A Dense layer reads what the row above it gives."
    question = "What does the row just above this layer give?"
    return Explanation((Idea(heading, leaves_out, question, (Working(row.index, own, right),)),))


def told_apart(found: Iterable[Diagnosis]) -> list[Diagnosis]:
    """Return the simplest of these diagnoses; of those with the same arithmetic the first alone.

    `diagnose` puts the best attested first.
    """
    apart: dict[object, Diagnosis] = {}
    for each in found:
        if each.rank == 1:
            lines = [_own_workings(each, rule) for rule in each.rules]
            apart.setdefault(repr(lines) if all(lines) else each.ids, each)
    return list(apart.values())


def few_enough(rules: Collection[Collection[str]]) -> bool:
    """Return whether ideas that fit equally well can be named: three alone, or one pair.

    >>> few_enough([["no_biases"], ["minus_one"]]), few_enough([["no_biases", "minus_one"]] * 2)
    (True, False)
    """
    return 0 < len(rules) <= (MOST if all(len(each) == 1 for each in rules) else 1)


def _pair(best: Diagnosis) -> Explanation:
    """Return two ideas that give the answer together."""
    openings = ("Two ideas together give your numbers. The first", "The second")
    return Explanation(
        tuple(
            idea_of(rule, _workings(best, rule), f"{opening}: {rule.name}")
            for rule, opening in zip(best.rules, openings, strict=True)
        )
    )


def _workings(found: Diagnosis, rule: Misconception) -> tuple[Working, ...]:
    """Return the rows that `rule` changes."""
    return tuple(
        Working(row, own, found.right_working(row, rule)) for row, own in _own_workings(found, rule)
    )


def _own_workings(found: Diagnosis, rule: Misconception) -> list[tuple[int, str]]:
    """Return the rows that `rule` changes, each as the learner works it."""
    workings = ((row, found.own_working(row, rule)) for row in found.rows)
    return [(row, own) for row, own in workings if own]
