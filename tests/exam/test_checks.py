import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import Accepts, Cases, Fields, Sizes, Total, Zeros, grade, submitter
from autograder.course.settings import Settings, in_force
from autograder.exam.checks import submitted_by
from stridewise import Network, lesson_network, output_size

VALID = lesson_network("valid")
SHAPES = [row.output_shape for row in VALID.rows]


def test_the_right_shapes_earn_every_point():
    assert grade(SHAPES, VALID, points=6, rows="output_shape") == 6


def test_an_unanswered_question_earns_nothing():
    mark = grade(..., VALID, points=6, rows="output_shape")
    assert (mark, mark.reasons) == (0, ("Not answered.",))


def test_one_wrong_row_costs_its_own_share():
    parameters = [320, 9248, 9248, 0, 7, 1290]
    mark = grade(parameters, VALID, points=6, rows="parameters")
    assert mark == 5
    assert "Row 5" in mark.reasons[0]


def test_missing_rows_cost_their_share_and_are_named():
    mark = grade(SHAPES[:3], VALID, points=6, rows="output_shape")
    assert mark == 3
    assert "3 rows; 6 were asked for" in mark.reasons[-1]


def test_extra_rows_earn_nothing():
    wrong = [(None, 1)] * 6
    assert grade([*wrong, *SHAPES], VALID, points=6, rows="output_shape") == 0


COMMA = [320, 9, 248, 9248, 0, 1982592, 1290]


def test_rows_of_a_list_that_is_too_long_are_judged_one_by_one():
    mark = grade(COMMA, VALID, points=7, rows="parameters")
    assert mark == 1
    assert "7 rows; 6 were asked for" in mark.reasons[-2]
    assert "9,248 is two numbers in Python: write 9248" in mark.reasons[-1]


@pytest.mark.parametrize("rows", ["output_shape", "parameters"])
def test_a_row_too_many_is_a_wrong_row(rows):
    right = SHAPES if rows == "output_shape" else VALID.parameters
    mark = grade([*right, right[-1]], VALID, points=7, rows=rows)
    assert mark == 6
    assert "Each one too many counts as a wrong one" in mark.reasons[0]
    assert grade([1, 2, 3, 3], [1, 2, 3], points=4) == 3


def test_a_placeholder_left_at_the_end_costs_nothing():
    mark = grade([*VALID.parameters, ..., ...], VALID, points=6, rows="parameters")
    assert (mark, mark.reasons) == (6, ())
    assert grade([1, 2, ...], [1, 2], points=2) == 2


@pytest.mark.parametrize("tenths", range(1, 41))
@pytest.mark.parametrize("rows", [3, 6, 7])
def test_full_marks_are_exactly_the_maximum(tenths, rows):
    numbers = list(range(rows))
    cases = Cases(lambda n: n + 1, [(n,) for n in numbers])
    for points in (tenths / 10, tenths / 3):
        assert grade(numbers, numbers, points=points) == points
        assert grade(lambda n: n + 1, cases, points=points) == points
        lost_one = grade([*numbers[:-1], 99], numbers, points=points)
        assert lost_one == pytest.approx(points * (rows - 1) / rows)


@pytest.mark.parametrize("points", [0.2, 0.4, 1.6, 2.7, 1 / 3])
def test_right_rows_of_a_network_are_exactly_the_maximum(points):
    assert grade(SHAPES, VALID, points=points, rows="output_shape") == points
    assert grade(VALID.parameters, VALID, points=points, rows="parameters") == points


class RaisesAlways:
    """An object of which every operation raises an error."""

    def __repr__(self):
        raise RuntimeError

    def __getattr__(self, name):
        raise AttributeError(name)


LOOP: list = []
LOOP.append(LOOP)
PARTS = [st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)]
ODD_PARTS = [st.builds(RaisesAlways), *map(st.just, [..., LOOP, np.zeros((2, 2)), len])]


