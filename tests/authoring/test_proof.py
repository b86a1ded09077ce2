"""An assignment that marks wrongly is found before it is handed out."""

import json
import shutil

import pytest
from click.testing import CliRunner
from course_builder import (
    ASSIGNMENT,
    build_course,
    checked,
    given,
    graded,
    notebook,
    solution,
    write,
)

from autograder.authoring.proof import prove
from autograder.authoring.release_command import lines_of
from autograder.cli import main
from autograder.course.course import open_course
from autograder.marking.solution import mark_answers

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
SIZE = solution("size", "size = ...", "size = 26")


@pytest.fixture
def course(tmp_path):
    return build_course(tmp_path / "course")


def with_cells(root, *cells):
    source = root / "solutions" / ASSIGNMENT
    shutil.rmtree(source)
    write(source, {"1_one": notebook(list(cells))})
    return root


def proved(root):
    return prove(open_course(root), ASSIGNMENT, sandbox=False)


def run(root, *arguments):
    return CliRunner().invoke(main, [*arguments, "--course", str(root)])


def test_a_right_assignment_passes_with_a_line_for_each_question(course):
    proof = proved(course)
    assert proof.holds
    assert [(test.grade_id, test.earned, test.possible) for test in proof.tests] == [
        ("test_sizes", 3, 3),
        ("test_total", 1, 1),
        ("test_half", 2, 2),
    ]
    assert not (course / "lessons").exists()
    assert not (course / "gradebook.db").exists()


def test_an_assignment_without_tests_is_not_called_right(course):
    with_cells(course, SIZE)
    assert list(lines_of(proved(course))) == ["The assignment has no autograded tests."]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        pytest.param(
            [SIZE, checked("t", 2, "assert size == 27")],
            "the solution earns 0 of 2 points",
            id="a-solution-that-fails",
        ),
        pytest.param(
            [SIZE, checked("t", 2, "assert 1 + 1 == 2")],
            "the blank notebook earns 2 of 2 points",
            id="a-test-that-passes-on-a-blank",
        ),
    ],
)
def test_what_marks_wrongly_is_named(course, cells, words):
    proof = proved(with_cells(course, *cells))
    assert not proof.holds
    assert any(words in fault for test in proof.tests for fault in test.wrong), proof


@pytest.mark.slow
def test_a_function_that_students_receive_without_a_body_is_noted(course):
    bare = given("def half(n):\n    ### BEGIN SOLUTION\n    return n // 2\n    ### END SOLUTION")
    cells = [graded(bare, "half", solution=True), checked("t", 1, "assert half(4) == 2")]
    proof = proved(with_cells(course, *cells))
    assert proof.holds
    (warning,) = proof.warnings
    assert warning.startswith("What students receive of 1_one/half is not Python")


def test_a_test_that_passes_on_the_placeholder_is_noted(course):
    cells = [SIZE, checked("t", 2, "assert size is not None")]
    (test,) = proved(with_cells(course, *cells)).tests
    assert (test.wrong, test.warnings) == ((), ("stock nbgrader gives a blank 2 points",))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("test", "ends"),
    [
        ("import numpy as np\nnp.float64(size / 13)", "np.float64(2.0)"),
        ("assert size == 26\nsize == 26", "True"),
    ],
)
def test_a_test_that_ends_with_no_number_is_noted(course, test, ends):
    (found,) = proved(with_cells(course, SIZE, checked("t", 2, test))).tests
    (warning,) = found.warnings
    assert warning.startswith(f"it ends with {ends}, which is no number to nbgrader")


@pytest.mark.slow
def test_a_test_that_ends_with_a_number_or_nothing_is_not_noted(course):
    cells = [SIZE, checked("t", 2, "size / 13"), checked("u", 2, "assert size == 26\nprint(size)")]
    assert [test.warnings for test in proved(with_cells(course, *cells)).tests] == [(), ()]


@pytest.mark.slow
def test_a_test_that_looks_at_another_answer_than_the_one_above_it_is_noted(course):
    mine = solution("mine", "mine = ...", "mine = 1")
    cells = [SIZE, checked("t", 2, "assert size == 26"), mine, checked("u", 1, "assert size == 26")]
    proof = proved(with_cells(course, *cells))
    assert [test.warnings for test in proof.tests] == [
        (),
        ("the answer above it, mine, does not affect its points",),
    ]


@pytest.mark.slow
def test_a_question_that_builds_on_another_may_lose_its_points_with_it(course):
    cells = [
        solution("half", "", "def half(n):\n    return n // 2"),
        checked("t", 2, "assert half(9) == 4"),
        solution("twice", "twice = ...", "twice = half(half(40))"),
        checked("u", 1, "assert twice == 10"),
    ]
    assert proved(with_cells(course, *cells)).holds


HALF = solution("half", "", "def half(n):\n    return n // 2")
LIST = solution("numbers", "", "numbers[0] = 9")
COUNT = solution("total", "total = ...", "total = 1")


@pytest.mark.slow
@pytest.mark.parametrize(
    "between",
    [
        pytest.param(
            [given("def quarter(n):\n    return half(half(n))"), COUNT],
            id="a-given-function",
        ),
        pytest.param(
            [given("kept = half(160)\nquarter = lambda n: kept / 2"), COUNT], id="a-value"
        ),
        pytest.param(
            [solution("quarter", "", "def quarter(n):\n    return half(half(n))")],
            id="another-answer",
        ),
        pytest.param(
            [
                solution(
                    "box", "", "class Box:\n    def get(self, n):\n        return half(half(n))"
                ),
                given("box = Box()\nquarter = lambda n: box.get(n)"),
            ],
            id="a-method",
        ),
        pytest.param(
            [
                given("class Box:\n    held = None\nbox = Box()"),
                given("def fill(it):\n    it.held = half(160) // 2"),
                COUNT,
                given("fill(box)\nquarter = lambda n: box.held"),
            ],
            id="an-object-that-a-given-cell-changes",
        ),
    ],
)
def test_a_question_may_build_on_another_through_what_is_between_them(course, between):
    last = "assert quarter(160) == 40"
    cells = [HALF, checked("t", 2, "assert half(9) == 4"), *between, checked("u", 1, last)]
    first, second = proved(with_cells(course, *cells)).tests
    assert (first.wrong, second.wrong) == ((), ())
    assert not any("is missing" in words for words in (*first.warnings, *second.warnings))


