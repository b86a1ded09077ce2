"""Pooling over windows, and over everything."""

from __future__ import annotations

from functools import partial

from .axes import put_together, slide, take_apart
from .reading import data_format, flag, name, one_of, optional, sizes
from .rule import REQUIRED, Argument, Arguments, Config, Effect, Rule, Shape

_RANKS = (1, 2, 3)


def _pool_arguments(rank: int, default: object) -> Arguments:
    return {
        "pool_size": Argument(sizes(rank), default),
        "strides": Argument(optional(sizes(rank)), None),
        "padding": Argument(one_of("valid", "same"), "valid"),
        "data_format": Argument(data_format, None),
        "name": Argument(name, None),
    }


_GLOBAL_ARGUMENTS = {
    "data_format": Argument(data_format, None),
    "keepdims": Argument(flag, default=False),
}


def _side_by_side(config: Config) -> Config:
    """Use the pool size as strides, unless strides are given."""
    return {**config, "strides": config["strides"] or config["pool_size"]}


def _pool(config: Config, shape: Shape, rank: int) -> Effect:
    batch, spatial, channels = take_apart(shape, rank, config["data_format"])
    pools, padding = config["pool_size"], config["padding"]
    for size, pool in zip(spatial, pools, strict=True):
        if padding == "valid" and size is not None and pool > size:
            raise ValueError(
                f"pool_size={pools} does not fit in an input of {spatial}; "
                "use a smaller pool or padding='same'"
            )
    windows = [
        slide(size, pool, step, padding)
        for size, pool, step in zip(spatial, pools, config["strides"], strict=True)
    ]
    return Effect(put_together(batch, windows, channels, config["data_format"]))


def _global_pool(config: Config, shape: Shape, rank: int) -> Effect:
    batch, _, channels = take_apart(shape, rank, config["data_format"])
    if not config["keepdims"]:
        return Effect((batch, channels))
    return Effect(put_together(batch, (1,) * rank, channels, config["data_format"]))


def _pools(rank: int) -> dict[str, Rule]:
    effect = partial(_pool, rank=rank)
    default = 2 if rank == 1 else (2,) * rank
    everywhere = Rule(_GLOBAL_ARGUMENTS, partial(_global_pool, rank=rank))
    return {
        f"MaxPooling{rank}D": Rule(_pool_arguments(rank, default), effect, _side_by_side),
        f"AveragePooling{rank}D": Rule(_pool_arguments(rank, REQUIRED), effect, _side_by_side),
        f"GlobalMaxPooling{rank}D": everywhere,
        f"GlobalAveragePooling{rank}D": everywhere,
    }


RULES = {key: rule for rank in _RANKS for key, rule in _pools(rank).items()}
