"""Collecting a platform's download: every version is stored, and one of them counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from autograder.gradebook.people import Person
from autograder.lms.downloads import DownloadedFile, Refused
from autograder.lms.hand_in import FolderError, Submitted
from autograder.lms.recognise import HARMLESS, Found, Problem, Recogniser
from autograder.lms.versions import History, Version, digest_of

Place = tuple[str, str]  # a student's id and a notebook's name


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a download after its bytes were stored."""

    found: Found  # without its bytes
    digest: str


@dataclass(slots=True)
class Collected:
    """The result of a collection: notebooks written, notebooks unchanged, and problems."""

    written: list[Place] = field(default_factory=list)
    unchanged: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def students(self) -> set[str]:
        """The ids of the students whose work is in the download."""
        return {student for student, _ in (*self.written, *self.unchanged)}

    @property
    def all_well(self) -> bool:
        """Whether nothing is left for a person to do."""
        return all(problem.kind in HARMLESS for problem in self.problems)


def collect(
    download: Iterable[DownloadedFile | Refused],
    recogniser: Recogniser,
    submitted: Submitted,
    *,
    source: str,
    now: datetime,
    run: int,
    groups: Mapping[str, tuple[str, ...]] | None = None,
) -> Collected:
    """Store every version in a download, and write those that count to `submitted/`.

    Args:
        download: the files.
        recogniser: finds the student and the notebook of each file.
        submitted: where the files are written.
        source: the download's name.
        now: when it is collected.
        run: this collection's number, by which it can be undone.
        groups: the members of each student's group; a file of one counts for all.
    """
    done = Collected()
    by_student: dict[str, list[Kept]] = defaultdict(list)
    for item in download:
        if isinstance(item, Refused):
            do = "" if item.reason.startswith("a link") else "ask for the file again"
            done.problems.append(Problem("refused", item.path, item.reason, do))
            continue
        found = recogniser.recognise(item)
        if isinstance(found, Problem):
            done.problems.append(found)
            continue
        for student in (groups or {}).get(found.student, (found.student,)):
            digest = digest_of(found.data)
            if not submitted.dry_run:
                submitted.store.keep(student, found.notebook, found.data)
            mine = replace(found, student=student, data=b"")
            by_student[student].append(Kept(mine, digest))
    done.problems = list(_only_others(done.problems, by_student.keys()))
    for student, kept in sorted(by_student.items()):
        try:
            _take(student, kept, recogniser, submitted, done, source, now, run)
        except FolderError as error:
            done.problems += [Problem("refused", k.found.path, str(error)) for k in kept]
    return done


def _only_others(problems: list[Problem], students: Container[str]) -> Iterator[Problem]:
    """Yield the problems; the files of a student who has no notebook in the download are hers.

    A PDF beside a notebook is harmless. Where it is all that a student handed in, it is not.
    """
    for problem in problems:
        if problem.kind != "other file" or not problem.student or problem.student in students:
            yield problem
            continue
        reason = f"{problem.reason}, and {problem.student} has no notebook in this download"
        do = f"ask {problem.student} for the .ipynb file"
        yield replace(problem, kind="unknown", reason=reason, do=do)


def _take(
    student: str,
    kept: list[Kept],
    recogniser: Recogniser,
    submitted: Submitted,
    done: Collected,
    source: str,
    now: datetime,
    run: int,
) -> None:
    """Add one student's files to her history, write what counts, and note the results."""
    history = submitted.known(student)
    time = recogniser.times.get(student)
    for notebook in sorted({k.found.notebook for k in kept}):
        before = submitted.counts(student, history, notebook)
        files = [k for k in kept if k.found.notebook == notebook]
        versions, problem = _versions(files, history, time, source, now, run)
        history = replace(history, versions=versions)
        counts = submitted.counts(student, history, notebook)
        if problem and not (counts and counts.by_hand):
            done.problems.append(problem)
        if counts is None:
            continue
        changed = before is None or before.digest != counts.digest
        (done.written if changed else done.unchanged).append((student, notebook))
        done.problems += _unreadable(files, counts)
        done.problems += _blank(files, counts)
    settled = submitted.settle(student, history)
    if submitted.lateness_unknown(student, settled):
        done.problems.append(late_problem(student))


def late_problem(student: str) -> Problem:
    """Return the problem that a platform calls work late without giving a time."""
    do = "decide for all: run collect with --late-by 24h (or 0h); or write the timestamp.txt"
    return Problem(
        "late", student, "the platform says late, but not by how much; no penalty yet", do
    )


def _versions(
    files: list[Kept],
    history: History,
    time: datetime | None,
    source: str,
    now: datetime,
    run: int,
) -> tuple[tuple[Version, ...], Problem | None]:
    """Return all versions, with those of this download, and a problem if a person must choose."""
    known = {(v.notebook, v.digest): i for i, v in enumerate(history.versions) if not v.by_hand}
    versions = list(history.versions)
    unclear = _unclear(files, time)
    for kept in files:
        found = kept.found
        when = found.claim.time or time
        fresh = Version(
            found.notebook,
            kept.digest,
            f"{source}: {found.path}",
            now,
            when,
            late=found.claim.late,
            problem=found.problem,
            blank=found.blank,
            run=run,
            unclear=kept.digest in unclear,
        )
        at = known.get((found.notebook, kept.digest))
        if at is None:
            known[found.notebook, kept.digest] = len(versions)
            versions.append(fresh)
        elif versions[at].undone:
            versions[at] = fresh
        elif when and versions[at].time is None:  # a worksheet given later has the time
            versions[at] = replace(versions[at], time=when)
    return tuple(versions), _conflict(files, unclear) if unclear else None


def _conflict(files: list[Kept], unclear: frozenset[str]) -> Problem:
    """Return the problem that files with the same time are, which a person has to settle."""
    paths = ", ".join(k.found.path for k in files if k.digest in unclear)
    student, notebook = files[0].found.student, files[0].found.notebook
    reason = f"{len(unclear)} different files for {notebook} of {student} with the same time"
    do = f"put the right one into submitted/ as {notebook}.ipynb; all are kept in collected/"
    return Problem("conflict", paths, reason, do)


def _unclear(files: list[Kept], time: datetime | None) -> frozenset[str]:
    """Return the digests among which a person must choose: readable, answered, with one time."""
    times = [when for k in files if (when := k.found.claim.time or time)]
    latest = max(times, default=None)
    same = [k for k in files if (k.found.claim.time or time) == latest]
    good = [k for k in same if not k.found.problem] or same
    good = [k for k in good if not k.found.blank] or good
    digests = frozenset(k.digest for k in good)
    return digests if len(digests) > 1 else frozenset()


def _unreadable(files: list[Kept], counts: Version) -> Iterator[Problem]:
    """Yield a problem for each file that is no notebook: what it is, and what counts instead."""
    for kept in files:
        if kept.found.problem:
            student, notebook = kept.found.student, kept.found.notebook
            other = "another version counts" if not counts.problem else "there is no other version"
            do = f"ask {student} for {notebook}.ipynb again; {other}"
            yield Problem("unreadable", kept.found.path, kept.found.problem, do)


def _blank(files: list[Kept], counts: Version) -> Iterator[Problem]:
    """Yield a note where a blank notebook did not replace one with answers."""
    if any(k.found.blank for k in files) and not counts.blank:
        path = next(k.found.path for k in files if k.found.blank)
        yield Problem("notice", path, "it is blank; a version with answers counts")


def missing(done: Collected, people: Iterable[Person]) -> Iterator[Person]:
    """Yield the students of the roster of whom nothing is in the download."""
    return (person for person in people if person.id not in done.students)
