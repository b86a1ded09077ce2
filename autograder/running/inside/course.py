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
from _signal import SIG_IGN, SIGINT, getsignal
from _signal import default_int_handler as default_interrupt
from _signal import signal as set_signal
from _socket import SCM_RIGHTS, SOL_SOCKET, socketpair
from _struct import pack
from _thread import _count as python_threads
from asyncio import BaseEventLoop
from collections import deque
from collections.abc import Iterator
from contextvars import Context
from marshal import loads as load_code  # what comes bears our key: it is the supervisor's
from posix import _exit as leave
from posix import close, fork, getpid
from types import CodeType, FunctionType, ModuleType
from typing import Any

from . import audit, channel, memory, protect, versions
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
    }
    values["filled"] = sealed(filled_code, **values)
    attempts = hidden(map(sealed(attempt, **values), hidden(sealed(course, **values)())))
    work = hidden(map(results.append, attempts))
    start_watching(report, testing)
    del values, results, testing, attempts, raw, key, job, notebook, line, snapshot
    for name in [name for name in sys.modules if name.partition(".")[0] == "inside"]:
        del sys.modules[name]
    _drain([work])


def get_ready() -> None:
    """Do once, in the fork server, what is the same for every submission."""
    own = (attempt, course, filled_code, kept_of, marked_value, outcome_of, remember_given)
    elsewhere = (*audit.SEALED, *memory.SEALED, *protect.SEALED, *versions.SEALED)
    for function in (*own, *elsewhere, channel.send, channel.receive):
        with_marks(function)


def _drain(work: list[Iterator[None]]) -> None:
    """Run the generator to its end; this frame has no references of use to student code."""
    deque(work.pop(), maxlen=0)
    os._exit(0)


def course() -> Iterator[list[Any]]:
    """Yield what is to be run next: a cell, or a test after the cells have ended."""
    sent = received = 0
    noticed: list[str] = []
    line, number = LINE, 0
    interrupt = getsignal(SIGINT)
    for kind, index, source in STEPS:
        if kind == "cell":
            send(line, number, sent, ("begins", index))
            set_signal(SIGINT, interrupt)
            yield [source]
            interrupt = getsignal(SIGINT)
            set_signal(SIGINT, SIG_IGN)
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
    while True:
        test = receive(line, number, received)
        if test is None:
            leave(0)
        sent, received = sent + 1, received + 1
        noticed += guard()
        codes, last, answers, patches = test
        codes = [filled(code, answers, noticed, filled) for code in map(load_code, codes)]
        set_signal(SIGINT, default_interrupt)
        TESTING.append(1)
        yield [codes, last]
        changed = [] if patches else moved()
        TESTING.pop()
        set_signal(SIGINT, SIG_IGN)
        send(line, number, sent, ("result", *RESULTS.pop(), noticed, changed + guard()))


def attempt(todo: list[Any]) -> tuple[str, ...]:
    """Run a student's cell or a test; return how it ended.

    A process that was started in it and comes back from it ends here: there is one result.
    """
    own = getpid()
    if len(todo) == 1:
        ended: tuple[str, ...] = run_cell(todo.pop())
        return ended if getpid() == own else leave(0)
    last, codes = todo.pop(), tuple(todo.pop())  # no list: a frame shows its locals
    printed, complained = StringIO(), StringIO()
    sys.stdout, sys.stderr = printed, complained
    text, error, value = "", None, None
    try:
        for code in codes:
            if code.co_flags & AWAITS:
                set_running_loop(None)
                value = in_context(CONTEXT, run_in_loop, LOOP, evaluate(code, NAMESPACE))
            else:
                set_running_loop(LOOP)
                value = in_context(CONTEXT, evaluate, code, NAMESPACE)
        if last and value is not None:
            shown = repr(value) if type(value) in PLAIN else in_context(CONTEXT, text_of, value)
            text = part(shown, first)
    except BaseException as problem:  # noqa: BLE001 - whatever a test raises is its result
        error = problem
    set_running_loop(None)
    if getpid() != own:
        leave(0)
    return (*outcome(error), text, kept(printed), kept(complained))


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
