"""Keras's layers by Keras's names, without weights: what they make of a shape, and what they cost.

The arguments, their order and their defaults are those of Keras 3.
"""

from __future__ import annotations

from .layer import (
    Layer,
    build,
    input_shape_of,
    is_operation,
    layer,
    layer_of,
    merges,
    without_inputs,
)
from .rule import Effect, Shape, UnsupportedLayer

__all__ = [
    "Effect",
    "Layer",
    "Shape",
    "UnsupportedLayer",
    "build",
    "input_shape_of",
    "is_operation",
    "layer",
    "layer_of",
    "merges",
    "without_inputs",
]
