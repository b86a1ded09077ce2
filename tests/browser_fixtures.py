"""A real JupyterLab and a real Chromium, for tests that act as a person does.

`tests/conftest.py` registers the fixtures `jupyter_server`, `chromium` and `page`; the functions
are imported by name.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from playwright.sync_api import Browser, Locator, Page, Response

REPOSITORY = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
"""Seconds to wait for what comes in a moment on a quiet machine: the tests share it with others."""
LESSON_1 = "lessons/padding_and_stride/1_padding.ipynb"
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# JupyterLab asks a news feed and a package index for what is new; a test must not.
QUIET_LAB = {
    "disabledExtensions": {
        "@jupyterlab/apputils-extension:announcements": True,
        "@jupyterlab/extensionmanager-extension:plugin": True,
    }
}
# Every cell is in the page, not only those near the window, so that a test finds what it shows.
WHOLE_NOTEBOOK = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}


@dataclass(frozen=True, slots=True)
class JupyterServer:
    """A running server: where it listens, its token, the folder that it serves, its process."""

    address: str
    token: str
    root: Path
    pid: int

    def lab(self, path: str) -> str:
        """Return the page that opens the file at `path`, relative to the root, in JupyterLab."""
        return f"{self.address}/lab/tree/{path}?token={self.token}&reset"

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page of the server: the status and the text."""
        return ask(f"{self.address}/{path}", self.token)

    def contents(self, path: str) -> Any:
        """Return the file at `path` as JupyterLab would open it (a notebook as a dict)."""
        return json.loads(self.get(f"api/contents/{path}")[1])["content"]


def ask(address: str, token: str) -> tuple[int, str]:
    """Get a page of a server on this machine, whatever proxy the environment names."""
    request = urllib.request.Request(address, headers={"Authorization": f"token {token}"})  # noqa: S310 - http on loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return answer.status, answer.read().decode()


