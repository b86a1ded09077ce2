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

from autograder.authoring.generate import generate
from autograder.course.course import open_course
from autograder.marking.class_run import grade_class
from autograder.marking.working_folder import with_notebooks

ANSWERS = {"total": "total = sum(map(int, open('data/numbers.txt').read().split()))"}
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def test_large_files_come_before_the_notebooks():
    data = {"data.csv": bytes(24 * 2**20)}
    assert with_notebooks(data, {"1_look": b"{}"}) == data
    assert [*with_notebooks({}, {"1_look": b"{}", "2_large": bytes(5 * 2**20)})] == ["1_look.ipynb"]


FILES = {
    "ada": {"data/numbers.txt": "1"},  # the instructor's own file wins
    "ben": {"plot.png": "PNG", "data/numbers.txt": "1", "data/own.txt": "2"},
    "cai": {"a.html": "<script>alert(1)</script>", "b.svg": "<svg/>"},
    "dan": {},
    "eve": {"own.txt": "1"},
    "fay": {"plots/mine.txt": "a", "notes.txt": "b"},
}


def handed_in(root, student, files):
    folder = hand_in(root, student, ANSWERS)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def grade(root):
    results = {}
    keep = lambda _, result: result and results.update({result.student: result})  # noqa: E731 - one use
    grade_class(open_course(root), ASSIGNMENT, processes=1, each=keep)
    return results


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose one question needs a file, and a class that handed in files of their own."""
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
    for student, files in FILES.items():
        handed_in(root, student, files)
    (root / "submitted/dan" / ASSIGNMENT / "book.db").symlink_to(root / "gradebook.db")
    return root


@pytest.fixture(scope="module")
def marked(course):
    """What marking the class gave, by student."""
    return grade(course)


@needs_sandbox
@pytest.mark.slow
def test_the_notebook_lies_in_the_folder_without_hidden_tests(tmp_path):
    root = build_course(tmp_path / "course")
    look = "import json\nfound = json.load(open('1_look.ipynb'))['cells']"
    cells = [
        solution("look", "found = ...", look),
        checked("test_look", 2, "assert len(found) == 2 and 'secret' not in str(found)"),
    ]
    cells[1]["source"] += "\n### BEGIN HIDDEN TESTS\nsecret = 1\n### END HIDDEN TESTS"
    source = root / "solutions" / ASSIGNMENT
    shutil.rmtree(source)
    write(source, {"1_look": notebook(cells)})
    generate(open_course(root), ASSIGNMENT)
    hand_in(root, "ada", {"look": look})
    assert grade(root)["ada"].points == 2


@needs_sandbox
def test_an_answer_read_from_a_file_is_marked_as_under_stock(marked):
    assert marked["ada"].points == 2, marked["ada"]


def test_files_are_copied_to_where_pages_look_for_them(course, marked):
    folder = course / "autograded/ben" / ASSIGNMENT
    assert (folder / "plot.png").read_text() == "PNG"
    assert (folder / "data/own.txt").read_text() == "2"
    assert (folder / "data/numbers.txt").read_text() == "40 2"  # the instructor's own
    assert marked["ben"].status == "graded"


def test_what_a_browser_would_run_is_not_copied(course, marked):
    folder = course / "autograded/cai" / ASSIGNMENT
    assert {path.suffix for path in folder.rglob("*.*")} == {".ipynb", ".txt"}
    assert marked["cai"].status == "graded"


def test_a_link_among_the_files_is_left_out_and_said(course, marked):
    findings = marked["dan"].findings
    assert any("book.db is a link" in finding.message for finding in findings)
    assert not (course / "autograded/dan" / ASSIGNMENT / "book.db").exists()


@pytest.fixture(scope="module")
def again(course, marked):
    """What marking gave after eve changed a file of hers and fay took a folder away."""
    del marked
    assert (course / "autograded/fay" / ASSIGNMENT / "plots/mine.txt").is_file()
    handed_in(course, "eve", {"own.txt": "2"})
    shutil.rmtree(course / "submitted/fay" / ASSIGNMENT / "plots")
    return grade(course)


@needs_sandbox
def test_a_submission_is_marked_again_when_a_file_of_it_changes(marked, again):
    assert again["ada"].status == "unchanged"
    assert again["eve"].status == "graded"
    assert again["eve"].digest != marked["eve"].digest


def test_a_file_that_is_no_longer_handed_in_goes_from_the_marked_notebooks(course, marked, again):
    assert (marked["fay"].status, again["fay"].status) == ("graded", "graded")
    there = course / "autograded/fay" / ASSIGNMENT
    left = {path.relative_to(there).as_posix() for path in there.rglob("*")}
    assert left == {"1_files.ipynb", "timestamp.txt", "notes.txt", "data", "data/numbers.txt"}
