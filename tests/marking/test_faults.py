"""Faults of the machine: a full disk, a gradebook that cannot be written, kills at any moment.

Each must end in one clear line, with nothing lost, and the next run must finish the work.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, WRONG, hand_in
from gradebook_rows import details, is_whole, rows

from autograder.cli import main
from autograder.gradebook import database

STUDENTS = [f"s{number:03}" for number in range(6)]
AUTOGRADER = [str(Path(sys.prefix, "bin", "autograder"))]


@pytest.fixture
def course(course_root):
    for number, student in enumerate(STUDENTS):
        hand_in(course_root, student, RIGHT if number % 2 else WRONG)
    return course_root


def grade(course: Path, *options: str):
    return CliRunner().invoke(main, ["grade", ASSIGNMENT, "--course", str(course), *options])


def everything(gradebook: Path) -> list[tuple]:
    """Every mark in a gradebook by name, and what is kept of why; a damaged file raises."""
    assert is_whole(gradebook)
    return rows(gradebook)["grades"] + details(gradebook)


def in_own_mounts(script: str, folder: Path) -> str:
    """Run a shell script where it may mount; what it mounts is gone with it."""
    command = ["unshare", "--map-root-user", "--mount", "sh", "-euc", script]
    if subprocess.run([*command[:3], "true"], check=False, capture_output=True).returncode:
        pytest.skip("`unshare --mount` is not allowed here")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "FOLDER": str(folder)}
    environment["AUTOGRADER"] = " ".join(AUTOGRADER)
    environment["ARGS"] = f"grade {ASSIGNMENT} --processes 1"
    environment["PYTHONPATH"] = f"{Path.cwd()}:{Path.cwd() / 'lessons'}"
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    run = subprocess.run(command, env=environment, check=False, **both)
    assert run.returncode == 0, run.stdout
    return run.stdout


FULL_DISK = """
mkdir "$FOLDER/disk"
mount -t tmpfs -o size=6m tmpfs "$FOLDER/disk"
cp -r "$FOLDER/course" "$FOLDER/disk/course"
head -c 96k /dev/zero > "$FOLDER/disk/spare"
dd if=/dev/zero of="$FOLDER/disk/filler" bs=4k 2>/dev/null || true
rm "$FOLDER/disk/spare"
$AUTOGRADER $ARGS --course "$FOLDER/disk/course" && echo "status 0" || echo "status $?"
mkdir "$FOLDER/full" && cp "$FOLDER"/disk/course/gradebook.db* "$FOLDER/full"
rm "$FOLDER/disk/filler"
$AUTOGRADER $ARGS --course "$FOLDER/disk/course" && echo "status $?"
cp "$FOLDER/disk/course/gradebook.db" "$FOLDER/after.db"
"""


def test_a_full_disk_is_said_and_the_next_run_finishes(course, tmp_path):
    said = in_own_mounts(FULL_DISK, tmp_path)
    first, _, rest = said.partition("status")
    assert "disk" in first.lower() or "space" in first.lower()
    assert "Traceback" not in said
    assert not rest.startswith(" 0")
    assert is_whole(tmp_path / "full" / "gradebook.db")
    assert grade(course).exit_code == 0
    assert everything(tmp_path / "after.db") == everything(course / "gradebook.db")


READ_ONLY = """
mount --bind "$FOLDER/course" "$FOLDER/course"
mount -o remount,bind,ro "$FOLDER/course"
$AUTOGRADER $ARGS --course "$FOLDER/course" && echo "status 0" || echo "status $?"
$AUTOGRADER report tiny --course "$FOLDER/course" --output "$FOLDER/r.html" || test $? -eq 1
"""


def test_a_read_only_course_is_said_and_can_still_be_reported(course, tmp_path):
    before = (course / "gradebook.db").read_bytes()
    said = in_own_mounts(READ_ONLY, tmp_path)
    assert "status 2" in said
    assert "read" in said.lower()
    assert "Traceback" not in said
    assert (tmp_path / "r.html").is_file()
    assert (course / "gradebook.db").read_bytes() == before


def holding_a_lock(gradebook: Path) -> sqlite3.Connection:
    """Write as formgrader might, and keep the lock."""
    holder = sqlite3.connect(gradebook, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    return holder


def test_a_gradebook_that_stays_locked_is_said_and_nothing_is_lost(course, monkeypatch):
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.3)
    assert grade(course, "--student", "s000").exit_code == 0
    before = everything(course / "gradebook.db")
    holder = holding_a_lock(course / "gradebook.db")
    result = grade(course)
    holder.rollback()
    holder.close()
    assert result.exit_code != 0
    assert "database is locked" in result.output
    assert "Traceback" not in result.output
    assert everything(course / "gradebook.db") == before
    assert grade(course).exit_code == 0


def test_marks_wait_while_formgrader_writes(course):
    writer = (
        "import sqlite3, sys, time\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('BEGIN IMMEDIATE'); print('locked', flush=True); time.sleep(3)\n"
        "db.execute('UPDATE student SET first_name = id'); db.execute('COMMIT')\n"
    )
    assert grade(course, "--student", "s000").exit_code == 0
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(course / "gradebook.db")], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"locked\n"
        result = grade(course)
    assert result.exit_code == 0, result.output
    assert process.returncode == 0
    assert len({row[0] for row in everything(course / "gradebook.db")}) == len(STUDENTS)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"not a database" * 99, id="another-file"),
        pytest.param(lambda data: data[:5000], id="cut-short"),
        pytest.param(lambda data: data[:4096] + bytes(8192) + data[12288:], id="pages-of-zeros"),
        pytest.param(lambda _: b"", id="empty"),
    ],
)
def test_a_damaged_gradebook_is_said_and_left_as_it_is(course, damage):
    gradebook = course / "gradebook.db"
    damaged = damage(gradebook.read_bytes())
    gradebook.write_bytes(damaged)
    result = grade(course)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert "gradebook" in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert gradebook.read_bytes() == damaged


def killed_runs(course: Path, moments: list[float]) -> int:
    """Start grading and kill it, with all its processes, at each moment (seconds); count kills."""
    kills = 0
    for moment in moments:
        command = [*AUTOGRADER, "grade", ASSIGNMENT, "--processes", "1", "--course", str(course)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, start_new_session=True, **quiet) as process:
            start = time.monotonic()
            while process.poll() is None and time.monotonic() - start < moment:
                time.sleep(0.02)
            if process.poll() is None:
                kills += 1
                process.kill()
    return kills


@pytest.mark.slow
def test_twenty_kills_at_random_moments_lose_nothing(course_root, tmp_path):
    for number in range(300):
        hand_in(course_root, f"s{number:03}", RIGHT if number % 3 else WRONG)
    undisturbed = shutil.copytree(course_root, tmp_path / "undisturbed")
    start = time.monotonic()
    assert grade(undisturbed, "--processes", "1").exit_code == 0
    whole = time.monotonic() - start
    chance = random.Random(20)  # noqa: S311 - moments, not secrets
    moments = [chance.uniform(0.3 * whole, whole) / 2 for _ in range(20)]
    assert killed_runs(course_root, moments) > 0
    assert grade(course_root, "--processes", "1").exit_code == 0
    expected = everything(undisturbed / "gradebook.db")
    assert everything(course_root / "gradebook.db") == expected
