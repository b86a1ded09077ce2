"""Points lost for a reason outside the answer wait for a person; nothing is a silent zero."""

import json
from contextlib import ExitStack
from dataclasses import replace

import pytest
from course_builder import ASSIGNMENT, RIGHT, answered, given, hand_in, released
from needs import needs_sandbox
from notebooks.platforms import COLAB_BADGE, DEEPNOTE_FOOTER

from autograder.course.course import open_course
from autograder.marking.class_run import grade_class
from autograder.marking.command import left_by
from autograder.marking.engine import mark_notebook
from autograder.marking.worker import LazyRunner

PROSE = given("Because a window of three takes two pixels off.", "markdown")
VALUE = given("sizes = [26, 24, 22]")


@pytest.fixture(scope="module")
def runner():
    with ExitStack() as stack:
        yield LazyRunner(stack, sandbox=False)


@pytest.fixture(scope="module")
def confined():
    with ExitStack() as stack:
        yield LazyRunner(stack, sandbox=True)


@pytest.fixture
def mark(masters, generated_course, runner):
    def marked(answers, change=lambda _: None, template=masters["1_sizes"]):
        notebook = answered(released(generated_course), answers)["1_sizes"]
        change(notebook["cells"])
        found = mark_notebook(template, json.dumps(notebook).encode(), "ada", runner).notebook
        return found, {mark.grade_id: mark for mark in found.marks}

    return marked


SIZES = "sizes = [26, 24, 22]"
NO_NETWORK = "import socket\nraise socket.gaierror(-3, 'Temporary failure in name resolution')"
WAITING = {
    "in-the-answer": (f"import no_such_package\n{SIZES}", "", "no_such_package"),
    "above": ("sizes = gone.sizes()", "import no_such_package as gone", "no_such_package"),
    # `google` is here: TensorFlow brings a part of it.
    "colab": (f"from google.colab import drive\n{SIZES}", "", "google.colab"),
    "colab-above": ("sizes = drive.sizes()", "from google.colab import drive", "google.colab"),
}


@pytest.mark.parametrize("case", WAITING)
def test_an_answer_waits_for_a_package_that_is_not_here(mark, case):
    answer, first, package = WAITING[case]
    change = (lambda cells: cells.insert(0, given(first))) if first else (lambda _: None)
    found, marks = mark({"sizes": answer}, change)
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (0, True)
    assert f"waits for the package {package}, which" in marks["test_sizes"].reasons[0]
    assert "test_sizes" in found.unmarked


@pytest.mark.parametrize(
    ("answer", "above"),
    [
        ("sizes = helper.sizes()", "import helper\nif True print('x')"),
        ("sizes = sizes_of()", "from helper import sizes_of\nif True print('x')"),
        ("import os\nos.chdir('/')\nimport helper\nsizes = helper.sizes()", ""),
        ("raise ModuleNotFoundError(\"No module named 'helper'\")\nsizes = 1", ""),
    ],
    ids=["in-a-cell-that-is-not-python", "a-name-from-it", "in-another-folder", "raised"],
)
def test_a_file_of_the_assignment_is_no_package_to_install(mark, masters, answer, above):
    beside = replace(masters["1_sizes"], files={"helper.py": b"def sizes(): pass"})
    change = (lambda cells: cells.insert(0, given(above))) if above else (lambda _: None)
    found, marks = mark({"sizes": answer}, change, beside)
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (0, False)
    assert not any("installed" in reason for reason in marks["test_sizes"].reasons)
    assert found.unmarked == {}


def test_an_error_that_has_nothing_to_do_with_a_package_is_the_students(mark):
    found, marks = mark({"sizes": "import json.no_such_part\nsizes = gone.sizes()"})
    assert not marks["test_sizes"].flagged
    assert found.unmarked == {}


def test_an_answer_in_a_new_cell_counts_where_stock_counts_it_and_is_said(mark):
    found, marks = mark({}, lambda cells: cells.insert(3, VALUE))
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (3, False)
    assert "elsewhere" in {finding.code for finding in found.findings}


def test_an_answer_below_its_test_is_flagged(mark):
    _, marks = mark({}, lambda cells: cells.append(VALUE))
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (0, True)
    assert "was answered in a new cell" in marks["test_sizes"].reasons[0]


def test_a_new_cell_beside_an_answer_in_its_place_says_nothing(mark):
    found, marks = mark(RIGHT, lambda cells: cells.append(VALUE))
    assert (marks["test_sizes"].points, found.findings) == (3, ())


def test_text_in_another_cell_waits_for_a_person(mark):
    found, marks = mark(RIGHT, lambda cells: cells.append(PROSE))
    assert (marks["why"].points, marks["why"].flagged) == (None, True)
    assert "why" not in found.unanswered
    assert [finding.grade_id for finding in found.findings] == ["why"]


@pytest.mark.parametrize("badge", [COLAB_BADGE, DEEPNOTE_FOOTER])
def test_a_badge_that_a_platform_adds_is_no_text_of_the_students(mark, badge):
    found, marks = mark(RIGHT, lambda cells: cells.insert(0, given(badge, "markdown")))
    assert (marks["why"].points, marks["why"].flagged) == (0, False)
    assert found.findings == ()


def test_text_beside_a_badge_waits_for_a_person(mark):
    text = f"{COLAB_BADGE}\n\nBecause a window of three takes two pixels off."
    _, marks = mark(RIGHT, lambda cells: cells.insert(0, given(text, "markdown")))
    assert (marks["why"].points, marks["why"].flagged) == (None, True)


