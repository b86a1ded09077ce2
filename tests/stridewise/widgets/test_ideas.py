"""Ideas that come back until they are settled, in this practice and the next; where it is kept."""

import json

import pytest

from stridewise.misconceptions import RULES, rule
from stridewise.single_answers.zeros import ZERO_IDEAS
from stridewise.size_questions import SizeQuestion, predicted
from stridewise.widgets import Practice
from stridewise.widgets.ideas import (
    GAPS,
    SETTLED,
    next_item,
    review,
    summary,
    valid_ideas,
    with_answer,
)
from stridewise.widgets.ideas_file import NAME
from stridewise.widgets.stacks import network_of
from stridewise.widgets.tutor import Advice, Limits

LIMITS = Limits(2, ("size", "zeros", "parameters"), ("valid", "same"), 3, (7, 14, 21, 28))
HELD = "forgets_plus_one"
SAYS_NOTHING = SizeQuestion(12, 1)  # by any rule about steps the answer is 12, or 11
# Two answers that forgets_plus_one alone explains.
SHOWN = (SizeQuestion(19, 5, 2), SizeQuestion(8, 2, 1, "same"))


def answered(item, given, **more):
    pairs = {name: [getattr(item, name)] * 2 for name in ("kernel_size", "strides")}
    layer = {"type": "Conv2D", "name": "conv2d", "filters": 4, "padding": item.padding} | pairs
    asked = {"topic": "size", "input_shape": [item.size, item.size, 1], "layers": [layer]}
    asked |= {"asks": ["side"], "answer": [given], "correct": given == item.answer}
    return asked | {"number": 0, **more}


def shown():
    """What is known once a learner has shown one idea."""
    answers = [answered(item, predicted(rule(HELD), item)) for item in SHOWN]
    ideas = valid_ideas(None)
    for count in (1, 2):
        ideas = with_answer(ideas, answers[:count])
    return ideas


def right(ideas, item, **more):
    return with_answer(ideas, [answered(item, item.answer, **more)])


def test_an_idea_that_one_answer_alone_cannot_tell_is_not_held_against_anybody():
    first = answered(SHOWN[0], predicted(rule(HELD), SHOWN[0]))
    assert with_answer(valid_ideas(None), [first])["ideas"] == {}
    assert list(shown()["ideas"]) == [HELD]


def test_an_idea_comes_back_after_more_and_more_questions_until_it_is_settled():
    ideas, waited, between = shown(), [], 0
    while summary(ideas)["open"]:
        item = review(ideas, (), LIMITS)
        ideas = right(ideas, SizeQuestion(**item) if item else SAYS_NOTHING)
        waited, between = ([*waited, between], 0) if item else (waited, between + 1)
    assert waited == [0, *GAPS]
    assert summary(ideas)["settled"] == [rule(HELD).name]
    assert review(ideas, (), LIMITS, beginning=True) == {}


def test_what_comes_back_is_a_question_that_the_idea_gets_wrong():
    item = SizeQuestion(**review(shown(), (), LIMITS))
    assert predicted(rule(HELD), item) != item.answer


def test_a_right_answer_that_the_idea_gives_too_settles_nothing():
    ideas = shown()
    same = SizeQuestion(9, 3, 1, "same")
    other = rule("same_rounds_down")
    assert predicted(other, same) == same.answer
    ideas["ideas"] = {other.id: {"step": 0, "due": 0}}
    assert right(ideas, same)["ideas"][other.id]["step"] == 0


def test_the_idea_shown_again_begins_anew():
    ideas = shown()
    ideas["ideas"][HELD]["step"] = 2
    answers = [answered(item, predicted(rule(HELD), item)) for item in SHOWN]
    assert with_answer(ideas, answers)["ideas"][HELD]["step"] == 0


def test_at_the_beginning_of_a_practice_every_open_idea_is_due():
    ideas = right(shown(), SHOWN[0])
    assert review(ideas, (), LIMITS) == {}
    item = review(ideas, (), LIMITS, beginning=True)
    assert right(ideas, SizeQuestion(**item), again=True)["ideas"][HELD]["step"] == 2


def test_a_lesson_that_does_not_ask_about_it_leaves_an_idea_for_a_later_one():
    assert review(shown(), (), Limits(1, ("zeros",), ("same",), 3, ())) == {}


LAYER = {"type": "Conv2D", "name": "conv2d", "filters": 4, "kernel_size": [3, 3]}


@pytest.mark.parametrize(
    ("topic", "wrong", "correct"),
    [("parameters", [108], [112]), ("zeros", [1, 0], [0, 1])],
)
def test_ideas_about_zeros_and_parameters_come_back_as_their_topic(topic, wrong, correct):
    layer = LAYER | {"strides": [2, 2], "padding": "same"}
    asked = {"topic": topic, "input_shape": [12, 12, 3], "layers": [layer], "asks": [""]}
    ideas = with_answer(valid_ideas(None), [asked | {"answer": wrong, "correct": False}])
    assert len(ideas["ideas"]) == 1
    assert review(ideas, (), LIMITS) == {"topic": topic}
    after = with_answer(ideas, [asked | {"answer": correct, "correct": True}])
    assert [each["step"] for each in after["ideas"].values()] == [1]


STACK = [LAYER, LAYER | {"name": "conv2d_1"}, LAYER | {"name": "conv2d_2"}]
FLAT = [*STACK, {"type": "Flatten", "name": "flatten"}]


