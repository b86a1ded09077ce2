"""Comparing sizes, zeros, receptive fields or a total with the right ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stridewise.comparison import compared
from stridewise.comparison_table import ComparedRow, Comparison
from stridewise.first_slip import in_words, slip, start_with
from stridewise.naming import Explanation
from stridewise.predictions import (
    FormError,
    items,
    one_pair,
    read_rows,
    whole_number,
)
from stridewise.row_counts import length_problem
from stridewise.row_marks import RowVerdict, judged
from stridewise.single_answers.questions import Fields, Sizes, Total, Zeros, values_in

if TYPE_CHECKING:
    from collections.abc import Sequence

Question = Sizes | Zeros | Fields | Total
_KERAS, _KERAS_RULE = "Keras", "Keras's rule"


def compare_rows(answer: object, question: Question) -> Comparison:
    """Compare an answer with the right one, row by row; a right row is shown only beside an answer.

    >>> compare_rows([9, ...], Sizes([(21, 5, 2), (28, 5, 2, "same")]))
    Row    Size: yours  Size: Keras  Verdict
    row 1  9            9            ✓ agrees
    row 2  ...                       not answered yet
    Size: 1 of 2 agree.
    """
    column, by, rule = _headings(question)
    right: list[Any] = [question.right] if isinstance(question, Total) else list(question.right)
    try:
        given = [answer] if isinstance(question, Total) else items(answer)
    except FormError as error:
        return Comparison((column,), (), (f"{column}: {error}.",))
    reader: Any = one_pair if isinstance(question, Zeros) else whole_number
    read: list[Any] = read_rows(given, reader)
    verdicts = judged(read, right, _following(question, read, right))
    rows = tuple(
        ComparedRow(_name(question, each.row), (compared(given, each, right[each.row]),))
        for each in verdicts
    )
    notes = (f"{length_problem(given, len(right))}.",) if len(given) > len(right) else ()
    found = _explained(question, read, verdicts)
    explanations = ((column, found),) if found else ()
    return Comparison((column,), rows, notes, explanations, by, rule, unit="Row")


def _name(question: Question, row: int) -> str:
    return "total" if isinstance(question, Total) else f"row {row + 1}"


def _headings(question: Question) -> tuple[str, str, str]:
    """Return the column's name, the source of the right values, and the rule of their working."""
    match question:
        case Sizes():
            own = "" if question.start is None else ", starting from your numbers"
            return "Size", _KERAS, _KERAS_RULE + own
        case Zeros():
            return "Zeros", _KERAS, _KERAS_RULE
        case Fields():
            return "Receptive field", "by the rule", "the rule"
        case Total():
            return "Total", _KERAS, "the sum of the rows"


def _following(question: Question, read: Sequence[Any], right: Sequence[Any]) -> list[Any]:
    """Return what each row would be given the rows before it, where these are known."""
    if not isinstance(question, Sizes):
        return [None] * len(right)
    own = [None if isinstance(each, FormError) else each for each in read]
    follow = question.following(own)
    return [own[row] if row in follow else None for row in range(len(right))]


def _explained(
    question: Question, read: Sequence[Any], verdicts: Sequence[RowVerdict]
) -> Explanation | None:
    """Return an explanation of the rows that differ and do not follow.

    Where no idea is known, it is the right working of the first of them.
    """
    first = slip(verdicts)
    if isinstance(question, Total):
        if first is None:
            return None
        found = question.explain(first.value)
        return _hiding_rows(question, found) if found else in_words(sum_of_rows(question))
    own = values_in(read[: len(verdicts)], question)
    if all(each.follows for each in verdicts):
        return None
    found = question.explain(own)
    return found or (first_step(question, own, first.row) if first else None)


def first_step(question: Sizes | Zeros | Fields, own: Sequence[Any], row: int) -> Explanation:
    """Return the right working of a wrong row (from 0), where no idea is known.

    >>> first_step(Sizes([(3, 2, "same")] * 3, start=28), [14, 9, 5], 1).idea
    'Start with row 2. By the rule: ⌈14 ÷ 2⌉ = 7. You have 9.'
    """
    value = f"{own[row]:,}" if isinstance(own[row], int) else own[row]
    return start_with(f"row {row + 1}", question.worked(row, own), value)


def sum_of_rows(question: Total) -> str:
    """Return the sum of her own counts. The right ones stay hidden: she may still predict them."""
    if not question.added:
        return "First predict the parameters of every layer. The total is their sum."
    correct = " Correct your rows first." if sum(question.own) != question.right else ""
    return f"The total is the sum of your rows: {question.added}.{correct}"


def _hiding_rows(question: Total, found: Explanation) -> Explanation:
    """Remove the right counts from an explanation of a total, until they are all predicted."""
    if question.own:
        return found
    return Explanation(tuple(replace(idea, workings=()) for idea in found.ideas))
