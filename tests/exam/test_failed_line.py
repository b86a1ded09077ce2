"""A failed assertion is quoted to the student where it is no hidden test."""

from __future__ import annotations

import pytest
from notebooks.examined import examine

from autograder.exam.beside import mark_of
from autograder.records import Master, MasterCell, TestResult

GIVEN = "assert a != 1\nassert (\n    a in\n    range(30)\n), ''\nassert a != 2"
HIDDEN = "\nassert a == 26\nassert a != 2"
NOT_RIGHT = ("The answer is not right.",)


def reasons(answer, source=GIVEN + HIDDEN, released=GIVEN, given="limit = 26"):
    cells = (
        MasterCell("", "given", "code", given),
        MasterCell("q", "solution", "code", "a = 26"),
        MasterCell("t", "test", "code", source, 2.0, released),
    )
    (mark,) = examine(Master("tiny", "1_tiny", cells), {"a": answer, "limit": 26}, "ada")
    return mark.reasons


def test_an_assertion_that_students_have_is_quoted():
    assert reasons(1) == ("This line of the test failed: assert a != 1",)


def test_one_over_several_lines_is_quoted_as_one():
    assert reasons(50) == ("This line of the test failed: assert ( a in range(30) ), ''",)


def test_a_hidden_assertion_is_not_quoted():
    assert reasons(25) == NOT_RIGHT


def test_one_that_may_be_the_hidden_copy_is_not_quoted():
    assert reasons(2) == NOT_RIGHT


def test_empty_lines_above_a_test_do_not_shift_the_line():
    source = "\n\nassert a != 2\nassert a != 1\n"
    assert reasons(1, source, source) == ("This line of the test failed: assert a != 1",)


def test_a_line_that_magics_have_shifted_is_not_quoted():
    source = "%matplotlib \\\n  inline\nassert a != 2\nassert a != 1"
    assert reasons(1, source, source) == NOT_RIGHT


def test_words_of_the_instructor_come_first():
    assert reasons(1, source="assert a != 1, 'one'", released="assert a != 1, 'one'") == ("one",)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def check(n):\n    assert n != 1\ncheck(a)", ""),
        ("for n in (a, 3):\n    assert n != 1", "assert n != 1"),
        ("assert a != 1, ''\na", "assert a != 1, ''"),
        (f"assert a != 1 or {' or '.join(['a == 3'] * 40)}", ""),
    ],
    ids=["in-a-function", "in-a-loop", "before-partial-credit", "long"],
)
def test_the_line_is_the_one_that_was_being_run(source, line):
    wanted = (f"This line of the test failed: {line}",) if line else NOT_RIGHT
    assert reasons(1, source, source) == wanted


def beside(line, message="", source=GIVEN + HIDDEN):
    cell = MasterCell("t", "test", "code", source, 2.0, GIVEN)
    return mark_of(
        cell, TestResult("t", "raised", "", "AssertionError", message, line=line)
    ).reasons


def test_it_is_quoted_too_where_the_test_ran_beside_the_cells():
    assert beside(1) == ("This line of the test failed: assert a != 1",)
    assert beside(3) == ("This line of the test failed: assert ( a in range(30) ), ''",)
    assert beside(1, "one") == ("one",)


def test_no_number_that_student_code_may_forge_shows_a_hidden_line():
    reasons = {beside(line) for line in (0, *range(6, 12), -1, 10**9)}
    assert reasons == {NOT_RIGHT}
