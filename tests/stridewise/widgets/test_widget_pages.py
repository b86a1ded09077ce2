"""The widgets in a page without Jupyter, as a reader uses them: by hand, by keyboard, by ear."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from stridewise.widgets import Explorer, Practice, StackExplorer, save_page

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(page, tmp_path):
    """Open widgets in a page, and fail on any error that it reports."""
    troubles = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: asked.url.startswith(("file:", "data:")) or troubles.append(asked.url),
    )

    def open_page(*widgets):
        page.goto(save_page(tmp_path / "page.html", *widgets).as_uri())
        page.locator(".sw").first.wait_for()
        return page

    yield open_page
    assert troubles == []


def sentence(page):
    return page.locator(".sw-sentence").first.inner_text()


def spoken(page):
    page.wait_for_timeout(400)  # it is spoken once it has stood still
    return page.locator(".sw-hidden[aria-live]").first.text_content()


def test_a_changed_number_changes_the_result(opened):
    page = opened(Explorer(input_size=10, strides=1, padding="same"))
    page.get_by_label("strides", exact=True).fill("4")
    assert "output 3 by 3" in sentence(page)
    assert "⌈10 / 4⌉ = ⌈2.5⌉ = 3" in page.locator(".sw-formula").inner_text()
    assert "strides=4" in page.locator(".sw-code code").inner_text()
    assert spoken(page) == sentence(page)


def test_zeros_before_and_after_are_told_apart(opened):
    page = opened(Explorer(input_size=10, strides=2, padding="same"))
    assert "Zeros: 0 before and 1 after" in sentence(page)


def test_unread_pixels_are_hatched_and_named(opened):
    page = opened(Explorer(input_size=9, kernel_size=2, strides=3))
    assert page.locator(".sw-unread").get_attribute("fill").startswith("url(#")
    assert page.get_by_text("hatched: read by no window").is_visible()
    assert "No window reads 45 pixels." in sentence(page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param("0", "0 is not a whole number from 1 to 11.", id="zero"),
        pytest.param("", "Type a whole number from 1 to 11.", id="nothing"),
        pytest.param("2.5", "2.5 is not a whole number", id="fraction"),
        pytest.param("11", "does not fit in an input of 10", id="too-wide"),
    ],
)
def test_a_bad_value_is_refused_where_it_was_typed(opened, typed, said):
    page = opened(Explorer(input_size=10))
    box = page.get_by_label("kernel_size", exact=True)
    before = sentence(page)
    box.fill(typed)
    assert said in page.locator(".sw-error:not(:empty)").inner_text()
    assert box.get_attribute("aria-invalid") == "true"
    assert sentence(page) == before
    box.blur()
    assert box.input_value() == "3"


def test_what_a_slider_refused_is_forgotten_when_it_is_left(opened):
    page = opened(Explorer(input_size=5))
    slider = page.get_by_label("dilation_rate, slider")
    slider.focus()
    page.keyboard.press("End")
    assert "does not fit in an input of 5" in page.locator(".sw-error:not(:empty)").inner_text()
    assert slider.input_value() == "1"
    page.keyboard.press("Tab")
    assert page.locator(".sw-error:not(:empty)").count() == 0


def test_one_row_is_no_rows(opened):
    page = opened(Explorer(input_size=5, kernel_size=1))
    assert "Output row 0, column 0 reads input row 0, column 0." in sentence(page)
    page.get_by_label("kernel_size", exact=True).fill("2")
    assert "reads input rows 0 to 1, columns 0 to 1." in sentence(page)


def test_strides_and_dilation_exclude_each_other_as_in_keras(opened):
    page = opened(Explorer(strides=2))
    page.get_by_label("dilation_rate", exact=True).fill("2")
    assert "Keras refuses strides=2" in page.locator(".sw-error:not(:empty)").inner_text()


def test_arrow_keys_walk_the_output_and_enter_pins(opened):
    page = opened(Explorer(input_size=9, strides=2))
    page.locator(".sw-output + .sw-cursor").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert "Output row 2, column 1 reads input rows 4 to 6, columns 2 to 4." in sentence(page)
    page.locator(".sw-grid.sw-input").first.hover()
    assert "Output row 2, column 1" in sentence(page)


def test_an_unread_pixel_feeds_nothing(opened):
    page = opened(Explorer(input_size=8, kernel_size=2, strides=3))
    page.locator(".sw-input + .sw-cursor").first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert "Input row 0, column 1 feeds 1 output" in sentence(page)
    page.keyboard.press("ArrowRight")
    assert "Input row 0, column 2 feeds no output." in sentence(page)


def test_pointing_at_a_cell_shows_its_window(opened):
    page = opened(Explorer(input_size=10))
    page.locator(".sw-grid.sw-output").first.hover(position={"x": 5, "y": 5})
    assert "Output row 0, column 0" in sentence(page)
    frame = page.locator(".sw-grid.sw-output").first.bounding_box()
    page.mouse.move(frame["x"] + frame["width"] - 3, frame["y"] + frame["height"] - 3)
    assert "Output row 7, column 7 reads input rows 7 to 9" in sentence(page)


def test_a_selection_stays_inside_an_output_that_shrinks(opened):
    page = opened(Explorer(input_size=10, selected=("output", 7, 7)))
    page.get_by_label("strides", exact=True).fill("4")
    assert "Output row 1, column 1 reads input rows 4 to 6" in sentence(page)


def test_nothing_moves_before_play(opened):
    page = opened(Explorer(input_size=5))
    page.wait_for_timeout(800)
    assert page.get_by_text("window 1 of 9").is_visible()
    page.get_by_role("button", name="Play").click()
    page.get_by_text("window 2 of 9").wait_for()
    page.get_by_role("button", name="Pause").click()
    paused_at = sentence(page)
    page.wait_for_timeout(1500)
    assert sentence(page) == paused_at
    page.get_by_role("button", name="Forward").click()
    assert sentence(page) != paused_at


def test_less_motion_leaves_no_play(opened, page):
    page.emulate_media(reduced_motion="reduce")
    opened(Explorer())
    assert not page.get_by_role("button", name="Play").is_visible()
    page.get_by_role("button", name="Forward").click()
    assert page.get_by_text("window 2 of 64").is_visible()


def test_pytorch_has_the_same_shape_and_other_windows(opened):
    page = opened(Explorer(input_size=10, strides=2, padding="same"))
    page.get_by_label("lay PyTorch's padding beside it").check()
    assert "The same shape, 5 by 5, from other windows" in page.locator(".sw-torch").inner_text()
    assert "padding=1)" in page.locator(".sw-torch code").inner_text()


def test_a_locked_argument_has_no_control(opened):
    page = opened(Explorer(locked=["strides"]))
    assert page.get_by_label("strides", exact=True).count() == 0
    assert page.get_by_label("strides, fixed here").inner_text() == "1 (fixed here)"


def test_axes_that_differ_are_drawn_apart(opened):
    page = opened(Explorer())
    page.get_by_label("height and width differ").check()
    page.get_by_label("strides, width", exact=True).fill("3")
    assert "output 8 by 3" in sentence(page)
    assert "strides=(1, 3)" in page.locator(".sw-code code").inner_text()


def test_a_kernel_of_ones_own_changes_the_digit(opened):
    page = opened(Explorer(mode="image", image=np.full((9, 9), 255)))
    page.get_by_label("Kernel", exact=True).select_option("own")
    page.get_by_label("weight row 1, column 1").fill("2")
    assert "from 510 (black) to 510 (white)" in page.locator(".sw-picture").inner_text()
    page.get_by_label("weight row 1, column 1").fill("1000")
    assert "A weight is a number" in page.locator(".sw-picture > .sw-error").inner_text()


def test_a_changed_layer_changes_every_later_size(opened):
    page = opened(StackExplorer("valid"))
    page.get_by_role("button", name="same").first.click()
    assert "3,231,498 parameters" in sentence(page)
    page.get_by_label("strides of conv2d_1").first.fill("2")
    shapes = page.locator(".sw-column").first.locator(".sw-layer-shape").all_inner_texts()
    assert [shape.split()[1] for shape in shapes[:4]] == ["28", "14", "14", "6,272"]


def test_an_impossible_stack_says_which_layer_and_what_fits(opened):
    page = opened(StackExplorer("valid"))
    for name in ("conv2d", "conv2d_1"):
        page.get_by_label(f"strides of {name}", exact=True).first.fill("4")
    assert "It cannot be built: conv2d_2" in sentence(page)
    assert "Still fits: kernel_size 1 to 2" in page.locator(".sw-stuck").inner_text()
    page.get_by_role("button", name='Use padding="same"').first.click()
    assert "It cannot be built" not in sentence(page)


def test_two_networks_stand_side_by_side(opened):
    page = opened(StackExplorer("valid"))
    page.get_by_label("lay a second network beside it").check()
    assert page.locator(".sw-total:visible").all_inner_texts() == [
        "Total: 2,002,698 parameters",
        "Total: 3,231,498 parameters",
    ]


def test_practice_reveals_nothing_before_the_commit(opened):
    page = opened(Practice(topics=["parameters"]))
    page.keyboard.press("Tab")  # the level
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "Type a whole number." in page.locator(".sw-error:not(:empty)").inner_text()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    assert "many is not a whole number" in page.locator(".sw-error:not(:empty)").inner_text()
    assert page.get_by_text("Worked out").count() == 0
    page.get_by_label("parameters of the layer").fill("1")
    page.keyboard.press("Enter")
    assert "Not right" in page.locator(".sw-verdict").inner_text()
    assert page.locator(".sw-result tbody td").first.inner_text() == "1"
    page.keyboard.press("Enter")  # the focus is on Next question
    assert page.get_by_text("Question 2.").is_visible()


def test_three_right_in_a_row_make_it_harder(opened):
    page = opened(Practice(topics=["parameters"]))
    for _ in range(3):
        code = page.locator(".sw-given").inner_text()
        channels = int(code.split(")")[0].split(", ")[-1])
        filters = int(code.split("Conv2D(")[1].split(",")[0])
        page.get_by_label("parameters of the layer").fill(str((9 * channels + 1) * filters))
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Next question").click()
    assert page.get_by_text("3 of 3 right").is_visible()
    assert page.get_by_label("Level").input_value() == "2"


def test_an_idea_stands_beside_the_rule_and_the_follow_up_is_asked(opened):
    practice = Practice(topics=["size"], paddings=["valid"])
    practice.diagnosis = {
        "number": 0,
        "text": "An idea: <b>no window</b> at the start.",
        "question": "Where does it stand first?",
        "workings": [["side", "9 - 3 = 6", "9 - 3 + 1 = 7"]],
    }
    practice.next_item = {"number": 1, "size": 11, "kernel_size": 3, "strides": 1}
    practice.next_item |= {"padding": "valid", "dilation_rate": 1}
    page = opened(practice)
    told = page.locator(".sw-diagnosis")
    assert told.inner_text() == ""  # not before the commit
    page.get_by_label("pixels a side after the layer").fill("1")
    page.keyboard.press("Enter")
    assert told.locator("td").all_inner_texts() == ["9 - 3 = 6", "9 - 3 + 1 = 7"]
    assert "<b>no window</b>" in told.inner_text()
    page.get_by_role("button", name="Next question").click()
    assert page.get_by_text("Question 2, a follow-up.").is_visible()
    assert "keras.Input(shape=(11, 11" in page.locator(".sw-given").inner_text()
    assert told.inner_text() == ""


def explained():
    """Practice with all that it can say about an answer."""
    practice = Practice(seed=5, level=2, topics=["stack"])
    workings = [
        [f"pixels a side after layer {layer}", f"{own} = 7\nor {own} + 1 = 7", f"{own} + 1 = 8"]
        for layer, own in ((1, "⌊(16 - 4 + 3) ÷ 2⌋"), (2, "16 - 9"), (3, "⌊(16 - 4 + 3) ÷ 2⌋"))
    ]
    practice.diagnosis = {"number": 0, "text": "An idea.", "question": "Why?", "workings": workings}
    return practice


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_no_one_is_shut_out(opened, page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    picture = Explorer(mode="image", pytorch=True, strides=4)
    stuck = StackExplorer("valid", "stride")
    counts, blank, told = Explorer(show_counts=True, strides=(2, 4)), Practice(), explained()
    opened(counts, picture, stuck, blank, Practice(seed=1), told)
    page.get_by_label("strides of conv2d", exact=True).first.fill("13")
    page.locator(".sw-commit").first.click()  # with nothing typed
    for practice in page.locator(".sw-practice").all()[1:]:
        for box in practice.locator("input").all():
            box.fill("1")
        practice.locator(".sw-commit").click()
    assert page.locator(".sw-diagnosis tbody td").count() == 6
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
