"""Finding the student and the notebook of a downloaded file, from its path, content and the roster.

A file is accepted when it is a notebook of the assignment and belongs to one student. All others
are reported with what they are and what to do.
"""

from __future__ import annotations

import re
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
    "refused", "stranger", "unknown", "unreadable", "unlabelled", "conflict", "lateness unknown",
    "notice", "other file",
]  # fmt: skip
HARMLESS = ("notice", "other file")
ARCHIVE = re.compile(
    r"\.(?:rar|7z|gz|tar|bz2|xz|tgz)(?:\.txt)?(?:[-_ ]?\(?\d+\)?)?$", re.IGNORECASE
)
# What programs write beside the file that is open in them: Office, LibreOffice, Vim, Jupyter.
BESIDE = re.compile(r"~\$.*|\.~lock\..*#|\..*\.sw[a-p]|.*-checkpoint\.ipynb", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\..*\.icloud", re.IGNORECASE)
Answers = Mapping[str, str]
"""By grade_id, the text of a cell that students answer, as released."""
Owner = tuple[str, "Claim | None", "Problem | None"]
"""The student and the claim of a file; or the problem why there is none."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a student's work, for a person to look at, with the reason and what to do.

    `student` has the owner of a file that is no notebook, where she is known.
    """

    kind: Kind
    what: str
    reason: str
    do: str = ""
    student: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is a student's notebook; `unlabelled` as `Assignment.is_unlabelled`."""

    path: str
    student: str
    notebook: str
    data: bytes
    claim: Claim
    problem: str = ""
    blank: bool = False
    unlabelled: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """The assignment's notebooks as released: by name, the cells that students answer.

    `cell_ids` has the ids that Jupyter gave to these cells, by notebook.
    """

    name: str
    notebooks: Mapping[str, Answers]
    cell_ids: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def by_content(self, cells: list[Raw]) -> str:
        """Return the one notebook that these cells belong to, or ""."""
        ids = {str(cell.flags.get("grade_id")) for cell in cells}
        fits = {name: len(ids & answers.keys()) for name, answers in self.notebooks.items()}
        best = max(fits.values(), default=0)
        names = [name for name, n in fits.items() if n == best]
        return names[0] if best and len(names) == 1 else ""

    def holds(self, notebook: str, cells: list[Raw]) -> bool:
        """Return whether any of these cells belongs to the notebook."""
        ids = {str(cell.flags.get("grade_id")) for cell in cells}
        return bool(ids & self.notebooks[notebook].keys())

    def trouble(self, notebook: str, cells: list[Raw]) -> str:
        """Return why a readable notebook cannot be work on this one, or ""."""
        if not cells:
            return "this is a notebook without any cell"
        answers = [cell for cell in cells if cell.flags.get("solution")]
        if answers and self.notebooks[notebook] and not self.holds(notebook, cells):
            return f"this is a notebook of another assignment: no answer in it is {notebook}'s"
        return ""

    def is_unlabelled(self, notebook: str, cells: list[Raw]) -> bool:
        """Return whether nothing tells which cell is which answer, so that all would earn 0.

        Answers are found by nbgrader's `grade_id`, or else by the cell's own id.
        """
        ids = self.cell_ids.get(notebook, frozenset())
        labelled = any(cell.flags.get("grade_id") or cell.cell_id in ids for cell in cells)
        return bool(self.notebooks[notebook]) and not labelled

    def is_blank(self, notebook: str, cells: list[Raw]) -> bool:
        """Return whether every answer cell is as it was handed out."""
        released = self.notebooks[notebook]
        mine = {str(cell.flags.get("grade_id")): cell.source.strip() for cell in cells}
        return bool(released) and all(mine.get(i) == text.strip() for i, text in released.items())


@dataclass(frozen=True, slots=True)
class Recogniser:
    """The roster and the assignment, with which the files of a download are compared."""

    directory: Directory
    assignment: Assignment
    zone: tzinfo = UTC
    times: Mapping[str, datetime] = field(default_factory=dict)

    def recognise(self, item: DownloadedFile) -> Found | Problem:
        """Return the notebook and student of a file, or the problem and what to do."""
        path, name = printable_path(item.path), item.path.name
        owner = self._owner(item)
        claim = owner[1]
        if problem := by_its_name(item.path, owner[0]):
            return problem
        named = notebook_named(claim.file if claim else name, self.assignment.notebooks)
        if not (named or may_be_a_notebook(name) or looks_like_a_notebook(name)):
            return Problem("other file", path, "not a notebook", student=owner[0])
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
        """Return the notebook and student of a readable file, or the problem."""
        student, claim, problem = owner
        notebook = self._notebook(named, cells)
        if not notebook:
            known = ", ".join(sorted(self.assignment.notebooks))
            reason = f"it is none of the assignment's notebooks, which are {known}"
            return Problem("unknown", path, reason, "rename it and collect again")
        if problem or claim is None:
            return problem or self._nobody(path)
        if trouble := self.assignment.trouble(notebook, cells):
            return Found(path, student, notebook, data, claim, trouble)
        if self.assignment.is_unlabelled(notebook, cells):
            reason = "no cell in it has nbgrader's labels: no answer in it would be found"
            return Found(path, student, notebook, data, claim, reason, unlabelled=True)
        blank = self.assignment.is_blank(notebook, cells)
        return Found(path, student, notebook, data, claim, blank=blank)

    def _notebook(self, named: str, cells: list[Raw]) -> str:
        """Return the notebook by its name, unless all its cells belong to another one."""
        by_content = self.assignment.by_content(cells)
        if named and by_content and not self.assignment.holds(named, cells):
            return by_content
        return named or by_content

    def _unreadable(
        self, item: DownloadedFile, named: str, data: bytes, reason: str, owner: Owner
    ) -> Found | Problem:
        """Return the problem of a file that is no notebook, or a note where it need not be one."""
        path, (student, claim, problem) = printable_path(item.path), owner
        meant = looks_like_a_notebook(item.path.name)
        if not (meant or named):
            return Problem("other file", path, "not a notebook", student=student)
        if problem or claim is None:
            return problem or self._nobody(path)
        if meant and named:
            return Found(path, student, named, data, claim, reason)
        kind: Kind = "unreadable" if meant else "unknown"
        return Problem(kind, path, reason, f"ask {student} for the notebook's own .ipynb file")

    def _nobody(self, path: str) -> Problem:
        do = "put it into a folder whose name is the student's id, and collect that folder"
        return Problem("stranger", path, "no student of the roster fits its name", do)

    def _owner(self, item: DownloadedFile) -> Owner:
        """Return the one student whose file it is; the first part of a path with a claim decides.

        A zip that the instructor named may look like a platform's; it counts only where a student
        fits.
        """
        path = printable_path(item.path)
        said = claims_of(item.path, self.directory.by_account.keys(), self.zone)
        namesakes: frozenset[str] = frozenset()
        for place, claims in enumerate(said):
            pairs = [(self.directory.students(claim), claim) for claim in claims]
            students = frozenset().union(*(found for found, _ in pairs))
            if len(students) == 1:
                (student,) = students
                claim = next(c for found, c in pairs if found)
                return student, claim, None
            if len(students) > 1:
                return "", claims[0], self._several(path, students)
            namesakes = namesakes or self.directory.namesakes(claims)
            outer = place == 0 and len(said) > 1 and item.path.parts[0].casefold().endswith(".zip")
            if not outer and not all(claim.may_be_chance for claim in claims):
                return "", claims[0], self._stranger(path, claims[0], namesakes)
        return "", None, self._several(path, namesakes) if namesakes else None

    def _several(self, path: str, students: frozenset[str]) -> Problem:
        names = " and ".join(sorted(students))
        reason = f"it could be the work of {names}"
        do = "put it into a folder whose name is the right id, and collect that folder"
        return Problem("stranger", path, reason, do)

    def _stranger(self, path: str, claim: Claim, namesakes: frozenset[str]) -> Problem:
        """Return the problem that no student fits a claim, or that several have the name in it."""
        if namesakes and claim.platform != "moodle":
            return self._several(path, namesakes)
        who = f"the number {claim.number}" if claim.number else repr(claim.account or claim.name)
        if claim.platform == "moodle":
            do = "give the assignment's grading worksheet: --worksheet FILE"
        elif claim.number.startswith("anon_"):
            do = "show the students' names in Canvas and download again"
        else:
            do = "import the roster again (`autograder roster FILE`), and collect again"
        return Problem("stranger", path, f"nobody on the roster has {who}", do)


def by_its_name(path: PurePosixPath, student: str) -> Problem | None:
    """Return the problem of a file that is no notebook by its name alone, or None."""
    shown = printable_path(path)
    if ARCHIVE.search(path.name):
        do = "unpack it here, or ask the student for a .zip"
        return Problem("unknown", shown, "an archive of a kind that cannot be opened here", do)
    if PLACEHOLDER.fullmatch(path.name):
        do = "open its folder in Finder so that iCloud downloads it, or ask for the file"
        return Problem("unreadable", shown, "a placeholder of iCloud, without the file", do)
    if is_beside(path):
        reason = "written beside an open file; not what was handed in"
        return Problem("other file", shown, reason, student=student)
    return None


def is_beside(path: PurePosixPath) -> bool:
    """Return whether a program wrote a file beside the one that was open in it.

    >>> is_beside(PurePosixPath("ada/~$1_padding.ipynb"))
    True
    """
    return bool(BESIDE.fullmatch(path.name)) and (
        ".ipynb_checkpoints" in path.parts or not path.name.endswith(".ipynb") or "~$" in path.name
    )


def printable_path(path: PurePosixPath) -> str:
    """Return a path, made safe for a message."""
    text = str(path)
    return text if text.isprintable() else ascii(text)[1:-1]
