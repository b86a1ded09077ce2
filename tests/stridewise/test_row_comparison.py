"""Sizes, zeros, receptive fields and totals beside the right ones, before anything is handed in."""

import pytest

from stridewise import lesson_network
from stridewise.comparison_table import AGREES, DIFFERS, FOLLOWS, OPEN
from stridewise.row_comparison import compare_rows
from stridewise.single_answers.questions import Fields, Sizes, Total, Zeros

CHAIN = Sizes([(3, 2, "same")] * 3, start=28)
ZEROS = Zeros([(28, 3, 2, "same"), (14, 3, 2, "same"), (7, 3, 2, "same")])
NETWORKS = [lesson_network(name) for name in ("valid", "same", "stride")]
FIELDS = Fields([(network, 2) for network in NETWORKS])


def verdicts(comparison):
    return [row.values[0].verdict for row in comparison.rows]


@pytest.mark.parametrize(
    ("answer", "question"),
    [([14, 7, 4], CHAIN), ([(0, 1), (0, 1), (1, 1)], ZEROS), ([7, 7, 15], FIELDS)],
)
def test_a_right_answer_agrees_and_needs_no_word(answer, question):
    comparison = compare_rows(answer, question)
    assert verdicts(comparison) == [AGREES] * 3
    assert comparison.explanations == ()


@pytest.mark.parametrize(
    ("question", "names"),
    [(CHAIN, ["row 1", "row 2", "row 3"]), (Total(NETWORKS[2]), ["total"])],
)
def test_each_row_has_a_name_and_no_row_is_called_a_layer(question, names):
    comparison = compare_rows([14, 7, 4], question)
    assert comparison.headings[0] == "Row"
    assert [row.layer for row in comparison.rows] == names


def test_sizes_that_follow_from_a_slip_are_shown_as_such():
    assert verdicts(compare_rows([15, 8, 4], CHAIN)) == [DIFFERS, FOLLOWS, AGREES]


def test_the_right_number_shows_only_beside_an_answer():
    comparison = compare_rows([14, ..., ...], CHAIN)
    assert verdicts(comparison) == [AGREES, OPEN, OPEN]
    assert "4 " not in repr(comparison).replace("14 ", "")


@pytest.mark.parametrize(
    ("answer", "question", "message"),
    [
        ([12, 4, 0], CHAIN, "It looks as if you worked out ⌊(28 - 3 + 2) ÷ 2⌋ - 1 = 12."),
        ([(1, 1), (1, 1), (1, 1)], ZEROS, "as many zeros"),
        ([27, 27, 27], FIELDS, "It looks as if you worked out 3 · 3 · 3 = 27."),
        (85_770 - 65_664, Total(NETWORKS[2]), "Row 5 (Dense) is left out of the total."),
    ],
)
def test_a_wrong_idea_is_named_with_the_learners_own_numbers(answer, question, message):
    assert message in repr(compare_rows(answer, question))


@pytest.mark.parametrize(
    ("answer", "question", "message"),
    [
        ([14, 9, 5], CHAIN, "Start with row 2. By the rule: ⌈14 ÷ 2⌉ = 7. You have 9."),
        ([(0, 1), (0, 1), (3, 2)], ZEROS, "(4 - 1) · 2 + 3 - 7 = 2, half of them at each end."),
        ([7, 7, 8], FIELDS, "Start with row 3. By the rule: 1 + 2·1 + 2·2 + 2·4 = 15."),
        (5, Total(NETWORKS[2]), "First predict the parameters of every layer."),
        (5, Total(NETWORKS[2], [320, 9248, 9248, 0, 65664, 1]), "= 84,481. Correct your rows"),
    ],
)
def test_where_no_idea_fits_the_first_wrong_row_is_worked(answer, question, message):
    assert message in repr(compare_rows(answer, question))


def test_a_wrong_total_gives_no_count_away_before_it_is_predicted():
    message = repr(compare_rows(85_770 - 65_664, Total(NETWORKS[2])))
    assert "9,248" not in message


def test_a_receptive_field_is_not_said_to_be_keras_own():
    assert "Keras" not in repr(compare_rows([3, 3, 3], FIELDS))


def test_a_total_is_one_number():
    assert verdicts(compare_rows(85_770, Total(NETWORKS[2]))) == [AGREES]
    assert "is text; write 85770 without quotes" in repr(compare_rows("85,770", Total(NETWORKS[2])))


def test_an_answer_that_is_not_a_list_or_too_long_is_explained():
    assert "Size: 7 is not a list" in repr(compare_rows(7, CHAIN))
    assert "4 rows, but 3 are asked for." in compare_rows([14, 7, 4, 2], CHAIN).summary


def test_an_idea_without_a_line_of_working_has_no_empty_column():
    page = compare_rows([(1, 1), (1, 1), (1, 1)], ZEROS)._repr_html_()
    assert "Zeros: this idea" not in page
    assert "(14 - 1) · 2 + 3 - 28 = 1, the odd one after" in page
