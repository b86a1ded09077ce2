"""Convolutions: plain, transposed, depthwise and separable, of one, two and three dimensions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod

from .axes import known, put_together, slide, take_apart
from .reading import (
    KEYWORDS,
    LORA,
    activation,
    data_format,
    flag,
    of_weights,
    one_of,
    optional,
    positive,
    sizes,
)
from .rule import Argument, Arguments, Config, Effect, Rule, Shape, as_it_is

_same_or_valid = one_of("valid", "same", any_case=True)
_or_causal = one_of("valid", "same", "causal", any_case=True)


_LATE = 3  # Keras's Conv3DTranspose takes `output_padding` one place later than the others


def _once(rank: int) -> int | tuple[int, ...]:
    """Return 1 for each axis, as Keras's constructors write it."""
    return 1 if rank == 1 else (1,) * rank


def _kernel(rank: int) -> dict[str, Argument]:
    return {
        "kernel_size": Argument(sizes(rank)),
        "strides": Argument(sizes(rank), _once(rank)),
    }


def _dilation(rank: int) -> dict[str, Argument]:
    return {
        "data_format": Argument(data_format, None),
        "dilation_rate": Argument(sizes(rank), _once(rank)),
    }


_FILTERS = {"filters": Argument(positive)}
_DEPTH = {"depth_multiplier": Argument(positive, 1)}
_OUTPUT = {"activation": Argument(activation, None), "use_bias": Argument(flag, default=True)}


def _padding(*, causal: bool = False) -> dict[str, Argument]:
    return {"padding": Argument(_or_causal if causal else _same_or_valid, "valid")}


def _conv_arguments(rank: int) -> Arguments:
    groups = {"groups": Argument(positive, 1)}
    head = _FILTERS | _kernel(rank) | _padding(causal=rank == 1) | _dilation(rank) | groups
    return head | _OUTPUT | of_weights("kernel", "bias")


def _transpose_arguments(rank: int) -> Arguments:
    extra = {"output_padding": Argument(optional(sizes(rank, minimum=0)), None)}
    dilation = _dilation(rank)
    if rank == _LATE:
        middle = {"data_format": dilation["data_format"]} | extra | dilation
    else:
        middle = extra | dilation
    head = _FILTERS | _kernel(rank) | _padding() | middle
    return head | _OUTPUT | of_weights("kernel", "bias")


def _depthwise_arguments(rank: int) -> Arguments:
    head = _kernel(rank) | _padding() | _DEPTH | _dilation(rank)
    return head | _OUTPUT | of_weights("depthwise", "bias")


def _separable_arguments(rank: int) -> Arguments:
    head = _FILTERS | _kernel(rank) | _padding() | _dilation(rank) | _DEPTH
    return head | _OUTPUT | of_weights("depthwise", "pointwise", "bias")


def _settle(config: Config) -> Config:
    """Refuse a stride and a dilation together, as Keras does."""
    if max(config["strides"]) > 1 and max(config["dilation_rate"]) > 1:
        raise ValueError(
            f"strides={config['strides']} and dilation_rate={config['dilation_rate']} "
            "do not go together; leave one of them at 1"
        )
    return config


def _settle_conv(config: Config) -> Config:
    filters, groups = config["filters"], config["groups"]
    if filters % groups:
        raise ValueError(f"filters={filters} must be a multiple of groups={groups}")
    return _settle(config)


def _settle_transpose(config: Config) -> Config:
    extra, strides = config["output_padding"], config["strides"]
    if extra is not None and any(map(int.__ge__, extra, strides)):
        raise ValueError(f"output_padding={extra} must be smaller than strides={strides}")
    return _settle(config)


def _windows(config: Config, spatial: Shape) -> list[int | None]:
    """Return the output size of each spatial axis."""
    return [
        slide(size, kernel, step, config["padding"], dilation)
        for size, kernel, step, dilation in zip(
            spatial, config["kernel_size"], config["strides"], config["dilation_rate"], strict=True
        )
    ]


def _conv(config: Config, shape: Shape, rank: int) -> Effect:
    batch, spatial, channels = take_apart(shape, rank, config["data_format"])
    channels, groups, filters = known(channels, "the channels"), config["groups"], config["filters"]
    if channels % groups:
        raise ValueError(f"the input has {channels} channels, no multiple of groups={groups}")
    kernel = prod(config["kernel_size"]) * channels // groups * filters
    output = put_together(batch, _windows(config, spatial), filters, config["data_format"])
    return Effect(output, kernel + config["use_bias"] * filters)


def _depthwise(config: Config, shape: Shape, rank: int) -> Effect:
    batch, spatial, channels = take_apart(shape, rank, config["data_format"])
    maps = known(channels, "the channels") * config["depth_multiplier"]
    kernel = prod(config["kernel_size"]) * maps
    output = put_together(batch, _windows(config, spatial), maps, config["data_format"])
    return Effect(output, kernel + config["use_bias"] * maps)


def _separable(config: Config, shape: Shape, rank: int) -> Effect:
    batch, spatial, channels = take_apart(shape, rank, config["data_format"])
    filters = config["filters"]
    maps = known(channels, "the channels") * config["depth_multiplier"]
    kernels = prod(config["kernel_size"]) * maps + maps * filters
    output = put_together(batch, _windows(config, spatial), filters, config["data_format"])
    return Effect(output, kernels + config["use_bias"] * filters)


def _transpose(config: Config, shape: Shape, rank: int) -> Effect:
    batch, spatial, channels = take_apart(shape, rank, config["data_format"])
    filters = config["filters"]
    kernel = prod(config["kernel_size"]) * known(channels, "the channels") * filters
    extra = config["output_padding"] or (None,) * rank
    grown = [
        None if size is None else _grown(size, (width - 1) * dilation + 1, step, config, more)
        for size, width, step, dilation, more in zip(
            spatial,
            config["kernel_size"],
            config["strides"],
            config["dilation_rate"],
            extra,
            strict=True,
        )
    ]
    output = put_together(batch, grown, filters, config["data_format"])
    return Effect(output, kernel + config["use_bias"] * filters)


def _grown(size: int, span: int, strides: int, config: Config, extra: int | None) -> int:
    """Return the output size of a transposed convolution on one axis, by Keras's rule.

    https://github.com/keras-team/keras/blob/master/keras/src/backend/common/backend_utils.py
    """
    if config["padding"] == "same":
        return size * strides if extra is None else (size - 1) * strides + span % 2 + extra
    beyond = max(span, strides) - span if extra is None else extra
    return (size - 1) * strides + span + beyond


def _family(
    name: str,
    ranks: tuple[int, ...],
    arguments: Callable[[int], Arguments],
    effect: Callable[..., Effect],
    settle: Callable[[Config], Config] = as_it_is,
    keywords: Arguments | None = None,
) -> dict[str, Rule]:
    return {
        name.format(rank): Rule(arguments(rank), partial(effect, rank=rank), settle, keywords)
        for rank in ranks
    }


RULES = {
    **_family("Conv{}D", (1, 2, 3), _conv_arguments, _conv, _settle_conv, KEYWORDS | LORA),
    **_family("Conv{}DTranspose", (1, 2, 3), _transpose_arguments, _transpose, _settle_transpose),
    **_family("DepthwiseConv{}D", (1, 2), _depthwise_arguments, _depthwise),
    **_family("SeparableConv{}D", (1, 2), _separable_arguments, _separable),
}
