"""What practice says after an answer, and what it asks next."""

from dataclasses import replace

import pytest

from stridewise.misconceptions import rule
from stridewise.suspects import Item, predicted, suspects
from stridewise.widgets.tutor import Advice, Limits, advise, items_of, suspected_after

LIMITS = Limits(2, ("size", "stack"), ("valid", "same"), 3, (7, 14, 21, 28))


def conv(item, filters=4):
    pairs = {name: [getattr(item, name)] * 2 for name in ("kernel_size", "strides")}
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


FIRST = Item(19, 5, 2)


def test_her_own_rule_stands_beside_the_right_one_with_her_numbers():
    advice = advise([learner("forgets_plus_one", FIRST)], LIMITS)
    either = "⌊(19 - 5) ÷ 2⌋ = 7\nor ⌊(19 - 5 + 1) ÷ 2⌋ = 7"
    assert advice.workings == (("side", either, "⌊(19 - 5) ÷ 2⌋ + 1 = 8"),)
    assert advice.text
    assert advice.question.endswith("?")


def test_the_next_item_tells_the_suspects_apart():
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


def test_a_right_answer_to_the_telling_item_lets_go_of_the_rules_it_tells():
    first = learner("forgets_plus_one", FIRST)
    item = advise([first], LIMITS).next_item
    before, after = ([first], [first, answered(item, item.answer)])
    assert set(suspected_after(after)) < set(suspected_after(before))
    assert rule("forgets_plus_one") not in suspected_after(after)


def test_three_right_in_a_row_let_every_suspicion_go():
    dull = [learner("one_inside_the_floor", Item(size, 5, 2)) for size in (20, 18, 16)]
    assert all(answer["correct"] for answer in dull)
    answers = [learner("one_inside_the_floor", FIRST), *dull]
    assert advise(answers[:-1], LIMITS).next_item is not None
    assert advise(answers, LIMITS) == Advice()


def test_a_new_slip_that_the_old_rule_does_not_give_is_judged_alone():
    old, new = learner("forgets_plus_one", FIRST), learner("rounds_up", Item(20, 5, 2))
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


def test_without_sizes_among_the_topics_no_item_follows():
    advice = advise([learner("forgets_plus_one", FIRST)], replace(LIMITS, topics=("stack",)))
    assert advice.text
    assert advice.next_item is None


def test_a_stack_is_judged_layer_by_layer_given_her_own_size():
    layers = [conv(Item(20, 3)) | {"name": f"conv2d_{n}"} for n in range(3)]
    asks = ["one", "two", "three"]
    stack = {"topic": "stack", "input_shape": [20, 20, 1], "layers": layers, "asks": asks}
    stack |= {"answer": [17, 14, 11], "correct": False}
    assert [item.size for item, _ in items_of(stack)] == [20, 17, 14]
    assert rule("forgets_plus_one") in suspects(items_of(stack))
    assert [asked for asked, *_ in advise([stack], LIMITS).workings] == asks


def test_parameters_are_explained_and_zeros_left_alone():
    weights = answered(Item(9, 3), 36) | {"topic": "parameters"}
    assert advise([weights], LIMITS).workings[0][1].endswith("= 36")
    assert advise([weights], LIMITS).next_item is None
    zeros = answered(Item(9, 3, 2, "same"), 0) | {"topic": "zeros", "answer": [0, 2]}
    assert advise([zeros], LIMITS) == Advice()
