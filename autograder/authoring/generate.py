"""Making the students' version of an assignment, with nbgrader's own converter."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.course.course import Course, CourseError, check_assignment
from autograder.course.source_check import check_sources
from autograder.gradebook.new_tables import make_tables


def generate(course: Course, assignment: str) -> list[Path]:
    """Make the students' version of an assignment and return the notebooks written.

    Raises:
        CourseError: with nbgrader's message when it refuses the source, and for a source that
            could be released but not marked.
    """
    check_assignment(course, assignment)
    check_sources(course.source(assignment))
    from nbgrader.converters import GenerateAssignment
    from nbgrader.utils import temp_attrs

    named = temp_attrs(course.directory, assignment_id=assignment)
    released = course.released(assignment)
    with _kept_on_failure(released), named, _nbgrader_log() as log:
        make_tables(course.db_url)
        converter = GenerateAssignment(coursedir=course.directory, config=course.config)
        converter.force = True
        converter.log = log.logger
        try:
            converter.start()
        except Exception as error:
            said = log.said or str(error)
            raise CourseError(f"nbgrader could not generate {assignment}:\n{said}") from error
    return sorted(released.glob("*.ipynb"))


@contextmanager
def draft(course: Course, assignment: str) -> Iterator[Course]:
    """Generate an assignment into a temporary folder and gradebook.

    The course in the `with` block has the same sources and configuration.
    """
    from nbgrader.utils import temp_attrs

    with TemporaryDirectory() as folder:
        elsewhere = temp_attrs(
            course.directory,
            release_directory=str(Path(folder) / "release"),
            db_url=f"sqlite:///{folder}/gradebook.db",
        )
        with elsewhere:
            generate(course, assignment)
            yield course


@contextmanager
def _kept_on_failure(folder: Path) -> Iterator[None]:
    """Restore a folder after a failure: nbgrader removes what it cannot finish."""
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


class _Log(logging.Handler):
    """Keeps the first error that nbgrader logs, without its traceback."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.logger = logging.getLogger("autograder.nbgrader")
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message of the first error."""
        message = _without_traceback(record.getMessage().strip())
        if message and (not self.said or self.said.startswith("There was an error")):
            self.said = message


def _without_traceback(message: str) -> str:
    r"""Remove the frames of a traceback; keep its error and all other text.

    >>> _without_traceback("Traceback (most recent call last):\n  File 'a'\nValueError: no\nend")
    'ValueError: no\nend'
    """
    before, found, traceback = message.partition("Traceback (most recent call last):")
    if not found:
        return message
    lines = traceback.splitlines()
    first = next((i for i, line in enumerate(lines) if line and not line.startswith(" ")), 0)
    return "\n".join([*filter(None, [before.strip()]), *lines[first:]])


@contextmanager
def _nbgrader_log() -> Iterator[_Log]:
    handler = _Log()
    handler.logger.propagate = False
    handler.logger.addHandler(handler)
    try:
        yield handler
    finally:
        handler.logger.removeHandler(handler)