def nested(inner):
    dicts = st.dictionaries(st.text(max_size=2), inner, max_size=2)
    return st.one_of(st.lists(inner, max_size=9), st.tuples(inner, inner), dicts)


ODD = st.recursive(st.one_of(*PARTS, *ODD_PARTS), nested, max_leaves=12)


@given(ODD)
def test_whatever_is_handed_in_gets_a_mark(answer):
    for rows in ("output_shape", "parameters", None):
        assert 0 <= grade(answer, VALID, points=6, rows=rows) <= 6
    assert 0 <= grade(answer, VALID, points=6, rows="parameters", shapes=answer) <= 6
    even = Accepts(lambda given: given % 2 == 0, "An even number was asked for.")
    for expected in (IN_A_ROW, PIVOTS, ZEROS, FIELDS, CASES, even, [1, 2], 3, "ada"):
        assert 0 <= grade(answer, expected, points=3) <= 3
    assert 0 <= grade(answer, Total(VALID, rows=answer), points=3) <= 3


@pytest.mark.parametrize(
    "answer", [tuple(SHAPES), [list(row) for row in SHAPES]], ids=["tuple", "lists"]
)
def test_lists_and_tuples_are_the_same_answer(answer):
    assert grade(answer, VALID, points=6, rows="output_shape") == 6


def test_a_row_of_another_form_is_lost_and_no_other():
    mark = grade([320, 9248.5, 9248, ..., 1982592, 1290], VALID, points=6, rows="parameters")
    assert mark == 4
    assert "decimal point" in mark.reasons[0]


SLIP = [(None, 27, 27, 32), (None, 25, 25, 32), (None, 23, 23, 32), *SHAPES[3:]]


def test_rows_that_follow_from_an_early_slip_keep_their_points():
    assert grade(SLIP, VALID, points=6, rows="output_shape") == 5


def test_following_through_can_be_turned_off():
    with in_force(Settings(follow_through=False)):
        assert grade(SLIP, VALID, points=6, rows="output_shape") == 3


FORGOTTEN = [(None, 25, 25, 32), (None, 22, 22, 32), (None, 19, 19, 32), *SHAPES[3:]]


def test_a_reason_names_the_wrong_rule_and_works_it_beside_the_right_one():
    reasons = " ".join(grade(FORGOTTEN, VALID, points=6, rows="output_shape").reasons)
    assert "Add 1 for the first window." in reasons
    assert "28 - 3 = 25" in reasons
    assert "28 - 3 + 1 = 26" in reasons


def test_the_right_working_is_kept_back_for_a_lesson_to_be_tried_again():
    with in_force(Settings(show_right_numbers=False)):
        reasons = " ".join(grade(FORGOTTEN, VALID, points=6, rows="output_shape").reasons)
        assert "28 - 3 = 25" in reasons
        assert "26" not in reasons


OWN = [(None, 27, 27, 32), (None, 25, 25, 32), (None, 23, 23, 32), (None, 16_928), *SHAPES[4:]]
COUNTS = [320, 9_248, 9_248, 0, (16_928 + 1) * 128, 1_290]


def counts_mark(counts=COUNTS, shapes=lambda: OWN):
    return grade(counts, VALID, points=6, rows="parameters", shapes=shapes)


def test_counts_that_follow_from_the_students_own_shapes_keep_their_points():
    assert grade(COUNTS, VALID, points=6, rows="parameters") == 5
    assert counts_mark() == counts_mark(shapes=OWN) == 6
    assert counts_mark().reasons == ("Follows from your own shapes, so it counts: row 5.",)


def test_counts_are_held_against_keras_alone_where_following_through_is_off():
    with in_force(Settings(follow_through=False)):
        assert counts_mark() == 5
        assert counts_mark(VALID.parameters) == 6


