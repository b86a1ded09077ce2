"""The widgets in JupyterLab 4 and Notebook 7, with a real kernel and real keys."""

import json
import re
import urllib.request

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import (
    all_pictures_tried,
    broken_widgets,
    choose_run_all,
    wait_for_kernel,
)
from playwright.sync_api import expect

from stridewise.misconceptions import rule
from stridewise.naming import MOST
from stridewise.size_questions import SizeQuestion, predicted, rules_behind
from stridewise.widgets import Explorer, Guess, Practice

pytestmark = pytest.mark.browser

CELLS = [
    "from stridewise.widgets import Explorer, Practice, StackExplorer",
    "explorer = Explorer(input_size=12)\nexplorer",
    "stack = StackExplorer('valid')\nstack",
    "practice = Practice(seed=0, topics=['parameters'])\npractice",
    """from stridewise.widgets import ConeExplorer, DigitExplorer, Guess
display(ConeExplorer("stride", presets=["same"]), Guess("How many?"), DigitExplorer({}))""",
    """print(explorer.kernel_size, explorer.padding, explorer.strides, explorer.selected)
print(stack.network.rows[0].output_shape, practice.last_answer.get("answer"))
if practice.last_answer:
    explorer.strides = 3
    practice.diagnosis = {"number": 0, "text": "One bias a filter."}""",
]
# One of each kind, in every widget: Ctrl+S saves while the focus is there.
CONTROLS = [
    ".sw-explorer [type=range]",
    ".sw-explorer [type=number]",
    ".sw-explorer select",
    ".sw-explorer summary",
    ".sw-explorer .sw-output + .sw-cursor",
    ".sw-explorer .sw-stepper button",
    ".sw-column [type=number]",
    ".sw-column button",
    ".sw-practice .sw-answer input",
    ".sw-practice .sw-next",
    ".sw-cone-explorer button",
    ".sw-cone-explorer select",
    ".sw-cone-explorer [type=range]",
    ".sw-guess input",
    ".sw-guess button",
    ".sw-digit .sw-pad",
    ".sw-digit button",
    ".sw-digit [type=checkbox]",
]
RAN = re.compile(r"^\s*\[\d+\]:?\s*$")
"""The prompt of a cell that has been run to its end."""
THEMES = "lab/api/settings/@jupyterlab/apputils-extension:themes"


