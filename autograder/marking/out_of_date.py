"""What `grade` would do now: which marks are older than what they were made from.

Nothing is run and nothing is written, so `status` can ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.course.course import Course
from autograder.gradebook.recorded import Recorded
from autograder.marking.changed_source import changed_since
from autograder.marking.evidence import with_stored_evidence
from autograder.marking.submission import Graded, Job, read_submission
from autograder.notebooks.master import files_of, templates


@dataclass(frozen=True, slots=True)
class OutOfDate:
    """What the next `grade` would mark again, and what it could not rely on.

    Attributes:
        again: the students whose marks are older than the assignment, a setting or this program.
        failed: by student, why her folder cannot be marked.
        without: the notebooks whose solution has not been marked.
        unsure: the tests that the instructor's own solution fails, with the reason.
        changed: the cells that are no longer as `generate` recorded them, and how.
    """

    again: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    unsure: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)


def out_of_date(
    course: Course, assignment: str, recorded: Recorded, students: Iterable[str]
) -> OutOfDate:
    """Compare what the marks of these students were made from with what is there now.

    Raises:
        CourseError: when the released notebooks do not fit the gradebook.
    """
    source = course.source(assignment)
    released = course.released(assignment)
    files = files_of(course, assignment)
    masters, unsure, without = with_stored_evidence(
        templates(released, assignment, recorded.sources, files),
        source,
        recorded.evidence,
        course.settings,
        course.cell_seconds,
    )
    again, failed = [], {}
    for student in students:
        known = recorded.digests.get(student)
        if not known:  # stock nbgrader marked it, or part of it could not be marked here
            continue
        folders = course.submitted(student, assignment), course.autograded(student, assignment)
        job = Job(student, *folders, known, course.settings, course.cell_seconds)
        found = read_submission(job, masters)
        if not isinstance(found, Graded):
            again.append(student)
        elif found.status == "failed":
            failed[student] = found.reason
    changed = changed_since(source, recorded.sources)
    return OutOfDate(tuple(again), failed, tuple(without), unsure, changed)
