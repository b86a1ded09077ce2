"""What a name can hold while a notebook is read, beside Python's own plain values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stridewise.layers import Layer
from stridewise.network import Network


@dataclass(frozen=True, slots=True)
class Reference:
    """Something of a library, by its full name: `keras.layers.Conv2D`, `builtins.len`."""

    path: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that the notebook's own cells made, on which nothing that is read may depend."""

    why: str


@dataclass(slots=True, eq=False)
class Layered:
    """One layer object; a model that takes it in fixes its weights, so it is taken once."""

    layer: Layer
    taken: bool = False


@dataclass(slots=True, eq=False)
class Stack:
    """A `Sequential` model; `layers` grows by `add`. `network` is None until it knows its input."""

    layers: list[Layered]
    name: str
    network: Network | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the notebook, with the defaults it got when it was defined.

    `doubt` says why it cannot be called without running it; it is empty where it can.
    """

    name: str
    arguments: ast.arguments
    body: tuple[ast.stmt, ...]
    defaults: tuple[Any, ...]
    keyword_defaults: Mapping[str, Any]
    own_names: frozenset[str]
    free_names: frozenset[str]
    doubt: str
    names: dict[str, Any] = field(repr=False)
    """The namespace in which it looks up what is not its own: that of the notebook."""
