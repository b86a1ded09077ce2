"""Noting the errors that IPython shows and does not raise, as `%run` of a file that fails does.

In a kernel the traceback is an output of the cell, and stock nbgrader gives a test with one no
points.
"""

from __future__ import annotations

from types import CodeType
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from .python_state import class_of, set_class_of
from .seal import hidden, sealed

SHOWING = frozenset(
    {"_showtraceback", "showtraceback", "showsyntaxerror", "showindentationerror"}
    | {"show_usage_error", "get_exception_only", "_get_exc_info", "excepthook"}
)
"""The shell's methods that show an error; what a notebook puts in their place may show none."""
type_name = type.__dict__["__name__"].__get__
part = str.__getitem__
first = slice(0, 10_000)  # the most characters kept of an error's words
names_of = next(
    vars(each)["__dict__"].__get__ for each in InteractiveShell.__mro__ if "__dict__" in vars(each)
)

# The functions below are sealed (see seal.py); these names get their values then.
SHELL: Any = None
SHELL_CLASS: Any = None
SHOWN: list[tuple[str, str]] = []
KEPT: list[Any] = []
"""Replaced values: deleting one may run student code."""


def note_errors(shell_class: Any) -> list[tuple[str, str]]:
    """Have a class of shells note what its shell shows; return the list that takes the errors."""
    shown: list[tuple[str, str]] = hidden([])
    shell_class._showtraceback = sealed(note_error, SHOWN=shown)  # noqa: SLF001 - as a kernel does
    return shown


def make_expecting(shell: Any, shown: list[tuple[str, str]]) -> Any:
    """Return the sealed function that begins to note errors in the list."""
    values = {"SHELL": shell, "SHELL_CLASS": type(shell), "SHOWN": shown, "KEPT": hidden([])}
    return sealed(expect_errors, **values)


def note_error(_: Any, kind: Any, error: Any, __: Any) -> None:
    """Keep the name and the words of an error in place of showing it; the shell calls this."""
    try:
        words = part(str(error), first)
    except BaseException:  # noqa: BLE001 - the words are a student's own code
        words = ""
    SHOWN.append((part(type_name(kind), first), words))


def expect_errors(code: CodeType) -> bool:
    """Forget the errors shown so far, and remove from the shell what hides its methods.

    Return whether those that the code shows count. In a line that sets up a test, which has the
    number 0 (see prepare.py), they counted in an earlier test.
    """
    if class_of(SHELL) is not SHELL_CLASS:
        KEPT.append(class_of(SHELL))
        set_class_of(SHELL, SHELL_CLASS)
    names = names_of(SHELL)
    pairs = list(names.items())  # to look up a name may run the code of another one's class
    left = [pair for pair in pairs if type(pair[0]) is str and pair[0] not in SHOWING]
    if len(left) != len(pairs):
        KEPT.append(pairs)
        names.clear()
        names.update(left)
    SHOWN.clear()
    return [1 for _, _, line in code.co_lines() if line] != []


SEALED = (note_error, expect_errors)
