import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from stridewise.comparison import AGREES, DIFFERS, FOLLOWS, OPEN, compare
from stridewise.lesson_models import lesson_network
from stridewise.misconceptions import rule

VALID = lesson_network("valid")


def verdicts(comparison, column=0):
    return [row.values[column].verdict for row in comparison.rows]


def test_a_right_prediction_agrees_in_every_row():
    comparison = compare(VALID, shapes=VALID.shapes, parameters=VALID.parameters)
    assert verdicts(comparison, 0) == verdicts(comparison, 1) == [AGREES] * 6
    assert comparison.summary == ("Shape: 6 of 6 agree.", "Parameters: 6 of 6 agree.")


def test_a_wrong_row_differs_and_shows_both_values():
    comparison = compare(VALID, parameters=[288, *VALID.parameters[1:]])
    assert verdicts(comparison) == [DIFFERS, *[AGREES] * 5]
    first = comparison.rows[0].values[0]
    assert (first.predicted, first.actual) == ("288", "320")


@pytest.mark.parametrize("shapes", [..., [], [...] * 6])
def test_keras_is_not_shown_before_there_is_a_prediction(shapes):
    comparison = compare(VALID, shapes=shapes)
    assert verdicts(comparison) == [OPEN] * 6
    assert "26" not in repr(comparison) + comparison._repr_html_()


def test_each_row_shows_as_soon_as_it_is_predicted():
    comparison = compare(VALID, shapes=[(None, 26, 26, 32), ..., ..., ..., ..., (None, 9)])
    assert verdicts(comparison) == [AGREES, OPEN, OPEN, OPEN, OPEN, DIFFERS]


def test_a_model_to_come_leaves_the_prediction_alone():
    comparison = compare(..., shapes=[(None, 26, 26, 32)], parameters=...)
    assert comparison.rows[0].values[0].verdict == "not built"
    assert "The model is not built yet." in comparison.summary


def test_nothing_answered_is_said_and_no_table_shown():
    comparison = compare(..., shapes=..., parameters=...)
    assert comparison.rows == ()
    assert repr(comparison).splitlines() == [
        "The model is not built yet.",
        "Shape: not answered yet.",
        "Parameters: not answered yet.",
    ]


@pytest.mark.parametrize("model", [5, None, "text", [], {"layers": 1}])
def test_an_answer_that_is_not_a_model_is_explained(model):
    assert "The model cannot be compared: " in repr(compare(model, shapes=[(None, 1)]))


def test_a_column_that_is_not_begun_is_not_counted():
    comparison = compare(VALID, shapes=VALID.shapes, parameters=...)
    assert comparison.summary == ("Shape: 6 of 6 agree.", "Parameters: not answered yet.")


def test_rows_that_the_model_lacks_are_named():
    comparison = compare(VALID, parameters=[*VALID.parameters, 7])
    assert verdicts(comparison) == [AGREES] * 6
    assert "Parameters: 7 rows, but 6 are asked for." in comparison.summary


def test_a_row_of_the_input_is_named_as_the_one_too_many():
    shapes, counts = [(None, 28, 28, 1), *VALID.shapes], [0, *VALID.parameters]
    summary = compare(VALID, shapes=shapes, parameters=counts).summary
    hint = "7 rows, but 6 are asked for; the first is keras.Input: leave it out."
    assert {f"Shape: {hint}", f"Parameters: {hint}"} <= set(summary)
    summary = compare(VALID, shapes=[*VALID.shapes, (None, 10)]).summary
    assert "Shape: 7 rows, but 6 are asked for." in summary


def test_a_row_in_the_wrong_form_says_so():
    comparison = compare(VALID, parameters=[320.5, True, "9248"])
    assert [verdict.split(";")[0] for verdict in verdicts(comparison)[:3]] == [
        "320.5 has a decimal point",
        "True is True or False",
        "'9248' is text",
    ]


def test_a_prediction_that_is_no_list_says_so():
    assert (
        "Shape: 26 is not a list; put square brackets around it."
        in compare(VALID, shapes=26).summary
    )


def test_an_input_layer_is_no_row_of_the_question():
    import keras

    inputs = keras.Input((28, 28, 1))
    outputs = keras.layers.Conv2D(32, 3)(inputs)
    comparison = compare(keras.Model(inputs, outputs), shapes=[(None, 26, 26, 32)])
    assert verdicts(comparison) == [AGREES]


