"""The process in which a student's cells run, and the forks of it in which tests run.

A generator controls the sequence: the next cell, the forks, the tests, and what is sent. It is
sealed (see seal.py), and only C code is between it and the cells: while student code runs, the
generator is suspended, and no reference leads to it. A test is received after the cells have ended,
compiled by the supervisor.
"""

from __future__ import annotations

import builtins
import random
import socket
from _random import Random as RandomCore
from _signal import SIGINT
from _signal import default_int_handler as default_interrupt
from _thread import _count as python_threads
from collections.abc import Iterator
from dataclasses import dataclass
from marshal import loads as load_code  # what comes bears our key: it is the supervisor's
from posix import _exit as leave
from posix import close, fork
from types import CodeType
from typing import Any

from . import channel, input_history, open_files
from .attempts import sealed_attempts
from .audit import start_watching
from .function_words import make_function_words
from .given import make_given
from .library_code import make_library_code
from .nested_loops import accepted_values, changes_of, functions_in
from .notebook_shell import Notebook
from .prepare import PLACEHOLDER, REACHED, names_given, prepared
from .protect import make_guard
from .released_files import make_released
from .seal import hidden, sealed, with_placeholders
from .sealed_modules import sealed_functions
from .settings import make_settings
from .snapshot import Snapshot
from .surroundings import make_noted

_EXAMPLE = "%time len([])\nassert 1 == len([1])  # as tests are\nlen([])"
"""A test that is compiled once: then the supervisors need not compile IPython's patterns."""
RANDOM = random._inst  # noqa: SLF001 - what `random.random` draws from
RANDOM_NAMES = vars(RANDOM)
random_state, set_random_state = RandomCore.getstate, RandomCore.setstate

# These names get their values when the functions below are sealed.
STEPS: tuple[tuple[str, int, str], ...] = ()
LINE = -1
RESULTS: list[Any] = []
NAMESPACE: dict[str, Any] = {}
TESTING: list[Any] = []
send: Any = None
receive: Any = None
guard: Any = None
newly_changed = filled = remember_given = guard
accept_settings: Any = None
store_numbers = accept_settings
changed_settings = put_back_settings = changed_files = put_back_files = accept_settings
is_replaced = changed_given = put_back_given = accept_settings
HANDLERS: list[tuple[int, Any]] = []
together: Any = None
offsets_now = set_offsets = together
tests: Any = None
connected = hand_over = reached = begin_test = end_test = together
INDEPENDENT = DEFINED_ABOVE = frozenset[Any]()
KNOWN: dict[str, Any] = {}
BUILTIN_VALUES: dict[str, Any] = {}
SAME_NAMED: dict[str, tuple[Any, ...]] = {}


@dataclass(frozen=True)
class Ready:
    """What is made once, before any fork.

    `text_of` gives what a kernel shows of a value.
    """

    notebook: Notebook
    snapshot: Snapshot
    text_of: Any


def work_of(
    line: socket.socket, report: int, job: dict[str, Any], ready: Ready, key: bytes
) -> list[Iterator[None]]:
    """Return what runs the cells, forks on request, and runs tests in the forks."""
    results: list[Any] = hidden([])
    testing: list[Any] = hidden([])
    ends: list[Any] = hidden([])
    values = _values_of(job, ready, report) | {"KEY": key, "RESULTS": results, "TESTING": testing}
    values |= {"ENDS": ends, "reached": hidden(ends.append)}
    raw = socket.SocketType(fileno=line.detach())
    values |= {"LINE": raw.fileno(), "SOCKET": raw}
    values |= make_given(job["given"], values["GIVEN"], **values)
    values |= {
        "value_of": sealed(value_of, **values),
        "send": sealed(channel.send, **values),
        "receive": sealed(channel.receive, decrypt=sealed(channel.encrypted), **values),
    }
    values |= sealed_attempts(values)
    values |= make_settings(values["CONTEXT"], values["NAMESPACE"], ready.snapshot)
    values |= make_released(job["files"], job["released"])
    values["filled"] = sealed(filled_code, **values)
    values |= {step.__name__: sealed(step) for step in open_files.SEALED}
    inputs = {"KEPT": hidden([])} | values
    values |= {step.__name__: sealed(step, **inputs) for step in input_history.SEALED}
    values |= {"tests": sealed(run_tests, **values), "connected": sealed(channel.connected_sockets)}
    values["hand_over"] = sealed(channel.hand_over, **values)
    attempts = hidden(map(values.pop("attempt"), hidden(sealed(course, **values)())))
    work = hidden(map(results.append, attempts))
    values["send"](raw.fileno(), 0, 0, ("ready",))
    values["receive"](raw.fileno(), 0, 0) or leave(1)
    start_watching(report, testing, *make_noted(job["files"]))
    return [work]


def _values_of(job: dict[str, Any], ready: Ready, report: int) -> dict[str, Any]:
    """Return what sealed code needs of the job, the notebook's shell and the snapshot."""
    notebook, snapshot = ready.notebook, ready.snapshot
    notebook.begin()
    words = make_function_words()
    changes = changes_of(job["imports"], notebook.loop)
    snapshot.add_functions(functions_in(changes))
    snapshot.hide_own_modules()
    return {
        "STEPS": tuple((kind, index, source) for kind, index, source in job["steps"]),
        "NAMESPACE": notebook.namespace,
        "HISTORIES": notebook.histories(),
        "LOOP": notebook.loop,
        "CONTEXT": notebook.context,
        "run_cell": notebook.run,
        "text_of": ready.text_of,
        "BUILTIN_VALUES": hidden(dict(vars(builtins))),
        "GIVEN": {int(index): names_given(text) for index, text in job["given"].items()},
        "KNOWN": hidden({}),
        "CODES": snapshot.codes,
        "SAME_NAMED": hidden(dict(snapshot.same_named)),
        "newly_changed": snapshot.checks()["newly_changed"],
        "REPORT": report,
        "guard": make_guard(
            snapshot, notebook, accepted_values(changes), report, words["same_given"]
        ),
        **words,
    }


