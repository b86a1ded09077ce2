"""Answers that are no rows of a network: the rule behind wrong sizes, zeros, fields and totals."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stridewise import lesson_network
from stridewise.layers import layer
from stridewise.misconceptions import rule
from stridewise.naming import MOST, Working, named
from stridewise.network import Network
from stridewise.receptive import receptive_field
from stridewise.single_answers.ideas import behind
from stridewise.single_answers.output_sizes import behind_chain, behind_sizes, following
from stridewise.single_answers.receptive_fields import FIELD_IDEAS, field_working, right_field
from stridewise.single_answers.totals import behind_total
from stridewise.single_answers.zeros import ZERO_IDEAS, right_zeros, zeros_working
from stridewise.size_questions import SIZE_RULES_ALONE, SizeQuestion, predicted
from stridewise.windows import Window

Q = SizeQuestion

CHAIN = [
    Q(28, 3, 2, "same"),
    Q(14, 3, 2, "same"),
    Q(7, 3, 2, "same"),
]
PIVOTS = [Q(21, 5, 2), Q(28, 5, 2, "same")]
THREE = (Window(3),) * 3
SEEN = [THREE, THREE, (Window(3, 2),) * 3]
GAPS = [THREE, (Window(3), Window(3, 1, "valid", 2), Window(3, 1, "valid", 4))]
POOLED = (Window(3), Window(3, 3), Window(3))
VALID = lesson_network("valid")


def behind_zeros(answers, items=CHAIN):
    return behind(ZERO_IDEAS, items, answers, right_zeros, zeros_working)


def behind_fields(answers, questions=SEEN):
    return behind(FIELD_IDEAS, questions, answers, right_field, field_working)


def names(found):
    return found.ideas[0].heading if found else ""


@given(
    st.lists(
        st.builds(Window, st.integers(1, 4), st.integers(1, 3), st.just("same"), st.just(1)),
        min_size=1,
        max_size=4,
    )
)
def test_the_field_of_windows_is_that_of_their_network(windows):
    layers = [layer("Conv2D", 1, each.kernel_size, each.strides, "same") for each in windows]
    network = Network.sequential(layers, (64, 64, 1))
    assert receptive_field(network, -1)[0] == right_field(tuple(windows))
    assert field_working(tuple(windows)).endswith(f" = {right_field(tuple(windows))}")


@pytest.mark.parametrize("idea", ZERO_IDEAS, ids=lambda idea: idea.id)
def test_the_zeros_of_an_idea_name_it(idea):
    answers = [idea.answer(item) for item in CHAIN]
    found = behind_zeros(answers)
    assert idea.name in names(found)
    alike = [each for each in ZERO_IDEAS if [each.answer(item) for item in CHAIN] == answers]
    assert len(alike) <= 2
    assert all(each.name in names(found) for each in alike)


@pytest.mark.parametrize("questions", [SEEN, [*GAPS, POOLED]], ids=["lesson", "pooling"])
@pytest.mark.parametrize("idea", FIELD_IDEAS, ids=lambda idea: idea.id)
def test_the_fields_of_an_idea_name_it(idea, questions):
    answers = list(map(idea.answer, questions))
    right = list(map(right_field, questions))
    found = behind_fields(answers, questions)
    assert found is None if answers == right else idea.name in names(found)


def test_every_idea_of_fields_goes_wrong_in_one_of_the_assignments():
    asked = [*SEEN, *GAPS, POOLED]
    assert all(any(idea.answer(q) != right_field(q) for q in asked) for idea in FIELD_IDEAS)


@pytest.mark.parametrize("idea", SIZE_RULES_ALONE, ids=lambda idea: idea.id)
def test_the_pivot_sizes_of_a_rule_name_it_or_too_many_would_be_named(idea):
    answers = [predicted(idea, item) for item in PIVOTS]
    alike = [each for each in SIZE_RULES_ALONE if [predicted(each, i) for i in PIVOTS] == answers]
    right = answers == [item.answer for item in PIVOTS]
    found = behind_sizes(PIVOTS, answers)
    if right or None in answers or len(alike) > MOST:
        assert found is None or None in answers
    else:
        assert all(each.name in names(found) for each in alike)


@pytest.mark.parametrize(
    ("sizes", "idea"),
    [
        ([12, 4, 0], "minus_one"),
        ([13, 6, 2], "forgets_plus_one"),
        ([15, 8, 5], "rounds_up"),
        ([14, 7, 3], "same_rounds_down"),
        ([28, 28, 28], "same_keeps_size"),
        ([26, 24, 22], "ignores_the_stride"),
        ([14, 14, 14], "first_size_again"),
        ([14, 7, 7], "stops_one_layer_early"),
    ],
)
def test_sizes_of_layers_in_a_row_name_the_rule(sizes, idea):
    assert rule(idea).name in names(behind_chain(CHAIN, sizes))


def test_a_size_is_worked_with_the_learners_own_size_before_it():
    found = behind_chain(CHAIN, [13, 6, 2])
    assert found.working(1).right.startswith("⌊(13 - 3 + 2) ÷ 2⌋")
    assert found.working(1).own == ""  # two rules give these sizes
    assert behind_chain(CHAIN, [12, 4, 0]).working(1).own == "⌊(12 - 3 + 2) ÷ 2⌋ - 1 = 4"


def test_the_right_rule_is_worked_in_the_form_of_the_learners_own():
    found = behind_sizes(PIVOTS, [8, 13])
    assert found.working(1).right == "⌊(28 - 5 + 4) ÷ 2⌋ + 1 = 14"


def test_two_rules_that_only_go_together_are_not_named():
    mixed = [
        Q(28, 3, 2, "same"),
        Q(14, 3),
        Q(12, 3, 2, "same"),
        Q(6, 3),
    ]
    assert behind_chain(mixed, [13, 12, 5, 4]) is None  # one of two for "same", a third for "valid"


def test_sizes_that_follow_from_a_slip_are_known():
    assert following(CHAIN, [15, 8, 4]) == {1, 2}
    assert following(CHAIN, [1, 1, 1]) == following(CHAIN, [0, 0, 0]) == frozenset()


def test_right_answers_and_answers_of_no_idea_say_nothing():
    assert behind_zeros(list(map(right_zeros, CHAIN))) is None
    assert behind_fields([7, 7, 15]) is None
    assert behind_sizes(PIVOTS, [9, 14]) is None
    assert behind_chain(CHAIN, [14, 7, 4]) is None
    assert behind_total(VALID, VALID.total_parameters) is None
    assert behind_zeros([(1, 2), (0, 3), (5, 5)]) is None
    assert behind_fields([7, 7, 16]) is behind_sizes(PIVOTS, [9, 99]) is None
    assert behind_chain(CHAIN, [99, 7, 1]) is behind_total(VALID, 5) is None


def test_one_answer_that_does_not_fit_takes_an_idea_away():
    assert behind_fields([9, 9, 9]) is not None
    assert behind_fields([9, 9, 15]) is None


def test_what_is_not_answered_speaks_neither_for_an_idea_nor_against_it():
    assert "Strides do not count" in names(behind_fields([7, None, 7]))
    assert behind_fields([None, None, None]) is None
    assert "odd zero goes before" in names(behind_zeros([(1, 0)])).lower()


def test_more_ideas_than_can_help_are_not_named():
    words = [rule(each) for each in ("minus_one", "rounds_up", "same_keeps_size", "no_flatten")]
    fitting = [(each, (Working(0, f"{n} = 1", "2"),)) for n, each in enumerate(words)]
    assert "Three ideas fit your numbers." in names(named(fitting[:MOST]))
    assert named(fitting) is named([]) is None


def test_of_ideas_with_the_same_arithmetic_the_first_is_named_alone():
    worked = (Working(0, "28 - 3 = 25", "28 - 3 + 1 = 26"),)
    both = [(rule("forgets_plus_one"), worked), (rule("valid_loses_the_kernel"), worked)]
    assert names(named(both)).endswith("The idea: The size is the number of steps.")


def test_ideas_that_fit_equally_well_leave_out_what_only_one_of_them_does():
    found = behind_fields([9, 9, 9])
    assert " Or: " in names(found)
    assert found.leaves_out == ""
    assert {each.own for each in found.workings} == {"3 · 3 = 9\nor 3 + 3 + 3 = 9"}
    assert found.working(0).own == ""  # nobody knows which of the two was hers


def test_an_idea_behind_one_wrong_row_is_named_as_possible():
    assert names(behind_fields([7, 7, 7])).startswith(
        "You may have worked out 1 + 2·1 + 2·1 + 2·1 = 7."
    )
    assert names(behind_fields([27, 27, 27])).startswith(
        "It looks as if you worked out 3 · 3 · 3 = 27."
    )


def test_a_field_counted_as_a_square_is_told_to_count_along_one_side():
    found = behind_fields([49, 49, 225])
    assert names(found).startswith("It looks as if you worked out 7 · 7 = 49.")
    assert found.leaves_out == "Count along one side only."


@pytest.mark.parametrize(
    ("total", "said_of_it"),
    [
        (2_002_698 - 320, "Row 1 (Conv2D) is left out"),
        (2_002_698 - 9_248, "Row 2 or 3 (Conv2D) is left out"),
        (2_002_698 + 1_290, "Row 6 (Dense) is counted twice"),
        (2_002_464, "The biases are left out"),
        (6_008_096, "What Adam keeps"),
    ],
)
def test_a_wrong_total_is_explained_by_what_is_missing_or_too_much(total, said_of_it):
    assert said_of_it in names(behind_total(VALID, total))


def test_a_total_is_explained_by_the_learners_own_rows_first():
    own = [288, 9_216, 9_216, 0, 1_982_464, 1_280]
    assert "sum of your own rows" in names(behind_total(VALID, sum(own), own))
    assert "Row 1 (Conv2D) is left out" in names(behind_total(VALID, sum(own[1:]), own))
    assert "Row 1 (Conv2D) is left out" in names(behind_total(VALID, 2_002_698 - 320, own))
    assert behind_total(VALID, sum(own[1:]), own[:3]) is None


def alarms(explain, draw, seed=1, tries=2_000):
    rng = random.Random(seed)  # noqa: S311 - noise, and the same each time
    return sum(explain(draw(rng)) is not None for _ in range(tries)) / tries


def test_noise_is_seldom_given_a_name():
    assert alarms(behind_fields, lambda r: [r.randint(1, 30) for _ in SEEN]) < 0.01
    pairs = alarms(behind_zeros, lambda r: [(r.randint(0, 2), r.randint(0, 2)) for _ in CHAIN])
    assert pairs < 0.02
    pivots = alarms(lambda a: behind_sizes(PIVOTS, a), lambda r: [r.randint(1, 28) for _ in "ab"])
    assert pivots < 0.04  # two numbers hold little: every 30th pair is some rule's
