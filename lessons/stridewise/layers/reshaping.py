"""Layers that rearrange, repeat, pad or crop, and have no parameters."""

from __future__ import annotations

from functools import partial
from math import prod

from .axes import put_together, take_apart
from .reading import data_format, one_of, pairs, plain_positive, several, sizes, whole
from .rule import Argument, Config, Effect, Rule, Shape

_FORMAT = {"data_format": Argument(data_format, None)}
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")


def _flatten(_config: Config, shape: Shape) -> Effect:
    if not shape:
        raise ValueError("takes an input with a batch axis, got none")
    return Effect((shape[0], _product(shape[1:])))


def _product(sizes_: Shape) -> int | None:
    """Return the number of values, or None where a size varies."""
    known = [size for size in sizes_ if size is not None]
    return prod(known) if len(known) == len(sizes_) else None


def _target(value: object) -> Shape:
    """Read the shape to make, without the batch; one size may be -1, for what is left."""
    target = tuple(None if size is None else whole(size) for size in several(value))
    if any(size is not None and size < 1 and size != -1 for size in target):
        raise ValueError("must hold sizes of 1 or more, or one -1")
    if target.count(-1) > 1:
        raise ValueError("holds more than one -1")
    return target


def _reshape(config: Config, shape: Shape) -> Effect:
    target: Shape = config["target_shape"]
    given = _product(shape[1:])
    if given is None or None in target:
        return Effect((shape[0], *(None if size == -1 else size for size in target)))
    wanted = prod(size for size in target if size is not None and size != -1)
    if given % wanted or (-1 not in target and given != wanted):
        raise ValueError(f"target_shape={target} does not hold the {given} values of {shape[1:]}")
    return Effect((shape[0], *(given // wanted if size == -1 else size for size in target)))


def _dims(value: object) -> tuple[int, ...]:
    """Read a permutation of the axes after the batch, counted from 1."""
    dims = tuple(map(whole, several(value)))
    if sorted(dims) != list(range(1, len(dims) + 1)):
        raise ValueError("must hold each of 1, 2, 3 ... once")
    return dims


def _permute(config: Config, shape: Shape) -> Effect:
    dims = config["dims"]
    if len(shape) != len(dims) + 1:
        raise ValueError(f"dims={dims} does not permute {shape[1:]}")
    return Effect((shape[0], *(shape[dim] for dim in dims)))


def _repeat(config: Config, shape: Shape) -> Effect:
    batch, features = take_apart(shape, 0, "channels_last")[::2]
    return Effect((batch, config["n"], features))


def _pad(config: Config, shape: Shape, rank: int) -> Effect:
    batch, spatial, channels = take_apart(shape, rank, config["data_format"])
    widths = [config["padding"]] if rank == 1 else config["padding"]
    padded = [
        None if size is None else size + sum(width)
        for size, width in zip(spatial, widths, strict=True)
    ]
    return Effect(put_together(batch, padded, channels, config["data_format"]))


def _crop(config: Config, shape: Shape, rank: int) -> Effect:
    where = config.get("data_format", "channels_last")
    batch, spatial, channels = take_apart(shape, rank, where)
    widths = [config["cropping"]] if rank == 1 else config["cropping"]
    left = [
        None if size is None else size - sum(width)
        for size, width in zip(spatial, widths, strict=True)
    ]
    if any(size is not None and size < 1 for size in left):
        raise ValueError(f"cropping={config['cropping']} leaves nothing of {spatial}")
    return Effect(put_together(batch, left, channels, where))


def _up_sample(config: Config, shape: Shape, rank: int) -> Effect:
    where = config.get("data_format", "channels_last")
    batch, spatial, channels = take_apart(shape, rank, where)
    factors = [config["size"]] if rank == 1 else config["size"]
    grown = [
        None if size is None else size * factor
        for size, factor in zip(spatial, factors, strict=True)
    ]
    return Effect(put_together(batch, grown, channels, where))


def _up(rank: int) -> Argument:
    return Argument(sizes(rank), (2,) * rank)


_INTERPOLATION = Argument(one_of(*_INTERPOLATIONS, any_case=True), "nearest")

RULES = {
    "Flatten": Rule(_FORMAT, _flatten),
    "Reshape": Rule({"target_shape": Argument(_target)}, _reshape),
    "Permute": Rule({"dims": Argument(_dims)}, _permute),
    "RepeatVector": Rule({"n": Argument(plain_positive)}, _repeat),
    "ZeroPadding1D": Rule(
        {"padding": Argument(sizes(2, minimum=0), 1)} | _FORMAT, partial(_pad, rank=1)
    ),
    "ZeroPadding2D": Rule({"padding": Argument(pairs(2), (1, 1))} | _FORMAT, partial(_pad, rank=2)),
    "ZeroPadding3D": Rule(
        {"padding": Argument(pairs(3), ((1, 1), (1, 1), (1, 1)))} | _FORMAT, partial(_pad, rank=3)
    ),
    "Cropping1D": Rule({"cropping": Argument(sizes(2, minimum=0), (1, 1))}, partial(_crop, rank=1)),
    "Cropping2D": Rule(
        {"cropping": Argument(pairs(2), ((0, 0), (0, 0)))} | _FORMAT, partial(_crop, rank=2)
    ),
    "Cropping3D": Rule(
        {"cropping": Argument(pairs(3), ((1, 1), (1, 1), (1, 1)))} | _FORMAT, partial(_crop, rank=3)
    ),
    "UpSampling1D": Rule({"size": Argument(plain_positive, 2)}, partial(_up_sample, rank=1)),
    "UpSampling2D": Rule(
        {"size": _up(2)} | _FORMAT | {"interpolation": _INTERPOLATION}, partial(_up_sample, rank=2)
    ),
    "UpSampling3D": Rule({"size": _up(3)} | _FORMAT, partial(_up_sample, rank=3)),
}
