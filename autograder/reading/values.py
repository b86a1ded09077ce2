"""The values of names while a notebook is read, besides Python's plain values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stridewise.layers import Layer
from stridewise.network import Network


@dataclass(frozen=True, slots=True)
class Reference:
    """An object of a library, by its full name: `keras.layers.Conv2D`, `builtins.len`."""

    path: str


class Opaque:
    """An unknown value; nothing that is read may depend on it."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Layered:
    """One layer object; it can be added to one model only, since that fixes its weights.

    `text` is that of the call that made it, or "" where an argument could be changed later.
    """

    layer: Layer
    text: str = ""
    taken: bool = False


@dataclass(slots=True, eq=False)
class Stack:
    """A `Sequential` model; `layers` grows by `add`. `network` is None until it knows its input."""

    layers: list[Layered]
    name: str
    network: Network | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the notebook, with its default values.

    `doubt` says why it cannot be called without running it, or is "".
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
    """The namespace for other than local names: that of the notebook."""
