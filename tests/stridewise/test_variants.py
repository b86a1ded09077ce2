import unicodedata
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stridewise.misconceptions.misconception import right_size
from stridewise.misconceptions.size_formulas import COMMON
from stridewise.variants import hand_steps, normal_id, size_chains, your_network

IDS = st.text(min_size=1).filter(lambda text: text.strip())


@pytest.fixture(scope="module")
def a_thousand():
    return [your_network(f"s{number:05}") for number in range(1_000)]


def layout(network):
    return (
        network.input_shape,
        *[(row.type, row.output_shape, row.parameters) for row in network.rows],
    )


@settings(deadline=None)  # the first network of a process takes longer than the others
@given(IDS)
def test_the_same_id_always_gives_the_same_network(student):
    assert your_network(student) == your_network(student)


def test_a_network_that_was_handed_out_never_changes():
    network = your_network("ada")
    assert network.input_shape == (None, 31, 31, 1)
    assert network.shapes == [
        (None, 14, 14, 4),
        (None, 5, 5, 5),
        (None, 5, 5, 10),
        (None, 250),
        (None, 12),
        (None, 5),
    ]
    assert network.parameters == [104, 505, 810, 0, 3012, 65]


def test_neighbours_in_the_list_get_different_networks(a_thousand):
    drawn = [layout(network) for network in a_thousand]
    assert all(one != next_one for one, next_one in pairwise(drawn))


def test_in_a_class_of_two_hundred_nearly_everyone_has_a_network_alone(a_thousand):
    counts = Counter(map(str, map(layout, a_thousand[:200])))
    assert sum(count == 1 for count in counts.values()) > 190


@pytest.mark.parametrize("other", [{"course": "pooling"}, {"question": "exam"}])
def test_another_course_or_question_gives_another_network(other):
    assert layout(your_network("ada", **other)) != layout(your_network("ada"))


def test_ids_and_courses_do_not_run_into_each_other():
    assert layout(your_network("c", "ab")) != layout(your_network("bc", "a"))


@given(IDS, st.sampled_from(["", " ", "\n", "\u00a0"]))
def test_space_and_encoding_of_an_id_do_not_matter(student, space):
    assert normal_id(space + student + space) == normal_id(unicodedata.normalize("NFD", student))


@pytest.mark.parametrize(
    ("wrong", "error"), [(" \t", ValueError), (7, TypeError), (..., TypeError)]
)
def test_an_id_that_is_none_is_refused(wrong, error):
    with pytest.raises(error, match="student id"):
        your_network(wrong)


def test_every_network_has_the_six_rows_and_can_be_worked_by_hand(a_thousand):
    types = ["Conv2D", "Conv2D", "Conv2D", "Flatten", "Dense", "Dense"]
    for network in a_thousand:
        assert [row.type for row in network.rows] == types
        sides = [shape[1] for shape in (network.input_shape, *network.shapes[:3])]
        assert 20 <= sides[0] <= 40
        assert min(sides) >= 2
        assert max(row.output_shape[-1] for row in network.rows[:3]) <= 12
        assert network.rows[3].output_shape[1] <= 800


def test_every_network_mixes_padding_and_stride(a_thousand):
    for network in a_thousand:
        windows = {
            (layer.config["padding"], layer.config["strides"] > (1, 1))
            for layer in network.layers[:3]
        }
        assert {("valid", True), ("same", True)} < windows


def test_difficulty_is_even(a_thousand):
    steps = [hand_steps(network) for network in a_thousand]
    mean = sum(steps) / len(steps)
    assert max(steps) <= 1.15 * mean
    assert min(steps) >= 0.85 * mean


def _worked(chain, rule):
    """Return the three sizes that a rule gives."""
    sizes = [chain.size]
    for window in chain.windows:
        sizes.append(None if sizes[-1] is None else rule(sizes[-1], window))
    return tuple(sizes[1:])


def test_no_common_wrong_rule_gives_the_right_sizes_and_twelve_of_fourteen_are_unique():
    assert len(COMMON) == 14
    for chain in size_chains():
        answers = Counter(_worked(chain, rule) for rule in COMMON)
        assert _worked(chain, right_size) not in answers
        assert sum(count == 1 for count in answers.values()) >= 12


def test_every_size_from_20_to_40_is_drawn(a_thousand):
    assert {network.input_shape[1] for network in a_thousand} == set(range(20, 41))
