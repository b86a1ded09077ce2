"""Audit hooks that end a process whose student code tampers with the process itself.

Python calls an audit hook before each such act, and a hook cannot be removed. A process in which
student code reads other code, the objects of other code, or memory is ended; the reason is written
to a descriptor. What libraries do for an ordinary notebook is allowed.
"""

from __future__ import annotations

import sys
from _lsprof import Profiler
from _thread import get_ident
from posix import _exit as leave
from posix import write
from sys import _getframe as frame_at
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType
from typing import Any

from .causes import (
    CODE_OF,
    TEXT_READERS,
    called_by,
    causes_of,
    code_of_frame,
    code_of_function,
    full_name_of,
    names_or_holds,
)
from .library_code import TEST_FILE, exact, file_of, make_library_code
from .refused import is_refused
from .seal import FILE, hidden, sealed
from .surroundings import PUTS, STARTS

ALWAYS = frozenset(
    {"gc.get_objects", "gc.get_referrers", "gc.get_referents", "code.__new__"}
    | {"sys.addaudithook", "sys._current_frames", "sys._current_exceptions"}
    | {"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.cdata"}
    | {"ctypes.cdata/buffer", "ctypes.string_at", "ctypes.wstring_at", "ctypes.call_function"}
    | {"ctypes.addressof", "ctypes.PyObj_FromPtr"}
    | {"marshal.loads", "sys.monitoring.register_callback"}
)
FRAME_ASKED, ATTRIBUTE_READ = "sys._getframe", "object.__getattr__"
CALLBACK_SET = "sys.monitoring.register_callback"
WHILE_TESTING = frozenset({FRAME_ASKED, "sys.settrace", "sys.setprofile"})
OF_CODE = frozenset({"object.__setattr__", "object.__delattr__"})
OF_NEW_CODE = frozenset({"exec", "function.__new__"})
BY_ANY_LIBRARY = OF_CODE | {ATTRIBUTE_READ}
NOTED = OF_NEW_CODE | PUTS | STARTS | {"object.__setattr__"}
HEARD = ALWAYS | WHILE_TESTING | BY_ANY_LIBRARY | NOTED | {"import"}
PARTS_OF_CODE = frozenset({"__code__", "__defaults__", "__kwdefaults__"})
HELPERS = (
    *("/inspect.py", "/traceback.py", "/ctypes/__init__.py", "/threading.py", "/bdb.py"),
    "/modulefinder.py",
)
"""Modules of Python through which student code may cause an event."""
READERS = (
    *(*HELPERS, "/dis.py", "/trace.py", "/profile.py"),
    *("/cloudpickle/cloudpickle.py", "/keras/src/utils/python_utils.py"),
)
"""Modules whose functions give the code that they read, or keep it."""
IMPORTERS = ("<frozen importlib", "<frozen zipimport")
frame_before = FrameType.__dict__["f_back"].__get__
name_of = CodeType.__dict__["co_name"].__get__
owner_of: Any = BuiltinFunctionType.__dict__["__self__"].__get__


def start_watching(report: int, testing: list[Any], note_put: Any, changed: Any) -> None:
    """Watch this process and its forks from now on.

    Args:
        report: the descriptor on which the reason is written.
        testing: not empty while a test runs; it takes what is noticed when a test starts a program.
        note_put: records a variable that is put into the environment.
        changed: names what student code has changed of what a program depends on.
    """
    values: dict[str, Any] = {
        "REPORT": report,
        "TESTING": testing,
        "CODE_OF": hidden(dict(CODE_OF)),
        "READING": hidden({}),
        "note_put": note_put,
        "changed_surroundings": changed,
        "MAIN": get_ident(),
        **make_library_code(),
    }
    steps: list[Any] = [causes_of, names_or_holds, called_by, is_refused, is_profilers, concerns]
    steps += [is_sealed, frame_above, code_by, note, is_secret, is_import_of_students]
    steps += [is_cause, is_students]
    for step in steps:
        values[step.__name__] = sealed(step, **values)
    sys.addaudithook(sealed(watch, **values))


# The code below is sealed; these names get their values then.
REPORT = -1
TESTING: list[Any] = []
note_put: Any = None
changed_surroundings: Any = None
READING: dict[int, Any] = {}
"""By thread, the frame of the hook that reads code now; True while it asks for a frame.

Student code may run during the hook: a signal handler, or a method of an object that is freed. So
only the first read in this frame, which is its own, is not heard.
"""
is_library: Any = None
note_code: Any = None
MAIN = 0
BELOW = ("attempt", "drained")
"""The sealed functions whose frames are below the cells; they hold nothing that is secret."""


def watch(event: str, found: tuple[Any, ...]) -> None:
    """End the process when student code uses what only tampering needs."""
    if event not in HEARD:
        return
    reader = READING.get(get_ident())
    if reader is not None:
        if event == FRAME_ASKED:
            return
        if event == ATTRIBUTE_READ and frame_before(frame_at(0)) is reader:
            READING[get_ident()] = True  # a signal handler may run there before the frame returns
            return
    if event in NOTED:
        note(event, found)
    if concerns(event, found) and is_students(event, found):
        write(REPORT, event.encode())
        leave(97)


