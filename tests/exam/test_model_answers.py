"""A Keras model as an answer, held against the network that was asked for; Keras makes both."""

import pytest

from autograder import grade
from autograder.course.settings import Settings, in_force
from stridewise import Network, lesson_network


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def lesson_model(keras, name, *more):
    padding = {"padding": "same"} if name == "same" else {}
    convolutions = [keras.layers.Conv2D(32, 3, **padding) for _ in range(3)]
    rest = [keras.layers.Flatten(), keras.layers.Dense(128), keras.layers.Dense(10)]
    return keras.Sequential([keras.Input((28, 28, 1)), *convolutions, *rest, *more])


def two_ways(keras, filters=4):
    source = keras.Input((8, 8, 1))
    left = keras.layers.Conv2D(filters, 3, padding="same")(source)
    right = keras.layers.Conv2D(4, 1)(source)
    return keras.Model(source, keras.layers.Concatenate()([left, right]))


VALID = lesson_network("valid")


def test_a_model_is_marked_layer_by_layer(keras):
    assert grade(lesson_model(keras, "valid"), VALID, points=6) == 6
    assert grade(lesson_model(keras, "same"), VALID, points=6) == 1  # only the last Dense agrees


def test_the_arguments_that_differ_are_named_as_in_the_lesson(keras):
    mark = grade(lesson_model(keras, "same"), VALID, points=6)
    assert mark.reasons[0] == "Layer 1 has padding='same'; the lesson asks for padding='valid'."
    with in_force(Settings(show_right_numbers=False)):
        hidden = grade(lesson_model(keras, "same"), VALID, points=6)
    assert not any("asks for" in reason for reason in hidden.reasons)


@pytest.mark.parametrize("points", [0.2, 0.4, 1.6, 2.7, 5, 1 / 3])
def test_a_right_functional_model_earns_exactly_the_maximum(keras, points):
    model = two_ways(keras)
    expected = Network.from_keras(model)
    assert expected.rows[0].type == "InputLayer"
    mark = grade(model, expected, points=points)
    assert (mark, mark.reasons) == (points, ())
    assert grade(two_ways(keras), expected, points=points) == points
    assert grade(model.get_config(), expected, points=points) == points


def test_a_wrong_layer_of_a_functional_model_costs_its_share(keras):
    mark = grade(two_ways(keras, filters=5), Network.from_keras(two_ways(keras)), points=3)
    assert mark == 1  # the layer that joins the two branches differs as well
    assert mark.reasons[0] == "Layer 1 has filters=5; the lesson asks for filters=4."
    assert any(reason.startswith("Layer 1 is Conv2D (None, 8, 8, 5)") for reason in mark.reasons)


def test_a_functional_model_may_answer_where_a_sequential_one_was_built_and_the_reverse(keras):
    sequential = lesson_model(keras, "valid")
    functional = keras.Model(sequential.inputs, sequential.outputs)
    assert grade(functional, Network.from_keras(sequential), points=6) == 6
    assert grade(sequential, Network.from_keras(functional), points=6) == 6


def test_a_layer_too_many_is_a_wrong_layer(keras):
    mark = grade(lesson_model(keras, "valid", keras.layers.Dropout(0.5)), VALID, points=7)
    assert mark == 6
    assert "7 layers; 6 were asked for" in mark.reasons[-1]


def test_a_network_of_the_librarys_is_no_model_of_the_students():
    assert grade(VALID, VALID, points=6).reasons[0].startswith("This is Network from stridewise")
