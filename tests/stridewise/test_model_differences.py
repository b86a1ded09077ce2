"""What a model differs in from the network that the lesson asks for."""

import pytest

from stridewise.layers import layer
from stridewise.lesson_models import lesson_network
from stridewise.model_differences import model_differences
from stridewise.network import Network

ASKED = lesson_network("same")
LAYERS = ASKED.layers


def of(layers, shape=(28, 28, 1)):
    return model_differences(Network.sequential(layers, shape), ASKED)


def test_a_model_as_asked_for_differs_in_nothing_whatever_its_activations():
    plain = [layer("Conv2D", 32, 3, padding="same") for _ in range(3)]
    assert of(LAYERS) == of([*plain, *LAYERS[3:]]) == []


NARROW = layer("Conv2D", 16, 3, padding="same")
AVERAGE = layer("GlobalAveragePooling2D")
EXAMPLES = {
    "Layer 3 has filters=16; the lesson asks for filters=32.": [*LAYERS[:2], NARROW, *LAYERS[3:]],
    "The lesson asks for Flatten() after layer 3; the model has none there.": [
        *LAYERS[:3],
        *LAYERS[4:],
    ],
    "Layer 4, Dropout, is one that the lesson does not ask for.": [
        *LAYERS[:3],
        layer("Dropout", 0.5),
        *LAYERS[3:],
    ],
    "Layer 4 is GlobalAveragePooling2D; the lesson asks for Flatten().": [
        *LAYERS[:3],
        AVERAGE,
        *LAYERS[4:],
    ],
}


@pytest.mark.parametrize("message", EXAMPLES)
def test_the_layer_and_the_argument_are_named(message):
    assert message in of(EXAMPLES[message])[0]


def test_another_input_is_named_first():
    message = of(LAYERS, (28, 28, 3))
    assert message == [
        "The model takes images of shape (28, 28, 3); the lesson asks for (28, 28, 1)."
    ]


def test_no_more_than_three_are_named():
    few = [layer("Conv2D", 4, 5) for _ in range(3)]
    message = of([*few, layer("Flatten"), layer("Dense", 9), layer("Dense", 8)])
    assert len(message) == 4
    assert message[-1] == "2 more differ."
    assert of([*few, layer("Flatten"), layer("Dense", 9), LAYERS[-1]])[-1] == "1 more differs."
