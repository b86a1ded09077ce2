"""Predict what a convolutional network does, then run it.

Importing this package is quick and does not import TensorFlow. It does set the variables that keep
TensorFlow's start-up messages out of a lesson, so import it before TensorFlow or Keras.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

# Both are needed, and before TensorFlow is imported: the first silences its C++ log, the second the
# notice about oneDNN that is written before that log is set up. Text on stderr in a graded cell
# costs all its points under stock nbgrader.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

_HOMES = {
    "Comparison": "comparison",
    "ConeExplorer": "widgets",
    "DigitExplorer": "widgets",
    "Explorer": "widgets",
    "Guess": "widgets",
    "Network": "network",
    "Practice": "widgets",
    "StackExplorer": "widgets",
    "check_form": "answer_form",
    "compare": "comparison",
    "compare_rows": "row_comparison",
    "diagnose": "diagnosis",
    "layer": "layers",
    "lesson_network": "lesson_models",
    "network_for": "lesson_answers",
    "load_mnist": "datasets",
    "output_size": "shapes",
    "pad_widths": "shapes",
    "read_counts": "shapes",
    "receptive_field": "receptive",
    "unread_pixels": "shapes",
    "window_starts": "shapes",
    "your_network": "variants",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names are looked up when first used


def __getattr__(name: str) -> Any:
    """Import the module of `name` on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