def get_ready() -> None:
    """Prepare, once in the fork server, the code that is sealed for each submission."""
    own = (course, filled_code, value_of, run_tests)
    for function in (*own, *sealed_functions()):
        with_placeholders(function)
    make_library_code()
    prepared(_EXAMPLE, [], frozenset())


def course() -> Iterator[list[Any]]:
    """Yield what is to be run next: a cell, or a test after the cells have ended."""
    line, number, sent, received = LINE, 0, 1, 1  # the first message each way was of `work_of`
    for kind, index, source in STEPS:
        accept_settings(kind == "cell" and index in INDEPENDENT)
        if kind == "cell":
            send(line, number, sent, ("begins", index))
            yield [source]
            send(line, number, sent + 1, ("ended", index, *RESULTS.pop()))
            remember_given(index)
            sent += 2
            continue
        begin_test()
        send(line, number, sent, ("place", index, python_threads()))
        there = offsets_now()
        order = receive(line, number, received) or leave(1)
        sent, received = sent + 1, received + 1
        if order[0] == "here":
            break
        if order[0] == "fork":
            store_numbers()
            ours, theirs = connected()
            drawn, gauss = random_state(RANDOM), RANDOM_NAMES.get("gauss_next")
            if fork() == 0:
                set_random_state(RANDOM, drawn)  # Python seeds it anew in each fork
                RANDOM_NAMES["gauss_next"] = gauss
                close(LINE)
                ours.close()
                line, number, sent, received = theirs.detach(), index + 1, 0, 0
                break
            theirs.close()
            hand_over(ours)
    else:
        send(line, number, sent, ("done",))
        leave(0)
    send(line, number, sent, ("ready",))
    yield from tests(line, number, sent + 1, received, there)


def run_tests(line: int, number: int, sent: int, received: int, there: Any) -> Iterator[list[Any]]:
    """Yield the parts of each test that the supervisor sends, and send it the result.

    What student code has changed is restored before this frame holds a test. Settings and files
    that it has changed are named; they are put back where a test is run for the second time. They
    are compared before each test, since student code that an earlier test calls may change some.
    """
    noticed = guard()
    while (test := receive(line, number, received)) is not None:
        codes, last, patches, answers, back, files_back = test
        if files_back:
            set_offsets(there)
        changed = changed_settings() + changed_files() + changed_given(answers)
        put_back_settings(back)
        put_back_given(back)
        put_back_files(back)
        codes = [
            filled(load_code(code), answers, noticed, filled)  # noqa: S302 - it bears our key
            for code in codes
        ]
        HANDLERS.append((SIGINT, default_interrupt))
        TESTING.append(1)
        parts: list[tuple[Any, ...]] = []
        for code in codes:
            yield [code]
            parts.append(RESULTS.pop())
            if parts[-1][0] != "passed":
                break
        new = [] if patches else newly_changed()
        noticed += TESTING[1:]
        TESTING.clear()
        result = (*together(parts, last), noticed, new + guard(), changed)
        send(line, number, sent, ("result", *result))
        sent, received, noticed = sent + 1, received + 1, []
        end_test()
        begin_test()
    leave(0)


def filled_code(code: CodeType, answers: Any, noticed: list[str], again: Any) -> CodeType:
    """Replace the supervisor's placeholders in the code by Python's own functions.

    A name that the notebook redefines keeps the notebook's value where it is an answer, and where
    the answers are not known.
    """
    constants: list[Any] = []
    for each in code.co_consts:
        if type(each) is CodeType:
            constants.append(again(each, answers, noticed, again))
        elif type(each) is tuple:
            constants.append(tuple([value_of(one, answers, noticed) for one in each]))
        else:
            constants.append(value_of(each, answers, noticed))
    return code.replace(co_consts=tuple(constants))


def value_of(each: Any, answers: Any, noticed: list[str]) -> Any:
    """Return the value for a placeholder; everything else as it is.

    After a star import by a student alone, the test has Python's own function: `numpy.all` of a
    generator is always true.
    """
    if type(each) is not str or each[:8] != PLACEHOLDER:
        return each
    name = each[8:]
    if name == REACHED:
        return reached
    if name not in KNOWN and name not in BUILTIN_VALUES:
        if name in DEFINED_ABOVE and name in NAMESPACE and name not in (answers or ()):
            noticed.extend([name] if is_replaced(name, NAMESPACE.get(name)) else ())
        return NAMESPACE.get(name)  # an earlier test has defined it, or its cell has stopped before
    before = KNOWN.get(name, BUILTIN_VALUES.get(name))
    value = NAMESPACE.get(name, before)
    plain = name not in KNOWN and not callable(value)
    if value is before or plain or name in (answers or ()):
        return value
    if [1 for each in SAME_NAMED.get(name, ()) if each is value]:  # after `from numpy import *`
        return value if answers is None or "*" in answers else before
    noticed.append(name)
    return value if answers is None else before
