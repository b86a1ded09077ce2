"""The process in which a student's cells run, and the forks of it in which tests run.

A generator controls the sequence: the next cell, the forks, the tests, and what is sent. It is
sealed (see seal.py), and only C code is between it and the cells: while student code runs, the
generator is suspended, and no reference leads to it. A test is received after the cells have ended,
compiled by the supervisor.
"""

from __future__ import annotations

import builtins
import os
import socket
import sys
from _asyncio import _set_running_loop as set_running_loop
from _io import StringIO
from _signal import SIG_IGN, SIGINT, getsignal, valid_signals
from _signal import default_int_handler as default_interrupt
from _signal import signal as set_signal
from _socket import SCM_RIGHTS, SOL_SOCKET, socketpair
from _struct import pack
from _thread import _count as python_threads
from asyncio import BaseEventLoop
from collections import deque
from collections.abc import Iterator
from contextvars import Context
from gc import disable as stop_collecting
from gc import enable as collect_again
from marshal import loads as load_code  # what comes bears our key: it is the supervisor's
from posix import _exit as leave
from posix import close, fork, getpid
from types import CodeType, FunctionType, ModuleType
from typing import Any

from . import audit, channel, contents, memory, protect, versions
from .audit import start_watching
from .notebook_shell import Notebook
from .prepare import MARK, names_given
from .protect import Snapshot, code_of, defaults_of, make_guard
from .seal import hidden, sealed, with_marks

AWAITS = 0x80 | 0x100 | 0x200  # CO_COROUTINE and related flags
type_name = type.__dict__["__name__"].__get__
part = str.__getitem__
first = slice(0, 10_000)  # the most characters kept of what a test says
get_text = StringIO.getvalue
run_in_loop = BaseEventLoop.run_until_complete
in_context = Context.run
PLAIN = (bool, int, float, complex, str, bytes)
evaluate = eval
SIGNALS = tuple(valid_signals())
get_trace, get_profile = sys.gettrace, sys.getprofile
set_trace, set_profile = sys.settrace, sys.setprofile
BUILTIN_VALUES = dict(vars(builtins))

# These names get their values when the functions below are sealed.
STEPS: tuple[tuple[str, int, str], ...] = ()
LINE = -1
SOCKET: Any = None
RESULTS: list[Any] = []
NAMESPACE: dict[str, Any] = {}
LOOP: Any = None
CONTEXT: Any = None
TESTING: list[int] = []
run_cell: Any = None
text_of: Any = None
send: Any = None
receive: Any = None
guard: Any = None
moved: Any = None
filled: Any = None
marked: Any = None
remember: Any = None
alone: Any = None
among: Any = None
HANDLERS: list[tuple[int, Any]] = []
together: Any = None
tests: Any = None
GIVEN: dict[int, set[str]] = {}
KNOWN: dict[str, Any] = {}
CODES: list[Any] = []
outcome: Any = None
kept: Any = None


def serve(
    line: socket.socket,
    report: int,
    job: dict[str, Any],
    notebook: Notebook,
    snapshot: Snapshot,
    key: bytes,
) -> None:
    """Run the cells, fork on request, and run tests in the forks; never return."""
    notebook.begin()
    results: list[Any] = hidden([])
    testing: list[int] = hidden([])
    raw = socket.SocketType(fileno=line.detach())
    values: dict[str, Any] = {
        "KEY": key,
        "STEPS": tuple((kind, index, source) for kind, index, source in job["steps"]),
        "LINE": raw.fileno(),
        "SOCKET": raw,
        "RESULTS": results,
        "TESTING": testing,
        "NAMESPACE": notebook.namespace,
        "LOOP": notebook.loop,
        "CONTEXT": notebook.context,
        "HANDLERS": hidden([]),
        "run_cell": notebook.run,
        "text_of": notebook.text_of,
        "GIVEN": {int(index): names_given(text) for index, text in job["given"].items()},
        "KNOWN": hidden({}),
        "CODES": snapshot.codes,
        "moved": snapshot.versions.make_check(),
    }
    values |= {
        "guard": make_guard(snapshot, notebook.namespace, notebook.loop, report, values["moved"]),
        "send": sealed(channel.send, **values),
        "receive": sealed(channel.receive, **values),
        "outcome": sealed(outcome_of, **values),
        "kept": sealed(kept_of, **values),
        "marked": sealed(marked_value, **values),
        "remember": sealed(remember_given, **values),
        "alone": sealed(leave_student_code, **values),
        "among": sealed(enter_student_code, **values),
        "together": sealed(joined, **values),
    }
    values["filled"] = sealed(filled_code, **values)
    values["tests"] = sealed(run_tests, **values)
    attempts = hidden(map(sealed(attempt, **values), hidden(sealed(course, **values)())))
    work = hidden(map(results.append, attempts))
    start_watching(report, testing)
    del values, results, testing, attempts, raw, key, job, notebook, line, snapshot
    for name in [name for name in sys.modules if name.partition(".")[0] == "inside"]:
        del sys.modules[name]
    _drain([work])


