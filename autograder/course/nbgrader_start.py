"""What nbgrader needs around it to start quickly: fewer imports, and no other process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_NOT_ASKED_FOR = ("rfc3987_syntax", "isoduration")
"""What jsonschema imports, where it is there, to check formats that no notebook's schema has."""
_SERVER = "nbgrader.server_extensions"
_EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")
_CALLED_LATER = {
    _SERVER: (),
    **{f"{_SERVER}.{name}": ("load_jupyter_server_extension",) for name in _EXTENSIONS},
    "nbformat": (),
    "nbformat.notebooknode": ("NotebookNode",),
    "requests": ("request",),
    "setuptools": (),
    "setuptools.archive_util": ("unpack_archive", "unpack_tarfile", "unpack_zipfile"),
}
"""What nbgrader imports when it is imported itself, and the functions that it takes from there."""


@contextmanager
def lighter_start() -> Iterator[None]:
    """Import nbgrader without what only a Jupyter server needs of it: a third of the time.

    `import nbgrader` itself imports its server extensions, and with them all of nbconvert and
    jupyter_server; and `nbgrader.utils` imports setuptools. They are imported when one of their
    functions is called.
    """
    hidden: dict[str, ModuleType | None] = dict.fromkeys(_NOT_ASKED_FOR)
    hidden |= {name: _stand_in(name, called) for name, called in _CALLED_LATER.items()}
    hidden = {name: module for name, module in hidden.items() if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None means "not installed"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _stand_in(name: str, called: Iterable[str]) -> ModuleType:
    """Return a module with the functions that nbgrader takes from this one."""
    module = ModuleType(name)
    for function in called:
        setattr(module, function, _later(name, function))
    return module


def _later(name: str, function: str) -> Callable[..., Any]:
    """Return a function that imports the module first when it is called."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(name), function)(*args, **kwargs)

    return call
