"""The lessons in JupyterLab on a phone: a narrow page, and fingers alone.

JupyterLab's menus do not react to a finger. The README says what does: the folder closes the list
of files, and the tool bar runs cells.
"""

import shutil

import nbformat
import pytest
from browser_fixtures import LESSON_1, REPOSITORY, broken_widgets, new_page, wait_for_kernel
from playwright.sync_api import expect
from touch import PHONE, draw_a_line

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TWO_WIDGETS = "from stridewise.widgets import DigitExplorer, StackExplorer"
CELLS = [TWO_WIDGETS, "StackExplorer('valid')", "DigitExplorer({})"]
HIDDEN = """(all) => all.map((one) => [one.scrollWidth, one.clientWidth])
  .filter(([needed, given]) => needed > given + 1)"""


def open_and_run(page, server, name):
    """Open a notebook, close the list of files, and run all cells, by taps."""
    page.goto(server.lab(name))
    page.locator(".jp-Notebook").wait_for()
    wait_for_kernel(page, server, name)
    page.locator(".jp-SideBar [data-id='filebrowser']").tap()
    page.wait_for_function(
        "document.querySelector('.jp-Notebook').getBoundingClientRect().width > 250"
    )
    page.locator(".jp-NotebookPanel-toolbar [data-command*='restart-run-all']").tap()
    page.locator(".jp-Dialog .jp-mod-accept").tap()
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    page.wait_for_function(
        "(node) => /\\d/.test(node.innerText)", arg=last.element_handle(), timeout=180_000
    )
    return page


@pytest.fixture(scope="module")
def lesson(chromium, jupyter_server):
    with new_page(chromium, **PHONE) as page:
        shutil.copy(REPOSITORY / LESSON_1, jupyter_server.root / "touched.ipynb")
        yield open_and_run(page, jupyter_server, "touched.ipynb")


@pytest.fixture(scope="module")
def two_widgets(chromium, jupyter_server):
    with new_page(chromium, **PHONE) as page:
        cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
        book = nbformat.v4.new_notebook(cells=cells)
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, jupyter_server.root / "touched_widgets.ipynb")
        yield open_and_run(page, jupyter_server, "touched_widgets.ipynb")


@pytest.mark.parametrize("opened", ["lesson", "two_widgets"])
def test_every_widget_is_as_narrow_as_the_notebook(opened, request):
    page = request.getfixturevalue(opened)
    assert broken_widgets(page) == []
    expect(page.locator(".sw").first).to_be_visible()
    assert page.locator(".jp-OutputArea-output:has(.sw)").evaluate_all(HIDDEN) == []


def test_printed_lines_break_between_words_and_are_no_wider_than_the_page(lesson):
    printed = lesson.locator(".jp-OutputArea-output pre")
    breaks = "(all) => all.map((one) => getComputedStyle(one).wordBreak)"
    assert set(printed.evaluate_all(breaks)) == {"normal"}
    assert printed.evaluate_all(HIDDEN) == []


def test_a_cell_is_run_by_the_button_of_the_tool_bar(lesson):
    cell = lesson.locator(".jp-CodeCell").first
    before = cell.locator(".jp-InputPrompt").inner_text()
    cell.locator(".cm-content").tap()
    lesson.locator(".jp-NotebookPanel-toolbar [data-command*='run-cell']").tap()
    expect(cell.locator(".jp-InputPrompt")).not_to_have_text(before)


def test_a_first_guess_is_committed(lesson):
    guess = lesson.locator(".sw-guess").first
    box = guess.get_by_role("textbox")
    box.tap()
    box.fill("2")
    guess.get_by_role("button", name="Commit").tap()
    expect(guess.locator("[role=status]")).to_contain_text("Your first guess: 2.")


def test_a_finger_moves_the_window_of_the_explorer(lesson):
    place = lesson.locator(".sw-stepper .sw-place").first
    before = place.inner_text()
    draw_a_line(lesson, lesson.locator("svg.sw-output").first, (0.2, 0.5), (0.95, 0.5))
    expect(place).not_to_have_text(before)


def test_practice_helps_in_three_steps(lesson):
    practice = lesson.locator(".sw-practice").first
    verdict = practice.locator(".sw-verdict")
    steps = ["You have 2 more tries.", "You have 1 more try.", "The answer is"]
    for attempt, said in enumerate(steps):  # the same numbers again are no second try
        for box in practice.locator(".sw-answer input").all():
            box.tap()  # as before typing
            box.fill(str(999_990 + attempt))
        practice.get_by_role("button", name="Commit").tap()
        expect(verdict).to_contain_text(said)
        expect(verdict).to_be_in_viewport()


def test_a_network_is_changed_by_taps(two_widgets):
    stack = two_widgets.locator(".sw-stack")
    types = stack.locator(".sw-layer-name")
    before = types.count()
    stack.get_by_role("button", name="remove flatten").tap()
    expect(types).to_have_count(before - 1)
    stack.get_by_role("button", name="Add", exact=True).tap()
    expect(types).to_have_count(before)
    expect(types.last).to_contain_text("Conv2D")
    stack.locator(".sw-card").last.get_by_role("button", name="up").tap()
    expect(types.last).not_to_contain_text("Conv2D")


def test_a_digit_is_drawn(two_widgets):
    pad = two_widgets.locator(".sw-pad")
    draw_a_line(two_widgets, pad, (0.5, 0.2), (0.5, 0.9))
    expect(two_widgets.locator(".sw-strokes path")).to_have_count(1)


def test_two_taps_on_a_number_open_no_menu_of_jupyterlab(two_widgets):
    number = two_widgets.locator(".sw-stack input[type=number]").first
    number.fill("123")
    for _ in range(2):  # at its digits: the browser selects them, and asks for a menu
        number.tap(position={"x": 14, "y": 14})
    two_widgets.wait_for_function("getSelection().toString() === '123'")
    expect(two_widgets.locator(".lm-Menu:visible")).to_have_count(0)