@pytest.mark.slow
def test_a_question_may_build_on_an_object_that_another_answer_changes(course):
    cells = [
        given("numbers = [1, 2]"),
        LIST,
        checked("t", 1, "assert numbers[0] == 9"),
        solution("more", "", "numbers.append(5)"),
        checked("u", 1, "assert numbers == [9, 2, 5]"),
    ]
    proof = proved(with_cells(course, *cells))
    assert [(test.wrong, test.warnings) for test in proof.tests] == [((), ()), ((), ())]


@pytest.mark.slow
def test_a_line_of_an_answer_may_need_what_the_line_above_it_needs(course):
    several = solution("several", "", "twice = size * 2\nother = 5")
    cells = [
        SIZE,
        checked("t", 1, "assert size == 26"),
        several,
        checked("u", 1, "assert other == 5"),
    ]
    proof = proved(with_cells(course, *cells))
    assert [(test.wrong, test.warnings) for test in proof.tests] == [((), ()), ((), ())]


@pytest.mark.slow
def test_a_need_that_no_text_shows_is_noted_and_does_not_prevent_the_release(course):
    hidden = "assert size == 26 and globals()['to' + 'tal'] == 1"
    proof = proved(with_cells(course, COUNT, SIZE, checked("t", 2, hidden)))
    assert proof.holds
    (warning,) = proof.tests[0].warnings
    assert warning.startswith("it loses points where total is missing, and nothing in its text")


def test_points_that_a_later_answer_takes_with_it_prevent_the_release(course, monkeypatch):
    def whole_notebook_lost(template, answers, *more):
        return mark_answers(template, answers if "total" in answers else {}, *more)

    monkeypatch.setattr("autograder.authoring.proof.mark_answers", whole_notebook_lost)
    cells = [
        SIZE,
        checked("t", 2, "assert size == 26"),
        COUNT,
        checked("u", 1, "assert total == 1"),
    ]
    found = proved(with_cells(course, *cells)).tests[0]
    assert found.wrong == ("it loses points where total is missing, which is below it",)


@pytest.mark.slow
def test_a_test_that_does_without_any_one_of_several_answers_is_noted(course):
    cells = [
        given("answers = {}"),
        *(solution(name, "", f"answers['{name}'] = 1") for name in ("a", "b", "c")),
        checked("t", 2, "assert len(answers) >= 2"),
    ]
    proof = proved(with_cells(course, *cells))
    assert proof.holds
    assert proof.tests[0].warnings == (
        "it gives full points where any one of these is missing: a, b, c",
    )


@pytest.mark.slow
def test_a_test_that_pays_without_the_one_answer_that_it_needs_prevents_the_release(course):
    hidden = "found = globals()\nassert found['to' + 'tal'] == 1 or found['size'] == 26"
    proof = proved(with_cells(course, COUNT, SIZE, checked("t", 2, hidden)))
    assert proof.tests[0].wrong == ("it gives full points although an answer is missing (size)",)


@pytest.mark.slow
def test_a_package_that_is_not_here_is_named_with_its_cells(course):
    need = solution("total", "total = ...", "import no_such_package\ntotal = 42")
    proof = proved(with_cells(course, need, checked("t", 2, "assert total == 42")))
    assert proof.warnings[0].startswith(
        "The package no_such_package, imported by 1_one/total, is not installed here"
    )


@pytest.mark.slow
def test_a_module_beside_the_notebook_is_no_missing_package(course):
    root = with_cells(course, given("import helper"), SIZE, checked("t", 2, "assert size == 26"))
    (root / "solutions" / ASSIGNMENT / "helper.py").write_text("x = 1")
    assert proved(root).warnings == ()


def test_generate_refuses_a_failed_check_unless_unchecked_is_given(course):
    root = with_cells(course, SIZE, checked("t", 2, "assert size == 27"))
    refused = run(root, "generate", ASSIGNMENT)
    assert refused.exit_code == 2
    assert "1_one/t" in refused.output
    assert "--unchecked" in refused.output
    assert not (root / "lessons").exists()
    assert run(root, "generate", ASSIGNMENT, "--unchecked").exit_code == 0


@pytest.mark.slow
def test_check_says_in_its_status_whether_all_is_well(course):
    fine = run(course, "check", ASSIGNMENT)
    assert fine.exit_code == 0, fine.output
    assert "3 questions checked: all marks are right." in fine.output
    broken = run(with_cells(course, SIZE, checked("t", 2, "assert False")), "check", ASSIGNMENT)
    assert broken.exit_code == 1
    assert "  1_one/t: the solution earns 0 of 2 points" in broken.output


@pytest.mark.slow
def test_a_released_assignment_is_the_same_after_a_check(course_root):
    before = (course_root / "gradebook.db").read_bytes()
    assert run(course_root, "check", ASSIGNMENT).exit_code == 0
    assert (course_root / "gradebook.db").read_bytes() == before
    assert json.loads((course_root / "lessons" / ASSIGNMENT / "1_sizes.ipynb").read_bytes())
