from math import prod

import pytest

from stridewise import lesson_network, your_network
from stridewise.layers import layer
from stridewise.misconceptions import RULES, Prediction, rule
from stridewise.misconceptions.misconception import RIGHT
from stridewise.network import Network

SEED = ("valid", "same", "stride")


@pytest.fixture(scope="module")
def seed():
    return {name: lesson_network(name) for name in SEED}


def sides(prediction):
    return tuple(shape[1] for shape in prediction.shapes[:3])


def total(prediction):
    return sum(prediction.parameters)


def test_there_are_at_least_forty_rules_with_words_of_their_own():
    assert len(RULES) >= 40
    for words in ("id", "name"):
        assert len({getattr(each, words) for each in RULES}) == len(RULES)


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_every_rule_is_said_in_sentences_and_asks_a_question(each):
    assert each.name.endswith(".")
    assert each.leaves_out.endswith(".")
    assert each.question.endswith("?")
    assert each.evidence
    assert set(each.evidence) <= set("LTDC")
    assert each.working


def test_a_rule_is_found_by_its_id():
    assert rule("no_biases").id == "no_biases"
    with pytest.raises(KeyError):
        rule("no_such_rule")


# What each idea gives for the networks of the lessons: sides, then total; None where it is right.
RIGHT_SIDES = {"valid": (26, 24, 22), "same": (28, 28, 28), "stride": (14, 7, 4)}
RIGHT_TOTALS = {"valid": 2_002_698, "same": 3_231_498, "stride": 85_770}
SIZES = {
    "forgets_plus_one": (
        ((25, 22, 19), 1_498_890),
        ((27, 26, 25), 2_580_234),
        ((13, 6, 2), 36_618),
    ),
    "minus_one": (((24, 20, 16), 1_068_810), ((26, 24, 22), 2_002_698), ((12, 4, 0), 20_234)),
    "rounds_up": (None, None, ((15, 8, 5), 122_634)),
    "same_rounds_down": (None, None, ((14, 7, 3), 57_098)),
    "same_keeps_size": (None, None, ((28, 28, 28), 3_231_498)),
    "valid_formula_everywhere": (None, ((26, 24, 22), 2_002_698), ((13, 6, 2), 36_618)),
    "one_zero_each_side": (None, None, None),
    "ignores_the_stride": (None, ((26, 24, 22), 2_002_698), ((26, 24, 22), 2_002_698)),
    "subtracts_the_stride": (None, None, ((26, 24, 22), 2_002_698)),
    "one_inside_the_floor": (None, None, ((14, 7, 3), 57_098)),
    "pads_one_side": (None, ((27, 26, 25), 2_580_234), ((14, 7, 3), 57_098)),
    "pads_a_kernel_each_side": (None, ((30, 32, 34), 4_755_210), ((15, 9, 6), 167_690)),
    "valid_loses_one": (((27, 26, 25), 2_580_234), None, None),
    "valid_loses_the_kernel": (((25, 22, 19), 1_498_890), None, None),
    "same_by_default": (((28, 28, 28), 3_231_498), None, None),
    "first_size_again": (((26, 26, 26), 2_789_130), None, ((14, 14, 14), 823_050)),
    "stops_one_layer_early": (((26, 24, 24), 2_379_530), None, ((14, 7, 7), 220_938)),
}


@pytest.mark.parametrize("rule_id", SIZES)
def test_a_rule_for_sizes_gives_the_numbers_that_learners_give(seed, rule_id):
    for name, expected in zip(SEED, SIZES[rule_id], strict=True):
        prediction = rule(rule_id).predict(seed[name])
        given = sides(prediction), total(prediction)
        assert given == (expected or (RIGHT_SIDES[name], RIGHT_TOTALS[name])), name


def test_a_stride_left_out_keeps_what_the_padding_does():
    windows = [(3, 2, "valid"), (5, 3, "same"), (3, 1, "valid")]
    layers = [layer("Conv2D", 4, k, strides=s, padding=padding) for k, s, padding in windows]
    mixed = Network.sequential(layers, input_shape=(29, 29, 1))
    assert sides(rule("leaves_the_stride_out").predict(mixed)) == (27, 27, 25)


def test_a_remainder_is_called_impossible_at_the_first_strided_layer(seed):
    predict = rule("calls_it_impossible").predict
    assert predict(seed["stride"]).shapes == ((None, None, None, 32), *[None] * 5)
    assert list(predict(seed["same"]).shapes) == seed["same"].shapes


