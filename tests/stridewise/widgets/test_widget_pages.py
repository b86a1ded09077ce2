"""The widgets in a page without Jupyter, as a reader uses them: by hand, by keyboard, by ear."""

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import new_page, open_details, open_widgets
from playwright.sync_api import expect
from tab_key import tab_through

from stridewise import Network, layer
from stridewise.widgets import (
    ConeExplorer,
    DigitExplorer,
    Explorer,
    Guess,
    Practice,
    StackExplorer,
)
from stridewise.widgets.assets import module, styles

pytestmark = pytest.mark.browser
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def shared_page(chromium):
    """One page for the tests that only open widgets in it: a new one takes longer than they do."""
    with new_page(chromium, viewport={"width": 1280, "height": 900}) as made:
        made.add_init_script(SIGNS)
        yield made


@pytest.fixture
def opened(shared_page, tmp_path):
    shared_page.goto("about:blank")
    shared_page.mouse.move(0, 0)
    with open_widgets(shared_page, tmp_path) as opening:
        yield opening


@pytest.fixture
def opened_alone(page, tmp_path):
    """For a test that changes what outlasts its widgets: the clock, scripts, colours, the size."""
    page.add_init_script(SIGNS)
    with open_widgets(page, tmp_path) as opening:
        yield opening


def more(page):
    """Open what the lesson does not need."""
    page.locator(".sw-more summary").first.click()


def sentence(page):
    return page.locator(".sw-sentence").first


def spoken(page):
    """What a screen reader says, a moment after the sentence has changed."""
    return page.locator(".sw-hidden[aria-live]").first


def step(page):
    """Which window of how many is shown."""
    return page.locator(".sw-stepper .sw-place")


def error(page):
    """The only complaint on the page."""
    return page.locator(".sw-error:not(:empty)")


def test_a_changed_number_changes_the_result(opened):
    page = opened(Explorer(input_size=10, strides=1, padding="same"))
    page.get_by_label("strides", exact=True).fill("4")
    expect(sentence(page)).to_contain_text("output 3 by 3")
    expect(page.locator(".sw-formula")).to_contain_text("⌈10 / 4⌉ = ⌈2.5⌉ = 3")
    expect(page.locator(".sw-code code")).to_contain_text("strides=4")
    expect(spoken(page)).to_contain_text(sentence(page).inner_text().partition(".")[0])


def test_the_ear_gets_what_has_changed_and_not_the_rest(opened):
    page = opened(Explorer(input_size=5))
    expect(spoken(page)).to_contain_text("output 3 by 3")
    for _ in range(2):
        page.get_by_role("button", name="Forward").click()
    said = "Output row 0, column 2 reads input rows 0 to 2, columns 2 to 4."
    expect(spoken(page)).to_have_text(f"{said} {sum_line(page)}.")


def sum_line(page):
    """The products added up, and what they give."""
    return page.locator(".sw-sum").inner_text().removesuffix(" C")


def expect_sum(page, begin, end="( C)?$"):
    """Wait until the products are added up in these words; `end` is a pattern."""
    expect(page.locator(".sw-sum")).to_have_text(re.compile(f"^{re.escape(begin)}{end}"))


def test_zeros_before_and_after_are_distinguished(opened):
    page = opened(Explorer(input_size=10, strides=2, padding="same"))
    expect(sentence(page)).to_contain_text("Zeros: 0 before and 1 after")


def test_unread_pixels_are_hatched_and_named(opened):
    page = opened(Explorer(input_size=9, kernel_size=2, strides=3))
    expect(page.locator(".sw-unread")).to_have_attribute("fill", re.compile(r"^url\(#"))
    expect(page.locator(".sw-explorer")).to_contain_text("striped: never read")
    expect(sentence(page)).to_contain_text("45 pixels are never read.")


def test_the_legend_says_what_the_blue_numbers_count(opened):
    expect(opened(Explorer()).get_by_text("how often a pixel is read.")).to_be_hidden()
    expect(
        opened(Explorer(show_counts=True)).get_by_text("how often a pixel is read.")
    ).to_be_visible()


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
    before = sentence(page).inner_text()
    box.fill(typed)
    expect(error(page)).to_contain_text(said)
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(sentence(page)).to_have_text(before)
    box.blur()
    expect(box).to_have_value("3")


def test_a_number_too_large_does_not_leave_its_first_digit(opened):
    page = opened(Explorer(input_size=10))
    box = page.get_by_label("kernel_size", exact=True)
    box.press("Control+a")
    box.press_sequentially("11")
    expect(error(page)).to_contain_text("does not fit in an input of 10")
    expect(sentence(page)).to_contain_text("output 8 by 8")
    box.blur()
    expect(box).to_have_value("3")


