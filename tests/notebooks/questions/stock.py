"""The marks that stock nbgrader gives to the course of questions.

    python tests/notebooks/questions/stock.py

runs `nbgrader autograde` on every submission (some minutes) and writes them into `stock_marks.json`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

TESTS = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS), str(TESTS.parent), str(TESTS.parent / "lessons")]

from course_builder import CONFIG, answered, released, write  # noqa: E402 - needs the path above
from nbgrader_stock import autograde, rows  # noqa: E402

from notebooks.questions.course import COURSES, SUBMISSIONS, answers, sources  # noqa: E402
from notebooks.questions.question import Question  # noqa: E402

ASSIGNMENT = "tiny"
MARKS = Path(__file__).with_name("stock_marks.json")
Marks = dict[str, dict[str, float]]


def build(root: Path, course: Mapping[str, Sequence[Question]]) -> Path:
    """Make the course with every submission handed in."""
    from autograder.authoring.generate import generate
    from autograder.course.course import open_course

    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    write(root / "solutions" / ASSIGNMENT, sources(course))
    generate(open_course(root), ASSIGNMENT)
    for submission in SUBMISSIONS:
        notebooks = answered(released(root), answers(course, submission))
        write(root / "submitted" / submission / ASSIGNMENT, notebooks)
    return root


def marks(root: Path) -> Marks:
    """Read the marks by submission and cell."""
    found: Marks = {submission: {} for submission in SUBMISSIONS}
    for submission, _, cell, points, *_ in rows(root)["grades"]:
        found[submission][cell] = points
    return found


def stock_marks(root: Path, course: Mapping[str, Sequence[Question]]) -> Marks:
    """Have stock nbgrader mark every submission."""
    done = autograde(build(root, course))
    if not done["success"]:
        raise RuntimeError(done["log"])
    return marks(root)


def main() -> None:
    """Write the marks of all submissions."""
    found: dict[str, Marks] = {}
    for name, course in COURSES.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = stock_marks(Path(folder) / "course", course)
    MARKS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
