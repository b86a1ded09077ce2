"""Running a student's cell or a part of a test, and no student code at any other time.

The frames of the sealed generator in course.py hold the key of the messages and the tests. So
nothing may call student code while they run: no signal, no trace function, no garbage collection.
"""

from __future__ import annotations

import sys
from _asyncio import _set_running_loop as set_running_loop
from _io import StringIO
from _signal import SIG_IGN, getsignal, valid_signals
from _signal import signal as set_signal
from _thread import get_ident
from asyncio import BaseEventLoop
from contextvars import Context
from gc import disable as stop_collecting
from gc import enable as collect_again
from posix import _exit as leave
from posix import getpid
from typing import Any

from .call_watch import make_watch
from .kept_stderr import note_stderr
from .seal import hidden, sealed
from .shown_errors import expect_errors, make_expecting, note_error

AWAITS = 0x80 | 0x100 | 0x200  # CO_COROUTINE and related flags
type_name = type.__dict__["__name__"].__get__
traceback_of = BaseException.__dict__["__traceback__"].__get__
part, exact = str.__getitem__, str.__str__
first = slice(0, 10_000)  # the most characters kept of what a test says
get_text = StringIO.getvalue
run_in_loop = BaseEventLoop.run_until_complete
in_context = Context.run
PLAIN = (bool, int, float, complex, str, bytes)
NOT_ENDED = ("not_run", "", "the notebook ended it before its last line")
NO_TEXT = ("TypeError", "the value of the last line has no text")
evaluate = eval
SIGNALS = tuple(valid_signals())
get_trace, get_profile = sys.gettrace, sys.getprofile
set_trace, set_profile = sys.settrace, sys.setprofile


def sealed_attempts(values: dict[str, Any]) -> dict[str, Any]:
    """Return the sealed functions of this module that the generator needs, by its names."""
    values = values | {"HANDLERS": hidden([]), "LOOP_NAMES": vars(values["LOOP"])}
    values |= make_watch(values["REPORT"])
    notebook = values["run_cell"].__self__
    values |= notebook.take_noting()
    note_stderr(values["COMPLAINTS"])
    values["expect_errors"] = make_expecting(notebook.shell, values["SHOWN"])
    values["show_forms"] = hidden(notebook.show_forms)
    steps = (new_streams, outcome_of, line_of, kept_of, complaints, shown_of, show_loop)
    for step in (*steps, leave_student_code, enter_student_code):
        values[step.__name__] = sealed(step, **values)
    found = {"attempt": sealed(attempt, **values), "together": sealed(joined, **values)}
    return found | {"HANDLERS": values["HANDLERS"]}


# The functions below are sealed (see seal.py); these names get their values then.
NAMESPACE: dict[str, Any] = {}
LOOP: Any = None
LOOP_NAMES: dict[str, Any] = {}
CONTEXT: Any = None
watch_calls: Any = None
ignore_calls: Any = None
HANDLERS: list[tuple[int, Any]] = []
COMPLAINTS: list[bytes] = []
run_cell: Any = None
text_of: Any = None
show_forms: Any = None
SHOWN: list[tuple[str, str]] = []
ENDS: list[Any] = []
WAITING: list[Any] = []
CLEARED: list[Any] = []
begin_part: Any = None
end_part: Any = None


def attempt(todo: list[Any]) -> tuple[Any, ...]:
    """Run a student's cell or a part of a test; return how it ended.

    A process that the cell or test has forked ends here when it returns, since there is one result.
    The code of a test is in no variable while it runs: student code can read a frame's variables.
    """
    own = getpid()
    if type(todo[0]) is str:
        enter_student_code()
        ended: tuple[Any, ...] = run_cell(todo.pop())
        leave_student_code()
        return ended if getpid() == own else leave(0)
    before: Any = sys.stdout, sys.stderr  # to delete one may run student code
    sys.stdout, sys.stderr = said = new_streams()
    text, error, value, line, before_value, reached = "", None, None, 0, 0, 1
    awaits = todo[0].co_flags & AWAITS
    show_loop(awaits, LOOP, get_ident())
    counts = expect_errors(todo[0])
    begin_part(*said)
    enter_student_code()
    try:
        if awaits:
            in_context(CONTEXT, run_in_loop, LOOP, evaluate(todo.pop(), NAMESPACE))
        else:
            in_context(CONTEXT, evaluate, todo.pop(), NAMESPACE)
        reached = len(ENDS)
        value = ENDS.pop() if reached else None
        before_value = len(SHOWN)
        text = shown_of(value)
    except BaseException as problem:  # noqa: BLE001 - whatever a test raises is its result
        error = problem
        line = 0 if awaits or value is not None else line_of(problem)
    end_part()
    shown = (SHOWN[:before_value], SHOWN[before_value:]) if counts else ([], [])
    told = kept_of(said[0]), complaints(said[1])
    how = outcome_of(error) if reached else NOT_ENDED
    ended = (*how, text, *told, line, *shown, len(CLEARED), len(WAITING))
    before = said = error = value = None  # it may run student code
    leave_student_code()
    show_loop(awaits, None, None)
    return ended if getpid() == own and before is None else leave(0)


