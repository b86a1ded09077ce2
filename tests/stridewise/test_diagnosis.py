import math
import random

import pytest

from stridewise import lesson_network, your_network
from stridewise.diagnosis import diagnose
from stridewise.layers import layer
from stridewise.misconceptions import RULES, Prediction, rule
from stridewise.misconceptions.misconception import RIGHT, shows_in
from stridewise.network import Network
from stridewise.windows import windows_of

SEED = ("valid", "same", "stride")
SHAPES = {name: lesson_network(name).shapes for name in SEED}
PARAMETERS = {name: lesson_network(name).parameters for name in SEED}


@pytest.fixture(scope="module")
def networks():
    drawn = {student: your_network(student) for student in ("ada", "grace", "7")}
    return {name: lesson_network(name) for name in SEED} | drawn | {"pooled": pooled()}


def pooled():
    layers = [
        layer("Conv2D", 6, 3, dilation_rate=2, activation="relu"),
        layer("MaxPooling2D", 3),
        layer("Conv2D", 8, 4, strides=2, padding="same", activation="relu"),
        layer("AveragePooling2D", 2, strides=1),
        layer("Dropout", 0.5),
        layer("Flatten"),
        layer("Dense", 10),
    ]
    return Network.sequential(layers, input_shape=(30, 27, 2))


@pytest.fixture(scope="module")
def predictions(networks):
    return {
        name: {each.id: each.predict(network) for each in (*RULES, RIGHT)}
        for name, network in networks.items()
    }


def shows(rule_id, network):
    windows = [window for layer_ in network.layers for window in windows_of(layer_)]
    return shows_in(rule(rule_id), windows)


def ids(found, rank=1):
    return {each.ids for each in found if each.rank == rank}


def read(shapes=..., parameters=...):
    return Prediction.read(shapes, parameters)


@pytest.mark.parametrize("name", [*SEED, "ada", "grace", "7", "pooled"])
@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_a_rules_own_answer_gives_that_rule_or_all_that_answer_alike(
    networks, predictions, name, each
):
    answer = predictions[name][each.id]
    alike = {(other,) for other, given in predictions[name].items() if given == answer}
    telling = {(other,) for (other,) in alike if other == "right" or shows(other, networks[name])}
    expected = set() if ("right",) in alike else telling
    assert ids(diagnose(answer, networks[name])) == expected


def test_these_rules_give_the_same_numbers_on_the_lesson_networks(predictions):
    alike = {name: set() for name in SEED}
    for name in SEED:
        answers = predictions[name]
        for rule_id, answer in answers.items():
            others = frozenset(
                other
                for other, given in answers.items()
                if given == answer and (other == "right" or shows(other, lesson_network(name)))
            )
            if len(others) > 1 and answer != answers["right"] and rule_id in others:
                alike[name].add(others)
    assert alike == {
        "valid": {frozenset({"forgets_plus_one", "valid_loses_the_kernel"})},
        "same": {
            frozenset({"forgets_plus_one", "pads_one_side"}),
            frozenset({"valid_formula_everywhere", "minus_one"}),
        },
        "stride": {
            frozenset({"forgets_plus_one", "valid_formula_everywhere"}),
            frozenset({"ignores_the_stride", "subtracts_the_stride"}),
            frozenset({"same_rounds_down", "one_inside_the_floor", "pads_one_side"}),
        },
    }


@pytest.mark.parametrize("name", SEED)
def test_a_right_answer_or_none_says_nothing(networks, name):
    network = networks[name]
    assert diagnose(read(network.shapes, network.parameters), network) == []
    assert diagnose(read(), network) == []
    assert diagnose(read([...] * 6, [...] * 6), network) == []


def test_the_best_attested_of_rules_that_answer_alike_comes_first(networks, predictions):
    found = diagnose(predictions["stride"]["pads_one_side"], networks["stride"])
    assert [each.rules[0].evidence for each in found] == ["LT", "L", "T"]


def test_a_rule_for_shapes_and_one_for_parameters_are_named_together(networks):
    shapes = rule("forgets_plus_one").predict(networks["valid"]).shapes
    flat = shapes[3][1]
    parameters = [288, 9216, 9216, 0, flat * 128, 1280]
    found = diagnose(read(shapes, parameters), networks["valid"])
    assert ids(found) == {
        ("forgets_plus_one", "no_biases"),
        ("valid_loses_the_kernel", "no_biases"),
    }


