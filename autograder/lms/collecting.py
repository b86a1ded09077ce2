"""One run of `collect`: its options, the students, the downloads, and the result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.course import Course, CourseError
from autograder.course.files import write_whole
from autograder.course.outcome import Left, counted, show
from autograder.course.times import read_duration, words_of, zone_named

if TYPE_CHECKING:
    from autograder.gradebook.people import Person
    from autograder.lms.collect import Collected, Run
    from autograder.lms.downloads import DownloadedFile
    from autograder.lms.hand_in import Submitted
    from autograder.lms.recognise import Assignment, Recogniser
    from autograder.notebooks.notebook_file import Raw


@dataclass(frozen=True, slots=True)
class Choices:
    """The instructor's choices for an assignment; stored for the next collection."""

    rule: str = "last"
    late_by: str = ""

    @property
    def lateness(self) -> timedelta | None:
        """How late work is that a platform calls late without a time."""
        return read_duration(self.late_by) if self.late_by else None


@dataclass(frozen=True, slots=True)
class Job:
    """One run of the command, with its options."""

    course: Course
    assignment: str
    people: tuple[Person, ...]
    choices: Choices
    zone: tzinfo
    worksheet: Path | None = None
    groups: Path | None = None
    dry_run: bool = False


def zone_of(name: str) -> tzinfo:
    """Return the time zone of that name, or this machine's."""
    try:
        return zone_named(name) if name else datetime.now(UTC).astimezone().tzinfo or UTC
    except ValueError as error:
        raise CourseError(f"T{str(error)[1:]}.") from error


def people_of(course: Course, roster: Path | None) -> tuple[Person, ...]:
    """Return the students of the course."""
    from autograder.gradebook.people import gradebook_people
    from autograder.lms.roster import read_roster

    people = read_roster(roster).people if roster else gradebook_people(course.db_url)
    if not people:
        raise CourseError("The gradebook has no students.", "run `autograder roster FILE` first")
    return people


def choices_file(course: Course, assignment: str) -> Path:
    """Return the file of the choices for an assignment."""
    return course.root / "collected" / assignment / "choices.json"


def chosen(
    course: Course, assignment: str, rule: str | None = None, late_by: str | None = None
) -> Choices:
    """Return the stored choices, updated with those of this run."""
    path = choices_file(course, assignment)
    kept: dict[str, str] = json.loads(path.read_bytes()) if path.is_file() else {}
    now = {"rule": rule, "late_by": late_by}
    choices = Choices(**(kept | {name: value for name, value in now.items() if value is not None}))
    try:
        choices.lateness  # noqa: B018 - refuses a length of time that cannot be read
    except ValueError as error:
        raise CourseError(f"--late-by: {error}.") from error
    return choices


def keep_choices(course: Course, assignment: str, choices: Choices) -> None:
    """Store the choices for the next collection."""
    data = json.dumps({"rule": choices.rule, "late_by": choices.late_by}).encode()
    write_whole(choices_file(course, assignment), data, 0o644)


def submitted_of(
    course: Course,
    assignment: str,
    people: tuple[Person, ...],
    choices: Choices,
    *,
    dry_run: bool = False,
) -> Submitted:
    """Return where an assignment's work is written, and by which rules."""
    from autograder.lms.hand_in import Deadlines, Submitted
    from autograder.lms.versions import Store

    due, extensions = deadlines(course, assignment, people)
    return Submitted(
        course.root,
        lambda id_: course.submitted(id_, assignment),
        Store(course.root / "collected" / assignment),
        Deadlines(due, lambda id_: extensions.get(id_, timedelta()), choices.lateness),
        choices.rule,  # type: ignore[arg-type] # click has checked it
        dry_run,
    )


def deadlines(
    course: Course, assignment: str, people: tuple[Person, ...]
) -> tuple[datetime | None, dict[str, timedelta]]:
    """Return the due date, in UTC, and each student's own extra time."""
    from autograder.gradebook.class_marks import NoMarksError
    from autograder.gradebook.read_marks import read_class_marks

    extra = {p.id: timedelta(hours=p.extra_hours or 0) for p in people}
    try:
        class_marks = read_class_marks(course.db_url, assignment)
    except NoMarksError:  # collecting before `generate` is allowed
        return None, extra
    longer = {s.person.id: s.extension for s in class_marks.students}
    more = {id_: time + longer.get(id_, timedelta()) for id_, time in extra.items()}
    return (class_marks.due.replace(tzinfo=UTC) if class_marks.due else None), more


def taken_in(job: Job, downloads: tuple[Path, ...], *, quiet: bool) -> tuple[list[str], list[Left]]:
    """Collect every download; return what was done and what is left.

    A download that cannot be read is left, and the others are collected.
    """
    from autograder.lms.collect import Run, collect
    from autograder.lms.downloads import opened as opened_download
    from autograder.lms.groups import groups_of
    from autograder.lms.missing import missing, with_work
    from autograder.lms.open_files import unassigned

    recogniser = recogniser_of(job)
    submitted = submitted_of(
        job.course, job.assignment, job.people, job.choices, dry_run=job.dry_run
    )
    members = groups_of(job.groups, recogniser.directory)
    number = submitted.store.last_run(undone=True) + 1
    done = [
        done_line(run.source, collect(items, recogniser, submitted, run=run, groups=members), job)
        for run, items in assigned_now(submitted, recogniser, number)
    ]
    left: list[Left] = []
    students: set[str] = set()
    for download in downloads:
        with opened_download(download) as items:
            run = Run(download.name, datetime.now(UTC), number)
            outcome = collect(items, recogniser, submitted, run=run, groups=members)
        done.append(done_line(download.name, outcome, job))
        left += left_of(outcome)
        students |= outcome.students | {p.student for p in outcome.problems if p.kind == "conflict"}
        if not quiet:
            report_harmless(outcome)
    if not quiet:
        who = missing(job.course, job.assignment, job.people, students | with_work(submitted))
        show("Nothing from", (f"{p.id} ({p.name})" for p in job.people if p.id in who))
    left += [thing for thing in unassigned(submitted, job.people) if thing not in left]
    return done, left


