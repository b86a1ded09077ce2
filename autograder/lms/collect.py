"""Collecting a platform's download: every version is stored, and one of them counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from autograder.course.outcome import printable
from autograder.lms.downloads import DownloadedFile, DownloadError, Refused
from autograder.lms.hand_in import FolderError, Submitted
from autograder.lms.recognise import HARMLESS, Found, Problem, Recogniser
from autograder.lms.to_decide import choice, late_problem, undecided
from autograder.lms.unassigned import Unassigned
from autograder.lms.versions import History, Version, digest_of

Place = tuple[str, str]  # a student's id and a notebook's name


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a download after its bytes were stored; `owner` as in `Version`."""

    found: Found  # without its bytes
    digest: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One collection: the name of its download, when it is, and the number to undo it by."""

    source: str
    now: datetime
    number: int


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
    run: Run,
    groups: Mapping[str, tuple[str, ...]] | None = None,
) -> Collected:
    """Store every version in a download, and write those that count to `submitted/`.

    Files that belong to nobody are stored too, until a person decides.

    Args:
        download: the files.
        recogniser: finds the student and the notebook of each file.
        submitted: where the files are written.
        run: this collection.
        groups: the members of each student's group; a file of one counts for all.
    """
    done = Collected()
    by_student: dict[str, list[Kept]] = defaultdict(list)
    unassigned: list[Unassigned] = []
    for item in download:
        if isinstance(item, Refused):
            done.problems.append(Problem("refused", item.path, item.reason, item.do))
            continue
        found = recogniser.recognise(item)
        if isinstance(found, Problem):
            done.problems.append(_keep(item, found, submitted, run, unassigned))
            continue
        for student in (groups or {}).get(found.student, (found.student,)):
            digest = digest_of(found.data)
            if not submitted.dry_run:
                submitted.store.keep(student, found.notebook, found.data)
            mine = replace(found, student=student, data=b"")
            owner = found.student if student != found.student else ""
            by_student[student].append(Kept(mine, digest, owner))
    submitted.store.unassigned.add(unassigned)
    done.problems = list(_only_others(done.problems, by_student.keys()))
    for student, kept in sorted(by_student.items()):
        try:
            _take(student, kept, recogniser, submitted, done, run)
        except FolderError as error:
            done.problems += [Problem("refused", k.found.path, str(error)) for k in kept]
    return done


def _keep(
    item: DownloadedFile, problem: Problem, submitted: Submitted, run: Run, found: list[Unassigned]
) -> Problem:
    """Store a file that a person has to decide about, and return its problem, which says where."""
    files = submitted.store.unassigned
    if problem.kind in HARMLESS or problem.kind == "refused" or submitted.dry_run:
        return problem
    try:
        data = item.read()
    except DownloadError as error:
        return replace(problem, reason=f"{problem.reason}; {error}")
    digest = digest_of(data)
    if digest in files.deleted():
        return Problem("notice", problem.what, "left out again: it was deleted from collected/")
    told = (problem.kind, run.source, str(item.path), digest, problem.reason, problem.do)
    file = Unassigned(*told, run.now.isoformat(), run.number)
    files.store(file, data)
    found.append(file)
    return problem_of(file, submitted)


def problem_of(file: Unassigned, submitted: Submitted) -> Problem:
    """Return the problem that an unassigned file is, and where it is kept."""
    place = submitted.store.unassigned.place(file).relative_to(submitted.root)
    do = f"{file.do}; or delete {place}, if it is nobody's work"
    return Problem(file.kind, printable(file.path), file.reason, do)


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
    run: Run,
) -> None:
    """Add one student's files to her history, write what counts, and note the results."""
    history = submitted.known(student)
    time = recogniser.times.get(student)
    for notebook in sorted({k.found.notebook for k in kept}):
        before = submitted.counts(student, history, notebook)
        files = [k for k in kept if k.found.notebook == notebook]
        versions, unclear = _versions(files, history, time, run)
        history = replace(history, versions=versions)
        counts = submitted.counts(student, history, notebook)
        if unclear and not (counts and counts.by_hand):
            done.problems.append(_conflict(files, unclear, submitted))
        done.problems += _unlabelled(files, counts, submitted)
        if counts is None:
            continue
        changed = before is None or before.digest != counts.digest
        (done.written if changed else done.unchanged).append((student, notebook))
        done.problems += _unreadable(files, counts)
        done.problems += _blank(files, counts)
    settled = submitted.settle(student, history)
    if submitted.lateness_unknown(student, settled):
        done.problems.append(late_problem(submitted, student))


