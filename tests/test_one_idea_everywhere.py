"""A usual wrong answer has one explanation: in the lesson, in Practice and in the marks."""

import pytest

from autograder import Fields, Sizes, Total, Zeros, grade
from stridewise import Network, compare, compare_rows, lesson_network
from stridewise.layers import layer
from stridewise.misconceptions import rule
from stridewise.single_answers.receptive_fields import FIELD_IDEAS
from stridewise.single_answers.zeros import ZERO_IDEAS
from stridewise.widgets.tutor import Limits, advise

LIMITS = Limits(2, ("size", "zeros", "parameters", "stack"), ("valid", "same"), 3, ())
SMALL = {idea.id: idea.name for idea in (*ZERO_IDEAS, *FIELD_IDEAS)}


def practice(topic, size, channels, layers, answer):
    """What Practice says after a wrong answer; `layers` are (filters, kernel, strides, padding)."""
    drawn = [
        {"type": "Conv2D", "name": f"conv2d_{n}", "filters": filters, "padding": padding}
        | {"kernel_size": [kernel] * 2, "strides": [strides] * 2, "dilation_rate": [1, 1]}
        for n, (filters, kernel, strides, padding) in enumerate(layers)
    ]
    asked = {"topic": topic, "input_shape": [size, size, channels], "layers": drawn}
    asks = [f"number {n}" for n in range(len(answer))]
    return advise([asked | {"asks": asks, "answer": answer, "correct": False}], LIMITS).text


def chain(size, channels, layers):
    made = [layer("Conv2D", filters, kernel, s, padding) for filters, kernel, s, padding in layers]
    return Network.sequential(made, (size, size, channels))


def marks(*given, **options):
    """The reasons that the marks give for a lost point."""
    return " ".join(grade(*given, points=6, **options).reasons)


VALID, SAME = (4, 3, 1, "valid"), (4, 3, 1, "same")


@pytest.mark.parametrize(
    ("idea", "size", "layers", "sizes"),
    [
        ("forgets_plus_one", 19, [(4, 5, 1, "valid")], [14]),
        ("same_by_default", 10, [VALID], [10]),
        ("valid_formula_everywhere", 12, [(4, 5, 1, "same")], [8]),
        ("same_keeps_size", 12, [(4, 3, 2, "same")], [12]),
        ("valid_and_same_exchanged", 20, [VALID, SAME, VALID], [20, 18, 18]),
        ("forgets_plus_one", 20, [VALID] * 3, [17, 14, 11]),
    ],
)
def test_a_wrong_size_has_one_explanation(idea, size, layers, sizes):
    name, network = rule(idea).name, chain(size, 1, layers)
    shapes = [(None, own, own, 4) for own in sizes]
    windows = [each[1:] for each in layers]
    topic = "size" if len(layers) == 1 else "stack"
    assert name in practice(topic, size, 1, layers, sizes)
    assert name in repr(compare(network, shapes=shapes))
    assert name in marks(shapes, network, rows="output_shape")
    assert name in repr(compare_rows(sizes, Sizes(windows, start=size)))
    assert name in marks(sizes, Sizes(windows, start=size))


@pytest.mark.parametrize(
    ("idea", "channels", "count"),
    [("no_biases", 3, 108), ("forgets_input_channels", 3, 40), ("one_bias_a_slice", 3, 120)],
)
def test_a_wrong_count_has_one_explanation(idea, channels, count):
    name, network = rule(idea).name, chain(9, channels, [VALID])
    assert name in practice("parameters", 9, channels, [VALID], [count])
    assert name in repr(compare(network, parameters=[count]))
    assert name in marks([count], network, rows="parameters")


@pytest.mark.parametrize(
    ("idea", "pair"),
    [("odd_zero_before", (2, 1)), ("zeros_evenly", (2, 2)), ("no_zeros", (0, 0))],
)
def test_a_wrong_pair_of_zeros_has_one_explanation(idea, pair):
    asked = Zeros([(9, 4, 1, "same")])
    assert SMALL[idea] in practice("zeros", 9, 1, [(4, 4, 1, "same")], [*pair])
    assert SMALL[idea] in repr(compare_rows([pair], asked))
    assert SMALL[idea] in marks([pair], asked)


@pytest.mark.parametrize(
    ("idea", "fields"),
    [
        ("last_kernel_only", [3, 3, 3]),
        ("adds_kernels", [9, 9, 9]),
        ("multiplies_kernels", [27, 27, 27]),
        ("strides_do_not_spread", [7, 7, 7]),
    ],
)
def test_a_wrong_receptive_field_has_one_explanation(idea, fields):
    asked = Fields([(lesson_network(name), 2) for name in ("valid", "same", "stride")])
    assert SMALL[idea] in repr(compare_rows(fields, asked))
    assert SMALL[idea] in marks(fields, asked)


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (85_770 - 65_664, "Row 5 (Dense) is left out of the total."),
        (85_770 - 234, "The biases are left out of the total."),
        (3 * 85_770 + 2, "What Adam keeps for training is counted as well."),
    ],
)
def test_a_wrong_total_has_one_explanation(total, said):
    asked = Total(lesson_network("stride"))
    assert said in repr(compare_rows(total, asked))
    assert said in marks(total, asked)