def test_a_way_of_writing_and_a_rule_are_named_together(networks):
    shapes = [(None, 32, 25, 25), (None, 32, 22, 22), (None, 32, 19, 19), (None, 11_552), ..., ...]
    assert ("channels_first", "forgets_plus_one") in ids(diagnose(read(shapes), networks["valid"]))


def test_one_early_slip_is_one_mistake(networks):
    # 27 for 26; all that follows is right for 27, so no rule is named for the other rows.
    shapes = [(None, n, n, 32) for n in (27, 25, 23)] + [(None, 16_928), (None, 128), (None, 10)]
    assert diagnose(read(shapes), networks["valid"]) == []


def test_rows_are_judged_given_the_learners_own_row_before(networks):
    # 15 by rounding up; 8 is right for 15, so it is no mistake; 5 rounds up again.
    shapes = [(None, 15, 15, 32), (None, 8, 8, 32), (None, 5, 5, 32), (None, 800)]
    (found,) = diagnose(read(shapes), networks["stride"])
    assert (found.ids, found.rows) == (("rounds_up",), (0, 2))


def test_rows_may_be_missing(networks):
    shapes = [..., (None, 22, 22, 32), ..., ..., ..., ...]
    found = ids(diagnose(read(shapes), networks["valid"]))
    assert found == {("forgets_plus_one",), ("valid_loses_the_kernel",)}


def test_parameters_alone_show_a_rule_for_sizes(networks, predictions):
    counts = predictions["stride"]["rounds_up"].parameters
    assert ids(diagnose(read(parameters=counts), networks["stride"])) == {("rounds_up",)}


def test_shapes_alone_are_enough(networks, predictions):
    shapes = predictions["same"]["pads_a_kernel_each_side"].shapes
    found = diagnose(read(shapes), networks["same"])
    assert ids(found) == {("pads_a_kernel_each_side",)}


@pytest.mark.parametrize("batch", [0, 1, 32, 60_000])
def test_any_number_of_images_is_a_batch(networks, batch):
    shapes = [(batch, *shape[1:]) for shape in SHAPES["same"]]
    assert ids(diagnose(read(shapes), networks["same"])) == {("names_a_batch",)}


def test_a_total_is_never_enough(networks):
    # 36,618 is what three wrong rules give for the stride network; one number says nothing.
    assert diagnose(read(parameters=[36_618]), networks["stride"]) == []


def test_a_rule_used_for_valid_layers_alone_is_named_as_such():
    layers = [layer("Conv2D", 4, 3), layer("Conv2D", 4, 3), layer("Conv2D", 4, 3, padding="same")]
    network = Network.sequential(layers, input_shape=(20, 20, 1))
    found = diagnose(read([(None, 17, 17, 4), (None, 14, 14, 4), (None, 14, 14, 4)]), network)
    assert [(each.ids[0], each.everywhere) for each in found] == [
        ("valid_loses_the_kernel", True),
        ("forgets_plus_one", False),
    ]


def test_an_idea_about_strides_is_not_named_where_every_stride_is_one(networks):
    shapes = [(None, n, n, 32) for n in (26, 24, 22)]
    named = ids(diagnose(read(shapes), networks["same"]))
    assert named == {("valid_formula_everywhere",), ("minus_one",)}


def test_valid_and_same_exchanged_is_one_idea():
    layers = [layer("Conv2D", 4, 5), layer("Conv2D", 4, 3, padding="same")]
    network = Network.sequential(layers, input_shape=(20, 20, 1))
    answer = [(None, 20, 20, 4), (None, 18, 18, 4)]
    assert ids(diagnose(read(answer), network)) == {("valid_and_same_exchanged",)}


def test_a_rule_used_once_and_not_throughout_is_a_single_slip():
    layers = [layer("Conv2D", 4, 3), layer("Conv2D", 4, 3, padding="same")]
    network = Network.sequential(layers, input_shape=(20, 20, 1))
    assert rule("minus_one").predict(network).shapes == ((None, 16, 16, 4), (None, 14, 14, 4))
    assert diagnose(read([(None, 16, 16, 4), (None, 16, 16, 4)]), network) == []


def test_a_right_answer_that_could_be_channels_first_too_is_right():
    network = Network.sequential([layer("Conv2D", 5, 3, padding="same")], input_shape=(5, 5, 1))
    assert diagnose(read([(None, 5, 5, 5)]), network) == []


