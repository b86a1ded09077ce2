"""Configs that another version of Keras wrote, in the arguments that are known here.

Keras 2 has `batch_input_shape`, and writes the axis of a BatchNormalization as a list. A later
version may add arguments: one that cannot change a shape or a count is ignored.
"""

from __future__ import annotations

from typing import Any

from .registry import RULES, accepted
from .rule import REQUIRED, Config, Rule

_NO_SHAPE = ("_initializer", "_regularizer", "_constraint")


def known_arguments(type_: str, config: Config, rule: Rule) -> dict[str, Any]:
    """Return a layer's config without unknown arguments, unless they may change a shape.

    >>> rule = RULES["MaxPooling2D"]
    >>> known_arguments("MaxPooling2D", {"pool_size": 2, "dilation_rate": 1, "later": None}, rule)
    {'pool_size': 2}
    >>> known_arguments("MaxPooling2D", {"pool_size": 2, "dilation_rate": 3}, rule)
    {'pool_size': 2, 'dilation_rate': 3}
    """
    known = accepted(rule)
    given = _from_keras_2(type_, dict(config))
    return {k: v for k, v in given.items() if k in known or not _is_harmless(k, v)}


def _from_keras_2(type_: str, config: dict[str, Any]) -> dict[str, Any]:
    """Rename the arguments that Keras 2 calls differently."""
    if "batch_input_shape" in config:
        shape = config.pop("batch_input_shape")
        if type_ == "InputLayer":
            config["batch_shape"] = shape
        elif shape is not None:
            config["input_shape"] = shape[1:]
    axis = config.get("axis")
    if type_ == "BatchNormalization" and isinstance(axis, (list, tuple)) and len(axis) == 1:
        config["axis"] = axis[0]
    return config


def _is_harmless(key: str, value: object) -> bool:
    """Return whether an unknown argument cannot change a shape or a count."""
    return value is None or key.endswith(_NO_SHAPE) or _is_default_elsewhere(key, value)


def _is_default_elsewhere(key: str, value: object) -> bool:
    """Return whether `value` is the default of this argument in other layers."""
    for rule in RULES.values():
        argument = accepted(rule).get(key)
        if argument is None or argument.default is REQUIRED:
            continue
        try:
            if argument.read(value) == argument.read(argument.default):
                return True
        except (TypeError, ValueError):
            continue
    return False
