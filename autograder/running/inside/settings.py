"""Noticing settings of libraries that student code has changed, and putting them back.

A test meets them as in a kernel: how a decimal is rounded, how an array is printed, how a number is
written to a database. Honest notebooks set them too, so they hold while a test runs. Where a test
gives points, it is run again after they were put back (see running/second_run.py). What a given
cell changes counts as there from the start. Nothing here calls student code.
"""

from __future__ import annotations

import decimal
import linecache
import logging
import sys
from _hashlib import openssl_sha1
from _locale import LC_ALL, setlocale
from contextvars import Context, ContextVar, copy_context
from os import environ
from posix import putenv, unsetenv
from time import localtime, tzset
from types import FunctionType
from typing import Any

from .dict_settings import dicts_now, values_of_dicts
from .keras_settings import set_names, set_policy, settings_of_keras, values_of_keras
from .seal import hidden, sealed
from .snapshot import Snapshot

_VARIABLES = {
    ("numpy._core.printoptions", "format_options"): "numpy.set_printoptions",
    ("numpy._core.umath", "_extobj_contextvar"): "numpy.seterr",
}
_NAMES = {
    ("tempfile", "tempdir"): "tempfile.tempdir",
    ("uuid", "_node"): "uuid.getnode",
}
"""Names whose first value may be None: tables.py notices others."""
_HOOKS = ("setUpModule", "tearDownModule", "load_tests")
"""What `unittest` calls by its name in a notebook."""
_CONTEXTS = ("DefaultContext", "BasicContext", "ExtendedContext")
_LIMITS = {
    "sys.setrecursionlimit": (sys.getrecursionlimit, sys.setrecursionlimit),
    "sys.set_int_max_str_digits": (sys.get_int_max_str_digits, sys.set_int_max_str_digits),
}
"""Limits; that a notebook raises one, as honest ones do, is no change. No limit is 0."""
DEFAULT_DECIMALS = decimal.DefaultContext
OF_DECIMALS = decimal.Context
copy_of_decimals, parts_of_decimals = decimal.Context.copy, decimal.Context.__reduce__
fill_decimals = decimal.Context.__init__
ROOT_LOGGER, OF_LOGGERS = logging.root, (logging.Logger, logging.RootLogger)
DAYS = (0, 16_000_000)  # in winter and in summer, in seconds
in_context, set_variable = Context.run, ContextVar.set

Setting = tuple[str, list[Any], Any, Any]
"""A name, what is compared, where it is kept, and its value."""


def make_settings(
    context: Context, namespace: dict[str, Any], snapshot: Snapshot
) -> dict[str, Any]:
    """Return the sealed functions of this module that the generator needs, by their names.

    `context` is the one in which the cells run, `namespace` holds their names.
    """
    names = [
        (name, vars(sys.modules[key[0]]), key[1])
        for key, name in _NAMES.items()
        if key[0] in sys.modules
    ]
    names += [("sys.modules['__main__']", sys.modules, "__main__")]
    values: dict[str, Any] = {
        "CONTEXT": context,
        "NAMES": names,
        "NAMESPACE": namespace,
        "HOOKS": _HOOKS,
        "CONTEXTS": [(f"decimal.{name}", getattr(decimal, name)) for name in _CONTEXTS],
        "LIMITS": [(name, get, get(), set_) for name, (get, set_) in _LIMITS.items()],
        "ZONE": environ._data.get(b"TZ"),  # type: ignore[attr-defined]  # noqa: SLF001 - as bytes
        "VARIABLES": [(name, each, each.get()) for each, name in _variables()],
        "LINES": linecache.cache,
        "DECIMALS": _variable_of_decimals(),
        "KEPT": hidden([]),
        "LAST": hidden([]),
        **values_of_dicts(),
        **values_of_keras(),
        "KNOWN": snapshot.known,
        "LOGGERS": logging.root.manager.loggerDict,
        **snapshot.tables.make_steps(snapshot.checks()["NAMES_OF"]),
    }
    for step in SEALED[:-3]:
        values[step.__name__] = sealed(step, **values)
    values["BASE"] = hidden(values["settings_now"]())
    steps = (accept_settings, changed_settings, put_back_settings)
    made = {step.__name__: sealed(step, **values) for step in steps}
    return made | {"store_numbers": values["store_numbers"]}


def _found(key: tuple[str, str]) -> Any:
    return getattr(sys.modules.get(key[0]), key[1], None)


def _variables() -> list[tuple[ContextVar[Any], str]]:
    found = [(_found(key), label) for key, label in _VARIABLES.items()]
    return [(each, label) for each, label in found if isinstance(each, ContextVar)]


def _variable_of_decimals() -> ContextVar[Any]:
    """Return the variable that holds how decimals are calculated with; it has no public name."""
    context = copy_context()
    context.run(decimal.getcontext)
    return next(each for each in context if each.name == "decimal_context")


# The functions below are sealed (see seal.py); these names get their values then.
CONTEXT: Any = None
NAMES: list[tuple[str, dict[str, Any], str]] = []
VARIABLES: list[tuple[str, Any, Any]] = []
NAMESPACE: dict[str, Any] = {}
HOOKS: tuple[str, ...] = ()
CONTEXTS: list[tuple[str, Any]] = []
LIMITS: list[tuple[str, Any, int, Any]] = []
ZONE: bytes | None = None
LINES: dict[Any, Any] = {}
DECIMALS: Any = None
BASE: list[Setting] = []
KEPT: list[Any] = []
LAST: list[list[Setting]] = []
LOGGERS: dict[str, Any] = {}
accept_tables: Any = None
changed_tables: Any = None
put_back_tables: Any = None


