"""The row of pixels with the student's own number of windows."""

import pytest

from autograder.course.settings import Settings
from autograder.exam.expected import Sizes
from autograder.feedback.picture import drawn, window_row
from stridewise import lesson_network

SHOWN, HIDDEN = Settings(), Settings(show_right_numbers=False)


def shapes(*sizes):
    return [[None, size, size, 32] for size in sizes]


def test_too_few_windows_are_followed_by_those_that_would_fit():
    row = window_row(lesson_network("valid"), "output_shape", shapes(25, 22, 19), [0, 1, 2], SHOWN)
    assert (row.size, row.mine, row.right) == (28, 25, 26)
    assert "1 more would fit" in row.words
    assert drawn(row).count('class="window"') == 25
    assert drawn(row).count('class="window doubtful"') == 1


def test_too_many_windows_are_past_the_end():
    row = window_row(lesson_network("valid"), "output_shape", shapes(28), [0], SHOWN)
    assert drawn(row).count('class="window doubtful"') == 2
    assert "the last 2 (dashed) would be past the end" in row.words


def test_a_row_starts_from_the_students_own_size():
    row = window_row(lesson_network("valid"), "output_shape", shapes(25, 22), [1], SHOWN)
    assert (row.size, row.mine, row.right) == (25, 22, 23)


def test_zeros_are_drawn_apart():
    row = window_row(Sizes([(3, 2, "same")] * 3, start=28), None, [14, 6, 4], [1], SHOWN)
    assert (row.before, row.after, row.right) == (0, 1, 7)
    assert drawn(row).count('class="zero"') == 1


def test_where_right_numbers_are_hidden_only_her_windows_are_there():
    row = window_row(lesson_network("valid"), "output_shape", shapes(25), [0], HIDDEN)
    assert row.right is None
    assert drawn(row).count("doubtful") == 0
    assert "26" not in row.words


@pytest.mark.parametrize(
    "shape",
    [[None, 32, 26, 26], [None, 25, 25], "...", 25, [25, 25, 32, None], [None, "25", 25, 32]],
)
def test_no_picture_where_something_else_is_wrong(shape):
    assert window_row(lesson_network("valid"), "output_shape", [shape], [0], SHOWN) is None


@pytest.mark.parametrize("size", [0, -3, 10**9, True])
def test_no_picture_of_a_size_that_cannot_be_drawn(size):
    assert window_row(Sizes([(21, 5, 2)]), None, [size], [0], SHOWN) is None
