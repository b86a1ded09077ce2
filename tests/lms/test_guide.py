"""Every block of commands in the instructor's guide, in order, on a course made from the wheel."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
GUIDE = REPOSITORY / "docs" / "instructor-guide.md"
ASSIGNMENT = "padding_and_stride"
ROSTER = (
    "id,first_name,last_name,lms_user_id,section\n"
    "ada,Ada,Okafor,17,Monday\nben,Ben,Larsen,18,Monday\ncai,Cai,Z,19,Tuesday\n"
)
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Padding (7)\n    Points Possible,,,,,100\n"
    '"Okafor, Ada",17,,ada,Monday,\n"Z, Cai",19,,cai,Tuesday,\n'
)
# Written answers wait for a person after these; every other command ends with 0.
LEAVES_SOMETHING = ("grade", "status", "student", "feedback", "report", "marks", "export")


def commands() -> list[str]:
    """The commands of the guide's blocks, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.strip().splitlines()]


def test_the_block_of_commands_is_found():
    words = [line.split() for line in commands()]
    assert [w[1] for w in words if w[0] == "autograder"][:3] == ["init", "generate", "handout"]
    assert commands()[-1].startswith(f"autograder grade {ASSIGNMENT}")


def run(environment: Path, folder: Path, line: list[str]) -> subprocess.CompletedProcess[str]:
    paths = [environment / "bin", Path(sys.executable).parent, os.environ["PATH"]]
    variables = {**os.environ, "PATH": os.pathsep.join(map(str, paths))}
    return subprocess.run(
        line, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def downloaded(course: Path) -> None:
    """What Canvas gives for a class of which one has not opened the lessons and one is excused."""
    with zipfile.ZipFile(course / "submissions.zip", "w") as archive:
        for notebook in sorted((course / "lessons" / ASSIGNMENT).glob("*.ipynb")):
            for number, name in ((17, "okaforada"), (19, "zcai")):
                archive.write(notebook, f"{name}_{number}_9{number}_{notebook.name}")


@pytest.mark.slow
def test_every_command_of_the_guide_works_on_a_course_from_the_wheel(installed, tmp_path):
    folder = tmp_path
    where = run(
        installed, folder, ["python", "-c", "import autograder as a; print(a.__file__)"]
    ).stdout
    assert where.startswith(str(installed))
    for line in commands():
        words = shlex.split(line, comments=True)
        if words[0] == "cd":
            folder = folder / words[1]
            continue
        if words[1] == "roster":
            (folder / "roster.csv").write_text(ROSTER)
            (folder / "gradebook.csv").write_text(GRADEBOOK)
        if words[1] == "collect" and not (folder / "submissions.zip").exists():
            downloaded(folder)
        done = run(installed, folder, ["bash", "-c", line])
        allowed = (0, 1) if words[1] in LEAVES_SOMETHING else (0,)
        assert done.returncode in allowed, (line, done.stdout, done.stderr)
    assert "Okafor" in (folder / "filled.csv").read_text()
    for name in ("hand_out.zip", "report.html", "marks.csv", "gradebook.db"):
        assert (folder / name).stat().st_size
    assert list((folder / "feedback" / "ada" / ASSIGNMENT).glob("*.html"))
