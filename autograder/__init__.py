"""Marks notebook courses and says which wrong rule a wrong prediction follows.

Hidden tests import `grade` and its arguments from here, and nothing else of this package.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.exam.checks import grade, submitter
    from autograder.exam.expected import Accepts, Cases, Fields, Sizes, Total, Zeros
    from autograder.exam.mark import Mark

__all__ = [
    "Accepts",
    "Cases",
    "Fields",
    "Mark",
    "Sizes",
    "Total",
    "Zeros",
    "grade",
    "submitter",
]
_HOMES = {"Mark": "mark", "grade": "checks", "submitter": "checks"}


def __getattr__(name: str) -> Any:
    """Import the module of `name` on first use: most commands need none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f"{__name__}.exam.{_HOMES.get(name, 'expected')}")
    return getattr(home, name)
