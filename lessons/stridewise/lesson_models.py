"""The networks of the lessons: three that differ in padding and stride, one pooled, one dilated."""

from __future__ import annotations

from typing import Any

from .layers import Layer, layer
from .network import Network

_IMAGE = (28, 28, 1)
_WINDOWS: dict[str, dict[str, Any]] = {
    "valid": {"padding": "valid"},
    "same": {"padding": "same"},
    "stride": {"padding": "same", "strides": 2},
}


def _pooled() -> list[Layer]:
    return [
        layer("Conv2D", 16, kernel_size=3, activation="relu"),
        layer("MaxPooling2D", pool_size=3),
        layer("Conv2D", 32, kernel_size=3, padding="same", activation="relu"),
        layer("MaxPooling2D", pool_size=2),
        layer("Flatten"),
        layer("Dense", 10, activation="softmax"),
    ]


def _dilated() -> list[Layer]:
    convolutions = [
        layer("Conv2D", 8, kernel_size=3, dilation_rate=rate, activation="relu")
        for rate in (1, 2, 4)
    ]
    return [*convolutions, layer("Flatten"), layer("Dense", 10, activation="softmax")]


_OTHERS = {"pooled": _pooled, "dilated": _dilated}


def lesson_network(name: str) -> Network:
    """Return the network of a lesson: "valid", "same", "stride", "pooled" or "dilated".

    Raises:
        ValueError: If there is no lesson network of that name.

    >>> lesson_network("stride").total_parameters
    85770
    """
    if name in _OTHERS:
        return Network.sequential(_OTHERS[name](), input_shape=_IMAGE)
    if name not in _WINDOWS:
        known = ", ".join(map(repr, (*_WINDOWS, *_OTHERS)))
        raise ValueError(f"lesson network {name!r} is not known; use one of {known}")
    convolutions = [
        layer("Conv2D", 32, kernel_size=3, activation="relu", **_WINDOWS[name]) for _ in range(3)
    ]
    dense = [layer("Dense", 128, activation="relu"), layer("Dense", 10, activation="softmax")]
    return Network.sequential([*convolutions, layer("Flatten"), *dense], input_shape=_IMAGE)
