"""What the widgets compute in the browser, held to Python and to Keras."""

import numpy as np
import pytest

from stridewise import Network, layer, lesson_network, pad_widths
from stridewise.widgets import Explorer, Practice
from stridewise.widgets.assets import module
from stridewise.widgets.stacks import network_of, stack_of

ENTRIES = ["explorer.js", "stack_explorer.js", "practice.js"]
OWN = [[0.5, -1.25, 2], [0, 3, -0.75], [1, 0.125, -2]]
NUMBERS = "(states) => states.map((state) => layerNumbers(state, axes(state).map(plan)))"
ROWS = """(stacks) => stacks.map((stack) => stackRows(stack).map((row) =>
  row.shape ? [row.shape, row.parameters] : null))"""
QUESTIONS = "(settings) => settings.map(question)"


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_module_stands_alone(entry):
    code = module(entry)
    assert 'from "./' not in code
    assert code.count("export default") == 1


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_two_files_share_a_name(entry, javascript):
    assert javascript(entry, "() => 1", None) == 1


def conv2d_of_keras(image, kernel, bias, arguments):
    import keras

    conv = keras.layers.Conv2D(1, kernel.shape[:2], **arguments)
    conv.build((None, *image.shape))
    conv.set_weights([kernel[..., None], np.array([bias], "float32")])
    return np.asarray(conv(image[None]))[0, :, :, 0]


LAYERS = [
    {"strides": strides, "padding": padding, "dilation_rate": rate}
    for padding in ("valid", "same")
    for strides, rate in (((1, 1), (1, 1)), ((2, 3), (1, 1)), ((1, 1), (2, 3)))
]


def state(kernel_size=(3, 3), **given):
    """What the page holds of an Explorer, by the names that its JavaScript reads."""
    explorer = Explorer(input_size=(9, 10), kernel_size=kernel_size, **given)
    return explorer.own_traits()


@pytest.mark.parametrize(
    ("picture", "kernel", "size", "channels"),
    [
        ("edge", "edge", (3, 3), 1),
        ("ramp", "outline", (4, 2), 2),
        ("digit", "sum", (2, 3), 4),
        ("digit", "own", (3, 3), 1),
    ],
)
def test_the_numbers_are_those_of_keras(picture, kernel, size, channels, javascript):
    shown = {"picture": picture, "kernel": kernel, "channels": channels, "bias": 5, "filter": 1}
    if kernel == "own":
        shown["own_kernel"] = OWN
    states = [state(size, **shown, **arguments) for arguments in LAYERS]
    drawn = javascript("explorer.js", NUMBERS, states)
    for arguments, found in zip(LAYERS, drawn, strict=True):
        assert len(found["images"]) == channels
        image, weights = (np.moveaxis(found[name], 0, -1) for name in ("images", "kernels"))
        expected = conv2d_of_keras(image.astype("float32"), weights.astype("float32"), 5, arguments)
        np.testing.assert_allclose(found["output"], expected, atol=1e-4)


@pytest.mark.parametrize("name", ["MaxPooling2D", "AveragePooling2D"])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_pooling_leaves_the_padding_out_as_keras_does(name, padding, javascript):
    import keras

    image = np.random.default_rng(3).integers(-9, 9, (9, 10))
    shown = {"layer": name, "strides": (2, 3), "padding": padding, "image": image}
    (found,) = javascript("explorer.js", NUMBERS, [state((3, 4), **shown)])
    pool = getattr(keras.layers, name)((3, 4), strides=(2, 3), padding=padding)
    expected = pool(image[None, :, :, None].astype("float32"))[0, :, :, 0]
    np.testing.assert_allclose(found["output"], expected, atol=1e-5)


def test_the_edge_of_the_lesson_is_drawn_with_the_numbers_of_the_lesson(javascript):
    shown = Explorer(input_size=5, kernel_size=3).own_traits()
    (found,) = javascript("explorer.js", NUMBERS, [shown])
    assert found["images"] == [[[0, 0, 9, 9, 9]] * 5]
    assert found["kernels"] == [[[-1, 0, 1]] * 3]
    assert found["output"] == [[27, 27, 0]] * 3


def test_a_stack_has_the_rows_of_the_network(javascript):
    pools = [
        layer("Conv2D", 8, kernel_size=(3, 5), strides=(2, 1), padding="same", use_bias=False),
        layer("MaxPooling2D", 2),
        layer("Conv2D", 4, kernel_size=2, dilation_rate=2),
        layer("AveragePooling2D", 3, strides=2, padding="same"),
        layer("Dropout", 0.5),
        layer("GlobalAveragePooling2D"),
        layer("Dense", 3, use_bias=False),
    ]
    networks = [lesson_network(name) for name in ("valid", "same", "stride")]
    networks.append(Network.sequential(pools, input_shape=(31, 20, 3)))
    found = javascript("stack_rules.js", ROWS, [stack_of(network) for network in networks])
    for network, rows in zip(networks, found, strict=True):
        expected = [[list(row.output_shape[1:]), row.parameters] for row in network.rows]
        assert rows == expected


