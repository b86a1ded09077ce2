"""Keras is the oracle: what it makes of drawn arguments, and what it refuses."""

import inspect
import math
import re
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layer_strategies import MERGING, NAMES, SINGLE, calls, shapes

from stridewise.layers import Effect, Layer, UnsupportedLayer, build, layer, layer_of, reading
from stridewise.layers.registry import ALIASES, RULES
from stridewise.layers.rule import REQUIRED

ORACLE = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def count(weights):
    return sum(math.prod(weight.shape) for weight in weights)


def keras_effect(keras, name, positional, values, *input_shapes):
    """Return what Keras makes of a layer, or None where it refuses."""
    inputs = [keras.KerasTensor(shape) for shape in input_shapes]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = getattr(keras.layers, name)(*positional, **values)
            output = made(inputs if RULES[name].merges else inputs[0])
    except Exception:  # noqa: BLE001 - Keras refuses with errors of every kind
        return None
    fixed = count(made.non_trainable_weights)
    return Effect(tuple(output.shape), count(made.trainable_weights), fixed)


def our_effect(name, positional, values, *input_shapes):
    try:
        return build(layer(name, *positional, **values), *input_shapes)
    except (TypeError, ValueError):
        return None


def agree(keras, name, data):
    positional, values = data.draw(calls(name))
    shape = data.draw(shapes(name))
    expected = keras_effect(keras, name, positional, values, shape)
    assert our_effect(name, positional, values, shape) == expected