def test_a_slider_dragged_too_far_stops_where_a_layer_still_fits(opened):
    page = opened(Explorer(input_size=32))
    slider = page.get_by_label("input_size, slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(error(page)).to_contain_text("does not fit in an input of 1")
    expect(slider).to_have_value("3")
    expect(sentence(page)).to_contain_text("Input 3 by 3")
    page.keyboard.press("Tab")
    expect(error(page)).to_have_count(0)


def test_one_row_is_no_rows(opened):
    page = opened(Explorer(input_size=5, kernel_size=1))
    expect(sentence(page)).to_contain_text("Output row 0, column 0 reads input row 0, column 0.")
    page.get_by_label("kernel_size", exact=True).fill("2")
    expect(sentence(page)).to_contain_text("reads input rows 0 to 1, columns 0 to 1.")


def test_strides_and_dilation_exclude_each_other_as_in_keras(opened):
    page = opened(Explorer(strides=2))
    more(page)
    page.get_by_label("dilation_rate", exact=True).fill("2")
    expect(error(page)).to_contain_text("Keras refuses strides=2")


def test_arrow_keys_walk_the_output_and_enter_pins(opened):
    page = opened(Explorer(input_size=9, strides=2))
    page.locator(".sw-output + .sw-cursor").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(sentence(page)).to_contain_text(
        "Output row 2, column 1 reads input rows 4 to 6, columns 2 to 4."
    )
    page.locator(".sw-grid.sw-input").first.hover()
    expect(sentence(page)).to_contain_text("Output row 2, column 1")


def test_an_unread_pixel_feeds_nothing(opened):
    page = opened(Explorer(input_size=8, kernel_size=2, strides=3))
    page.locator(".sw-input + .sw-cursor").first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(sentence(page)).to_contain_text("Input row 0, column 1 feeds 1 output")
    page.keyboard.press("ArrowRight")
    expect(sentence(page)).to_contain_text("Input row 0, column 2 feeds no output.")


def test_pointing_at_a_cell_shows_its_window(opened):
    page = opened(Explorer(input_size=10))
    page.locator(".sw-grid.sw-output").first.hover(position={"x": 35, "y": 35})
    expect(sentence(page)).to_contain_text("Output row 0, column 0")
    frame = page.locator(".sw-grid.sw-output").first.bounding_box()
    page.mouse.move(frame["x"] + frame["width"] - 3, frame["y"] + frame["height"] - 3)
    shown = page.locator(".sw-sentence", has_text="Output row 7, column 7 reads input rows 7 to 9")
    shown.wait_for()  # a pointer's event is handled in the next frame


def test_a_selection_stays_inside_an_output_that_shrinks(opened):
    page = opened(Explorer(input_size=10, selected=("output", 7, 7)))
    page.get_by_label("strides", exact=True).fill("4")
    expect(sentence(page)).to_contain_text("Output row 1, column 1 reads input rows 4 to 6")


def test_nothing_moves_before_play(opened_alone, page):
    page.clock.install(time=0)
    opened_alone(Explorer(input_size=5))
    page.clock.pause_at(3600)
    page.clock.run_for(60_000)
    expect(step(page)).to_have_text("window 1 of 9")
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(1000)
    expect(step(page)).to_have_text("window 2 of 9")
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    expect(step(page)).to_have_text("window 2 of 9")
    page.get_by_role("button", name="Forward").click()
    expect(step(page)).to_have_text("window 3 of 9")


def test_less_motion_leaves_no_play(opened_alone, page):
    page.emulate_media(reduced_motion="reduce")
    opened_alone(Explorer())
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    page.get_by_role("button", name="Forward").click()
    expect(step(page)).to_have_text("window 2 of 64")


def test_pytorch_has_the_same_shape_and_other_windows(opened):
    page = opened(Explorer(input_size=10, strides=2, padding="same"))
    more(page)
    page.get_by_label("show PyTorch's padding beside it").check()
    expect(page.locator(".sw-torch")).to_contain_text(
        "The same shape, 5 by 5, but the windows begin at other pixels"
    )
    expect(page.locator(".sw-torch code")).to_contain_text("padding=1)")


def test_what_is_hidden_and_shown_again_is_not_laid_out_anew(opened):
    page = opened(Explorer(kernel="own", pytorch=True))
    more(page)
    page.get_by_label("show PyTorch's padding beside it").uncheck()
    page.get_by_label("kernel B", exact=True).select_option("sum")
    for part in (page.locator(".sw-torch code"), page.get_by_label("weight row 0, column 0")):
        expect(part).to_be_hidden()
        assert part.evaluate("(one) => one.getClientRects().length") == 1


def test_a_lesson_shows_what_it_has_taught(opened):
    page = opened(Explorer(locked=["strides", "padding"]))
    fields = page.locator(".sw-explorer > .sw-controls [data-field]")
    names = fields.evaluate_all("(all) => all.map((each) => each.dataset.field)")
    assert names == ["input_size", "kernel_size", "picture", "kernel B"]
    expect(page.get_by_label("strides", exact=True)).to_have_count(0)
    expect(page.get_by_label("dilation_rate", exact=True)).to_be_hidden()
    more(page)
    expect(page.get_by_label("dilation_rate", exact=True)).to_be_visible()


def test_the_input_size_can_be_locked(opened):
    page = opened(Explorer(locked=["input_size"]))
    expect(page.get_by_label("input_size, fixed here")).to_have_text("10 (fixed here)")


def test_a_number_on_a_striped_cell_keeps_its_edge_where_another_widget_has_come_later(opened):
    page = opened(Explorer(input_size=10, strides=2, picture="digit"))
    page.add_style_tag(content=styles())  # as JupyterLab does for each kind of widget
    edge = page.locator(".sw-halo").first
    background = page.locator(".sw").first.evaluate("(node) => getComputedStyle(node).background")
    assert edge.evaluate("(node) => getComputedStyle(node).stroke") in background


def test_the_shades_of_a_grid_have_the_colours_of_the_theme(opened_alone):
    page = opened_alone(Explorer(input_size=28, picture="digit"))
    read = "canvas.getContext('2d').getImageData(14, 14, 1, 1).data"
    shade = "(canvas = document.querySelector('.sw-input').previousSibling.firstChild) => "
    page.wait_for_function(f"({shade} {read}[0] < 60 && {read}[3] > 0)()")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"({shade} {read}[0] > 200)()")
    page.locator("main").evaluate("(all) => { all.hidden = true; }")  # as in a tab behind another
    page.emulate_media(color_scheme="light")
    page.locator("main").evaluate("(all) => { setTimeout(() => { all.hidden = false; }, 100); }")
    page.wait_for_function(f"({shade} {read}[0] < 60)()")


