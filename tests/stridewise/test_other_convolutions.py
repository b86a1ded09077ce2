"""The wrong rules of Conv2D are named for the other convolutions and for ZeroPadding too."""

import pytest

from stridewise.diagnosis import diagnose
from stridewise.explanations import explain
from stridewise.layers import layer
from stridewise.misconceptions import RULES, Prediction, rule
from stridewise.misconceptions.misconception import RIGHT
from stridewise.network import Network

LAYERS = {
    "depthwise": layer("DepthwiseConv2D", 3, strides=2, depth_multiplier=2),
    "depthwise-same": layer("DepthwiseConv2D", 3, strides=2, padding="same", use_bias=False),
    "separable": layer("SeparableConv2D", 8, 3, strides=2, padding="same"),
    "separable-valid": layer("SeparableConv1D", 8, 5, strides=3, depth_multiplier=2),
    "transposed": layer("Conv2DTranspose", 8, 3, strides=2, padding="same"),
    "transposed-valid": layer("Conv2DTranspose", 8, 4, strides=3),
    "transposed-other": layer("Conv2DTranspose", 8, 3, strides=2, output_padding=1),
    "zeros": layer("ZeroPadding2D", ((1, 2), (3, 4))),
}


def network(name):
    if "1D" in LAYERS[name].type:
        first, sides = layer("Conv1D", 6, 3), (21, 3)
    else:
        first, sides = layer("Conv2D", 6, 3), (21, 21, 3)
    ends = [layer("Flatten"), layer("Dense", 5)]
    return Network.sequential([first, LAYERS[name], *ends], input_shape=sides)


@pytest.mark.parametrize("name", LAYERS)
def test_the_right_rule_gives_what_keras_gives(name):
    given = RIGHT.predict(network(name))
    assert list(given.shapes) == network(name).shapes
    assert list(given.parameters) == network(name).parameters


@pytest.mark.parametrize("name", LAYERS)
def test_a_right_answer_says_nothing(name):
    built = network(name)
    assert diagnose(Prediction.read(built.shapes, built.parameters), built) == []


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_a_rules_own_answer_names_it_or_its_like(name, each):
    built = network(name)
    answer = each.predict(built)
    found = diagnose(answer, built)
    if answer == RIGHT.predict(built):
        assert found == []
    elif each.needs is None:
        assert each.id in {rule_id for one in found for rule_id in one.ids}
    for one in found:  # every line of working can be written
        assert all(one.own_working(row) and one.right_working(row) for row in one.rows)


NAMED = [
    ("depthwise", "forgets_plus_one"),
    ("depthwise", "no_biases"),
    ("depthwise", "depthwise_as_convolution"),
    ("depthwise-same", "same_keeps_size"),
    ("separable", "same_keeps_size"),
    ("separable", "depthwise_as_convolution"),
    ("transposed", "same_keeps_size"),
    ("transposed", "transposed_as_convolution"),
    ("transposed", "no_biases"),
    ("transposed-valid", "same_by_default"),
    ("zeros", "pads_one_side"),
    ("zeros", "zero_padding_keeps_size"),
]


@pytest.mark.parametrize(("name", "rule_id"), NAMED)
def test_the_rule_makes_a_difference_there_and_is_named(name, rule_id):
    built = network(name)
    wrong = rule(rule_id).predict(built)
    assert (wrong.shapes[1], wrong.parameters[1]) != (built.shapes[1], built.parameters[1])
    found = explain(built, wrong.shapes[:2], wrong.parameters[:2])
    assert found is not None
    assert rule(rule_id).name in found.idea


WORKED = [
    ("separable", "depthwise_as_convolution", "3·3 · 6 · 8 + 8 = 440", "3·3 · 6 + 6 · 8 + 8 = 110"),
    ("depthwise", "no_biases", "108", "(3·3 + 1) · 12 = 120"),
    ("transposed", "transposed_as_convolution", "10", "19 · 2 = 38"),
    ("transposed-valid", "same_by_default", "63", "(21 - 1) · 3 + 4 = 64"),
    ("zeros", "pads_one_side", "20", "19 + 1 + 2 = 22"),
]


@pytest.mark.parametrize(("name", "rule_id", "own", "right"), WORKED)
def test_the_right_rule_is_worked_for_that_layer(name, rule_id, own, right):
    built = network(name)
    wrong = rule(rule_id).predict(built)
    found = diagnose(Prediction.read(wrong.shapes[:2], wrong.parameters[:2]), built)
    one = next(each for each in found if rule_id in each.ids)
    assert one.own_working(1).startswith(own)
    assert one.right_working(1).startswith(right)
