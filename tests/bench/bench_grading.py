"""Marking a class, side by side with stock `nbgrader autograde` on the same submissions.

    python tests/bench/bench_grading.py --help

Prints notebooks a second, start to finish, for answers that can be read and for answers that all
have to be run; what ten times the class costs a notebook; and the memory of all processes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.authoring.sample_class import CLASS, answers_of, fill_in
from autograder.course.course import open_course
from autograder.course.generate import generate

REPO = Path(__file__).parents[2]
ASSIGNMENT = "padding_and_stride"
HAS_TO_BE_RUN = "class Mine:\n    '''What reading does not follow: every answer has to be run.'''"
PLAIN = "c.Autograde.exporter_class = 'nbconvert.exporters.NotebookExporter'\n"


@dataclass(frozen=True)
class Timed:
    """One run: notebooks, seconds, seconds of all processors, the most memory at once in MiB.

    The processors' seconds leave out the forks in which answers run: nobody waits for them.
    """

    notebooks: int
    seconds: float
    work: float
    memory: float

    @property
    def rate(self) -> float:
        return self.notebooks / self.seconds


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        root = _course(Path(folder) / "course")
        print(f"{'':28}{'notebooks':>10}{'seconds':>9}{'a second':>10}{'CPU s':>8}{'MiB':>7}")
        honest = _engine(root, "honest", options.students)
        _say("read: autograder grade", honest)
        if options.run:
            run = _engine(root, "run", options.run, HAS_TO_BE_RUN)
            _say("run: autograder grade", run)
        if options.stock:
            stock = _stock(root, options.stock)
            _say("stock: nbgrader autograde", stock)
            print(f"\nread, times stock: {honest.rate / stock.rate:,.0f} (at least 1,000)")
            if options.run:
                print(f"run, times stock: {run.rate / stock.rate:,.1f} (at least 20)")
            print()
        if options.large:
            _scaling(root, options.large)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=250, help="in the honest class")
    parser.add_argument("--run", type=int, default=25, help="whose every answer has to be run")
    parser.add_argument("--stock", type=int, default=1, help="marked by stock nbgrader")
    parser.add_argument("--large", type=int, default=2000, help="in the large class; 0 for none")
    return parser.parse_args()


def _scaling(root: Path, large: int) -> None:
    small = _engine(root, "small", large // 10)
    big = _engine(root, "large", large)
    _say(f"{large // 10} students", small)
    _say(f"{large} students", big)
    more = (big.seconds / big.notebooks) / (small.seconds / small.notebooks) - 1
    print(f"\nten times the class, a notebook: {more:+.0%} (at most +10%)")
    print(f"most memory at once: {big.memory:,.0f} MiB (at most 1,536)")


def _say(name: str, timed: Timed) -> None:
    figures = f"{timed.notebooks:>10}{timed.seconds:>9.1f}{timed.rate:>10.2f}"
    print(f"{name:28}{figures}{timed.work:>8.1f}{timed.memory:>7.0f}", flush=True)


def _course(root: Path) -> Path:
    root.mkdir()
    shutil.copytree(REPO / "solutions", root / "solutions")
    shutil.copy(REPO / "nbgrader_config.py", root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(PLAIN)
    generate(open_course(root), ASSIGNMENT)
    return root


def _hand_in(root: Path, students: int, extra: str = "") -> None:
    """Hand in for a class whose members answer as the twelve of the sample class do."""
    course = open_course(root)
    shutil.rmtree(root / "submitted", ignore_errors=True)
    shutil.rmtree(root / "autograded", ignore_errors=True)
    kinds = [student for student in CLASS if student.habit != "blank"]
    for i in range(students):
        student = replace(kinds[i % len(kinds)], student_id=f"s{i:05}")
        folder = course.submitted(student.student_id, ASSIGNMENT)
        fill_in(course.released(ASSIGNMENT), folder, answers_of(student, course.source(ASSIGNMENT)))
        for path in folder.glob("*.ipynb") if extra else ():
            _insert(path, extra)


def _insert(path: Path, source: str) -> None:
    notebook = json.loads(path.read_text())
    cell = {"cell_type": "code", "id": "mine", "metadata": {}, "source": source}
    notebook["cells"].insert(0, cell | {"outputs": [], "execution_count": None})
    path.write_text(json.dumps(notebook))


def _engine(root: Path, name: str, students: int, extra: str = "") -> Timed:
    copy = shutil.copytree(root, root.with_name(name))
    _hand_in(copy, students, extra)
    line = [sys.executable, "-m", "autograder", "--course", str(copy), "grade", ASSIGNMENT]
    timed = _timed(line, copy, 4 * students)
    shutil.rmtree(copy)
    return timed


def _stock(root: Path, students: int) -> Timed:
    copy = shutil.copytree(root, root.with_name("stock"))
    _hand_in(copy, students)
    return _timed([sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT], copy, 4 * students)


def _timed(line: list[str], folder: Path, notebooks: int) -> Timed:
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with (folder / "log.txt").open("w") as log:
        begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        running = subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=log)
        memory = 0.0
        while running.poll() is None:
            memory = max(memory, _memory(running.pid))
            time.sleep(0.1)
        seconds = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if running.returncode:
        print((folder / "log.txt").read_text()[-2000:], file=sys.stderr)
    return Timed(notebooks, seconds, work, memory)


def _memory(pid: int) -> float:
    """Give the memory in MiB of a process and all below it, shared pages counted once."""
    try:
        status = Path(f"/proc/{pid}/smaps_rollup").read_text()
        tasks = Path(f"/proc/{pid}/task").iterdir()
        below = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has just ended, or this is no Linux
        return 0.0
    own = sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(_memory(int(child)) for child in below)


if __name__ == "__main__":
    main()
