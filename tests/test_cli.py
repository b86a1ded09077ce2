import os
import pty
import subprocess
import sys
import termios

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, WRONG, build_course, hand_in

from autograder.cli import main


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *arguments])


@pytest.mark.parametrize("arguments", [[], ["generate"], ["grade"]])
def test_every_command_explains_itself(arguments):
    shown = CliRunner().invoke(main, [*arguments, "--help"])
    assert shown.exit_code == 0
    assert "--course" in shown.output


def test_the_list_of_commands_cuts_no_sentence_off():
    shown = CliRunner().invoke(main, ["--help"]).output.partition("Commands:")[2]
    lines = shown.split("\n")[1:-1]
    assert len(lines) == len(main.commands)
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)


def test_generate_lists_what_it_wrote(tmp_path):
    done = run(build_course(tmp_path / "course"), "generate", ASSIGNMENT)
    assert done.exit_code == 0
    assert done.output.splitlines()[-4:] == [
        "3 questions checked: all marks are right.",
        f"lessons/{ASSIGNMENT}/1_sizes.ipynb",
        f"lessons/{ASSIGNMENT}/2_total.ipynb",
        "2 notebooks for students.",
    ]


def test_grade_says_how_many_were_marked(course_root):
    hand_in(course_root, "adam", RIGHT)
    done = run(course_root, "grade", ASSIGNMENT)
    assert done.exit_code == 0
    assert done.output == (
        "1 of 1 submissions marked (2 notebooks).\nHow the tests were marked: 3 read.\n"
    )
    again = run(course_root, "grade", ASSIGNMENT)
    assert again.output == "0 of 1 submissions marked (0 notebooks), 1 unchanged.\n"


def test_the_course_may_be_named_after_the_command_too(course_root):
    hand_in(course_root, "adam", RIGHT)
    done = CliRunner().invoke(main, ["grade", ASSIGNMENT, "--course", str(course_root)])
    assert done.exit_code == 0


def test_verbose_gives_one_line_a_student(course_root):
    hand_in(course_root, "adam", RIGHT, lambda notebooks: notebooks.pop("2_total"))
    hand_in(course_root, "mia", WRONG, lambda notebooks: notebooks["1_sizes"]["cells"].pop(3))
    lines = run(course_root, "grade", ASSIGNMENT, "-v", "--processes", "1").output.splitlines()
    assert "adam: 3 points (1 read); not handed in: 2_total" in lines
    assert "mia: 2 points (3 read); noticed: missing" in lines


def test_a_submission_that_cannot_be_marked_is_named_and_the_status_is_1(course_root):
    hand_in(course_root, "adam", RIGHT)
    (course_root / "submitted" / "eve" / ASSIGNMENT).mkdir(parents=True)
    (course_root / "submitted" / "eve" / ASSIGNMENT / "1_sizes (2).ipynb").write_text("{}")
    done = run(course_root, "grade", ASSIGNMENT)
    assert done.exit_code == 1
    assert "1 of 2 submissions marked" in done.output
    assert (
        "eve: the folder has no notebook of this assignment; it holds '1_sizes (2).ipynb'"
        in done.output
    )


def test_what_cannot_be_run_safely_is_left_unmarked_by_name(course_root, monkeypatch):
    to_be_run = "class Mine: pass\ntotal = 42"
    hand_in(course_root, "adam", RIGHT)
    hand_in(course_root, "mia", RIGHT | {"total": to_be_run})
    monkeypatch.setenv("PATH", "/nowhere")  # so there is no bubblewrap
    done = run(course_root, "grade", ASSIGNMENT)
    assert done.exit_code == 1
    assert "2 of 2 submissions marked" in done.output
    assert "Answers not marked (1):" in done.output
    assert "mia: 2_total: half, 2_total: total: " in done.output
    assert "--no-sandbox" in done.output


def test_a_wrong_assignment_is_one_line_and_a_hint(course_root):
    done = run(course_root, "grade", "tinny")
    assert done.exit_code == 2
    assert done.output.splitlines() == [
        f"autograder: There is no assignment 'tinny' in {course_root / 'solutions'}.",
        f"hint: assignments here: {ASSIGNMENT}",
    ]


def test_nothing_handed_in_is_an_error_that_says_where_to_put_it(course_root):
    done = run(course_root, "grade", ASSIGNMENT)
    assert done.exit_code == 2
    assert f"hint: put submissions into {course_root}/submitted/STUDENT/{ASSIGNMENT}" in done.output


def test_grading_before_generating_says_so(tmp_path):
    root = build_course(tmp_path / "course")
    (root / "submitted" / "adam" / ASSIGNMENT).mkdir(parents=True)
    done = run(root, "grade", ASSIGNMENT)
    assert done.exit_code == 2
    assert "hint: run `autograder generate tiny` first" in done.output


def test_a_student_who_handed_in_nothing_is_named(course_root):
    hand_in(course_root, "adam", RIGHT)
    done = run(course_root, "grade", ASSIGNMENT, "--student", "mia")
    assert done.exit_code == 2
    assert "There is no submission of mia." in done.output


def test_a_terminal_sees_a_bar_with_the_time_left(course_root):
    hand_in(course_root, "adam", RIGHT)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    line = [sys.executable, "-m", "autograder", "--course", str(course_root), "grade", ASSIGNMENT]
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=theirs, check=False)
    os.close(theirs)
    seen = os.read(ours, 100_000).decode()
    while "1/1" not in seen:
        seen += os.read(ours, 100_000).decode()
    assert done.returncode == 0
    assert "1/1" in seen
    assert "student" in seen