def test_the_fraction_is_kept(seed):
    assert sides(rule("keeps_the_fraction").predict(seed["stride"])) == (14.5, 7.75, 4.375)


def test_volumes_in_the_formula_of_one_side(seed):
    first = [sides(rule("volumes_for_widths").predict(seed[name]))[0] for name in SEED]
    assert first == [776, 778, 389]


def test_one_zero_each_side_is_seen_with_a_wide_kernel():
    wide = Network.sequential(
        [layer("Conv2D", 20, 8, strides=2, padding="same")], input_shape=(32, 32, 3)
    )
    assert rule("one_zero_each_side").predict(wide).shapes[0][1] == 14
    assert wide.shapes[0][1] == 16


# The input channels of each convolution, or what reaches the first Dense layer.
FLATTENED = {
    "flatten_drops_channels": ((484, 784, 16), (82_186, 120_586, 22_282)),
    "flatten_takes_one_side": ((704, 896, 128), (110_346, 134_922, 36_618)),
    "flatten_adds": ((76, 88, 40), (29_962, 31_498, 25_354)),
    "flatten_averages": ((32, 32, 32), (24_330, 24_330, 24_330)),
    "maps_multiply": ((15_859_712, 25_690_112, 524_288), None),
    "maps_add_up": ((46_464, 75_264, 1_536), None),
    "one_map_a_layer": ((484, 784, 16), None),
    "flatten_reads_the_row_before": ((18_432, 25_088, 1_568), (2_379_530, 3_231_498, 220_938)),
}


@pytest.mark.parametrize("rule_id", FLATTENED)
def test_a_rule_for_maps_gives_the_numbers_that_learners_give(seed, rule_id):
    predictions = [rule(rule_id).predict(seed[name]) for name in SEED]
    flat, totals = FLATTENED[rule_id]
    assert tuple(prediction.shapes[3][1] for prediction in predictions) == flat
    if totals:
        assert tuple(map(total, predictions)) == totals


def test_flatten_joins_a_part_of_a_shape(seed):
    two = rule("flatten_joins_two").predict(seed["valid"])
    pixels = rule("flatten_joins_pixels").predict(seed["valid"])
    assert two.shapes[3:5] == ((None, 22, 704), (None, 22, 128))
    assert pixels.shapes[3:5] == ((None, 484, 32), (None, 484, 128))


@pytest.mark.parametrize("rule_id", ["flatten_joins_two", "flatten_joins_pixels"])
def test_flatten_has_no_part_to_join_where_there_is_no_height(rule_id):
    line = Network.sequential([layer("Conv1D", 4, 3), layer("Flatten")], input_shape=(20, 2))
    flat = Network.sequential([layer("Flatten")], input_shape=(4,))
    assert rule(rule_id).predict(line).shapes[1] == (None, 72)
    assert rule(rule_id).predict(flat).shapes == ((None, 4),)


def test_without_flatten_dense_works_on_the_channels(seed):
    prediction = rule("no_flatten").predict(seed["valid"])
    assert prediction.shapes[3:] == ((None, 22, 22, 32), (None, 22, 22, 128), (None, 22, 22, 10))
    assert prediction.parameters[4] == 4_224
    assert [total(rule("no_flatten").predict(seed[name])) for name in SEED] == [24_330] * 3


def test_maps_that_multiply_cost_as_they_multiply(seed):
    assert rule("maps_multiply").predict(seed["valid"]).parameters[1] == 295_936


LAYOUTS = {
    "channels_first": (None, 32, 26, 26),
    "names_a_batch": (60_000, 26, 26, 32),
    "leaves_out_the_batch": (26, 26, 32),
    "leaves_out_the_channels": (None, 26, 26),
}


@pytest.mark.parametrize("rule_id", LAYOUTS)
def test_a_shape_can_be_written_otherwise(seed, rule_id):
    prediction = rule(rule_id).predict(seed["valid"])
    assert prediction.shapes[0] == LAYOUTS[rule_id]
    assert list(prediction.parameters) == seed["valid"].parameters


def test_an_input_with_channels_first_builds_without_a_word_under_same(seed):
    prediction = rule("input_channels_first").predict(seed["same"])
    assert (prediction.shapes[0], prediction.parameters[0]) == ((None, 1, 28, 32), 8_096)