def get_ready() -> None:
    """Do once, in the fork server, what is the same for every submission."""
    own = (
        *(attempt, course, enter_student_code, filled_code, joined, kept_of, leave_student_code),
        *(marked_value, outcome_of, remember_given, run_tests),
    )
    elsewhere = (*audit.SEALED, *contents.SEALED, *memory.SEALED, *protect.SEALED, *versions.SEALED)
    for function in (*own, *elsewhere, channel.send, channel.receive):
        with_marks(function)


def _drain(work: list[Iterator[None]]) -> None:
    """Run the generator to its end; this frame has no references of use to student code."""
    deque(work.pop(), maxlen=0)
    os._exit(0)


def course() -> Iterator[list[Any]]:
    """Yield what is to be run next: a cell, or a test after the cells have ended."""
    sent = received = 0
    line, number = LINE, 0
    for kind, index, source in STEPS:
        if kind == "cell":
            send(line, number, sent, ("begins", index))
            yield [source]
            send(line, number, sent + 1, ("ended", index, *RESULTS.pop()))
            remember(GIVEN.get(index, ()))
            sent += 2
            continue
        send(line, number, sent, ("place", index, python_threads()))
        order = receive(line, number, received)
        sent, received = sent + 1, received + 1
        if order is None:
            leave(1)
        if order[0] == "here":
            break
        if order[0] == "fork":
            ours, theirs = socketpair()
            if fork() == 0:
                close(LINE)
                ours.close()
                line, number, sent, received = theirs.detach(), index + 1, 0, 0
                break
            theirs.close()
            SOCKET.sendmsg([b"f"], [(SOL_SOCKET, SCM_RIGHTS, pack("i", ours.fileno()))])
            ours.close()
    else:
        send(line, number, sent, ("done",))
        leave(0)
    send(line, number, sent, ("ready", getpid()))
    yield from tests(line, number, sent + 1, received)


def run_tests(line: int, number: int, sent: int, received: int) -> Iterator[list[Any]]:
    """Yield the parts of each test that the supervisor sends, and send it the result.

    What student code has changed is put back before there is a test in this frame.
    """
    noticed = guard()
    while (test := receive(line, number, received)) is not None:
        codes, last, answers, patches = test
        codes = [filled(code, answers, noticed, filled) for code in map(load_code, codes)]
        HANDLERS.append((SIGINT, default_interrupt))
        TESTING.append(1)
        parts: list[tuple[str, ...]] = []
        for code in codes:
            yield [last and code is codes[-1], code]
            parts.append(RESULTS.pop())
            if parts[-1][0] != "passed":
                break
        changed = [] if patches else moved()
        TESTING.pop()
        send(line, number, sent, ("result", *together(parts), noticed, changed + guard()))
        sent, received, noticed = sent + 1, received + 1, []
    leave(0)