def test_a_stack_stops_at_the_layer_that_does_not_fit(javascript):
    stack = stack_of("valid")
    for one in stack["layers"][:3]:
        one["strides"] = [4, 4]
    rows = javascript("stack_rules.js", "stackRows", stack)
    assert "kernel_size=3 is wider than the 2 pixels" in rows[2]["problem"]["why"]
    assert "kernel_size 1 to 2" in rows[2]["problem"]["fits"]
    assert [row.get("waits") for row in rows[3:]] == ["conv2d_2"] * 3


def settings(**given):
    practice = Practice(**given)
    names = ("seed", "level", "topics", "paddings", "max_strides", "avoid_sizes", "number")
    return {name: getattr(practice, name) for name in names}


def right_by_python(question):
    network = network_of(question)
    first = question["layers"][0]
    if question["topic"] == "parameters":
        return [network.total_parameters]
    if question["topic"] == "zeros":
        size, arguments = question["input_shape"][0], ("kernel_size", "strides")
        kernel_size, strides = (first[name][0] for name in arguments)
        return list(pad_widths(size, kernel_size, strides, "same", first["dilation_rate"][0]))
    return [row.output_shape[1] for row in network.rows]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_what_practice_calls_right_is_right(level, javascript):
    asked = [settings(seed=seed, level=level, number=n) for seed in range(10) for n in range(12)]
    for question in javascript("questions.js", QUESTIONS, asked):
        assert [ask["right"] for ask in question["asks"]] == right_by_python(question)


def test_practice_leaves_out_the_sizes_of_graded_questions(javascript):
    asked = [settings(seed=1, level=level, number=n) for level in (1, 2, 3) for n in range(60)]
    for question in javascript("questions.js", QUESTIONS, asked):
        sizes = [question["input_shape"][0]]
        sizes += [row.output_shape[1] for row in network_of(question).rows if row.type == "Conv2D"]
        assert not {7, 14, 21, 28} & set(sizes)


def test_practice_without_strides_asks_for_none(javascript):
    asked = [
        settings(level=level, max_strides=1, number=n) for level in (1, 2, 3) for n in range(99)
    ]
    questions = javascript("questions.js", QUESTIONS, asked)
    layers = [one for question in questions for one in question["layers"]]
    assert {tuple(one["strides"]) for one in layers if one["type"] == "Conv2D"} == {(1, 1)}


def test_practice_without_same_asks_for_valid_alone(javascript):
    asked = [settings(topics=["size", "stack"], paddings=["valid"], number=n) for n in range(60)]
    questions = javascript("questions.js", QUESTIONS, asked)
    assert {one["padding"] for question in questions for one in question["layers"]} == {"valid"}


ITEM = {"size": 20, "kernel_size": 5, "strides": 2, "padding": "valid", "dilation_rate": 1}


def test_practice_asks_the_follow_up_it_was_given(javascript):
    given = settings(topics=["size"], level=2, number=3) | {"item": {"number": 3, **ITEM}}
    (question,) = javascript("questions.js", QUESTIONS, [given])
    assert (question["input_shape"][0], question["asks"][0]["right"]) == (20, 8)
    assert question["layers"][0]["kernel_size"] == [5, 5]
    assert network_of(question).shapes[0][1] == 8


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"topics": ["zeros"]}, id="topic"),
        pytest.param({"paddings": ["same"]}, id="padding"),
        pytest.param({"max_strides": 1}, id="strides"),
        pytest.param({"avoid_sizes": [20]}, id="graded-input"),
        pytest.param({"avoid_sizes": [8]}, id="graded-output"),
        pytest.param({"number": 4}, id="another-question"),
    ],
)
def test_practice_refuses_a_follow_up_outside_its_settings(other, javascript):
    plain = settings(**{"topics": ["size"], "level": 2, "number": 3} | other)
    wished = plain | {"item": {"number": 3, **ITEM}}
    first, second = javascript("questions.js", QUESTIONS, [plain, wished])
    assert first == second


def test_the_same_seed_asks_the_same_questions(javascript):
    once, other = settings(seed=7, number=4), settings(seed=8, number=4)
    first, again, different = javascript("questions.js", QUESTIONS, [once, once, other])
    assert first == again
    assert first != different
