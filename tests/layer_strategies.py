"""Hypothesis strategies that draw the arguments of Keras's layers, some of them impossible."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from stridewise.layers.registry import RULES
from stridewise.layers.rule import KERAS_LAYERS, REQUIRED

SMALL = st.integers(-1, 4)
NAMES = sorted(name for name, rule in RULES.items() if rule.home == KERAS_LAYERS)
SHAPED = [name for name in NAMES if name not in ("Input", "InputLayer")]
MERGING = [name for name in SHAPED if RULES[name].merges]
SINGLE = [name for name in SHAPED if not RULES[name].merges]


def rank_of(name: str) -> int:
    """Return the number of spatial axes that a class works on."""
    found = re.search(r"([123])D", name)
    return int(found.group(1)) if found else {"RepeatVector": 0, "Dense": 1}.get(name, 2)


def per_axis(rank: int, least: int = 0) -> st.SearchStrategy[Any]:
    """Draw one value for all axes, or one for each; now and then too few."""
    entries = st.integers(least, 4)
    lists = st.lists(entries, min_size=rank, max_size=rank)
    return st.one_of(SMALL, lists.map(tuple), lists, st.tuples(entries))


def _pairs(rank: int) -> st.SearchStrategy[Any]:
    entry = st.one_of(st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)))
    return st.one_of(st.integers(0, 3), st.tuples(*[entry] * rank), st.just((1, 2, 3, 4)))


def value_of(name: str, argument: str) -> st.SearchStrategy[Any]:
    """Draw a value for one argument of a class."""
    known = _BY_NAME | _of_class(name, rank_of(name))
    return known[argument] if argument in known else _BY_SUFFIX[argument.rpartition("_")[2]]


def _of_class(name: str, rank: int) -> dict[str, st.SearchStrategy[Any]]:
    """Return the strategies that depend on the class."""
    edges = per_axis(2) if rank == 1 else _pairs(rank)
    words = ("valid", "same", "causal", "full")
    paddings = st.sampled_from(words if "Pool" in name else (*words, "SAME"))
    axis = st.integers(-5, 4)
    axes = st.lists(st.integers(-3, 3), min_size=1, max_size=2, unique=True)
    takes_one = name in ("BatchNormalization", "GroupNormalization", "Concatenate")
    each = dict.fromkeys(
        ("kernel_size", "strides", "dilation_rate", "pool_size", "output_padding"), per_axis(rank)
    )
    return each | {
        "padding": edges if name.startswith("ZeroPadding") else paddings,
        "cropping": edges,
        "size": SMALL if rank == 1 else per_axis(rank),
        "axis": axis if takes_one else st.one_of(axis, axes),
    }


_NUMBERS = st.sampled_from([-1.0, 0.0, 0.3, 1, 2.5])
_FLAGS = st.booleans()
_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "activation": st.sampled_from([None, "relu", "softmax", "rectified"]),
    "alpha": _NUMBERS,
    "axes": st.one_of(st.integers(-3, 3), st.tuples(st.integers(-3, 3), st.integers(-3, 3))),
    "center": _FLAGS,
    "data_format": st.sampled_from([None, "channels_last", "channels_first", "Channels_Last", "x"]),
    "depth_multiplier": SMALL,
    "dims": st.one_of(st.permutations([1, 2, 3]), st.permutations([1, 2]), st.just((0, 1))),
    "epsilon": _NUMBERS,
    "filters": st.integers(-1, 12),
    "groups": st.integers(-2, 6),
    "input_dim": SMALL,
    "interpolation": st.sampled_from(["nearest", "bilinear", "Nearest"]),
    "invert": _FLAGS,
    "keepdims": _FLAGS,
    "l1": _NUMBERS,
    "l2": _NUMBERS,
    "lora_alpha": st.none(),
    "lora_rank": st.none(),
    "mask_value": _NUMBERS,
    "mask_zero": _FLAGS,
    "max_value": st.one_of(st.none(), _NUMBERS),
    "mean": st.none(),
    "momentum": _NUMBERS,
    "n": SMALL,
    "name": st.sampled_from([None, "mine", "a/b"]),
    "negative_slope": _NUMBERS,
    "noise_shape": st.sampled_from([None, (None, 1, 1, 3), [1, 2], (0, 1)]),
    "normalize": _FLAGS,
    "offset": _NUMBERS,
    "output_dim": SMALL,
    "quantization_config": st.none(),
    "rate": _NUMBERS,
    "renorm": _FLAGS,
    "renorm_clipping": st.sampled_from([None, {"rmax": 3.0}, {"max": 3.0}]),
    "renorm_momentum": _NUMBERS,
    "scale": _FLAGS,
    "seed": st.sampled_from([None, 3]),
    "shared_axes": st.sampled_from([None, 1, [1, 2], [2, 3], [9]]),
    "stddev": _NUMBERS,
    "synchronized": _FLAGS,
    "target_shape": st.sampled_from([(-1,), (4, -1), [2, 3], (-1, -1), (-2, 3), (36,), (3, 12)]),
    "threshold": _NUMBERS,
    "dtype": st.sampled_from([None, "float32", "float17"]),
    "units": SMALL,
    "use_bias": _FLAGS,
    "variance": st.none(),
    "weights": st.none(),
}
_BY_SUFFIX = {
    "initializer": st.sampled_from(["zeros", "he_normal", "HeNormal", "nought"]),
    "regularizer": st.sampled_from([None, "l2", "L1", "l3"]),
    "constraint": st.sampled_from([None, "non_neg", "positive"]),
}


@st.composite
def calls(draw: st.DrawFn, name: str) -> tuple[list[Any], dict[str, Any]]:
    """Draw a call of a constructor: the required arguments, and up to four of the others."""
    arguments = RULES[name].arguments
    required = [key for key, argument in arguments.items() if argument.default is REQUIRED]
    others = [key for key in arguments if key not in required]
    chosen = draw(st.lists(st.sampled_from(others), max_size=4, unique=True)) if others else []
    values = {key: draw(value_of(name, key)) for key in (*required, *chosen)}
    if draw(st.integers(0, 9)) == 0:
        values["trainable"] = draw(_FLAGS)
    by_position = draw(st.integers(0, len(required)))
    positional = [values.pop(key) for key in list(arguments)[:by_position]]
    return positional, values


@st.composite
def shapes(draw: st.DrawFn, name: str) -> tuple[int | None, ...]:
    """Draw an input shape, now and then of too many axes, or with a size that varies."""
    axes = rank_of(name) + draw(st.sampled_from([1, 1, 1, 1, 1, 2]))
    size = st.one_of(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.none())
    return (None, *draw(st.lists(size, min_size=axes, max_size=axes)))
