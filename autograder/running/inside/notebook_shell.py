"""IPython as a kernel runs it, but in this process."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import sys
from collections.abc import Callable
from typing import Any, cast

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.displaypub import CapturingDisplayPublisher, DisplayPublisher
from IPython.core.formatters import DisplayFormatter, PlainTextFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .cleared_outputs import note_outputs
from .input_history import InputHistory, shift_inputs
from .seal import hidden
from .shell_commands import ShellCommands, set_magics
from .shown_errors import note_errors

LONGEST_ERROR = 200
_CELL = "<ipython-input-"
"""How IPython's name for the code of a cell begins, outside a kernel."""
_ENVIRONMENT = {
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "CLICOLOR_FORCE": "1",
    "FORCE_COLOR": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
}


class NotebookShell(ShellCommands, InteractiveShell):
    """IPython as a kernel runs it, but in this process."""

    kernel = None
    """Libraries ask whether there is one to tell a notebook from a terminal, such as pandas."""

    def init_environment(self) -> None:
        """Set the variables that a kernel sets, `ipykernel.zmqshell` for one."""
        os.environ.update(_ENVIRONMENT)

    def init_history(self) -> None:
        """Keep the inputs of the notebook alone."""
        self.history_manager = cast("Any", InputHistory)(shell=self, parent=self)
        cast("Any", self).configurables.append(self.history_manager)

    def init_display_pub(self) -> None:
        """Use a publisher that prints nothing."""
        self.display_pub = cast("Any", _Publisher)(parent=self, shell=self)
        cast("Any", self).configurables.append(self.display_pub)

    def init_display_formatter(self) -> None:
        """Use a formatter that leaves out what nothing reads."""
        self.display_formatter = cast("Any", _Formatter)(parent=self)
        cast("Any", self).configurables.append(self.display_formatter)

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there are no windows."""

    def ask_exit(self) -> None:
        """Do nothing: `exit()` in a notebook does not end its grading."""


# Libraries look for this name too. With it rich, which `model.summary()` uses, displays HTML and
# prints nothing, as in a kernel.
NotebookShell.__name__ = NotebookShell.__qualname__ = "ZMQInteractiveShell"


class _Publisher(DisplayPublisher):
    """Drops what is displayed; its methods are in cleared_outputs.py."""


class _Formatter(DisplayFormatter):
    """Makes pictures and tables only where what is shown is captured, or may show an error."""

    def format(self, obj: Any, include: Any = None, exclude: Any = None) -> Any:
        """Return the forms of a value by type, as IPython's does."""
        captured = isinstance(cast("Any", self.parent).display_pub, CapturingDisplayPublisher)
        only = include if captured or _is_own(obj) else {"text/plain"}
        return cast("Any", super()).format(obj, include=only, exclude=exclude)


def _is_own(item: Any) -> bool:
    """Tell whether a notebook's functions make the forms of an object: they may show errors."""
    return type(item).__module__ in ("__main__", "pandas.io.formats.style")


def make_shell() -> NotebookShell:
    """Make the shell, before any student's code runs."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    shell = NotebookShell.instance(config=config)
    set_magics(shell)
    with contextlib.suppress(Exception):  # matplotlib is missing, or without its inline backend
        shell.run_line_magic("matplotlib", "inline")
    return shell


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
        self._noting = note_outputs(_Publisher, note_errors(type(shell)))

    def take_noting(self) -> dict[str, Any]:
        """Return what notes outputs, and hold it no more: a cell can find this object."""
        noting = self._noting
        del self._noting
        return noting

    def histories(self) -> tuple[list[str], ...]:
        """Return the lists of the inputs themselves: then no name of the student's is read."""
        history = cast("Any", self.shell).history_manager
        return history.input_hist_parsed, history.input_hist_raw

    def show_forms(self, value: Any) -> None:
        """Call the methods by which a kernel shows the value of a line, besides its text."""
        if _is_own(value):
            cast("Any", self.shell).display_formatter.format(value, exclude={"text/plain"})

    def begin(self) -> None:
        """Make the event loop; it opens descriptors, so this is done after the fork."""
        self.loop = cast("Any", get_asyncio_loop)()

    def inside(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function as a cell would: the event loop is running, settings of cells hold."""

        async def called() -> Any:
            return function(*args)

        task = asyncio.Task(called(), loop=self.loop, context=self.context)
        return self.loop.run_until_complete(task)

    def run(self, source: str, *, history: bool = True) -> tuple[str, str]:
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
            running = self._run(source, transformed, problem, history=history)
            task = asyncio.Task(running, loop=self.loop, context=context)
            return _error(self.loop.run_until_complete(task))
        except BaseException as error:  # noqa: BLE001 - nothing in a cell may end the others
            return _named(error)

    async def _run(self, source: str, transformed: str, problem: Any, *, history: bool) -> Any:
        shell = cast("Any", self.shell)
        result = None
        try:
            result = await shell.run_cell_async(
                source,
                store_history=history,
                transformed_cell=transformed,
                preprocessing_exc_tuple=problem,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
            shift_inputs(shell)
        return result


def _error(result: Any) -> tuple[str, str]:
    error = result.error_before_exec or result.error_in_exec
    return ("", "") if error is None else _named(error)


def _named(error: BaseException) -> tuple[str, str]:
    return str.__str__(type.__dict__["__name__"].__get__(type(error))), words_of(error)


def words_of(error: BaseException) -> str:
    """Return the words of the error that a cell stopped with, and the line of the cell."""
    words = line = ""
    with contextlib.suppress(BaseException):  # `str` of an error may run a student's code
        words = str.__str__(f"{error}")[:LONGEST_ERROR]  # it may be of a student's class
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
