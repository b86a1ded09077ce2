"""Errors of files and of the gradebook, as one line for the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.course.course import CourseError


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn an error of a file or of the gradebook into a `CourseError` of one line."""
    import sqlalchemy as sa

    from autograder.gradebook.class_marks import NoMarksError
    from autograder.lms.downloads import DownloadError
    from autograder.lms.hand_in import FolderError
    from autograder.lms.tables import TableError

    try:
        yield
    except (TableError, NoMarksError, DownloadError, FolderError) as error:
        raise CourseError(str(error)) from error
    except sa.exc.DatabaseError as error:
        words = str(error.orig).splitlines()[0]
        raise CourseError(f"The gradebook cannot be used: {words}.") from error
    except OSError as error:
        raise CourseError(f"{error.filename or 'the file'}: {error.strerror}") from error