def test_a_model_with_an_input_layer_is_explained_too():
    import keras

    inputs = keras.Input((28, 28, 1))
    maps = keras.layers.Conv2D(32, 3, name="first")(inputs)
    outputs = keras.layers.Conv2D(32, 3, name="second")(maps)
    shapes = [(None, 25, 25, 32), (None, 22, 22, 32)]
    comparison = compare(keras.Model(inputs, outputs), shapes, [288, 9216])
    assert [column for column, _ in comparison.explanations] == ["Shape", "Parameters"]
    assert (
        "second, shape: 25 - 3 = 22. Keras's rule, starting from your numbers: 25 - 3 + 1"
        in repr(comparison)
    )


def test_text_and_html_hold_the_same_words():
    comparison = compare(VALID, shapes=[(None, 26, 26, 32)], parameters=[320, 9_216])
    html = comparison._repr_html_()
    for line in comparison.lines:
        for cell in line:
            assert cell in html
            assert cell in repr(comparison)
    words = re.sub(r"<[^>]+>", "", html)
    assert "".join(comparison.summary) in words
    assert words.endswith(
        "Start with row 2 (Conv2D). By the rule: (3·3 · 32 + 1) · 32 = 9,248. You have 9,216."
    )


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        pytest.param(
            [(None, 26, 26, 32), (None, 23, 23, 32), (None, 20, 20, 32)],
            "Start with row 2 (Conv2D). By the rule: 26 - 3 + 1 = 24. You have 23.",
            id="only-the-first-row-was-mended",
        ),
        pytest.param(
            [(None, 27, 27, 32), (None, 25, 25, 32), (None, 22, 22, 32)],
            "Start with row 1 (Conv2D). By the rule: 28 - 3 + 1 = 26. You have 27.",
            id="a-row-that-follows-is-passed-over",
        ),
        pytest.param(
            [(None, 26, 26, 31)],
            "Start with row 1 (Conv2D). By the rule: one map for each filter: 32. You have 31.",
            id="channels",
        ),
        pytest.param(
            [(None, 26, 26, 32), (None, 24, 24)],
            "Start with row 2 (Conv2D). By the rule: (None, 24, 24, 32). You have (None, 24, 24).",
            id="a-number-too-few",
        ),
    ],
)
def test_where_no_idea_fits_the_first_wrong_row_is_worked(shapes, message):
    assert message in repr(compare(VALID, shapes=shapes))


@pytest.mark.parametrize("shapes", [[[]], [(), ..., ()], [(None,), ..., (None, 5)]])
def test_a_shape_without_numbers_stops_nothing(shapes):
    assert "differs" in repr(compare(VALID, shapes=shapes, parameters=[1, ..., 2]))


def test_shapes_without_a_batch_are_explained_though_rows_are_missing():
    message = repr(compare(VALID, shapes=[(26, 26, 32), (24, 24, 32)]))
    assert "The batch is left out of the shape." in message


def test_what_a_learner_wrote_is_escaped():
    hostile = "<script>alert(1)</script>"
    html = compare(VALID, shapes=[hostile], parameters=hostile)._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_table_takes_the_colours_of_its_page():
    html = compare(VALID, shapes=VALID.shapes)._repr_html_()
    assert "color" not in html
    assert html.count('scope="row"') == 6


def test_a_wrong_rule_is_worked_beside_the_right_one():
    shapes = [(None, size, size, 32) for size in (25, 22, 19)]
    shown = repr(compare(lesson_network("valid"), shapes=shapes))
    assert "It looks as if you worked out 28 - 3 = 25." in shown
    assert "Add 1 for the first window." in shown
    assert "  conv2d_1, shape: 25 - 3 = 22. Keras's rule, starting from your" in shown
    assert " Or: " not in shown  # two ideas with one arithmetic are one


def test_an_explanation_in_a_page_is_escaped_and_has_both_rules():
    page = compare(lesson_network("valid"), parameters=[288, 9216, 9216])._repr_html_()
    assert "Parameters: this idea" in page
    assert "&quot;" in compare(lesson_network("same"), shapes=[(None, 26, 26, 32)])._repr_html_()
    assert "3·3 · 32 · 32 = 9,216" in page


