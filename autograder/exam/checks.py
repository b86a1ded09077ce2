"""The function `grade`, which hidden tests call: it compares an answer and returns a mark.

Only rows that were found right earn points. An answer that cannot be read earns nothing, with a
reason, and affects no other question.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Any

from autograder.course.settings import settings_in_force
from autograder.exam.expected import Accepts, Cases, Fields, Sizes, Total, Zeros, own_value
from autograder.exam.function_cases import mark_function
from autograder.exam.mark import Mark, share
from autograder.exam.origin import not_own_work
from autograder.exam.reasons import (
    Explains,
    argument_reasons,
    follow_reasons,
    length_reasons,
    model_reasons,
    quote,
    row_reasons,
    total_reasons,
    value_reasons,
)
from stridewise.layers import without_inputs
from stridewise.network import Network
from stridewise.predictions import (
    FormError,
    is_answered,
    items,
    one_pair,
    one_shape,
    read_rows,
    whole_number,
)
from stridewise.row_marks import Kind, are_believable, judged, row_marks

_submitter: ContextVar[str | None] = ContextVar("submitter", default=None)


@dataclass(frozen=True, slots=True)
class _Column:
    """The column of a network's rows that was predicted, and the shapes behind the counts."""

    kind: Kind
    shapes: Sequence[Any] = ()


def grade(
    answer: Any,
    expected: Any,
    points: float,
    *,
    rows: Kind | None = None,
    shapes: Any = None,
) -> Mark:
    """Mark one answer, with partial credit by row where it has rows.

    Args:
        answer: the student's answer.
        expected: a `Network` (with `rows` to say which column was predicted, or without, where
            the answer is a Keras model); a list or tuple, compared row by row; an int or a string;
            `Sizes`, `Zeros`, `Fields` or `Total`, which also explain wrong answers; `Cases` for a
            function; `Accepts` where several answers are right.
        points: the points of a right answer; every row is worth the same. A row too many is a wrong
            row: of 7 rows where 6 were asked for, each is worth a seventh.
        rows: "output_shape" or "parameters".
        shapes: with rows="parameters", the student's own shapes; a count that follows from them
            earns its points. Give them as `lambda: valid_shapes`, since the name may not exist.

    Raises:
        TypeError: when `expected` is none of these; this is a mistake in the test.
        ValueError: when `shapes` is given for anything but the parameters of a `Network`.

    >>> grade([26, 24, 23], [26, 24, 22], points=3)
    2.0
    """
    if shapes is not None and not (rows == "parameters" and isinstance(expected, Network)):
        raise ValueError(
            f"shapes= goes with a Network and rows='parameters', not with rows={rows!r} and "
            f"{type(expected).__name__}; leave it out"
        )
    if _is_blank(answer):
        return Mark(0, points, ["Not answered."])
    if borrowed := not_own_work(answer):
        return Mark(0, points, [borrowed])
    try:
        return _mark(expected, answer, points, rows and _Column(rows, _own_shapes(shapes)))
    except FormError as error:
        return Mark(0, points, [str(error)])
    except RecursionError:
        return Mark(0, points, ["The answer is nested too deeply to be read."])


def submitter(elsewhere: str) -> str:
    """Return the id of the student whose work is being graded; `elsewhere` outside grading.

    Stock nbgrader runs a submission in `autograded/<student>/<assignment>/`.
    """
    known = _submitter.get()
    if known is not None:
        return known
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        return Path.cwd().parent.name
    return elsewhere


@contextmanager
def submitted_by(student: str) -> Iterator[None]:
    """Make `submitter` return `student` inside this block."""
    token = _submitter.set(student)
    try:
        yield
    finally:
        _submitter.reset(token)


def _is_blank(answer: Any) -> bool:
    """Return whether nothing was answered, not even one row."""
    try:
        if isinstance(answer, (list, tuple)):
            return all(_is_blank(item) for item in answer)
        return not is_answered(answer)
    except RecursionError:  # a list that holds itself
        return False


def _own_shapes(shapes: Any) -> list[Any]:
    """Return the student's own shapes that have the form of a shape; [] if there are none."""
    try:
        rows = read_rows(own_value(shapes), one_shape)
    except FormError:
        return []
    return [None if isinstance(row, FormError) else row for row in rows]


@singledispatch
def _mark(expected: object, answer: Any, points: float, column: _Column | None) -> Mark:
    """Choose the check by the type of `expected`."""
    del answer, points, column
    raise TypeError(f"grade() cannot compare with {type(expected).__name__}")


@_mark.register
def _mark_network(expected: Network, answer: Any, points: float, column: _Column | None) -> Mark:
    if column is None:
        return _mark_model(answer, expected, points)
    return _mark_prediction(answer, expected, points, column)


@_mark.register
def _mark_list(expected: list | tuple, answer: Any, points: float, _: _Column | None) -> Mark:  # type: ignore[type-arg] # singledispatch takes bare classes
    return _mark_rows(answer, list(expected), points)


@_mark.register
def _mark_number(expected: int, answer: Any, points: float, _: _Column | None) -> Mark:
    right = whole_number(answer) == expected
    return Mark(points if right else 0, points, [] if right else [f"{quote(answer)} is not right."])


