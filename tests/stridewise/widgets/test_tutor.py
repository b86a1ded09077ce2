"""What practice says after an answer, and what it asks next."""

from dataclasses import replace

import pytest

from stridewise.misconceptions import rule
from stridewise.single_answers.questions import Zeros
from stridewise.size_questions import SizeQuestion, predicted, rules_behind
from stridewise.widgets import tutor
from stridewise.widgets.tutor import (
    Advice,
    Limits,
    advise,
    eased_off,
    items_of,
    items_within,
    suspected_after,
)

LIMITS = Limits(2, ("size", "stack"), ("valid", "same"), 3, (7, 14, 21, 28))


def conv(item, filters=4):
    names = ("kernel_size", "strides", "dilation_rate")
    pairs = {name: [getattr(item, name)] * 2 for name in names}
    return {"type": "Conv2D", "name": "conv2d", "filters": filters, "padding": item.padding} | pairs


def answered(item, given, channels=1):
    return {
        "topic": "size",
        "input_shape": [item.size, item.size, channels],
        "layers": [conv(item)],
        "asks": ["side"],
        "answer": [given],
        "correct": given == item.answer,
    }


def learner(holds, item):
    return answered(item, predicted(rule(holds), item))


FIRST = SizeQuestion(19, 5, 2)


def test_her_own_rule_is_shown_beside_the_right_one_with_her_numbers():
    advice = advise([learner("forgets_plus_one", FIRST)], LIMITS)
    each = "⌊(19 - 5) ÷ 2⌋ = 7\nor ⌊(19 - 5 + 1) ÷ 2⌋ = 7\nor ⌈(19 - 5) ÷ 2⌉ = 7"
    assert advice.text.startswith("Three ideas fit your numbers.")
    assert advice.workings == (("side", each, "⌊(19 - 5) ÷ 2⌋ + 1 = 8"),)
    assert advice.text
    assert advice.question.endswith("?")


def test_the_next_item_separates_the_suspected_rules():
    first = learner("forgets_plus_one", FIRST)
    suspected = suspected_after([first])
    item = advise([first], LIMITS).next_item
    assert len(suspected) > 1
    assert len({predicted(each, item) for each in suspected} | {item.answer}) > 1


@pytest.mark.parametrize(
    "holds", ["forgets_plus_one", "one_inside_the_floor", "valid_loses_the_kernel"]
)
def test_follow_ups_lead_to_the_rule_she_holds(holds):
    answers = [learner(holds, FIRST)]
    for _ in range(3):
        item = advise(answers, LIMITS).next_item
        if item is None:
            break
        answers.append(learner(holds, item))
    left = [each.id for each in suspected_after(answers)]
    assert holds in left
    assert len(left) <= len(suspected_after(answers[:1]))
    assert rule(holds).name in advise(answers, LIMITS).text


def test_a_right_answer_to_the_follow_up_drops_the_rules_that_it_refutes():
    first = learner("forgets_plus_one", FIRST)
    item = advise([first], LIMITS).next_item
    before, after = ([first], [first, answered(item, item.answer)])
    assert set(suspected_after(after)) < set(suspected_after(before))
    assert rule("forgets_plus_one") not in suspected_after(after)


def test_three_right_in_a_row_let_every_suspicion_go():
    dull = [learner("one_inside_the_floor", SizeQuestion(size, 5, 2)) for size in (20, 18, 16)]
    assert all(answer["correct"] for answer in dull)
    answers = [learner("one_inside_the_floor", FIRST), *dull]
    assert advise(answers[:-1], LIMITS).next_item is not None
    assert advise(answers, LIMITS) == Advice()


def test_the_latest_answer_is_the_one_that_is_explained():
    answers = [learner("forgets_plus_one", SizeQuestion(size, 5, 2)) for size in (19, 17)]
    assert advise(answers, LIMITS).workings[0][2] == "⌊(17 - 5) ÷ 2⌋ + 1 = 7"


def test_nothing_eases_off_before_the_third_right_answer():
    right = answered(FIRST, FIRST.answer)
    assert [eased_off([right] * count) for count in range(5)] == [False] * 3 + [True] * 2
    wrong = learner("forgets_plus_one", FIRST)
    assert [eased_off([wrong, *[right] * count]) for count in range(5)] == [False] * 3 + [True] * 2


def test_what_came_before_another_slip_no_longer_counts():
    before = learner("forgets_plus_one", SizeQuestion(10, 5, 2))
    other = learner("minus_one", SizeQuestion(20, 5, 2))
    last = learner("forgets_plus_one", FIRST)
    assert len(suspected_after([before, last])) < len(suspected_after([last]))
    assert suspected_after([before, other, last]) == suspected_after([last])


def test_a_new_slip_that_the_old_rule_does_not_give_is_judged_alone():
    old, new = learner("forgets_plus_one", FIRST), learner("rounds_up", SizeQuestion(20, 5, 2))
    assert suspected_after([old, new]) == suspected_after([new])


def test_where_nothing_fits_nothing_is_said():
    assert advise([answered(FIRST, 1_000)], LIMITS) == Advice()
    assert advise([], LIMITS) == Advice()


