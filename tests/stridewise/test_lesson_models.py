import pytest

from stridewise.lesson_models import lesson_network
from stridewise.network import Network
from stridewise.receptive import receptive_field

WINDOWS = {
    "valid": {"padding": "valid"},
    "same": {"padding": "same"},
    "stride": {"padding": "same", "strides": (2, 2)},
}


def keras_model(name):
    """Return the lesson's model, built by Keras."""
    import keras

    keras.backend.clear_session()
    layers = [keras.layers.Conv2D(32, (3, 3), activation="relu", **WINDOWS[name]) for _ in range(3)]
    dense = [keras.layers.Dense(128, "relu"), keras.layers.Dense(10, "softmax")]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers, keras.layers.Flatten(), *dense])


@pytest.mark.parametrize("name", WINDOWS)
def test_a_lesson_network_is_the_model_that_keras_builds(name):
    model = keras_model(name)
    ours = lesson_network(name)
    assert ours.rows == Network.from_keras(model).rows
    assert ours.shapes == [tuple(layer.output.shape) for layer in model.layers]
    assert ours.parameters == [layer.count_params() for layer in model.layers]
    assert ours.total_parameters == model.count_params()


@pytest.mark.parametrize(
    ("name", "sizes", "total", "field"),
    [
        ("valid", [26, 24, 22], 2_002_698, 7),
        ("same", [28, 28, 28], 3_231_498, 7),
        ("stride", [14, 7, 4], 85_770, 15),
    ],
)
def test_a_lesson_network_has_the_numbers_of_the_lesson(name, sizes, total, field):
    network = lesson_network(name)
    assert [shape[1] for shape in network.shapes[:3]] == sizes
    assert network.total_parameters == network.trainable_parameters == total
    assert receptive_field(network, 2) == (field, field)


def test_another_name_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match="'full' is not known; use one of 'valid', 'same'"):
        lesson_network("full")
