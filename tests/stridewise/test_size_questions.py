from collections import Counter

import pytest

from stridewise.misconceptions import rule
from stridewise.misconceptions.size_formulas import COMMON
from stridewise.size_questions import (
    SIZE_RULES_ALONE,
    SizeQuestion,
    predicted,
    rules_behind,
    telling_question,
)

Q = SizeQuestion

PIVOTS = (Q(21, 5, 2), Q(28, 5, 2, "same"))


def test_the_two_pivot_items_have_the_answers_of_the_lesson():
    assert [item.answer for item in PIVOTS] == [9, 14]


def test_the_two_pivot_items_separate_nearly_all_common_rules_from_the_right_one():
    answers = Counter(tuple(common(item.size, item.window) for item in PIVOTS) for common in COMMON)
    right = tuple(item.answer for item in PIVOTS)
    assert answers[right] <= 1
    assert len(answers) >= 11


@pytest.mark.parametrize("each", SIZE_RULES_ALONE, ids=lambda each: each.id)
def test_a_rules_own_answers_make_it_a_suspect(each):
    items = (*PIVOTS, Q(9, 4, 3), Q(9, 4, 2, "same"), Q(28, 3, dilation_rate=2))
    answers = [(item, predicted(each, item)) for item in items]
    assert any(given != item.answer for item, given in answers)
    assert each in rules_behind(answers)


def test_right_answers_make_nobody_a_suspect():
    assert rules_behind([(item, item.answer) for item in PIVOTS]) == ()
    assert rules_behind([]) == ()


def test_an_answer_of_no_rule_makes_nobody_a_suspect():
    assert rules_behind([(PIVOTS[0], 1_000)]) == ()


def test_the_item_that_is_asked_next_separates_the_suspected_rules():
    first = [(Q(7, 3, 2, "same"), 3)]
    suspected = rules_behind(first)
    assert len(suspected) > 2
    item = telling_question(suspected, [Q(7, 3, 2, "same"), *PIVOTS, Q(28, 3)])
    left = [rules_behind([*first, (item, predicted(each, item))]) for each in suspected]
    assert max(map(len, left)) < len(suspected)


def test_where_no_item_tells_the_suspects_apart_none_is_asked():
    assert telling_question([rule("rounds_up")], [Q(28, 3)]) is None


def test_a_rule_about_a_chain_cannot_be_asked_about_one_item():
    with pytest.raises(ValueError, match="first_size_again"):
        predicted(rule("first_size_again"), PIVOTS[0])