def test_what_one_row_alone_shows_is_tentative(networks, predictions):
    (once, *_) = diagnose(predictions["stride"]["same_rounds_down"], networks["stride"])
    (twice,) = diagnose(predictions["stride"]["rounds_up"], networks["stride"])
    assert (once.tentative, twice.tentative) == (True, False)


WORKINGS = [
    ("valid", "forgets_plus_one", 1, "25 - 3 = 22", "25 - 3 + 1 = 23"),
    ("stride", "rounds_up", 0, "⌈(28 - 3 + 2) ÷ 2⌉ + 1 = 15", "⌊(28 - 3 + 2) ÷ 2⌋ + 1 = 14"),
    ("stride", "keeps_the_fraction", 1, "(14.5 - 3 + 2) ÷ 2 + 1 = 7.75", "⌊(14 - 3 + 2) ÷ 2⌋ + 1"),
    ("stride", "calls_it_impossible", 0, "no size, because (28 - 3 + 2) ÷ 2 + 1 = 14.5", "⌊(28"),
    ("stride", "same_keeps_size", 0, "28, as before", "⌈28 ÷ 2⌉ = 14"),
    ("stride", "first_size_again", 1, "⌈28 ÷ 2⌉ = 14", "⌈14 ÷ 2⌉ = 7"),
    ("stride", "same_rounds_down", 2, "⌊7 ÷ 2⌋ = 3", "⌈7 ÷ 2⌉ = 4"),
    ("same", "pads_one_side", 0, "28 - 3 + 1 + 1 = 27", "28 - 3 + 2 + 1 = 28"),
    ("valid", "same_by_default", 0, "28, as before", "28 - 3 + 1 = 26"),
    ("same", "input_channels_first", 0, "what (1, 28, 28) gives: 1;", '"same" at stride 1: 28;'),
    ("valid", "flatten_drops_channels", 3, "22·22 = 484", "22·22·32 = 15,488"),
    ("valid", "forgets_input_channels", 1, "(3·3 + 1) · 32 = 320", "(3·3 · 32 + 1) · 32 = 9,248"),
    ("stride", "no_biases", 4, "512 · 128 = 65,536", "(512 + 1) · 128 = 65,664"),
    ("valid", "flatten_has_parameters", 3, "22·22·32 = 15,488", "nothing is learnt here: 0"),
    ("stride", "skips_the_stride", 0, "⌈28 ÷ (2 + 1)⌉ = 10", "⌈28 ÷ 2⌉ = 14"),
    ("same", "channels_first", 0, "channels first: (None, 32, 28, 28)", "(None, 28, 28, 32)"),
    ("valid", "maps_multiply", 1, "32 · 32 = 1,024; (3·3 · 32 + 1)", "one map for each filter: 32"),
]


@pytest.mark.parametrize(("name", "rule_id", "row", "own", "right"), WORKINGS)
def test_own_rule_and_right_rule_are_worked_with_the_same_numbers(
    networks, predictions, name, rule_id, row, own, right
):
    found = diagnose(predictions[name][rule_id], networks[name])
    (diagnosis,) = [each for each in found if each.ids == (rule_id,)]
    assert diagnosis.own_working(row).startswith(own)
    assert diagnosis.right_working(row).startswith(right)