def note(event: str, found: tuple[Any, ...]) -> None:
    """Note new code, a variable that is put, or what a program that a test starts would find."""
    if event in OF_NEW_CODE:
        if not is_sealed(code_by(code_of_frame, frame_above(2))):
            note_code(found[0])
    elif event in PUTS:
        note_put(found)
    elif event in STARTS:
        TESTING.extend(changed_surroundings() if len(TESTING) else ())
    elif found[1] == "__code__":
        note_code(found[2])


def concerns(event: str, found: tuple[Any, ...]) -> bool:
    """Tell whether an event matters if student code has caused it."""
    if event in WHILE_TESTING:  # another thread may set the main thread's trace function
        return len(TESTING) > 0 or (get_ident() != MAIN and event != FRAME_ASKED)
    if event == CALLBACK_SET and is_profilers(found[0]):
        return len(TESTING) > 0
    if event in OF_CODE:
        return found[1] in PARTS_OF_CODE and type(found[0]) is FunctionType
    if event == ATTRIBUTE_READ:
        return found[1] in CODE_OF
    return is_refused(found) if event == "import" else event in ALWAYS


def is_profilers(callback: Any) -> bool:
    """Return whether Python's profiler of C sets or removes a callback of its own."""
    own = type(callback) is BuiltinFunctionType and issubclass(type(owner_of(callback)), Profiler)
    return own or callback is None


def frame_above(depth: int) -> Any:
    """Return the frame that is so many above the caller's."""
    thread = get_ident()
    before = READING.get(thread)
    READING[thread] = True
    try:
        return frame_at(depth + 1)
    finally:
        READING[thread] = before  # this lets no signal handler run


def code_by(read: Any, owner: Any) -> Any:
    """Return the code of a frame or a function; the hook does not hear of that."""
    thread = get_ident()
    before = READING.get(thread)
    READING[thread] = True
    try:
        READING[thread] = frame_at(0)
        return read(owner)
    finally:
        READING[thread] = before


def is_students(event: str, found: tuple[Any, ...]) -> bool:
    """Return whether student code caused an event, itself or through a helper of Python.

    The nearest code, and the one that has called a reader of code, must do this itself: else they
    have called a function of C that does it. In a thread or a greenlet there may be no frame of a
    notebook; what else runs has a sealed frame below.
    """
    own = event in OF_CODE and not is_library(code_by(code_of_function, found[0]))
    if own or (event == ATTRIBUTE_READ and not is_secret(*found)):
        return False
    if event == "import":
        return is_import_of_students()
    causes, frame, nearest, by_reader = causes_of(event, found), frame_above(2), True, False
    while frame is not None:
        if event == FRAME_ASKED and found[0] is frame:
            return False  # it asks for itself
        code = code_by(code_of_frame, frame)
        file = exact(file_of(code))
        reads = file.endswith(READERS)
        asked = nearest or (by_reader and not reads)
        if not is_library(code) or (asked and not is_cause(frame, code, causes)):
            return True
        helps = event in BY_ANY_LIBRARY or file.endswith(HELPERS)
        gives_text = file.endswith("/tf_logging.py") and full_name_of(code) in TEXT_READERS
        if file in (FILE, TEST_FILE) or not helps or gives_text:
            return False
        causes = called_by(code, causes) if reads else causes
        frame, nearest, by_reader = frame_before(frame), False, reads
    return event not in WHILE_TESTING or (event != FRAME_ASKED and len(TESTING) > 0)


def is_cause(frame: Any, code: Any, causes: Any) -> bool:
    """Return whether code does one of these itself; of a test, any code that is running may."""
    if names_or_holds(code, causes):
        return True
    if exact(file_of(code)) != TEST_FILE:
        return False
    while frame is not None:
        code = code_by(code_of_frame, frame)
        if exact(file_of(code)) == TEST_FILE and is_library(code) and names_or_holds(code, causes):
            return True
        frame = frame_before(frame)
    return False


def is_import_of_students() -> bool:
    """Return whether a notebook's own code imports a module.

    Raises:
        ImportError: When a library imports it; it does without, as where it is not installed.
    """
    frame = frame_above(3)
    while frame is not None:
        code = code_by(code_of_frame, frame)
        file = exact(file_of(code))
        if not is_library(code):
            return True
        if not file.startswith(IMPORTERS) and not file.endswith("/importlib/__init__.py"):
            break
        frame = frame_before(frame)
    raise ImportError("it is left out of this Python")


def is_sealed(code: Any) -> bool:
    """Tell whether code is sealed: that runs the tests, which have a name that is no notebook's."""
    return is_library(code) and exact(file_of(code)) == FILE


def is_secret(owner: Any, name: str) -> bool:
    """Return whether the code that is read is a hidden test's, or sealed and not below cells."""
    kind, read = CODE_OF[name]
    if not isinstance(owner, kind):
        return False
    code = code_by(read, owner)
    file = exact(file_of(code))
    return bool(file == TEST_FILE or (file == FILE and name_of(code) not in BELOW))


SEALED = (
    *(watch, note, concerns, is_profilers, frame_above, code_by, is_students, is_cause),
    *(is_import_of_students, is_sealed, is_secret),
)
