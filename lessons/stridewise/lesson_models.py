"""The three networks of the lessons: alike but for padding and stride."""

from __future__ import annotations

from typing import Any

from .layers import layer
from .network import Network

_WINDOWS: dict[str, dict[str, Any]] = {
    "valid": {"padding": "valid"},
    "same": {"padding": "same"},
    "stride": {"padding": "same", "strides": 2},
}


def lesson_network(name: str) -> Network:
    """Return the network of a lesson: "valid", "same" or "stride".

    Raises:
        ValueError: If there is no lesson network of that name.

    >>> lesson_network("stride").total_parameters
    85770
    """
    if name not in _WINDOWS:
        known = ", ".join(map(repr, _WINDOWS))
        raise ValueError(f"lesson network {name!r} is not known; use one of {known}")
    convolutions = [
        layer("Conv2D", 32, kernel_size=3, activation="relu", **_WINDOWS[name]) for _ in range(3)
    ]
    dense = [layer("Dense", 128, activation="relu"), layer("Dense", 10, activation="softmax")]
    return Network.sequential([*convolutions, layer("Flatten"), *dense], input_shape=(28, 28, 1))
