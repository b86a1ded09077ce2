"""Layers that are not about windows: inputs, dense layers, embeddings."""

from __future__ import annotations

from .axes import known_axis
from .reading import (
    KEYWORDS,
    LORA,
    activation,
    anything,
    constraint,
    dimensions,
    dtype,
    flag,
    initializer,
    name,
    of_weights,
    only_none,
    optional,
    plain_positive,
    positive,
    regularizer,
)
from .rule import Argument, Config, Effect, Rule, Shape

_ADAPTED = LORA | {
    "quantization_config": Argument(only_none("a quantised layer has other parameters"), None),
}
_INPUT = {
    "shape": Argument(optional(dimensions), None),
    "batch_size": Argument(optional(positive), None),
    "dtype": Argument(dtype, None),
    "sparse": Argument(anything, None),
    "ragged": Argument(anything, None),
    "batch_shape": Argument(optional(dimensions), None),
}
_TENSOR = Argument(only_none("the shape of a tensor is not among the arguments"), None)
_OPTIONAL = {"optional": Argument(flag, default=False)}
_NAME = {"name": Argument(name, None)}


def _settle_input(config: Config) -> Config:
    if (config["shape"] is None) == (config["batch_shape"] is None):
        raise ValueError("needs shape=(height, width, channels), or else batch_shape")
    if config["batch_shape"] is not None and config["batch_size"] is not None:
        raise ValueError("takes batch_size or batch_shape, not both")
    return config


def _settle_function(config: Config) -> Config:
    """Give `keras.Input`, a function, the config of the layer that it makes."""
    rest = {key: value for key, value in config.items() if key != "tensor"}
    return _settle_input(rest | {"input_tensor": None})


def _input(_config: Config, shape: Shape) -> Effect:
    return Effect(shape)


def _dense(config: Config, shape: Shape) -> Effect:
    if not shape[1:]:
        raise ValueError(f"takes an input of 2 axes or more, got {shape}")
    units = config["units"]
    kernel = known_axis(shape, -1) * units
    return Effect((*shape[:-1], units), kernel + config["use_bias"] * units)


def _embedding(config: Config, shape: Shape) -> Effect:
    width = config["output_dim"]
    return Effect((*shape, width), config["input_dim"] * width)


RULES = {
    "InputLayer": Rule(
        _INPUT | {"input_tensor": _TENSOR} | _OPTIONAL | _NAME, _input, _settle_input, keywords={}
    ),
    "Input": Rule(
        _INPUT | _NAME | {"tensor": _TENSOR} | _OPTIONAL, _input, _settle_function, keywords={}
    ),
    "Dense": Rule(
        {
            "units": Argument(plain_positive),
            "activation": Argument(activation, None),
            "use_bias": Argument(flag, default=True),
        }
        | of_weights("kernel", "bias")
        | _ADAPTED,
        _dense,
    ),
    "Embedding": Rule(
        {
            "input_dim": Argument(plain_positive),
            "output_dim": Argument(plain_positive),
            "embeddings_initializer": Argument(initializer, "uniform"),
            "embeddings_regularizer": Argument(regularizer, None),
            "embeddings_constraint": Argument(constraint, None),
            "mask_zero": Argument(anything, default=False),
            "weights": Argument(anything, None),
        }
        | _ADAPTED,
        _embedding,
        keywords=KEYWORDS | {"input_length": Argument(anything, None)},
    ),
}
