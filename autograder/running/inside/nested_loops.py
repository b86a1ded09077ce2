"""Accepting what `nest_asyncio` changes, so that a cell can run a loop inside the running one.

It is applied once before any student code; what it sets is recorded, and the state before is
restored. The function `apply` that notebooks find sets just that, so it is told from other changes.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

_MODULES = frozenset({"nest_asyncio", "nest_asyncio2"})

Change = tuple[Any, str, Any]
"""A module or class, a name in it, and the value that the name gets."""


def changes_of(imports: Sequence[str], loop: Any) -> list[Change]:
    """Return what may be applied to the event loop by the modules that the notebook imports."""
    found: list[Change] = []
    # Only these names are looked up: to go through `sys.modules` copies memory in a fork.
    for module in filter(None, map(sys.modules.get, _MODULES.intersection(imports))):
        changes = _changes(module, loop)
        module.apply = _setting(module, tuple(changes))  # type: ignore[attr-defined]
        found += changes
    return found


def accepted_values(changes: Sequence[Change]) -> dict[tuple[int, str], tuple[Any, ...]]:
    """Return the values by the identity of a module's dict, or of a class, and the name."""
    found: dict[tuple[int, str], tuple[Any, ...]] = {}
    for owner, name, value in changes:
        key = (id(owner if isinstance(owner, type) else vars(owner)), name)
        found[key] = (*found.get(key, ()), value)
    return found


def functions_in(changes: Sequence[Change]) -> dict[str, FunctionType]:
    """Return the functions among the values, by a name for each."""
    return {
        f"{owner.__name__}.{name}": value
        for owner, name, value in changes
        if isinstance(value, FunctionType)
    }


def _changes(module: Any, loop: Any) -> list[Change]:
    owners: list[Any] = [asyncio, asyncio.events, asyncio.futures, asyncio.tasks]
    owners += [type(loop), type(asyncio.get_event_loop_policy())]
    owners += [each for each in [sys.modules.get("tornado.concurrent")] if each is not None]
    before = [dict(vars(owner)) for owner in owners]
    with contextlib.suppress(Exception):  # another version may not know this loop
        module.apply(loop)
    changes: list[Change] = []
    for owner, names in zip(owners, before, strict=True):
        for name, value in [*vars(owner).items()]:
            if name not in names:
                delattr(owner, name)
            elif names[name] is not value:
                setattr(owner, name, names[name])
            else:
                continue
            changes.append((owner, name, value))
    return changes


def _setting(module: Any, changes: Sequence[Change]) -> Callable[..., None]:
    def apply(loop: Any = None, **_: Any) -> None:
        """Patch asyncio to make its event loop reentrant."""
        for owner, name, value in changes:
            setattr(owner, name, value)
        if loop is not None:
            module._patch_loop(loop)  # noqa: SLF001 - it refuses, or patches another class

    return apply
