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
from types import CodeType, FrameType, FunctionType
from typing import Any

from .acts import CODE_OF, acts_of, called_by, code_of_frame, code_of_function, does
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
WHILE_TESTING = frozenset({FRAME_ASKED, "sys.settrace", "sys.setprofile"})
OF_CODE = frozenset({"object.__setattr__", "object.__delattr__"})
OF_NEW_CODE = frozenset({"exec", "function.__new__"})
BY_ANY_LIBRARY = OF_CODE | {ATTRIBUTE_READ}
HEARD = ALWAYS | WHILE_TESTING | BY_ANY_LIBRARY | OF_NEW_CODE | PUTS | STARTS | {"import"}
PARTS_OF_CODE = frozenset({"__code__", "__defaults__", "__kwdefaults__"})
HELPERS = ("/inspect.py", "/traceback.py", "/ctypes/__init__.py", "/threading.py", "/bdb.py")
"""Modules of Python through which student code may cause an event."""
READERS = (*HELPERS, "/dis.py", "/trace.py", "/profile.py")
"""Modules of Python whose functions give the code that they read, or keep it."""
IMPORTERS = ("<frozen importlib", "<frozen zipimport")
frame_before = FrameType.__dict__["f_back"].__get__
name_of = CodeType.__dict__["co_name"].__get__


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
    for step in (acts_of, does, called_by, is_refused, concerns, is_sealed, frame_above, code_by):
        values[step.__name__] = sealed(step, **values)
    for step in (is_secret, is_import_of_students, is_students):
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
only what this frame itself does is not heard.
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
            return
    if event in OF_NEW_CODE:
        if not is_sealed(code_by(code_of_frame, frame_above(1))):
            note_code(found[0])
    elif event in PUTS:
        note_put(found)
    elif event in STARTS:
        TESTING.extend(changed_surroundings() if len(TESTING) else ())
    elif concerns(event, found):
        if event == "object.__setattr__" and found[1] == "__code__":
            note_code(found[2])
        if is_import_of_students() if event == "import" else is_students(event, found):
            write(REPORT, event.encode())
            leave(97)
        if event == "import":
            raise ImportError("it is left out of this Python")


def concerns(event: str, found: tuple[Any, ...]) -> bool:
    """Tell whether an event matters if student code has caused it."""
    if event in WHILE_TESTING:  # another thread may set the main thread's trace function
        return len(TESTING) > 0 or (get_ident() != MAIN and event != FRAME_ASKED)
    if event in OF_CODE:
        return found[1] in PARTS_OF_CODE and type(found[0]) is FunctionType
    if event == ATTRIBUTE_READ:
        return found[1] in CODE_OF
    return is_refused(found) if event == "import" else True


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

    The nearest code, and the one that has called a helper, must do this itself: else they have
    called a function of C that does it. In another thread no frame of a notebook may be below.
    """
    if event in OF_CODE and not is_library(code_by(code_of_function, found[0])):
        return False  # a function of the notebook's own
    if event == ATTRIBUTE_READ and not is_secret(*found):
        return False
    acts, frame, direct = acts_of(event, found), frame_above(2), True
    while frame is not None:
        code = code_by(code_of_frame, frame)
        if event == FRAME_ASKED and found[0] is frame:
            return False  # it asks for itself
        if not is_library(code) or (direct and acts is not None and not does(code, acts)):
            return True
        file = exact(file_of(code))
        if file in (FILE, TEST_FILE):
            return False
        if event not in BY_ANY_LIBRARY and not file.endswith(HELPERS):
            return False
        direct = file.endswith(READERS)
        acts = called_by(code, acts) if direct and acts is not None else acts
        frame = frame_before(frame)
    return get_ident() != MAIN and event not in WHILE_TESTING


def is_import_of_students() -> bool:
    """Return whether a notebook's own code imports a module, and not a library."""
    frame = frame_above(2)
    while frame is not None:
        code = code_by(code_of_frame, frame)
        file = exact(file_of(code))
        if not is_library(code):
            return True
        if not file.startswith(IMPORTERS) and not file.endswith("/importlib/__init__.py"):
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
    code = code_by(read, owner)
    file = exact(file_of(code))
    return bool(file == TEST_FILE or (file == FILE and name_of(code) not in BELOW))


SEALED = (
    *(watch, concerns, frame_above, code_by, is_students, is_import_of_students, is_sealed),
    is_secret,
)