def free_port() -> int:
    """Return a port on the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def home_of_its_own(home: Path) -> dict[str, str]:
    """Return variables that keep a server's settings, history and caches inside `home`."""
    settings = home / "config" / "labconfig"
    settings.mkdir(parents=True)
    (settings / "page_config.json").write_text(json.dumps(QUIET_LAB))
    (settings / "default_setting_overrides.json").write_text(json.dumps(WHOLE_NOTEBOOK))
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython"}
    names |= {"JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    names |= {"JUPYTERLAB_SETTINGS_DIR": "settings"}
    return {name: str(home / folder) for name, folder in names.items()}


@contextmanager
def running_server(
    command: Sequence[str | Path], root: Path, home: Path, env: Mapping[str, str] | None = None
) -> Iterator[JupyterServer]:
    """Run `command` (`jupyter lab …`) in `root` until the block ends; `home` holds its settings."""
    port, token = free_port(), secrets.token_hex(16)
    own = home_of_its_own(home) | {"JUPYTER_TOKEN": token}
    options = ["--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    options += ["--ServerApp.port_retries=0", "--allow-root"]
    log = home / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, *options],
            cwd=root,
            env={**os.environ, **(env or {}), **own},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_it_answers(process, f"http://127.0.0.1:{port}", token, log)
        yield JupyterServer(f"http://127.0.0.1:{port}", token, root, process.pid)
    finally:
        process.terminate()  # the server stops its kernels, then itself
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(process: subprocess.Popen, address: str, token: str, log: Path) -> None:
    """Return when the server answers; raise with its log when it stops first or takes too long."""
    deadline = time.monotonic() + 2 * PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            ask(f"{address}/api/status", token)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the Jupyter server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """JupyterLab as `make lab ARGS=--no-browser` runs it, on a copy of the lessons.

    The copy is what tests may write in: a notebook of a test's own goes in `jupyter_server.root`.
    """
    root = tmp_path_factory.mktemp("course")
    lessons = Path("lessons", "padding_and_stride")
    shutil.copytree(REPOSITORY / lessons, root / lessons) if (
        REPOSITORY / lessons
    ).exists() else None
    with running_server(lab_command(), root, tmp_path_factory.mktemp("home")) as server:
        yield server


def lab_command() -> list[str]:
    """Return the command that `make lab` runs, from the environment of the tests."""
    ask_make = ["make", "--dry-run", "--assume-old=.venv/ready", "lab"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k != "ARGS"}
    recipe = subprocess.check_output(ask_make, cwd=REPOSITORY, env=env, text=True)
    program, *arguments = shlex.split(recipe.splitlines()[-1])
    return [str(Path(sys.prefix, "bin", Path(program).name)), *arguments]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The Chromium of the system, headless, with a fresh profile, one for each test module.

    It is not kept for the session: while it runs, so does an event loop, and `asyncio.run` would
    refuse to work in every later test.
    """
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no `chromium` on PATH; CI must install it")
        pytest.skip("no `chromium` on PATH: install it to run the browser tests")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def new_page(chromium: Browser, **options: Any) -> Iterator[Page]:
    """Give an empty page with cookies of its own; `options` are those of Playwright's context."""
    context = chromium.new_context(**options)
    context.set_default_timeout(1000 * PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page, large enough for JupyterLab."""
    with new_page(chromium, viewport={"width": 1280, "height": 900}) as made:
        yield made


def open_details(page: Page) -> None:
    """Open everything on the page that can be opened with a click on its summary."""
    page.locator("details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")


def all_pictures_tried(page: Page) -> None:
    """Wait until each picture on the page is loaded or has failed, and so has what that runs."""
    page.wait_for_function("[...document.images].every((picture) => picture.complete)")
    # A handler of `error` is called after its picture counts as complete, before the next frame.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


@contextmanager
def open_widgets(page: Page, folder: Path) -> Iterator[Callable[..., Page]]:
    """Give what opens widgets in a page without Jupyter; fail on any error that it reports."""
    from stridewise.widgets import save_page

    troubles = []
    listeners = {
        "pageerror": lambda error: troubles.append(str(error)),
        "console": lambda said: said.type == "error" and troubles.append(said.text),
        "request": lambda asked: (
            asked.url.startswith(("file:", "data:")) or troubles.append(asked.url)
        ),
    }
    for event, listener in listeners.items():
        page.on(event, listener)

    def open_page(*widgets: Any) -> Page:
        page.goto(save_page(folder / "page.html", *widgets).as_uri())
        page.locator(".sw").first.wait_for()
        return page

    yield open_page
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert troubles == []


def open_in_lab(page: Page, server: JupyterServer, path: str) -> None:
    """Open a notebook in JupyterLab and wait until its kernel is ready."""
    page.goto(server.lab(path))
    page.locator(".jp-Notebook").wait_for()
    wait_for_kernel(page, server, path)
    # The status bar says so last; the circle in the tool bar looks idle before there is a kernel.
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()


def wait_for_kernel(page: Page, server: JupyterServer, path: str) -> None:
    """Return when the notebook's kernel is idle and the page is connected to it.

    The server is asked: a page shows a kernel as idle before it has one. Run All, chosen then,
    opens the dialog "Select Kernel", and keys that are pressed go to the dialog.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        sessions = json.loads(server.get("api/sessions")[1])
        kernels = [one["kernel"] for one in sessions if one["path"] == path and one["kernel"]]
        if any(each["execution_state"] == "idle" and each["connections"] for each in kernels):
            return
        page.wait_for_timeout(200)
    raise TimeoutError(f"{path}: no kernel is idle after {PATIENCE:.0f} s")


def run_all(page: Page, server: JupyterServer, path: str, timeout: float = 180) -> list[dict]:
    """Choose Run, Run All Cells; wait until all ran or one failed; return the code cells as saved.

    `timeout` is in seconds.
    """
    choose_run_all(page)
    deadline = time.monotonic() + timeout
    while True:
        page.wait_for_timeout(1000)
        cells = saved_code_cells(page, server, path)
        waiting = [cell for cell in cells if cell["execution_count"] is None and cell["source"]]
        if not waiting or troubles(cells):
            return cells
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path}: not run after {timeout} s:\n{waiting[0]['source']}")


def choose_run_all(page: Page) -> None:
    """Choose Run, Run All Cells; again if the kernel was not ready yet."""
    from playwright.sync_api import TimeoutError  # noqa: A004 - Playwright's, not Python's

    # On a busy machine JupyterLab may ask which kernel to take, or say that the server was slow.
    page.add_locator_handler(page.locator(".jp-Dialog"), accept)
    first = page.locator(".jp-CodeCell .jp-InputPrompt").first
    heard = "(prompt) => !/^\\s*\\[\\s*\\]/.test(prompt.innerText)"
    for _ in range(4):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with suppress(TimeoutError):
            page.wait_for_function(heard, arg=first.element_handle(), timeout=15_000)
            return
    raise TimeoutError("the page did not heed Run All Cells, chosen four times")


def accept(dialog: Locator) -> None:
    """Press the last button of a dialog that goes on; pytest's log has what the dialog said.

    A notebook that has changed on disk is overwritten: "Revert" and "Overwrite" both go on.
    """
    logging.getLogger(__name__).warning("JupyterLab asked: %s", dialog.inner_text())
    dialog.locator(".jp-mod-accept").last.click()
    dialog.wait_for(state="hidden")


def saved_code_cells(page: Page, server: JupyterServer, path: str) -> list[dict]:
    """Save the notebook that is open, as with Ctrl+S, and return its code cells.

    Keys go to a dialog while one is open, and JupyterLab ignores Ctrl+S while it still saves: so
    what JupyterLab asks is answered first, and the keys are pressed again if nothing was saved.
    """
    from playwright.sync_api import TimeoutError  # noqa: A004 - Playwright's, not Python's

    def saving(answer: Response) -> bool:
        return answer.request.method == "PUT" and path in answer.url

    for _ in range(4):
        for dialog in page.locator(".jp-Dialog").all():
            accept(dialog)
        with suppress(TimeoutError):
            with page.expect_response(saving, timeout=15_000):
                page.keyboard.press("Control+s")
            return [cell for cell in server.contents(path)["cells"] if cell["cell_type"] == "code"]
    raise TimeoutError(f"{path}: nothing was saved, though Ctrl+S was pressed four times")


def troubles(cells: list[dict]) -> list[str]:
    """Return what cells show that a reader should not see: errors, and text on stderr."""
    outputs = [output for cell in cells for output in cell["outputs"]]
    errors = [f"{o['ename']}: {o['evalue']}" for o in outputs if o["output_type"] == "error"]
    return errors + [o["text"] for o in outputs if o.get("name") == "stderr"]


def broken_widgets(page: Page) -> list[str]:
    """Return what ipywidgets and JupyterLab show in the place of a widget."""
    complaint = re.compile("Error (displaying|creating) widget|Error rendering output")
    found = page.locator(".jp-Cell-outputArea").get_by_text(complaint).all()
    return [each.inner_text() for each in found if each.is_visible()]
