"""Networks read from Keras's configs, or built without Keras; Keras is the oracle."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stridewise.layers import UnsupportedLayer, layer
from stridewise.network import Network, Row
from stridewise.receptive import receptive_field

IMAGE = (28, 28, 1)


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def keras_rows(model):
    return [
        (each.name, type(each).__name__, tuple(each.output.shape), each.count_params())
        for each in model.layers
    ]


def trainable(model):
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def assert_agrees(model):
    """Compare rows and totals, from the model, its config and its JSON."""
    for form in (model, model.get_config(), model.to_json()):
        network = Network.from_keras(form)
        rows = [(row.name, row.type, row.output_shape, row.parameters) for row in network.rows]
        assert rows == keras_rows(model)
        assert network.total_parameters == model.count_params()
        assert network.trainable_parameters == trainable(model)


def branches(keras, source, **conv):
    """Return a small model with two branches that meet."""
    left = keras.layers.Conv2D(4, 3, padding="same", **conv)(source)
    right = keras.layers.Conv2D(4, 1, **conv)(source)
    return keras.layers.Concatenate()([left, right, keras.layers.Add()([left, right])])


def test_a_sequential_model_shows_no_input_layer(keras):
    model = keras.Sequential([keras.Input(IMAGE), keras.layers.Flatten(), keras.layers.Dense(3)])
    assert_agrees(model)
    assert Network.from_keras(model).input_shape == (None, 28, 28, 1)


def test_a_functional_model_shows_its_input_layer_and_its_branches(keras):
    source = keras.Input((8, 8, 3))
    assert_agrees(keras.Model(source, branches(keras, source)))


def test_a_shared_layer_is_counted_once(keras):
    source = keras.Input((8, 8, 3))
    shared = keras.layers.Conv2D(3, 3, padding="same")
    model = keras.Model(source, shared(shared(shared(source))))
    assert_agrees(model)
    assert Network.from_keras(model).total_parameters == 84


def test_the_row_of_a_shared_layer_describes_its_first_call(keras):
    source = keras.Input((8, 8, 3))
    shared = keras.layers.Conv2D(3, 3, strides=2, padding="same", name="shared")
    model = keras.Model(source, shared(shared(source)))
    assert_agrees(model)
    assert Network.from_keras(model).shapes == [(None, 8, 8, 3), (None, 4, 4, 3)]


def test_a_model_within_a_model_may_take_its_input_shape_from_there(keras):
    inner = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(2)], name="inner")
    config = keras.Sequential([keras.Input((4, 3)), inner]).get_config()
    whole = Network.from_keras(config)
    del config["layers"][1]["config"]["layers"][0]  # its input layer
    assert (
        Network.from_keras(config).rows == whole.rows == [Row("inner", "Sequential", (None, 2), 26)]
    )


def test_several_inputs_and_outputs(keras):
    image, extra = keras.Input((8, 8, 3), name="image"), keras.Input((5,), name="extra")
    flat = keras.layers.Flatten()(branches(keras, image))
    joined = keras.layers.Concatenate()([flat, keras.layers.Dense(4)(extra)])
    outputs = {"b": keras.layers.Dense(2)(joined), "a": keras.layers.Dense(1)(flat)}
    model = keras.Model({"image": image, "extra": extra}, outputs)
    assert_agrees(model)
    assert Network.from_keras(model).input_shape == ((None, 5), (None, 8, 8, 3))


def test_models_within_a_model(keras):
    inner = keras.Input((8, 8, 3))
    functional = keras.Model(inner, branches(keras, inner), name="inner")
    head = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(2)], name="head")
    source = keras.Input((8, 8, 3))
    three = keras.layers.Conv2D(3, 1)
    assert_agrees(keras.Model(source, head(functional(three(functional(source))))))
    assert_agrees(keras.Model(source, functional(three(functional(source)))))


def test_a_model_within_a_model_may_see_another_size(keras):
    inner = keras.Input((None, None, 3))
    convolutions = keras.Model(inner, keras.layers.Conv2D(4, 3, strides=2)(inner), name="inner")
    source = keras.Input((9, 9, 3))
    model = keras.Model(source, keras.layers.Flatten()(convolutions(source)))
    row = Network.from_keras(model).rows[1]
    assert row == Row("inner", "Functional", (None, 4, 4, 4), 112)
    assert Network.from_keras(model).shapes[-1] == tuple(model.output.shape) == (None, 64)


def test_a_model_within_a_model_with_two_outputs_has_a_row_with_two_shapes(keras):
    inner = keras.Input((4,))
    outputs = [keras.layers.Dense(2)(inner), keras.layers.Dense(3)(inner)]
    source = keras.Input((4,))
    first, second = keras.Model(inner, outputs, name="inner")(source)
    model = keras.Model(source, [second, first])
    assert Network.from_keras(model).shapes == [(None, 4), ((None, 2), (None, 3))]


def test_arithmetic_between_layers_shows_no_row(keras):
    source = keras.Input((8, 8, 3))
    scaled = keras.ops.relu(source * 2 + keras.layers.Conv2D(3, 1)(source))
    assert_agrees(keras.Model(source, keras.layers.Flatten()(scaled)))


def test_sizes_that_vary_stay_unknown(keras):
    source = keras.Input((None, 20, 3))
    assert_agrees(keras.Model(source, branches(keras, source)))


def test_a_batch_size_that_is_fixed_is_kept(keras):
    source = keras.Input((8, 8, 3), batch_size=5)
    assert_agrees(keras.Model(source, branches(keras, source)))


def test_channels_may_come_first(keras):
    first = {"data_format": "channels_first"}
    model = keras.Sequential(
        [
            keras.Input((3, 9, 8)),
            keras.layers.Conv2D(6, (3, 2), strides=2, **first),
            keras.layers.MaxPooling2D(padding="same", **first),
            keras.layers.BatchNormalization(axis=1),
            keras.layers.GlobalAveragePooling2D(keepdims=True, **first),
        ]
    )
    assert_agrees(model)


@pytest.mark.parametrize("frozen", ["layer", "inner", "whole"])
def test_frozen_weights_are_not_trainable(keras, frozen):
    inner = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)], name="inner")
    norm = keras.layers.BatchNormalization(trainable=frozen != "layer")
    model = keras.Sequential([keras.Input((8, 8, 3)), inner, norm, keras.layers.Dense(2)])
    inner.trainable = frozen != "inner"
    model.trainable = frozen != "whole"
    model.layers[-1].trainable = True
    if frozen == "layer":
        norm.trainable = False
    assert_agrees(model)


def test_a_model_without_an_input_says_how_to_give_one(keras):
    unbuilt = keras.Sequential([keras.layers.Dense(3)])
    with pytest.raises(ValueError, match=r"no input shape yet; begin it with keras.Input"):
        Network.from_keras(unbuilt)


def test_a_model_built_late_is_read(keras):
    model = keras.Sequential([keras.layers.Conv2D(3, 3), keras.layers.Flatten()])
    model.build((None, 8, 8, 2))
    assert_agrees(model)


CONVOLUTIONS = st.lists(
    st.tuples(
        st.sampled_from(["Conv2D", "SeparableConv2D", "MaxPooling2D"]),
        st.integers(1, 4),
        st.integers(1, 3),
        st.sampled_from(["valid", "same"]),
    ),
    max_size=4,
)


@given(CONVOLUTIONS, st.integers(1, 20), st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_networks_built_here_are_those_that_keras_builds(keras, convolutions, size, channels):
    calls = [
        (
            kind,
            (window,) if kind == "MaxPooling2D" else (5, window),
            (("strides", steps), ("padding", padding)),
        )
        for kind, window, steps, padding in convolutions
    ]
    calls += [("Flatten", (), ()), ("Dense", (3,), ())]
    named = [(kind, args, dict(more, name=f"l{n}")) for n, (kind, args, more) in enumerate(calls)]
    theirs = [getattr(keras.layers, kind)(*args, **more) for kind, args, more in named]
    ours = [layer(kind, *args, **more) for kind, args, more in named]
    shape = (size, size, channels)
    try:
        model = keras.Sequential([keras.Input(shape), *theirs])
    except ValueError:
        with pytest.raises(ValueError, match="does not fit"):
            Network.sequential(ours, shape)
        return
    network = Network.sequential(ours, shape)
    assert network.rows == [Row(*row) for row in keras_rows(model)]
    assert network.rows == Network.from_keras(model).rows
    assert network.trainable_parameters == trainable(model)


@pytest.mark.parametrize(
    "layers",
    [
        pytest.param([layer("Input", IMAGE), layer("Flatten")], id="input"),
        pytest.param([layer("InputLayer", batch_shape=(None, *IMAGE)), layer("Flatten")], id="b"),
        pytest.param([layer("Flatten", input_shape=IMAGE)], id="old-way"),
    ],
)
def test_the_layers_may_give_the_input_shape(layers):
    network = Network.sequential(layers)
    assert network.rows == [Row("flatten", "Flatten", (None, 784), 0)]


def test_layers_without_a_name_are_numbered_as_keras_does():
    layers = [layer("Dense", 2), layer("Dense", 2, name="mine"), layer("Dense", 2)]
    names = [row.name for row in Network.sequential(layers, (3,)).rows]
    assert names == ["dense", "mine", "dense_1"]


def test_a_network_may_be_inside_another():
    inner = Network.sequential([layer("Conv2D", 4, 3)], (8, 8, 3), name="inner")
    network = Network.sequential([inner, layer("Flatten")], (8, 8, 3))
    assert network.rows[0] == Row("inner", "Sequential", (None, 6, 6, 4), 112)
    assert network.total_parameters == 112


def test_a_network_is_read_as_itself():
    network = Network.sequential([layer("Dense", 2)], (3,))
    assert Network.from_keras(network) is network


@pytest.mark.parametrize(
    ("layers", "shape", "message"),
    [
        pytest.param([], (3,), "has no layers", id="empty"),
        pytest.param([layer("Dense", 2)], None, "has no input shape yet", id="no-input"),
        pytest.param([layer("Input", (3,))], (3,), "given twice", id="two-inputs"),
        pytest.param([layer("Dense", 2), layer("Input", (3,))], (3,), "comes after", id="late"),
        pytest.param([layer("Add")], (3,), "'add' takes several inputs", id="merge"),
        pytest.param(
            [layer("Dense", 2, name="a")] * 2, (3,), "is in the network twice", id="same-layer"
        ),
        pytest.param(
            [layer("Dense", 2, name="a"), layer("Dense", 2, name="a")], (3,), "same name", id="name"
        ),
    ],
)
def test_what_is_no_network_is_refused(layers, shape, message):
    with pytest.raises(ValueError, match=message):
        Network.sequential(layers, shape)


def wrapped(entry):
    """Return the config of a Sequential model that holds one layer."""
    config = {"batch_shape": (None, 8), "name": "input"}
    source = {"module": "keras.layers", "class_name": "InputLayer", "config": config}
    return {"name": "model", "layers": [source, entry]}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        pytest.param(
            {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "mine"}},
            "layer 'mine': layer class 'Lambda'",
            id="lambda",
        ),
        pytest.param(
            {"module": "student", "class_name": "Dense", "config": {"name": "mine", "units": 3}},
            "layer 'mine': layer class 'Dense' of module 'student'",
            id="a-class-of-the-same-name",
        ),
        pytest.param(
            {"module": None, "class_name": "Sequential", "config": {"name": "mine", "layers": []}},
            "layer 'mine': layer class 'Sequential' of module None",
            id="a-model-of-the-same-name",
        ),
        pytest.param(
            {
                "module": "keras.layers",
                "class_name": "Dense",
                "config": {"name": "mine", "units": 3, "shape_shift": 1},
            },
            "layer 'mine': Dense has no argument 'shape_shift'",
            id="an-argument-of-tomorrow",
        ),
        pytest.param(
            {
                "module": "keras.layers",
                "class_name": "Dense",
                "config": {"name": "mine", "units": 3, "lora_rank": 2},
            },
            "layer 'mine': Dense: lora_rank=2 is not supported",
            id="an-argument-that-is-not-honoured",
        ),
    ],
)
def test_what_is_not_known_is_never_guessed(entry, message):
    with pytest.raises(UnsupportedLayer, match=message):
        Network.from_keras(wrapped(entry))


KERAS_2 = Path(__file__).parent / "keras_2"  # written by tf_keras 2.21, Keras 2 as it is kept


def keras_2_models(keras):
    """The same models in Keras 3."""
    make = keras.layers
    sequential = keras.Sequential(
        [
            keras.Input(IMAGE),
            make.Conv2D(4, 3, activation="relu"),
            make.BatchNormalization(),
            make.MaxPooling2D(2),
            make.DepthwiseConv2D(3),
            make.SeparableConv2D(5, 3, padding="same"),
            make.LeakyReLU(0.2),
            make.Dropout(0.5),
            make.ZeroPadding2D(1),
            make.UpSampling2D(2),
            make.GlobalAveragePooling2D(),
            make.Dense(3, activation="softmax"),
        ]
    )
    source = keras.Input((16, 16, 3))
    left, right = make.Conv2D(8, 3, padding="same")(source), make.Conv2D(8, 1)(source)
    joined = make.Concatenate()([make.Add()([left, right]), left])
    grown = make.Conv2DTranspose(4, 3, strides=2)(make.LayerNormalization()(joined))
    inner = keras.Sequential([keras.Input((33, 33, 4)), make.Conv2D(2, 3)])
    ends = make.Dense(2)(make.Flatten()(inner(make.ReLU(6.0)(grown))))
    plain = keras.Sequential([keras.Input(IMAGE), make.Conv2D(4, 3), make.Flatten(), make.Dense(3)])
    return {
        "sequential": sequential,
        "functional": keras.Model(source, ends),
        "no_modules": plain,
    }


@pytest.mark.parametrize("name", ["sequential", "functional", "no_modules"])
def test_a_file_that_keras_2_wrote_is_read(keras, name):
    model = keras_2_models(keras)[name]
    text = (KERAS_2 / f"{name}.json").read_text()
    for form in (text, json.loads(text), json.loads(text)["config"]):
        network = Network.from_keras(form)
        assert [row.output_shape for row in network.rows] == [
            tuple(each.output.shape) for each in model.layers
        ]
        assert network.parameters == [each.count_params() for each in model.layers]
        assert network.total_parameters == model.count_params()
        assert network.trainable_parameters == trainable(model)


def test_a_sequential_of_early_keras_2_is_a_list_of_layers():
    layers = json.loads((KERAS_2 / "no_modules.json").read_text())["config"]["layers"]
    network = Network.from_keras({"class_name": "Sequential", "config": layers})
    assert network.total_parameters == 8155


def test_text_that_is_no_json_is_called_text():
    with pytest.raises(ValueError, match="this is text, not a model"):
        Network.from_keras("keras.Sequential([...])")


@pytest.mark.parametrize(
    "later",
    [
        pytest.param({"of_a_later_version": None}, id="none"),
        pytest.param({"dilation_rate": [1, 1]}, id="the-default-of-other-layers"),
        pytest.param({"padding": "valid", "groups": 1}, id="several"),
        pytest.param({"pool_initializer": {"class_name": "Ones"}}, id="how-weights-begin"),
    ],
)
def test_an_argument_of_a_later_version_that_changes_nothing_is_passed_over(later):
    config = {"name": "mine", "units": 3, **later}
    entry = {"module": "keras.layers", "class_name": "Dense", "config": config}
    assert Network.from_keras(wrapped(entry)).total_parameters == 27


@pytest.mark.parametrize("later", [{"dilation_rate": 2}, {"groups": 2}, {"of_a_later": False}])
def test_an_argument_of_a_later_version_that_may_change_a_shape_is_named(later):
    config = {"name": "mine", "units": 3, **later}
    entry = {"module": "keras.layers", "class_name": "Dense", "config": config}
    with pytest.raises(UnsupportedLayer, match=f"Dense has no argument '{next(iter(later))}'"):
        Network.from_keras(wrapped(entry))


@pytest.mark.parametrize("frozen", [False, True])
def test_a_layer_used_alone_and_in_a_model_that_holds_it_is_counted_once(keras, frozen):
    shared = keras.layers.Dense(10, trainable=not frozen)
    inner = keras.Sequential([keras.Input((10,)), shared])
    source = keras.Input((10,))
    model = keras.Model(source, shared(inner(source)))
    network = Network.from_keras(model)
    assert network.total_parameters == model.count_params() == 110
    assert network.trainable_parameters == trainable(model) == (0 if frozen else 110)
    assert [row.parameters for row in network.rows] == [0, 110, 110]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"layers": 3, "name": "m"},
        {"name": "m", "layers": [{"class_name": "Dense"}]},
        {"name": "m", "layers": [], "input_layers": [["a", 0, 0]], "output_layers": []},
        {"class_name": "Sequential", "config": None},
        wrapped({"module": "keras.layers", "class_name": "Dense", "config": {"name": "d"}}),
        '{"a": ',
        "[1]",
        "3",
    ],
)
def test_what_is_no_config_is_an_error_and_not_a_crash(config):
    with pytest.raises(ValueError, match=r"."):
        Network.from_keras(config)


@pytest.mark.parametrize("value", [None, 3, [1], ...])
def test_what_is_no_model_is_refused(value):
    with pytest.raises(TypeError, match="takes a Keras model"):
        Network.from_keras(value)


def test_a_model_that_is_a_class_of_its_own_is_refused(keras):
    class Mine(keras.Model):
        def __init__(self, *units):
            super().__init__()
            self.dense = [keras.layers.Dense(each) for each in units]

    for model in (Mine(), Mine(3)):
        with pytest.raises(UnsupportedLayer, match=r"'mine.*' does not list its layers; build it"):
            Network.from_keras(model)


def test_a_graph_that_is_not_whole_is_refused(keras):
    source = keras.Input((4,))
    config = keras.Model(source, keras.layers.Dense(2, name="last")(source)).get_config()
    config["layers"][1]["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = ["gone", 0, 0]
    with pytest.raises(ValueError, match="layer 'last' reads"):
        Network.from_keras(config)


def test_a_config_is_read_without_tensorflow(keras):
    source = keras.Input((8, 8, 3))
    model = keras.Model(source, branches(keras, source))
    program = (
        "import sys, json, stridewise\n"
        "text = sys.stdin.read()\n"
        "network = stridewise.Network.from_keras(text)\n"
        "assert network.rows == stridewise.Network.from_keras(json.loads(text)['config']).rows\n"
        "assert not {'tensorflow', 'keras', 'numpy'} & set(sys.modules)\n"
        "print(network.total_parameters)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=model.to_json(), capture_output=True, text=True,
        check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == (str(model.count_params()), "")


def test_importing_the_library_quietens_tensorflow_and_does_not_import_it():
    program = (
        "import os, sys, stridewise, json\n"
        "names = ('TF_CPP_MIN_LOG_LEVEL', 'TF_ENABLE_ONEDNN_OPTS')\n"
        "loud = sorted({'tensorflow', 'keras', 'numpy'} & set(sys.modules))\n"
        "print(json.dumps([[os.environ[name] for name in names], loud]))"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    clean["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=clean
    )
    assert json.loads(done.stdout) == [["3", "0"], []]


STACKS = st.lists(
    st.tuples(
        st.sampled_from(["Conv1D", "MaxPooling1D", "ReLU"]),
        st.integers(1, 4),
        st.integers(1, 3),
        st.integers(1, 2),
    ),
    min_size=1,
    max_size=4,
)


def one_of_stack(kind, window, strides, dilation_rate):
    if kind == "ReLU":
        return layer("ReLU")
    if kind == "MaxPooling1D":
        return layer("AveragePooling1D", window, strides)
    if strides > 1:
        return layer("Conv1D", 1, window, strides)
    return layer("Conv1D", 1, window, dilation_rate=dilation_rate)


@given(STACKS)
@settings(max_examples=25, deadline=None)
def test_a_receptive_field_is_what_the_pixels_say(keras, stack):
    layers = [one_of_stack(*each) for each in stack]
    field = receptive_field(Network.sequential(layers, (400, 1)), -1)
    values = keras.ops.zeros((401, 400, 1))
    pixels = np.array(values)
    pixels[np.arange(400), np.arange(400), 0] = 1.0  # one pixel lit in each image, and none
    output = pixels
    for each in layers:
        made = getattr(keras.layers, each.type)(**each.config)
        made.build(output.shape)
        made.set_weights(
            [np.ones(weight.shape) for weight in made.weights[:1]]
            + [np.zeros(1)][: len(made.weights) - 1]
        )
        output = np.array(made(output))
    middle = output.shape[1] // 2
    lit = np.flatnonzero(output[:400, middle, 0] != output[400, middle, 0])
    assert field == (lit[-1] - lit[0] + 1,)


def test_receptive_fields_may_differ_by_axis_and_are_found_by_name():
    first = layer("Conv2D", 4, (3, 5), strides=(1, 2), name="first")
    network = Network.sequential([first, layer("Conv2D", 4, 3, name="second")], IMAGE)
    assert receptive_field(network, "first") == receptive_field(network, 0) == (3, 5)
    assert receptive_field(network, "second") == (5, 9)


def test_dilation_and_pooling_widen_a_receptive_field():
    layers = [layer("Conv2D", 4, 3, dilation_rate=(2, 1)), layer("MaxPooling2D"), layer("ReLU")]
    network = Network.sequential([*layers, layer("Conv2D", 4, 3)], IMAGE)
    assert [receptive_field(network, place) for place in (0, 1, 3)] == [(5, 3), (6, 4), (10, 8)]


@pytest.mark.parametrize(
    ("where", "message"),
    [("third", "no layer has the name 'third'"), (7, "no layer 7"), (1, "does not read")],
)
def test_a_receptive_field_that_is_none_is_refused(where, message):
    network = Network.sequential([layer("Conv2D", 4, 3), layer("Flatten")], IMAGE)
    with pytest.raises(ValueError, match=message):
        receptive_field(network, where)


def test_a_receptive_field_needs_a_chain(keras):
    source = keras.Input((8, 8, 3))
    network = Network.from_keras(keras.Model(source, branches(keras, source)))
    with pytest.raises(UnsupportedLayer, match="this is not a chain"):
        receptive_field(network, -1)
