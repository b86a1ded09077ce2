"""Making a course folder: its settings, an example of a roster, the lessons' solutions.

The solutions are not in the package that students install. They come from a distribution of their
own, `stridewise-solutions`, which is built from a clone and given to instructors only; or from a
folder.
"""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from autograder.course.course import CourseError
from autograder.course.files import write_whole

STARTER = "autograder.course.starter"
SOLUTIONS = "stridewise_solutions"
STUBS = {
    "lessons": """\
# Where a solution stood, a lesson shows only the line above it: `valid_shapes = ...`.
c.ClearSolutions.code_stub = {"python": ""}""",
    "own": """\
# What students see where a solution stood. It is Python, so that a notebook runs unanswered.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\n..."}""",
}
"""What stands in a lesson for a solution; the lessons of Stridewise need a setting of their own."""
FILES = {
    "nbgrader_config.py": "nbgrader_config.py.txt",
    "roster_example.csv": "roster_example.csv",
    "README.md": "README.md",
    ".gitignore": "gitignore.txt",
}


def init_course(root: Path, solutions: Path | None = None) -> list[Path]:
    """Make a course folder and return the files written.

    Args:
        root: the folder; it may exist, but must not hold a file that would be written.
        solutions: a folder of assignments to copy; the installed solutions where None.

    Raises:
        CourseError: when something there would be overwritten, or `solutions` holds no notebook.
    """
    there = [name for name in (*FILES, "solutions") if (root / name).exists()]
    if there:
        raise CourseError(
            f"{root} already has {', '.join(there)}.", "give an empty or a new folder"
        )
    if solutions and not list(solutions.glob("*/*.ipynb")):
        raise CourseError(
            f"{solutions} has no folder with notebooks.",
            "give the folder that holds the assignments' folders",
        )
    stub = STUBS["lessons" if solutions or has_solutions() else "own"]
    course_id = re.sub(r"[^\w-]+", "_", root.resolve().name) or "course"
    written = []
    for name, starter in FILES.items():
        text = files(STARTER).joinpath(starter).read_text(encoding="utf-8")
        text = text.replace("COURSE_ID", course_id).replace("CODE_STUB", stub)
        write_whole(root / name, text.encode(), 0o644)
        written.append(root / name)
    (root / "solutions").mkdir(parents=True, exist_ok=True)
    return written + _copied(root / "solutions", solutions)


def has_solutions() -> bool:
    """Return whether the lessons' solutions are installed."""
    return find_spec(SOLUTIONS) is not None


def _copied(target: Path, solutions: Path | None) -> list[Path]:
    """Copy the assignments, if there are any, and return the notebooks."""
    if solutions:
        return _copy(target, solutions)
    spec = find_spec(SOLUTIONS)
    places = spec.submodule_search_locations if spec else None
    return [path for place in places or () for path in _copy(target, Path(place))]


def _copy(target: Path, solutions: Path) -> list[Path]:
    for folder in sorted(p.parent for p in solutions.glob("*/*.ipynb")):
        shutil.copytree(folder, target / folder.name, dirs_exist_ok=True)
    return sorted(target.glob("*/*.ipynb"))
