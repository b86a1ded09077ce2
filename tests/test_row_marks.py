import numpy as np
import pytest

from stridewise import lesson_network
from stridewise.layers import layer
from stridewise.network import Network
from stridewise.row_marks import RowVerdict, row_marks


def flags(verdicts, name):
    return "".join("x" if getattr(each, name) else "." for each in verdicts)


def shapes_from(sides, flat):
    return [*[(None, n, n, 32) for n in sides], (None, flat), (None, 128), (None, 10)]


@pytest.mark.parametrize("name", ["valid", "same", "stride"])
def test_a_right_answer_is_right_in_every_row(name):
    network = lesson_network(name)
    for kind, answer in (("output_shape", network.shapes), ("parameters", network.parameters)):
        assert row_marks(answer, network, kind) == tuple(
            RowVerdict(row, answered=True, right=True, follows=True) for row in range(6)
        )


def test_one_early_slip_costs_that_row_and_not_those_that_follow_from_it():
    verdicts = row_marks(shapes_from((27, 25, 23), 16_928), lesson_network("valid"), "output_shape")
    assert flags(verdicts, "right") == "....xx"
    assert flags(verdicts, "follows") == ".xxxxx"


def test_parameters_follow_from_the_learners_own_shapes():
    shapes = shapes_from((27, 25, 23), 16_928)
    counts = [320, 9_248, 9_248, 0, (16_928 + 1) * 128, 1_290]
    network = lesson_network("valid")
    assert flags(row_marks(counts, network, "parameters"), "follows") == "xxxx.x"
    assert flags(row_marks(counts, network, "parameters", shapes=shapes), "follows") == "xxxxxx"


def test_a_right_row_stays_right_though_it_does_not_follow():
    verdicts = row_marks(shapes_from((27, 24, 22), 15_488), lesson_network("valid"), "output_shape")
    assert flags(verdicts, "right") == flags(verdicts, "follows") == ".xxxxx"


@pytest.mark.parametrize(
    "nonsense",
    [..., None, "26", (), (None, 27), (27, 27, 32), (None, 0, 0, 32), (None, -3, -3, 32)],
)
def test_after_a_row_that_makes_no_sense_the_right_one_stands_in(nonsense):
    answer = [nonsense, *lesson_network("valid").shapes[1:]]
    verdicts = row_marks(answer, lesson_network("valid"), "output_shape")
    assert flags(verdicts, "follows") == ".xxxxx"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda row: (5, *row[1:]), id="a-batch"),
        pytest.param(lambda row: (None, None, None, row[-1]), id="no-sizes"),
    ],
)
def test_nothing_follows_from_rows_that_are_no_shapes(written):
    answer = [written(row) for row in lesson_network("valid").shapes[:3]]
    verdicts = row_marks(answer, lesson_network("valid"), "output_shape")
    assert flags(verdicts, "follows") == "......"


@pytest.mark.parametrize("answer", [..., None, [], 7, "shapes", [..., ...]])
def test_what_is_not_answered_earns_nothing(answer):
    for kind in ("output_shape", "parameters"):
        verdicts = row_marks(answer, lesson_network("same"), kind)
        assert flags(verdicts, "answered") == flags(verdicts, "follows") == "......"


def test_numpy_counts_and_lists_are_read_and_bools_are_not():
    verdicts = row_marks(np.array([320, 9_248]), lesson_network("same"), "parameters")
    assert flags(verdicts, "right") == "xx...."
    flat = Network.sequential([layer("Dense", 1, use_bias=False)], input_shape=(1,))
    assert not row_marks([True], flat, "parameters")[0].answered


def test_in_a_network_with_open_sizes_only_the_right_rows_count():
    network = Network.sequential(
        [layer("Conv2D", 4, 3), layer("Conv2D", 4, 3)], input_shape=(None, None, 1)
    )
    verdicts = row_marks([(None, None, None, 5), (None, None, None, 4)], network, "output_shape")
    assert flags(verdicts, "follows") == ".x"