def test_on_paper_the_shades_of_a_grid_are_paths(opened):
    page = opened(Explorer(input_size=28, picture="digit", show_counts=True))
    page.evaluate(
        """() => addEventListener("beforeprint", () => { window.printed = ["grey", "shade"].map(
          (name) => document.querySelectorAll(`.sw-input .sw-${name}`).length); })"""
    )
    page.pdf()
    assert min(page.evaluate("printed")) > 1
    expect(page.locator(":is(.sw-grey, .sw-shade)")).to_have_count(0)


@pytest.fixture
def waiting(opened_alone, page):
    """A panel below the window whose new content has still to be drawn; no timer goes on."""
    page.set_viewport_size({"width": 800, "height": 400})
    page.clock.install(time=0)
    opened_alone(Explorer(input_size=10))
    page.clock.pause_at(3600)
    panel = page.locator(".sw-words")
    not_in_view(panel)
    page.get_by_label("strides", exact=True).fill("2")
    expect(sentence(page)).to_contain_text("output 4 by 4")
    expect(panel).to_have_css("content-visibility", "hidden")
    return panel


def test_a_panel_out_of_view_hides_old_numbers_until_it_is_in_view(waiting, page):
    waiting.evaluate("(node) => node.scrollIntoView()")
    expect(page.locator(".sw-code code")).to_contain_text("strides=2")
    expect(waiting).to_have_css("content-visibility", "auto")


def test_a_panel_out_of_view_is_drawn_when_nothing_changes_any_more(waiting, page):
    page.clock.run_for(300)
    expect(waiting).to_have_css("content-visibility", "auto")
    expect(page.locator(".sw-code code")).to_contain_text("strides=2")


def test_the_tab_key_draws_a_panel_that_waits_since_it_may_lead_there(waiting, page):
    page.keyboard.press("Tab")
    expect(waiting).to_have_css("content-visibility", "auto")
    expect(page.locator(".sw-code code")).to_contain_text("strides=2")


def not_in_view(panel):
    """Wait until the browser has said that a panel is out of view."""
    panel.evaluate(
        """(node) => new Promise((resolve) => new IntersectionObserver(([seen]) => {
          if (!seen.isIntersecting) resolve();
        }).observe(node))"""
    )


def test_axes_that_differ_are_drawn_apart(opened):
    page = opened(Explorer())
    more(page)
    page.get_by_label("set height and width separately").check()
    page.get_by_label("strides, width", exact=True).fill("3")
    expect(sentence(page)).to_contain_text("output 8 by 3")
    expect(page.locator(".sw-code code")).to_contain_text("strides=(1, 3)")


# The numbers in cells of a size, in reading order, read from the lines that draw them.
WRITTEN = """([drawn, wide, high]) => {
  const parts = (path) => [...path.getAttribute("d").matchAll(/M(\\S+) (-?[\\d.]+)([^M]*)/g)];
  const cells = new Map();
  for (const path of document.querySelectorAll(drawn)) {
    for (const [, x, y, lines] of parts(path)) {
      const key = `${Math.floor(y / high)} ${Math.floor(x / wide)}`;
      cells.set(key, (cells.get(key) ?? "") + window.signOf.get(lines));
    }
  }
  const place = ([key]) => key.split(" ").map(Number);
  const order = (one, other) => one[0] - other[0] || one[1] - other[1];
  return [...cells].sort((a, b) => order(place(a), place(b))).map(([, words]) => words);
}"""
# The lines of each sign in each size that a cell may have.
SIGNS = f"""{{
  {module("explorer.js").partition("export default")[0]}
  {{
    const path = (sign, size) => numeralPath([{{ words: sign, x: 0, y: 0 }}], size);
    const lines = (sign, size) => path(sign, size).replace(/^[^m]*/, "");
    const sizes = [...NUMERAL_SIZES, LARGE.size, SMALL.size, FACTORS.size];
    window.signOf = new Map(sizes.flatMap((size) =>
      Object.keys(NUMERALS).map((sign) => [lines(sign, size), sign])));
  }}
}}"""


