# ruff: noqa: INP001 - a script, not a package
"""Take the pictures of the widgets that the guides show: `python docs/take_pictures.py`.

They show other numbers than the lessons ask for.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from stridewise import Network, layer
from stridewise.widgets import Explorer, Practice, StackExplorer, save_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from stridewise.widgets.base import Drawn

HERE = Path(__file__).parent


def network(padding: str, strides: int) -> Network:
    """Return a small network that is in no lesson."""
    convolutions = [layer("Conv2D", 16, 3, padding=padding, strides=strides) for _ in range(2)]
    layers = [*convolutions, layer("Flatten"), layer("Dense", 64), layer("Dense", 10)]
    return Network.sequential(layers, input_shape=(20, 20, 1), name=f"{padding}, strides {strides}")


def answer(page: Page) -> None:
    """Commit an answer that is wrong in one place."""
    for box, number in zip(page.locator(".sw-answer input").all(), "644", strict=True):
        box.fill(number)
    page.keyboard.press("Enter")
    page.locator(".sw-next").blur()


def take(page: Page, name: str, widget: Drawn, height: int, folder: Path) -> None:
    """Write the upper `height` pixels of `widget` to `name`."""
    page.goto(save_page(folder / "page.html", widget).as_uri())
    page.locator(".sw").wait_for()
    if isinstance(widget, Practice):
        answer(page)
    place = "document.querySelector('.sw').getBoundingClientRect()"
    clip = page.evaluate(f"(({{x, y, width, height}}) => ({{x, y, width, height}}))({place})")
    clip["height"] = min(clip["height"], height)
    page.screenshot(path=HERE / name, clip=clip, full_page=True)


def main() -> None:
    """Take all three."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("no `chromium` on PATH: install it to take pictures")
    explorer = Explorer(
        input_size=13, kernel_size=2, strides=3, padding="same", selected=("output", 1, 2)
    )
    stack = StackExplorer(network("valid", 1), network("same", 2), presets=[])
    practice = Practice(seed=5, level=2, topics=["stack"])
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--headless", "--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 800, "height": 900})
        take(page, "explorer.png", explorer, 885, Path(folder))
        take(page, "stack_explorer.png", stack, 690, Path(folder))
        take(page, "practice.png", practice, 600, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