# The convolutions' parameters (None: the right ones), then the totals.
COUNTS = {
    "no_biases": ((288, 9_216), (2_002_464, 3_231_264, 85_536)),
    "no_biases_in_convolutions": ((288, 9_216), (2_002_602, 3_231_402, 85_674)),
    "no_biases_in_dense": (None, (2_002_560, 3_231_360, 85_632)),
    "forgets_input_channels": ((320, 320), (1_984_842, 3_213_642, 67_914)),
    "forgets_input_channels_and_biases": ((288, 288), (1_984_746, 3_213_546, 67_818)),
    "one_bias_a_layer": ((289, 9_217), (2_002_605, 3_231_405, 85_677)),
    "one_bias_a_slice": ((320, 10_240), (2_004_682, 3_233_482, 87_754)),
    "biases_twice": ((352, 9_280), (2_002_794, 3_231_594, 85_866)),
    "weights_at_every_position": (None, (12_003_082, 17_964_426, 730_794)),
    "one_side_of_the_kernel": ((128, 3_104), (1_990_218, 3_219_018, 73_290)),
    "assumes_colour": ((896, 9_248), (2_003_274, 3_232_074, 86_346)),
    "padding_and_stride_cost_nothing": (None, (2_002_698, 2_002_698, 2_002_698)),
    "flatten_has_parameters": (None, (2_018_186, 3_256_586, 86_282)),
}


@pytest.mark.parametrize("rule_id", COUNTS)
def test_a_rule_for_parameters_gives_the_numbers_that_learners_give(seed, rule_id):
    convolutions, totals = COUNTS[rule_id]
    predictions = [rule(rule_id).predict(seed[name]) for name in SEED]
    assert tuple(map(total, predictions)) == totals
    if convolutions:
        assert all(each.parameters[:2] == convolutions for each in predictions)
        assert all(each.parameters[1] == each.parameters[2] for each in predictions)


ONE_ROW = [
    ("weights_at_every_position", "valid", 1, 5_326_848),
    ("weights_at_every_position", "same", 0, 250_880),
    ("weights_at_every_position", "stride", 2, 147_968),
    ("convolution_as_dense", "valid", 0, 25_120),
    ("convolution_as_dense", "valid", 1, 692_256),
    ("convolution_as_dense", "valid", 2, 589_856),
    ("stride_divides_parameters", "stride", 0, 160),
    ("stride_divides_parameters", "stride", 1, 4_624),
    ("stride_divides_parameters_twice", "stride", 0, 80),
    ("stride_divides_parameters_twice", "stride", 1, 2_312),
    ("padding_adds_parameters", "same", 0, 832),
    ("padding_adds_parameters", "same", 1, 25_632),
    ("padding_adds_parameters", "valid", 0, 320),
    ("no_biases", "valid", 4, 1_982_464),
    ("no_biases_in_dense", "same", 4, 3_211_264),
    ("no_biases_in_dense", "stride", 4, 65_536),
    ("one_bias_an_input", "valid", 4, 1_997_952),
    ("one_bias_an_input", "same", 4, 3_236_352),
    ("one_bias_an_input", "stride", 4, 66_048),
    ("output_layer_reads_flatten", "valid", 5, 154_890),
    ("output_layer_reads_flatten", "same", 5, 250_890),
    ("output_layer_reads_flatten", "stride", 5, 5_130),
]


@pytest.mark.parametrize(("rule_id", "name", "row", "count"), ONE_ROW)
def test_a_rule_gives_one_row_as_learners_do(seed, rule_id, name, row, count):
    assert rule(rule_id).predict(seed[name]).parameters[row] == count


def test_pooling_is_given_weights():
    pooled = Network.sequential(
        [layer("Conv2D", 32, 3), layer("MaxPooling2D", 2)], input_shape=(28, 28, 1)
    )
    assert rule("pooling_has_weights").predict(pooled).parameters[1] == 128
    assert rule("pooling_has_weights_and_biases").predict(pooled).parameters[1] == 160
    assert rule("pooling_steps_by_one").predict(pooled).shapes[1] == (None, 25, 25, 32)


