"""What nbgrader needs around it to start quickly: fewer imports, and no other process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_NOT_ASKED_FOR = ("rfc3987_syntax", "isoduration")
"""What jsonschema imports, where it is there, to check formats that no notebook's schema has."""
_SERVER = "nbgrader.server_extensions"
_EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")


@contextmanager
def lighter_start() -> Iterator[None]:
    """Import nbgrader without what only a Jupyter server needs of it: a third of the time.

    `import nbgrader` itself imports its server extensions, and with them all of nbconvert and
    jupyter_server. They are imported when a server asks for them, as before.
    """
    hidden: dict[str, ModuleType | None] = dict.fromkeys(_NOT_ASKED_FOR)
    if "nbgrader" not in sys.modules:
        hidden |= {name: _stand_in(name) for name in (_SERVER, *_extensions())}
    hidden = {name: module for name, module in hidden.items() if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None means "not installed"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _extensions() -> list[str]:
    return [f"{_SERVER}.{name}" for name in _EXTENSIONS]


def _stand_in(name: str) -> ModuleType:
    """Return a module with the one function that nbgrader takes from a server extension."""

    def load_jupyter_server_extension(app: Any) -> None:
        import_module(name).load_jupyter_server_extension(app)

    module = ModuleType(name)
    module.load_jupyter_server_extension = load_jupyter_server_extension  # type: ignore[attr-defined]  # a module of ours
    return module