def test_an_answer_in_its_cell_needs_no_second_look(mark):
    found, marks = mark(RIGHT | {"why": "Two pixels."}, lambda cells: cells.append(PROSE))
    assert (marks["why"].points, marks["why"].flagged, found.findings) == (None, False, ())


def test_another_language_is_left_to_a_person(mark, masters):
    kernel = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    found, marks = mark(RIGHT, template=replace(masters["1_sizes"], metadata=kernel))
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (0, True)
    assert "written in R" in found.unmarked["the whole notebook"]


def test_a_missing_package_is_said_once_for_the_class(course_root):
    for student in ("ada", "ben"):
        hand_in(course_root, student, {"sizes": "import no_such_package\nsizes = [26, 24, 22]"})
    tally = grade_class(open_course(course_root), ASSIGNMENT, processes=1, sandbox=False)
    assert not tally.all_well
    (left,) = [thing for thing in left_by(tally) if "no_such_package" in thing.what]
    assert left.kind == "Not installed here"
    assert left.why == "needed by 1_sizes/test_sizes"


def test_a_command_that_is_not_run_is_noted_and_costs_nothing(mark):
    found, marks = mark({"sizes": "!pip install numpy\nsizes = [26, 24, 22]"})
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (3, False)
    (note,) = found.findings
    assert (note.code, note.grade_id) == ("command", "sizes")
    assert note.message.endswith("this is not run: !pip install numpy")


def test_a_command_that_needs_the_network_flags_what_is_lost(mark):
    found, marks = mark({"sizes": "got = !wget example.org/data.csv\nsizes = [26]"})
    assert found.findings[0].message.endswith("no network: got = !wget example.org/data.csv")
    assert marks["test_sizes"].points < 3
    assert marks["test_sizes"].flagged


def test_a_command_that_needs_the_network_flags_no_full_mark(mark):
    _, marks = mark({"sizes": "!wget example.org/data.csv\nsizes = [26, 24, 22]"})
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (3, False)


def test_a_command_that_is_run_is_not_noted(mark):
    found, _ = mark({"sizes": "!echo ready\nsizes = [26, 24, 22]"})
    assert found.findings == ()


def test_a_comparison_is_no_command(mark):
    found, _ = mark({"sizes": "odd = (1\n!= 2)\nrest = 7 % 3\nsizes = [26, 24, 22]"})
    assert found.findings == ()


@pytest.mark.parametrize(
    ("answer", "above"),
    [(f"{NO_NETWORK}\n{SIZES}", ""), ("sizes = fetched", f"{NO_NETWORK}\nfetched = 1")],
    ids=["in the answer", "above"],
)
def test_a_mark_lost_for_want_of_a_network_is_flagged(mark, answer, above):
    _, marks = mark({"sizes": answer}, lambda cells: cells.insert(0, given(above)))
    found = marks["test_sizes"]
    assert (found.points, found.flagged) == (0, True)
    assert "There is no network while marking." in found.reasons


@needs_sandbox
def test_a_test_above_the_cell_that_asked_for_the_network_is_not_flagged(
    masters, generated_course, confined
):
    answers = {"total": "totals = sum(map(int, '12'))", "half": f"{FETCHED}half = data"}
    notebook = answered(released(generated_course), answers)["2_total"]
    data = json.dumps(notebook).encode()
    found = mark_notebook(masters["2_total"], data, "ada", confined).notebook
    flagged = {mark.grade_id: mark.flagged for mark in found.marks if mark.points == 0}
    assert (flagged["test_total"], flagged["test_half"]) == (False, True)


def test_a_network_that_no_lost_mark_needed_flags_nothing(mark):
    _, marks = mark({"sizes": SIZES}, lambda cells: cells.insert(0, given(NO_NETWORK)))
    assert (marks["test_sizes"].points, marks["test_sizes"].flagged) == (3, False)


FETCHED = """
import urllib.request
try:
    data = urllib.request.urlopen('https://example.org/data.csv').read()
except Exception:
    data = None
"""
LOCAL = """
import socket
socket.getaddrinfo('localhost', 80)
try:
    socket.create_connection(('localhost', 9))
except OSError:
    data = None
"""
IN_FUNCTION = f"def half(n):{FETCHED.replace(chr(10), chr(10) + '    ')}\n    return data"
IN_PROGRAM = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {FETCHED!r}])"


@needs_sandbox
@pytest.mark.parametrize(
    ("answers", "test", "flagged"),
    [
        ({"sizes": f"{FETCHED}sizes = data or [1]"}, "test_sizes", True),
        ({"total": f"{FETCHED}total = [n for n in data or ()]"}, "test_total", True),
        ({"total": f"{FETCHED}total = iter(data or ())"}, "test_total", True),
        ({"total": f"{IN_PROGRAM}\ntotal = iter([])"}, "test_total", True),
        ({"half": IN_FUNCTION}, "test_half", True),
        ({"sizes": f"{LOCAL}sizes = data or [1]"}, "test_sizes", False),
        ({"total": f"{LOCAL}total = iter(data or ())"}, "test_total", False),
        ({"sizes": FETCHED, "total": "total = 41"}, "test_total", False),
    ],
)
def test_what_is_lost_in_a_notebook_that_asked_for_the_network_itself_is_flagged(
    answers, test, flagged, masters, generated_course, confined
):
    notebooks = answered(released(generated_course), answers)
    name = "1_sizes" if test == "test_sizes" else "2_total"
    data = json.dumps(notebooks[name]).encode()
    found = mark_notebook(masters[name], data, "ada", confined).notebook
    mark = {mark.grade_id: mark for mark in found.marks}[test]
    assert mark.points < mark.possible
    assert mark.flagged == flagged
    assert any("There is no network" in reason for reason in mark.reasons) == flagged
