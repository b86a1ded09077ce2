"""From the instructor's notebooks to the students' version, by nbgrader's own converter."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.course.course import Course, CourseError, check_assignment
from autograder.course.nbgrader_start import tools_on_path


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
