"""Noticing changes by student code that affect a program which a test starts.

A test may start Python or another program. Student code may have set a variable of the environment
that makes the program run other code, or written a file that it runs. Nothing is restored, since an
honest notebook may have done this for a program of its own: the marks of such a test are flagged.
"""

from __future__ import annotations

import os
import sys
from posix import listdir
from typing import Any

from .seal import hidden, sealed

STARTS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile"})
PUTS = frozenset({"os.putenv", "os.unsetenv"})
"""Events of audit hooks: a program is started; a variable of the environment changes."""
_OF_PYTHON = (b"PYTHON", b"LD_")
_OTHERS = frozenset({b"PATH", b"HOME", b"SHELL", b"ENV", b"BASH_ENV", b"GCONV_PATH"})
_HARMLESS = frozenset(
    {b"PYTHONHASHSEED", b"PYTHONUNBUFFERED", b"PYTHONWARNINGS", b"PYTHONIOENCODING"}
    | {b"PYTHONUTF8", b"PYTHONDONTWRITEBYTECODE"}
)
"""Variables of Python that make it run no other code; notebooks set these."""

_MODULES = sys.stdlib_module_names | {
    *("sitecustomize", "usercustomize", "numpy", "pandas", "scipy", "matplotlib", "sklearn"),
    *("tensorflow", "keras", "pytest", "stridewise"),
}
"""A file with the name of one of these in the working folder is imported in its place."""


def make_noted(files: Any) -> tuple[Any, Any]:
    """Return sealed functions: one records a variable that is put, one names what has changed.

    `files` are the paths of the assignment's own files.
    """
    data = os.environ._data  # type: ignore[attr-defined]  # noqa: SLF001 - a view would run methods
    values: dict[str, Any] = {
        "ENVIRON": os.environ,
        "OS_NAMES": vars(os),
        "ENVIRON_NAMES": vars(os.environ),
        "DATA": data,
        "PUT": hidden([]),
        "OWN_FILES": hidden({path.partition("/")[0] for path in files}),
    }
    values |= {"matters": sealed(matters), "has": sealed(has)}
    values["VARIABLES"] = hidden({key: each for key, each in data.items() if matters(key)})
    values["is_put_anew"] = sealed(is_put_anew, **values)
    return sealed(note_put, **values), sealed(changed_surroundings, **values)


# The functions below are sealed (see seal.py); these names get their values then.
ENVIRON: Any = None
OS_NAMES: dict[str, Any] = {}
ENVIRON_NAMES: dict[str, Any] = {}
DATA: dict[bytes, bytes] = {}
PUT: list[tuple[Any, ...]] = []
OWN_FILES: set[str] = set()
VARIABLES: dict[bytes, bytes] = {}


def matters(key: Any) -> bool:
    """Return whether a variable decides which code a program runs."""
    if type(key) is not bytes:
        return True
    return key in _OTHERS or (key.startswith(_OF_PYTHON) and key not in _HARMLESS)


def note_put(found: tuple[Any, ...]) -> None:
    """Record a variable that is put into the environment with a value, or taken from it."""
    if matters(found[0]):
        PUT.append(found[:2])


def is_put_anew() -> bool:
    """Return whether a variable was last put with another value than it had before the cells.

    `unittest.mock.patch.dict` takes all variables away and puts each one back as it was.
    """
    if [1 for put in PUT for each in put if type(each) is not bytes]:
        return True  # to compare objects of another class would run its methods
    last = {put[0]: put[1:] for put in PUT}
    return [1 for key, value in last.items() if (*value, None)[0] != VARIABLES.get(key)] != []


def has(names: dict[str, Any], name: str, value: Any) -> bool:
    """Tell whether a dict has this object by this name; keys that are no `str` are left out."""
    found = [held for key, held in list(names.items()) if type(key) is str and key == name]
    return [1 for held in found if held is value] != []


def changed_surroundings() -> list[str]:
    """Name the variables and files that a program would use in place of the real ones."""
    noticed = []
    if not has(OS_NAMES, "environ", ENVIRON) or not has(ENVIRON_NAMES, "_data", DATA):
        noticed.append("os.environ")
    pairs = list(DATA.items())
    strange = [1 for key, value in pairs if type(key) is not bytes or type(value) is not bytes]
    if is_put_anew() or strange or {key: each for key, each in pairs if matters(key)} != VARIABLES:
        noticed.append("variables of the environment")
    for name in listdir("."):
        module = name.removesuffix(".py")
        if module in _MODULES and name not in OWN_FILES and "." not in module:
            noticed.append("the file " + name)
    return noticed


SEALED = (matters, has, note_put, is_put_anew, changed_surroundings)
