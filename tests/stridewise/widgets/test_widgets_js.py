"""What the widgets compute in the browser, held to Python and to Keras."""

import random

import numpy as np
import pytest

from stridewise import (
    Network,
    layer,
    lesson_network,
    output_size,
    pad_widths,
    receptive_field,
    unread_pixels,
)
from stridewise.widgets import Explorer, Practice
from stridewise.widgets.assets import module
from stridewise.widgets.stacks import network_of, stack_of

MINUS = "\N{MINUS SIGN}"
ENTRIES = [
    "explorer.js",
    "stack_explorer.js",
    "practice.js",
    "cone_explorer.js",
    "digit_explorer.js",
]
OWN = [[0.5, -1.25, 2], [0, 3, -0.75], [1, 0.125, -2]]
NUMBERS = "(states) => states.map((state) => layerNumbers(state, axes(state).map(plan)))"
ROWS = """(stacks) => stacks.map((stack) => stackRows(stack).map((row) =>
  row.shape ? [row.shape, row.parameters] : null))"""
QUESTIONS = "(settings) => settings.map(question)"


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_module_has_no_imports(entry):
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


def built_stacks(count):
    """Networks as somebody might put them together, most of them wrong somewhere."""
    draw = random.Random(11)  # noqa: S311 - cases, not secrets
    for _ in range(count):
        layers = []
        for n in range(draw.randint(1, 5)):
            kind = draw.choice(["Conv2D", "Conv2D", "MaxPooling2D", "AveragePooling2D", "Flatten"])
            kind = draw.choice([kind, kind, "Dense", "GlobalAveragePooling2D"])
            sides = [draw.randint(1, 5)] * 2
            steps, gaps = [draw.randint(1, 3)] * 2, [draw.choice([1, 1, 1, 2])] * 2
            padding = draw.choice(["valid", "same"])
            arguments = {
                "Conv2D": {"filters": 3, "kernel_size": sides, "strides": steps}
                | {"padding": padding, "dilation_rate": gaps, "use_bias": True},
                "Dense": {"units": 7, "use_bias": True},
                "Flatten": {},
                "GlobalAveragePooling2D": {},
            }
            pool = {"pool_size": sides, "strides": steps, "padding": padding}
            layers.append({"type": kind, "name": f"layer_{n}"} | arguments.get(kind, pool))
        yield {"name": "built", "input_shape": [draw.randint(3, 12)] * 2 + [2], "layers": layers}


def rows_by_python(stack):
    """The rows as far as the network can be built, then None for each other layer."""
    for built in range(len(stack["layers"]), 0, -1):
        try:
            network = network_of(stack | {"layers": stack["layers"][:built]})
        except ValueError:
            continue
        rows = [[list(row.output_shape[1:]), row.parameters] for row in network.rows]
        return rows + [None] * (len(stack["layers"]) - built)
    return [None] * len(stack["layers"])


def test_the_page_refuses_just_the_stacks_that_python_refuses(javascript):
    stacks = list(built_stacks(400))
    expected = [rows_by_python(stack) for stack in stacks]
    assert 100 < sum(None in rows for rows in expected) < 300
    assert javascript("stack_explorer.js", ROWS, stacks) == expected


def test_a_layer_after_flatten_says_where_to_put_it(javascript):
    stack = stack_of("valid")
    stack["layers"] = [stack["layers"][3], stack["layers"][0]]
    row = javascript("stack_rules.js", "stackRows", stack)[1]
    assert row["problem"]["why"] == "Conv2D reads maps, and one line of numbers arrives"


def test_every_new_layer_has_a_name_of_its_own_as_keras_gives_it(javascript):
    add = """(types) => types.reduce((layers, type) => [...layers, newLayer(type, layers)], [])"""
    types = ["Conv2D", "MaxPooling2D", "Conv2D", "GlobalAveragePooling2D", "Dense", "Conv2D"]
    layers = javascript("stack_card.js", add, types)
    assert [one["name"] for one in layers] == [
        *("conv2d", "max_pooling2d", "conv2d_1"),
        *("global_average_pooling2d", "dense", "conv2d_2"),
    ]
    assert network_of({"input_shape": [9, 9, 1], "layers": layers[:4]}).shapes[-1] == (None, 8)


