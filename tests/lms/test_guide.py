"""Every block of the instructor's guide in order: a clone, a fresh environment, a new course."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from needs import needs_sandbox

REPOSITORY = Path(__file__).parents[2]
GUIDE = REPOSITORY / "docs" / "instructor-guide.md"
ASSIGNMENT = "padding_and_stride"
FILES = {
    "roster.csv": (
        "id,first_name,last_name,lms_user_id,section\n"
        "ada,Ada,Okafor,17,Monday\nben,Ben,Larsen,18,Monday\ncai,Cai,Z,19,Tuesday\n"
    ),
    "gradebook.csv": (
        "Student,ID,SIS User ID,SIS Login ID,Section,Padding (7)\n    Points Possible,,,,,100\n"
        '"Okafor, Ada",17,,ada,Monday,\n"Z, Cai",19,,cai,Tuesday,\n'
    ),
    "grades.csv": (
        "Identifier,Full name,Grade,Maximum Grade,Last modified (submission)\n"
        'Participant 500,Ada Okafor,,100.00,"Friday, 20 November 2026, 11:10 PM"\n'
    ),
    "groups.csv": "id,group\nada,red\ncai,red\n",
}
# After these something is left to a person: written answers, a student who is in no download.
LEAVES_SOMETHING = ("grade", "status", "student", "feedback", "report", "marks", "export")
EXCHANGE = "/srv/nbgrader/exchange"
SCHEDULER = "tcp://scheduler:8786"
PROGRAMS = ("nbgrader", "jupyter", "dask")
"""What pip would install beside the package; here they are this environment's."""


def blocks() -> list[tuple[str, list[str]]]:
    """The guide's blocks in order: the language and the lines."""
    found = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    return [(language, text.strip().splitlines()) for language, text in found]


