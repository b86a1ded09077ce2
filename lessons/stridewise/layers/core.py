"""Layers that are not about windows: inputs, dense layers, embeddings."""

from __future__ import annotations

from .axes import known_axis
from .reading import (
    CONSTRAINTS,
    INITIALIZERS,
    KEYWORDS,
    NO_LORA,
    NO_QUANTIZATION,
    REGULARIZERS,
    activation,
    anything,
    dimensions,
    dtype,
    flag,
    name,
    named,
    of_weights,
    only,
    optional,
    positive,
)
from .rule import Argument, Config, Effect, Rule, Shape

_ADAPTED = {
    "lora_rank": Argument(NO_LORA, None),
    "lora_alpha": Argument(anything, None),
    "quantization_config": Argument(NO_QUANTIZATION, None),
}


def _input(_config: Config, shape: Shape) -> Effect:
    return Effect(shape)


def _settle_input(config: Config) -> Config:
    if (config["shape"] is None) == (config["batch_shape"] is None):
        raise ValueError("needs shape=(height, width, channels), or else batch_shape")
    if config["batch_shape"] is not None and config["batch_size"] is not None:
        raise ValueError("takes batch_size or batch_shape, not both")
    return config


def input_shape_of(config: Config) -> Shape:
    """Return the shape, batch first, that an InputLayer declares."""
    if config["batch_shape"] is not None:
        return tuple(config["batch_shape"])
    return (config["batch_size"], *config["shape"])


def _dense(config: Config, shape: Shape) -> Effect:
    if len(shape) < 2:
        raise ValueError(f"takes an input of 2 axes or more, got {shape}")
    units = config["units"]
    kernel = known_axis(shape, -1) * units
    return Effect((*shape[:-1], units), kernel + config["use_bias"] * units)


def _embedding(config: Config, shape: Shape) -> Effect:
    width = config["output_dim"]
    return Effect((*shape, width), config["input_dim"] * width)


_INPUT = {
    "shape": Argument(optional(dimensions), None),
    "batch_size": Argument(optional(positive), None),
    "dtype": Argument(dtype, None),
    "sparse": Argument(anything, None),
    "ragged": Argument(anything, None),
    "batch_shape": Argument(optional(dimensions), None),
}
_TENSOR = only(None, "an input made from a tensor has a shape that is not in its arguments")

RULES = {
    "InputLayer": Rule(
        _INPUT
        | {
            "input_tensor": Argument(_TENSOR, None),
            "optional": Argument(flag, default=False),
            "name": Argument(name, None),
        },
        _input,
        _settle_input,
        keywords={},
    ),
    "Input": Rule(
        _INPUT
        | {
            "name": Argument(name, None),
            "tensor": Argument(_TENSOR, None),
            "optional": Argument(flag, default=False),
        },
        _input,
        _settle_input,
        keywords={},
    ),
    "Dense": Rule(
        {
            "units": Argument(positive),
            "activation": Argument(activation, None),
            "use_bias": Argument(flag, default=True),
        }
        | of_weights("kernel", "bias")
        | _ADAPTED,
        _dense,
    ),
    "Embedding": Rule(
        {
            "input_dim": Argument(positive),
            "output_dim": Argument(positive),
            "embeddings_initializer": Argument(named(INITIALIZERS), "uniform"),
            "embeddings_regularizer": Argument(named(REGULARIZERS), None),
            "embeddings_constraint": Argument(named(CONSTRAINTS), None),
            "mask_zero": Argument(anything, default=False),
            "weights": Argument(only(None, "weights are not read"), None),
        }
        | _ADAPTED,
        _embedding,
        keywords=KEYWORDS | {"input_length": Argument(anything, None)},
    ),
}
