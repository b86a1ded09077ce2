"""IPython as in a kernel, without a kernel and without a shell to run commands in."""

from __future__ import annotations

import contextlib
import sys
from typing import Any, cast

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.error import UsageError
from IPython.core.formatters import PlainTextFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

_SHELL_MAGICS = frozenset(
    {"!", "bash", "conda", "javascript", "js", "mamba", "micromamba", "perl", "pip", "pypy"}
    | {"python", "python2", "python3", "ruby", "script", "sh", "sx", "system", "uv"}
)
LONGEST_ERROR = 200


class NotebookShell(InteractiveShell):
    """IPython as in a kernel, without a kernel, without a shell to run commands in."""

    def enable_gui(self, gui: Any = None) -> None:
        """Have no windows."""

    def ask_exit(self) -> None:
        """Go on: `exit()` in a notebook ends nothing that is graded."""

    def system(self, *_: Any) -> None:
        """Refuse a shell command."""
        raise UsageError("shell commands are not run when a notebook is graded")

    def getoutput(self, *_: Any, **__: Any) -> None:
        """Refuse a shell command whose output is wanted."""
        self.system()


def make_shell() -> NotebookShell:
    """Make the shell, before any student's code is there."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    shell = NotebookShell.instance(config=config)
    for kinds in shell.magics_manager.magics.values():
        for name in _SHELL_MAGICS:
            kinds.pop(name, None)
    if shell.display_formatter:
        shell.display_formatter.active_types = ["text/plain"]  # nobody looks at pictures
    with contextlib.suppress(Exception):  # matplotlib is not there, or not for notebooks
        shell.run_line_magic("matplotlib", "inline")
    return shell


class Notebook:
    """Runs cells in the shell as ipykernel does, inside a running event loop."""

    def __init__(self, shell: NotebookShell) -> None:
        self.shell = shell
        self.loop: Any = None
        self.namespace: dict[str, Any] = shell.user_ns
        self._text = PlainTextFormatter()

    def begin(self) -> None:
        """Make the event loop, which has descriptors of its own: a fork before this has none."""
        self.loop = cast("Any", get_asyncio_loop)()

    def run(self, source: str) -> tuple[str, str]:
        """Run one cell; return the name and the words of the error that it stopped with."""
        try:
            return _error(self.loop.run_until_complete(self._run(source)))
        except BaseException as error:  # noqa: BLE001 - nothing in a cell may end the others
            return _named(error)

    async def _run(self, source: str) -> Any:
        shell = cast("Any", self.shell)
        problem = None
        try:
            transformed = shell.transform_cell(source)
        except Exception:  # noqa: BLE001 - IPython takes it from here
            transformed, problem = source, sys.exc_info()
        result = None
        try:
            result = await shell.run_cell_async(
                source,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=problem,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def text_of(self, value: Any) -> str:
        """Return what a kernel would show of a value as text."""
        return str(self._text(value))


def _error(result: Any) -> tuple[str, str]:
    error = result.error_before_exec or result.error_in_exec
    return ("", "") if error is None else _named(error)


def _named(error: BaseException) -> tuple[str, str]:
    words = ""
    with contextlib.suppress(BaseException):  # the words may be a student's own code
        words = f"{error}"[:LONGEST_ERROR]
    return str(type(error).__name__), words