def worked_out(line):
    """What the arithmetic of a line of working comes to, to two decimals."""
    signs = {"·": "*", "÷": "/", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", ",": ""}
    code = "".join(signs.get(sign, sign) for sign in line)
    assert set(code) <= set("0123456789.+-*/() floorceil")
    value = eval(code, {"floor": math.floor, "ceil": math.ceil})  # noqa: S307 - only arithmetic
    return round(value, 2)


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_every_line_of_working_comes_to_the_number_behind_it(networks, predictions, each):
    for name, network in networks.items():
        for found in diagnose(predictions[name][each.id], network):
            rows = [(found.own_working(row), found.right_working(row)) for row in found.rows]
            for line in "; ".join(map("; ".join, rows)).split("; "):
                working, equals, result = line.removeprefix("no size, because ").partition(" = ")
                if equals:
                    assert worked_out(working) == float(result.replace(",", "")), line


def test_the_side_on_which_a_rule_goes_wrong_is_worked():
    wide = layer("Conv2D", 4, (3, 5), padding="same", strides=(1, 3))
    network = Network.sequential([wide], input_shape=(12, 20, 1))
    (found, *_) = diagnose(read([(None, 12, 6, 4)]), network)
    assert found.own_working(0) == "⌊20 ÷ 3⌋ = 6"
    assert found.right_working(0) == "⌈20 ÷ 3⌉ = 7"


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_every_rule_can_be_worked_wherever_it_differs(networks, predictions, each):
    for name, network in networks.items():
        for diagnosis in diagnose(predictions[name][each.id], network):
            for row in diagnosis.rows:
                assert "{" not in diagnosis.own_working(row) + diagnosis.right_working(row)


def test_networks_that_are_no_chain_get_no_diagnosis():
    open_size = Network.sequential([layer("Conv2D", 4, 3)], input_shape=(None, None, 1))
    assert diagnose(read([(None, 25, 25, 4)]), open_size) == []


def keras_like(*layers):
    """The config of a functional model; each layer is its class, its config, and what it reads."""
    named = [
        {
            "module": "keras.layers",
            "class_name": kind,
            "name": name,
            "config": {"name": name, **config},
            "inbound_nodes": [call(reads)] if reads else [],
        }
        for name, kind, config, reads in layers
    ]
    first, last = layers[0][0], layers[-1][0]
    config = {"name": "model", "layers": named}
    config |= {"input_layers": [[first, 0, 0]], "output_layers": [[last, 0, 0]]}
    return {"module": "keras", "class_name": "Functional", "config": config}


def call(reads):
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}
        for name in reads
    ]
    return {"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}


IMAGE = ("image", "InputLayer", {"batch_shape": [None, 9, 9, 2]}, [])
PADDED = {"filters": 2, "kernel_size": 3, "padding": "same"}


def test_a_functional_model_in_a_chain_is_diagnosed():
    network = Network.from_keras(
        keras_like(IMAGE, ("c", "Conv2D", PADDED, ["image"]), ("f", "Flatten", {}, ["c"]))
    )
    answer = read([(None, 9, 9, 2), (None, 9, 9, 2), (None, 81)])
    assert ids(diagnose(answer, network)) == {("flatten_drops_channels",)}


def test_a_network_with_a_branch_gets_no_diagnosis_though_its_shapes_look_like_a_chain():
    network = Network.from_keras(
        keras_like(IMAGE, ("c", "Conv2D", PADDED, ["image"]), ("a", "Add", {}, ["c", "image"]))
    )
    assert diagnose(read([(None, 9, 9, 2), (None, 7, 7, 2), (None, 7, 7, 2)]), network) == []


def noise(network, rng):
    """An answer that follows no rule: right but for a few numbers, or numbers at random."""
    shapes = [list(shape) for shape in network.shapes]
    counts = list(network.parameters)
    for _ in range(rng.choice((1, 2, 3, 20))):
        row = rng.randrange(len(shapes))
        if rng.random() < 0.5:
            counts[row] = slip(counts[row], rng)
        elif len(shapes[row]) > 2 and rng.random() < 0.8:
            shapes[row][1] = shapes[row][2] = slip(shapes[row][1], rng)
        else:
            shapes[row][-1] = slip(shapes[row][-1], rng)
    return read(shapes, counts)


def slip(value, rng):
    slips = [value + 1, value - 1, value + rng.randint(-3, 3), value * 2, value // 2, value * 10]
    return max(0, rng.choice([*slips, rng.randint(0, 2 * value + 10)]))


@pytest.mark.slow
def test_noise_is_named_in_fewer_than_one_answer_in_a_hundred(networks):
    rng = random.Random(28)  # noqa: S311 - numbers to try, not a secret
    named = 0
    for _ in range(10_000):
        network = rng.choice(list(networks.values()))
        named += bool(diagnose(noise(network, rng), network))
    assert named < 100


@pytest.mark.parametrize("dense", [((128,), (10,)), ((22, 128), (22, 10))], ids=["two", "three"])
def test_a_flatten_that_leaves_a_height_is_named_whatever_is_written_for_dense(dense):
    network = lesson_network("valid")
    rows = [*network.shapes[:3], (None, 22, 704), *((None, *row) for row in dense)]
    assert ids(diagnose(Prediction.read(shapes=rows), network)) == {("flatten_joins_two",)}