def test_right_counts_are_right_whatever_the_shapes():
    for shapes in (OWN, SHAPES, [(None, 1, 1, 1)] * 6, []):
        mark = counts_mark(VALID.parameters, shapes)
        assert (mark, mark.reasons) == (6, ())


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param(lambda: no_such_name, id="the-name-is-not-there"),  # noqa: F821 - that is the point
        pytest.param(lambda: 1 / 0, id="another-error"),
        pytest.param(lambda: ..., id="not-answered"),
        pytest.param([..., ..., ...], id="no-row-answered"),
        pytest.param("(None, 27, 27, 32)", id="text"),
        pytest.param(27, id="a-number"),
        pytest.param(dict.fromkeys(OWN), id="a-dict"),
        pytest.param(lambda: (row for row in OWN), id="a-generator"),
        pytest.param([str(row) for row in OWN], id="rows-of-text"),
        pytest.param([[None, "27", "27", 32], *[...] * 5], id="sizes-of-text"),
    ],
)
def test_shapes_that_are_missing_or_no_shapes_let_nothing_follow_and_cost_nothing(shapes):
    assert counts_mark(shapes=shapes) == 5
    assert counts_mark(VALID.parameters, shapes) == 6


def test_a_row_of_the_shapes_that_cannot_be_read_stops_no_other():
    assert counts_mark(shapes=["27", ..., None, *OWN[3:]]) == 6


def test_shapes_go_with_parameters_alone():
    for expected, rows in (([26], None), (VALID, "output_shape"), (VALID, None), (3, "parameters")):
        with pytest.raises(ValueError, match="leave it out"):
            grade(1, expected, points=1, rows=rows, shapes=lambda: OWN)


def test_a_lost_count_is_explained_from_the_students_own_shapes():
    counts = [288, 9_216, 9_216, 0, 16_928 * 128, 1_280]
    mark = counts_mark(counts)
    assert mark == 1
    assert "16,928 · 128 = 2,166,784. Keras: (16,928 + 1) · 128 = 2,166,912" in mark.reasons[3]
    assert "Only weights are counted, no biases." in mark.reasons[-1]
    assert "16,928" not in " ".join(counts_mark(counts, shapes=None).reasons)


def test_a_count_that_follows_is_never_blamed():
    mark = counts_mark([320, 320, 320, *COUNTS[3:]])
    assert mark == 4
    assert [reason[:5] for reason in mark.reasons[:2]] == ["Row 2", "Row 3"]
    assert "one flat kernel" in mark.reasons[2]
    assert not any("(Dense)" in reason for reason in mark.reasons)


def test_counts_of_an_idea_about_shapes_are_explained_where_the_shapes_are_right():
    counts = [320, 9_248, 9_248, 0, (484 + 1) * 128, 1_290]  # one map of 22 by 22
    assert (
        "Your count fits 484 inputs: (484 + 1) · 128 = 62,080."
        in counts_mark(counts, SHAPES).reasons[-1]
    )


def test_numpy_integers_are_whole_numbers():
    assert grade(np.array([26, 24, 22]), [26, 24, 22], points=3) == 3


@pytest.mark.parametrize("answer", [[True] * 3, [1.5] * 3, ["1"] * 3, "1, 1, 1", 1e309, {}])
def test_other_kinds_of_value_earn_nothing_and_say_why(answer):
    mark = grade(answer, [1, 1, 1], points=3)
    assert mark == 0
    assert mark.reasons


def test_a_pair_list_is_marked_by_row():
    assert grade([(0, 1), (1, 0), (1, 1)], [(0, 1), (0, 1), (1, 1)], points=3) == 2


def test_something_that_is_no_model_earns_nothing():
    assert grade([1, 2], VALID, points=6) == 0


CASES = Cases(output_size, [(28, 3, 1, "valid"), (28, 3, 2, "same"), (7, 3, 2, "valid")])