def cells_of(grid):
    """The numbers of a grid, and the size of its cells, for `WRITTEN`."""
    return [f".sw-{grid} :not(.sw-index, .sw-halo).sw-numeral", 1, 1]


def products(kind):
    """The numbers of a window enlarged, "product" or "factors", for `WRITTEN`."""
    return [f".sw-products:not(.sw-off) .sw-{kind}", 54, 36]


def expect_numbers(page, cells, numbers):
    """Wait until these numbers are in these cells."""
    same = f"([cells, numbers]) => String(({WRITTEN})(cells)) === String(numbers)"
    page.wait_for_function(same, arg=[cells, numbers])


def expect_written(page, grid, numbers):
    """Wait until these numbers are in the cells of a grid."""
    expect_numbers(page, cells_of(grid), numbers)


def expect_count(page, grid, count):
    """Wait until so many cells of a grid have numbers."""
    same = f"([cells, n]) => ({WRITTEN})(cells).length === n"
    page.wait_for_function(same, arg=[cells_of(grid), count])


def marked_cells(page, kind):
    """How many cells of the products are drawn as "zero" or "best"."""
    d = page.locator(f".sw-products .sw-{kind}").get_attribute("d")
    return d.count("M")


def test_the_products_are_in_their_places_and_add_up_to_the_output(opened):
    page = opened(Explorer(input_size=5, selected=("output", 1, 1)))
    expect_written(page, "input", ["0", "0", "9", "9", "9"] * 5)
    expect_numbers(page, products("product"), ["0", "0", "9"] * 3)
    expect_numbers(page, products("factors"), [f"0·{MINUS}1", "9·0", "9·1"] * 3)
    expect_sum(page, "0 + 0 + 9 + 0 + 0 + 9 + 0 + 0 + 9 = 27")
    expect_written(page, "output", ["27"])


def test_the_output_fills_as_the_window_moves_and_empties_with_another_layer(opened):
    page = opened(Explorer(input_size=5))
    page.get_by_role("button", name="Forward").click()
    expect_written(page, "output", ["27", "27"])
    output = page.locator(".sw-grid.sw-output").first.bounding_box()
    page.mouse.move(output["x"] + output["width"] - 9, output["y"] + output["height"] - 9)
    page.locator(".sw-sentence", has_text="Output row 2, column 2").wait_for()
    expect_written(page, "output", ["27", "27", "0"])
    page.get_by_label("show every output number").check()
    expect_written(page, "output", ["27", "27", "0"] * 3)
    page.get_by_label("show every output number").uncheck()
    page.get_by_label("kernel_size", exact=True).fill("2")
    expect_count(page, "output", 1)


def test_zeros_of_the_padding_take_part(opened):
    page = opened(Explorer(input_size=5, padding="same", picture="ramp", kernel="sum"))
    row = ["0", "0", "2", "4", "6", "8", "0"]
    expect_written(page, "input", ["0"] * 7 + row * 5 + ["0"] * 7)
    assert marked_cells(page, "zero-ground") == 5
    expect_sum(page, "0 + 0 + 0 + 0 + 0 + 2 + 0 + 0 + 2 = 4", end="")


def test_a_pixel_is_no_window(opened):
    page = opened(Explorer(input_size=8, selected=("input", 3, 3)))
    expect(step(page)).to_have_text("a pixel is selected")
    expect(page.locator(".sw-sum")).to_contain_text("takes part in 9 output numbers")
    page.get_by_role("button", name="Forward").click()
    expect(step(page)).to_have_text("window 1 of 36")


PIXELS = [[1, 5, 2, 0], [3, 4, 7, 7], [0] * 4, [0] * 4]


def test_pooling_marks_the_largest_and_has_no_parameters(opened):
    page = opened(Explorer(layer="MaxPooling2D", image=PIXELS, kernel_size=2))
    expect(page.locator(".sw-explorer legend")).to_have_text("MaxPooling2D")
    expect(page.get_by_label("pool_size", exact=True)).to_have_value("2")
    expect_sum(page, "max(1, 5, 3, 4) = 5")
    assert marked_cells(page, "product-best") == 1
    expect_numbers(page, products("factors"), ["max"])
    expect_numbers(page, products("product"), ["1", "5", "3", "4"])
    expect(page.locator(".sw-code code")).to_contain_text("MaxPooling2D(pool_size=2, strides=2")
    expect(page.locator(".sw-words")).to_contain_text("Pooling has no weights")


def test_the_padding_of_pooling_is_not_called_zeros(opened):
    page = opened(Explorer(layer="MaxPooling2D", input_size=7, padding="same"))
    expect(sentence(page)).to_contain_text("Padding: 1 before and 1 after")
    terms = page.locator(".sw-formula dt")
    expect(terms).to_have_text(["“same” gives", "padding", "split in two", "output"])