def test_a_goal_knows_which_of_its_parts_are_met(javascript):
    goal = {"output_shape": [10, 10, 16], "layers": 2, "parameters": 5000}
    layer_of = {"type": "Conv2D", "padding": "valid", "dilation_rate": [1, 1], "use_bias": True}
    layers = [
        layer_of | {"name": "one", "filters": 8, "kernel_size": [3, 3], "strides": [2, 2]},
        layer_of | {"name": "two", "filters": 16, "kernel_size": [4, 4], "strides": [1, 1]},
    ]
    stack = {"input_shape": [28, 28, 1], "layers": layers}
    met = """([goal, stack]) => goalParts(goal, stackRows(stack), stack).map((part) => part.met)"""
    assert javascript("stack_goal.js", met, [goal, stack]) == [True, True, True]
    assert javascript("stack_goal.js", met, [goal | {"layers": 3}, stack]) == [True, False, True]
    stack["layers"] = layers[:1]
    assert javascript("stack_goal.js", met, [goal, stack]) == [False, False, True]


@pytest.mark.parametrize("name", ["valid", "same", "stride"])
def test_the_cone_is_as_wide_as_the_receptive_field(name, javascript):
    gaps = [layer("Conv2D", 8, 3, dilation_rate=rate) for rate in (1, 2, 4)]
    pools = [layer("Conv2D", 8, 5), layer("MaxPooling2D", 2), layer("Conv2D", 8, 3)]
    networks = [
        lesson_network(name),
        *(Network.sequential(each, (28, 28, 1)) for each in (gaps, pools)),
    ]
    widths = """(stacks) => stacks.map((stack) => { const levels = mapLayers(stack);
      return levels.slice(1).map((_, i) => { const seen = [...coneOf(levels, i + 1, 1)[0]];
        return Math.max(...seen) - Math.min(...seen) + 1; }); })"""
    stacks = [stack_of(network) for network in networks]
    fields = [[receptive_field(network, n)[1] for n in range(3)] for network in networks]
    assert javascript("cone.js", widths, stacks) == fields
    by_rule = "(stacks) => stacks.map((stack) => fieldOf(mapLayers(stack)))"
    assert javascript("cone.js", by_rule, stacks) == [each[-1] for each in fields]


def test_the_cone_says_what_is_padding(javascript):
    words = "(stack) => coneWords(mapLayers(stack), 3, 0)"
    assert javascript("cone.js", words, stack_of("same")) == (
        f"Number 0 of conv2d_2 sees 7 pixels of a line, {MINUS}3 to 3; 3 of them are zeros of "
        "the padding."
    )


@pytest.mark.parametrize("goal", ["unread_columns", "unread_pixels", "output_size", "zeros_after"])
def test_a_goal_of_the_explorer_knows_every_size_that_meets_it(goal, javascript):
    axes = [(3, 2, "valid"), (2, 3, "valid"), (3, 2, "same"), (5, 1, "same"), (2, 4, "same")]
    rules = {
        "unread_columns": lambda *axis: len(unread_pixels(*axis)),
        "unread_pixels": lambda n, *axis: n**2 - (n - len(unread_pixels(n, *axis))) ** 2,
        "output_size": output_size,
        "zeros_after": lambda *axis: pad_widths(*axis).after,
    }
    ask = """([goal, axes]) => axes.map(([size, kernel_size, strides, padding]) =>
      goalFound(goal, [0, 1].map(() => plan({ size, kernel_size, strides, padding,
        dilation_rate: 1 }))))"""
    for wanted in (0, 1, 3):
        asked = [{goal: wanted}, [(9, *axis) for axis in axes]]
        for axis, found in zip(axes, javascript("explorer_goal.js", ask, asked), strict=True):
            kernel, _, padding = axis
            fitting = range(kernel if padding == "valid" else 1, 33)
            ways = [size for size in fitting if rules[goal](size, *axis) == wanted]
            assert found == {"met": 9 in ways, "ways": ways}


