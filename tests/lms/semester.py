"""A made-up semester on the tiny course: 30 students, two assignments, three platforms.

The expected mark of each student is computed here with simple arithmetic, from the answers, the
times and the extensions. Of the tiny course's 8 points a right
submission has 6 from the machine (3 + 1 + 2), a wrong one 2 (two of three sizes), and 0 to 2 by
hand.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course_builder import RIGHT, WRONG, answered, source_notebooks

from autograder.gradebook.people import Person

DUE = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXT = {"why": "Because the window must fit."}
MACHINE = {"right": 6.0, "wrong": 2.0}


@dataclass(frozen=True)
class Submission:
    """What a student handed in: her answers, how many hours after the due date, her hand mark."""

    answers: str
    hours: float = -1.0
    by_hand: float = 1.0


@dataclass(frozen=True)
class Student:
    """One student and her versions in each assignment; the last counts."""

    number: int
    platform: str
    first: tuple[Submission, ...]
    second: tuple[Submission, ...]

    @property
    def id(self) -> str:
        return f"s{self.number:02}"

    @property
    def person(self) -> Person:
        name = chr(ord("A") + self.number % 26) + "bel"
        mail = f"{self.id}@example.org"
        return Person(self.id, name, f"Number{self.id}", mail, str(5000 + self.number))


PLATFORMS = ("canvas", "moodle", "blackboard")
EXTENSIONS = {"s03": timedelta(hours=48), "s08": timedelta(hours=24)}  # in the first assignment
LOST_LAPTOP = "s12"  # excused from the second


def the_class() -> list[Student]:
    """Thirty students: every third is wrong, some are late, four hand in again."""
    made = []
    for number in range(30):
        kind = "wrong" if number % 3 == 2 else "right"
        hours = {3: 40.0, 4: 26.0, 5: 10.0, 8: 30.0, 9: 0.5, 17: 50.0}.get(number, -1.0)
        first = [Submission(kind, hours, by_hand=number % 3 * 0.5)]
        if number in {1, 6, 10, 14}:  # a wrong submission first, a right one an hour before the end
            first = [Submission("wrong", -9.0), Submission("right", -1.0, by_hand=2.0)]
        second = () if f"s{number:02}" == LOST_LAPTOP else (Submission("right", by_hand=1.5),)
        made.append(Student(number, PLATFORMS[number % 3], tuple(first), second))
    return made


def expected(student: Student, submissions: tuple[Submission, ...], *, first: bool) -> float | None:
    """The mark by hand: machine and hand together, less a tenth for each day begun."""
    if not submissions:
        return None
    last = submissions[-1]
    score = MACHINE[last.answers] + last.by_hand
    allowed = EXTENSIONS.get(student.id, timedelta()) if first else timedelta()
    late = timedelta(hours=last.hours) - allowed
    days = 0 if late <= timedelta() else -(-late // timedelta(days=1))
    return score - score * 0.1 * days


def notebooks(assignment_folder: Path, kind: str) -> dict[str, bytes]:
    """A student's two notebooks, filled in from the released ones."""
    released = {p.stem: json.loads(p.read_bytes()) for p in assignment_folder.glob("*.ipynb")}
    answers = (RIGHT if kind == "right" else WRONG) | TEXT
    filled = answered(released, answers)
    assert filled.keys() == source_notebooks().keys()
    return {name: json.dumps(nb).encode() for name, nb in filled.items()}


def download(
    path: Path, folder: Path, platform: str, entries: list[tuple[Student, Submission]], part: int
) -> Path:
    """One platform's download of one assignment, in its own form."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, submission in entries:
            for at, (name, data) in enumerate(notebooks(folder, submission.answers).items()):
                archive.writestr(entry_name(student, submission, platform, name, at, part), data)
    return path


def entry_name(
    student: Student, submission: Submission, platform: str, name: str, at: int, part: int
) -> str:
    """The name that a platform gives to one file."""
    when = DUE + timedelta(hours=submission.hours)
    person = student.person
    if platform == "canvas":
        shown = f"{person.last_name}{person.first_name}".lower()
        late = "_LATE" if submission.hours > 0 else ""
        piece = 90_000 + part * 1000 + student.number * 10 + at
        return f"{shown}{late}_{person.lms_user_id}_{piece}_{name}.ipynb"
    if platform == "moodle":
        number = part * 100_000 + student.number  # new numbers in every assignment
        return f"{person.name}_{number}_assignsubmission_file/{name}.ipynb"
    return f"Lab {part}_{student.id}_attempt_{when:%Y-%m-%d-%H-%M-%S}_{name}.ipynb"


def worksheet(path: Path, entries: list[tuple[Student, Submission]], part: int) -> Path:
    """Moodle's grading worksheet of one assignment."""
    lines = [
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission)"
    ]
    for student, submission in entries:
        when = DUE + timedelta(hours=submission.hours)
        number, person = part * 100_000 + student.number, student.person
        time = f"{when:%A, %d %B %Y, %I:%M %p}"
        lines.append(f'Participant {number},{person.name},{person.email},Submitted,,8.00,"{time}"')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
