"""Marks as the tables that Canvas and Moodle import.

- Canvas (Grades, Import): `Student`, `ID`, `SIS User ID`, `SIS Login ID`, `Section`, one column for
  each assignment of Canvas's, and a second row of `Points Possible`; Canvas's own importer is
  `lib/gradebook_importer.rb`. A student is found by `ID`, or where it is empty by `SIS Login ID`.
- Moodle (Grades, Import, CSV): one row a student, found by `Email address` or `Username`, as chosen
  in Moodle's form: https://docs.moodle.org/en/Grade_import
- Moodle's grading worksheet of one assignment, filled in.

A student who handed in nothing, and a mark still to be given by hand, are left empty, not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nbgrader.plugins import ExportPlugin
from traitlets import Enum

from autograder.gradebook.class_marks import ClassMarks, GradedCell, NoMarksError, StudentMarks
from autograder.gradebook.penalties import penalty_of
from autograder.gradebook.people import Person
from autograder.gradebook.read_marks import read_class_marks
from autograder.lms.columns import number_in
from autograder.lms.tables import Cell, TableError, table_text
from autograder.lms.worksheet import COMMENTS, Worksheet

CLOSE = 1e-9  # two maxima that differ by less, in points, are the same

By = Literal["question", "notebook", "assignment"]
Unsure = frozenset[str]
ACCOUNT = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
PROFILE = ("First name", "Last name", "Username", "Email address")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of marks: its title, the most it can hold, and each student's points."""

    title: str
    possible: float
    points: Mapping[str, float | None]


def columns(
    class_marks: ClassMarks, by: By = "question", prefix: str = "", unsure: Unsure = frozenset()
) -> list[Column]:
    """Return an assignment's marks in columns that add up to its score.

    Late penalties are subtracted from notebooks and assignments; by question they are a column.
    """
    parts: dict[str, tuple[GradedCell, ...]]
    if by == "question":
        parts = {f"{q.notebook}: {q.grade_id}": (q,) for q in class_marks.questions}
    elif by == "notebook":
        parts = {name: class_marks.of(name) for name in class_marks.notebooks}
    else:
        parts = {class_marks.assignment: class_marks.questions}
    found = [
        Column(
            prefix + title,
            sum(question.points for question in questions),
            {s.person.id: points(s, questions, by, unsure) for s in class_marks.students},
        )
        for title, questions in parts.items()
    ]
    late = {s.person.id: -s.penalty or None for s in class_marks.students if not s.excused}
    if by == "question" and any(late.values()):
        found.append(Column(f"{prefix}{class_marks.assignment}: late penalty", 0.0, late))
    return found


def points(
    student_marks: StudentMarks,
    questions: Sequence[GradedCell],
    by: By,
    unsure: Unsure = frozenset(),
) -> float | None:
    """Return a student's points, or None while they are not certain.

    `unsure` names the uncertain marks to include: "flagged", "stale", "unmarked" (as 0).
    """
    open_ = {
        "unmarked": student_marks.waiting,
        "flagged": student_marks.flagged,
        "stale": student_marks.stale,
    }
    keys = {question.key for question in questions}
    waits = any(keys.intersection(found) for kind, found in open_.items() if kind not in unsure)
    if not student_marks.submitted or student_marks.excused or waits:
        return None
    return student_marks.score(questions) if by == "question" else student_marks.total(questions)


def canvas_csv(people: Iterable[Person], marks: Sequence[Column]) -> str:
    """Return the table that Canvas's gradebook imports."""
    possible: list[Cell] = ["    Points Possible", "", "", "", "", *(c.possible for c in marks)]
    rows: list[list[Cell]] = [possible]
    for person in people:
        name = ", ".join(part for part in (person.last_name, person.first_name) if part)
        account = [name or person.id, person.lms_user_id, "", person.id, ""]
        rows.append([*account, *(column.points.get(person.id) for column in marks)])
    return table_text([*ACCOUNT, *(column.title for column in marks)], rows)


def moodle_csv(people: Iterable[Person], marks: Sequence[Column]) -> str:
    """Return the table that Moodle's gradebook imports."""
    rows: list[list[Cell]] = []
    for person in people:
        profile = [person.first_name, person.last_name, person.id, person.email]
        rows.append([*profile, *(column.points.get(person.id) for column in marks)])
    return table_text([*PROFILE, *(column.title for column in marks)], rows)


def blackboard_csv(people: Iterable[Person], marks: Sequence[Column]) -> str:
    """Return the table that Blackboard's Grade Center takes (Work Offline, Upload)."""
    header = ["Last Name", "First Name", "Username"]
    header += [f"{c.title} [Total Pts: {c.possible:g} Score]" for c in marks]
    rows: list[list[Cell]] = [
        [p.last_name, p.first_name, p.id, *(c.points.get(p.id) for c in marks)] for p in people
    ]
    return table_text(header, rows)


