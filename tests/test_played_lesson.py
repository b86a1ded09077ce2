"""Lesson 1 played by a student with three wrong ideas, in JupyterLab: the messages that she gets.

She forgets the first window, exchanges "valid" and "same", and counts no biases or one channel.
Every test writes all the answers that it needs, so each can be run alone.
"""

import re

import pytest
from browser_fixtures import LESSON_1, broken_widgets, new_page
from played_lesson import open_as_student
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

COMPARE, COMPARE_SAME = "compare(valid_model", "compare(same_model"
MODEL = """{name} = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        Conv2D(32, (3, 3), padding="{first}", activation="relu"),
        Conv2D(32, (3, 3), padding="{first}", activation="relu"),
        Conv2D(32, (3, 3), padding="{last}", activation="relu"),
        Flatten(),
        Dense(128, activation="relu"),
        Dense(10, activation="softmax"),
    ]
)"""
COUNTS = [320, 9_248, 9_248, 0, 1_982_592, 1_290]


@pytest.fixture(scope="module")
def student(chromium, jupyter_server):
    with new_page(chromium, viewport={"width": 1280, "height": 900}) as page:
        yield open_as_student(page, jupyter_server, LESSON_1, "played.ipynb")


def shapes(*sides):
    """Three sizes and what follows from them."""
    maps = [f"(None, {side}, {side}, 32)" for side in sides]
    return f"[{', '.join(maps)}, (None, {sides[-1] ** 2 * 32}), (None, 128), (None, 10)]"


def build(student, name, first, last):
    student.write(f"{name} = ...", MODEL.format(name=name, first=first, last=last))


def predict(student, name, shapes="...", parameters="..."):
    student.write(f"{name}_shapes = ...", f"{name}_shapes = {shapes}")
    student.write(f"{name}_parameters = ...", f"{name}_parameters = {parameters}")


def test_nothing_fails_and_nothing_is_given_away_before_she_answers(student):
    assert broken_widgets(student.page) == []
    assert student.page.locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0
    assert "valid_shapes: not answered yet." in student.shown('check_form("valid_shapes"')
    message = student.shown(COMPARE)
    assert "The model is not built yet." in message
    assert "26" not in message


def test_her_first_guess_stays_beside_what_she_thinks_now(student):
    question = "In how many places can the window start?"
    guess = student.cell(f'Guess("{question}")')
    box = guess.get_by_label(question)
    box.fill("2")
    box.press("Enter")
    said = guess.locator(".sw-guess [role=status]")
    expect(said).to_have_text("Your first guess: 2. Now run the next cell.")
    assert "there are 5 - 3 + 1 = 3" in student.run("starts = window_starts(size=5")
    box.fill("3")
    box.press("Enter")
    expect(said).to_have_text("Your first guess: 2 · now: 3")


def test_forgetting_the_first_window_is_named_with_her_numbers(student):
    build(student, "valid_model", "valid", "valid")
    predict(student, "valid", shapes(25, 22, 19))
    assert student.run('check_form("valid_shapes"') == "valid_shapes has the right form."
    message = student.run(COMPARE)
    assert "Shape: 2 of 6 agree, and 1 more follows from your own rows." in message
    assert "It looks as if you worked out 28 - 3 = 25." in message
    assert "25 - 3 = 22 25 - 3 + 1 = 23" in message  # her rule, and Keras's from the same number
    assert "Add 1 for the first window." in message
    assert "320" not in message  # what she has not predicted
    assert "The summary appears here after you build the model" in student.run(
        "show_summary(valid_model"
    )


def test_correcting_one_row_leads_her_to_the_next(student):
    build(student, "valid_model", "valid", "valid")
    predict(student, "valid", shapes(26, 23, 20))
    message = student.run(COMPARE)
    assert "Start with row 2 (Conv2D). By the rule: 26 - 3 + 1 = 24. You have 23." in message
    predict(student, "valid", shapes(26, 24, 22))
    message = student.run(COMPARE)
    assert "Shape: 6 of 6 agree." in message
    assert "✗" not in message


def test_a_model_with_one_wrong_argument_is_blamed_and_not_her_prediction(student):
    build(student, "same_model", "same", "valid")
    predict(student, "same", shapes(28, 28, 28))
    message = student.run(COMPARE_SAME)
    assert "Layer 3 has padding='valid'; the lesson asks for padding='same'." in message
    assert "Shape: 6 of 6 agree." in message
    assert "The table is about the network that the lesson asks for." in message


