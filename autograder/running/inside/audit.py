"""Audit hooks that end a process whose student code tampers with the process itself.

Python calls an audit hook before each such act, and a hook cannot be removed. A process in which
student code reads other code, the objects of other code, or memory is ended; the reason is written
to a descriptor. What libraries do for an ordinary notebook is allowed.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from posix import _exit as leave
from posix import write
from sys import _getframe as frame_at
from types import (
    AsyncGeneratorType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
)
from typing import Any

from .library_code import TEST_FILE, exact, file_of, make_library_code
from .seal import FILE, hidden, sealed
from .surroundings import PUTS, STARTS

ALWAYS = frozenset(
    {"gc.get_objects", "gc.get_referrers", "gc.get_referents", "code.__new__"}
    | {"sys.addaudithook", "sys._current_frames", "sys._current_exceptions"}
    | {"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.cdata"}
    | {"ctypes.cdata/buffer", "ctypes.string_at", "ctypes.wstring_at", "ctypes.call_function"}
    | {"ctypes.addressof", "marshal.loads", "sys.monitoring.register_callback"}
)
WHILE_TESTING = frozenset({"sys._getframe", "sys.settrace", "sys.setprofile"})
OF_CODE = frozenset({"object.__setattr__", "object.__delattr__"})
OF_NEW_CODE = frozenset({"exec", "function.__new__"})
BY_ANY_LIBRARY = frozenset({"object.__getattr__", "import"})
PARTS_OF_CODE = frozenset({"__code__", "__defaults__", "__kwdefaults__"})
INSIDE_PYTHON = frozenset(
    {"_testcapi", "_testinternalcapi", "_xxsubinterpreters", "_interpreters", "_testclinic"}
)
HELPERS = ("inspect.py", "traceback.py", "ctypes/__init__.py", "threading.py")
"""Modules of Python through which student code may cause an event."""
code_of_function = FunctionType.__dict__["__code__"].__get__
code_of_frame = FrameType.__dict__["f_code"].__get__
frame_before = FrameType.__dict__["f_back"].__get__
name_of = CodeType.__dict__["co_name"].__get__
CODE_OF = {
    "f_code": (FrameType, code_of_frame),
    "__code__": (FunctionType, code_of_function),
    "__defaults__": (FunctionType, code_of_function),
    "__kwdefaults__": (FunctionType, code_of_function),
    "gi_code": (GeneratorType, GeneratorType.__dict__["gi_code"].__get__),
    "cr_code": (CoroutineType, CoroutineType.__dict__["cr_code"].__get__),
    "ag_code": (AsyncGeneratorType, AsyncGeneratorType.__dict__["ag_code"].__get__),
}
"""The attributes by which code and its constants can be read, and how to find the code itself."""


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
        "BUSY": hidden({}),
        "note_put": note_put,
        "changed_surroundings": changed,
        "MAIN": get_ident(),
        **make_library_code(),
    }
    values["note"] = sealed(note, **values)
    for step in (concerns, is_sealed, is_secret, is_students):
        values[step.__name__] = sealed(step, **values)
    sys.addaudithook(sealed(watch, **values))


# The code below is sealed; these names get their values then.
REPORT = -1
TESTING: list[Any] = []
note_put: Any = None
changed_surroundings: Any = None
BUSY: dict[int, bool] = {}
"""The threads in which the hook works."""
is_library: Any = None
note_code: Any = None
MAIN = 0
BELOW = ("attempt", "drained")
"""The sealed functions whose frames are below the cells; they hold nothing that is secret."""


def watch(event: str, found: tuple[Any, ...]) -> None:
    """End the process when student code uses what only tampering needs."""
    thread = get_ident()
    if thread in BUSY:
        return
    if event in OF_NEW_CODE and not is_sealed(code_of_frame(frame_at(1))):
        note_code(found[0])
    if event in PUTS or (event in STARTS and len(TESTING)):
        note(event, found)
    if not concerns(event, found):
        return
    if event == "object.__setattr__" and found[1] == "__code__":
        note_code(found[2])
    BUSY[thread] = True  # neither this nor `del` lets a signal handler run
    try:
        if is_students(event, found):
            write(REPORT, event.encode())
            leave(97)
    finally:
        del BUSY[thread]


def concerns(event: str, found: tuple[Any, ...]) -> bool:
    """Tell whether an event matters if student code has caused it."""
    if event in WHILE_TESTING:  # another thread may set the main thread's trace function
        return len(TESTING) > 0 or (get_ident() != MAIN and event != "sys._getframe")
    if event in OF_CODE:
        return found[1] in PARTS_OF_CODE and type(found[0]) is FunctionType
    if event == "object.__getattr__":
        return found[1] in CODE_OF
    return event in ALWAYS or (event == "import" and found[0] in INSIDE_PYTHON)


def note(event: str, found: tuple[Any, ...]) -> None:
    """Note a variable that is put, or what a program that a test starts would find changed."""
    thread = get_ident()
    BUSY[thread] = True
    try:
        if event in PUTS:
            note_put(found)
        else:
            TESTING.extend(changed_surroundings())
    finally:
        del BUSY[thread]


def is_students(event: str, found: tuple[Any, ...]) -> bool:
    """Return whether student code caused an event, itself or through a helper of Python."""
    if event in OF_CODE and not is_library(code_of_function(found[0])):
        return False  # a function of the notebook's own
    if event == "object.__getattr__" and not is_secret(*found):
        return False
    by_any_library = event in OF_CODE or event in BY_ANY_LIBRARY
    frame = frame_at(2)
    if event == "sys._getframe" and found[0] is frame:
        return False
    while frame is not None:
        code = code_of_frame(frame)
        file = exact(file_of(code))
        if not is_library(code):
            asks_for_itself = event == "sys._getframe" and found[0] is frame
            return not asks_for_itself
        helps = by_any_library or file.endswith(HELPERS)
        if not helps or file.startswith("<frozen importlib") or file in (FILE, TEST_FILE):
            return False
        frame = frame_before(frame)
    return False


def is_sealed(code: Any) -> bool:
    """Tell whether code is sealed: that runs the tests, which have a name that is no notebook's."""
    return is_library(code) and exact(file_of(code)) == FILE


def is_secret(owner: Any, name: str) -> bool:
    """Return whether the code that is read is a hidden test's, or sealed and not below cells."""
    kind, read = CODE_OF[name]
    if not isinstance(owner, kind):
        return False
    code = read(owner)
    file = exact(file_of(code))
    return bool(file == TEST_FILE or (file == FILE and name_of(code) not in BELOW))


SEALED = (watch, concerns, note, is_students, is_sealed, is_secret)
