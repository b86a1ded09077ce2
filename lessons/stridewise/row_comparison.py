"""Sizes, zeros, receptive fields or a total, laid beside the right ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stridewise.comparison import compared
from stridewise.comparison_table import ComparedRow, Comparison
from stridewise.predictions import (
    FormError,
    items,
    length_problem,
    one_pair,
    read_rows,
    whole_number,
)
from stridewise.row_marks import RowVerdict, judged
from stridewise.single_answers.questions import Fields, Sizes, Total, Zeros

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stridewise.explanations import Explanation

Question = Sizes | Zeros | Fields | Total
_COLUMNS = {Sizes: "Size", Zeros: "Zeros", Fields: "Receptive field", Total: "Total"}


def compare_rows(answer: object, question: Question) -> Comparison:
    """Lay an answer beside the right one, row by row; a right row shows only beside an answer.

    >>> compare_rows([9, ...], Sizes([(21, 5, 2), (28, 5, 2, "same")]))
    Layer  Size: yours  Size: Keras  Verdict
    row 1  9            9            ✓ agrees
    row 2  ...                       not answered yet
    Size: 1 of 2 agree.
    """
    column = _COLUMNS[type(question)]
    right: list[Any] = [question.right] if isinstance(question, Total) else list(question.right)
    try:
        given = [answer] if isinstance(question, Total) else items(answer)
    except FormError as error:
        return Comparison((column,), (), (f"{column}: {error}.",))
    reader: Any = one_pair if isinstance(question, Zeros) else whole_number
    read: list[Any] = read_rows(given, reader)
    verdicts = judged(read, right, _following(question, read, right))
    rows = tuple(
        ComparedRow(f"row {each.row + 1}", (compared(given, each, right[each.row]),))
        for each in verdicts
    )
    notes = (f"{length_problem(given, len(right))}.",) if len(given) > len(right) else ()
    found = _explained(question, read, verdicts)
    explanations = ((column, found),) if found else ()
    return Comparison((column,), rows, notes, explanations)


def _following(question: Question, read: Sequence[Any], right: Sequence[Any]) -> list[Any]:
    """Return what each row would be given the rows before it, where these can be told."""
    if not isinstance(question, Sizes):
        return [None] * len(right)
    own = [None if isinstance(each, FormError) else each for each in read]
    follow = question.following(own)
    return [own[row] if row in follow else None for row in range(len(right))]


def _explained(
    question: Question, read: Sequence[Any], verdicts: Sequence[RowVerdict]
) -> Explanation | None:
    """Return what may lie behind the rows that differ and do not follow."""
    if all(each.follows for each in verdicts if each.answered):
        return None
    own = [None if isinstance(each, FormError) else each for each in read[: len(verdicts)]]
    if isinstance(question, Total):
        return question.explain(own[0]) if isinstance(own[0], int) else None
    return question.explain(own)