def brightspace_csv(people: Iterable[Person], marks: Sequence[Column]) -> str:
    """Return the table that Brightspace's grades take (Enter Grades, Import).

    Each row begins with `#` and the user name, and ends with `#`.
    """
    header = ["Username", "Email"]
    header += [f"{c.title} Points Grade <Numeric MaxPoints:{c.possible:g}>" for c in marks]
    rows: list[list[Cell]] = [
        [f"#{p.id}", p.email, *(c.points.get(p.id) for c in marks), "#"] for p in people
    ]
    return table_text([*header, "End-of-Line Indicator"], rows)


def filled_worksheet(
    worksheet: Worksheet,
    class_marks: ClassMarks,
    scale: bool = False,
    unsure: Unsure = frozenset(),
) -> tuple[str, list[str]]:
    """Return Moodle's grading worksheet with grades, and the ids that were filled in.

    `worksheet.py` finds the student of each row. The points by notebook go into the feedback, where
    the worksheet has a column for it.

    Raises:
        TableError: when it has no column for the grade, or its maximum is not the assignment's.
    """
    grade, comments = worksheet.grade, worksheet.column(COMMENTS)
    if not grade:
        raise TableError(
            f"{worksheet.path} has no column for the grade; its columns are "
            f"{', '.join(worksheet.header)}"
        )
    by_id = {marks.person.id: marks for marks in class_marks.students}
    rows, filled = [], []
    for row, owner in zip(worksheet.rows, worksheet.owners, strict=True):
        own = by_id.get(owner)
        total = points(own, class_marks.questions, "assignment", unsure) if own else None
        changed = dict(row)
        if own is not None and total is not None:
            maximum = row.get(worksheet.maximum, "")
            value = f"{total * factor(maximum, class_marks, scale):.10g}"
            changed[grade] = value.replace(".", ",") if "," in maximum else value
            if comments:
                changed[comments] = feedback(own, class_marks)
            filled.append(owner)
        rows.append([guard_number(changed[name]) for name in worksheet.header])
    return table_text(worksheet.header, rows, worksheet.delimiter), filled


def guard_number(cell: str) -> Cell:
    """Return a cell as a number where it is one, so that it is not treated as a formula."""
    try:
        return float(cell) if cell.startswith("-") else cell
    except ValueError:
        return cell


def factor(maximum: str, class_marks: ClassMarks, scale: bool) -> float:
    """Return the factor from points to a platform's grade: 1, or with `scale` the ratio."""
    most = number_in(maximum) if maximum else class_marks.possible
    if most is None:
        raise TableError(f"the maximum grade {maximum!r} is not a number")
    if abs(most - class_marks.possible) > CLOSE and not scale:
        raise TableError(
            f"the platform's maximum is {most:g} and the assignment's is "
            f"{class_marks.possible:g}; set the platform's maximum to that, or use --scale"
        )
    return most / class_marks.possible if class_marks.possible else 1.0


def feedback(student_marks: StudentMarks, class_marks: ClassMarks) -> str:
    """Return the points by notebook as one line of text."""
    parts = []
    for name in class_marks.notebooks:
        questions = class_marks.of(name)
        possible = sum(question.points for question in questions)
        parts.append(f"{name}: {student_marks.score(questions):g} of {possible:g}")
    late = f"; late: -{student_marks.penalty:g}" if student_marks.penalty else ""
    return "; ".join(parts) + late


class CanvasExportPlugin(ExportPlugin):  # type: ignore[misc] # nbgrader ships no types
    """`nbgrader export --exporter=autograder.lms.export.CanvasExportPlugin`."""

    by = Enum(("question", "notebook", "assignment"), default_value="question").tag(config=True)
    _table = staticmethod(canvas_csv)
    _default = "canvas.csv"

    def export(self, gradebook: Any) -> None:
        """Write the marks of all assignments, or of those chosen, to `--to`."""
        wanted = [str(name) for name in self.assignment]
        names = wanted or [assignment.name for assignment in gradebook.assignments]
        url = gradebook.engine.url.render_as_string(hide_password=False)
        rule = penalty_of(self.config)
        by_assignment = [read_class_marks(url, name, penalty=rule) for name in names]
        if not by_assignment:
            raise NoMarksError(
                "the gradebook has no assignment to export; run `autograder generate`"
            )
        chosen = {str(student) for student in self.student}
        people = [
            s.person for s in by_assignment[0].students if not chosen or s.person.id in chosen
        ]
        by: By = self.by  # type: ignore[assignment] # the trait allows these three
        several = len(by_assignment) > 1 and by != "assignment"
        marks = [
            column
            for class_marks in by_assignment
            for column in columns(class_marks, by, f"{class_marks.assignment} " if several else "")
        ]
        destination = Path(self.to or self._default)
        destination.write_text(self._table(people, marks), encoding="utf-8", newline="")
        self.log.info("Exported %d students to %s", len(people), destination)


class MoodleExportPlugin(CanvasExportPlugin):
    """`nbgrader export --exporter=autograder.lms.export.MoodleExportPlugin`."""

    _table = staticmethod(moodle_csv)
    _default = "moodle.csv"
