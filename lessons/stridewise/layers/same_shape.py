"""Layers that keep the shape: activations, dropout layers of every kind, rescaling."""

from __future__ import annotations

from functools import partial
from math import prod

from .axes import known
from .reading import (
    KEYWORDS,
    activation,
    anything,
    axes,
    constraint,
    data_format,
    dtype,
    fraction,
    initializer,
    name,
    not_negative,
    number,
    optional,
    positive,
    regularizer,
    several,
    whole,
)
from .rule import Argument, Arguments, Config, Effect, Rule, Shape


def _keep(_config: Config, shape: Shape) -> Effect:
    return Effect(shape)


def _keep_of_rank(_config: Config, shape: Shape, rank: int) -> Effect:
    if len(shape) != rank + 2:
        raise ValueError(f"takes an input of {rank + 2} axes, got {len(shape)}: {shape}")
    return Effect(shape)


def _noise(value: object) -> object:
    """Read the shape in which values are dropped together."""
    return tuple(map(optional(positive), several(value)))


def _settle_slope(config: Config) -> Config:
    """Take `alpha`, the name that the slope had before Keras 3."""
    slope = config["negative_slope"] if config["alpha"] is None else config["alpha"]
    return {key: value for key, value in config.items() if key != "alpha"} | {
        "negative_slope": slope
    }


def _shared(value: object) -> tuple[int, ...] | None:
    """Read the axes along which a slope is shared."""
    chosen = None if value is None else axes(value)
    return (chosen,) if isinstance(chosen, int) else chosen


def _slopes(config: Config, shape: Shape) -> Effect:
    """Count one slope for each value, or one along each shared axis."""
    own = list(shape[1:])
    for axis in config["shared_axes"] or ():
        if not -len(own) < axis <= len(own):
            raise ValueError(f"shared_axes={config['shared_axes']} holds no axis of {shape}")
        own[axis - 1] = 1
    return Effect(shape, prod(known(size, "every size of its input") for size in own))


_RATE = {"rate": Argument(fraction)}
_SEED = {"seed": Argument(optional(whole), None)}
_NOISE = {"noise_shape": Argument(optional(_noise), None)}
_BARE = {"name": Argument(name, None), "dtype": Argument(dtype, None)}
_FORMAT = {"data_format": Argument(data_format, None)}


def _kept(arguments: Arguments) -> Rule:
    return Rule(arguments, _keep)


def _spatial(arguments: Arguments, rank: int) -> Rule:
    return Rule(arguments, partial(_keep_of_rank, rank=rank), keywords={})


RULES = {
    "Activation": _kept({"activation": Argument(activation)}),
    "ReLU": _kept(
        {
            "max_value": Argument(optional(not_negative), None),
            "negative_slope": Argument(not_negative, 0.0),
            "threshold": Argument(not_negative, 0.0),
        }
    ),
    "LeakyReLU": Rule(
        {"negative_slope": Argument(not_negative, 0.3)},
        _keep,
        _settle_slope,
        keywords=KEYWORDS | {"alpha": Argument(optional(not_negative), None)},
    ),
    "ELU": _kept({"alpha": Argument(number, 1.0)}),
    "PReLU": Rule(
        {
            "alpha_initializer": Argument(initializer, "Zeros"),
            "alpha_regularizer": Argument(regularizer, None),
            "alpha_constraint": Argument(constraint, None),
            "shared_axes": Argument(_shared, None),
        },
        _slopes,
    ),
    "Softmax": _kept({"axis": Argument(axes, -1)}),
    "Dropout": _kept(_RATE | _NOISE | _SEED),
    "AlphaDropout": _kept(_RATE | {"noise_shape": Argument(anything, None)} | _SEED),
    "GaussianDropout": _kept(_RATE | _SEED),
    "GaussianNoise": _kept({"stddev": Argument(fraction)} | _SEED),
    "SpatialDropout1D": _spatial(_RATE | _SEED | _BARE, rank=1),
    "SpatialDropout2D": _spatial(_RATE | _FORMAT | _SEED | _BARE, rank=2),
    "SpatialDropout3D": _spatial(_RATE | _FORMAT | _SEED | _BARE, rank=3),
    "ActivityRegularization": Rule(
        {"l1": Argument(not_negative, 0.0), "l2": Argument(not_negative, 0.0)},
        _keep,
        keywords={key: rule for key, rule in KEYWORDS.items() if key != "activity_regularizer"},
    ),
    "Rescaling": _kept({"scale": Argument(anything), "offset": Argument(anything, 0.0)}),
    "Identity": _kept({}),
    "Masking": _kept({"mask_value": Argument(anything, 0.0)}),
}
