"""The files of an assignment, where student code, hidden tests and pages look for them."""

import shutil

import pytest
from course_builder import (
    ASSIGNMENT,
    build_course,
    checked,
    given,
    hand_in,
    notebook,
    solution,
    write,
)
from needs import needs_sandbox

from autograder.course.course import open_course
from autograder.course.generate import generate
from autograder.marking.class_run import grade_class

ANSWERS = {"total": "total = sum(map(int, open('data/numbers.txt').read().split()))"}
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """A course whose one question needs a file; not to be changed."""
    root = build_course(tmp_path_factory.mktemp("files") / "course")
    source = root / "solutions" / ASSIGNMENT
    shutil.rmtree(source)
    cells = [
        given("import csv"),
        solution("total", "total = ...", ANSWERS["total"]),
        checked("test_total", 2, "assert total == 42"),
    ]
    write(source, {"1_files": notebook(cells)})
    (source / "data").mkdir()
    (source / "data/numbers.txt").write_text("40 2")
    generate(open_course(root), ASSIGNMENT)
    return root


@pytest.fixture
def course(generated, tmp_path):
    """A course of the test's own."""
    return shutil.copytree(generated, tmp_path / "course")


def handed_in(root, files, student="ada"):
    folder = hand_in(root, student, ANSWERS)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def grade(root):
    results = []
    keep = lambda _, result: results.append(result) if result else None  # noqa: E731 - one use
    grade_class(open_course(root), ASSIGNMENT, processes=1, each=keep)
    return results[0]


@needs_sandbox
def test_an_answer_read_from_a_file_is_marked_as_under_stock(course):
    handed_in(course, {"data/numbers.txt": "1"})  # the instructor's own file wins
    result = grade(course)
    assert result.points == 2, result


def test_files_are_copied_to_where_pages_look_for_them(course):
    handed_in(course, {"plot.png": "PNG", "data/numbers.txt": "1", "data/own.txt": "2"})
    grade(course)
    marked = course / "autograded/ada" / ASSIGNMENT
    assert (marked / "plot.png").read_text() == "PNG"
    assert (marked / "data/own.txt").read_text() == "2"
    assert (marked / "data/numbers.txt").read_text() == "40 2"  # the instructor's own


def test_what_a_browser_would_run_is_not_copied(course):
    handed_in(course, {"a.html": "<script>alert(1)</script>", "b.svg": "<svg/>"})
    grade(course)
    marked = course / "autograded/ada" / ASSIGNMENT
    assert {path.suffix for path in marked.rglob("*.*")} == {".ipynb", ".txt"}


@needs_sandbox
def test_a_submission_is_marked_again_when_a_file_of_it_changes(course):
    handed_in(course, {"own.txt": "1"})
    assert grade(course).status == "graded"
    digest = grade(course).digest
    handed_in(course, {"own.txt": "2"})
    assert grade(course).digest != digest


def test_a_link_among_the_files_is_left_out_and_said(course):
    folder = handed_in(course, {})
    (folder / "book.db").symlink_to(course / "gradebook.db")
    result = grade(course)
    assert any("book.db is a link" in finding.message for finding in result.findings)
    assert not (course / "autograded/ada" / ASSIGNMENT / "book.db").exists()


def test_a_file_that_is_no_longer_handed_in_goes_from_the_marked_notebooks(course):
    folder = handed_in(course, {"plots/mine.txt": "a", "notes.txt": "b"})
    grade(course)
    there = course / "autograded/ada" / ASSIGNMENT
    assert (there / "plots/mine.txt").is_file()
    shutil.rmtree(folder / "plots")
    grade(course)
    left = {path.relative_to(there).as_posix() for path in there.rglob("*")}
    assert left == {"1_files.ipynb", "timestamp.txt", "notes.txt", "data", "data/numbers.txt"}
