import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stridewise import lesson_network
from stridewise.layers import layer
from stridewise.misconceptions import RULES
from stridewise.network import Network
from stridewise.predictions import FormError, whole_number
from stridewise.row_marks import RowVerdict, row_marks, rows_to_follow

VALID = lesson_network("valid")


def flags(verdicts, name):
    return "".join("x" if getattr(each, name) else "." for each in verdicts)


def shapes_from(sides, flat):
    return [*[(None, n, n, 32) for n in sides], (None, flat), (None, 128), (None, 10)]


@pytest.mark.parametrize("name", ["valid", "same", "stride"])
def test_a_right_answer_is_right_in_every_row(name):
    network = lesson_network(name)
    for kind, answer in (("output_shape", network.shapes), ("parameters", network.parameters)):
        assert row_marks(answer, network, kind) == tuple(
            RowVerdict(row, answered=True, right=True, follows=True, value=value)
            for row, value in enumerate(answer)
        )


@pytest.mark.parametrize("written", [320, 320.0, np.float32(320), np.int64(320)])
def test_a_row_is_right_just_where_its_reader_reads_the_right_number(written):
    assert whole_number(written) == 320
    assert row_marks([written], VALID, "parameters")[0].right


@pytest.mark.parametrize("written", [True, "320", 320.5, None, [320], 10**400, float("nan")])
def test_what_no_reader_reads_is_no_row_and_says_why(written):
    with pytest.raises(FormError) as message:
        whole_number(written)
    assert row_marks([written], VALID, "parameters")[0].problem == str(message.value)


def test_rows_too_many_leave_the_verdicts_on_the_others_as_they_are():
    counts = [320, 9, 248, 9, 248, 0, 1, 982, 592, 1, 290]
    assert flags(row_marks(counts, VALID, "parameters"), "right") == "x....."
    assert len(row_marks([*VALID.parameters, 7], VALID, "parameters")) == 6


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
def test_a_row_that_makes_no_sense_is_replaced_by_the_right_one(nonsense):
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


def counted_from(shapes):
    """The counts that follow from the channels and the numbers in `shapes`."""
    channels = [1, *(row[-1] for row in shapes)]
    conv = [(9 * c + 1) * 32 for c in channels[:3]]
    return [*conv, 0, (channels[4] + 1) * 128, (channels[5] + 1) * 10]


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param([(None, 1, 1, 1)] * 6, id="all-ones"),
        pytest.param([*[(None, 1, 1, 32)] * 3, (None, 1), (None, 1), (None, 1)], id="a-flat-one"),
        pytest.param([*[(None, 9, 9, 0)] * 3, (None, 0), (None, 0), (None, 0)], id="nothing"),
        pytest.param([*[(None, 9, 9, -1)] * 3, (None, -1), (None, -1), (None, 1)], id="negative"),
        pytest.param([*[(None, 9, 9, 10**9)] * 3, *[(None, 10**12)] * 3], id="huge"),
        pytest.param([(None, 5)] * 3 + [(None, 5, 5, 5)] * 3, id="another-rank"),
        pytest.param([(5, 5, 5, 5)] * 3 + [(5, 5)] * 3, id="a-batch"),
        pytest.param([(None, 9.5, 9.5, 9.5)] * 3 + [(None, 9.5)] * 3, id="fractions"),
        pytest.param([(None, None, None, None)] * 3 + [(None, None)] * 3, id="no-sizes"),
    ],
)
def test_nothing_follows_from_shapes_that_nobody_worked_out(shapes):
    counts = [int(n) if n else 0 for n in (320, 320, 320, 0, 256, 20)]
    if None not in (row[-1] for row in shapes):
        counts = list(map(int, counted_from(shapes)))
    with_shapes = row_marks(counts, VALID, "parameters", shapes=shapes)
    assert with_shapes == row_marks(counts, VALID, "parameters")
    assert rows_to_follow(VALID, shapes) == tuple(VALID.shapes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("name", ["valid", "same", "stride"])
def test_what_any_known_idea_makes_of_the_shapes_is_believed(rule, name):
    network = lesson_network(name)
    shapes = rule.predict(network).shapes
    if rule.layout or rule.start or not all(shape and all(shape[1:]) for shape in shapes):
        return  # not written as Keras writes it, or no size in it
    sizes = [size for shape in shapes for size in shape[1:]]
    if all(isinstance(size, int) and size > 0 for size in sizes):
        assert rows_to_follow(network, shapes) == shapes


@given(
    edits=st.dictionaries(
        st.integers(0, 5), st.tuples(st.sampled_from([1, 2, 3, 20, 25, 27]), st.integers(1, 40))
    )
)
def test_no_count_follows_unless_a_row_of_the_shapes_is_lost(edits):
    shapes = list(VALID.shapes)
    for row, (side, last) in edits.items():
        shapes[row] = (None, side, side, last) if row < 3 else (None, last * side * side)
    lost = [v for v in row_marks(shapes, VALID, "output_shape") if not v.follows]
    counts = counted_from(rows_to_follow(VALID, shapes))
    followed = [
        v
        for v in row_marks(counts, VALID, "parameters", shapes=shapes)
        if v.follows and not v.right
    ]
    assert lost or not followed
