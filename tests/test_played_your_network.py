"""Lesson 4 played by a student who does not know the answers, in JupyterLab: what she is told.

She leaves the stride out, forgets the input channels, copies the layers without a model around
them, and mistypes one argument. Every test writes all the answers that it needs.
"""

import pytest
from browser_fixtures import broken_widgets, new_page
from played_lesson import open_as_student

from stridewise import your_network
from stridewise.single_layer import keras_lines

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LESSON_4 = "lessons/padding_and_stride/4_your_network.ipynb"
NETWORK = your_network("ada")  # 31 pixels; k 5, s 2; k 5, s 3, "same"; k 4, s 1, "same"
LINES = keras_lines(NETWORK)
COMPARE, TOTAL = "compare(your_model", "compare_rows(your_total"


@pytest.fixture(scope="module")
def student(chromium, jupyter_server):
    with new_page(chromium, viewport={"width": 1280, "height": 900}) as page:
        made = open_as_student(page, jupyter_server, LESSON_4, "played_your_network.ipynb")
        yield made


def answer(student, name, value):
    student.write(f"{name} = ...", f"{name} = {value}")


def begin(student):
    answer(student, "student_id", '"ada"')
    return student.run("network = network_for(student_id)")


def build(student, lines=LINES):
    answer(student, "your_model", f"keras.Sequential([\n{lines}\n])")


def predict(student, shapes=NETWORK.shapes, parameters=NETWORK.parameters):
    answer(student, "your_shapes", shapes)
    answer(student, "your_parameters", parameters)


def sides(*three):
    """The shapes with other sizes, and what follows from them."""
    maps = [(None, side, side, of[3]) for side, of in zip(three, NETWORK.shapes, strict=False)]
    flat = (None, three[-1] ** 2 * maps[-1][3])
    return [*maps, flat, *NETWORK.shapes[4:]]


def test_without_an_id_she_is_asked_for_it_and_nothing_fails(student):
    assert broken_widgets(student.page) == []
    assert student.page.locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0
    assert student.shown("network = network_for").startswith("Write your student id first")
    assert "The model is not built yet." in student.shown(COMPARE)
    assert "your_total: write your student id first" in student.shown(TOTAL)
    student.write("student_id = ...", "student_id = 12345")
    assert 'write your id in quotes, such as "12345"' in student.run('check_form("student_id"')
    assert student.run("network = network_for").startswith("Write your student id first")


def test_the_lines_that_she_is_given_build_the_network_that_is_asked_for(student):
    assert begin(student) == " ".join(LINES.split())
    build(student, student.shown("network = network_for"))
    predict(student)
    message = student.run(COMPARE)
    assert "Shape: 6 of 6 agree. Parameters: 6 of 6 agree." in message
    assert "Your model" not in message


def test_layers_without_a_model_around_them_are_named(student):
    begin(student)
    predict(student)
    answer(student, "your_model", f"[\n{LINES}\n]")
    message = student.run(COMPARE)
    assert "a list is not a model; write keras.Sequential([...])" in message
    assert "Traceback" not in message


def test_one_wrong_argument_of_the_model_is_named_and_right_numbers_stay_right(student):
    begin(student)
    predict(student)
    build(student, LINES.replace("strides=(3, 3), ", ""))
    message = student.run(COMPARE)
    assert "Layer 2 has strides=(1, 1); the lesson asks for strides=(3, 3)." in message
    assert "Shape: 6 of 6 agree. Parameters: 6 of 6 agree." in message


def test_a_stride_left_out_is_named_with_her_numbers(student):
    begin(student)
    build(student)
    predict(student, sides(27, 27, 27))
    message = student.run(COMPARE)
    assert "Every layer is worked with a stride of 1." in message
    assert "⌊(31 - 5) ÷ 2⌋ + 1 = 14" in message
    assert "Divide by the layer's own stride." in message


def test_input_channels_left_out_are_named(student):
    begin(student)
    build(student)
    predict(student, parameters=[104, 130, 170, *NETWORK.parameters[3:]])
    message = student.run(COMPARE)
    assert "A filter is one flat kernel, however many channels it reads." in message
    assert "(5·5 · 4 + 1) · 5 = 505" in message


def test_a_row_for_the_input_is_named_as_the_one_too_many(student):
    begin(student)
    build(student)
    predict(student, [NETWORK.input_shape, *NETWORK.shapes], [0, *NETWORK.parameters])
    assert "7 rows, but 6 are asked for" in student.run('check_form("your_shapes"')
    message = student.run(COMPARE)
    assert "Shape: 7 rows, but 6 are asked for; the first is keras.Input" in message


def test_a_total_is_the_sum_of_her_rows_and_a_wrong_row_is_looked_for(student):
    begin(student)
    predict(student)
    answer(student, "your_total", '"5,000"')
    assert "write 5000 without quotes" in student.run('check_form("your_total"')
    answer(student, "your_total", 5000)
    assert "The total is the sum of your rows: 104 + 505" in student.run(TOTAL)
    predict(student, parameters=[104, 500, *NETWORK.parameters[2:]])
    answer(student, "your_total", NETWORK.total_parameters - 5)
    message = student.run(TOTAL)
    assert "Which of your rows differs from what Keras says?" in message
    answer(student, "your_total", NETWORK.total_parameters)
    assert "Total: 1 of 1 agree." in student.run(TOTAL)