def is_foreign(name: Any, entry: Any) -> bool:
    """Tell whether a text of code is none that IPython or Python itself has kept.

    The name of a cell's code ends with a part of the digest of its text.
    """
    if type(name) is not str or type(entry) is not tuple or len(entry) not in (1, 4):
        return True
    if len(entry) == 1:  # the text is asked for later
        return type(entry[0]) is FunctionType
    if entry[1] is not None:  # the time of a file
        return name[:1] == "<"
    lines = entry[2]
    if type(lines) is not list or [1 for each in lines if type(each) is not str]:
        return True
    text = "".join(lines).encode("utf-8", "surrogatepass")
    return not (
        name[-13:-1] == openssl_sha1(text).hexdigest()[:12]
        or name[-13:-1] == openssl_sha1(text[:-1]).hexdigest()[:12]
    )


def settings_now() -> list[Setting]:
    """Return each setting as it is now."""
    found: list[Setting] = [*dicts_now()]
    lines = [pair for pair in list(LINES.items()) if is_foreign(*pair)]
    found.append(("linecache.cache", [each for pair in lines for each in pair], LINES, lines))
    for label, names, name in NAMES:
        found.append((label, [names.get(name)], (names, name), names.get(name)))
    for label, variable, default in VARIABLES:
        value = CONTEXT.get(variable, default)
        found.append((label, [value], variable, value))
    decimals = copy_of_decimals(CONTEXT.get(DECIMALS, DEFAULT_DECIMALS))
    parts = parts_of_decimals(decimals)[1]  # the one left out is what has happened so far
    found.append(("decimal.getcontext", [repr((parts[:6], parts[7]))], DECIMALS, decimals))
    place = setlocale(LC_ALL)
    found.append(("locale.setlocale", [place], None, place))
    return found + defaults_now() + settings_of_keras()


def defaults_now() -> list[Setting]:
    """Return what Python itself, `decimal` and `unittest` go by."""
    pairs = [pair for pair in list(NAMESPACE.items()) if type(pair[0]) is str]
    hooks = {name: value for name, value in pairs if name in HOOKS}
    found: list[Setting] = []
    found += [(name, [hooks.get(name)], (NAMESPACE, name), hooks.get(name)) for name in HOOKS]
    for label, default in CONTEXTS:
        parts = parts_of_decimals(default)[1]
        found.append((label, [repr((parts[:6], parts[7]))], default, parts))
    for label, limit_now, limit, set_limit in LIMITS:
        lower = limit_now() if 0 < limit_now() < limit else limit
        found.append((label, [str(lower)], set_limit, lower))
    hours = [repr(localtime(day)[:5]) for day in DAYS]
    found.append(("time.tzset", hours, set_zone, ZONE))
    return found


def set_zone(name: bytes | None) -> None:
    """Set the time zone of this process."""
    if name is None:
        unsetenv(b"TZ")
    else:
        putenv(b"TZ", name)
    tzset()


def is_same(first: list[Any], second: list[Any]) -> bool:
    """Tell whether two states of a setting are the same objects, or equal texts."""
    if len(first) != len(second):
        return False
    for one, other in zip(first, second):  # noqa: B905 - as long
        if one is not other and not (type(one) is type(other) is str and one == other):
            return False
    return True


def changes(before: list[Setting], after: list[Setting]) -> list[int]:
    """Return the places of the settings that differ."""
    pairs = enumerate(zip(before, after))  # noqa: B905 - as long
    return [at for at, (one, other) in pairs if not is_same(one[1], other[1])]


def accept_settings(given: bool) -> None:
    """Take what the given cell before has changed as there from the start.

    It is called before each cell and test; `given` tells whether a given cell is next.
    """
    if not given and not len(LAST):
        return
    accept_tables(given)
    now = settings_now()
    KEPT.append(now)  # to delete a value may run student code
    for at in changes(LAST.pop(), now) if len(LAST) else ():
        BASE[at] = now[at]
    if given:
        LAST.append(now)


def changed_settings() -> list[str]:
    """Name the settings that have been changed."""
    now = settings_now()
    KEPT.append(now)
    found: list[str] = changed_tables()
    return [now[at][0] for at in changes(BASE, now)] + found


def put_back_settings(labels: list[str]) -> None:
    """Put back the settings with these names."""
    if not len(labels):
        return
    KEPT.append(settings_now())
    put_back_tables(labels)
    for each in (ROOT_LOGGER, *LOGGERS.values()):
        if [1 for kind in OF_LOGGERS if kind is type(each)]:
            vars(each)["_cache"] = {}  # what a level lets through
    for label, _, where, value in BASE:
        if label in labels:
            put_back(where, value)


def put_back(where: Any, value: Any) -> None:
    """Put back one setting, by where it is kept."""
    if where is None:
        setlocale(LC_ALL, value)
    elif where is DECIMALS:
        in_context(CONTEXT, set_variable, DECIMALS, copy_of_decimals(value))
    elif type(where) is ContextVar:
        in_context(CONTEXT, set_variable, where, value)
    elif type(where) is OF_DECIMALS:
        fill_decimals(where, *value)
    elif callable(where):
        where(value)
    elif type(where) is tuple:
        where[0][where[1]] = value
    else:
        own = [pair for pair in list(LINES.items()) if where is LINES and not is_foreign(*pair)]
        where.clear()
        where.update(own + value)


SEALED = (
    *(is_foreign, is_same, set_zone, set_policy, set_names, settings_of_keras, defaults_now),
    *(dicts_now, settings_now, changes, put_back),
    *(accept_settings, changed_settings, put_back_settings),
)
