"""From a platform's download to `submitted/`: matched to the roster, never guessed.

A file is taken when its name leads to one student of the roster and one notebook of the
assignment, and no other file claims the same place with other contents. Everything else is
reported with a reason and left where it is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from autograder.gradebook.people import Person
from autograder.lms.downloads import DownloadedFile, DownloadError, Refused
from autograder.lms.file_names import Claim, claim_of, notebook_named
from autograder.lms.hand_in import FolderError, Shelf

Kind = Literal["refused", "stranger", "unknown", "conflict", "older", "late", "other file"]
Place = tuple[str, str]  # a student's id and a notebook's name


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a student's lateness, that a person must look at, and why."""

    kind: Kind
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is some student's notebook, and whether the platform calls it late."""

    item: DownloadedFile
    late: bool = False


@dataclass(slots=True)
class Collected:
    """What a collection did: places written, places left as they were, and the problems."""

    written: list[Place] = field(default_factory=list)
    unchanged: list[Place] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def students(self) -> set[str]:
        """The ids of those whose work the download holds."""
        return {student for student, _ in (*self.written, *self.unchanged)}

    @property
    def all_well(self) -> bool:
        """Whether nothing is left for a person to look at; other files alone do no harm."""
        return all(problem.kind == "other file" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The roster and the assignment, for names of files to be looked up in."""

    people: tuple[Person, ...]
    notebooks: frozenset[str]
    assignment: str

    def place(self, item: DownloadedFile) -> tuple[Place, Found] | Problem:
        """Return whose notebook a file is, or why it cannot be said."""
        path = str(item.path)
        claim = claim_of(item.path, {person.id for person in self.people}, self.assignment)
        if item.path.suffix.lower() != ".ipynb":
            return Problem("other file", path, "not a notebook")
        if claim is None:
            return Problem("stranger", path, "its name follows neither Canvas's nor Moodle's way")
        notebook = notebook_named(claim.file, self.notebooks)
        if not notebook:
            known = ", ".join(sorted(self.notebooks))
            return Problem("unknown", path, f"its name is none of the assignment's: {known}")
        student = self.student(claim)
        if student is None:
            who = f"the number {claim.number}"
            return Problem("stranger", path, f"nobody on the roster has {who} as lms_user_id")
        return (student, notebook), Found(item, claim.late)

    def student(self, claim: Claim) -> str | None:
        """Return the id of the one student that a claim leads to."""
        if claim.student:
            return claim.student
        fits = [person.id for person in self.people if person.lms_user_id == claim.number]
        return fits[0] if len(fits) == 1 else None


def collect(
    download: Iterable[DownloadedFile | Refused], lookup: Lookup, shelf: Shelf
) -> Collected:
    """Hand in what a download holds; each notebook is replaced in one step or not at all."""
    done = Collected()
    for place, claims in sorted(by_place(download, lookup, done.problems).items()):
        if found := the_one(place, claims, done.problems):
            take(place, found, shelf, done)
    return done


def by_place(
    download: Iterable[DownloadedFile | Refused], lookup: Lookup, problems: list[Problem]
) -> dict[Place, list[Found]]:
    """Sort files by the student and notebook that their names lead to; the rest are problems."""
    places: dict[Place, list[Found]] = defaultdict(list)
    for item in download:
        if isinstance(item, Refused):
            problems.append(Problem("refused", item.path, item.reason))
            continue
        found = lookup.place(item)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            places[found[0]].append(found[1])
    return places


def the_one(place: Place, claims: list[Found], problems: list[Problem]) -> Found | None:
    """Return the file for a place; several are a conflict, unless byte for byte the same."""
    if len(claims) > 1:
        try:
            digests = {hashlib.sha256(claim.item.read()).digest() for claim in claims}
        except DownloadError as error:
            digests = set()
            problems.append(Problem("refused", str(claims[0].item.path), str(error)))
        if len(digests) != 1:
            paths = ", ".join(str(claim.item.path) for claim in claims)
            reason = f"{len(claims)} different files for {place[1]} of {place[0]}; keep one"
            problems.append(Problem("conflict", paths, reason))
            return None
    return claims[0]


def take(place: Place, found: Found, shelf: Shelf, done: Collected) -> None:
    """Hand in one notebook and note what came of it."""
    student, notebook = place
    path = str(found.item.path)
    try:
        outcome = shelf.put(found.item.read(), student, notebook, found.late)
    except (DownloadError, FolderError) as error:
        done.problems.append(Problem("refused", path, str(error)))
        return
    if outcome == "older":
        done.problems.append(Problem("older", path, f"{student} has handed in a later one"))
    else:
        (done.written if outcome == "written" else done.unchanged).append(place)
    late = Problem("late", student, shelf.timing.excuse)
    if found.late and not shelf.timing.knows(student) and late not in done.problems:
        done.problems.append(late)


def missing(done: Collected, people: Iterable[Person]) -> Iterator[Person]:
    """Give those on the roster of whom the download holds nothing."""
    return (person for person in people if person.id not in done.students)