def new_streams() -> Any:
    """Return what takes a part's stdout and stderr."""
    return StringIO(), StringIO()


def shown_of(value: Any) -> str:
    """Return what a kernel shows as text of the value of a last line, up to the limit."""
    if value is None or type(value) in PLAIN:
        return "" if value is None else part(repr(value), first)
    text = in_context(CONTEXT, text_of, value)
    in_context(CONTEXT, show_forms, value)
    if type(text) is not str:  # its `__repr__` has raised an error, which IPython shows
        SHOWN.append(NO_TEXT)
        return ""
    return part(text, first)


def show_loop(awaits: int, loop: Any, thread: int | None) -> None:
    """Have the event loop say that it is running, as a kernel's is, or (None) that it is not.

    For code that awaits it runs anyway. A name of another class than `str` may run student code
    when another one is looked up.
    """
    if awaits:
        return
    set_running_loop(loop)
    if not [1 for name in LOOP_NAMES if type(name) is not str]:
        LOOP_NAMES["_thread_id"] = thread


def enter_student_code() -> None:
    """Let signals and the garbage collector call student code again."""
    ignore_calls()
    for number, handler in HANDLERS:
        set_signal(number, handler)
    HANDLERS.clear()
    COMPLAINTS.clear()
    collect_again()


def leave_student_code() -> None:
    """Keep student code from being called: by signals, tracing, profiling, garbage collection.

    The frames that run next hold the key and the tests. Each of these steps may itself call student
    code that undoes an earlier one, so they are repeated until none finds anything to undo.
    """
    ENDS.clear()  # where a test was interrupted at its end, a student's object is left there
    while True:
        again = get_trace() is not None or get_profile() is not None
        set_profile(None)
        set_trace(None)
        for number in SIGNALS:
            handler = getsignal(number)
            if callable(handler):
                HANDLERS.append((number, handler))
                set_signal(number, SIG_IGN)
                again = True
        if not again:
            break
    stop_collecting()
    watch_calls()


def joined(parts: list[tuple[Any, ...]], last: bool) -> tuple[Any, ...]:
    """Return the result of a test from those of its parts; `last` is whether its value is shown.

    An error that the shell has shown ends a test too: a kernel shows it in the test's cell.
    """
    ended, name, words, text = parts[-1][:4] if len(parts) else ("passed", "", "", "")
    text = text if last else ""
    cleared = [place for place, each in enumerate(parts) if each[9]]
    left = [] if text and parts[-1][10] else parts[max([0, *cleared]) :]
    shown = [error for each in left for error in each[7]] + (parts[-1][8] if last else [])
    if ended == "passed" and len(shown):
        ended, text, (name, words) = "raised", "", shown[0]
    printed, complained = (part("".join([each[at] for each in left]), first) for at in (4, 5))
    return ended, name, words, text, printed, complained, parts[-1][6] if len(parts) else 0


def line_of(error: BaseException) -> int:
    """Return the line of the test at which it raised an error, 0 where it is not known.

    The first entry of the traceback is ours, the next one the test's. To read a frame is reported
    to audit hooks, so only the numbers are read.
    """
    own = traceback_of(error)
    inner = None if own is None else own.tb_next
    return 0 if inner is None else inner.tb_lineno


def outcome_of(error: BaseException | None) -> tuple[str, str, str]:
    """Return how a test ended; the error's class may be a student's."""
    if error is None:
        return "passed", "", ""
    try:
        words = part(str(error), first)
    except BaseException:  # noqa: BLE001 - the words are a student's own code
        words = ""
    return "raised", exact(type_name(type(error))), words


def kept_of(stream: StringIO) -> str:
    """Return what was written, up to the limit."""
    try:
        return part(get_text(stream), first)
    except ValueError:  # it was closed
        return ""


def complaints(stream: Any) -> str:
    """Return what a test wrote to its stderr, and to the one of the cells, up to the limit."""
    parts = [each.decode(errors="replace") for each in list(COMPLAINTS) if type(each) is bytes]
    return part("".join([kept_of(stream), *parts]), first)


SEALED = (
    *(attempt, enter_student_code, leave_student_code, show_loop, new_streams),
    *(joined, outcome_of, line_of, kept_of, complaints, shown_of, expect_errors, note_error),
)
