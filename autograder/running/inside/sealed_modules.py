"""The modules with sealed functions (see seal.py), which are prepared once in the fork server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

_MODULES = (
    *("attempts", "audit", "call_watch", "causes", "channel", "cleared_outputs", "contents"),
    *("function_words", "given", "input_history", "library_code", "memory", "method_like"),
    *("open_files", "protect", "refused", "registries", "released_files", "settings"),
    *("surroundings", "table_changes", "text_encodings", "versions", "words", "wrappers"),
)


def sealed_functions() -> Iterator[Callable[..., Any]]:
    """Yield each sealed function of these modules."""
    for name in _MODULES:
        yield from import_module(f".{name}", __package__).SEALED
