"""Marking a class on a Dask cluster of 1, 2 and 4 workers, beside this machine's own processes.

    python tests/bench/bench_dask.py [--students 120]

Prints notebooks a second for marking and recording (the start of workers is not counted, nor the
start of processes). On one machine the workers share its processors: more of them than processors
shows what the cluster costs, not what it gains.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from distributed import LocalCluster

from autograder.authoring.generate import generate
from autograder.authoring.sample_class import CLASS, answers_of, fill_in
from autograder.course.course import Course, open_course
from autograder.marking.class_run import Tally, grade_class

REPO = Path(__file__).parents[2]
ASSIGNMENT = "padding_and_stride"


def build(root: Path, students: int) -> None:
    """Make a course in which `students` have handed in, each like one of the sample class."""
    shutil.copytree(REPO / "solutions", root / "solutions")
    shutil.copy(REPO / "nbgrader_config.py", root)
    generate(open_course(root), ASSIGNMENT)
    for number in range(students):
        student = replace(CLASS[number % len(CLASS)], student_id=f"s{number:04}")
        folder = root / "submitted" / student.student_id / ASSIGNMENT
        answers = answers_of(student, root / "solutions" / ASSIGNMENT)
        fill_in(root / "lessons" / ASSIGNMENT, folder, answers)


def timed(course: Course, **options: object) -> tuple[Tally, float]:
    """Mark everyone; return the tally, and the seconds from the first result to the last."""
    moments: list[float] = []

    def note(*_: object) -> None:
        moments.append(time.perf_counter())

    tally = grade_class(course, ASSIGNMENT, force=True, each=note, **options)
    return tally, moments[-1] - moments[1]


def line(name: str, tally: Tally, seconds: float) -> str:
    """Return one line of the table."""
    rate = tally.notebooks / seconds
    failed = f", {len(tally.failed)} failed" if tally.failed else ""
    return f"{name:28} {tally.notebooks:6} notebooks {seconds:7.2f} s {rate:8.0f} a second{failed}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=120)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        root.mkdir()
        build(root, arguments.students)
        course = open_course(root)
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        for processes in (1, 2):
            print(line(f"processes here: {processes}", *timed(course, processes=processes)))
        for workers in (1, 2, 4):
            with LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",
            ) as cluster:
                found = timed(course, dask=cluster.scheduler_address)
                print(line(f"Dask workers: {workers}", *found), flush=True)


if __name__ == "__main__":
    main()
