"""Reasons for lost rows: the wrong rule that the numbers follow, where one is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol, Self

from stridewise.explanations import behind_counts, explain
from stridewise.first_slip import first_slip, in_words
from stridewise.model_differences import model_differences
from stridewise.naming import Explanation, Idea
from stridewise.network import Network, Row
from stridewise.predictions import FormError
from stridewise.row_comparison import first_step, sum_of_rows
from stridewise.row_counts import comma_problem
from stridewise.row_marks import Kind, RowVerdict
from stridewise.single_answers.questions import Fields, Sizes, Total, Zeros, values_in

_LONGEST_QUOTE = 80


class Reason(str):
    """A reason as text, with its parts as attributes, for pages that show them as a table.

    Attributes:
        row: the lost row, from 0; None where the reason is not about one row.
        own: the student's working, where the rule that she followed is known.
        right: the right working with her numbers.
        idea: the idea behind the answer, where one is known.
        followed: rows, from 0, that are wrong but count, since they follow.

    >>> Reason("Row 1: you wrote 25.", row=0).row
    0
    """

    __slots__ = ("followed", "idea", "own", "right", "row")
    row: int | None
    own: str
    right: str
    idea: Idea | None
    followed: tuple[int, ...]

    def __new__(
        cls,
        words: str,
        *,
        row: int | None = None,
        own: str = "",
        right: str = "",
        idea: Idea | None = None,
        followed: Sequence[int] = (),
    ) -> Self:
        """Make a reason from its text and parts."""
        made = super().__new__(cls, words)
        made.row, made.own, made.right = row, own, right
        made.idea, made.followed = idea, tuple(followed)
        return made


class Explains(Protocol):
    """An object that explains wrong answers; `by` says whose rule the right working follows."""

    @property
    def by(self) -> str:
        """Whose rule the right working follows, such as Keras."""

    def explain(self, answers: Sequence[Any]) -> Explanation | None:
        """Return the ideas behind the answers; None is a missing answer."""


def quote(value: object) -> str:
    """Return a student's value as text, shortened for a page.

    >>> quote([26, 24])
    '[26, 24]'
    """
    try:
        text = str(value) if isinstance(value, Exception) else repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a number too long to show"
    except Exception:  # noqa: BLE001 - the `repr` of a student's class may raise anything
        return f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def row_reasons(
    answer: Sequence[Any],
    network: Network,
    kind: Kind,
    verdicts: Sequence[RowVerdict],
    lost: Sequence[int],
    *,
    show_right: bool,
    follows_from: Any = (),
) -> list[str]:
    """Return a reason for each of the `lost` rows (from 0), and a question to think about.

    A row of `answer` that could not be read is an error that says why. With `show_right`, a reason
    has the right working beside the student's own; without it, only her own. Parameters are
    explained from the shapes in `follows_from`, where these are given. Where no idea is known, the
    right working of the first wrong row is given, in the words of the lesson's comparison.
    """
    if not lost:
        return []
    shapes = answer if kind == "output_shape" else follows_from or ...
    if kind == "output_shape":
        found = _or_nothing(lambda: explain(network, shapes=answer))
    else:
        found = _or_nothing(lambda: behind_counts(network, answer, shapes))
    if found is None and show_right:
        found = _or_nothing(lambda: first_slip(network, kind, verdicts, shapes))
    reasons = [_row_reason(answer, row, network, found, show_right=show_right) for row in lost]
    return [*reasons, *_ideas(found)]


def value_reasons(
    answer: Sequence[Any], lost: Sequence[int], explains: Explains | None, *, show_right: bool
) -> list[str]:
    """Return a reason for each of the `lost` rows (from 0) of a list, and a question."""
    read = values_in(answer, explains)
    found = _or_nothing(lambda: explains.explain(read)) if explains and lost else None
    asked = explains if isinstance(explains, Sizes | Zeros | Fields) else None
    if found is None and asked and show_right:
        first = next((row for row in lost if not isinstance(answer[row], FormError)), None)
        found = None if first is None else _or_nothing(lambda: first_step(asked, read, first))
    by = explains.by if explains else ""
    reasons = [
        Reason(f"Row {row + 1}: {answer[row]}.", row=row)
        if isinstance(answer[row], FormError)
        else _worked(f"Row {row + 1}: y", answer[row], row, found, by, show_right=show_right)
        for row in lost
    ]
    return [*reasons, *_ideas(found)]


def total_reasons(total: int, asked: Total, *, show_right: bool) -> list[str]:
    """Return why a total is not right, and a question to think about."""
    found = _or_nothing(lambda: asked.explain(total))
    if found is None and show_right and asked.own:
        found = in_words(sum_of_rows(asked))
    return [_worked("Y", total, 0, found, "Keras", show_right=show_right), *_ideas(found)]


def idea_reasons(explains: Explains, answers: Sequence[Any]) -> list[str]:
    """Return the ideas behind answers of which some are wrong, with questions to think about."""
    return _ideas(_or_nothing(lambda: explains.explain(answers)))


def follow_reasons(rows: Sequence[int], source: str) -> list[str]:
    """Return a note about the rows (from 0) that are wrong but count, since they follow.

    >>> follow_reasons([4], "your own shapes")
    ['Follows from your own shapes, so it counts: row 5.']
    """
    numbers = ", ".join(str(row + 1) for row in rows)
    word = "row" if len(rows) == 1 else "rows"
    words = f"Follows from {source}, so it counts: {word} {numbers}."
    return [Reason(words, followed=rows)] if rows else []


def model_reasons(given: Sequence[Row], asked: Sequence[Row]) -> list[str]:
    """Return a reason for each layer of a model that is not the one asked for."""
    return [
        f"Layer {number} is {mine.type} {mine.output_shape} with {mine.parameters:,} parameters, "
        "which is not the layer asked for."
        for number, (mine, right) in enumerate(zip(given, asked, strict=False), 1)
        if (mine.type, mine.output_shape, mine.parameters)
        != (right.type, right.output_shape, right.parameters)
    ]


def argument_reasons(built: Network, asked: Network) -> list[str]:
    """Return which arguments of which layers differ, as the lesson's own comparison says it."""
    with suppress(Exception):  # a mark never depends on whether it can be explained
        return model_differences(built, asked)
    return []


