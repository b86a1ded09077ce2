"""Writing assignments: the cells of a question from one call, and checks before the release.

>>> from autograder.authoring import network_question
>>> question = network_question("edges", ["Conv2D(8, 3)", "Flatten()"], input_shape=(28, 28, 1))
>>> question.name
'edges'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.authoring.network_questions import network_question
    from autograder.authoring.questions import (
        Question,
        names_of,
        new_notebook,
        plain_question,
        with_question,
    )

__all__ = [
    "Question",
    "names_of",
    "network_question",
    "new_notebook",
    "plain_question",
    "with_question",
]


def __getattr__(name: str) -> Any:
    """Import the module of `name` on first use: most commands need none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "network_questions" if name == "network_question" else "questions"
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
