"""Networks as lines of Keras that somebody typed: read, never run."""

from __future__ import annotations

import pytest

from stridewise.keras_lines import read_network

IMAGE = (28, 28, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Conv2D(32, 3)\nFlatten()\nDense(10)",
        "keras.layers.Conv2D(32, 3),\nlayers.Flatten(),\nDense(10),",
        """import keras
model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)), layers.Conv2D(32, 3), layers.Flatten(), layers.Dense(10)])
model.summary()""",
        """model = Sequential()
model.add(Conv2D(32, 3, input_shape=(28, 28, 1)))
model.add(Flatten())  # then one vector
model.add(Dense(10))""",
    ],
    ids=["lines", "list-without-brackets", "sequential", "add"],
)
def test_each_usual_way_of_writing_a_network_is_read(text):
    network = read_network(text, IMAGE)
    assert [row.output_shape for row in network.rows] == [
        (None, 26, 26, 32),
        (None, 21_632),
        (None, 10),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no layer yet"),
        ("keras.Input(shape=(28, 28, 1))", "no layer after the input"),
        ("Conv2D(32, 3)\nprint(1)", "line 2: .*'print'|line 2: .*print"),
        ("Conv2D(32, 3)\nfor x in y: pass", "line 2: this is not a layer"),
        ("Conv2D(32, kernel)", "line 1: .*literal"),
        ("Conv2D(32, 3", "not Python"),
        ("keras.Input(shape=(None, 28, 1))\nFlatten()", "whole numbers"),
        ("Conv2D(32, 30)", "does not fit"),
        ("__import__('os').system('true')", "line 1:"),
        ("x = 3", "not a layer"),
        ("Dense(1)\n" * 500, "more than 200"),
        ("#" * 30_000, "characters"),
        ("(" * 5_000, "Python"),
    ],
)
def test_what_is_not_a_network_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match=words):
        read_network(text, IMAGE)