def test_valid_and_same_exchanged_is_named(student):
    build(student, "same_model", "same", "same")
    build(student, "valid_model", "valid", "valid")
    predict(student, "same", shapes(26, 24, 22))
    message = student.run(COMPARE_SAME)
    assert '"same" is worked as if no zeros were added.' in message
    assert "28 - 3 + 2 + 1 = 28" in message
    predict(student, "valid", shapes(28, 28, 28))
    message = student.run(COMPARE)
    assert 'A "valid" layer is worked as if it were "same".' in message
    assert "28, as before 28 - 3 + 1 = 26" in message


@pytest.mark.parametrize(
    ("counts", "idea", "working"),
    [
        pytest.param(
            [288, 9_216, 9_216, 0, 1_982_464, 1_280],
            "Only weights are counted, no biases.",
            "3·3 · 32 · 32 = 9,216 (3·3 · 32 + 1) · 32 = 9,248",
            id="no-biases",
        ),
        pytest.param(
            [320, 320, 320, *COUNTS[3:]],
            "A filter is one flat kernel, however many channels it reads.",
            "(3·3 + 1) · 32 = 320 (3·3 · 32 + 1) · 32 = 9,248",
            id="no-channels",
        ),
    ],
)
def test_biases_and_channels_left_out_are_named(student, counts, idea, working):
    build(student, "valid_model", "valid", "valid")
    predict(student, "valid", shapes(26, 24, 22), counts)
    message = student.run(COMPARE)
    assert "Shape: 6 of 6 agree." in message
    assert idea in message
    assert working in message


def test_practice_helps_in_three_steps_and_then_asks_a_follow_up(student):
    practice = student.cell('Practice(topics=["size", "parameters"], paddings=["valid"]')
    heading = practice.locator(".sw-question > .sw-heading")
    for _ in range(30):  # until the question is one about a size
        if "How large is the output?" in heading.inner_text():
            break
        practice.get_by_role("button", name="New questions").click()
    code = practice.locator(".sw-given").inner_text()
    size, kernel = (int(re.search(rf"{name}\D*(\d+)", code)[1]) for name in ("shape", "kernel"))
    box = practice.get_by_label("pixels a side after the layer")
    verdict, helped = practice.locator(".sw-verdict"), practice.locator(".sw-help")

    def answer(number):
        box.fill(str(number))
        box.press("Enter")

    answer(size - kernel)
    expect(verdict).to_have_text("✗ Not right. You have 2 more tries.")
    expect(helped).to_contain_text("room for 1 more step.")
    expect(practice.locator(".sw-help .sw-number-line")).to_be_visible()
    answer(size - kernel - 1)
    expect(verdict).to_have_text("✗ Not right. You have 1 more try.")
    expect(helped).to_contain_text("Then count the first window too.")
    explained = practice.locator(
        ".sw-diagnosis"
    )  # the list of ideas that come back may name it too
    expect(explained).to_contain_text("The size is the number of steps.")  # from the kernel
    answer(size - kernel + 2)
    expect(verdict).to_contain_text(f"The answer is {size - kernel + 1}.")
    numbers = f"{size} - {kernel} = {size - kernel}"
    working = [numbers, f"{size} - {kernel} + 1 = {size - kernel + 1}"]
    expect(practice.locator(".sw-diagnosis td")).to_have_text(working)
    practice.get_by_role("button", name="Next question").click()
    expect(heading).to_contain_text("a follow-up")


def test_with_all_mended_she_sees_the_summary_and_where_the_parameters_are(student):
    build(student, "valid_model", "valid", "valid")
    predict(student, "valid", shapes(26, 24, 22), COUNTS)
    message = student.run(COMPARE)
    assert "Shape: 6 of 6 agree. Parameters: 6 of 6 agree." in message
    assert "✗" not in message
    assert "2,002,698" in student.run("show_summary(valid_model")
    build(student, "same_model", "same", "same")
    shares = student.run("for name, model in {")
    assert "valid: 2,002,698 parameters, 99.0% of them in dense" in shares
    assert "same: 3,231,498 parameters, 99.4% of them in dense" in shares
