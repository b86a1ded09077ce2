"""A semester acted out with what the wheels install ends with the marks worked out by hand.

Kills lose nothing.
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from course_builder import ASSIGNMENT, source_notebooks, write
from nbgrader.api import Gradebook
from semester import (
    DUE,
    EXTENSIONS,
    LOST_LAPTOP,
    PLATFORMS,
    download,
    expected,
    the_class,
    worksheet,
)

LATE = 'c.AssignLatePenalties.plugin_class = "autograder.lms.lateness.LatePenalty"'
SECOND = "tiny_again"
ASSIGNMENTS = (ASSIGNMENT, SECOND)
pytestmark = pytest.mark.slow


def command(root: Path, *arguments: object) -> list[str]:
    return ["autograder", "--course", str(root), *map(str, arguments)]


def run(root: Path, *arguments: object, status: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(command(root, *arguments), capture_output=True, text=True, check=False)
    assert done.returncode in status, (arguments, done.stdout, done.stderr)
    return done.stdout


def killed(root: Path, after: float, *arguments: object) -> None:
    """Start a command and kill it; it may have ended before."""
    process = subprocess.Popen(
        command(root, *arguments),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def submissions_of(student, assignment):
    return student.first if assignment == ASSIGNMENT else student.second


@pytest.fixture(scope="module", autouse=True)
def programs(installed):
    """The programs that the wheels install, found first; Jupyter's are this environment's."""
    with pytest.MonkeyPatch.context() as patch:
        folders = (installed / "bin", Path(sys.executable).parent, os.environ["PATH"])
        patch.setenv("PATH", os.pathsep.join(map(str, folders)))
        yield


def test_the_command_is_the_one_of_the_wheel(installed):
    assert shutil.which("autograder") == str(installed / "bin" / "autograder")


def made_by_init(root: Path) -> Path:
    """A course as `autograder init` makes it, with its penalty for late work turned on."""
    done = subprocess.run(["autograder", "init", root], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    config = root / "nbgrader_config.py"
    lines = config.read_text().replace(f"# {LATE}", LATE)
    assert lines.count(LATE) == 1
    config.write_text(lines.replace("# c.LatePenalty.per_day", "c.LatePenalty.per_day"))
    return root


@pytest.fixture(scope="module")
def semester(tmp_path_factory):
    """A course with both assignments released, the roster in, and all downloads beside it."""
    root = made_by_init(tmp_path_factory.mktemp("semester") / "course")
    for assignment in ASSIGNMENTS:
        write(root / "solutions" / assignment, source_notebooks())
    people = [student.person for student in the_class()]
    rows = [[p.id, p.first_name, p.last_name, p.email, p.lms_user_id] for p in people]
    with (root / "roster.csv").open("w", newline="") as file:
        header = ["id", "first_name", "last_name", "email", "lms_user_id"]
        csv.writer(file).writerows([header, *rows])
    run(root, "roster", root / "roster.csv")
    for part, assignment in enumerate(ASSIGNMENTS, start=1):
        run(root, "generate", assignment)
        run(root, "due", assignment, f"{DUE:%Y-%m-%d %H:%M} UTC")
        make_downloads(root, assignment, part)
    return root


def make_downloads(root: Path, assignment: str, part: int) -> None:
    folder = root / "lessons" / assignment
    for platform in PLATFORMS:
        mine = [s for s in the_class() if s.platform == platform and submissions_of(s, assignment)]
        last = [(s, submissions_of(s, assignment)[-1]) for s in mine]
        early = [(s, p) for s in mine for p in submissions_of(s, assignment)[:-1]]
        if early:
            download(root / f"{assignment}-{platform}-0.zip", folder, platform, early, part)
            if platform == "moodle":
                worksheet(root / f"{assignment}-{platform}-0.csv", early, part)
        download(root / f"{assignment}-{platform}-1.zip", folder, platform, last, part)
        if platform == "moodle":
            worksheet(root / f"{assignment}-{platform}-1.csv", last, part)


def collect(root: Path, assignment: str, step=run) -> None:
    for zip_ in sorted(root.glob(f"{assignment}-*.zip")):
        sheet = zip_.with_suffix(".csv")
        options = ["--worksheet", sheet] if sheet.exists() else []
        step(root, "collect", assignment, zip_, "--timezone", "UTC", "--late-by", "1h", *options)


def mark_by_hand(root: Path) -> None:
    """Give each text its mark, as formgrader does."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for student in the_class():
            for assignment in ASSIGNMENTS:
                if submissions := submissions_of(student, assignment):
                    grade = gradebook.find_grade("why", "1_sizes", assignment, student.id)
                    grade.manual_score, grade.needs_manual_grade = submissions[-1].by_hand, False
        gradebook.db.commit()


