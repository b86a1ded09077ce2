from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stridewise.layers import layer
from stridewise.lesson_models import lesson_network
from stridewise.network import Network
from stridewise.predictions import FormError
from stridewise.single_layer import keras_line, keras_lines, output_of
from stridewise.variants import your_network

IMAGE = (28, 28, 1)
convolutions = st.fixed_dictionaries(
    {
        "filters": st.integers(1, 40),
        "kernel_size": st.integers(1, 9),
        "strides": st.integers(1, 5),
        "padding": st.sampled_from(["valid", "same"]),
        "use_bias": st.booleans(),
    }
)


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Conv2D", {"filters": 16, "kernel_size": 9, "strides": 2}),
        ("SeparableConv2D", {"filters": 16, "kernel_size": 3, "strides": 3, "padding": "same"}),
        ("Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2}),
        ("MaxPooling2D", {"pool_size": 3}),
        ("Flatten", {}),
    ],
)
def test_a_keras_layer_makes_what_keras_says(keras, name, arguments):
    one = getattr(keras.layers, name)(**arguments)
    assert output_of(one, IMAGE) == tuple(one.compute_output_shape((None, *IMAGE)))


def test_a_dict_of_arguments_is_read_as_a_convolution():
    assert output_of({"filters": 16, "kernel_size": (9, 9), "strides": 2}, IMAGE)[1:] == (
        10,
        10,
        16,
    )


def test_a_layer_read_as_data_makes_the_same(keras):
    one = keras.layers.Conv2D(16, 3, strides=3, padding="same")
    data = SimpleNamespace(class_name="Conv2D", config=one.get_config())
    assert output_of(data, IMAGE) == output_of(one, IMAGE) == (None, 10, 10, 16)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("Conv2D", id="text"),
        pytest.param(..., id="unanswered"),
        pytest.param({"filters": 3}, id="argument-missing"),
        pytest.param({"filters": 3, "kernel_size": 3, "stride": 2}, id="argument-unknown"),
        pytest.param({"filters": 3, "kernel_size": 40}, id="kernel-too-large"),
        pytest.param({1: 2}, id="no-arguments"),
        pytest.param(lesson_network("valid"), id="network"),
    ],
)
def test_an_answer_that_is_not_a_fitting_layer_is_explained(answer):
    with pytest.raises(FormError):
        output_of(answer, IMAGE)


@settings(deadline=None, max_examples=50)
@given(arguments=convolutions)
def test_keras_reads_the_line_as_the_same_layer(keras, arguments):
    one = layer("Conv2D", **arguments)
    built = eval(keras_line(one), {"Conv2D": keras.layers.Conv2D})  # noqa: S307 - our own text
    assert {key: built.get_config()[key] for key in arguments} == {
        key: one.config[key] for key in arguments
    }


@pytest.mark.parametrize("student", ["ada", "grace", "instructor"])
def test_its_lines_copied_into_a_model_build_a_drawn_network(keras, student):
    names = {name: getattr(keras.layers, name) for name in ("Conv2D", "Dense", "Flatten")}
    lines = keras_lines(your_network(student))
    layers = eval(f"[{lines}]", names | {"keras": keras})  # noqa: S307 - as above
    built = Network.from_keras(keras.Sequential(layers))
    assert built.shapes == your_network(student).shapes
    assert built.parameters == your_network(student).parameters
