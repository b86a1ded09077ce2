"""All students' marks in one assignment, as plain values: totals, penalties, what is unfinished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from autograder.gradebook.people import Person

Key = tuple[str, str]  # a notebook's name and a cell's grade_id


class NoMarksError(ValueError):
    """There are no marks to report or export; the message says what to do first."""


@dataclass(frozen=True, slots=True)
class GradedCell:
    """One graded cell: its notebook, its points, and whether a person marks it."""

    notebook: str
    grade_id: str
    points: float
    by_hand: bool

    @property
    def key(self) -> Key:
        """The key of its marks."""
        return self.notebook, self.grade_id


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One student's mark for one question; `points` is None until it is marked."""

    points: float | None
    look: bool  # nbgrader's needs_manual_grade
    manual: bool = False  # a person gave the points

    @property
    def stale(self) -> bool:
        """Whether a person gave it, and the answer has changed since."""
        return self.look and self.manual

    @property
    def flagged(self) -> bool:
        """Whether the machine gave it and asks a person to look."""
        return self.look and not self.manual and self.points is not None


@dataclass(frozen=True, slots=True)
class StudentMarks:
    """One student's marks; `notebook_ids` are the submitted notebooks' ids in nbgrader, by name."""

    person: Person
    submitted: bool = False
    timestamp: datetime | None = None
    seconds_late: float = 0.0
    marks: Mapping[Key, GivenMark] = field(default_factory=dict)
    penalties: Mapping[str, float] = field(default_factory=dict)
    notebook_ids: Mapping[str, str] = field(default_factory=dict)
    extension: timedelta = timedelta()
    excused: bool = False

    def score(self, questions: Iterable[GradedCell]) -> float:
        """Return the points for some questions; as in nbgrader, one without a mark counts 0."""
        marks = (self.marks.get(question.key) for question in questions)
        return sum(mark.points or 0.0 for mark in marks if mark)

    def total(self, questions: Iterable[GradedCell]) -> float:
        """Return the points for these questions, all of whole notebooks, less the late penalty.

        No other place computes a total. As in nbgrader, it is never below 0.
        """
        asked = tuple(questions)
        late = sum(self.penalties.get(name, 0.0) for name in {q.notebook for q in asked})
        return max(self.score(asked) - late, 0.0)

    @property
    def penalty(self) -> float:
        """The late penalty in points, over all notebooks."""
        return sum(self.penalties.values())

    @property
    def waiting(self) -> list[Key]:
        """The questions without a mark."""
        return [key for key, mark in self.marks.items() if mark.points is None]

    @property
    def stale(self) -> list[Key]:
        """The questions marked by hand whose answer has changed since."""
        return [key for key, mark in self.marks.items() if mark.stale]

    @property
    def flagged(self) -> list[Key]:
        """The questions with a machine's mark that a person should look at."""
        return [key for key, mark in self.marks.items() if mark.flagged]


@dataclass(frozen=True, slots=True)
class ClassMarks:
    """An assignment's questions, in their order, and the marks of each student of the course."""

    assignment: str
    due: datetime | None
    questions: tuple[GradedCell, ...]
    students: tuple[StudentMarks, ...]

    @property
    def possible(self) -> float:
        """The points of all questions together."""
        return sum(question.points for question in self.questions)

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The notebooks with questions, in order."""
        return tuple(dict.fromkeys(question.notebook for question in self.questions))

    def of(self, notebook: str) -> tuple[GradedCell, ...]:
        """The questions of one notebook."""
        return tuple(question for question in self.questions if question.notebook == notebook)
