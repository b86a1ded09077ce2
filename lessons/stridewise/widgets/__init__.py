"""Interactive widgets: a layer, a network, practice questions, a guess before an answer.

They are drawn in the browser, so that moving a control never waits for Python. `save_page` writes
them into one HTML file that opens without Jupyter.

Modules that need Jupyter's packages are imported on first use: on a page without a kernel the
other modules still work.
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
    """Import the module of `name` on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
