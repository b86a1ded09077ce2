"""The text under which a verdict is cached, and answers that Python does not write."""

from __future__ import annotations

import math

import numpy as np
import pytest
from notebooks.examined import examine

from autograder.exam.exact_text import exact_text
from autograder.records import KerasObject, Master, MasterCell, Unavailable

LONG = 10**5000  # Python writes no number of more than 4,300 digits
ARRAY = np.arange(3)
FILTERS = '["d", "filters", 3]'


def layer(filters):
    return KerasObject("layer", "Conv2D", {"filters": filters})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param([1, 2.0], [1, 2], id="types"),
        pytest.param(LONG, LONG + 1, id="long-numbers"),
        pytest.param([ARRAY, LONG], [ARRAY, LONG + 1], id="a-long-number-beside-an-array"),
        pytest.param({"m": layer(3), "a": ARRAY}, {"m": layer(4), "a": ARRAY}, id="layers"),
        pytest.param([layer(LONG)], [layer(LONG + 1)], id="long-numbers-in-layers"),
        pytest.param(
            {"m": Unavailable("a"), "a": ARRAY}, {"m": Unavailable("b"), "a": ARRAY}, id="reasons"
        ),
        pytest.param(np.zeros(5000), np.r_[np.zeros(4999), 1], id="long-arrays"),
        pytest.param(np.datetime64("2020-01-02", "W"), np.datetime64("2020-01-02"), id="units"),
        pytest.param([math.nan], [-math.nan], id="signs-of-nan"),
        pytest.param(
            [layer(3), layer(4), LONG],
            [KerasObject("layer", f"Conv2D {FILTERS}, layer Conv2D", {"filters": 4}), LONG],
            id="a-name-like-two-layers",
        ),
    ],
)
def test_different_answers_have_different_texts(one, other):
    assert exact_text(one) != exact_text(other)


@pytest.mark.parametrize(
    "value", [LONG, [ARRAY, layer(LONG), Unavailable("a", nearest=LONG)]], ids=["one", "many"]
)
def test_the_same_answer_has_the_same_text(value):
    assert exact_text(value) == exact_text(value)


def marks(*tests, answers):
    cells = [MasterCell("", "solution", "code", f"{name} = 1", 0.0) for name in answers]
    tests = [MasterCell(f"t{n}", "test", "code", test, 2.0) for n, test in enumerate(tests)]
    return examine(Master("tiny", "1_tiny", (*cells, *tests)), answers, "ada")


def test_a_number_that_python_does_not_write_is_marked():
    assert [m.points for m in marks("assert a % 10 == 0", answers={"a": LONG})] == [2.0]


def test_a_message_that_cannot_be_written_costs_no_other_test_its_mark():
    found = marks("assert a == 1, a", "assert b == 1", answers={"a": LONG, "b": 1})
    assert [mark.points for mark in found] == [0.0, 2.0]
    assert found[0].flagged
