"""The modules with sealed functions (see seal.py), which are prepared once in the fork server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from . import (
    acting,
    acts,
    attempts,
    audit,
    call_watch,
    channel,
    codecs_kept,
    contents,
    held,
    library_code,
    memory,
    open_files,
    protect,
    refused,
    registries,
    released_files,
    settings,
    surroundings,
    table_changes,
    versions,
    words,
)

_MODULES = (
    acting,
    acts,
    attempts,
    audit,
    call_watch,
    channel,
    codecs_kept,
    contents,
    held,
    library_code,
    memory,
    open_files,
    protect,
    refused,
    registries,
    released_files,
    settings,
    surroundings,
    table_changes,
    versions,
    words,
)


def sealed_functions() -> Iterator[Callable[..., Any]]:
    """Yield each sealed function of these modules."""
    for module in _MODULES:
        yield from module.SEALED