def test_dilation_is_forgotten_or_multiplied():
    dilated = Network.sequential([layer("Conv2D", 4, 3, dilation_rate=2)], input_shape=(20, 20, 1))
    assert dilated.shapes[0][1] == 16
    assert rule("ignores_dilation").predict(dilated).shapes[0][1] == 18
    assert rule("multiplies_by_dilation").predict(dilated).shapes[0][1] == 15


DILATED = [
    ("dilation_as_stride", (None, 9, 9, 4), 76),
    ("leaves_out_the_rate", (None, 14, 14, 4), 76),
    ("one_gap", (None, 17, 17, 4), 76),
    ("dilation_adds_parameters", (None, 16, 16, 4), 5 * 5 * 2 * 4 + 4),
    ("dilation_multiplies_parameters", (None, 16, 16, 4), 6 * 6 * 2 * 4 + 4),
]


@pytest.mark.parametrize(("rule_id", "shape", "count"), DILATED)
def test_dilation_is_taken_for_something_else(rule_id, shape, count):
    dilated = Network.sequential([layer("Conv2D", 4, 3, dilation_rate=2)], input_shape=(20, 20, 2))
    assert (dilated.shapes, dilated.parameters) == ([(None, 16, 16, 4)], [76])
    assert rule(rule_id).predict(dilated) == Prediction((shape,), (count,))


POOLED = [
    ("pooling_keeps_size", (None, 26, 26, 32), 0),
    ("pooling_divides_channels", (None, 8, 8, 10), 0),
    ("pooling_gives_one_map", (None, 8, 8, 1), 0),
    ("pooling_has_one_kernel", (None, 8, 8, 32), 9),
    ("pooling_as_convolution", (None, 8, 8, 32), (9 * 32 + 1) * 32),
]


@pytest.mark.parametrize(("rule_id", "shape", "count"), POOLED)
def test_pooling_is_taken_for_something_else(rule_id, shape, count):
    pooled = Network.sequential(
        [layer("Conv2D", 32, 3), layer("MaxPooling2D", 3)], input_shape=(28, 28, 1)
    )
    prediction = rule(rule_id).predict(pooled)
    assert (prediction.shapes[1], prediction.parameters[1]) == (shape, count)
    assert (prediction.shapes[0], prediction.parameters[0]) == (pooled.shapes[0], 320)


@pytest.mark.parametrize("student", ["ada", "grace", "3", "42"])
def test_no_wrong_rule_at_all_gives_what_keras_gives(student):
    network = your_network(student)
    prediction = RIGHT.predict(network)
    assert list(prediction.shapes) == network.shapes
    assert list(prediction.parameters) == network.parameters


def test_rules_work_for_one_axis_and_for_three_and_for_pooling():
    line = Network.sequential(
        [layer("Conv1D", 4, 3), layer("AveragePooling1D", 2), layer("Flatten"), layer("Dense", 2)],
        input_shape=(20, 2),
    )
    block = Network.sequential(
        [layer("Conv3D", 4, 3), layer("Flatten"), layer("Dense", 2)], input_shape=(9, 8, 7, 1)
    )
    for network in (line, block):
        assert list(RIGHT.predict(network).shapes) == network.shapes
        for each in RULES:
            assert len(each.predict(network).shapes) == len(network.rows)
    assert rule("forgets_plus_one").predict(line).shapes[:2] == ((None, 17, 4), (None, 7, 4))
    assert rule("no_biases").predict(block).parameters[1:] == (0, prod((7, 6, 5, 4)) * 2)


def test_a_network_of_open_size_is_refused():
    network = Network.sequential([layer("Conv2D", 4, 3)], input_shape=(None, None, 1))
    with pytest.raises(ValueError, match="input sizes are fixed"):
        rule("no_biases").predict(network)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param([[None, 26, 26, 32]], ((None, 26, 26, 32),), id="lists"),
        pytest.param([..., (None, 4)], (None, (None, 4)), id="a-row-open"),
        pytest.param([(None, ..., 26, 32)], (None,), id="a-number-open"),
        pytest.param([(None, 26.0, 14.5, 32)], ((None, 26, 14.5, 32),), id="floats"),
        pytest.param([(None, True, 26, 32), "26"], (None, None), id="neither-bools-nor-text"),
        pytest.param(..., (), id="nothing"),
        pytest.param(7, (), id="a-number"),
    ],
)
def test_whatever_was_typed_is_read(typed, read):
    assert Prediction.read(shapes=typed).shapes == read
