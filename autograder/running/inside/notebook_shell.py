"""IPython as a kernel runs it, but in this process and without shell commands."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import sys
from typing import Any, cast

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.error import UsageError
from IPython.core.formatters import PlainTextFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .seal import hidden

_SHELL_MAGICS = frozenset(
    {"!", "bash", "javascript", "js", "perl", "pypy"}
    | {"python", "python2", "python3", "ruby", "script", "sh", "sx", "system"}
    | {"killbgscripts"}
)
_INSTALLERS = frozenset({"conda", "mamba", "micromamba", "pip", "uv"})
_IGNORED = "not run when a notebook is graded"
LONGEST_ERROR = 200
_CELL = "<ipython-input-"
"""How IPython's name for the code of a cell begins, outside a kernel."""


class NotebookShell(InteractiveShell):
    """IPython as a kernel runs it, but in this process and without shell commands."""

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there are no windows."""

    def ask_exit(self) -> None:
        """Do nothing: `exit()` in a notebook does not end its grading."""

    def system(self, *_: Any) -> None:
        """Ignore a shell command, such as `!pip install`, and say so in the output."""
        print(f"A shell command is {_IGNORED}.")  # noqa: T201 - the cell's own output

    def getoutput(self, *_: Any, **__: Any) -> None:
        """Refuse a shell command whose output is wanted."""
        raise UsageError(f"a shell command is {_IGNORED}")


def make_shell() -> NotebookShell:
    """Make the shell, before any student's code runs."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    shell = NotebookShell.instance(config=config)
    _remove_magics(shell, _SHELL_MAGICS)
    for name in _INSTALLERS:
        cast("Any", shell).register_magic_function(shell.system, "line", name)
    if shell.display_formatter:
        shell.display_formatter.active_types = ["text/plain"]  # pictures are not used
    with contextlib.suppress(Exception):  # matplotlib is missing, or without its inline backend
        shell.run_line_magic("matplotlib", "inline")
    return shell


def _remove_magics(shell: InteractiveShell, names: frozenset[str]) -> None:
    """Remove magics; some versions of IPython load them on first use, so they are loaded before."""
    for name in names:
        cast("Any", shell).find_magic(name)
    for kinds in shell.magics_manager.magics.values():
        for name in names:
            kinds.pop(name, None)
    lazy = getattr(shell.magics_manager, "lazy_magics", {})
    for name in names.intersection(lazy):
        del lazy[name]


def make_text_of() -> Any:
    """Return a function that gives what a kernel would show of a value as text.

    It looks up nothing that student code can change later: partial credit is read from the text.
    """
    formatter = cast("Any", PlainTextFormatter)()
    for kinds in ("singleton_printers", "type_printers", "deferred_printers"):
        getattr(formatter, kinds)  # made at the first use, from what the library holds then
    return hidden(hidden(formatter).__call__)


class Notebook:
    """Runs cells in the shell as ipykernel does, inside a running event loop."""

    def __init__(self, shell: NotebookShell) -> None:
        self.shell = shell
        self.loop: Any = None
        self.context = contextvars.copy_context()
        self.namespace: dict[str, Any] = shell.user_ns

    def begin(self) -> None:
        """Make the event loop; it opens descriptors, so this is done after the fork."""
        self.loop = cast("Any", get_asyncio_loop)()

    def run(self, source: str) -> tuple[str, str]:
        """Run one cell; return the name and the message of its error.

        What a cell sets in the context, as `np.seterr` does, stays set for the next cells. A cell
        that awaits is run in a copy of the context, as a kernel does.
        """
        try:
            shell = cast("Any", self.shell)
            problem = None
            try:
                transformed = shell.transform_cell(source)
            except Exception:  # noqa: BLE001 - IPython reports it
                transformed, problem = source, sys.exc_info()
            awaits = shell.should_run_async(
                source, transformed_cell=transformed, preprocessing_exc_tuple=problem
            )
            context = self.context.copy() if awaits else self.context
            running = self._run(source, transformed, problem)
            task = asyncio.Task(running, loop=self.loop, context=context)
            return _error(self.loop.run_until_complete(task))
        except BaseException as error:  # noqa: BLE001 - nothing in a cell may end the others
            return _named(error)

    async def _run(self, source: str, transformed: str, problem: Any) -> Any:
        shell = cast("Any", self.shell)
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


def _error(result: Any) -> tuple[str, str]:
    error = result.error_before_exec or result.error_in_exec
    return ("", "") if error is None else _named(error)


def _named(error: BaseException) -> tuple[str, str]:
    return str(type(error).__name__), words_of(error)


def words_of(error: BaseException) -> str:
    """Return the words of the error that a cell stopped with, and the line of the cell."""
    words = line = ""
    with contextlib.suppress(BaseException):  # `str` of an error may run a student's code
        words = f"{error}"[:LONGEST_ERROR]
    with contextlib.suppress(BaseException):
        if isinstance(error, SyntaxError) and str(error.filename).startswith(_CELL):
            words, line = f"{error.msg}"[:LONGEST_ERROR], f"{error.lineno}"
        else:
            line = f"{_line_of(error)}"
    return f"{words} (line {line})".strip() if line.isdigit() and line != "0" else words


def _line_of(error: BaseException) -> int:
    """Return the line of the cell in which it stopped; the first is 1, and 0 where none is."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(_CELL):
            return trace.tb_lineno
        trace = trace.tb_next
    return 0
