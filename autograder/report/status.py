"""The state of an assignment: what is done, what is left, what is out of date, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.course.course import Course, CourseError
from autograder.course.outcome import Left, counted
from autograder.feedback.make import old_pages
from autograder.gradebook.class_marks import ClassMarks, NoMarksError
from autograder.gradebook.details import read_details
from autograder.gradebook.read_marks import class_marks_of
from autograder.gradebook.recorded import Recorded, read_recorded
from autograder.gradebook.releases import newer_sources, release_of
from autograder.lms.about_student import when
from autograder.lms.exports import Export, exports, outdated
from autograder.lms.left import NOT_MARKED, all_left
from autograder.marking.out_of_date import OutOfDate, out_of_date
from autograder.running import runs_here, sandbox_available

MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Status:
    """An assignment's state: lines about each step, what is left, and the next step."""

    lines: tuple[str, ...]
    left: tuple[Left, ...]
    next: str


def status_of(course: Course, assignment: str) -> Status:
    """Return the state of an assignment."""
    released = sorted(course.released(assignment).glob("*.ipynb"))
    generate = f"generate {assignment}"
    if not released:
        return _status(["released: no"], [_step(assignment, "not released yet", generate)])
    lines = [f"released: {counted(len(released), 'notebook')}"]
    try:
        class_marks = class_marks_of(course, assignment)
    except NoMarksError:
        return _status(lines, [_step(assignment, "not in the gradebook yet", generate)])
    recorded = read_recorded(course.db_url, assignment)
    left = all_left(course, class_marks)
    counts = _count(course, class_marks, {thing.what for thing in left if thing.kind == NOT_MARKED})
    old, marking = _marking(course, assignment, recorded, counts)
    exported = exports(course, assignment)
    lines += _lines(class_marks, counts, left, exported)
    if old.without and (why := nothing_runs()):
        lines.append(f"the solution: not marked ({why})")
    return _status(
        lines,
        [
            *_first_steps(class_marks, counts),
            *_source(course, assignment, recorded, old),
            *left,
            *marking,
            *_last_steps(class_marks, counts, exported),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """Who is how far; the excused count nowhere else. `old` have no pages for their marks."""

    students: int
    missing: list[str]
    handed: list[str]
    marked: list[str]
    late: list[str]
    excused: list[str]
    pages: list[str]
    old: list[str]


def _count(course: Course, class_marks: ClassMarks, not_marked: set[str]) -> _Counts:
    assignment = class_marks.assignment
    folders = {f.student for f in course.handed_in(assignment)}
    class_ = [s for s in class_marks.students if not s.excused]
    handed = [s.person.id for s in class_ if s.person.id in folders]
    marked = [id_ for id_ in handed if id_ not in not_marked]
    return _Counts(
        len(class_),
        [s.person.id for s in class_ if s.person.id not in folders],
        handed,
        marked,
        [s.person.id for s in class_ if s.submitted and s.seconds_late],
        [s.person.id for s in class_marks.students if s.excused],
        [id_ for id_ in marked if any(course.feedback(id_, assignment).glob("*.html"))],
        old_pages(course, class_marks, frozenset(marked)),
    )


def _lines(
    class_marks: ClassMarks, counts: _Counts, left: list[Left], exported: list[Export]
) -> Iterator[str]:
    """Yield a line for each step of the work."""
    current = [id_ for id_ in counts.pages if id_ not in counts.old]
    older = names([id_ for id_ in counts.pages if id_ in counts.old], "older than the marks: ")
    yield f"due: {when(class_marks.due)}"
    missing = names(counts.missing, "nothing from ")
    yield f"handed in: {len(counts.handed)} of {counts.students}{missing}"
    yield f"late: {len(counts.late)}{names(counts.late)}"
    yield f"marked: {len(counts.marked)} of {len(counts.handed)}"
    yield from (f"{kind.lower()}: {count}" for kind, count in by_kind(left))
    yield f"feedback made: {len(current)} of {len(counts.marked)}{older}"
    yield f"exported: {exported[-1].line if exported else 'no'}"
    if counts.excused:
        yield f"excused: {', '.join(counts.excused)}"


def _first_steps(class_marks: ClassMarks, counts: _Counts) -> Iterator[Left]:
    """Yield what is to be done before anything can be marked."""
    if not class_marks.students:
        yield _step(class_marks.assignment, "no students yet", "roster FILE")
    elif not counts.handed:
        yield _step(
            class_marks.assignment,
            "nothing handed in yet",
            f"collect {class_marks.assignment} DOWNLOAD",
        )


def _marking(
    course: Course, assignment: str, recorded: Recorded, counts: _Counts
) -> tuple[OutOfDate, list[Left]]:
    """Return what the marks were made from that has changed, and what is to be done about it."""
    try:
        old = out_of_date(course, assignment, recorded, counts.marked)
    except CourseError as error:  # the release does not fit the gradebook
        do = error.hint or f"run `autograder generate {assignment}` again"
        return OutOfDate(), [Left("To do", assignment, str(error), do)]
    return old, [*_again(assignment, old, counts), *_unmarked(course, assignment, recorded, counts)]


def _again(assignment: str, old: OutOfDate, counts: _Counts) -> Iterator[Left]:
    """Yield what the next `grade` would do, and what it would say."""
    grade = f"grade {assignment}"
    if old.again:
        why = "the assignment, a setting, the id or this program has changed since this was marked"
        yield _step(", ".join(old.again[:MOST_NAMES]) + more(old.again), why, grade)
    for student, why in old.failed.items():
        yield Left("Submission not marked", student, why, "correct this and grade again")
    if old.without and counts.marked and not old.again and not nothing_runs():
        yield _step(", ".join(old.without), "the instructor's solution has not been marked", grade)
    for test, why in sorted(old.unsure.items()):
        do = "correct the test or the solution, and generate again"
        yield Left("Tests that the instructor's own solution fails", test, why, do)


def _unmarked(
    course: Course, assignment: str, recorded: Recorded, counts: _Counts
) -> Iterator[Left]:
    """Yield the answers that could not be marked on this machine."""
    waiting = [id_ for id_ in counts.marked if recorded.digests.get(id_) == ""]
    details = read_details(course.db_url, assignment) if waiting else None
    for id_ in waiting:
        notebooks = details.notebooks.get(id_, {}) if details else {}
        whys = {why: name for name, n in notebooks.items() for why in n.unmarked.values()}
        do = f"remove the cause, then autograder grade {assignment}; or mark it in Formgrader"
        yield Left("Answers not marked", id_, "; ".join(whys) or "part of it failed", do)


def _source(course: Course, assignment: str, recorded: Recorded, old: OutOfDate) -> Iterator[Left]:
    """Yield that the source is newer than what students receive, or than the recorded tests."""
    changed = newer_sources(recorded.release, release_of(course, assignment))
    changed += [cell for cell in sorted(old.changed) if not _among(cell, changed)]
    if changed:
        what = ", ".join(changed[:MOST_NAMES]) + more(changed)
        yield _step(what, "the source has changed since it was released", f"generate {assignment}")


def _among(cell: str, files: Iterable[str]) -> bool:
    return f"{cell.rpartition('/')[0]}.ipynb" in files


def _last_steps(class_marks: ClassMarks, counts: _Counts, exported: list[Export]) -> Iterator[Left]:
    """Yield what is to be done with the marks."""
    name = class_marks.assignment
    without = [id_ for id_ in counts.old if id_ not in counts.pages]
    if without:
        whose = counted(len(without), "student has", "students have")
        yield _step(name, f"{whose} no feedback pages yet", f"feedback {name}")
    if older := [id_ for id_ in counts.old if id_ in counts.pages]:
        what = ", ".join(older[:MOST_NAMES]) + more(older)
        yield _step(what, "the feedback pages are older than the marks", f"feedback {name}")
    do = f"export {name} --canvas FILE (or --moodle)"
    if counts.marked and not exported:
        yield _step(name, "no marks exported yet", do)
    if files := outdated(exported, class_marks):
        why = "the marks have changed since this was exported"
        yield _step(", ".join(files), why, f"export {name}, as before")


def _step(what: str, why: str, command: str) -> Left:
    return Left("To do", what, why, f"autograder {command}")


def nothing_runs() -> str:
    """Return why no code can be run on this machine, or ""."""
    return runs_here() or sandbox_available() or ""


def _status(lines: Iterable[str], left: list[Left]) -> Status:
    return Status(tuple(lines), tuple(left), left[0].do if left else "nothing")


def by_kind(left: list[Left]) -> Iterator[tuple[str, int]]:
    """Count what is left by kind; the three most important kinds are given with 0 too."""
    kinds = dict.fromkeys(
        ["To be looked at", "To be marked by hand", "Marked before the answer changed"], 0
    )
    for thing in left:
        if thing.kind != NOT_MARKED:
            kinds[thing.kind] = kinds.get(thing.kind, 0) + 1
    yield from kinds.items()


def names(ids: list[str], lead: str = "") -> str:
    """Return a few ids in brackets."""
    return f" ({lead}{', '.join(ids[:MOST_NAMES])}{more(ids)})" if ids else ""


def more(ids: list[str] | tuple[str, ...]) -> str:
    """Return how many ids are not among the few that are named."""
    return f" and {len(ids) - MOST_NAMES} more" if len(ids) > MOST_NAMES else ""
