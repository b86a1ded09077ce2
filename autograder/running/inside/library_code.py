"""Telling the code of libraries from a notebook's, by the name of its file.

A notebook can give its own code any name. So before code with the name of a library's file runs, it
is compared with what this file holds. Where it is other code, the name counts as the notebook's.
"""

from __future__ import annotations

import _imp
import sys
from _io import FileIO
from functools import cache
from marshal import loads as load_code
from types import CodeType, SimpleNamespace
from typing import Any

from .seal import FILE, hidden, sealed

TEST_FILE = "<hidden test>"
"""The file name of a test's code."""
_HEAD = 16  # bytes before the code in a compiled file
exact = str.__str__
"""Gives a plain text for one of a notebook's own class."""
begins = str.startswith
file_of = CodeType.__dict__["co_filename"].__get__
constants_of = CodeType.__dict__["co_consts"].__get__
frozen_code: Any = _imp.get_frozen_object
rename = _imp._fix_co_filename  # type: ignore[attr-defined]  # noqa: SLF001 - no public name
create_builtin: Any = _imp.create_builtin
PRESENT = _imp


@cache
def make_library_code() -> dict[str, Any]:
    """Return sealed functions by their names: `is_library` and `note_code`.

    From now on a rename by Python's importer, which is reported to no audit hook, is noted too.
    """
    values: dict[str, Any] = {
        "LIBRARY": files_of_libraries(),
        "CLAIMED": hidden(set()),
        "TAG": sys.implementation.cache_tag,
        "PREFIX": sys.pycache_prefix or "",
    }
    for step in SEALED:
        values[step.__name__] = sealed(step, **values)
    changed = {"_fix_co_filename": "rename_and_note", "create_builtin": "create_module"}
    vars(_imp).update({name: values[step] for name, step in changed.items()})
    return {name: values[name] for name in ("is_library", "note_code")}


def files_of_libraries() -> tuple[str, ...]:
    """Return how the file names of the code of libraries, tests, and what is sealed, begin."""
    prefixes = {f"{path}/" for path in (sys.prefix, sys.base_prefix, sys.exec_prefix)} | {
        f"{path}/" for path in sys.path if path.startswith("/")
    }
    return (*prefixes, "<frozen ", FILE, TEST_FILE)


# The functions below are sealed (see seal.py); these names get their values then.
LIBRARY: tuple[str, ...] = ()
CLAIMED: set[str] = set()
TAG = ""
PREFIX = ""


def is_library(code: Any) -> bool:
    """Tell whether code is none of the notebook's, by the name of its file."""
    name = exact(file_of(code))
    return begins(name, LIBRARY) and name not in CLAIMED


def content_of(path: str) -> bytes:
    """Return what a file holds; nothing if it cannot be read."""
    try:
        with FileIO(path) as file:
            return file.readall()
    except (OSError, ValueError):
        return b""


def parts_of(code: Any) -> list[Any]:
    """Return code, and the code of the functions and classes in it."""
    found, waiting = [], [code]
    while waiting:
        found.append(waiting.pop())
        waiting += [each for each in constants_of(found[-1]) if type(each) is CodeType]
    return found


def holds(whole: Any, code: Any) -> bool:
    """Tell whether code is the same as the whole or a part of it."""
    return [1 for each in parts_of(whole) if each == code] != []


def is_genuine(code: Any, name: str) -> bool:
    """Tell whether code is what the file with this name holds."""
    if name[:8] == "<frozen ":
        try:
            return holds(frozen_code(name[8:-1]), code)
        except ImportError:
            return False
    if name[:1] != "/" or "/../" in name:
        return False
    folder, _, file = name.rpartition("/")
    folder = PREFIX + folder if len(PREFIX) else folder + "/__pycache__"
    compiled = content_of(folder + "/" + file.removesuffix(".py") + "." + TAG + ".pyc")
    try:
        if len(compiled) and holds(load_code(compiled[_HEAD:]), code):  # noqa: S302 - a library's
            return True
        return holds(compile(content_of(name), name, "exec", dont_inherit=True), code)
    except (SyntaxError, ValueError, EOFError, TypeError):
        return False


def note_code(code: Any) -> None:
    """Note the names of libraries' files, and of tests, that other code has."""
    if type(code) is not CodeType:
        return
    name = exact(file_of(code))
    if begins(name, LIBRARY) and is_genuine(code, name):
        return
    names = [exact(file_of(each)) for each in parts_of(code)]
    CLAIMED.update([name for name in names if begins(name, LIBRARY)])


def rename_and_note(code: Any, name: str) -> None:
    """Give code the name of another file, as Python's importer does with moved files.

    A signal handler may raise an error at each call, so the name is noted before it is given.
    """
    name = exact(name)
    if begins(name, LIBRARY) and not is_genuine(code, name):
        CLAIMED.add(name)
    rename(code, name)


def create_module(spec: Any) -> Any:
    """Make a module of Python's own; there is no second `_imp`, which would rename unnoticed."""
    name = exact(spec.name)
    return PRESENT if name == "_imp" else create_builtin(SimpleNamespace(name=name))


SEALED = (
    *(is_library, content_of, parts_of, holds, is_genuine, note_code),
    *(rename_and_note, create_module),
)
