"""Restoring, before a test, what it relies on and student code has replaced.

What was replaced is reported. This cannot be complete: code that writes to memory directly can
change anything in its process.
"""

from __future__ import annotations

import builtins
import sys
from typing import Any

from . import method_like
from .function_parts import put_back_functions
from .memory import ensure_intact
from .names import (
    has_further,
    hides,
    is_accepted,
    put_back_classes,
    put_back_names,
    put_back_namespace,
)
from .notebook_shell import Notebook
from .python_state import (
    put_back_imports,
    put_back_kinds,
    put_back_loop,
    put_back_rest,
    stop_watching,
)
from .seal import hidden, sealed
from .snapshot import Snapshot
from .words import make_same_entries
from .wrappers import put_back_wrappers

Accepted = dict[tuple[int, str], tuple[Any, ...]]


def make_guard(
    snapshot: Snapshot, notebook: Notebook, accepted: Accepted, report: int, same_given: Any
) -> Any:
    """Return a function that restores everything and returns what had been changed.

    A name of a module or class may have one of its `accepted` values instead. `same_given` tells
    whether given functions have the code and defaults that were recorded.

    It is sealed, so that student code cannot change what it does. Where memory has been written to,
    it ends the process and writes the reason to the descriptor `report`. Its last step is a call of
    `newly_changed`, whose next call names what has changed since then.
    """
    values: dict[str, Any] = {
        **snapshot.checks(),
        "same_given": same_given,
        "CELLS": snapshot.cells,
        "DEFAULTS": snapshot.defaults,
        "LISTS": snapshot.lists,
        "CODES": snapshot.codes,
        "WRAPPERS": snapshot.wrappers.saved,
        "BEFORE": snapshot.loaded,
        "KINDS": snapshot.kinds,
        "BASES": snapshot.bases,
        "same_loaded": make_same_entries(sys.modules),
        "same_importers": make_same_entries(sys.path_importer_cache),
        "IMPORTERS": snapshot.importers,
        "NAMESPACE": notebook.namespace,
        "BUILTIN_VALUES": hidden(dict(vars(builtins))),
        "LOOP": notebook.loop,
        "LOOP_CLASS": type(notebook.loop),
        "LOOP_NAMES": vars(notebook.loop),
        "ACCEPTED": hidden(accepted),
        "REPORT": report,
        "KEPT": hidden([]),
    }
    values["ensure_intact"] = sealed(ensure_intact, **values)
    for step in SEALED[:-1]:
        values[step.__name__] = sealed(step, **values)
    return sealed(guard, **values)


# The functions below are sealed (see seal.py); these names get their values then.
put_back_contents: Any = None
put_back_registries = put_back_codecs = put_back_contents
KEPT: list[Any] = []
"""Replaced values: deleting one may run student code."""
newly_changed: Any = None


def guard() -> list[str]:
    """Restore everything; return what had been changed."""
    noticed: list[str] = []
    stop_watching()
    ensure_intact()
    put_back_namespace(noticed)
    put_back_contents(noticed)
    put_back_codecs(noticed)
    put_back_rest(noticed)
    put_back_kinds(noticed)
    put_back_imports(noticed)
    put_back_loop(noticed)
    put_back_functions(noticed)
    put_back_wrappers(noticed)
    put_back_names(noticed)
    put_back_classes(noticed)
    put_back_registries(noticed)
    newly_changed()
    return noticed


SEALED = (
    *method_like.SEALED,
    *(is_accepted, has_further, hides, put_back_namespace, put_back_names, put_back_classes),
    *(put_back_functions, put_back_wrappers, put_back_rest, stop_watching, put_back_kinds),
    *(put_back_imports, put_back_loop, guard),
)
"""What is sealed here, the last one with the others in it."""
