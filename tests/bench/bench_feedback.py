"""Feedback pages and all commands in a row, beside stock nbgrader on the same class.

    python tests/bench/bench_feedback.py --help

Prints processor time a notebook (`autograder feedback`, `nbgrader generate_feedback`); what ten
times the class costs a notebook; and the loop (grade, feedback, report, export), start to finish.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench_grading import ASSIGNMENT, Timed
from bench_grading import _course as course_for
from bench_grading import _hand_in as hand_in
from bench_grading import _timed as timed

OURS = [sys.executable, "-m", "autograder"]
STOCK = [sys.executable, "-m", "nbgrader"]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        root = course_for(Path(folder) / "course")
        print(f"{'':34}{'notebooks':>10}{'seconds':>9}{'CPU s':>8}{'ms a notebook':>15}")
        _side_by_side(root, options.students)
        if options.large:
            _scaling(root, options.large)
        if options.loop:
            _loop(root, options.loop)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=250, help="in the class; stock shows ten")
    parser.add_argument("--large", type=int, default=2000, help="in the large class; 0 for none")
    parser.add_argument("--loop", type=int, default=250, help="in the whole loop; 0 for none")
    return parser.parse_args()


def _side_by_side(root: Path, students: int) -> None:
    marked = _marked(root, "marked", students)
    ours = _feedback(marked, students)
    _say("autograder feedback", ours)
    some = [*STOCK, "generate_feedback", ASSIGNMENT, "--force", "--student=s0000?"]
    theirs = timed(some, marked, 4 * min(students, 10))
    _say("nbgrader generate_feedback", theirs)
    ratio = (theirs.work / theirs.notebooks) / (ours.work / ours.notebooks)
    print(f"\nfeedback, times stock, processor time: {ratio:,.0f} (at least 20)\n")
    shutil.rmtree(marked)


def _scaling(root: Path, large: int) -> None:
    each = []
    for students in (large // 10, large):
        marked = _marked(root, f"class{students}", students)
        made = _feedback(marked, students)
        _say(f"feedback, {students} students", made)
        each.append(made.work / made.notebooks)
        shutil.rmtree(marked)
    print(f"\nten times the class, a notebook: {each[1] / each[0] - 1:+.0%} (at most +10%)\n")


def _loop(root: Path, students: int) -> None:
    ours = shutil.copytree(root, root.with_name("ours"))
    hand_in(ours, students)
    steps = [["grade"], ["feedback"], ["report"], ["export", "--canvas", "marks.csv"]]
    seconds = sum(
        timed([*OURS, step, ASSIGNMENT, *more], ours, 4 * students).seconds for step, *more in steps
    )
    print(f"the loop, {students} students: {seconds:.1f} s, {seconds / students:.3f} s each")
    stock = shutil.copytree(root, root.with_name("theirs"))
    hand_in(stock, 1)
    lines = [["autograde", ASSIGNMENT], ["generate_feedback", ASSIGNMENT], ["export"]]
    theirs = sum(timed([*STOCK, *line], stock, 4).seconds for line in lines)
    print(f"stock nbgrader's, one student: {theirs:.1f} s")
    print(f"\nthe loop, times stock: {theirs / (seconds / students):,.0f} (at least 300)")


def _marked(root: Path, name: str, students: int) -> Path:
    copy = shutil.copytree(root, root.with_name(name))
    hand_in(copy, students)
    timed([*OURS, "grade", ASSIGNMENT], copy, 4 * students)
    return copy


def _feedback(marked: Path, students: int) -> Timed:
    return timed([*OURS, "feedback", ASSIGNMENT], marked, 4 * students)


def _say(name: str, each: Timed) -> None:
    cost = 1000 * each.work / each.notebooks
    figures = f"{each.notebooks:>10}{each.seconds:>9.1f}{each.work:>8.1f}{cost:>15.1f}"
    print(f"{name:34}{figures}", flush=True)


if __name__ == "__main__":
    main()
