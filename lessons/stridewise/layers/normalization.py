"""Layers that keep the shape and hold statistics or factors of one axis or more."""

from __future__ import annotations

from math import inf, prod

from .axes import known_axis
from .reading import (
    KEYWORDS,
    anything,
    axes,
    constraint,
    flag,
    initializer,
    number,
    optional,
    plain_positive,
    regularizer,
    whole,
)
from .rule import Argument, Config, Effect, Rule, Shape

_CENTER_AND_SCALE = {
    "epsilon": Argument(number, 0.001),
    "center": Argument(flag, default=True),
    "scale": Argument(flag, default=True),
}
_HELD_BACK = {
    "beta_regularizer": Argument(regularizer, None),
    "gamma_regularizer": Argument(regularizer, None),
    "beta_constraint": Argument(constraint, None),
    "gamma_constraint": Argument(constraint, None),
}
_RMS = {"rms_scaling": Argument(flag, default=False)}


def _begin(**starts: str) -> dict[str, Argument]:
    return {f"{key}_initializer": Argument(initializer, start) for key, start in starts.items()}


def _settle_batch(config: Config) -> Config:
    """Check the limits of batch renormalization, where it is asked for."""
    limits = config["renorm_clipping"] or {}
    if config["renorm"]:
        if not (isinstance(limits, dict) and set(limits) <= {"rmax", "rmin", "dmax"}):
            raise ValueError(f"renorm_clipping={limits!r} must be a dict of rmax, rmin and dmax")
        if limits.get("rmax", inf) < limits.get("rmin", -inf) or limits.get("dmax", 0) < 0:
            raise ValueError(f"renorm_clipping={limits!r} has a lower limit above the upper one")
    return config


def _batch(config: Config, shape: Shape) -> Effect:
    size = known_axis(shape, config["axis"])
    learnt = size * (config["center"] + config["scale"])
    return Effect(shape, learnt, size * (5 if config["renorm"] else 2))


def _chosen(config: Config, shape: Shape) -> int:
    """Return the number of values on the chosen axis, or axes."""
    chosen = config["axis"] if isinstance(config["axis"], tuple) else (config["axis"],)
    return prod(known_axis(shape, axis) for axis in chosen)


def _unit(config: Config, shape: Shape) -> Effect:
    chosen = config["axis"] if isinstance(config["axis"], tuple) else (config["axis"],)
    for axis in chosen:
        if not -len(shape) <= axis < len(shape):
            raise ValueError(f"axis={axis} is not an axis of {shape}")
    return Effect(shape)


def _layer(config: Config, shape: Shape) -> Effect:
    rms = config["rms_scaling"]
    factors = (config["scale"] or rms) + (config["center"] and not rms)
    # Without factors, the sizes need not be known.
    return Effect(shape, _chosen(config, shape) * factors) if factors else _unit(config, shape)


def _root_mean_square(config: Config, shape: Shape) -> Effect:
    return Effect(shape, _chosen(config, shape))


def _groups(value: object) -> int:
    """Read a number of groups; -1 means one group for each channel."""
    return -1 if value == -1 else plain_positive(value)


def _group(config: Config, shape: Shape) -> Effect:
    size, groups = known_axis(shape, config["axis"]), config["groups"]
    if size % groups or size < groups:
        raise ValueError(f"groups={groups} does not divide the {size} channels")
    return Effect(shape, size * (config["center"] + config["scale"]))


def _both_or_none(config: Config) -> Config:
    if (config["mean"] is None) != (config["variance"] is None):
        raise ValueError("takes mean and variance together, or neither")
    return config


def _given_or_learnt(config: Config, shape: Shape) -> Effect:
    """Count the mean and variance of each value on the axes, and one counter, unless given."""
    axis = config["axis"]
    chosen = () if axis is None else axis if isinstance(axis, tuple) else (axis,)
    sizes = {each % len(shape): known_axis(shape, each) for each in chosen}
    size = prod(known_axis(shape, each) for each in chosen)
    if config["mean"] is not None:
        return Effect(shape)
    if size != prod(sizes.values()):  # an axis named twice makes weights for each time
        raise ValueError(f"axis={axis} names an axis of {shape} twice")
    return Effect(shape, 0, 2 * size + 1)


RULES = {
    "BatchNormalization": Rule(
        {"axis": Argument(whole, -1), "momentum": Argument(number, 0.99)}
        | _CENTER_AND_SCALE
        | _begin(beta="zeros", gamma="ones")
        | _begin(moving_mean="zeros", moving_variance="ones")
        | _HELD_BACK
        | {
            "renorm": Argument(flag, default=False),
            "renorm_clipping": Argument(anything, None),
            "renorm_momentum": Argument(number, 0.99),
            "synchronized": Argument(flag, default=False),
        },
        _batch,
        _settle_batch,
    ),
    "LayerNormalization": Rule(
        {"axis": Argument(axes, -1)}
        | _CENTER_AND_SCALE
        | _begin(beta="zeros", gamma="ones")
        | _HELD_BACK,
        _layer,
        keywords=KEYWORDS | _RMS,
    ),
    "GroupNormalization": Rule(
        {"groups": Argument(_groups, 32), "axis": Argument(whole, -1)}
        | _CENTER_AND_SCALE
        | _begin(beta="zeros", gamma="ones")
        | _HELD_BACK,
        _group,
    ),
    "RMSNormalization": Rule(
        {"axis": Argument(axes, -1), "epsilon": Argument(number, 1e-06)}, _root_mean_square
    ),
    "UnitNormalization": Rule({"axis": Argument(axes, -1)}, _unit),
    "Normalization": Rule(
        {
            "axis": Argument(optional(axes), -1),
            "mean": Argument(anything, None),
            "variance": Argument(anything, None),
            "invert": Argument(flag, default=False),
        },
        _given_or_learnt,
        _both_or_none,
    ),
}
