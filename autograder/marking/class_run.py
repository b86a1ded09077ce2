"""Marking a whole class: workers mark the submissions, and this process writes the gradebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from autograder.course.course import Course, CourseError, SubmittedFolder, check_assignment
from autograder.course.times import read_time
from autograder.gradebook.class_marks import ClassMarks
from autograder.gradebook.gradebook import Gradebook, SubmissionRecord
from autograder.gradebook.penalty_column import refresh_penalties
from autograder.gradebook.read_marks import class_marks_of
from autograder.gradebook.strangers import not_on_roster
from autograder.marking.changed_source import changed_since
from autograder.marking.evidence import with_evidence
from autograder.marking.interrupts import uninterrupted
from autograder.marking.lacking import WAITS, waits_for
from autograder.marking.process_pool import Lost, Workers, processors
from autograder.marking.submission import Graded, Job
from autograder.marking.worker import LazyRunner, serve
from autograder.notebooks.master import Template, files_of, templates
from autograder.records import Finding, Way
from autograder.running import ForkServers, Limits


@dataclass(slots=True)
class Tally:
    """The results of a run so far; `stopped` when it was interrupted."""

    total: int
    graded: int = 0
    unchanged: int = 0
    notebooks: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    unmarked: dict[str, dict[str, str]] = field(default_factory=dict)
    findings: Counter[str] = field(default_factory=Counter)
    flagged: dict[str, list[str]] = field(default_factory=dict)
    ways: Counter[Way] = field(default_factory=Counter)
    unsure: dict[str, str] = field(default_factory=dict)
    lacking: dict[str, set[str]] = field(default_factory=dict)
    """Packages that are not installed here, with the cells that need them."""
    timeless: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """Cells of the source notebooks that are no longer as `generate` recorded them, and how."""
    stopped: bool = False
    class_marks: ClassMarks | None = None
    """All marks of the assignment as they are at the end; None until then."""

    @property
    def all_well(self) -> bool:
        """Whether everything that was handed in is marked, and no mark waits for a person.

        What is to be marked by hand, and the flags of earlier runs, stand in the gradebook.
        """
        ended = not (self.failed or self.stopped)
        waits = self.unmarked or self.unsure or self.lacking or self.flagged or self.changed
        return ended and not waits

    def add(self, result: Graded) -> None:
        """Add one submission's result."""
        self.graded += result.status == "graded"
        self.unchanged += result.status == "unchanged"
        if result.status == "failed":
            self.failed[result.student] = result.reason
        marked = [n for n in result.notebooks.values() if n]
        for notebook in marked:
            for cell, package in waits_for(notebook).items():
                self.lacking.setdefault(package, set()).add(f"{notebook.notebook}/{cell}")
        others = {what: why for what, why in result.unmarked.items() if WAITS not in why}
        if others:
            self.unmarked[result.student] = others
        self.notebooks += len(marked)
        self.findings.update(
            {f.code for f in (*result.findings, *(f for n in marked for f in n.findings))}
        )
        self.ways.update(m.way for n in marked for m in n.marks if m.way != "none")
        looks = [f"{n.notebook}/{m.grade_id}" for n in marked for m in n.marks if m.flagged]
        if looks:
            self.flagged[result.student] = looks
        if any(finding.code == "timestamp" for finding in result.findings):
            self.timeless.add(result.student)


def grade_class(
    course: Course,
    assignment: str,
    *,
    force: bool = False,
    sandbox: bool = True,
    students: frozenset[str] = frozenset(),
    processes: int = 0,
    dask: str = "",
    each: Callable[[Tally, Graded | None], None] = lambda _tally, _graded: None,
) -> Tally:
    """Mark the submissions of `assignment` and record each in a transaction of its own.

    Args:
        course: the course.
        assignment: the assignment's name.
        force: mark unchanged submissions again.
        sandbox: run students' code only in the sandbox; False runs it without one where none works.
        students: mark only these students; all where empty.
        processes: number of worker processes; one for each processor where 0.
        dask: the address of a Dask scheduler; its workers mark, not processes on this machine.
        each: called before the first submission, and after each one that was recorded.

    Raises:
        CourseError: when the course or its gradebook cannot be used, or nothing was handed in.
    """
    check_assignment(course, assignment)
    handed = _handed_in(course, assignment, students)
    tally = Tally(len(handed))
    each(tally, None)
    with Gradebook(course, assignment) as gradebook:
        sources = gradebook.sources()
        tally.changed = changed_since(course.source(assignment), sources)
        masters = templates(
            course.released(assignment), assignment, sources, files_of(course, assignment)
        )
        strangers = not_on_roster(course.db_url, [h.student for h in handed])
        refused = {h.student: h.refused for h in handed if h.refused} | strangers.refused
        tally.added = [student for student in strangers.added if student not in refused]
        for student, reason in refused.items():
            _count(tally, Graded(student, "failed", reason=reason), each)
        with _running(course, sandbox=sandbox) as (servers, runner):
            masters, tally.unsure = with_evidence(
                masters,
                course.source(assignment),
                gradebook,
                runner,
                course.settings,
                course.cell_seconds,
            )
            marked = [h.student for h in handed if h.student not in refused]
            jobs = _jobs(course, assignment, gradebook, marked, force=force)
            seconds = course.cell_seconds
            results = _results(jobs, masters, servers, sandbox, processes, dask, seconds)
            _record_all(tally, gradebook, results, each)
    tally.class_marks = class_marks_of(course, assignment)
    refresh_penalties(course.db_url, tally.class_marks)
    return tally


