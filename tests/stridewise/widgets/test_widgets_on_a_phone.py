"""The widgets on a phone: a narrow page, a finger for a pointer, a keyboard over the page."""

import pytest
from browser_fixtures import new_page, open_details, open_widgets
from playwright.sync_api import expect
from touch import PHONE, draw_a_line

from stridewise.widgets import ConeExplorer, DigitExplorer, Explorer, Guess, Practice, StackExplorer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SMALLEST = 24  # pixels: WCAG 2.2, target size, level AA
TOO_SMALL = """(smallest) => [...document.querySelectorAll(
  ".sw :is(button:not(.sw-cursor), input, select, summary)")].filter((one) => one.checkVisibility())
  .filter((one) => { const { width, height } = one.getBoundingClientRect();
    return Math.min(width, height) < smallest; })
  .map((one) => one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.textContent)"""


@pytest.fixture
def phone(chromium, tmp_path):
    with new_page(chromium, **PHONE) as page, open_widgets(page, tmp_path) as opening:
        yield opening


def chosen_window(page):
    return page.locator(".sw-stepper .sw-place")


def output_grid(page):
    return page.locator("svg.sw-output").first


def test_the_window_stays_where_a_finger_has_drawn_it(phone):
    page = phone(Explorer(input_size=10))
    draw_a_line(page, output_grid(page), (0.15, 0.5), (0.95, 0.5))
    expect(chosen_window(page)).to_have_text("window 32 of 64")


def test_a_finger_moves_the_window_although_a_tap_has_pinned_another(phone):
    page = phone(Explorer(input_size=10))
    output_grid(page).tap()
    draw_a_line(page, output_grid(page), (0.15, 0.5), (0.95, 0.5))
    expect(chosen_window(page)).to_have_text("window 32 of 64")


def test_a_finger_that_scrolls_the_page_leaves_the_window(phone):
    page = phone(Explorer(input_size=10))
    draw_a_line(page, output_grid(page), (0.5, 0.9), (0.5, -2.5))
    page.wait_for_function("scrollY > 0")
    expect(chosen_window(page)).to_have_text("window 1 of 64")


def test_a_wrong_answer_shows_its_help_and_no_keyboard(phone):
    page = phone(Practice(seed=0, topics=["stack"], level=3))
    for attempt in range(2):
        for box in page.locator(".sw-answer input").all():
            box.fill(str(3 + attempt))
        page.get_by_role("button", name="Commit").tap()
        expect(page.locator(".sw-help")).to_be_in_viewport()
        expect(page.locator(".sw-verdict")).to_be_in_viewport()
        expect(page.locator("input:focus")).to_have_count(0)


def test_the_next_question_is_read_before_a_keyboard_opens(phone):
    page = phone(Practice(seed=0, topics=["size"]))
    page.locator(".sw-answer input").fill("1")
    page.get_by_role("button", name="Commit").tap()
    page.get_by_role("button", name="Show the working").tap()
    page.get_by_role("button", name="Next question").tap()
    expect(page.locator(".sw-question > .sw-heading")).to_contain_text("Question 2")
    expect(page.locator(".sw-question > .sw-heading")).to_be_in_viewport()
    expect(page.locator("input:focus")).to_have_count(0)


def test_a_network_is_built_by_taps(phone):
    page = phone(StackExplorer("valid", goal={"output_shape": [24, 24, 32], "layers": 2}))
    for name in ("dense_1", "dense", "flatten", "conv2d_2"):
        page.get_by_role("button", name=f"remove {name}").tap()
    expect(page.locator(".sw-goal li").first).to_contain_text("✓")
    expect(page.locator(".sw-goal li").last).to_contain_text("✓")


def test_a_digit_is_drawn_with_a_finger_and_the_page_stays(phone):
    page = phone(DigitExplorer({}))
    draw_a_line(page, page.locator(".sw-pad"), (0.5, 0.2), (0.5, 0.9))
    expect(page.locator(".sw-strokes path")).to_have_count(1)
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: Explorer(input_size=10, rectangular=True), id="explorer"),
        pytest.param(lambda: StackExplorer("valid"), id="stack"),
        pytest.param(lambda: ConeExplorer("stride"), id="cone"),
        pytest.param(lambda: Practice(seed=0), id="practice"),
        pytest.param(lambda: Guess("How many?"), id="guess"),
        pytest.param(lambda: DigitExplorer({}), id="digit"),
    ],
)
def test_a_finger_can_hit_every_control_and_the_page_is_not_wider_than_the_phone(phone, make):
    page = phone(make())
    open_details(page)
    assert page.evaluate(TOO_SMALL, SMALLEST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
