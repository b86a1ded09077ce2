"""The folders, gradebook and settings of a course, read from its nbgrader configuration.

nbgrader takes three seconds to import, so this module imports it only when a course is opened.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.nbgrader_start import lighter_start
from autograder.course.settings import Settings, settings_of

_LONGEST_ID = 128  # nbgrader's column for a student's id


class CourseError(Exception):
    """A problem with the course that ends the command; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class SubmittedFolder:
    """One student's folder in `submitted/`; `refused` says why it must not be read, or is ""."""

    student: str
    path: Path
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A course: its folders, gradebook and configuration, as nbgrader resolves them."""

    root: Path
    config: Any  # traitlets' Config
    directory: Any  # nbgrader's CourseDirectory

    @property
    def cell_seconds(self) -> float:
        """The time limit of a cell in seconds: nbgrader's `Execute.timeout`, by default 30.

        nbclient takes None, and a value below 0, as no limit; here both are an hour.
        """
        kinds = ("Execute", "ExecutePreprocessor", "NotebookClient")
        sections = [self.config[kind] for kind in kinds if kind in self.config]
        found = [section["timeout"] for section in sections if "timeout" in section]
        seconds = found[0] if found else 30
        return float(seconds) if isinstance(seconds, int) and seconds > 0 else 3_600.0

    @property
    def db_url(self) -> str:
        """The gradebook's database URL; a relative SQLite path starts at the course's root."""
        url = str(self.directory.db_url)
        relative = re.fullmatch(r"sqlite:///(?!/)(.+)", url)
        return f"sqlite:///{self.root / relative[1]}" if relative else url

    @property
    def course_id(self) -> str:
        """The course's id in the gradebook."""
        return str(self.directory.course_id)

    @property
    def settings(self) -> Settings:
        """What the instructor decided about marks.

        Raises:
            CourseError: when the configuration has an unknown setting or a wrong value.
        """
        try:
            return settings_of(self.config)
        except ValueError as error:
            raise CourseError(f"nbgrader_config.py: {error}.") from error

    @property
    def practice_site(self) -> str:
        """The web address of the course's practice site, `c.PracticeSite.address`; "" without one.

        Raises:
            CourseError: when that is not a web address.
        """
        address = str(self.config.get("PracticeSite", {}).get("address", ""))
        if address and not re.fullmatch(r"https?://[^\s\"'<>]+", address):
            raise CourseError(
                f"nbgrader_config.py: c.PracticeSite.address is {address!r}, not a web address.",
                "give one such as https://example.org/stridewise/",
            )
        return address

    def source(self, assignment: str) -> Path:
        """The instructor's notebooks of an assignment."""
        return self._path(self.directory.source_directory, ".", assignment)

    def released(self, assignment: str) -> Path:
        """The notebooks that students receive."""
        return self._path(self.directory.release_directory, ".", assignment)

    def submitted(self, student: str, assignment: str) -> Path:
        """What one student handed in."""
        return self._path(self.directory.submitted_directory, student, assignment)

    def autograded(self, student: str, assignment: str) -> Path:
        """Where one student's marked notebooks go."""
        return self._path(self.directory.autograded_directory, student, assignment)

    def feedback(self, student: str, assignment: str) -> Path:
        """Where nbgrader puts one student's feedback pages."""
        return self._path(self.directory.feedback_directory, student, assignment)

    def handed_in(self, assignment: str) -> list[SubmittedFolder]:
        """Return the students' folders for `assignment`, by id; `refused` marks the unsafe ones."""
        base, before, after = self._around_student(assignment)
        excluded = set(str(self.directory.student_id_exclude).split(","))
        if not base.is_dir():
            return []
        names = sorted(entry.name for entry in os.scandir(base))
        ids = [
            name[len(before) : len(name) - len(after)]
            for name in names
            if _fits(name, before, after)
        ]
        folders = [
            SubmittedFolder(id_, self.submitted(id_, assignment))
            for id_ in ids
            if id_ not in excluded
        ]
        return [
            SubmittedFolder(h.student, h.path, _refusal(base, h.student, h.path))
            for h in folders
            if os.path.lexists(h.path)
        ]

    def refusal(self, student: str, assignment: str) -> str:
        """Return why a student's folder must not be read (it may be a link), or ""."""
        return _refusal(
            self._around_student(assignment)[0], student, self.submitted(student, assignment)
        )

    def _around_student(self, assignment: str) -> tuple[Path, str, str]:
        """Split a submission's path at the student's id: folder, prefix and suffix of the name."""
        parts = self.submitted("\0", assignment).parts
        at = next((i for i, part in enumerate(parts) if "\0" in part), None)
        if at is None:
            raise CourseError(
                "nbgrader_config.py: CourseDirectory.directory_structure has no {student_id}."
            )
        before, _, after = parts[at].partition("\0")
        return Path(*parts[:at]), before, after

    def _path(self, step: str, student: str, assignment: str) -> Path:
        return Path(os.path.normpath(self.directory.format_path(step, student, assignment)))