def test_several_channels_are_added_up_and_then_the_bias(opened):
    page = opened(Explorer(input_size=8, channels=3, bias=2, selected=("output", 2, 3)))
    channels, bias = sum_line(page).removeprefix("channels ").split(" + bias ")
    terms = [int(term.strip("()").replace(MINUS, "-")) for term in channels.split(" + ")]
    assert len(terms) == 3
    assert bias == f"2 = {sum(terms) + 2}"


def test_channels_that_are_not_drawn_are_not_passed_over_in_silence(opened):
    page = opened(Explorer(input_size=8, channels=16))
    expect_sum(page, "4 of the 16 channels ", end="")


def test_numbers_of_ones_own(opened):
    page = opened(Explorer(input_size=5))
    page.locator(".sw-input + .sw-cursor").first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("PageUp")
    page.keyboard.press("7")
    expect(page.get_by_label("picture", exact=True)).to_have_value("own")
    others = ["0", "9", "9", "9", *["0", "0", "9", "9", "9"] * 4]
    expect_written(page, "input", ["7", *others])
    page.get_by_label("Click a pixel").fill("-12")
    expect_written(page, "input", [f"{MINUS}12", *others])


def test_an_own_kernel_says_what_is_wrong_until_it_is_corrected(opened):
    page = opened(Explorer(image=np.full((9, 9), 9)))
    page.get_by_label("kernel B", exact=True).select_option("own")
    page.get_by_label("weight row 1, column 1").fill("2")
    row = [f"{MINUS}9", "0", "9"]
    expect_numbers(page, products("product"), [*row, f"{MINUS}9", "18", "9", *row])
    wrong, other = (page.get_by_label(f"weight row {row}, column 0") for row in (0, 1))
    complaint = page.locator(".sw-weights + .sw-error")
    wrong.fill("1000")
    other.fill("3")
    expect(complaint).to_contain_text("A weight is a number")
    wrong.fill("1")
    expect(complaint).to_have_text("")


def test_a_wrong_weight_is_forgotten_when_the_kernel_has_been_another(opened):
    page = opened(Explorer())
    kernel = page.get_by_label("kernel B", exact=True)
    kernel.select_option("own")
    page.get_by_label("weight row 1, column 1").fill("1000")
    kernel.select_option("sum")
    kernel.select_option("own")
    expect(page.get_by_label("weight row 1, column 1")).to_have_value("1")
    expect(error(page)).to_have_count(0)


def test_windows_in_one_lane_do_not_touch(opened):
    page = opened(Explorer(input_size=12, kernel_size=3, strides=3))
    path = page.locator(".sw-bar-ends").get_attribute("d")
    heights = re.findall(r"M[\d.]+ ([\d.]+)", path)
    assert len(heights) == 4
    assert heights[0] != heights[1]


def test_a_formula_keeps_its_order_on_a_page_that_runs_from_right_to_left(opened):
    widgets = [make() for make in EACH.values()]
    page = opened(*widgets)
    page.evaluate("document.documentElement.dir = 'rtl'")
    looks = page.locator(".sw").evaluate_all(
        "(all) => all.map(getComputedStyle).map((each) => [each.direction, each.textAlign])"
    )
    assert looks == [["ltr", "start"]] * len(widgets)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_changed_layer_changes_every_later_size(opened):
    page = opened(StackExplorer("valid"))
    page.get_by_role("button", name="same").first.click()
    expect(sentence(page)).to_contain_text("3,231,498 parameters")
    page.get_by_label("strides of conv2d_1", exact=True).first.fill("2")
    shapes = page.locator(".sw-column").first.locator(".sw-layer-shape")
    for at, size in enumerate(("28", "14", "14", "6,272")):
        expect(shapes.nth(at)).to_have_text(re.compile(rf"^\S+\s+{size}\b"), use_inner_text=True)


def test_an_impossible_stack_says_which_layer_and_what_fits(opened):
    page = opened(StackExplorer("valid"))
    for name in ("conv2d", "conv2d_1"):
        page.get_by_label(f"strides of {name}", exact=True).first.fill("4")
    expect(sentence(page)).to_contain_text("It cannot be built: conv2d_2")
    expect(page.locator(".sw-stuck")).to_contain_text("What fits: kernel_size 1 to 2")
    page.get_by_role("button", name='Use padding="same"').first.click()
    expect(sentence(page)).not_to_contain_text("It cannot be built")


def test_a_network_can_be_built_by_keys_alone(opened):
    page = opened(StackExplorer("valid", goal={"output_shape": [11], "layers": 6}))
    names = page.locator(".sw-column").first.locator(".sw-layer-name")
    parts = page.locator(".sw-goal li")
    expect(parts).to_have_text(["○ the output (None, 11)", "✓ 6 layers"])
    remove = page.get_by_label("remove conv2d_2", exact=True).first
    remove.focus()
    page.keyboard.press("Enter")
    expect(names).to_have_count(5)
    expect(page.get_by_label("remove flatten", exact=True).first).to_be_focused()
    page.get_by_label("One more layer").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(names.last).to_have_text(re.compile("^max_pooling2d: MaxPooling2D 2"))
    expect(page.locator(".sw-stuck")).to_contain_text("reads maps, and one line of numbers arrives")
    for _ in range(3):
        page.get_by_label("move up max_pooling2d", exact=True).first.press("Enter")
    expect(names.nth(2)).to_have_text(re.compile("^max_pooling2d"))
    expect(sentence(page)).not_to_contain_text("It cannot be built")
    page.get_by_label("units of dense_1").first.fill("11")
    expect(page.locator(".sw-goal .sw-verdict")).to_have_text("✓ You have built it.")


