"""The exports of an assignment's marks: when, into which files, and of which marks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from autograder.course.course import Course
from autograder.course.files import write_whole
from autograder.gradebook.class_marks import ClassMarks


@dataclass(frozen=True, slots=True)
class Export:
    """One export: when and into which files, and a digest of the marks as they were."""

    line: str
    marks: str

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files."""
        return tuple(self.line.partition(", ")[2].split(", "))


def outdated(exported: Iterable[Export], class_marks: ClassMarks) -> list[str]:
    """Return the files whose last export has other marks than the gradebook has now."""
    last = {file: export.marks for export in exported for file in export.files}
    now = digest_of(class_marks)
    return [file for file, marks in last.items() if marks != now]


def exports_file(course: Course, assignment: str) -> Path:
    """Return the file in which the exports of an assignment are recorded."""
    return course.root / "collected" / assignment / "exports.json"


def exports(course: Course, assignment: str) -> list[Export]:
    """Return the exports of an assignment, the last one last."""
    path = exports_file(course, assignment)
    return [Export(**kept) for kept in json.loads(path.read_bytes())] if path.is_file() else []


def note_export(course: Course, class_marks: ClassMarks, files: list[Path]) -> None:
    """Record that marks were exported."""
    now = f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
    line = f"{now}, {', '.join(path.name for path in files)}"
    kept = [*exports(course, class_marks.assignment), Export(line, digest_of(class_marks))]
    data = json.dumps([asdict(each) for each in kept], ensure_ascii=False).encode()
    write_whole(exports_file(course, class_marks.assignment), data, 0o644)


def digest_of(class_marks: ClassMarks) -> str:
    """Return a digest of everyone's marks: have they changed?"""
    marks = [
        (s.person.id, s.excused, s.penalty, sorted((key, m.points) for key, m in s.marks.items()))
        for s in class_marks.students
    ]
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]