@_mark.register
def _mark_explained(
    expected: Sizes | Zeros | Fields, answer: Any, points: float, _: _Column | None
) -> Mark:
    return _mark_rows(answer, expected.right, points, expected)


@_mark.register
def _mark_total(expected: Total, answer: Any, points: float, _: _Column | None) -> Mark:
    """Give the point for the right total, or for the sum of the student's own rows."""
    total, own = whole_number(answer), expected.own
    if total == expected.right:
        return Mark(points, points)
    sums_own = total == sum(own) and are_believable(expected.network, own)
    if sums_own and settings_in_force().follow_through:
        return Mark(points, points, ["Follows from your own rows, so it counts."])
    shown = settings_in_force().show_right_numbers
    return Mark(0, points, total_reasons(total, expected, show_right=shown))


@_mark.register
def _mark_function(expected: Cases, answer: Any, points: float, _: _Column | None) -> Mark:
    return mark_function(answer, expected, points)


@_mark.register
def _mark_text(expected: str, answer: Any, points: float, _: _Column | None) -> Mark:
    """Compare two texts, without spaces at their ends."""
    right = type(answer) is str and answer.strip() == expected
    shown = settings_in_force().show_right_numbers
    due = f"; {quote(expected)} was expected." if shown else ", which is not right."
    reason = f"This is {quote(answer)}{due}"
    return Mark(points if right else 0, points, [] if right else [reason])


@_mark.register
def _mark_open(expected: Accepts, answer: Any, points: float, _: _Column | None) -> Mark:
    try:
        right = expected.rule(answer) is True
    except Exception as error:  # noqa: BLE001 - an answer of another kind may make any rule fail
        words = f"{expected.wording} (The check stopped with an error: {quote(error)}.)"
        return Mark(0, points, [words])
    return Mark(points if right else 0, points, [] if right else [expected.wording])


def _mark_prediction(answer: Any, expected: Network, points: float, column: _Column) -> Mark:
    """Give points for each row that is right, or that follows from the student's own rows."""
    chosen, of_shapes = settings_in_force(), column.kind == "output_shape"
    asked = len(expected.rows)
    given = _without_blank_end(items(answer), asked)
    read: list[Any] = read_rows(given[:asked], one_shape if of_shapes else whole_number)
    verdicts = row_marks(given[:asked], expected, column.kind, column.shapes)
    earned = {
        verdict.row: verdict
        for verdict in verdicts
        if verdict.right or (verdict.follows and chosen.follow_through)
    }
    lost = [row for row in range(asked) if row not in earned]
    reasons = row_reasons(
        read,
        expected,
        column.kind,
        verdicts,
        lost,
        show_right=chosen.show_right_numbers,
        follows_from=column.shapes,
    )
    followed = [row for row, verdict in earned.items() if not verdict.right]
    reasons += follow_reasons(
        followed, "your own rows before it" if of_shapes else "your own shapes"
    )
    reasons += length_reasons(given, asked, "rows")
    return Mark(share(points, len(earned), max(asked, len(given))), points, reasons)


def _mark_rows(
    answer: Any,
    expected: list[Any],
    points: float,
    explains: Explains | None = None,
) -> Mark:
    """Give points for each row that is right."""
    asked = len(expected)
    given = _without_blank_end(items(answer), asked)
    pairs = bool(expected) and isinstance(expected[0], tuple)
    read: list[Any] = read_rows(given[:asked], one_pair if pairs else whole_number)
    verdicts = judged(read, expected)
    wrong = [each.row for each in verdicts[: len(read)] if not each.right]
    followed = _followed(read, explains) & set(wrong) if wrong else frozenset()
    lost = [row for row in wrong if row not in followed]
    reasons = value_reasons(read, lost, explains, show_right=settings_in_force().show_right_numbers)
    reasons += follow_reasons(sorted(followed), "your own rows before it")
    reasons += length_reasons(given, asked, "rows")
    return Mark(share(points, len(read) - len(lost), max(asked, len(given), 1)), points, reasons)


def _without_blank_end(given: list[Any], asked: int) -> list[Any]:
    """Drop unanswered rows beyond those asked for, such as a forgotten placeholder."""
    while len(given) > asked and given[-1] is ...:
        given = given[:-1]
    return given


def _followed(read: Sequence[Any], explains: Explains | None) -> frozenset[int]:
    """Return the rows, from 0, that follow from the student's own rows before them."""
    if not (isinstance(explains, Sizes) and settings_in_force().follow_through):
        return frozenset()
    return explains.following([None if isinstance(each, FormError) else each for each in read])


def _mark_model(answer: Any, expected: Network, points: float) -> Mark:
    """Give points for each layer whose type, output shape and parameters are those expected.

    An input layer does not count as a layer: only a functional model lists it.
    """
    try:
        built = Network.from_keras(answer)
    except Exception as error:
        raise FormError(f"This is not a Keras model that can be read: {quote(error)}") from error
    given, asked = without_inputs(built.rows), without_inputs(expected.rows)
    wrong = model_reasons(given, asked)
    right = min(len(given), len(asked)) - len(wrong)
    reasons = [*wrong, *length_reasons(given, len(asked), "layers")]
    if reasons and settings_in_force().show_right_numbers:
        reasons = [*argument_reasons(built, expected), *reasons]
    return Mark(share(points, right, max(len(asked), len(given), 1)), points, reasons)