def test_right_answers_need_no_explanation():
    network = lesson_network("valid")
    assert compare(network, network.shapes, network.parameters).explanations == ()


def test_each_idea_says_which_column_it_is_about():
    network = lesson_network("valid")
    shapes = [(None, size, size, 32) for size in (25, 22, 19)]
    shown = repr(compare(network, shapes=shapes, parameters=[288, 9216, 9216]))
    assert "\nShape. It looks as if you worked out 28 - 3 = 25." in shown
    assert "\nParameters. It looks as if you worked out 3·3 · 1 · 32 = 288." in shown


def message(page):
    """The text of a page's cells and paragraphs, one after the other."""
    return re.findall(r"<(?:p|strong|t[hd])[^>]*>([^<]+)<", page)


def test_an_idea_that_both_columns_follow_is_said_once_and_worked_in_both():
    network = lesson_network("valid")
    wrong = rule("maps_multiply").predict(network)
    page = message(compare(network, wrong.shapes, wrong.parameters)._repr_html_())
    assert sum("makes one map from each map" in text for text in page) == 1
    assert any(
        text.startswith("Shape and parameters. It looks as if you worked out") for text in page
    )
    assert "32 · 32 = 1,024" in page
    assert "(3·3 · 32 + 1) · 32 · 32 = 295,936" in page
    headings = ("Shape: this idea", "Parameters: this idea")
    assert all(page.count(heading) == 1 for heading in headings)


def test_counts_that_follow_from_wrong_shapes_are_no_second_mistake():
    shapes = [*((None, size, size, 32) for size in (25, 22, 19)), (None, 11552), (None, 128)]
    counts = [320, 9248, 9248, 0, (11552 + 1) * 128]
    comparison = compare(lesson_network("valid"), shapes, counts)
    assert [column for column, _ in comparison.explanations] == ["Shape"]
    assert verdicts(comparison, 1)[4] == FOLLOWS
    counted = "Parameters: 4 of 6 agree, and 1 more follows from your own rows."
    assert counted in comparison.summary


def test_one_early_slip_is_one_row_that_differs():
    shapes = [(None, size, size, 32) for size in (27, 25, 23)]
    assert verdicts(compare(VALID, shapes))[:3] == [DIFFERS, FOLLOWS, FOLLOWS]


def test_counts_are_judged_from_the_learners_own_shapes():
    shapes = [*((None, size, size, 32) for size in (25, 22, 19)), (None, 11552), (None, 128)]
    counts = [288, 9216, 9216, 0, 11552 * 128]
    page = message(compare(lesson_network("valid"), shapes, counts)._repr_html_())
    own = page.index("11,552 · 128 = 1,478,656")
    assert page[own + 1] == "(11,552 + 1) · 128 = 1,478,784"


def test_a_count_that_agrees_is_never_explained_away():
    network = lesson_network("valid")
    shapes = [*((None, size, size, 32) for size in (25, 22, 19)), (None, 11552), (None, 128)]
    counts = [288, 9216, 9216, 0, network.parameters[4]]
    explained = dict(compare(network, shapes, counts).explanations)["Parameters"]
    assert {each.row for each in explained.workings} == {0, 1, 2}


def test_two_ideas_in_one_column_are_worked_each_by_itself():
    shapes = [(None, 15, 15, 32), (None, 8, 8, 32), (None, 5, 5, 32), (None, 25)]
    comparison = compare(lesson_network("stride"), shapes)
    first, other = comparison.explanations[0][1].ideas
    assert [each.row for each in first.workings] == [0, 2]
    assert [(each.row, each.own) for each in other.workings] == [(3, "5·5 = 25")]
    page = message(comparison._repr_html_())
    second = page.index("Shape. The second: Flatten counts the pixels of one map.")
    assert "⌈(28 - 3 + 2) ÷ 2⌉ + 1 = 15" in page[:second]
    assert "5·5 = 25" in page[second:]
    assert "Flatten keeps every number of every map." in " ".join(page[second:])


