"""Marking a class, side by side with stock `nbgrader autograde` on the same submissions.

    python tests/bench/bench_grading.py --help

Each submission has words of its own, and outputs and pictures saved in it: 110 to 170 KB a
notebook. Prints processor time a notebook beside stock's, for answers that can be read and for
answers that all have to be run, and the memory of all processes. Reading and stock are measured in
turn, and the cheapest run of each counts: a shared machine is now fast, now slow. What a larger
class costs is in `bench_feedback.py`.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from classes import ASSIGNMENT, HAS_TO_BE_RUN, NOTEBOOKS, as_it_comes, copied, lessons_course
from measured import ENGINE, STOCK, Timed, at_least, at_most, header, row, timed

_MOST_MEMORY = 1_536  # MiB


def main() -> None:
    """Print the table, then what was asked and measured."""
    options = _options()
    header()
    with tempfile.TemporaryDirectory() as folder:
        root = lessons_course(Path(folder) / "course")
        rounds = range(options.rounds)
        pairs = [
            (_engine(root, "read", options.students), _stock(root, options.stock)) for _ in rounds
        ]
        read, stock = (min(runs, key=lambda run: run.cost) for runs in zip(*pairs, strict=True))
        run = _engine(root, "run", options.run, HAS_TO_BE_RUN)
    print()
    at_least("answers read, times stock, processor time", 1_000, stock.cost / read.cost)
    at_least("answers read, times stock, by the clock", 1_000, stock.wait / read.wait)
    at_least("answers run, times stock, processor time", 20, stock.cost / run.cost)
    at_least("answers run, times stock, by the clock", 20, stock.wait / run.wait)
    at_most("most memory at once, MiB", _MOST_MEMORY, run.memory)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=250, help="whose answers are read")
    parser.add_argument("--run", type=int, default=40, help="whose every answer has to be run")
    parser.add_argument("--stock", type=int, default=1, help="marked by stock nbgrader")
    parser.add_argument("--rounds", type=int, default=2, help="of reading and of stock, in turn")
    return parser.parse_args()


def _engine(root: Path, name: str, students: int, extra: str = "") -> Timed:
    copy = copied(root, name)
    as_it_comes(copy, students, extra)
    line = [*ENGINE, "grade", ASSIGNMENT]
    made = timed(line, copy, NOTEBOOKS * students, memory=bool(extra), odd=True)
    shutil.rmtree(copy)
    return row(f"{name}: autograder grade", made)


def _stock(root: Path, students: int) -> Timed:
    copy = copied(root, "stock")
    as_it_comes(copy, students)
    made = timed([*STOCK, "autograde", ASSIGNMENT], copy, NOTEBOOKS * students, odd=True)
    shutil.rmtree(copy)
    return row("stock: nbgrader autograde", made)


if __name__ == "__main__":
    main()
