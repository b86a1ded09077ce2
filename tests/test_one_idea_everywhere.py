"""A wrong answer has one explanation: in lesson, Practice, site, marks, feedback and report."""

import json

import pytest

from autograder import Fields, Sizes, Total, Zeros, grade
from autograder.course.settings import Settings
from autograder.feedback.asked import asked_by
from autograder.feedback.rows import table
from autograder.report.wrong_rules import ideas_of
from autograder.site.answers import reply
from stridewise import Network, compare, compare_rows, lesson_network, your_network
from stridewise.explanations import few_enough
from stridewise.layers import layer
from stridewise.misconceptions import RULES, rule
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


LESSONS = ("valid", "same", "stride", "pooled")
NETWORKS = {name: lesson_network(name) for name in LESSONS}
NETWORKS |= {student: your_network(student) for student in ("ada", "b2")}
CONVOLUTIONS = {"valid": (3, 1, "valid"), "same": (3, 1, "same"), "stride": (3, 2, "same")}
COLUMNS = {"shapes": "output_shape", "parameters": "parameters"}
TEST = """from autograder import grade
from stridewise import lesson_network, your_network
grade(answer, {network}, points=6, rows="{rows}")"""


def wrong_answers(network, column):
    """The different wrong answers that the known ideas give; None is a row that none is given."""
    answers = [getattr(each.predict(network), column) for each in RULES]
    right = tuple(getattr(network, column))
    return [list(each) for each in dict.fromkeys(answers) if each != right]


def headings(shown):
    return [idea.heading for _, found in shown.explanations for idea in found.ideas]


def headings_of_marks(mark):
    return [reason.idea.heading for reason in mark.reasons if getattr(reason, "idea", None)]


def on_the_page(name, column, answer, mark):
    """What the page handed back shows, from the stored answer and the recorded reasons."""
    source = f"lesson_network({name!r})" if name in LESSONS else f"your_network({name!r})"
    asked = asked_by(TEST.format(network=source, rows=COLUMNS[column]))
    stored = [list(row) if isinstance(row, tuple) else row for row in answer]
    stored = ["..." if row is None else row for row in stored]
    return table(asked, "ada", {"answer": stored}, mark.reasons, Settings())


def in_the_report(network, column, answer):
    """The names of the ideas that the report counts, as the lesson would name them together."""
    found = ideas_of({COLUMNS[column]: answer}, network)
    if not few_enough(found):
        return []
    if len(found) == 1:
        return [rule(each).name for each in found[0]]
    return [" Or: ".join(rule(each).name for (each,) in found)]


def on_the_site(name, answer):
    typed = [str(row) if row else "" for row in answer]
    request = {"ask": "compare", "lesson": name, "shapes": typed, "parameters": [""] * len(typed)}
    return json.loads(reply(json.dumps(request)))["text"]


def has_batch(shape, network) -> bool:
    """Tell whether a shape has its batch: the site adds one that is missing."""
    return len(shape) == len(network.shapes[0]) or shape[0] is None