def test_every_numeral_has_lines_of_its_own(javascript):
    ask = "() => Object.keys(NUMERALS).map((sign) => numeralPath([{ words: sign, x: 0, y: 0 }], 1))"
    paths = javascript("numerals.js", ask, None)
    assert len(set(paths)) == len("0123456789.·max") + len((MINUS, "\N{EN DASH}"))


def test_a_number_has_its_middle_over_its_place(javascript):
    ask = """(all) => all.map((words) => [...numeralPath([{ words, x: 0, y: 0 }], 1)
      .matchAll(/M(\\S+)/g)].map(([, x]) => Number(x)))"""
    for words, places in zip(
        ("7", "12", "345"), javascript("numerals.js", ask, ["7", "12", "345"]), strict=True
    ):
        assert len(places) == len(words)
        height = 0.72
        assert places[0] == pytest.approx(-(places[-1] + 0.56 * height), abs=1e-3)


def settings(**given):
    practice = Practice(**{"seed": 0} | given)
    names = ("seed", "level", "topics", "paddings", "max_strides", "max_dilation")
    names += ("avoid_sizes", "number")
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


GRADED = {(channels, filters) for channels in (1, 8, 16, 32) for filters in (8, 16, 32)}


@pytest.mark.parametrize("level", [1, 2, 3])
def test_practice_never_asks_what_is_graded_or_not_taught(level, javascript):
    asked = [settings(seed=seed, level=level, number=n) for seed in range(9) for n in range(12)]
    for question in javascript("questions.js", QUESTIONS, asked):
        channels = question["input_shape"][2]
        for one in question["layers"]:
            if one["type"] == "Conv2D":
                assert (channels, one["filters"]) not in GRADED
                assert one["dilation_rate"] == [1, 1]
                channels = one["filters"]


def test_practice_asks_about_gaps_where_they_are_taught(javascript):
    asked = [settings(topics=["size"], max_dilation=2, number=n) for n in range(60)]
    layers = [question["layers"][0] for question in javascript("questions.js", QUESTIONS, asked)]
    assert {tuple(one["dilation_rate"]) for one in layers} == {(1, 1), (2, 2)}


def test_easy_questions_have_more_than_one_kernel_and_one_count(javascript):
    asked = [settings(topics=["parameters"], number=n) for n in range(60)]
    questions = javascript("questions.js", QUESTIONS, asked)
    assert len({question["asks"][0]["right"] for question in questions}) > 12
    assert len({question["layers"][0]["kernel_size"][0] for question in questions}) > 2


@pytest.mark.parametrize("level", [2, 3])
def test_strides_that_fit_exactly_are_not_asked_about(level, javascript):
    asked = [
        settings(seed=seed, topics=["size"], level=level, number=n)
        for seed in range(5)
        for n in range(20)
    ]
    for question in javascript("questions.js", QUESTIONS, asked):
        layer, size = question["layers"][0], question["input_shape"][0]
        strides, kernel = layer["strides"][0], layer["kernel_size"][0]
        rest = (size if layer["padding"] == "same" else size - kernel) % strides
        assert strides == 1 or rest > 0


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("(3*3*1+1)*4", 40),
        ("(3·3·1 + 1) \N{MULTIPLICATION SIGN} 4", 40),
        ("3,211,392", 3_211_392),
        ("(28 - 3) // 2 + 1", 13),
        ("28 / 2", 14),
        ("5 / 2", 2.5),
        ("-3 + 4", 1),
        ("2 \N{MINUS SIGN} 1", 1),
        *[(wrong, None) for wrong in ("", "many", "3 +", "(3", "3)", "3 4", "1/0", "alert(1)")],
        *[(wrong, None) for wrong in ("3,14", "2**3", "1e3", "0x10", "(" * 99 + "1" + ")" * 99)],
    ],
)
def test_a_sum_is_read_and_never_run(typed, value, javascript):
    assert javascript("arithmetic.js", "arithmetic", typed) == value


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