def attempt(todo: list[Any]) -> tuple[str, ...]:
    """Run a student's cell or a part of a test; return how it ended.

    A process that was started in it and comes back from it ends here: there is one result. The code
    of a test is in no variable while it runs, for student code can read the variables of a frame.
    """
    own = getpid()
    if len(todo) == 1:
        among()
        ended: tuple[str, ...] = run_cell(todo.pop())
        alone()
        return ended if getpid() == own else leave(0)
    before: Any = sys.stdout, sys.stderr  # to delete one may run student code
    printed: Any = StringIO()
    complained: Any = StringIO()
    sys.stdout, sys.stderr = printed, complained
    text, error, value = "", None, None
    awaits = todo[1].co_flags & AWAITS
    set_running_loop(None if awaits else LOOP)
    among()
    try:
        if awaits:
            value = in_context(CONTEXT, run_in_loop, LOOP, evaluate(todo.pop(), NAMESPACE))
        else:
            value = in_context(CONTEXT, evaluate, todo.pop(), NAMESPACE)
        if todo[0] and value is not None:
            shown = repr(value) if type(value) in PLAIN else in_context(CONTEXT, text_of, value)
            text = part(shown, first)
    except BaseException as problem:  # noqa: BLE001 - whatever a test raises is its result
        error = problem
    ended = (*outcome(error), text, kept(printed), kept(complained))
    before = printed = complained = error = value = None  # it may run student code
    alone()
    set_running_loop(None)
    return ended if getpid() == own and before is None else leave(0)


def enter_student_code() -> None:
    """Let signals and the garbage collector call student code again."""
    for number, handler in HANDLERS:
        set_signal(number, handler)
    HANDLERS.clear()
    collect_again()


def leave_student_code() -> None:
    """Keep student code from being called: by signals, tracing, profiling, garbage collection.

    The frames of what follows show the key and the tests. A step may itself call student code that
    undoes an earlier one, so they are repeated until nothing is left.
    """
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


def joined(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the result of a test from those of its parts."""
    ended, name, words, text = parts[-1][:4] if len(parts) else ("passed", "", "", "")
    printed, complained = (part("".join([each[at] for each in parts]), first) for at in (4, 5))
    return ended, name, words, text, printed, complained


def outcome_of(error: BaseException | None) -> tuple[str, str, str]:
    """Return how a test ended; the error's class may be a student's."""
    if error is None:
        return "passed", "", ""
    try:
        words = part(str(error), first)
    except BaseException:  # noqa: BLE001 - the words are a student's own code
        words = ""
    return "raised", type_name(type(error)), words


def kept_of(stream: StringIO) -> str:
    """Return what was written, up to the limit."""
    try:
        return part(get_text(stream), first)
    except ValueError:  # it was closed
        return ""


def filled_code(code: CodeType, answers: Any, noticed: list[str], again: Any) -> CodeType:
    """Replace the supervisor's marks in the code by Python's own functions.

    A name that the notebook redefines keeps the notebook's value where it is an answer, and where
    the answers are not known.
    """
    constants: list[Any] = []
    for each in code.co_consts:
        if type(each) is CodeType:
            constants.append(again(each, answers, noticed, again))
        elif type(each) is tuple:
            constants.append(tuple([marked(one, answers, noticed) for one in each]))
        else:
            constants.append(marked(each, answers, noticed))
    return code.replace(co_consts=tuple(constants))


def marked_value(each: Any, answers: Any, noticed: list[str]) -> Any:
    """Return the value of a mark; everything else as it is."""
    if type(each) is not str or each[:8] != MARK:
        return each
    name = each[8:]
    before = KNOWN.get(name, BUILTIN_VALUES.get(name))
    value = NAMESPACE.get(name, before)
    plain = name not in KNOWN and not callable(value)
    if value is before or plain or name in (answers or ()):
        return value
    noticed.append(name)
    return value if answers is None else before


def remember_given(names: Any) -> None:
    """Record the modules, functions and classes that an instructor's cell has defined."""
    for name in names:
        value = NAMESPACE.get(name)
        if isinstance(value, (FunctionType, type, ModuleType)):
            KNOWN[name] = value
        if type(value) is FunctionType:
            CODES.append((name, value, code_of(value), defaults_of(value)))