def test_no_command_stands_outside_the_blocks():
    text = re.sub(r"^```.*?^```", "", GUIDE.read_text(), flags=re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`((?:autograder|nbgrader|make|pip|dask|jupyter) [^`]+)`", text)
    runs = " ".join(" ".join(lines) for _, lines in blocks())
    assert [command for command in inline if " ".join(command.split()[:2]) not in runs] == []


@dataclass
class Shell:
    """A shell in which one line runs after the other: the folder and the environment stay."""

    folder: Path
    state: Path
    variables: dict[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a line to its end."""
        keep = f'status=$?; export -p > "{self.state}"; pwd > "{self.state}.folder"; exit $status'
        before = f'[ -f "{self.state}" ] && . "{self.state}"\n'
        done = subprocess.run(
            ["bash", "-c", f"{before}{line}\n{keep}"],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        self.folder = Path(Path(f"{self.state}.folder").read_text().strip())
        return done

    def start(self, line: str) -> None:
        """Start a line that runs until it is stopped."""
        command = ["bash", "-c", f'. "{self.state}"\nexec {line}']
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.running.append(subprocess.Popen(command, cwd=self.folder, env=self.variables, **quiet))

    def stop(self) -> None:
        """Stop what was started, the last one first."""
        for process in reversed(self.running):
            process.terminate()
            process.wait()


@pytest.fixture
def shell(tmp_path):
    """A shell in a clone whose `.venv` is this environment; pip finds no network."""
    made_here = {"dist", "build", "submitted", "collected", "autograded", "feedback"}

    def ignored(folder: str, names: list[str]) -> list[str]:
        top = made_here if Path(folder) == REPOSITORY else set()
        return [name for name in names if name.startswith(".") or name in top]

    clone = shutil.copytree(REPOSITORY, tmp_path / "clone", ignore=ignored)
    (clone / ".venv").mkdir()
    (clone / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (clone / ".venv" / "ready").touch()
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    made = Shell(clone, tmp_path / "state", {**os.environ, **offline})
    yield made
    made.stop()


def dependencies(environment: Path) -> None:
    """Give a fresh environment what the package depends on, and not the clone that is here."""
    (site,) = environment.glob("lib/python*/site-packages")
    # A folder that a .pth file names has its own .pth files left alone: the clone stays unseen.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for name in PROGRAMS:
        program = environment / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{environment}/bin/python" -m {name} "$@"\n')
        program.chmod(0o755)


def downloaded(course: Path) -> None:
    """What the platforms give of a class of which one has not opened the lessons."""
    notebooks = sorted((course / "lessons" / ASSIGNMENT).glob("*.ipynb"))
    with zipfile.ZipFile(course / "submissions.zip", "w") as archive:
        for notebook in notebooks:
            for number, name in ((17, "okaforada"), (19, "zcai")):
                archive.write(notebook, f"{name}_{number}_9{number}_{notebook.name}")
    with zipfile.ZipFile(course / "moodle.zip", "w") as archive:
        for notebook in notebooks:
            archive.write(notebook, f"Ada Okafor_500_assignsubmission_file/{notebook.name}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port: int) -> None:
    """Wait until something listens."""
    for _ in range(600):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {port}")


def a_student_submits(shell: Shell, exchange: Path) -> None:
    """Fetch and submit as a student of the Hub does, with nbgrader's commands."""
    home = exchange.with_name("student")
    home.mkdir()
    options = f"{ASSIGNMENT} --course cnn --Exchange.root={exchange}"
    for command in ("fetch_assignment", "submit"):
        line = f"cd {home}; nbgrader {command} {options}"
        done = shell.run(f"({line})")
        assert done.returncode == 0, (line, done.stderr)


def not_by_exchange(shell: Shell) -> list[str]:
    """Name the students whose work came from a platform: nbgrader has no secret of theirs."""
    folders = (shell.folder / "feedback").glob(f"*/{ASSIGNMENT}")
    return [f.parent.name for f in folders if not (f / "submission_secret.txt").is_file()]


@pytest.mark.slow
@needs_sandbox
def test_every_block_of_the_guide_works_in_a_fresh_environment(shell, tmp_path):
    exchange, port = tmp_path / "exchange", free_port()
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    ran = []
    for language, lines in blocks():
        if language == "python":
            with (shell.folder / "nbgrader_config.py").open("a") as config:
                config.write("\n".join(lines).replace(EXCHANGE, str(exchange)) + "\n")
            continue
        for line in lines:
            command = line.replace(SCHEDULER, f"tcp://127.0.0.1:{port}")
            words = shlex.split(command, comments=True)
            if words[0] == "dask":
                own = f"--host 127.0.0.1 --port {port}" if words[1] == "scheduler" else ""
                shell.start(f"{shlex.join(words)} {own} --no-dashboard")
                wait_for(port)
                continue
            if words[:2] == ["nbgrader", "collect"]:
                a_student_submits(shell, exchange)
            if words[:2] == ["nbgrader", "release_feedback"]:
                others = f"--CourseDirectory.student_id_exclude={','.join(not_by_exchange(shell))}"
                command = shlex.join([*words, others])
            done = shell.run(command)
            leaves = words[0] == "autograder" and words[1] in LEAVES_SOMETHING
            assert done.returncode in ((0, 1) if leaves else (0,)), (line, done.stdout, done.stderr)
            assert "Traceback" not in done.stderr, (line, done.stderr)
            ran.append(" ".join(words[:2]))
            prepare(shell, words)
    course = shell.folder
    assert course.name == "cnn"
    assert "Okafor" in (course / "filled.csv").read_text()
    assert "Ada Okafor,0,100.00" in (course / "worksheet.csv").read_text()
    for name in ("hand_out.zip", "report.html", "marks.csv", "gradebook.db", "practice/index.html"):
        assert (course / name).stat().st_size
    assert list((course / "feedback" / "ada" / ASSIGNMENT).glob("*.html"))
    assert len(set(ran)) > 25
    where = shell.run("python -c 'import autograder; print(autograder.__file__)'").stdout
    assert where.startswith(str(tmp_path / "clone" / "env"))


def prepare(shell: Shell, words: list[str]) -> None:
    """Put what the next lines need beside them: packages, a roster, downloads."""
    if words[:2] == ["pip", "install"]:
        dependencies(shell.folder / "env")
    if words[:2] == ["autograder", "generate"]:
        for name, text in FILES.items():
            (shell.folder / name).write_text(text)
        downloaded(shell.folder)
