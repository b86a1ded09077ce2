"""The data of the report, from which HTML, JSON and CSV are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.report.noticed import Noticed
from autograder.report.row_figures import RowFigures
from autograder.report.statistics import QuestionFigures


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One question: its points, its place in the lessons, its figures and its rows."""

    notebook: str
    grade_id: str
    points: float
    by_hand: bool
    place: str
    figures: QuestionFigures
    rows: tuple[RowFigures, ...]
    ways: Mapping[str, int]
    """The number of marks by the way to them: read, run apart, run beside."""
    reasons: tuple[tuple[str, int], ...] = ()
    """The most frequent first reasons of lost points, with the number of students; not for rows."""


@dataclass(frozen=True, slots=True)
class RuleReport:
    """A wrong rule that answers follow; several ids where the answers fit each of them."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    leaves_out: tuple[str, ...]
    asks: tuple[str, ...]
    count: int
    students: tuple[str, ...]
    notebook: str
    questions: tuple[str, ...]
    go_back_to: str


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One question of one student: points (None while it is not marked) and the reasons."""

    notebook: str
    grade_id: str
    points: float | None
    possible: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudentReport:
    """One student: what was handed in, its marks, and what a person may want to look at.

    One who is excused counts as not having handed in, and in no figure of the class.
    """

    id: str
    name: str
    section: str
    submitted: bool
    excused: bool
    total: float | None
    penalty: float
    handed_in_at: str
    hours_late: float
    missing: tuple[str, ...]
    waiting: int
    rules: tuple[str, ...]
    noticed: tuple[str, ...]
    marks: tuple[MarkLine, ...]
    notebook_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One assignment of the course: who handed in, and the mean share of the points, 0 to 1."""

    assignment: str
    students: int
    submitted: int
    waiting: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of an assignment for a class, or for one `section` of it."""

    assignment: str
    section: str
    made_at: str
    anonymous: bool
    students: int
    submitted: int
    possible: float
    mean: float | None
    median: float | None
    totals: tuple[float, ...]
    handed_in: Mapping[str, int]
    waiting: int
    late: int | None
    questions: tuple[QuestionReport, ...]
    rules: tuple[RuleReport, ...]
    unexplained: int
    noticed: tuple[Noticed, ...]
    people: tuple[StudentReport, ...]
    trend: tuple[TrendLine, ...]