def _versions(
    files: list[Kept], history: History, time: datetime | None, run: Run
) -> tuple[tuple[Version, ...], frozenset[str]]:
    """Return all versions, with those of this download, and those among which to choose."""
    known = {(v.notebook, v.digest): i for i, v in enumerate(history.versions) if not v.by_hand}
    versions = list(history.versions)
    unclear = _unclear(files, time)
    for kept in files:
        found = kept.found
        when = found.claim.time or time
        fresh = Version(
            found.notebook,
            kept.digest,
            f"{run.source}: {found.path}",
            run.now,
            when,
            late=found.claim.late,
            problem=found.problem,
            blank=found.blank,
            run=run.number,
            unclear=kept.digest in unclear or found.unlabelled,
            owner=kept.owner,
        )
        at = known.get((found.notebook, kept.digest))
        if at is None:
            known[found.notebook, kept.digest] = len(versions)
            versions.append(fresh)
        elif versions[at].undone:
            versions[at] = fresh
        else:
            versions[at] = _again(versions[at], fresh)
    return tuple(versions), unclear


def _again(known: Version, fresh: Version) -> Version:
    """Return a version whose bytes were handed in again, with what the later download adds.

    That is its name there, by which feedback can be returned, and a time that was not known.
    """
    time = known.time or fresh.time  # a worksheet given later has the time
    if known.owner and not fresh.owner:
        return replace(known, time=time, source=fresh.source, also=(), owner="")
    if fresh.source in known.sources or fresh.owner != known.owner:
        return replace(known, time=time)
    return replace(known, time=time, also=(*known.also, fresh.source))


def _conflict(files: list[Kept], unclear: frozenset[str], submitted: Submitted) -> Problem:
    """Return the problem that files with the same time are, which a person has to settle."""
    named = {k.digest: k.found.path for k in files if k.digest in unclear}
    student, notebook = files[0].found.student, files[0].found.notebook
    reason = f"{len(unclear)} different files for {notebook} of {student} with the same time"
    do = choice(submitted, student, notebook, named)
    return Problem("conflict", ", ".join(named.values()), reason, do, student)


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
        if kept.found.problem and not kept.found.unlabelled:
            student, notebook = kept.found.student, kept.found.notebook
            other = "another version counts" if not counts.problem else "there is no other version"
            do = f"ask {student} for {notebook}.ipynb again; {other}"
            yield Problem("unreadable", kept.found.path, kept.found.problem, do)


def _unlabelled(
    files: list[Kept], counts: Version | None, submitted: Submitted
) -> Iterator[Problem]:
    """Yield a problem for each notebook without labels, unless a person has decided already."""
    for kept in files:
        if kept.found.unlabelled and not (counts and counts.by_hand):
            found = kept.found
            do = undecided(submitted, found.student, found.notebook, [kept.digest])
            yield Problem("unlabelled", found.path, found.problem, do)


def _blank(files: list[Kept], counts: Version) -> Iterator[Problem]:
    """Yield a note where a blank notebook did not replace one with answers."""
    if any(k.found.blank for k in files) and not counts.blank:
        path = next(k.found.path for k in files if k.found.blank)
        yield Problem("notice", path, "it is blank; a version with answers counts")
