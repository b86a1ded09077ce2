"""The class's answers row by row: which rows are wrong most often, and common wrong answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.feedback.asked import Asked

MOST_COMMON = 3
LONGEST = 80


@dataclass(frozen=True, slots=True)
class RowFigures:
    """One row of a question: its right value ("" where it differs by student) and its counts.

    `answered` counts students with an answer in the row, `wrong` those who lost its points.
    `commonest` holds wrong values that several students gave, with their counts.
    """

    row: int
    label: str
    right: str
    answered: int
    wrong: int
    commonest: tuple[tuple[str, int], ...]


def row_figures(
    asked: Asked,
    answers: Iterable[tuple[str, Any]],
    paid: Callable[[str], frozenset[int]] = lambda _: frozenset(),
) -> tuple[RowFigures, ...]:
    """Return the figures of each row of a question, from (student, answer) pairs.

    `paid` returns the rows (from 0) of a student's answer that are wrong but earned their points,
    since they follow from her earlier rows. It is called only for a wrong answer.
    """
    right: dict[int, Any] = {}
    answered: Counter[int] = Counter()
    wrong: dict[int, Counter[str]] = {}
    shared = None if asked.individual else asked.rows("")
    labels: tuple[str, ...] = () if asked.individual else asked.labels("")
    for student, answer in answers:
        due = asked.rows(student) if shared is None else shared
        given = answer if isinstance(answer, list) else [answer]
        differs = any(plain(a) != plain(b) for a, b in zip(given, due, strict=False))
        counts = paid(student) if differs else frozenset()
        for row, (mine, expected) in enumerate(zip(given, due, strict=False), 1):
            right[row] = expected
            if mine is None or is_refused(mine):
                continue
            answered[row] += 1
            if plain(mine) != plain(expected) and row - 1 not in counts:
                wrong.setdefault(row, Counter())[shown(mine)] += 1
    return tuple(
        RowFigures(
            row,
            labels[row - 1] if row <= len(labels) else "",
            "" if asked.individual else shown(right[row]),
            answered[row],
            sum(wrong.get(row, Counter()).values()),
            tuple(
                each for each in wrong.get(row, Counter()).most_common(MOST_COMMON) if each[1] > 1
            ),
        )
        for row in sorted(answered)
    )


def is_refused(value: Any) -> bool:
    """Return whether a value is a note for an answer that could not be stored: (Unavailable)."""
    return isinstance(value, str) and value.startswith("(") and value.endswith(")")


def plain(value: Any) -> Any:
    """Return a value with tuples as lists, since the stored answers come from JSON."""
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def shown(value: Any) -> str:
    """Return a value as Python code, shortened; a list of plain values is shown as a tuple.

    >>> shown([None, 26, 26, 32])
    '(None, 26, 26, 32)'
    """
    text = repr(tuple(value) if isinstance(value, list) else value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def alike(
    answers: Sequence[tuple[str, Any]], is_right: Callable[[str, Any], bool]
) -> list[tuple[str, ...]]:
    """Return groups of students who gave the same wrong answer to individual questions."""
    groups: dict[str, list[str]] = {}
    for student, answer in answers:
        if isinstance(answer, list) and answer and not is_right(student, answer):
            groups.setdefault(repr(plain(answer)), []).append(student)
    return [tuple(sorted(who)) for who in groups.values() if len(who) > 1]


def anothers(
    answers: Sequence[tuple[str, Any]], due: Callable[[str], Any]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return each student whose wrong answer is right for others, with those others."""
    owners: dict[str, list[str]] = {}
    for student, _ in answers:
        owners.setdefault(repr(plain(due(student))), []).append(student)
    found = []
    for student, answer in answers:
        if isinstance(answer, list) and answer and plain(answer) != plain(due(student)):
            others = owners.get(repr(plain(answer)), [])
            if others:
                found.append((student, tuple(sorted(others))))
    return found
