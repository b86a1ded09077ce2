"""Every command ends with 0 only when nothing is left for a person, and says so in JSON too."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, checked, hand_in, notebook, released, solution, write

from autograder.cli import main

ROSTER = "id,email\nadam,adam@x.org\n"
UNSURE = [
    solution("size", "size = ...", "size = 26"),
    checked("t", 2, "assert size == 26"),
    solution("mine", "mine = ...", "mine = 1"),
    checked("u", 1, "assert size == 26"),
]
"""A question whose answer does not affect its points: the author should look at it."""


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *arguments])


@pytest.fixture(scope="module")
def finished(generated_course, tmp_path_factory):
    """One student, marked, with feedback; the marks are exported. Nothing is left."""
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("finished") / "course")
    (root / "roster.csv").write_text(ROSTER)
    (root / "download" / "adam").mkdir(parents=True)
    run(root, "roster", str(root / "roster.csv"))
    hand_in(root, "adam", RIGHT)
    for line in (["grade", "--processes", "1"], ["feedback"], ["export", "--canvas", "c.csv"]):
        files = [str(root / word) if word.endswith(".csv") else word for word in line[1:]]
        assert run(root, line[0], ASSIGNMENT, *files).exit_code == 0
    return root


def text_to_mark(root):
    hand_in(root, "adam", RIGHT | {"why": "Because the window must fit."})
    run(root, "grade", ASSIGNMENT, "--processes", "1")


def bad_row(root):
    (root / "roster.csv").write_text("id\n../ada\nadam\n")


def stranger(root):
    write(root / "download" / "nobody", released(root))


def unsure_question(root):
    (root / "gradebook.db").unlink()  # nobody has handed in, so cells may still be added
    write(root / "solutions" / ASSIGNMENT, {"3_more": notebook(UNSURE)})


NEVER = None
TINY = [ASSIGNMENT]
COMMANDS = {
    "init": (["{root}/new"], NEVER),
    "handout": ([*TINY, "{root}/h.zip"], NEVER),
    "question": ([*TINY, "1_sizes", "pools", "--answer", "[3, 7]", "--text", "How?"], NEVER),
    "check": (TINY, unsure_question),
    "generate": (TINY, unsure_question),
    "sample": ([*TINY], NEVER),
    "roster": (["{root}/roster.csv"], bad_row),
    "due": ([*TINY, "2026-11-20 23:59 UTC"], NEVER),
    "extend": (["adam", *TINY, "48h"], NEVER),
    "excuse": (["adam", *TINY], NEVER),
    "collect": ([*TINY, "{root}/download"], stranger),
    "grade": ([*TINY, "--processes", "1"], text_to_mark),
    "marks": (TINY, text_to_mark),
    "feedback": (TINY, text_to_mark),
    "report": (TINY, text_to_mark),
    "export": ([*TINY, "--canvas", "{root}/c.csv"], text_to_mark),
    "status": (TINY, text_to_mark),
    "student": (["adam"], text_to_mark),
    "rename": (["--student", "adam", "ada"], NEVER),
    "remove": (["--student", "adam"], NEVER),
    "site": (["{root}/site"], NEVER),
}
"""By command: what it is given on the finished course, and what leaves something to a person."""


def test_the_table_names_every_command():
    assert set(COMMANDS) == set(main.commands)


def said_by(root, command):
    """Run a command with --json; return its exit status and what it wrote."""
    arguments = [word.format(root=root) for word in COMMANDS[command][0]]
    done = run(root, command, *arguments, "--json")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1), done.output
    said = json.loads(done.stdout)
    assert said["status"] == done.exit_code
    assert all(thing["what"] and thing["why"] for thing in said["left"])
    assert bool(said["left"]) == bool(done.exit_code)
    return said


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_ends_with_0_when_nothing_is_left(finished, tmp_path, command, request):
    if command == "site":
        request.getfixturevalue("built_site")  # skips where the packages cannot be had
    root = shutil.copytree(finished, tmp_path / "course")
    assert said_by(root, command)["left"] == []


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(c for c, (_, leave) in COMMANDS.items() if leave))
def test_a_command_ends_with_1_while_something_is_left(finished, tmp_path, command):
    root = shutil.copytree(finished, tmp_path / "course")
    COMMANDS[command][1](root)
    said = said_by(root, command)
    assert said["status"] == 1
    words = run(root, command, *[w.format(root=root) for w in COMMANDS[command][0]])
    assert words.exit_code == 1
    assert said["left"][0]["why"] in words.output


@pytest.mark.slow
@pytest.mark.parametrize("command", ["marks", "report", "export", "feedback", "status", "student"])
def test_work_handed_in_again_since_it_was_marked_is_left(finished, tmp_path, command):
    root = shutil.copytree(finished, tmp_path / "course")
    hand_in(root, "adam", RIGHT | {"total": "total = 43"})
    (left,) = said_by(root, command)["left"][:1]
    assert left["why"] == "handed in again since it was marked"
    assert left["do"] == f"autograder grade {ASSIGNMENT}"


@pytest.mark.slow
def test_work_that_nobody_has_marked_is_not_called_missing(finished, tmp_path):
    root = shutil.copytree(finished, tmp_path / "course")
    (root / "more.csv").write_text("id\nmia\nzoe\n")
    run(root, "roster", str(root / "more.csv"))
    hand_in(root, "mia", RIGHT)
    lines = run(root, "marks", ASSIGNMENT).output.splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines if line[:3] in ("mia", "zoe")] == [
        "not marked yet",
        "nothing handed in",
    ]


@pytest.mark.slow
def test_marks_that_changed_after_the_export_are_left_in_the_status(finished, tmp_path):
    root = shutil.copytree(finished, tmp_path / "course")
    run(root, "excuse", "adam", ASSIGNMENT)
    assert (
        "the marks have changed since this was exported" in run(root, "status", ASSIGNMENT).output
    )
