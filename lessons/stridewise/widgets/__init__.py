"""Widgets to see and to touch: a layer, a network, questions to practise on, a guess to commit to.

They are drawn in the browser, so that moving a control never waits for Python. `save_page` writes
them into one HTML file that opens without Jupyter.

What needs Jupyter's packages is imported when it is first asked for: on a page without a kernel
the modules here that need only Python still work.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "ConeExplorer": "cone_explorer",
    "DigitExplorer": "digit_explorer",
    "Explorer": "explorer",
    "Guess": "guess",
    "Practice": "practice",
    "StackExplorer": "stack_explorer",
    "save_page": "page",
}

__all__ = [
    "ConeExplorer",
    "DigitExplorer",
    "Explorer",
    "Guess",
    "Practice",
    "StackExplorer",
    "save_page",
]


def __getattr__(name: str) -> Any:
    """Import the module that holds `name` when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
