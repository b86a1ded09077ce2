# ruff: noqa: INP001 - a script, not a package
"""Take the pictures that the guides show: `python docs/take_pictures.py`.

They show other numbers than the lessons ask for. Lesson 1 has a slip in its worked example.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from playwright.sync_api import sync_playwright

from stridewise import Network, layer
from stridewise.widgets import Explorer, Practice, StackExplorer, save_page
from stridewise.widgets.assets import module

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stridewise.widgets.base import Drawn

HERE = Path(__file__).parent
LESSONS = HERE.parent / "lessons"
sys.path.insert(0, str(HERE.parent / "tests"))
from browser_fixtures import choose_run_all, lab_command, open_in_lab, running_server  # noqa: E402 - after its path


def network(padding: str, strides: int) -> Network:
    """Return a small network that is in no lesson."""
    convolutions = [layer("Conv2D", 16, 3, padding=padding, strides=strides) for _ in range(2)]
    layers = [*convolutions, layer("Flatten"), layer("Dense", 64), layer("Dense", 10)]
    return Network.sequential(layers, input_shape=(20, 20, 1), name=f"{padding}, strides {strides}")


def reply(page: Page, practice: Practice, answer: list[int]) -> None:
    """Let `practice` hear a wrong answer, as if the page had sent it, so that it has a reply."""
    page.set_content("<title>a question</title>")
    script = f"{module('questions.js')}\nwindow.ask = question;"
    page.add_script_tag(content=script, type="module")
    page.wait_for_function("window.ask !== undefined")
    asked = page.evaluate("(settings) => window.ask(settings)", practice.own_traits())
    labels = [one["label"] for one in asked["asks"]]
    practice.last_answer = asked | {"asks": labels, "answer": answer, "correct": False}


def commit(page: Page, answer: list[int]) -> None:
    """Commit an answer."""
    for box, number in zip(page.locator(".sw-answer input").all(), answer, strict=True):
        box.fill(str(number))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show the working").click()
    page.locator(".sw-next").blur()
    page.evaluate("window.scrollTo(0, 0)")


def take(page: Page, name: str, widget: Drawn, height: int, answer: list[int]) -> None:
    """Write the upper `height` pixels of `widget` to `name`, with `answer` committed if it asks."""
    if isinstance(widget, Practice):
        reply(page, widget, answer)
    with tempfile.TemporaryDirectory() as folder:
        page.goto(save_page(Path(folder, "page.html"), widget).as_uri())
        page.locator(".sw").wait_for()
    if answer:
        commit(page, answer)
    place = "document.querySelector('.sw').getBoundingClientRect()"
    clip = page.evaluate(f"(({{x, y, width, height}}) => ({{x, y, width, height}}))({place})")
    clip["height"] = min(clip["height"], height)
    page.screenshot(path=HERE / name, clip=clip, full_page=True)


def with_a_slip(lesson: Path, copy: Path) -> None:
    """Write lesson 1 as far as its first comparison, with the first window forgotten."""
    book = nbformat.read(lesson, as_version=4)
    names = [cell.id for cell in book.cells]
    shapes = book.cells[names.index("example_shapes")]
    shapes.source = shapes.source.replace("- 3 + 1", "- 3")
    last = next(place for place, cell in enumerate(book.cells) if "compare(exa" in cell.source)
    book.cells = book.cells[: last + 1]
    nbformat.write(book, copy)


def take_lesson(page: Page, name: str) -> None:
    """Write what a student sees of the comparison in lesson 1, in JupyterLab, to `name`."""
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryDirectory() as home:
        with_a_slip(LESSONS / "padding_and_stride" / name, Path(root, name))
        with running_server(lab_command(), Path(root), Path(home)) as server:
            open_in_lab(page, server, name)
            choose_run_all(page)
            page.get_by_text("Shape: this idea").wait_for(timeout=120_000)
            page.keyboard.press("Control+b")  # no list of files
            page.locator(".jp-Cell").last.scroll_into_view_if_needed()
            page.wait_for_timeout(1000)  # until the scroll bar and the progress mark are gone
            page.screenshot(path=HERE / "lesson.png")


def main() -> None:
    """Take all four."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("no `chromium` on PATH: install it to take pictures")
    explorer = Explorer(
        input_size=10,
        kernel_size=2,
        strides=3,
        padding="same",
        picture="digit",
        kernel="sum",
        filled=True,
        selected=("output", 3, 3),
    )
    stack = StackExplorer(network("valid", 1), network("same", 2), presets=[])
    practice = Practice(seed=5, level=2, topics=["stack"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--headless", "--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 800, "height": 900})
        take(page, "explorer.png", explorer, 700, [])
        take(page, "stack_explorer.png", stack, 790, [])
        take(page, "practice.png", practice, 790, [5, 2, 2])
        take_lesson(browser.new_page(viewport={"width": 1200, "height": 876}), "1_padding.ipynb")
        browser.close()


if __name__ == "__main__":
    main()