def recogniser_of(job: Job) -> Recogniser:
    """Return what finds the student and the notebook of each file."""
    from autograder.lms.identify import Directory
    from autograder.lms.recognise import Recogniser
    from autograder.lms.worksheet import read_worksheet

    sheet = read_worksheet(job.worksheet, job.people) if job.worksheet else None
    directory = Directory(job.people, sheet.numbers if sheet else {})
    times = sheet.times(job.zone) if sheet else {}
    return Recogniser(directory, released(job.course, job.assignment), job.zone, times)


def assigned_now(
    submitted: Submitted, recogniser: Recogniser, number: int
) -> Iterator[tuple[Run, list[DownloadedFile]]]:
    """Yield the files that belonged to nobody when they were collected, and now do.

    They count from the time at which they were collected.
    """
    from autograder.lms.collect import Run
    from autograder.lms.recognise import Found

    files = submitted.store.unassigned
    for file in files.open():
        item = files.as_downloaded(file)
        if isinstance(recogniser.recognise(item), Found):
            yield Run(file.source, file.time, number), [item]


def released(course: Course, assignment: str) -> Assignment:
    """Return the assignment's notebooks with the cells that students answer."""
    from autograder.lms.recognise import Assignment

    folder = course.released(assignment)
    if not any(folder.glob("*.ipynb")):
        folder = course.source(assignment)
    cells = {p.stem: answer_cells(p) for p in sorted(folder.glob("*.ipynb"))}
    texts = {n: {str(c.flags["grade_id"]): c.source for c in found} for n, found in cells.items()}
    ids = {name: frozenset(c.cell_id for c in found if c.cell_id) for name, found in cells.items()}
    return Assignment(assignment, texts, ids)


def answer_cells(path: Path) -> list[Raw]:
    """Return the cells of a notebook that students answer."""
    from autograder.course.files import RefusedFileError
    from autograder.notebooks.notebook_file import read_cells

    try:
        cells = read_cells(path.read_bytes())[0]
    except RefusedFileError as error:
        raise CourseError(f"{path}: {error}.") from error
    return [cell for cell in cells if cell.flags.get("solution") and cell.flags.get("grade_id")]


def done_line(download: str, done: Collected, job: Job) -> str:
    """Return the line about one download."""
    would = "would be " if job.dry_run else ""
    return (
        f"{download}: {counted(len(done.written), 'notebook')} {would}handed in, "
        f"{len(done.unchanged)} there already, from {counted(len(done.students), 'student')}."
    )


def left_of(done: Collected) -> list[Left]:
    """Return what a person has to do."""
    from autograder.lms.recognise import HARMLESS

    return [
        Left(p.kind.capitalize(), p.what, p.reason, p.do)
        for p in done.problems
        if p.kind not in HARMLESS
    ]


def report_harmless(done: Collected) -> None:
    """Print what needs no action."""
    for kind in ("notice", "other file"):
        lines = (f"{p.what}: {p.reason}" for p in done.problems if p.kind == kind)
        show(kind.capitalize(), lines)


def undone(
    course: Course, assignment: str, people: tuple[Person, ...], choices: Choices
) -> tuple[list[str], list[Left]]:
    """Undo the last collection."""
    from autograder.lms.versions import undo

    submitted = submitted_of(course, assignment, people, choices)
    back = undo(submitted.store)
    if not (back.versions or back.unassigned):
        raise CourseError(f"There is no collection for {assignment!r} to undo.")
    for student in back.versions:
        submitted.settle(student, submitted.known(student))
    versions = [version for found in back.versions.values() for version in found]
    sources = {v.source.partition(": ")[0] for v in versions} | {f.source for f in back.unassigned}
    line = (
        f"Undone: {counted(len(versions), 'notebook')} of "
        f"{counted(len(back.versions), 'student')}, from {', '.join(sorted(sources))}."
    )
    return [line, "submitted/ is as before the collection; the files are still in collected/."], []


def settled(
    course: Course, assignment: str, people: tuple[Person, ...], choices: Choices
) -> tuple[list[str], list[Left]]:
    """Apply a choice to what was collected before."""
    from autograder.lms.to_decide import late_problem

    submitted = submitted_of(course, assignment, people, choices)
    left = []
    students = submitted.store.students()
    for student in students:
        history = submitted.settle(student, submitted.known(student))
        if submitted.lateness_unknown(student, history):
            problem = late_problem(submitted, student)
            left.append(Left("Lateness unknown", student, problem.reason, problem.do))
    late = choices.lateness
    words = f"; late without a time counts as {words_of(late)}" if late is not None else ""
    whose = counted(len(students), "student")
    return [f"{whose}: the {choices.rule} version counts{words}."], left