def test_a_number_shows_its_cone_down_to_the_image(opened):
    page = opened(StackExplorer("stride"))
    page.locator("summary", has_text="What one number sees of the image").first.click()
    words = page.locator("details .sw-sentence").first
    expect(words).to_contain_text("of conv2d_2 sees 15 pixels of a line")
    page.get_by_label("layer", exact=True).first.select_option("conv2d")
    expect(words).to_contain_text("of conv2d sees 3 pixels of a line")
    page.get_by_label("number", exact=True).first.press("Home")
    expect(words).to_contain_text("Number 0 of conv2d sees 3 pixels of a line, 0 to 2.")
    cone = page.locator(".sw-cone").first
    box = cone.bounding_box()
    cone.click(position={"x": box["width"] / 2, "y": 8})  # the last layer is drawn at the top
    expect(words).to_contain_text("of conv2d_2 sees 15 pixels")


def test_a_cone_explorer_is_open_and_changes_with_the_network(opened):
    page = opened(ConeExplorer("same", presets=["same", "stride"]))
    words = page.locator(".sw-sentence").first
    expect(words).to_contain_text("of conv2d_2 sees 7 pixels of a line")
    stride = page.get_by_role("button", name="stride")
    stride.press("Enter")
    expect(words).to_contain_text("of conv2d_2 sees 15 pixels of a line")
    expect(stride).to_have_attribute("aria-pressed", "true")
    expect(stride).to_be_focused()


def test_gaps_can_be_set_where_they_are_taught_until_the_field_is_as_wide_as_asked(opened):
    plain = Network.sequential([layer("Conv2D", 8, 3) for _ in range(3)], (28, 28, 1))
    page = opened(StackExplorer(plain, presets=[], dilation=True, goal={"receptive_field": 21}))
    for name, rate in (("conv2d", 2), ("conv2d_1", 4), ("conv2d_2", 4)):
        expect(page.locator(".sw-goal")).not_to_contain_text("✓")
        page.get_by_label(f"dilation_rate of {name}", exact=True).fill(str(rate))
    expect(page.locator(".sw-goal")).to_contain_text("✓ You have built it.")
    expect(opened(StackExplorer(plain)).get_by_label("dilation_rate")).to_have_count(0)


def test_the_explorer_knows_when_its_goal_is_found(opened):
    page = opened(Explorer(layer="MaxPooling2D", input_size=9, goal={"unread_columns": 2}))
    expect(page.locator(".sw-goal")).to_have_text(re.compile(r"Not yet\.$"))
    page.get_by_label("input_size", exact=True).fill("11")
    expect(page.locator(".sw-goal")).to_contain_text("Found. With these arguments, 10 input sizes")


def test_two_networks_are_shown_side_by_side(opened):
    page = opened(StackExplorer("valid"))
    page.get_by_label("show a second network beside it").check()
    totals = ["Total: 2,002,698 parameters", "Total: 3,231,498 parameters"]
    expect(page.locator(".sw-total:visible")).to_have_text(totals)


def size_question(page):
    """The layer of a question about one size, without zeros: its size, kernel and strides."""
    code = page.locator(".sw-given").inner_text()
    return [int(re.search(rf"{name}\D*(\d+)", code)[1]) for name in ("shape", "kernel", "strides")]


def heading(page):
    """The heading of the question that is open."""
    return page.locator(".sw-question > .sw-heading")


def score(page):
    """How many answers were right at the first try."""
    return page.locator(".sw-practice .sw-top .sw-place")


def worked_out(page):
    """The heading above the working."""
    return page.locator(".sw-result > .sw-heading")


def parameters_right(page):
    """The parameters of the layer in the open question, as a sum to be typed."""
    code = page.locator(".sw-given").inner_text()
    channels, filters = re.search(r"(\d+)\)\)", code)[1], re.search(r"Conv2D\((\d+)", code)[1]
    kernel = re.search(r"kernel_size=(\d+)", code)[1]
    return f"({kernel}*{kernel}*{channels} + 1)*{filters}"