def stack(layers, answer, *, correct=False):
    asked = {"topic": "stack", "input_shape": [12, 12, 3], "layers": layers, "number": 0}
    return asked | {"asks": [""] * len(layers), "answer": answer, "correct": correct}


@pytest.mark.parametrize(
    ("layers", "wrong", "right", "idea"),
    [
        (FLAT, [10, 8, 6, 36], [10, 8, 6, 144], "flatten_drops_channels"),
        (STACK, [10, 10, 10], [10, 8, 6], "first_size_again"),
        (STACK, [12, 12, 12], [10, 8, 6], "same_by_default"),
    ],
)
def test_an_answer_about_a_stack_opens_the_idea_behind_it_and_it_comes_back(
    layers, wrong, right, idea
):
    limits = Limits(3, ("stack",), ("valid", "same"), 3, ())
    ideas = with_answer(valid_ideas(None), [stack(layers, wrong)])
    assert list(ideas["ideas"]) == [idea]
    assert review(ideas, (), limits) == {"topic": "stack"}
    after = with_answer(ideas, [stack(layers, right, correct=True)])
    assert after["ideas"][idea]["step"] == 1


def test_below_the_level_that_asks_about_flatten_such_an_idea_waits():
    ideas = with_answer(valid_ideas(None), [stack(FLAT, [10, 8, 6, 36])])
    assert review(ideas, (), Limits(2, ("stack",), ("valid", "same"), 3, ())) == {}


def test_an_idea_of_parameters_comes_back_as_a_question_that_can_tell_it():
    layer = LAYER | {"strides": [2, 2], "padding": "same"}
    asked = {"topic": "parameters", "input_shape": [12, 12, 8], "layers": [layer], "asks": [""]}
    right = asked | {"answer": [292], "correct": True}
    for each in RULES:
        wrong = asked | {"answer": [292 + 1], "correct": False}
        held = each.predict(network_of(wrong)).parameters
        opened = with_answer(valid_ideas(None), [wrong | {"answer": list(held)}])
        for name in opened["ideas"]:
            assert review(opened, (), LIMITS) == {"topic": "parameters"}
            assert with_answer(opened, [right])["ideas"][name]["step"] == 1


def test_a_question_that_tells_ideas_apart_goes_first():
    telling = Advice(next_item=SHOWN[0])
    assert "again" not in next_item(3, telling, {"topic": "zeros"})
    assert next_item(3, Advice(), {}) == {}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"ideas": 3},
        {"asked": -1, "ideas": {HELD: 3, "unknown": {"step": 0, "due": 0}}},
        {"asked": True, "ideas": {HELD: {"step": SETTLED + 1, "due": 0}}},
        {"asked": 1.5, "ideas": {HELD: {"step": 0}}},
    ],
)
def test_what_is_not_valid_is_left_out(data):
    assert valid_ideas(data) == {"asked": 0, "ideas": {}}


def test_every_idea_has_a_name_of_its_own():
    ids = [each.id for each in (*RULES, *ZERO_IDEAS)]
    assert len(set(ids)) == len(ids)


def practise(practice, number, item, given):
    practice.set_state({"last_answer": answered(item, given, number=number)})


def test_the_next_lesson_begins_with_what_is_not_settled(tmp_path):
    first = Practice(topics=["size"], level=2)
    for number, item in enumerate(SHOWN):
        practise(first, number, item, predicted(rule(HELD), item))
    assert first.ideas["open"] == [rule(HELD).name]
    assert NAME in first.ideas["kept"]
    assert HELD in json.loads((tmp_path / NAME).read_text())["ideas"]
    following = Practice(topics=["size"])
    assert following.item["again"]
    assert following.item["number"] == 0
    assert Practice(topics=["zeros"]).item == {}
    (tmp_path / NAME).unlink()
    assert Practice(topics=["size"]).item == {}


@pytest.mark.parametrize("damaged", ["", "{", "[" * 100_000, "null", '{"ideas": {"x": NaN}}'])
def test_a_damaged_file_stops_nothing(tmp_path, damaged):
    (tmp_path / NAME).write_text(damaged)
    practice = Practice(topics=["size"], seed=1)
    practise(practice, 0, SHOWN[0], SHOWN[0].answer)
    assert json.loads((tmp_path / NAME).read_text())["asked"] == 1


def test_where_no_file_can_be_written_the_kernel_remembers(tmp_path):
    (tmp_path / NAME).mkdir()
    practice = Practice(topics=["size"], level=2)
    for number, item in enumerate(SHOWN):
        practise(practice, number, item, predicted(rule(HELD), item))
    assert "no file can be written here" in practice.ideas["kept"]
    assert Practice(topics=["size"]).item["again"]


def test_a_practice_that_nobody_answers_writes_nothing(tmp_path):
    Practice()._repr_mimebundle_()
    assert list(tmp_path.iterdir()) == []


def test_a_topic_that_is_asked_for_is_the_topic_of_the_question(javascript):
    state = {"seed": 1, "level": 1, "topics": ["size", "parameters", "zeros"], "paddings": ["same"]}
    state |= {"max_strides": 3, "max_dilation": 1, "avoid_sizes": []}
    item = {"number": 4, "topic": "zeros", "again": True}
    states = [state | {"number": number, "item": item} for number in (3, 4)]
    states.append(state | {"number": 4, "item": item | {"topic": "stack"}})
    found = javascript("questions.js", "(all) => all.map(question)", states)
    assert (found[1]["topic"], found[1]["again"]) == ("zeros", True)
    assert [found[0]["again"], found[2]["again"]] == [False, False]