@pytest.mark.slow
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_wrong_rule_is_explained_in_the_same_words_everywhere(name, column):
    network = NETWORKS[name]
    answers = wrong_answers(network, column)
    assert len(answers) > 15
    for answer in answers:
        typed = [... if row is None else row for row in answer]
        shown = compare(network, **{column: typed})
        mark = grade(typed, network, points=6, rows=COLUMNS[column])
        assert headings(shown) == headings_of_marks(mark), answer
        page = on_the_page(name, column, answer, mark)
        assert page is None or [idea.heading for idea in page.ideas] == headings(shown)
        named = [idea.name for _, found in shown.explanations for idea in found.ideas if idea.name]
        assert in_the_report(network, column, typed) == named, answer
        if name in LESSONS and column == "shapes" and has_batch(answer[0], network):
            alone = compare(network, shapes=typed, parameters=[...] * len(typed))
            assert on_the_site(name, answer) == repr(alone)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_sizes_alone_are_explained_as_the_rows_of_the_network_are(name):
    kernel, strides, padding = window = CONVOLUTIONS[name]
    of_network = lesson_network(name).shapes
    for row in wrong_answers(lesson_network(name), "shapes"):
        sizes = [each[1] for each in row[:3] if each and len(each) == len(of_network[0])]
        if len(sizes) < 3 or row[2][3] != 32 or sizes == [each[1] for each in of_network[:3]]:
            continue
        shapes = [(None, size, size, 32) for size in sizes]
        asked = Sizes([window] * 3, start=28)
        said = headings(compare(lesson_network(name), shapes=shapes))
        assert headings(compare_rows(sizes, asked)) == headings_of_marks(
            grade(sizes, asked, points=3)
        )
        in_rows = [each.replace(" (Conv2D)", "") for each in said]
        assert headings(compare_rows(sizes, asked)) == in_rows
        practised = practice("stack", 28, 1, [(32, kernel, strides, padding)] * 3, sizes)
        assert practised == "".join(each for each in said if not each.startswith("Start with"))


def test_what_three_ideas_give_is_named_with_all_three_and_what_more_give_with_none():
    asked, stride = Sizes([CONVOLUTIONS["stride"]] * 3, start=28), lesson_network("stride")
    three = [(None, 14, 14, 32), (None, 7, 7, 32), (None, 3, 3, 32)]
    opening = 'Three ideas fit your numbers. With "same", the size is divided by the stride'
    layers = [(32, *CONVOLUTIONS["stride"])] * 3
    for said in (
        repr(compare(stride, shapes=three)),
        repr(compare_rows([14, 7, 3], asked)),
        marks([14, 7, 3], asked),
        marks(three, stride, rows="output_shape"),
        practice("stack", 28, 1, layers, [14, 7, 3]),
    ):
        assert opening in said
    counts = [320, 9_248, 9_248, 0, 16_512, 1_290]
    working = "Start with row 5 (Dense). By the rule: (512 + 1) · 128 = 65,664. You have 16,512."
    assert working in repr(compare(stride, parameters=counts))
    assert working in marks(counts, stride, rows="parameters")


def test_a_fraction_is_explained_where_single_sizes_are_asked_for_too():
    name, sizes = rule("keeps_the_fraction").name, [14.5, 7.75, 4.375]
    asked = Sizes([CONVOLUTIONS["stride"]] * 3, start=28)
    assert name in repr(compare_rows(sizes, asked))
    assert name in marks(sizes, asked)


def test_a_total_of_no_idea_is_the_sum_of_the_rows_in_lesson_and_marks():
    own = [288, 9_216, 9_216, 0, 65_536, 1_280]
    asked = Total(lesson_network("stride"), rows=lambda: own)
    said = "The total is the sum of your rows: 288 + 9,216 + 9,216 + 65,536 + 1,280 = 85,536."
    assert said in repr(compare_rows(5, asked))
    assert said in marks(5, asked)


@pytest.mark.parametrize("topic", ["size", "parameters", "zeros"])
def test_a_lecture_names_the_ideas_that_practice_names(topic):
    layer_ = {"type": "Conv2D", "name": "conv2d", "filters": 4, "kernel_size": [4, 4]}
    asked = {"topic": topic, "input_shape": [9, 9, 3], "layers": [layer_ | {"padding": "same"}]}
    right = {"size": [9], "parameters": [196], "zeros": [1, 2]}[topic]
    asks = [{"label": str(each), "right": each} for each in right]
    shown = json.loads(reply(json.dumps({"ask": "wrong", "question": asked | {"asks": asks}})))
    assert len(shown["wrong"]) > 2
    for each in shown["wrong"]:
        assert each["answer"] != right
        assert each["idea"] in practice(topic, 9, 3, [(4, 4, 1, "same")], each["answer"])


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