@contextmanager
def _running(course: Course, *, sandbox: bool) -> Iterator[tuple[ForkServers, LazyRunner]]:
    """Yield what runs cells, for the workers and for the solution.

    They share one process that has imported TensorFlow, and that forks for each of them.
    """
    seconds = course.cell_seconds
    with (
        ForkServers(sandbox=sandbox, limits=Limits.for_cells(seconds)) as servers,
        ExitStack() as stack,
    ):
        clients = servers.clients
        yield servers, LazyRunner(stack, sandbox=sandbox, clients=clients, cell_seconds=seconds)


def _handed_in(course: Course, assignment: str, students: frozenset[str]) -> list[SubmittedFolder]:
    """List the submissions of these students, or of all where none are named.

    Raises:
        CourseError: when there is none, or none of one who is named.
    """
    handed = [h for h in course.handed_in(assignment) if not students or h.student in students]
    if unknown := students - {h.student for h in handed}:
        raise CourseError(
            f"There is no submission of {', '.join(sorted(unknown))}.",
            "give the student's id, as in the folder submitted/",
        )
    if not handed:
        where = course.submitted("STUDENT", assignment)
        raise CourseError(
            f"There is no submission for {assignment!r}.", f"put submissions into {where}"
        )
    return handed


def _jobs(
    course: Course, assignment: str, gradebook: Gradebook, students: Iterable[str], *, force: bool
) -> list[Job]:
    known = {} if force else gradebook.digests()
    settings = course.settings
    return [
        Job(
            student=student,
            folder=course.submitted(student, assignment),
            autograded=course.autograded(student, assignment),
            known=known.get(student, ""),
            settings=settings,
            cell_seconds=course.cell_seconds,
        )
        for student in students
    ]


def _results(
    jobs: list[Job],
    masters: Mapping[str, Template],
    servers: ForkServers,
    sandbox: bool,
    processes: int,
    dask: str,
    cell_seconds: float,
) -> Iterator[Graded]:
    if not jobs:
        return
    if dask:
        servers.close()  # the cluster's workers have their own
        try:
            from autograder.marking.cluster import results_from_cluster
        except ImportError as error:
            raise CourseError("Dask is not installed.", "pip install 'stridewise[dask]'") from error
        yield from results_from_cluster(
            dask, jobs, masters, sandbox=sandbox, cell_seconds=cell_seconds
        )
        return
    count = min(processes or processors(), len(jobs))
    workers: Workers[Job, Graded] = Workers(
        serve, (masters, sandbox, servers.clients, cell_seconds), count=count
    )
    with workers:
        for job, result in workers.run(jobs):
            yield (
                Graded(job.student, "failed", reason=result.reason)
                if isinstance(result, Lost)
                else result
            )


def _record_all(
    tally: Tally,
    gradebook: Gradebook,
    results: Iterator[Graded],
    each: Callable[[Tally, Graded | None], None],
) -> None:
    try:
        for result in results:
            with uninterrupted():
                _count(tally, _recorded(gradebook, result), each)
    except KeyboardInterrupt:
        tally.stopped = True


def _recorded(gradebook: Gradebook, result: Graded) -> Graded:
    """Record one submission; an error of the gradebook fails this submission alone."""
    if result.status != "graded":
        return result
    timestamp, findings = _time(result)
    try:
        gradebook.record(
            SubmissionRecord(
                result.student, timestamp, result.notebooks, result.digest, result.files
            )
        )
    except Exception as error:  # noqa: BLE001 - one student never stops the class
        words = f"{type(error).__name__}: {error}".splitlines()[0]
        reason = f"the marks could not be written to the gradebook: {words}"
        return Graded(result.student, "failed", reason=reason)
    return replace(result, findings=findings)


def _time(result: Graded) -> tuple[datetime | None, tuple[Finding, ...]]:
    """Return when a submission was handed in, in UTC and without a zone, as nbgrader stores it."""
    if not result.timestamp:
        return None, result.findings
    try:
        return read_time(result.timestamp).replace(tzinfo=None), result.findings
    except (ValueError, OverflowError) as error:
        note = Finding("timestamp", f"timestamp.txt: {error}. No time of handing in is known.")
        return None, (*result.findings, note)


def _count(tally: Tally, result: Graded, each: Callable[[Tally, Graded | None], None]) -> None:
    tally.add(result)
    each(tally, result)