def open_course(root: Path | None = None) -> Course:
    """Read the configuration of the course at `root` (the working directory where None).

    As with nbgrader's own commands, Jupyter's configuration folders are read first, and the
    course's `nbgrader_config.py` overrides them.

    Raises:
        CourseError: when the folder does not exist or its configuration cannot be read.
    """
    start = Path.cwd() if root is None else root.resolve()
    if not start.is_dir():
        raise CourseError(f"There is no folder {start}.", "give the course's folder: --course DIR")
    with lighter_start():
        from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    for folder, name in _config_files(start):
        config.merge(_load(folder, name))
    if root is not None:
        config.CourseDirectory.root = str(start)
    with _inside(start):
        directory = CourseDirectory(config=config)
        return Course(root=Path(directory.root), config=config, directory=directory)


def check_assignment(course: Course, assignment: str) -> None:
    """Refuse a name that is no assignment of this course.

    Raises:
        CourseError: when the name could lead out of the course's folders, or has no source folder.
    """
    if not re.fullmatch(r"[^\W_][\w.\- ]*", assignment):
        raise CourseError(
            f"{assignment!r} cannot be the name of an assignment.",
            "use letters, digits, spaces and the characters _ . -",
        )
    folder = course.source(assignment)
    if not folder.is_dir():
        others = sorted(
            p.name for p in folder.parent.glob("*") if p.is_dir() and any(p.glob("*.ipynb"))
        )
        hint = (
            f"assignments here: {', '.join(others)}"
            if others
            else "is this the course's folder? (--course DIR)"
        )
        raise CourseError(f"There is no assignment {assignment!r} in {folder.parent}.", hint)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Change the working directory: a configuration file is Python and may use relative paths."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _config_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files that nbgrader would read; a later one overrides an earlier one."""
    from jupyter_core.paths import jupyter_config_dir, jupyter_config_path

    folders = [Path(p) for p in dict.fromkeys([jupyter_config_dir(), *jupyter_config_path()])]
    for folder in [*reversed(folders), root]:
        for name in ("nbgrader_config.json", "nbgrader_config.py"):
            if (folder / name).is_file():
                yield folder, name


def _load(folder: Path, name: str) -> Any:
    from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

    loader = PyFileConfigLoader if name.endswith(".py") else JSONFileConfigLoader
    try:
        with _inside(folder):
            return loader(name, path=str(folder)).load_config()
    except Exception as error:
        raise CourseError(f"{folder / name} cannot be read: {error}") from error


def _fits(name: str, before: str, after: str) -> bool:
    longer = len(name) > len(before) + len(after)
    return longer and name.startswith(before) and name.endswith(after) and not name.startswith(".")


def _refusal(base: Path, student: str, path: Path) -> str:
    if len(student) > _LONGEST_ID or not student.isprintable():
        return f"the student's id is longer than {_LONGEST_ID} characters, or has unprintable ones"
    steps = [path, *(p for p in path.parents if p.is_relative_to(base) and p != base)]
    for step in reversed(steps):
        mode = os.lstat(step).st_mode
        if stat.S_ISLNK(mode):
            return f"{step.name!r} is a link, not a folder"
        if not stat.S_ISDIR(mode):
            return f"{step.name!r} is not a folder"
    return ""
