"""Whose notebook a downloaded file is: its path, the roster and its content together.

A file is taken when it holds a notebook of the assignment and leads to one student. Everything else
is reported with what it is and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Literal

from autograder.course.files import RefusedFileError
from autograder.lms.downloads import DownloadedFile, DownloadError
from autograder.lms.identify import Directory
from autograder.lms.notebook_names import looks_like_a_notebook, may_be_a_notebook, notebook_named
from autograder.lms.platforms import Claim, claims_of
from autograder.notebooks.notebook_file import Raw, read_cells

Kind = Literal[
    "refused", "stranger", "unknown", "unreadable", "conflict", "late", "notice", "other file"
]
HARMLESS = ("notice", "other file")
ARCHIVES = (".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".tgz")
Answers = Mapping[str, str]
"""By grade_id, the text of a cell that students answer, as released."""
Owner = tuple[str, "Claim | None", "Problem | None"]
"""Whose a file is, by which claim; or why that cannot be said."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a student's work, that a person should look at; why, and what to do."""

    kind: Kind
    what: str
    reason: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is some student's notebook."""

    path: str
    student: str
    notebook: str
    data: bytes
    claim: Claim
    problem: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """The assignment's notebooks as released: by name, the cells that students answer."""

    name: str
    notebooks: Mapping[str, Answers]

    def by_content(self, cells: list[Raw]) -> str:
        """Return the one notebook whose cells these are, or the empty string."""
        ids = {str(cell.flags.get("grade_id")) for cell in cells}
        fits = {name: len(ids & answers.keys()) for name, answers in self.notebooks.items()}
        best = max(fits.values(), default=0)
        names = [name for name, n in fits.items() if n == best]
        return names[0] if best and len(names) == 1 else ""

    def holds(self, notebook: str, cells: list[Raw]) -> bool:
        """Tell whether any of these cells is one of the notebook's."""
        ids = {str(cell.flags.get("grade_id")) for cell in cells}
        return bool(ids & self.notebooks[notebook].keys())

    def is_blank(self, notebook: str, cells: list[Raw]) -> bool:
        """Tell whether every cell to be answered is as it was handed out."""
        released = self.notebooks[notebook]
        mine = {str(cell.flags.get("grade_id")): cell.source.strip() for cell in cells}
        return bool(released) and all(mine.get(i) == text.strip() for i, text in released.items())


@dataclass(frozen=True, slots=True)
class Recogniser:
    """The roster and the assignment, for the files of a download to be looked up in."""

    directory: Directory
    assignment: Assignment
    zone: tzinfo = UTC
    times: Mapping[str, datetime] = field(default_factory=dict)

    def recognise(self, item: DownloadedFile) -> Found | Problem:
        """Return whose notebook a file is, or what it is and what to do."""
        path, name = printable_path(item.path), item.path.name
        if name.casefold().endswith(ARCHIVES):
            do = "unpack it here, or ask the student for a .zip"
            return Problem("unknown", path, "an archive that is not opened here", do)
        owner = self._owner(item)
        claim = owner[1]
        named = notebook_named(claim.file if claim else name, self.assignment.notebooks)
        if not (named or may_be_a_notebook(name) or looks_like_a_notebook(name)):
            return Problem("other file", path, "not a notebook")
        try:
            data = item.read()
            cells = read_cells(data)[0]
        except DownloadError as error:
            return Problem("refused", path, str(error), "ask for the file again")
        except RefusedFileError as error:
            return self._unreadable(item, named, data, str(error), owner)
        return self._readable(path, named, data, cells, owner)

    def _readable(
        self, path: str, named: str, data: bytes, cells: list[Raw], owner: Owner
    ) -> Found | Problem:
        """Return what holds a notebook, or say which notebook or whose it is not."""
        student, claim, problem = owner
        notebook = self._notebook(named, cells)
        if not notebook:
            known = ", ".join(sorted(self.assignment.notebooks))
            reason = f"it is none of the assignment's notebooks: {known}"
            return Problem("unknown", path, reason, "rename it and collect again")
        if problem or claim is None:
            return problem or self._nobody(path)
        blank = self.assignment.is_blank(notebook, cells)
        return Found(path, student, notebook, data, claim, blank=blank)

    def _notebook(self, named: str, cells: list[Raw]) -> str:
        """Return which notebook it is: by name, unless its cells are all another's."""
        by_content = self.assignment.by_content(cells)
        if named and by_content and not self.assignment.holds(named, cells):
            return by_content
        return named or by_content

    def _unreadable(
        self, item: DownloadedFile, named: str, data: bytes, reason: str, owner: Owner
    ) -> Found | Problem:
        """Say of a file that holds no notebook whether it should have."""
        path, (student, claim, problem) = printable_path(item.path), owner
        meant = looks_like_a_notebook(item.path.name)
        if not (meant or named):
            return Problem("other file", path, "not a notebook")
        if problem or claim is None:
            return problem or self._nobody(path)
        if meant and named:
            return Found(path, student, named, data, claim, reason)
        kind: Kind = "unreadable" if meant else "unknown"
        return Problem(kind, path, reason, f"ask {student} for the notebook's own .ipynb file")

    def _nobody(self, path: str) -> Problem:
        do = "put it into a folder named by the student's id, and collect that"
        return Problem("stranger", path, "its name leads to no student of the roster", do)

    def _owner(self, item: DownloadedFile) -> Owner:
        """Return the one student whose file it is; the first part of a path that says it decides.

        A zip that the instructor named may look like a platform's: it counts only where it leads
        to somebody.
        """
        path = printable_path(item.path)
        said = claims_of(item.path, self.directory.by_account.keys(), self.zone)
        for place, claims in enumerate(said):
            pairs = [(self.directory.students(claim), claim) for claim in claims]
            students = frozenset().union(*(found for found, _ in pairs))
            if len(students) == 1:
                (student,) = students
                claim = next(c for found, c in pairs if found)
                return student, claim, None
            if len(students) > 1:
                names = " and ".join(sorted(students))
                reason = f"it could be the work of {names}"
                do = "put it into a folder named by the right id, and collect that"
                return "", claims[0], Problem("stranger", path, reason, do)
            outer = place == 0 and len(said) > 1 and item.path.parts[0].casefold().endswith(".zip")
            if not outer and any(claim.platform != "drive" for claim in claims):
                return "", claims[0], self._stranger(path, claims[0])
        return "", None, None

    def _stranger(self, path: str, claim: Claim) -> Problem:
        """Say whom a name should have led to."""
        who = f"the number {claim.number}" if claim.number else repr(claim.account or claim.name)
        if claim.platform == "moodle":
            do = "give the assignment's grading worksheet: --worksheet FILE"
        elif claim.number.startswith("anon_"):
            do = "show the students' names in Canvas and download again"
        else:
            do = "import the roster again (`autograder roster FILE`), and collect again"
        return Problem("stranger", path, f"nobody on the roster has {who}", do)


def printable_path(path: PurePosixPath) -> str:
    """Return a path for a message."""
    text = str(path)
    return text if text.isprintable() else ascii(text)[1:-1]
