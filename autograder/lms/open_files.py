"""Collected files about which a person has still to decide.

They are files of nobody, several files with the same time, and notebooks without labels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.course.outcome import Left, printable
from autograder.gradebook.people import Person
from autograder.lms.collect import problem_of
from autograder.lms.hand_in import FolderError, Submitted
from autograder.lms.to_decide import choice, undecided
from autograder.lms.unassigned import Unassigned
from autograder.lms.versions import History, Version


def unassigned(submitted: Submitted, people: Iterable[Person]) -> list[Left]:
    """Return the files that were collected and belong to nobody, until a person has decided."""
    files = submitted.store.unassigned
    if not any(files.open()):
        return []
    same: dict[str, list[tuple[str, Version]]] = defaultdict(list)
    for student in {*submitted.store.students(), *(person.id for person in people)}:
        try:
            history = submitted.known(student)
        except FolderError:
            continue  # this is said elsewhere
        for version in history.versions:
            same[version.digest].append((student, version))
    problems = [
        problem_of(file, submitted)
        for file in files.open()
        if not any(is_assigned(file, *found) for found in same[file.digest])
    ]
    return [Left(p.kind.capitalize(), p.what, p.reason, p.do) for p in problems]


def is_assigned(file: Unassigned, student: str, version: Version) -> bool:
    """Return whether a student's version with the same bytes is this very file.

    Two students may hand in the same bytes, a blank notebook for instance. So it has the same path
    in its download, or a person put it into the student's folder.
    """
    paths = [source.partition(": ")[2] for source in version.sources]
    in_her_folder = any(student in PurePosixPath(path).parts for path in paths)
    by_a_person = version.by_hand or (in_her_folder and version.run > file.run)
    return not version.undone and (by_a_person or printable(file.path) in paths)


def unlabelled(submitted: Submitted, student: str, history: History) -> list[Left]:
    """Return the notebooks of which a student handed in nothing but files without labels."""
    left = []
    for notebook in history.notebooks:
        files = [v for v in history.of(notebook) if v.unclear and v.problem]
        if files and submitted.counts(student, history, notebook) is None:
            what = f"{student}: {notebook}"
            do = undecided(submitted, student, notebook, [v.digest for v in files])
            left.append(Left("Unlabelled", what, files[-1].problem, do))
    return left


def conflicts(submitted: Submitted, student: str, history: History) -> list[Left]:
    """Return the notebooks of which several files have the same time, and none was chosen yet."""
    left = []
    for notebook in history.notebooks:
        unclear = [v for v in history.of(notebook) if v.unclear and not v.problem]
        counts = submitted.counts(student, history, notebook)
        latest = max((v.moment for v in unclear), default=None)
        if latest and not (counts and (counts.by_hand or counts.moment > latest)):
            why = f"{len(unclear)} different files with the same time"
            do = choice(submitted, student, notebook, {v.digest: v.source for v in unclear})
            left.append(Left("Conflict", f"{student}: {notebook}", why, do))
    return left
