"""Feedback pages, and all of an instructor's commands in a row, beside stock nbgrader's.

    python tests/bench/bench_feedback.py --help

Prints processor time a notebook of `autograder feedback` and `nbgrader generate_feedback` on the
same marked class; of the loop grade, feedback, report, export beside stock's autograde,
generate_feedback, export; and what ten times the class costs a notebook.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from classes import ASSIGNMENT, NOTEBOOKS, as_it_comes, copied, lessons_course
from measured import ENGINE, STOCK, Timed, at_least, at_most, header, row, timed

_SHOWN_BY_STOCK = 10  # students
_MOST_MEMORY = 1_536  # MiB
_SECONDS = 15  # for the report of a class, and for its export


def main() -> None:
    """Print the table, then what was asked and measured."""
    options = _options()
    header()
    with tempfile.TemporaryDirectory() as folder:
        root = lessons_course(Path(folder) / "course")
        whole = _class(root, "class", options.students)
        steps = _loop(whole, options.students)
        some = min(options.students, _SHOWN_BY_STOCK)
        pages = _stock_feedback(whole, some)
        marked = _stock_marks(root)
        small = _marked_and_shown(root, options.large // 10) if options.large else Timed(1, 1, 1)
        large = _marked_and_shown(root, options.large) if options.large else Timed(1, 1, 1)
    print()
    at_least("feedback, times stock, processor time", 20, pages.cost / steps["feedback"].cost)
    loop = sum(step.cost for step in steps.values())
    at_least("the loop, times stock, processor time", 300, (marked.cost + pages.cost) / loop)
    at_most("report, seconds", _SECONDS, steps["report"].seconds)
    at_most("export, seconds", _SECONDS, steps["export"].seconds)
    if options.large:
        more = 100 * (large.cost / small.cost - 1)
        at_most("ten times the class, grade and feedback, more a notebook, %", 10, more)
        at_most("most memory at once, MiB", _MOST_MEMORY, large.memory)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=250, help="in the class")
    parser.add_argument("--large", type=int, default=2000, help="in the large class; 0 for none")
    return parser.parse_args()


def _class(root: Path, name: str, students: int) -> Path:
    copy = copied(root, name)
    as_it_comes(copy, students)
    return copy


def _loop(root: Path, students: int) -> dict[str, Timed]:
    """Run the four commands in a row; give what each took."""
    lines = {"grade": [], "feedback": [], "report": [], "export": ["--canvas", "marks.csv"]}
    return {
        step: row(
            f"autograder {step}",
            timed([*ENGINE, step, ASSIGNMENT, *more], root, NOTEBOOKS * students, odd=True),
        )
        for step, more in lines.items()
    }


def _stock_feedback(root: Path, students: int) -> Timed:
    """Let stock nbgrader make the pages of the first ten students, at most."""
    line = [*STOCK, "generate_feedback", ASSIGNMENT, "--force", "--student=s0000?"]
    return row("nbgrader generate_feedback", timed(line, root, NOTEBOOKS * students))


def _stock_marks(root: Path) -> Timed:
    copy = _class(root, "stock", 1)
    return row(
        "nbgrader autograde", timed([*STOCK, "autograde", ASSIGNMENT], copy, NOTEBOOKS, odd=True)
    )


def _marked_and_shown(root: Path, students: int) -> Timed:
    copy = _class(root, f"of{students}", students)
    lines = [[*ENGINE, step, ASSIGNMENT] for step in ("grade", "feedback")]
    graded, shown = (
        timed(line, copy, NOTEBOOKS * students, memory=True, odd=True) for line in lines
    )
    shutil.rmtree(copy)
    return row(f"grade and feedback, {students} students", graded + shown)


if __name__ == "__main__":
    main()
