import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stridewise.predictions import (
    FormError,
    int_list,
    is_answered,
    number_in,
    one_pair,
    pair_list,
    read_rows,
    shape_in,
    shape_list,
    whole_number,
)
from stridewise.row_counts import length_problem

INTS = st.integers(-(10**9), 10**9)


@pytest.mark.parametrize("answer", [..., [...], [1, ...], [(None, ...)], ([1], [...])])
def test_an_ellipsis_at_any_depth_is_no_answer(answer):
    assert not is_answered(answer)


@pytest.mark.parametrize("answer", [0, None, [], "...", [(None, 26)], np.array([1])])
def test_anything_else_is_an_answer(answer):
    assert is_answered(answer)


@given(st.lists(INTS))
def test_lists_tuples_and_arrays_read_alike(numbers):
    as_arrays = [tuple(numbers), np.array(numbers, dtype=np.int64), list(map(np.int64, numbers))]
    assert all(int_list(answer) == numbers for answer in as_arrays)


@given(st.lists(st.tuples(INTS, INTS)))
def test_pairs_come_out_as_tuples_of_plain_ints(pairs):
    read = pair_list([list(map(np.int32, pair)) for pair in pairs])
    assert read == pairs
    assert all(type(number) is int for pair in read for number in pair)


def test_a_shape_may_be_a_tuple_a_list_or_an_array():
    shape = (None, 26, 26, 32)
    answers = [shape, list(shape), np.array(shape, dtype=object)]
    assert shape_list(answers) == [shape] * 3


def test_a_shape_may_be_tensorflows_own():
    import tensorflow as tf

    assert shape_list([tf.TensorShape([None, 26, 26, 32])]) == [(None, 26, 26, 32)]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(True, "True is True or False", id="bool"),
        pytest.param(np.True_, "True is True or False", id="numpy-bool"),
        pytest.param(26.5, "26.5 has a decimal point", id="float"),
        pytest.param(np.float64(26.5), "has a decimal point", id="numpy-float"),
        pytest.param(float("nan"), "nan is not a number", id="nan"),
        pytest.param(float("inf"), "inf is too large", id="infinite"),
        pytest.param(10**5000, "too large", id="huge"),
        pytest.param("2,002,698", "'2,002,698' is text; write 2002698 without", id="commas"),
        pytest.param("26", "'26' is text", id="text"),
        pytest.param(None, "None is only for the batch", id="none"),
        pytest.param([26], "is a list", id="list"),
        pytest.param(..., "not answered yet", id="unanswered"),
    ],
)
def test_what_is_no_whole_number_is_explained_by_its_kind(answer, message):
    with pytest.raises(FormError, match=message):
        whole_number(answer)


def test_an_error_names_its_row():
    with pytest.raises(FormError, match=r"row 2: 24\.5 has a decimal point"):
        shape_list([(None, 26), (None, 24.5)])


@pytest.mark.parametrize("answer", [26, "text", {26}, {1: 2}, None, np.int64(3)])
def test_an_answer_that_is_not_a_list_is_explained(answer):
    with pytest.raises(FormError, match="is not a list"):
        int_list(answer)


def test_a_pair_has_two_numbers():
    with pytest.raises(FormError, match="has 3 numbers; a pair has two"):
        one_pair((0, 1, 1))


@pytest.mark.parametrize("answer", [320, 320.0, np.int64(320), np.float32(320), np.array(320)])
def test_a_whole_number_is_read_however_it_is_written(answer):
    assert (whole_number(answer), number_in(answer)) == (320, 320)
    assert type(whole_number(answer)) is int


def test_the_numbers_of_a_shape_need_not_be_whole():
    assert shape_in([None, 14.5, np.int64(7)]) == (None, 14.5, 7)
    assert shape_in([None, "14"]) is shape_in(7) is shape_in([]) is None


def test_a_row_of_another_form_leaves_its_error_in_its_place():
    read = read_rows([320, "9248", 0], whole_number)
    assert read[::2] == [320, 0]
    assert isinstance(read[1], FormError)


def test_a_list_that_holds_itself_is_an_answer():
    rows = [1]
    rows.append(rows)
    assert is_answered(rows)
    with pytest.raises(FormError, match="row 2"):
        int_list(rows)


@pytest.mark.parametrize(
    ("rows", "asked", "message"),
    [
        (
            [320, 9, 248, 9, 248, 0, 1, 982, 592, 1, 290],
            6,
            "9,248 is two numbers in Python: write 9248",
        ),
        ([0, 1, 982, 592], 2, "1,982,592 is three numbers in Python: write 1982592"),
    ],
)
def test_a_comma_inside_a_number_is_named(rows, asked, message):
    assert message in length_problem(rows, asked)


@pytest.mark.parametrize("rows", [[1, 2, 3], [320, 320, 320, 0], [9, 248, 9, 248, 7, "a"]])
def test_rows_that_no_comma_explains_are_only_counted(rows):
    assert length_problem(rows, 2) == f"{len(rows)} rows, but 2 are asked for"