def totals(root: Path, assignment: str) -> dict[str, float]:
    said = json.loads(run(root, "marks", assignment, "--json", status=(0, 1)))["marks"]
    return {id_: round(m["total"], 6) for id_, m in said.items() if not m["excused"]}


def wanted(assignment: str) -> dict[str, float]:
    first = assignment == ASSIGNMENT
    marks = {s.id: expected(s, submissions_of(s, assignment), first=first) for s in the_class()}
    return {id_: round(mark, 6) for id_, mark in marks.items() if mark is not None}


def test_the_semester_ends_with_the_marks_that_were_worked_out_by_hand(semester, tmp_path):
    root = shutil.copytree(semester, tmp_path / "course")
    for student, length in EXTENSIONS.items():
        run(root, "extend", student, ASSIGNMENT, f"{length.total_seconds() / 3600:g}h")
    run(root, "excuse", LOST_LAPTOP, SECOND)
    for assignment in ASSIGNMENTS:
        killed(root, 1.5, "collect", assignment, *sorted(root.glob(f"{assignment}-*.zip")))
        collect(root, assignment)
        killed(root, 3.0, "grade", assignment, "--processes", "1")
        run(root, "grade", assignment, "--processes", "1", status=(1,))  # texts wait for a person
    mark_by_hand(root)
    for assignment in ASSIGNMENTS:
        run(root, "grade", assignment, "--processes", "1")
        assert totals(root, assignment) == wanted(assignment)
    run(root, "export", ASSIGNMENT, "--canvas", root / "marks.csv", "--by", "assignment")
    with (root / "marks.csv").open(newline="") as file:
        _, _, *rows = csv.reader(file)
    assert {r[3]: round(float(r[5]), 6) for r in rows} == wanted(ASSIGNMENT)


def test_killed_at_twenty_moments_nothing_is_lost_and_nothing_doubled(semester, tmp_path):
    calm = shutil.copytree(semester, tmp_path / "calm")
    collect(calm, ASSIGNMENT)
    run(calm, "grade", ASSIGNMENT, "--processes", "1", status=(1,))
    root = shutil.copytree(semester, tmp_path / "course")
    moments = random.Random(20261120)  # noqa: S311 - the same moments on every run
    for _ in range(8):
        zips = sorted(root.glob(f"{ASSIGNMENT}-*.zip"))
        killed(root, moments.uniform(0.5, 4.0), "collect", ASSIGNMENT, *zips)
    collect(root, ASSIGNMENT)
    for _ in range(8):
        killed(root, moments.uniform(1.0, 6.0), "grade", ASSIGNMENT, "--processes", "1")
    run(root, "grade", ASSIGNMENT, "--processes", "1", status=(1,))
    for _ in range(4):
        killed(root, moments.uniform(0.5, 4.0), "export", ASSIGNMENT, "--moodle", root / "m.csv")
    run(root, "export", ASSIGNMENT, "--moodle", root / "m.csv", status=(1,))
    for _ in range(6):
        killed(root, moments.uniform(0.5, 4.0), "feedback", ASSIGNMENT)
    run(root, "feedback", ASSIGNMENT, status=(1,))
    run(calm, "feedback", ASSIGNMENT, status=(1,))
    assert pages_of(root) == pages_of(calm)
    assert totals(root, ASSIGNMENT) == totals(calm, ASSIGNMENT)
    assert files_of(root / "submitted") == files_of(calm / "submitted")
    assert drafts(root) == []
    for student in the_class():
        assert versions(root, student.id) == versions(calm, student.id)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def pages_of(root: Path) -> dict[str, bytes]:
    """The feedback pages, without the digest: it holds nbgrader's ids, which are random."""
    digest = re.compile(rb'name="autograder-digest" content="\w+"')
    return {name: digest.sub(b"", page) for name, page in files_of(root / "feedback").items()}


def drafts(root: Path) -> list[Path]:
    return [path for part in ("submitted", "feedback") for path in (root / part).rglob(".*.draft")]


def versions(root: Path, student: str) -> set[tuple[str, str]]:
    kept = json.loads((root / "collected" / ASSIGNMENT / student / "versions.json").read_text())
    found = [(v["notebook"], v["digest"]) for v in kept["versions"]]
    assert len(found) == len(set(found))
    return set(found)