def own_size(size, kernel_size, strides, padding):
    return -(-size // strides) if padding == "same" else (size - kernel_size) // strides + 1


def test_a_right_function_earns_every_point():
    assert grade(own_size, CASES, points=3) == 3


@pytest.mark.parametrize(
    "borrowed",
    [
        output_size,
        functools.partial(output_size, strides=1, padding="valid"),
        Network.sequential,
        Network,
        VALID,
    ],
    ids=["function", "partial", "method", "class", "network"],
)
def test_what_a_library_gives_to_everybody_is_not_the_students_answer(borrowed):
    for expected in (CASES, VALID, Accepts(callable, "A function was asked for.")):
        mark = grade(borrowed, expected, points=3)
        assert mark == 0
        assert "not your own work" in mark.reasons[0]


def test_a_function_that_was_named_after_the_librarys_own_is_the_students():
    named = functools.wraps(output_size)(own_size)
    assert grade(named, CASES, points=3) == 3


def test_a_function_is_marked_case_by_case():
    assert grade(lambda n, k, *_: n - k + 1, CASES, points=3) == 1


def test_a_function_that_raises_loses_only_those_cases():
    def only_valid(size, kernel_size, strides, padding):
        if padding == "same":
            raise KeyError(padding)
        return (size - kernel_size) // strides + 1

    assert grade(only_valid, CASES, points=3) == 2


def test_a_function_that_follows_a_wrong_rule_gets_its_name():
    sized = Cases(output_size, [(28, 3, 2, "valid"), (7, 3, 2, "same"), (8, 3, 2, "same")], Sizes)
    mark = grade(lambda n, k, s, p: n // s if p == "same" else (n - k) // s + 1, sized, points=3)
    assert mark == 2
    assert "divided by the stride and rounded down" in mark.reasons[-1]


def test_a_function_that_returns_nothing_is_reported_once():
    mark = grade(lambda *_: ..., CASES, points=3)
    assert (mark, mark.reasons) == (0, ("The function returns nothing yet.",))


def test_of_many_wrong_cases_the_first_few_are_listed():
    many = Cases(output_size, [(size, 3, 1, "valid") for size in range(10, 20)])
    mark = grade(lambda n, *_: n, many, points=10)
    assert len(mark.reasons) == 5
    assert mark.reasons[-1] == "The same is true of 6 more cases."


def test_a_function_that_returns_an_object_which_equals_everything_earns_nothing():
    class Always:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return 1

    assert grade(lambda *_: Always(), CASES, points=3) == 0


def test_every_right_answer_of_an_open_question_is_accepted():
    even = Accepts(lambda answer: answer % 2 == 0, "An even number was asked for.")
    assert grade(4, even, points=2) == grade(8, even, points=2) == 2
    assert grade(3, even, points=2).reasons == ("An even number was asked for.",)


def test_a_text_is_compared_without_the_spaces_round_it():
    assert grade(" ada ", "ada", points=1) == 1
    assert grade("bob", "ada", points=1) == 0


def test_a_test_that_expects_a_value_of_an_unknown_kind_is_an_error():
    with pytest.raises(TypeError, match="cannot compare"):
        grade(1, object(), points=1)


@pytest.mark.parametrize("number", [10**400, 10**5_000, -(10**400)], ids=["large", "vast", "low"])
def test_a_number_of_too_many_digits_costs_its_own_row_and_no_other(number):
    shapes = [(None, number, number, 32), *SHAPES[1:]]
    assert grade(shapes, VALID, points=6, rows="output_shape") == 5
    assert grade([number, *VALID.parameters[1:]], VALID, points=6, rows="parameters") == 5
    assert counts_mark(VALID.parameters, shapes) == 6
    for expected in (IN_A_ROW, PIVOTS, FIELDS, [7, 7]):
        right = getattr(expected, "right", expected)
        assert grade([number, *right[1:]], expected, points=len(right)) == len(right) - 1
    assert grade([(number, 0), (0, 1), (1, 1)], ZEROS, points=3) == 2
    assert grade(number, Total(VALID, rows=[number] * 6), points=1) == 0


def test_long_answers_are_shortened_in_reasons():
    assert len(grade("x" * 10_000, "ada", points=1).reasons[0]) < 300


def test_the_submitter_is_the_examiners_word():
    with submitted_by("ada"):
        assert submitter(elsewhere="nobody") == "ada"
    assert submitter(elsewhere="nobody") == "nobody"


def test_the_submitter_under_stock_nbgrader_is_read_from_the_folder(tmp_path, monkeypatch):
    home = tmp_path / "autograded" / "ada" / "padding_and_stride"
    home.mkdir(parents=True)
    monkeypatch.chdir(home)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert submitter(elsewhere="nobody") == "ada"


IN_A_ROW = Sizes([(3, 2, "same")] * 3, start=28)
PIVOTS = Sizes([(21, 5, 2), (28, 5, 2, "same")])
ZEROS = Zeros([(28, 3, 2, "same"), (14, 3, 2, "same"), (7, 3, 2, "same")])
FIELDS = Fields([(lesson_network(name), 2) for name in ("valid", "same", "stride")])


def test_the_right_answers_of_the_lessons_are_written_only_in_the_question():
    assert (IN_A_ROW.right, PIVOTS.right, FIELDS.right) == ([14, 7, 4], [9, 14], [7, 7, 15])
    assert ZEROS.right == [(0, 1), (0, 1), (1, 1)]
    for expected in (IN_A_ROW, PIVOTS, FIELDS, ZEROS):
        mark = grade(expected.right, expected, points=3)
        assert (mark, mark.reasons) == (3, ())
        assert grade(..., expected, points=3).reasons == ("Not answered.",)


@given(st.lists(st.one_of(st.integers(0, 30), st.just(...), st.just("7")), max_size=5))
def test_ideas_change_no_mark(answer):
    for expected in (PIVOTS, FIELDS):
        assert grade(answer, expected, points=6) == grade(answer, expected.right, points=6)
    pairs = [(each, 1) for each in answer]
    assert grade(pairs, ZEROS, points=6) == grade(pairs, ZEROS.right, points=6)
    assert grade(answer, IN_A_ROW, points=6) >= grade(answer, IN_A_ROW.right, points=6)


@pytest.mark.parametrize(
    ("answer", "expected", "reasons"),
    [
        pytest.param(
            [14, 7, 7],
            IN_A_ROW,
            ["Row 3: you wrote 7, which is 7, as before. Keras: ", "The last convolution changes"],
            id="sizes-in-a-row",
        ),
        pytest.param(
            [8, 13],
            PIVOTS,
            [
                "Row 1: you wrote 8, which is ⌊(21 - 5) ÷ 2⌋ = 8. Keras: ",
                "Row 2",
                "number of steps",
            ],
            id="sizes",
        ),
        pytest.param(
            [(1, 0), (1, 0), (1, 1)],
            ZEROS,
            [
                "Row 1: you wrote (1, 0), which is not right. Keras: ",
                "Row 2",
                "odd zero goes before",
            ],
            id="zeros",
        ),
        pytest.param(
            [7, 7, 7],
            FIELDS,
            ["= 7. By the rule: 1 + 2·1 + 2·2 + 2·4 = 15.", "Strides do not count"],
            id="fields",
        ),
    ],
)
def test_the_rule_behind_a_lost_row_is_named_beside_the_right_one(answer, expected, reasons):
    found = grade(answer, expected, points=3).reasons
    assert len(found) == len(reasons)
    assert all(part in reason for part, reason in zip(reasons, found, strict=True))
    assert found[-1].endswith("?")


def test_no_right_number_is_shown_where_the_setting_hides_it():
    with in_force(Settings(show_right_numbers=False)):
        asked = [
            ([12, 4, 0], IN_A_ROW, ("14", "6 ", "= 2")),
            ([8, 13], PIVOTS, ("= 9", "14")),
            ([(1, 1)] * 3, ZEROS, ("0", "Keras: ")),
            ([9, 9, 9], FIELDS, ("7", "15")),
            (2_002_698 - 320, Total(VALID), ("2,002,698", "2002698", "320", "9,248")),
        ]
        for answer, expected, numbers in asked:
            text = " ".join(grade(answer, expected, points=3).reasons)
            assert "idea" in text
            assert not any(number in text for number in numbers), text


def test_sizes_of_no_rule_are_lost_without_a_guess():
    assert grade([14, 6, 2], IN_A_ROW, points=3).reasons == (
        "Row 2: you wrote 6, which is not right.",
        "Row 3: you wrote 2, which is not right.",
        "Start with row 2. By the rule: ⌈14 ÷ 2⌉ = 7. You have 6.",
    )


def test_a_size_that_follows_from_an_early_slip_keeps_its_point():
    mark = grade([15, 8, 4], IN_A_ROW, points=3)
    assert mark == 2
    assert "counts: row 2." in mark.reasons[-1]
    assert grade([1, 1, 1], IN_A_ROW, points=3) == 0
    with in_force(Settings(follow_through=False)):
        assert grade([15, 8, 4], IN_A_ROW, points=3) == 1


def total_mark(total, rows=None):
    return grade(total, Total(VALID, rows=rows), points=1)


def test_a_total_is_right_or_the_sum_of_the_students_own_rows():
    own = [288, 9_216, 9_216, 0, 1_982_464, 1_280]
    assert total_mark(2_002_698) == total_mark(sum(own), lambda: own) == 1
    assert total_mark(2_002_698, lambda: own).reasons == ()
    assert total_mark(sum(own)) == total_mark(sum(own) + 1, own) == 0
    with in_force(Settings(follow_through=False)):
        assert "sum of your own rows" in total_mark(sum(own), own).reasons[1]
        assert total_mark(2_002_698) == 1


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([0] * 6, id="nothing"),
        pytest.param([1, 1, 1, 0, 1, 1], id="ones"),
        pytest.param([1], id="one-row"),
        pytest.param([5, -5, 0, 0, 0, 1], id="below-zero"),
        pytest.param([10**9] * 6, id="huge"),
        pytest.param([320.5] * 6, id="decimal-points"),
        pytest.param(lambda: no_such_name, id="the-name-is-not-there"),  # noqa: F821 - the point
        pytest.param(..., id="not-answered"),
        pytest.param("123", id="text"),
    ],
)
def test_no_sum_of_rows_that_nobody_worked_out_earns_the_point(rows):
    numbers = rows if isinstance(rows, list) else [0]
    assert total_mark(int(sum(numbers)), rows) == 0
    assert total_mark(2_002_698, rows) == 1


def test_a_total_that_is_no_number_says_so():
    assert "without quotes" in total_mark("2002698").reasons[0]
    assert total_mark(5).reasons == ("You wrote 5, which is not right.",)


def test_a_field_on_a_way_that_is_no_chain_of_windows_is_marked_without_an_idea():
    from stridewise.layers import layer
    from stridewise.network import Network

    layers = [layer("Conv2D", 4, 3, data_format="channels_first") for _ in range(3)]
    mixed = Fields([(Network.sequential(layers, (1, 28, 28)), 2)])
    assert grade([7], mixed, points=1) == 1
    assert grade([9], mixed, points=1).reasons == (
        "Row 1: you wrote 9, which is not right.",
        "Start with row 1. By the rule: 7. You have 9.",
    )


def test_a_right_text_is_as_hidden_as_a_right_number():
    with in_force(Settings(show_right_numbers=False)):
        reasons = grade("adda", "ada", points=1).reasons
    assert reasons == ("This is 'adda', which is not right.",)
