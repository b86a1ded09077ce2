"""Networks that name a digit, held to Keras; and whatever else a notebook may hold."""

import numpy as np
import pytest

from stridewise.digit_networks import DigitNetwork, read_networks
from stridewise.receptive import pixels_read, sees_padding
from stridewise.training import Training


def built(*convolutions, units=10, activation="softmax", shape=(28, 28, 1)):
    import keras

    keras.utils.set_random_seed(2)
    layers = [keras.layers.Conv2D(3, 3, activation="relu", **each) for each in convolutions]
    last = keras.layers.Dense(units, activation=activation)
    return keras.Sequential([keras.Input(shape), *layers, keras.layers.Flatten(), last])


@pytest.fixture(scope="module")
def same():
    return built({"padding": "same"}, {"padding": "same", "strides": 2})


def one(trained):
    (found,) = read_networks(trained)
    return found


def test_maps_and_probabilities_are_those_of_keras(same):
    import keras

    picture = np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8)
    maps, odds = one({"same": same}).run(picture)
    pixels = (picture[None, ..., None] / 255).astype("float32")
    for layer, found in zip(same.layers, maps, strict=False):
        expected = keras.Model(same.inputs[0], layer.output)(pixels)
        np.testing.assert_array_equal(found, expected[0])
    np.testing.assert_allclose(odds, same(pixels)[0], atol=1e-6)
    assert len(maps) == 2


@pytest.mark.parametrize(
    "layers",
    [
        [{"padding": "same", "strides": 2}] * 3,
        [{"padding": "valid", "dilation_rate": 2}, {"padding": "same"}],
    ],
)
def test_a_number_depends_on_the_rows_and_columns_that_change_it_in_keras(layers):
    model = built(*layers)
    for layer in model.layers:
        layer.set_weights([np.ones_like(each) for each in layer.get_weights()])
    network = one({"it": model})
    lines = np.eye(28, dtype="float32")[:, :, None].repeat(28, axis=2)[..., None]  # one row each
    empty = np.zeros((1, 28, 28, 1), "float32")
    for name in network.map_layers:
        import keras

        maps = keras.Model(model.inputs[0], model.get_layer(name).output)
        changed = (np.asarray(maps(lines)) != np.asarray(maps(empty))).any(axis=(2, 3))
        expected = tuple(tuple(np.flatnonzero(place).tolist()) for place in changed.T)
        assert pixels_read(network.network, name)[0] == expected
        assert network.pixels(name)[1] == [list(place) for place in expected]


@pytest.mark.parametrize(
    "layers",
    [
        [{"padding": "same"}] * 3,
        [{"padding": "same", "strides": 2}] * 3,
        [{"padding": "valid"}, {"padding": "same", "dilation_rate": 2}],
        [{"padding": "same", "strides": 3}, {"padding": "valid"}],
    ],
    ids=["same", "stride", "dilated", "mixed"],
)
def test_what_sees_padding_is_what_keras_makes_smaller_there(layers):
    import keras

    model = built(*layers)
    for each in model.layers[: len(layers)]:
        each.set_weights([np.ones(each.kernel.shape), np.zeros(3)])
    ones = np.ones((1, 28, 28, 1), "float32")
    network = one({"x": model}).network
    for number, each in enumerate(model.layers[: len(layers)]):
        numbers = np.asarray(keras.Model(model.inputs[0], each.output)(ones))[0, :, :, 0]
        rows, columns = (np.array(axis) for axis in sees_padding(network, number))
        np.testing.assert_array_equal(numbers < numbers.max(), rows[:, None] | columns)


def test_what_train_briefly_returns_is_a_network_too(same):
    found = one({"same": Training(1, 0.5, 2.0, same)})
    assert isinstance(found, DigitNetwork)
    assert found.map_layers == tuple(layer.name for layer in same.layers[:2])


def test_the_time_for_one_picture_is_measured_once(same):
    found = one({"same": same})
    first = found.milliseconds
    assert first > 0
    assert found.milliseconds == first


def test_numbers_that_are_none_are_said_in_words(same):
    import keras

    broken = keras.models.clone_model(same)
    broken.layers[0].set_weights([np.full((3, 3, 1, 3), np.nan), np.zeros(3)])
    with pytest.raises(ValueError, match="NaN"):
        one({"x": broken}).run(np.ones((28, 28), np.uint8))
    with pytest.raises(ValueError, match="softmax"):
        one({"x": built({}, activation=None)}).run(np.full((28, 28), 255, np.uint8))


class Odd(dict):
    def items(self):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("trained", "said"),
    [
        (None, "are missing"),
        (Odd(), "are missing"),
        ({"valid": None}, "valid: this is not a trained network"),
        ({"valid": Training(1, 1.0, 1.0, None)}, "valid: this is not a trained network"),
        ({7: "x"}, "a network without a name: this is not a trained network"),
    ],
)
def test_junk_is_explained_in_a_sentence(trained, said):
    assert said in one(trained)


def test_a_network_for_another_task_is_a_sentence():
    assert "does not take (28, 28, 1)" in one({"x": built({}, units=3)})
    assert "does not take (28, 28, 1)" in one({"x": built({}, shape=(28, 28, 3))})
    assert "has no convolution" in one({"x": built()})


def test_no_more_than_four_are_read(same):
    found = list(read_networks({str(i): same for i in range(6)}))
    assert len(found) == 5
    assert found[-1] == "Only the first 4 networks are shown."