def test_two_ideas_that_fit_equally_well_are_both_worked():
    shapes = [(None, 14, 14, 32), (None, 7, 7, 32), (None, 3, 3, 32)]
    comparison = compare(lesson_network("stride"), shapes)
    assert "⌊7 ÷ 2⌋ = 3<br>or ⌊(7 - 3 + 1) ÷ 2⌋ + 1 = 3" in comparison._repr_html_()
    assert "shape: ⌊7 ÷ 2⌋ = 3 or ⌊(7 - 3 + 1) ÷ 2⌋ + 1 = 3" in repr(comparison)
    assert comparison.explanations[0][1].working(2).own == ""  # both workings explain it


def model_of(keras, paddings):
    make = keras.layers
    convolutions = [make.Conv2D(32, 3, padding=padding) for padding in paddings]
    ends = [make.Flatten(), make.Dense(128), make.Dense(10)]
    return keras.Sequential([keras.Input((28, 28, 1)), *convolutions, *ends])


def test_a_right_prediction_is_never_called_wrong_because_the_model_is():
    import keras

    same = lesson_network("same")
    comparison = compare(
        model_of(keras, ["same", "same", "valid"]), same.shapes, same.parameters, asked="same"
    )
    assert verdicts(comparison, 0) == verdicts(comparison, 1) == [AGREES] * 6
    assert comparison.notes == (
        "Your model: Layer 3 has padding='valid'; the lesson asks for padding='same'.",
        "The table is about the network that the lesson asks for. Correct your model.",
    )
    assert comparison.explanations == ()


def test_a_wrong_prediction_is_judged_for_the_network_that_was_asked_for():
    import keras

    shapes = [(None, 26, 26, 32), (None, 24, 24, 32), (None, 22, 22, 32)]
    comparison = compare(model_of(keras, ["valid"] * 3), shapes, asked="same")
    assert verdicts(comparison)[:3] == [DIFFERS] * 3
    assert sum(note.startswith("Your model: ") for note in comparison.notes) == 3


def test_a_model_that_is_as_asked_for_is_not_mentioned():
    import keras

    comparison = compare(model_of(keras, ["same"] * 3), lesson_network("same").shapes, asked="same")
    assert comparison.notes == ()
    assert comparison.rows[0].layer.startswith("conv2d")


def test_an_idea_that_the_right_shapes_refute_is_not_named():
    stride = lesson_network("stride")
    counts = [*stride.parameters[:4], 3_211_392, 1_290]
    shown = repr(compare(stride, stride.shapes, counts))
    assert "keeps the size" not in shown
    assert "Your count fits 25,088 inputs: (25,088 + 1) · 128 = 3,211,392." in shown
    assert "In your shapes, this layer reads 512 numbers." in shown


def test_nothing_is_counted_before_there_is_a_model():
    shown = repr(compare(..., shapes=[(None, 26, 26, 32)]))
    assert "agree" not in shown
    assert "The model is not built yet." in shown


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A notebook with two ideas that go together and two that fit equally well, light and dark."""
    import nbformat
    from nbconvert import HTMLExporter

    both = rule("maps_multiply").predict(VALID)
    slips = [(None, 15, 15, 32), (None, 8, 8, 32), (None, 5, 5, 32), (None, 25)]
    network = lesson_network("stride")
    shown = [
        compare(VALID, both.shapes, both.parameters),
        compare(network, slips),
        compare(network, [(None, 14, 14, 32), (None, 7, 7, 32), (None, 3, 3, 32)], [288]),
    ]
    outputs = [
        nbformat.v4.new_output("display_data", {"text/html": each._repr_html_()}) for each in shown
    ]
    cells = [nbformat.v4.new_code_cell("compare(...)", outputs=outputs)]
    folder = tmp_path_factory.mktemp("pages")
    for theme in ("light", "dark"):
        html, _ = HTMLExporter(theme=theme).from_notebook_node(
            nbformat.v4.new_notebook(cells=cells)
        )
        (folder / f"{theme}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("width", [360, pytest.param(1200, marks=pytest.mark.slow)])
def test_everyone_can_read_the_ideas(pages, page, theme, width):
    page.route("http**", lambda route: route.abort())  # nbconvert names scripts on the web
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((pages / f"{theme}.html").as_uri())
    assert page.locator("table").count() == 9
    found = Axe().run(page, context=".jp-OutputArea")
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ideas = page.locator("p:has(strong) + table").all()
    edge = page.locator(".jp-RenderedHTMLCommon").first.bounding_box()["width"]
    assert all(table.bounding_box()["width"] <= edge for table in ideas)
