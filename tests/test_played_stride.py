"""Lesson 2 played by a student with other wrong ideas, in JupyterLab: the messages that she gets.

She divides by the stride and rounds down, puts one zero at each end, forgets the first window, and
keeps the size under "same". Every test writes all the answers that it needs.
"""

import pytest
from browser_fixtures import broken_widgets
from played_lesson import open_as_student

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LESSON_2 = "lessons/padding_and_stride/2_stride.ipynb"
MODEL = """stride_model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        Conv2D(32, (3, 3), padding="same", strides=(2, 2), activation="relu"),
        Conv2D(32, (3, 3), padding="same", strides={second}, activation="relu"),
        Conv2D(32, (3, 3), padding="same", strides=(2, 2), activation="relu"),
        Flatten(),
        Dense(128, activation="relu"),
        Dense(10, activation="softmax"),
    ]
)"""
FUNCTION = """def output_size(size, kernel_size, strides, padding):
    if padding == "same":
        return size // strides
    return (size - kernel_size) // strides + 1"""


@pytest.fixture(scope="module")
def student(chromium, jupyter_server):
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    yield open_as_student(page, jupyter_server, LESSON_2, "played_stride.ipynb")
    page.context.close()


def answer(student, name, value):
    student.write(f"{name} = ...", f"{name} = {value}")


def test_nothing_fails_and_no_right_number_is_shown_before_she_answers(student):
    assert broken_widgets(student.page) == []
    assert student.page.locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0
    for name in ("corrected_sizes", "stride_zeros", "pivot_sizes"):
        assert f"{name}: not answered yet." in student.shown(f'check_form("{name}"')
        shown = student.shown(f"compare_rows({name}")
        assert "not answered yet" in shown
        assert "agrees" not in shown
    assert "Answer stride_zeros and build stride_model first." in student.shown(
        "if is_answered([stride_zeros"
    )


def test_rounding_down_is_named_beside_what_gives_the_same_numbers(student):
    answer(student, "corrected_sizes", [14, 7, 3])
    message = student.run("compare_rows(corrected_sizes")
    assert "Size: 2 of 3 agree." in message
    opening = 'Three ideas fit your numbers. With "same", the size is divided by the stride and'
    assert f"{opening} rounded down. Or: Only the zeros on one side are counted." in message
    assert "⌈7 ÷ 2⌉ = 4" in message
    answer(student, "corrected_sizes", [14.5, 7, 4])
    assert "14.5 has a decimal point; write a whole number" in student.run(
        "compare_rows(corrected_sizes"
    )


def test_her_function_is_called_beside_keras_and_the_case_that_differs_is_seen(student):
    student.write("def output_size", FUNCTION)
    assert student.run('check_form("output_size"') == "output_size has the right form."
    shown = student.run("for size, strides, padding in [(8, 2")
    assert "size=9 strides=4 padding='same': yours 2, Keras 3 ✗ differs" in shown


def test_one_zero_at_each_end_is_explained_with_keras_zeros(student):
    answer(student, "stride_zeros", [(1, 1)] * 3)
    message = student.run("compare_rows(stride_zeros")
    assert "Zeros: 1 of 3 agree." in message
    assert "There are as many zeros as a stride of 1 needs." in message
    assert "(14 - 1) · 2 + 3 - 28 = 1, the odd one after" in message


def test_keeping_the_size_is_named_and_the_later_rows_follow(student):
    student.write("stride_model = ...", MODEL.format(second="(2, 2)"))
    rows = ", ".join(["(None, 28, 28, 32)"] * 3)
    answer(student, "stride_shapes", f"[{rows}, (None, 25088), (None, 128), (None, 10)]")
    answer(student, "stride_parameters", [320, 9_248, 9_248, 0, 3_211_392, 1_290])
    message = student.run("compare(stride_model")
    assert 'Your numbers fit this idea: "same" keeps the size, whatever the stride.' in message
    assert "28, as before ⌈28 ÷ 2⌉ = 14" in message
    assert "Parameters: 5 of 6 agree, and 1 more follows from your own rows." in message


def test_a_stride_left_out_of_the_model_is_blamed_and_not_the_prediction(student):
    student.write("stride_model = ...", MODEL.format(second="(1, 1)"))
    rows = "(None, 14, 14, 32), (None, 7, 7, 32), (None, 4, 4, 32)"
    answer(student, "stride_shapes", f"[{rows}, (None, 512), (None, 128), (None, 10)]")
    answer(student, "stride_parameters", [320, 9_248, 9_248, 0, 65_664, 1_290])
    message = student.run("compare(stride_model")
    assert "Layer 2 has strides=(1, 1); the lesson asks for strides=(2, 2)." in message
    assert "Shape: 6 of 6 agree. Parameters: 6 of 6 agree." in message


def test_forgetting_the_first_window_is_named_for_single_layers_too(student):
    answer(student, "pivot_sizes", [8, 13])
    message = student.run("compare_rows(pivot_sizes")
    assert "It looks as if you worked out ⌊(21 - 5) ÷ 2⌋ = 8." in message
    assert "Add 1 for the first window." in message
    answer(student, "pivot_sizes", [9, 14])
    message = student.run("compare_rows(pivot_sizes")
    assert "Size: 2 of 2 agree." in message
    assert "✗" not in message


def test_what_her_layer_makes_is_said_and_an_impossible_one_has_its_reason(student):
    answer(student, "chosen_layer", "Conv2D(16, (10, 10), strides=(2, 2))")
    assert student.run("what_it_makes(chosen_layer") == "your layer makes (None, 10, 10, 16)"
    answer(student, "chosen_layer", "Conv2D(16, (50, 50))")
    shown = student.run("what_it_makes(chosen_layer")
    assert "50" in shown
    assert "Traceback" not in shown