def test_practice_reveals_nothing_before_the_commit(opened):
    page = opened(Practice(seed=0, topics=["parameters"]))
    page.get_by_label("parameters of the layer").focus()
    page.keyboard.press("Enter")
    expect(error(page)).to_contain_text("Type a whole number.")
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(error(page)).to_contain_text("many is not a whole number")
    expect(worked_out(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Next question")).to_be_hidden()


def test_a_wrong_answer_is_drawn_then_hinted_at_then_worked_out(opened):
    page = opened(Practice(seed=0, topics=["size"], paddings=["valid"], max_strides=1))
    size, kernel, _ = size_question(page)
    box = page.get_by_label("pixels a side after the layer")
    box.fill(str(size - kernel))
    page.keyboard.press("Enter")
    expect(page.locator(".sw-verdict")).to_contain_text("You have 2 more tries.")
    expect(score(page)).to_have_text("0 of 1 right at the first try")
    drawn = page.locator(".sw-help .sw-number-line")
    expect(drawn).to_be_visible()
    expect(page.locator(".sw-help")).to_contain_text("room for 1 more step.")
    page.keyboard.press("Enter")  # a second time: no try is lost
    expect(page.locator(".sw-verdict")).to_contain_text("That is the answer you gave")
    box.fill(str(size - kernel + 2))
    page.keyboard.press("Enter")
    expect(page.locator(".sw-help")).to_contain_text("Hint: How many steps of 1 fit")
    expect(worked_out(page)).to_have_count(0)
    box.fill(str(size - kernel + 3))
    page.keyboard.press("Enter")
    expect(page.locator(".sw-verdict")).to_contain_text(f"The answer is {size - kernel + 1}.")
    expect(worked_out(page)).to_have_text("Worked out")
    expect(score(page)).to_have_text("0 of 1 right at the first try")


def test_a_sum_is_an_answer_and_a_second_try_may_be_right(opened):
    page = opened(Practice(seed=0, topics=["parameters"]))
    box = page.get_by_label("parameters of the layer")
    box.fill("1")
    page.keyboard.press("Enter")
    box.fill(parameters_right(page))
    expect(page.locator(".sw-reading")).to_have_text(re.compile("^= "))
    page.keyboard.press("Enter")
    expect(page.locator(".sw-verdict")).to_have_text("✓ Right, at try 2.")
    expect(score(page)).to_have_text("0 of 1 right at the first try")


def test_one_can_go_back_to_what_was_said(opened):
    page = opened(Practice(seed=0, topics=["parameters"]))
    page.get_by_label("parameters of the layer").fill(parameters_right(page))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the focus is on Next question
    expect(heading(page)).to_contain_text("Question 2.")
    page.get_by_role("button", name="Previous question").click()
    expect(heading(page)).to_contain_text("Question 1.")
    expect(page.locator(".sw-verdict")).to_have_text("✓ Right.")
    page.get_by_role("button", name="Next question").click()
    expect(heading(page)).to_contain_text("Question 2.")
    expect(page.get_by_role("button", name="Next question")).to_be_hidden()


def test_the_verdict_stays_in_view(opened_alone, page):
    page.set_viewport_size({"width": 390, "height": 500})
    opened_alone(Practice(seed=0, topics=["stack"], level=3))
    for answer in ("1", "2", "3"):
        for box in page.locator(".sw-answer input").all():
            box.fill(answer)
        page.keyboard.press("Enter")
        box = page.locator(".sw-verdict").bounding_box()
        assert 0 <= box["y"] <= 500 - box["height"]


def test_new_questions_come_on_request(opened_alone, page):
    page.add_init_script("Math.random = () => 0.25")  # a new seed may give the same question
    opened_alone(Practice(seed=1))
    before = page.locator(".sw-given").inner_text()
    page.get_by_role("button", name="New questions").click()
    expect(heading(page)).to_contain_text("Question 1.")
    expect(page.locator(".sw-given")).not_to_have_text(before)


def test_where_no_kernel_answers_practice_says_so(opened):
    page = opened(Practice(seed=0, topics=["parameters"]))
    page.get_by_label("parameters of the layer").fill("1")
    page.keyboard.press("Enter")
    expect(page.locator(".sw-turn [role=status]")).to_contain_text("Python is not running here")


def test_three_right_in_a_row_make_it_harder(opened):
    page = opened(Practice(seed=0, topics=["parameters"]))
    for _ in range(3):
        page.get_by_label("parameters of the layer").fill(parameters_right(page))
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Next question").click()
    expect(score(page)).to_have_text("3 of 3 right at the first try")
    expect(page.get_by_label("Level")).to_have_value("2")


def test_an_idea_is_a_hint_and_is_shown_beside_the_rule_at_the_end(opened):
    practice = Practice(seed=0, topics=["size"], paddings=["valid"])
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
    box = page.get_by_label("pixels a side after the layer")
    for answer, said in (("101", ""), ("102", ""), ("103", practice.diagnosis["text"])):
        expect(told).to_have_text(said)
        box.fill(answer)
        page.keyboard.press("Enter")
    expect(told.locator("td")).to_have_text(["9 - 3 = 6", "9 - 3 + 1 = 7"])
    page.get_by_role("button", name="Next question").click()
    expect(heading(page)).to_contain_text("Question 2, a follow-up.")
    expect(page.locator(".sw-given")).to_contain_text("keras.Input(shape=(11, 11")
    expect(told).to_have_text("")


def returned():
    """Practice that begins with an idea that comes back."""
    item = {"number": 0, "again": True, "topic": "zeros"}
    ideas = {"open": ["No zeros are added."], "settled": ["A"], "kept": "a file beside this"}
    return Practice(seed=0, item=item, ideas=ideas)


def test_an_idea_that_comes_back_is_announced_and_the_page_says_where_it_is_kept(opened):
    page = opened(returned())
    begin = "Question 1, an idea that comes back. How many zeros"
    expect(heading(page)).to_have_text(re.compile(f"^{begin}"))
    ideas = page.locator(".sw-practice > .sw-more")
    ideas.get_by_text("1 idea to practise, 1 settled").click()
    expect(ideas.locator("li").first).to_have_text("No zeros are added.")
    expect(ideas.locator("li").first).to_be_visible()
    kept = "This is never graded. It is kept in a file beside this."
    expect(ideas.locator(".sw-note")).to_have_text(kept)
    expect(opened(Practice()).locator(".sw-practice > .sw-more")).to_be_hidden()


def test_a_first_guess_stays_beside_what_is_thought_now(opened):
    page = opened(Guess("How many windows fit?"))
    box = page.get_by_label("How many windows fit?")
    box.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sw-guess [role=status]")).to_contain_text("Type a guess first.")
    for said in ("3", "4", "5"):
        page.keyboard.type(said)
        page.keyboard.press("Enter")
    expect(page.locator(".sw-guess [role=status]")).to_have_text("Your first guess: 3 · now: 5")


def explained():
    """Practice with all that it can say about an answer."""
    practice = Practice(seed=5, level=2, topics=["stack"])
    workings = [
        [f"pixels a side after layer {layer}", f"{own} = 7\nor {own} + 1 = 7", f"{own} + 1 = 8"]
        for layer, own in ((1, "⌊(16 - 4 + 3) ÷ 2⌋"), (2, "16 - 9"), (3, "⌊(16 - 4 + 3) ÷ 2⌋"))
    ]
    practice.diagnosis = {"number": 0, "text": "An idea.", "question": "Why?", "workings": workings}
    return practice


LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
    "forced-dark": {"forced_colors": "active", "color_scheme": "dark"},
}


@pytest.mark.parametrize(
    ("look", "width"),
    [
        ("dark", 1200),
        pytest.param("light", 360, marks=pytest.mark.slow),
        pytest.param("light", 1200, marks=pytest.mark.slow),
        pytest.param("dark", 360, marks=pytest.mark.slow),
        pytest.param("forced", 360, marks=pytest.mark.slow),
        pytest.param("forced-dark", 1200, marks=pytest.mark.slow),
    ],
)
def test_no_one_is_shut_out(opened_alone, page, look, width):
    page.emulate_media(**LOOKS[look])
    page.set_viewport_size({"width": width, "height": 900})
    picture = Explorer(picture="digit", padding="same", pytorch=True, strides=4, kernel="own")
    pool = Explorer(layer="MaxPooling2D", input_size=32, filled=True)
    several = Explorer(input_size=8, channels=5, filters=2, bias=3, picture="own")
    mean = Explorer(layer="AveragePooling2D", goal={"unread_columns": 2})
    stuck = StackExplorer("valid", "stride", goal={"output_shape": [11], "layers": 6})
    counts, blank, told = Explorer(show_counts=True, strides=(2, 4)), Practice(seed=0), explained()
    opened_alone(
        counts,
        picture,
        pool,
        several,
        mean,
        stuck,
        blank,
        Practice(seed=1, topics=["zeros"]),
        ConeExplorer("stride", presets=["same", "stride"]),
        returned(),
        told,
        Guess("How many?"),
    )
    open_details(page)
    expect(page.locator(".sw-cone:visible")).to_have_count(3)
    page.get_by_label("strides of conv2d", exact=True).first.fill("13")
    page.get_by_label("How many?").fill("3")
    page.get_by_label("How many?").press("Enter")
    page.locator(".sw-commit").first.click()  # with nothing typed
    for practice in page.locator(".sw-practice").all()[1:]:
        for box in practice.locator("input").all():
            box.fill("1")
        practice.locator(".sw-commit").click()
    page.get_by_role("button", name="Show the working").last.click()
    expect(page.locator(".sw-diagnosis tbody td")).to_have_count(6)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


EACH = {
    "convolution": lambda: Explorer(show_counts=True, filled=True),
    "pooling": lambda: Explorer(layer="MaxPooling2D", goal={"unread_columns": 2}),
    "own numbers": lambda: Explorer(
        channels=3, kernel="own", picture="own", rectangular=True, input_size=6
    ),
    "networks": lambda: StackExplorer("valid", "stride"),
    "practice": lambda: Practice(seed=0, topics=["stack"]),
    "cone": lambda: ConeExplorer("stride", presets=["same", "stride"]),
    "guess": lambda: Guess("How many?"),
    "digit": lambda: DigitExplorer({}),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in ("pooling", "own numbers") else [])
        for name in EACH
    ],
)
def test_the_tab_key_reaches_every_control_and_leaves_again(opened, name):
    tab_through(opened(EACH[name]()))
