"""Making a class's feedback pages: the gradebook is read once, workers write the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from autograder.course.course import Course, CourseError, check_assignment
from autograder.feedback.asked import all_asked
from autograder.feedback.lesson import lesson
from autograder.feedback.student import ClassFacts, StudentFacts
from autograder.feedback.write import Folders, Job, Made, are_current, make_pages
from autograder.gradebook.class_marks import ClassMarks, NoMarksError
from autograder.gradebook.comments import read_comments
from autograder.gradebook.details import read_details
from autograder.gradebook.read_marks import class_marks_of
from autograder.marking.process_pool import Lost, Workers, processors

_FEW = 50  # students for whom starting processes costs more than it saves


@dataclass(slots=True)
class Done:
    """The results of a run so far."""

    total: int
    made: int = 0
    unchanged: int = 0
    pages: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    students: tuple[str, ...] = ()

    def add(self, made: Made) -> None:
        """Add one student's result."""
        self.made += made.status == "made"
        self.unchanged += made.status == "unchanged"
        self.pages += made.pages
        if made.status == "failed":
            self.failed[made.student] = made.reason


def make_feedback(
    course: Course,
    assignment: str,
    *,
    force: bool = False,
    students: frozenset[str] = frozenset(),
    processes: int = 0,
    each: Callable[[Done, Made | None], None] = lambda _done, _made: None,
) -> Done:
    """Write `feedback/<student>/<assignment>/` for everyone who handed in.

    Args:
        course: the course.
        assignment: the assignment's name.
        force: make unchanged pages again.
        students: only these students; all where empty.
        processes: number of worker processes; one for each processor where 0.
        each: called before the first student, and after each.

    Raises:
        CourseError: when nothing is marked.
    """
    check_assignment(course, assignment)
    try:
        class_marks = class_marks_of(course, assignment)
    except NoMarksError as error:
        raise CourseError(str(error)) from error
    facts, jobs = _facts_and_jobs(course, class_marks, students, force=force)
    done = Done(len(jobs))
    done.students = tuple(job.student.student_marks.person.id for job in jobs)
    each(done, None)
    for made in _results(jobs, facts, processes):
        done.add(made)
        each(done, made)
    return done


def old_pages(course: Course, class_marks: ClassMarks, students: frozenset[str]) -> list[str]:
    """Return those of the students whose pages are missing or older than their marks."""
    if not students:
        return []
    facts, jobs = _facts_and_jobs(course, class_marks, students, force=False)
    old = (job for job in jobs if not are_current(job, facts))
    return [job.student.student_marks.person.id for job in old]


def _facts_and_jobs(
    course: Course, class_marks: ClassMarks, students: frozenset[str], *, force: bool
) -> tuple[ClassFacts, list[Job]]:
    details = read_details(course.db_url, class_marks.assignment)
    comments = read_comments(course.db_url, class_marks.assignment)
    handed = [student_marks for student_marks in class_marks.students if student_marks.submitted]
    if unknown := students - {student_marks.person.id for student_marks in handed}:
        raise CourseError(
            f"No submission of {', '.join(sorted(unknown))} is marked.",
            f"run `autograder grade {class_marks.assignment}` first",
        )
    if not handed:
        raise CourseError(
            f"Nothing is marked for {class_marks.assignment!r}.",
            f"run `autograder grade {class_marks.assignment}` first",
        )
    released = course.released(class_marks.assignment)
    facts = ClassFacts(
        class_marks.assignment,
        class_marks.questions,
        all_asked(details.sources),
        {p.stem: lesson(p, course.practice_site) for p in sorted(released.glob("*.ipynb"))},
        course.settings,
    )
    jobs = []
    for student_marks in handed:
        who = student_marks.person.id
        if students and who not in students:
            continue
        student = StudentFacts(student_marks, details.notebooks.get(who, {}), comments.get(who, {}))
        jobs.append(Job(student, _folders(course, who, class_marks.assignment), force))
    return facts, jobs


def _folders(course: Course, student: str, assignment: str) -> Folders:
    return Folders(
        course.submitted(student, assignment),
        course.autograded(student, assignment),
        course.feedback(student, assignment),
    )


def _results(jobs: list[Job], facts: ClassFacts, processes: int) -> Iterator[Made]:
    """Yield each student's result, in the order in which they are ready."""
    count = min(processes or (processors() if len(jobs) > _FEW else 1), len(jobs))
    if count < 2:  # noqa: PLR2004 - one works best alone
        for job in jobs:
            yield _made(job, facts)
        return
    workers: Workers[Job, Made] = Workers(serve, (facts,), count=count)
    with workers:
        for job, result in workers.run(jobs):
            who = job.student.student_marks.person.id
            yield Made(who, "failed", reason=result.reason) if isinstance(result, Lost) else result


def serve(connection: Connection, facts: ClassFacts) -> None:
    """Make the pages of each student received on the connection, until it is closed."""
    while True:
        connection.send(_made(connection.recv(), facts))


def _made(job: Job, facts: ClassFacts) -> Made:
    try:
        return make_pages(job, facts)
    except Exception as error:  # noqa: BLE001 - one student never stops the class
        reason = f"{type(error).__name__}: {error}"
        return Made(job.student.student_marks.person.id, "failed", reason=reason)