def length_reasons(given: Sequence[Any], asked: int, things: str) -> list[str]:
    """Return a reason where there are more or fewer rows than were asked for, and a likely cause.

    >>> length_reasons([320, 9, 248], 2, "rows")[1]
    'A comma separates two items: 9,248 is two numbers in Python: write 9248.'
    """
    if len(given) == asked:
        return []
    count = f"There are {len(given)} {things}; {asked} were asked for"
    if len(given) < asked:
        return [f"{count}."]
    reasons = [f"{count}. Each one too many counts as a wrong one."]
    comma = comma_problem(given, asked)
    return [*reasons, f"A comma separates two items: {comma}."] if comma else reasons


def _or_nothing(explained: Callable[[], Explanation | None]) -> Explanation | None:
    """Return an explanation, or None where no rule can be computed with the answer.

    A mark never depends on whether it can be explained.
    """
    try:
        return explained()
    except Exception:  # noqa: BLE001 - as above: numbers too large, shapes of no length, and so on
        return None


def _ideas(found: Explanation | None) -> list[str]:
    """Return each idea, what it leaves out, and a question to think about."""
    ideas = found.ideas if found else ()
    return [
        Reason(" ".join(filter(None, (i.heading, i.leaves_out, i.question))), idea=i) for i in ideas
    ]


def _row_reason(
    answer: Sequence[Any],
    row: int,
    network: Network,
    found: Explanation | None,
    *,
    show_right: bool,
) -> str:
    """Return what is in row `row`, a rule that gives it, and Keras's working."""
    layer = f"Row {row + 1} ({network.rows[row].type})"
    if row >= len(answer):
        return Reason(f"{layer} is missing.", row=row)
    if isinstance(answer[row], FormError):
        return Reason(f"{layer}: {answer[row]}.", row=row)
    return _worked(f"{layer}: y", answer[row], row, found, "Keras", show_right=show_right)


def _worked(
    start: str, value: object, row: int, found: Explanation | None, by: str, *, show_right: bool
) -> Reason:
    """Return the reason for a wrong value: a rule that gives it, and the right working.

    `start` is the beginning of the sentence, up to the first letter of "you wrote".
    """
    working = found.working(row) if found else None
    own, right = (working.own, working.right) if working else ("", "")
    right = right if show_right else ""
    text = f"{start}ou wrote {quote(value)}"
    text += f", which is {own}." if own else ", which is not right."
    return Reason(f"{text} {by}: {right}." if right else text, row=row, own=own, right=right)
