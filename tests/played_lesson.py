"""A student at a lesson in JupyterLab: she writes in cells, runs them, and reads what they show."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from browser_fixtures import REPOSITORY, choose_run_all, open_in_lab

if TYPE_CHECKING:
    from browser_fixtures import JupyterServer
    from playwright.sync_api import Locator, Page


@dataclass(frozen=True, slots=True)
class Student:
    """One notebook that is open, with its kernel."""

    page: Page
    sources: tuple[str, ...]

    def cell(self, begin: str) -> Locator:
        """Return the only cell whose source, as it was handed out, has `begin` in it."""
        (at,) = [at for at, source in enumerate(self.sources) if begin in source]
        return self.page.locator(".jp-Notebook .jp-Cell").nth(at)

    def write(self, begin: str, source: str) -> None:
        """Replace the text of a cell, and run it."""
        self.cell(begin).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)
        self.run(begin)

    def run(self, begin: str) -> str:
        """Run a cell with Ctrl+Enter; return what it shows."""
        cell = self.cell(begin)
        cell.locator(".cm-content").click()
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            "([node, before]) => /\\d/.test(node.innerText) && node.innerText !== before",
            arg=[prompt.element_handle(), before],
        )
        return self.shown(begin)

    def shown(self, begin: str) -> str:
        """Return the output of a cell as she reads it; white space is normalised."""
        return " ".join(self.cell(begin).locator(".jp-OutputArea").first.inner_text().split())


def open_as_student(page: Page, server: JupyterServer, lesson: str, name: str) -> Student:
    """Open a copy of a lesson under a name of its own, run all its cells, and hand it over.

    `lesson` is relative to the repository's root, `name` to the server's.
    """
    shutil.copy(REPOSITORY / lesson, server.root / name)
    cells = nbformat.read(Path(server.root, name), as_version=4).cells
    open_in_lab(page, server, name)
    choose_run_all(page)
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    page.wait_for_function(
        "(node) => /\\d/.test(node.innerText)", arg=last.element_handle(), timeout=180_000
    )
    return Student(page, tuple(cell.source for cell in cells))
