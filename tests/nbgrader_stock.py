"""nbgrader's own commands, in this process: the oracle that the engine is held against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course_builder import ASSIGNMENT
from gradebook_rows import rows

__all__ = ["api", "autograde", "rows"]


def api(root: Path) -> Any:
    """Open a course through nbgrader's own interface."""
    from nbgrader.apps.api import NbGraderAPI

    from autograder.course.course import open_course

    course = open_course(root)
    return NbGraderAPI(config=course.config, coursedir=course.directory)


def autograde(root: Path, assignment: str = ASSIGNMENT) -> dict[str, Any]:
    """Run `nbgrader autograde` for everyone."""
    done: dict[str, Any] = api(root).autograde(assignment, "*")
    return done


def autograde_class(root: Path, assignment: str = ASSIGNMENT) -> None:
    """Run it for a whole class, and once more for those that it could not mark.

    Stock chooses the ports of a kernel before it starts the kernel. Another program may take one
    in between, and then the kernel does not start.
    """
    if not autograde(root, assignment)["success"]:
        done = api(root).autograde(assignment, "*", force=False)
        assert done["success"], done["log"]