@pytest.mark.parametrize(
    "narrower",
    [
        pytest.param({"paddings": ("valid",)}, id="valid"),
        pytest.param({"max_strides": 1}, id="no-strides"),
        pytest.param({"level": 1}, id="easy"),
        pytest.param({"avoid_sizes": tuple(range(8, 15))}, id="sizes"),
    ],
)
def test_the_next_item_keeps_to_what_practice_asks_about(narrower):
    limits = replace(LIMITS, **narrower)
    item = advise([learner("forgets_plus_one", FIRST)], limits).next_item
    assert item.padding in limits.paddings
    assert item.strides <= (1 if limits.level == 1 else limits.max_strides)
    assert not {item.size, item.answer} & set(limits.avoid_sizes)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_item_within_the_limits_can_be_asked(level):
    limits = Limits(level, ("size",), ("valid", "same"), 3, (7, 14))
    items = list(items_within(limits))
    assert {item.strides for item in items} == ({1} if level == 1 else {1, 2, 3})
    assert {item.padding for item in items} == {"valid", "same"}
    assert all(item.answer > 1 and not {item.size, item.answer} & {7, 14} for item in items)
    narrow = replace(limits, paddings=("same",), max_strides=2)
    assert {item.padding for item in items_within(narrow)} == {"same"}
    assert max(item.strides for item in items_within(narrow)) == min(level, 2)


def test_the_page_and_python_ask_about_the_same_numbers(javascript):
    sizes, kernels = javascript("questions.js", "() => [SIZES_AT, KERNELS_AT]", {})
    ends = {str(level): [span.start, span.stop - 1] for level, span in tutor.SIZES.items()}
    assert ends == sizes
    assert {str(level): list(sides) for level, sides in tutor.KERNELS.items()} == kernels


def test_no_item_is_asked_twice():
    answers = [learner("minus_one", SizeQuestion(8, 2, 1, "same"))]
    for _ in range(6):
        item = advise(answers, LIMITS).next_item
        assert item not in {asked for answer in answers for asked, _ in items_of(answer)}
        answers.append(learner("minus_one", item))


def test_without_sizes_among_the_topics_no_item_follows():
    advice = advise([learner("forgets_plus_one", FIRST)], replace(LIMITS, topics=("stack",)))
    assert advice.text
    assert advice.next_item is None


def test_a_stack_is_judged_layer_by_layer_given_her_own_size():
    layers = [conv(SizeQuestion(20, 3)) | {"name": f"conv2d_{n}"} for n in range(3)]
    asks = ["one", "two", "three"]
    stack = {"topic": "stack", "input_shape": [20, 20, 1], "layers": layers, "asks": asks}
    stack |= {"answer": [17, 14, 11], "correct": False}
    assert [item.size for item, _ in items_of(stack)] == [20, 17, 14]
    assert rule("forgets_plus_one") in rules_behind(items_of(stack))
    assert [asked for asked, *_ in advise([stack], LIMITS).workings] == asks


def stack_of(*items, given, flatten=None):
    """An answer to a question about several layers, and perhaps Flatten."""
    layers = [conv(item) | {"name": f"conv2d_{n}"} for n, item in enumerate(items)]
    if flatten is not None:
        layers.append({"type": "Flatten", "name": "flatten"})
    values = [*given, *([] if flatten is None else [flatten])]
    size = items[0].size
    asks = [f"layer {n}" for n, _ in enumerate(values, 1)]
    stack = {"topic": "stack", "input_shape": [size, size, 1], "layers": layers, "asks": asks}
    return stack | {"answer": values, "correct": False}


def test_flatten_in_a_stack_is_explained_though_no_item_is_about_it():
    stack = stack_of(SizeQuestion(9, 3), SizeQuestion(7, 3), given=[7, 5], flatten=25)
    assert [given for _, given in items_of(stack)] == [7, 5]
    advice = advise([stack], LIMITS)
    assert "Flatten counts the pixels of one map." in advice.text
    assert advice.workings == (("layer 3", "5·5 = 25", "5·5·4 = 100"),)


@pytest.mark.parametrize("slip", [0, 2])
def test_where_nothing_fits_into_her_own_size_the_items_end(slip):
    stack = stack_of(SizeQuestion(9, 3), SizeQuestion(7, 3), SizeQuestion(5, 3), given=[slip, 5, 3])
    assert items_of(stack) == [(SizeQuestion(9, 3), slip)]


def test_a_dilated_kernel_is_judged_as_one():
    dilated = SizeQuestion(12, 3, dilation_rate=2)
    wrong = learner("ignores_dilation", dilated)
    assert rule("ignores_dilation") in suspected_after([wrong])
    advice = advise([wrong], replace(LIMITS, level=3))
    assert advice.workings[0][1:] == ("12 - 3 + 1 = 10", "12 - 5 + 1 = 8")


def test_a_question_about_parameters_has_no_follow_up():
    wrong = learner("forgets_plus_one", FIRST)
    weights = answered(SizeQuestion(9, 3), 40) | {"topic": "parameters", "correct": True}
    assert advise([wrong], LIMITS).next_item is not None
    assert advise([wrong, weights], LIMITS).next_item is None


def test_parameters_are_explained():
    weights = answered(SizeQuestion(9, 3), 36) | {"topic": "parameters"}
    assert advise([weights], LIMITS).workings[0][1].endswith("= 36")
    assert advise([weights], LIMITS).next_item is None


@pytest.mark.parametrize("given", [(1, 0), (1, 1), (0, 0)])
def test_a_wrong_pair_of_zeros_is_explained_as_in_the_marks(given):
    item = SizeQuestion(28, 3, 2, "same")
    asked = answered(item, 0) | {"topic": "zeros", "asks": ["before", "after"]}
    asked |= {"answer": list(given), "correct": False}
    advice = advise([asked], LIMITS)
    expected = Zeros([(28, 3, 2, "same", 1)]).explain([given])
    assert advice.text == expected.idea
    assert advice.next_item is None


def test_a_right_pair_of_zeros_is_left_alone():
    item = SizeQuestion(28, 3, 2, "same")
    asked = answered(item, 0) | {"topic": "zeros", "asks": ["before", "after"]}
    assert advise([asked | {"answer": [0, 1], "correct": True}], LIMITS) == Advice()