def notebook(server, name, cells):
    """Write the notebook where the server serves it."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, server.root / name)


def use_theme(server, theme):
    """Choose a theme as the settings editor does."""
    body = json.dumps({"raw": json.dumps({"theme": theme})}).encode()
    headers = {"Authorization": f"token {server.token}", "Content-Type": "application/json"}
    request = urllib.request.Request(  # noqa: S310 - http on loopback
        f"{server.address}/{THEMES}", data=body, headers=headers, method="PUT"
    )
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).close()


LAB, LAB_DARK = ("lab/tree", "JupyterLab Light"), ("lab/tree", "JupyterLab Dark")
NOTEBOOK = ("notebooks", "JupyterLab Light")


def address(server, front, name):
    """Return the page of a front end that opens a notebook, and nothing of an earlier test."""
    return f"{server.address}/{front}/{name}?token={server.token}&reset"


def run_cells(page, server, name, cells, front, theme):
    """Open a notebook of `cells`, run them all, and wait until Practice is shown below its cell."""
    notebook(server, name, cells)
    use_theme(server, theme)
    page.set_viewport_size({"width": 1280, "height": 4500})  # so that every cell is in the page
    page.goto(address(server, front, name))
    page.locator(".jp-Notebook").wait_for()
    wait_for_kernel(page, server, name)
    choose_run_all(page)
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    expect(last).to_have_text(RAN, timeout=180_000)  # a cell may import TensorFlow
    page.locator(".sw-practice").wait_for()
    expect(page.locator(".jp-Dialog")).to_have_count(0)  # it would receive the keys
    expect(page.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
    return page


# Each takes a kernel and two page loads: quick is one of them.
@pytest.fixture(
    params=[
        pytest.param(LAB, id="lab-light", marks=pytest.mark.slow),
        pytest.param(LAB_DARK, id="lab-dark", marks=pytest.mark.slow),
        pytest.param(NOTEBOOK, id="notebook-7", marks=pytest.mark.slow),
    ]
)
def running(request, page):
    """All widgets, and every cell run."""
    jupyter_server = request.getfixturevalue("jupyter_server")  # only where there is a browser
    name = f"widgets-{request.param_index}.ipynb"
    return run_cells(page, jupyter_server, name, CELLS, *request.param)


PRACTISE = "from stridewise.widgets import Practice\nPractice(seed=0, topics=['size'], level=3)"


@pytest.fixture(
    params=[
        pytest.param(LAB, id="lab-light", marks=pytest.mark.slow),
        pytest.param(NOTEBOOK, id="notebook-7", marks=pytest.mark.slow),
    ]
)
def practising(request, page):
    """Practice with the hardest questions about sizes, which a kernel follows."""
    jupyter_server = request.getfixturevalue("jupyter_server")
    cells = [PRACTISE, "print('all that was sent has been read')"]
    name = f"practice-{request.param_index}.ipynb"
    return run_cells(page, jupyter_server, name, cells, *request.param)


def run_last_cell(page):
    """Run the last cell again, by hand; return its output."""
    cell = page.locator(".jp-CodeCell").last
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    prompt.click()
    page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    expect(prompt).to_have_text(RAN)
    return cell.locator(".jp-OutputArea").first


def save(page):
    """Save the notebook with Ctrl+S, which the focused control must let through."""
    with page.expect_response(lambda answer: "/checkpoints" in answer.url):
        page.keyboard.press("Control+s")  # the checkpoint is the end of saving


def test_keys_reach_the_controls_and_the_kernel_gets_the_value(running):
    page = running
    slider = page.get_by_label("kernel_size, slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_label("padding", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.locator(".sw-output + .sw-cursor").first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("strides", exact=True).focus()
    page.keyboard.press("ArrowUp")
    sentence = page.locator(".sw-explorer .sw-sentence").first
    expect(sentence).to_contain_text("output 6 by 6. Zeros: 1 before and 2 after")
    page.get_by_label("strides of conv2d", exact=True).first.focus()
    page.keyboard.press("ArrowUp")
    page.get_by_label("parameters of the layer").focus()
    page.keyboard.type("dd1")  # d twice deletes a cell, outside a box
    page.keyboard.press("Backspace")
    expect(page.locator(".jp-CodeCell")).to_have_count(len(CELLS))
    code = page.locator(".sw-given").inner_text()
    channels, filters, kernel = (
        int(re.search(pattern, code)[1])
        for pattern in (r"(\d+)\)\)", r"Conv2D\((\d+)", r"kernel_size=(\d+)")
    )
    weights = kernel**2 * channels * filters
    page.get_by_label("parameters of the layer").fill(str(weights))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show the working").click()
    reply = page.locator(".sw-diagnosis")  # the kernel's
    expect(reply.locator("td").first).to_contain_text(f"= {weights}")
    for control in CONTROLS:
        page.locator(control).first.focus()
        save(page)
    printed = run_last_cell(page)
    expect(printed).to_contain_text("(5, 5) same (2, 2) ('output', 0, 1)")
    expect(printed).to_contain_text(f"(None, 13, 13, 32) [{weights}]")
    expect(sentence).to_contain_text("output 4 by 4")
    expect(reply).to_contain_text("One bias a filter.")
    found = Axe().run(page, context=".sw")
    assert found.violations_count == 0, found.generate_report()
    ground = page.evaluate("getComputedStyle(document.querySelector('.sw')).backgroundColor")
    dark = page.evaluate("document.body.dataset.jpThemeLight") == "false"
    assert (int(re.findall(r"\d+", ground)[0]) < 128) == dark


def asked(page):
    """The question that is open, as an item."""
    code = page.locator(".sw-given").inner_text()
    numbers = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", code)}
    size = int(re.search(r"shape=\((\d+)", code)[1])
    padding = re.search(r'padding="(\w+)"', code)[1]
    rate = numbers.get("dilation_rate", 1)
    return SizeQuestion(size, numbers["kernel_size"], numbers["strides"], padding, rate)


def commit(page, size):
    """Answer the question that is open; return what the kernel says about it.

    A kernel reads messages in their order. So it has answered once it has run a cell that was
    sent to it later, also where it says nothing.
    """
    right = size == asked(page).answer
    page.get_by_label("pixels a side after the layer").fill(str(size))
    page.keyboard.press("Enter")
    said = page.locator(".sw-diagnosis")
    if not right:
        page.get_by_role("button", name="Show the working").click()
    run_last_cell(page)
    return said.inner_text()


def next_question(page):
    """Go on; return the heading of the question."""
    heading = page.locator(".sw-question > .sw-heading")
    before = heading.inner_text().partition(".")[0]
    page.get_by_role("button", name="Next question").click()
    expect(heading).not_to_contain_text(before)
    return heading.inner_text()


def test_a_wrong_answer_names_the_rule_and_the_follow_up_separates_the_suspected_rules(practising):
    page, held, answers = practising, rule("forgets_plus_one"), []
    for _ in range(4):
        item = asked(page)
        answers.append((item, predicted(held, item)))
        said = commit(page, answers[-1][1])
        suspected = rules_behind(answers)
        assert held in suspected
        if len(suspected) > MOST:  # to name one of them would be a guess
            assert said == ""
        else:
            assert any(each.name in said for each in suspected)
            assert "Keras's rule" in said
        heading = next_question(page)
        if len(suspected) == 1:
            break
        assert "a follow-up" in heading
        assert len({predicted(each, asked(page)) for each in suspected}) > 1
    assert held.name in said
    assert [each.id for each in rules_behind(answers)] == [held.id]


def test_three_right_in_a_row_end_the_follow_ups_and_say_that_one_may_stop(practising):
    page = practising
    commit(page, predicted(rule("forgets_plus_one"), asked(page)))
    assert "a follow-up" in next_question(page)
    for _ in range(3):
        assert commit(page, asked(page).answer) == ""
        verdict = page.locator(".sw-practice").inner_text()
        heading = next_question(page)
    assert "Three right, one after the other: you may stop here." in verdict
    assert "a follow-up" not in heading
    commit(page, asked(page).answer)
    expect(page.locator(".sw-verdict")).to_have_text("✓ Right.")


TO_RUN = "run this cell with Shift+Enter"
GUESS = "from stridewise import Guess, Practice\nguess = Guess('How many?')\nguess"


def restart(server, name):
    """Shut down the kernel of a notebook, as when the server stopped overnight."""
    (session,) = [one for one in json.loads(server.get("api/sessions")[1]) if one["path"] == name]
    headers = {"Authorization": f"token {server.token}"}
    request = urllib.request.Request(  # noqa: S310 - http on loopback
        f"{server.address}/api/sessions/{session['id']}", headers=headers, method="DELETE"
    )
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).close()


def expect_no_models(page, count):
    """Wait until ipywidgets has given up looking for the models of so many widgets."""
    given_up = page.locator(".jp-OutputArea-output.jupyter-widgets")
    expect(given_up).to_have_text(["Error displaying widget: model not found"] * count)


@pytest.mark.slow
@pytest.mark.parametrize(
    "front", [pytest.param(LAB, id="lab"), pytest.param(NOTEBOOK, id="notebook-7")]
)
def test_a_notebook_opened_again_shows_pictures_and_what_to_do(page, jupyter_server, front):
    name = f"reopened-{front[0].partition('/')[0]}.ipynb"
    cells = [GUESS, "from stridewise import Explorer\nExplorer()", "Practice(seed=0)"]
    run_cells(page, jupyter_server, name, cells, *front)
    kept = page.locator(".sw-saved")
    expect(kept).to_have_count(3)
    expect(kept.first).to_be_hidden()  # the widgets stand there
    page.get_by_label("How many?").fill("about 5")
    page.keyboard.press("Enter")
    expect(page.locator(".sw-guess [role=status]")).to_contain_text("Your first guess: about 5")
    expect(kept.first).to_contain_text("about 5")
    save(page)
    restart(jupyter_server, name)
    page.goto(address(jupyter_server, front[0], name))
    expect_no_models(page, 3)
    expect(kept).to_contain_text([TO_RUN, TO_RUN, TO_RUN])
    expect(kept.first).to_contain_text("about 5")
    assert broken_widgets(page) == []


DIGIT = [
    """import stridewise, keras