@pytest.mark.parametrize("name", SINGLE)
@given(data=st.data())
@ORACLE
def test_a_layer_makes_what_keras_makes_and_refuses_what_keras_refuses(keras, name, data):
    agree(keras, name, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", SINGLE)
@given(data=st.data())
@settings(ORACLE, max_examples=250)
def test_a_layer_agrees_with_keras_on_many_more_arguments(keras, name, data):
    agree(keras, name, data)


@pytest.mark.parametrize("name", MERGING)
@given(data=st.data())
@ORACLE
def test_a_merge_makes_what_keras_makes_and_refuses_what_keras_refuses(keras, name, data):
    positional, values = data.draw(calls(name))
    first = data.draw(shapes(name))
    others = st.tuples(*(st.sampled_from([size, size, size, 1, 3, None]) for size in first))
    inputs = (first, *data.draw(st.lists(others, min_size=1, max_size=2)))
    expected = keras_effect(keras, name, positional, values, *inputs)
    ours = our_effect(name, positional, values, *inputs)
    summed_over_batch = name == "Dot" and ours is None  # Keras only refuses once it runs
    assert ours == expected or summed_over_batch


@pytest.mark.parametrize("name", NAMES)
def test_arguments_have_keras_order_and_keras_defaults(keras, name):
    parameters = dict(inspect.signature(getattr(keras.layers, name)).parameters)
    parameters.pop("kwargs", None)
    ours = RULES[name].arguments
    assert list(ours) == list(parameters)
    defaults = [REQUIRED if p.default is p.empty else p.default for p in parameters.values()]
    if name not in ("Input", "InputLayer"):
        assert [argument.default for argument in ours.values()] == defaults


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_keras_has_the_same_second_names(keras, alias, name):
    if alias != "Input":
        assert getattr(keras.layers, alias) is getattr(keras.layers, name)
    assert layer("MaxPool2D", 3) == layer("MaxPooling2D", 3)


@pytest.mark.parametrize(
    ("module", "ours"),
    [
        ("activations", reading.ACTIVATIONS),
        ("initializers", reading.INITIALIZERS),
        ("regularizers", reading.REGULARIZERS),
        ("constraints", reading.CONSTRAINTS),
    ],
)
def test_the_names_of_functions_are_those_of_keras(keras, module, ours):
    names = set(getattr(keras.src, module).ALL_OBJECTS_DICT)
    abstract = {None, "Initializer", "initializer", "Regularizer", "regularizer"}
    assert ours == names - abstract - {"Constraint", "constraint"}


@pytest.mark.parametrize("name", SINGLE)
@given(data=st.data())
@settings(ORACLE, max_examples=5)
def test_keras_takes_our_config_for_its_own(keras, name, data):
    positional, values = data.draw(calls(name))
    try:
        ours = layer(name, *positional, **values)
    except (TypeError, ValueError):
        return
    theirs = getattr(keras.layers, name)(**ours.config).get_config()
    again = layer_of(name, theirs, "keras.layers")
    shape = data.draw(shapes(name))
    assert outcome(again, shape) == outcome(ours, shape)


def outcome(made, shape):
    try:
        return build(made, shape)
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            lambda: layer("Conv2D", 32, 3, stride=2),
            "Conv2D has no argument 'stride'; did you mean 'strides'",
            id="stride",
        ),
        pytest.param(lambda: layer("Conv2D", 32, 3, padding=1), "padding=1 is not known", id="pad"),
        pytest.param(lambda: layer("Conv2D", 32, 0), "kernel_size=0 must be 1 or more", id="zero"),
        pytest.param(lambda: layer("Conv2D", 32), "Conv2D: kernel_size is missing", id="missing"),
        pytest.param(lambda: layer("Flatten", None, 1), "1 positional arguments, but 2", id="many"),
        pytest.param(lambda: layer("Dense", 1, units=1), "units is given twice", id="twice"),
        pytest.param(lambda: layer("Dense", True), "units=True is not a whole number", id="bool"),
        pytest.param(
            lambda: layer("Conv2D", 32, 3, 2, dilation_rate=2), "do not go together", id="dilated"
        ),
        pytest.param(
            lambda: layer("Conv2D", 3, 3, groups=2), "filters=3 must be a multiple", id="groups"
        ),
        pytest.param(lambda: layer("Conv2d", 3, 3), "did you mean 'Conv2D'", id="class"),
        pytest.param(lambda: layer("LayerScale", 1, 3), "'LayerScale' is not known", id="private"),
        pytest.param(lambda: layer("Lambda", abs), "'Lambda' is not known", id="lambda"),
        pytest.param(
            lambda: layer("Dense", 3, lora_rank=2), "Dense: lora_rank=2 is not supported", id="lora"
        ),
        pytest.param(
            lambda: build(layer("Conv2D", 1, 5), (None, 3, 9, 1)),
            "Conv2D 'conv2d': kernel_size=5 does not fit in size=3",
            id="too-wide",
        ),
        pytest.param(
            lambda: build(layer("MaxPooling2D", 5), (None, 3, 9, 1)),
            "pool_size=(5, 5) does not fit in an input of (3, 9)",
            id="wide-pool",
        ),
        pytest.param(
            lambda: build(layer("Dense", 5), (None, 3, None)), "is None here", id="unknown-width"
        ),
        pytest.param(
            lambda: build(layer("Conv2D", 1, 1), (None, 28, 28)), "takes an input of 4", id="axes"
        ),
    ],
)
def test_what_cannot_be_is_refused_by_layer_and_argument(call, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        call()


def test_unknown_layers_and_wrong_arguments_raise_different_errors():
    with pytest.raises(UnsupportedLayer):
        layer("Dense", 3, quantization_config={"mode": "int8"})
    with pytest.raises(UnsupportedLayer):
        layer("Dense", 3, dtype="int8_from_float32")


def test_a_frozen_layer_has_no_trainable_parameters():
    frozen = layer("BatchNormalization", trainable=False)
    assert build(frozen, (None, 8, 8, 4)) == Effect((None, 8, 8, 4), 0, 16)


def test_a_layer_may_give_the_input_shape():
    old, older = layer("Dense", 2, input_shape=(5,)), layer("Dense", 2, input_dim=5)
    assert old.config["input_shape"] == older.config["input_shape"] == (5,)
    assert layer("Embedding", 9, 4).config["input_shape"] is None


def test_a_config_holds_every_argument_read():
    config = layer("MaxPooling2D", 3, name="pool").config
    assert (config["strides"], config["data_format"]) == ((3, 3), "channels_last")
    assert layer("MaxPooling2D", 3, name="pool").name == "pool"
    assert layer("ReLU") == Layer("ReLU", layer("ReLU").config, "re_lu")


def test_an_input_is_the_layer_that_it_makes():
    made = layer("Input", (28, 28, 1), name="image")
    assert made == layer("InputLayer", (28, 28, 1), name="image")
    assert layer_of(made.type, made.config, "keras.layers") == made


def test_an_old_name_of_an_argument_is_taken():
    assert layer("LeakyReLU", alpha=0.1) == layer("LeakyReLU", 0.1)


VOLUME, IMAGE, LINE = (None, 7, 6, 5, 4), (None, 9, 8, 4), (None, 9, 4)
TELLING = [
    ("Conv1D", (6, 3), {"padding": "causal", "dilation_rate": 2}, LINE),
    ("Conv2D", (6, 3), {"groups": 2}, IMAGE),
    ("Conv2D", (6, 3), {"use_bias": False}, IMAGE),
    ("Conv2D", (6, (2, 3), (2, 1), "same"), {"data_format": "channels_first"}, IMAGE),
    ("Conv3D", (8, 2), {"strides": 2, "groups": 4}, VOLUME),
    ("Conv1DTranspose", (6, 3, 2), {"output_padding": 1}, LINE),
    ("Conv2DTranspose", (6, 3, 2, "same", 1), {}, IMAGE),
    ("Conv2DTranspose", (6, 3, 2, "same"), {"output_padding": (0, 1), "use_bias": False}, IMAGE),
    ("Conv2DTranspose", (6, 2, 3), {}, IMAGE),
    ("Conv2DTranspose", (6, (2, 3)), {"dilation_rate": 2, "padding": "same"}, IMAGE),
    ("Conv3DTranspose", (6, 2, 2, "same", "channels_last", 1), {}, VOLUME),
    ("DepthwiseConv2D", (3,), {"depth_multiplier": 3}, IMAGE),
    ("DepthwiseConv1D", (3,), {"depth_multiplier": 2, "use_bias": False}, LINE),
    ("SeparableConv2D", (6, 3), {"depth_multiplier": 2, "use_bias": False}, IMAGE),
    ("MaxPooling2D", ((2, 3),), {"padding": "same"}, IMAGE),
    ("AveragePooling3D", (3,), {"strides": (1, 2, 3)}, VOLUME),
    ("GlobalMaxPooling2D", (), {"keepdims": True, "data_format": "channels_first"}, IMAGE),
    ("BatchNormalization", (1,), {"center": False, "renorm": True}, IMAGE),
    ("LayerNormalization", ([1, -1],), {"scale": False}, IMAGE),
    ("GroupNormalization", (-1,), {"axis": 1}, IMAGE),
    ("Normalization", ([1, 3],), {}, IMAGE),
    ("Normalization", (), {"mean": [1.0] * 4, "variance": [1.0] * 4}, IMAGE),
    ("PReLU", (), {"shared_axes": [1, 2]}, IMAGE),
    ("Dense", (5,), {"use_bias": False}, IMAGE),
    ("ZeroPadding2D", (((1, 2), (0, 3)),), {}, IMAGE),
    ("Cropping3D", ((1, 0, (2, 1)),), {}, VOLUME),
    ("Reshape", ((6, -1),), {}, IMAGE),
    ("Permute", ((3, 1, 2),), {}, IMAGE),
    ("UpSampling2D", ((2, 3),), {"data_format": "channels_first"}, IMAGE),
]


@pytest.mark.parametrize(("name", "positional", "values", "shape"), TELLING)
def test_arguments_that_change_the_outcome(keras, name, positional, values, shape):
    expected = keras_effect(keras, name, positional, values, shape)
    assert expected is not None
    assert build(layer(name, *positional, **values), shape) == expected


@pytest.mark.parametrize("shape", [(4, 5, 6), (4, 5, 1), (1, 5, 6)])
@pytest.mark.parametrize("axis", [[3, -1], [1, -1], [1, 1], [1, -3, 2], [2, 2, 3], None, []])
def test_an_axis_named_twice_is_taken_as_keras_takes_it(keras, axis, shape):
    ours = layer("Normalization", axis=axis)
    theirs = keras.layers.Normalization(axis=axis)
    try:
        theirs.build((None, *shape))
    except Exception:  # noqa: BLE001 - TensorFlow's own error, which is no ValueError
        with pytest.raises(ValueError, match="twice"):
            build(ours, (None, *shape))
    else:
        assert build(ours, (None, *shape)).non_trainable == theirs.count_params()
