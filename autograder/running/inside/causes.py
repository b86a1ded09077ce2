"""Telling whether code does itself what an audit hook hears of.

The hook finds the nearest Python frame. A function of C has no frame, so when a library or a test
calls one that student code has made (such as `functools.partial` of `sys.settrace`), that frame is
the library's or the test's. Code that does the same itself names it, or holds the function.
"""

from __future__ import annotations

import marshal
import sys
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodWrapperType,
)
from typing import Any

code_of_function = FunctionType.__dict__["__code__"].__get__
code_of_frame = FrameType.__dict__["f_code"].__get__
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

_BY_NAME = (
    *("gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys.addaudithook"),
    *("sys._current_frames", "sys._current_exceptions", "ctypes.PyObj_FromPtr"),
)
TEXT_READERS = frozenset({"_logger_find_caller"})
"""Functions of TensorFlow's log: they read the code of their callers, and give names and lines."""
_OF_CTYPES = frozenset({"ctypes", "_ctypes"})
_PARTS_OF_NEW_CODE = frozenset(
    {"co_argcount", "co_code", "co_consts", "co_filename", "co_firstlineno", "co_flags"}
    | {"co_name", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_stacksize"}
)
"""What code names that replaces them; the method's own name is that of a method of texts too."""
_OF_PROFILERS = frozenset({"enable", "disable"})
"""What code names that starts or stops a profiler of C."""
_ALL_ATTRIBUTES = frozenset({"dir"})
"""What code names that looks at each attribute of an object, as for a mock object."""

CAUSES: dict[str, frozenset[Any]] = {
    **{event: frozenset({event.rpartition(".")[2]}) for event in _BY_NAME},
    **{name: frozenset({name}) | _ALL_ATTRIBUTES for name in CODE_OF},
    "f_code": frozenset({"f_code"}),
    "code.__new__": _PARTS_OF_NEW_CODE | {"CodeType"},
    "marshal.loads": frozenset({"marshal", marshal.loads}),
    "sys.settrace": frozenset({"settrace", "_settraceallthreads", sys.settrace}),
    "sys.setprofile": _OF_PROFILERS | {"setprofile", "_setprofileallthreads", sys.setprofile},
    "sys.monitoring.register_callback": _OF_PROFILERS
    | {"register_callback", getattr(getattr(sys, "monitoring", None), "register_callback", None)},
    "ctypes.dlopen": _OF_CTYPES | {"_dlopen", "dlopen"},
    "ctypes.dlsym": _OF_CTYPES | {"_FuncPtr", "in_dll", "getattr"},
    "ctypes.dlsym/handle": _OF_CTYPES | {"dlsym"},
    "ctypes.cdata": _OF_CTYPES | {"from_address", "from_buffer", "in_dll"},
    "ctypes.cdata/buffer": _OF_CTYPES | {"from_buffer", "from_buffer_copy"},
    "ctypes.string_at": _OF_CTYPES | {"string_at", "_string_at"},
    "ctypes.wstring_at": _OF_CTYPES | {"wstring_at", "_wstring_at"},
    "ctypes.call_function": _OF_CTYPES | {"call_function"},
    "ctypes.addressof": _OF_CTYPES | {"addressof"},
}
"""What code names or holds that causes an event, or that reads or replaces an attribute."""
_OTHER_NAMES = ("check_argspec", "_inspect_signature", "_print_exception")
"""Names that libraries give to functions of the modules that `called_by` is asked about."""
_KINDS = (str, BuiltinFunctionType, MethodWrapperType)
names_of = CodeType.__dict__["co_names"].__get__
constants_of = CodeType.__dict__["co_consts"].__get__
file_of = CodeType.__dict__["co_filename"].__get__
full_name_of = CodeType.__dict__["co_qualname"].__get__
exact = str.__str__


# The functions below are sealed (see seal.py).


def causes_of(event: str, found: tuple[Any, ...]) -> Any:
    """Return what code names or holds that causes an event; None where it need not."""
    if event[:9] == "object.__":
        return CAUSES[found[1]]
    if event == "ctypes.dlsym" and type(found[1]) is str:
        return CAUSES[event] | {found[1]}  # the name of the function, as an attribute
    return CAUSES.get(event)


def names_or_holds(code: Any, causes: Any) -> bool:
    """Return whether code names or holds one of these itself, where it need do so."""
    if causes is None:
        return True
    constants = constants_of(code)
    inner = [one for each in constants if type(each) is tuple for one in each]
    held = (*names_of(code), *constants, *inner)
    return [1 for each in held if type(each) in _KINDS and each in causes] != []


def called_by(code: Any, causes: Any) -> Any:
    """Return these, and the names by which other code can call this function of a helper."""
    if causes is None:
        return None
    module = exact(file_of(code)).rpartition("/")[2].removesuffix(".py")
    return causes.union(exact(full_name_of(code)).split("."), _OTHER_NAMES, (module,))


SEALED = (causes_of, names_or_holds, called_by)
