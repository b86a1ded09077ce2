"""What lies where in a course: one reading of nbgrader's configuration, through nbgrader itself.

nbgrader takes three seconds to import, so this module imports it only when a course is opened.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_LONGEST_ID = 128  # nbgrader's column for a student's id


class CourseError(Exception):
    """Something about the course stops the command; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Handed:
    """One student's folder in `submitted/`; `refused` says why it must not be read, if so."""

    student: str
    path: Path
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A course as nbgrader sees it: its folders, its gradebook and its configuration."""

    root: Path
    config: Any  # traitlets' Config
    directory: Any  # nbgrader's CourseDirectory

    @property
    def db_url(self) -> str:
        """Where the gradebook is; a relative SQLite path counts from the course's root."""
        url = str(self.directory.db_url)
        relative = re.fullmatch(r"sqlite:///(?!/)(.+)", url)
        return f"sqlite:///{self.root / relative[1]}" if relative else url

    @property
    def course_id(self) -> str:
        """The course's id in the gradebook."""
        return str(self.directory.course_id)

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

    def handed_in(self, assignment: str) -> list[Handed]:
        """Everyone with a folder for `assignment`, by id; those unsafe to read are marked so."""
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
            Handed(id_, self.submitted(id_, assignment)) for id_ in ids if id_ not in excluded
        ]
        return [
            Handed(h.student, h.path, _refusal(base, h.student, h.path))
            for h in folders
            if os.path.lexists(h.path)
        ]

    def refusal(self, student: str, assignment: str) -> str:
        """Say why a student's folder must not be read, or nothing: a link may lead anywhere."""
        return _refusal(
            self._around_student(assignment)[0], student, self.submitted(student, assignment)
        )

    def _around_student(self, assignment: str) -> tuple[Path, str, str]:
        """Split a submission's path at the student's id: folder, prefix and suffix of the name."""
        parts = self.submitted("\0", assignment).parts
        at = next((i for i, part in enumerate(parts) if "\0" in part), None)
        if at is None:
            raise CourseError("CourseDirectory.directory_structure does not name {student_id}.")
        before, _, after = parts[at].partition("\0")
        return Path(*parts[:at]), before, after

    def _path(self, step: str, student: str, assignment: str) -> Path:
        return Path(os.path.normpath(self.directory.format_path(step, student, assignment)))


def open_course(root: Path | None = None) -> Course:
    """Read the configuration of the course at `root` (the working directory where None).

    As for nbgrader's own commands, Jupyter's configuration folders come first and the course's
    `nbgrader_config.py` wins.

    Raises:
        CourseError: when the folder does not exist or its configuration cannot be read.
    """
    start = Path.cwd() if root is None else root.resolve()
    if not start.is_dir():
        raise CourseError(f"There is no folder {start}.", "give the course's folder: --course DIR")
    with _lighter_start():
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
        CourseError: when the name would leave the course's folders, or has no source.
    """
    if not re.fullmatch(r"[^\W_][\w.\- ]*", assignment):
        raise CourseError(f"{assignment!r} cannot be the name of an assignment.")
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


def generate(course: Course, assignment: str) -> list[Path]:
    """Make the students' version of an assignment with nbgrader and give the notebooks written.

    Raises:
        CourseError: with nbgrader's own words when it refuses.
    """
    check_assignment(course, assignment)
    from nbgrader.converters import GenerateAssignment
    from nbgrader.utils import temp_attrs

    named = temp_attrs(course.directory, assignment_id=assignment)
    released = course.released(assignment)
    with _kept_on_failure(released), named, tools_on_path(), _nbgrader_log() as log:
        converter = GenerateAssignment(coursedir=course.directory, config=course.config)
        converter.force = True
        converter.log = log.logger
        try:
            converter.start()
        except Exception as error:
            raise CourseError(
                f"nbgrader could not generate {assignment}: {log.said or error}"
            ) from error
    return sorted(released.glob("*.ipynb"))


@contextmanager
def _kept_on_failure(folder: Path) -> Iterator[None]:
    """Put a folder back as it was when something fails: nbgrader removes what it cannot finish."""
    with TemporaryDirectory() as safe:
        before = Path(safe) / "before"
        if folder.is_dir():
            shutil.copytree(folder, before)
        try:
            yield
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            if before.is_dir():
                shutil.copytree(before, folder)
            raise


@contextmanager
def _lighter_start() -> Iterator[None]:
    """Import nbgrader without a grammar of internationalised addresses: half of its start-up.

    jsonschema compiles it where it is installed, for a check that no notebook's schema asks for.
    """
    hidden = "rfc3987_syntax" not in sys.modules
    if hidden:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # as if not installed
    try:
        yield
    finally:
        if hidden:
            del sys.modules["rfc3987_syntax"]


@contextmanager
def tools_on_path() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it calls by name, in an environment not activated."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


class _Log(logging.Handler):
    """Keeps the last line of the first error that nbgrader logs: the one that names the cause."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.logger = logging.getLogger("autograder.nbgrader")
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first error's last line."""
        lines = record.getMessage().strip().splitlines()
        if lines and (not self.said or self.said.startswith("There was an error")):
            self.said = lines[-1]


@contextmanager
def _nbgrader_log() -> Iterator[_Log]:
    handler = _Log()
    handler.logger.propagate = False
    handler.logger.addHandler(handler)
    try:
        yield handler
    finally:
        handler.logger.removeHandler(handler)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in `folder`: configuration files are ordinary Python and may use relative paths."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _config_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Give the files that nbgrader would read, the strongest last."""
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
        return "the student's id is not one that the gradebook can hold"
    steps = [path, *(p for p in path.parents if p.is_relative_to(base) and p != base)]
    for step in reversed(steps):
        mode = os.lstat(step).st_mode
        if stat.S_ISLNK(mode):
            return f"{step.name!r} is a link to another place, not a folder"
        if not stat.S_ISDIR(mode):
            return f"{step.name!r} is not a folder"
    return ""