from stridewise import DigitExplorer
keras.utils.set_random_seed(3)
trained = {name: keras.Sequential([
    keras.Input((28, 28, 1)), keras.layers.Conv2D(2, 3, padding=name), keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax")]) for name in ("valid", "same")}""",
    "digit = DigitExplorer(trained)\ndigit",
    "stridewise.Practice(seed=0)",
    """import numpy as np
if digit.result:
    pixels = np.reshape(digit.result["picture"], (1, 28, 28, 1)) / 255
    print("says", *(int(np.argmax(each(pixels))) for each in trained.values()), "by Keras")""",
]


@pytest.mark.slow
def test_a_digit_is_drawn_and_the_networks_in_the_kernel_name_it(page, jupyter_server):
    name = "digit.ipynb"
    run_cells(page, jupyter_server, name, DIGIT, "lab/tree", "JupyterLab Light")
    shown = page.locator(".sw-digit")
    expect(shown).to_contain_text("Not trained yet: stride.")
    page.locator(".sw-pad").focus()
    page.keyboard.press("Space")
    for _ in range(9):
        page.keyboard.press("ArrowDown")  # JupyterLab's own key, outside the pad
    page.keyboard.press("Space")
    page.locator(".sw-answers").wait_for()
    said = page.locator(".sw-answers tbody tr").first.locator("td").all_inner_texts()
    expect(run_last_cell(page)).to_contain_text(f"says {' '.join(said)} by Keras")
    page.get_by_label("give the networks black on white").check()
    expect(shown).to_contain_text("numbers that depend on zeros")
    page.locator(".sw-pad").focus()
    save(page)
    expect(page.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
    restart(jupyter_server, name)
    page.goto(jupyter_server.lab(name))
    expect_no_models(page, 2)
    kept = page.locator(".sw-saved").first
    expect(kept).to_contain_text("run the cells above that train the networks")
    expect(kept).to_contain_text("says")
    assert broken_widgets(page) == []


@pytest.mark.slow
def test_a_notebook_that_is_not_trusted_says_what_to_do(page, jupyter_server):
    name, view = "not-trusted.ipynb", "application/vnd.jupyter.widget-view+json"
    notebook(jupyter_server, name, [GUESS, "Explorer()", "Practice(seed=0)"])
    book = nbformat.read(jupyter_server.root / name, as_version=4)
    for cell, widget in zip(book.cells, [Guess("How many?"), Explorer(), Practice()], strict=True):
        lost = {view: {"model_id": "0" * 32, "version_major": 2, "version_minor": 1}}
        kept = widget._kept_bundle()  # noqa: SLF001 - what a notebook keeps of a widget
        for data in (kept, {**lost, "text/html": "<span hidden></span>"}):
            cell.outputs.append(nbformat.v4.new_output("display_data", data=data))
    nbformat.write(book, jupyter_server.root / name)
    page.goto(jupyter_server.lab(name))
    expect(page.locator(".jp-OutputArea-output")).to_have_count(6)
    expect(page.locator(".sw-saved")).to_contain_text([TO_RUN, TO_RUN, TO_RUN])
    expect(page.locator(".sw-saved style")).to_have_count(0)  # JupyterLab has cleaned it
    kept = page.locator(".sw-saved", has_text="Conv2D")
    expect(kept).to_have_text(re.compile(r"^\s*In the pictures, a thick frame"))
    all_pictures_tried(page)
    widths = kept.locator("img").evaluate_all("(all) => all.map((each) => each.naturalWidth)")
    assert min(widths) > 90  # they are drawn
    assert broken_widgets(page) == []
