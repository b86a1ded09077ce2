"""Layers that rearrange, repeat, pad or crop, and have no parameters."""

from __future__ import annotations

from math import prod

from .reading import data_format
from .rule import Argument, Config, Effect, Rule, Shape

_FORMAT = {"data_format": Argument(data_format, None)}


def _flatten(_config: Config, shape: Shape) -> Effect:
    return Effect((shape[0], _product(shape[1:])))


def _product(sizes_: Shape) -> int | None:
    """Return the number of values, or None where a size varies."""
    known = [size for size in sizes_ if size is not None]
    return prod(known) if len(known) == len(sizes_) else None


RULES = {"Flatten": Rule(_FORMAT, _flatten)}
