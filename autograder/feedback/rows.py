"""Computing a mark again from the stored answer, so that a page can show its parts as a table.

The gradebook stores reasons as text. The same check, called with the stored answer, gives the same
reasons with their parts (`exam.reasons.Reason`). Where it gives a different text, there is no
table, and the page shows the recorded text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from autograder.course.settings import Settings, in_force
from autograder.exam.checks import submitted_by
from autograder.exam.expected import Total
from autograder.exam.mark import Mark
from autograder.exam.reasons import Reason, quote
from autograder.feedback.asked import Asked
from autograder.feedback.picture import WindowRow, window_row
from stridewise.naming import Idea
from stridewise.network import Network

Verdict = Literal["right", "follows", "wrong", "missing", "surplus"]
_MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an answer: its label, her value, the right one ("" where hidden), the verdict.

    `says` is what is wrong with its form, where there is no value to compare.
    """

    label: str
    mine: str
    right: str
    verdict: Verdict
    says: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An answer beside the right one, the ideas behind it, and the other reasons."""

    rows: tuple[Row, ...]
    ideas: tuple[Idea, ...]
    others: tuple[str, ...]
    picture: WindowRow | None
    by: str


def table(
    asked: Asked,
    student: str,
    answers: Mapping[str, Any],
    recorded: Sequence[str],
    settings: Settings,
) -> Table | None:
    """Return the parts of a mark, or None where they do not agree with the recorded reasons.

    Args:
        asked: the question.
        student: the student's id.
        answers: her stored answers in this notebook, by name.
        recorded: the reasons in the gradebook.
        settings: the settings of marking.
    """
    given = answers.get(asked.answer)
    if given is None or _stands_for_something(given):
        return None
    known = tuple((n, _hashable(answers[n])) for n in sorted(asked.names & answers.keys()))
    made = mark_again(asked, student if asked.individual else "", known, settings)
    if made is None or tuple(made.reasons) != tuple(recorded):
        return None
    right = asked.rows(student) if _is_answered(given) else ()
    mine = given if isinstance(given, list) else [given]
    if not right or len(mine) > _MOST_ROWS:
        return None
    rows = _rows(mine, right, asked.labels(student), made.reasons, settings)
    if rows is None:
        return None
    lost = [index for index, row in enumerate(rows) if row.verdict == "wrong" and not row.says]
    expected = asked.expected(student)
    picture = window_row(expected, asked.column, mine, lost, settings)
    ideas = tuple(r.idea for r in made.reasons if isinstance(r, Reason) and r.idea)
    return Table(rows, ideas, tuple(filter(_is_other, made.reasons)), picture, _by(expected))


def _by(expected: Any) -> str:
    """Return the title over the right values."""
    by = getattr(expected, "by", "Keras" if isinstance(expected, Network | Total) else "")
    return "Keras has" if by == "Keras" else "Right"


def paid_rows(
    asked: Asked,
    student: str,
    answers: Mapping[str, Any],
    recorded: Sequence[str],
    settings: Settings,
) -> frozenset[int]:
    """Return the rows (from 0) that are wrong but earned their points, as they follow.

    Empty where the recorded reasons are not those that the check gives now. The arguments are those
    of `table`.
    """
    known = tuple((n, _hashable(answers[n])) for n in sorted(asked.names & answers.keys()))
    made = mark_again(asked, student if asked.individual else "", known, settings)
    if made is None or tuple(made.reasons) != tuple(recorded):
        return frozenset()
    return frozenset(row for r in made.reasons if isinstance(r, Reason) for row in r.followed)


@lru_cache(maxsize=20_000)
def mark_again(
    asked: Asked, student: str, known: tuple[tuple[str, Any], ...], settings: Settings
) -> Mark | None:
    """Return the mark of stored answers by the check, or None where it cannot be called.

    Results are cached: many students give the same wrong answer.
    """
    namespace: dict[str, Any] = {}
    try:
        with submitted_by(student), in_force(settings):
            exec(asked.given, namespace)  # noqa: S102 - the instructor's own lines
            namespace |= {name: _restored(value) for name, value in known}
            mark = eval(asked.call, namespace)  # noqa: S307 - the same
    except Exception:  # noqa: BLE001 - a test may need what only marking has
        return None
    return mark if isinstance(mark, Mark) else None


def _rows(
    mine: Sequence[Any],
    right: Sequence[Any],
    labels: Sequence[str],
    reasons: Sequence[str],
    settings: Settings,
) -> tuple[Row, ...] | None:
    """Return the rows with their verdicts; None where the reasons do not explain them."""
    said = {r.row: r for r in reasons if isinstance(r, Reason) and r.row is not None}
    followed = {row for r in reasons if isinstance(r, Reason) for row in r.followed}
    rows = []
    for index in range(max(len(mine), len(right))):
        label = labels[index] if index < len(labels) else ""
        name = f"{index + 1} {label}".strip()
        verdict = _verdict(index, mine, right, said, followed)
        # As in the lessons, a right number is shown only where there is an answer.
        visible = verdict not in {"missing", "surplus"} and settings.show_right_numbers
        shown = plainly(right[index]) if visible else ""
        written = plainly(mine[index]) if index < len(mine) else ""
        if verdict is None:
            return None
        says = _form(said.get(index), written) if verdict == "wrong" else ""
        rows.append(Row(name, written, shown, verdict, says))
    return tuple(rows)


def _verdict(
    index: int,
    mine: Sequence[Any],
    right: Sequence[Any],
    said: Mapping[int, Reason],
    followed: set[int],
) -> Verdict | None:
    if index >= len(right):
        return "surplus"
    if index >= len(mine) or mine[index] == "...":
        return "missing"
    if index in said:
        return "wrong"
    if index in followed:
        return "follows"
    equal = _plain(mine[index]) == _plain(right[index])
    return "right" if equal else "wrong" if len(right) == 1 else None


def _form(reason: Reason | None, written: str) -> str:
    """Return what is wrong with the form of a row, where it was lost for its form."""
    if reason is None or "you wrote" in reason.lower() or not written:
        return ""
    return reason.partition(": ")[2]


def _is_other(reason: str) -> bool:
    """Return whether a reason is about the whole answer and names no idea."""
    own = isinstance(reason, Reason) and (reason.row is not None or reason.idea or reason.followed)
    return not own


def plainly(value: Any) -> str:
    """Return a value as Keras shows it: a shape in round brackets, a count with commas.

    >>> plainly([None, 26, 26, 32]), plainly(1982464), plainly("26")
    ('(None, 26, 26, 32)', '1,982,464', "'26'")
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) < 10**30 else quote(value)
    if value == "...":
        return "…"
    return quote(tuple(value) if isinstance(value, list) else value)


def _is_answered(value: Any) -> bool:
    """Return whether anything was written, in one row at least."""
    return any(map(_is_answered, value)) if isinstance(value, list) else value != "..."


def _stands_for_something(value: Any) -> bool:
    """Return whether a value is a note for an answer that could not be stored: (KerasObject)."""
    return isinstance(value, str) and value.startswith("(") and value.endswith(")")


def _hashable(value: Any) -> Any:
    """Return lists as tuples, with the types of numbers, since True, 1 and 1.0 are equal."""
    if isinstance(value, list):
        return tuple(_hashable(each) for each in value)
    return (type(value).__name__, value)


def _restored(value: Any) -> Any:
    """Undo `_hashable`; the note for an open answer becomes `...` again."""
    kinds = {"NoneType", "bool", "int", "float", "str"}
    if len(value) == 2 and isinstance(value[0], str) and value[0] in kinds:  # noqa: PLR2004 - a pair
        return ... if value[1] == "..." else value[1]
    return [_restored(each) for each in value]


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
