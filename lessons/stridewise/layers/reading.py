"""How the values of a layer's arguments are read: each reader returns a plain value, or refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import index
from typing import SupportsIndex

from .rule import Argument, UnsupportedLayer

Reader = Callable[[object], object]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The names that Keras knows; a test compares them with Keras's own tables.
ACTIVATIONS = _words(
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh "
    "leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink "
    "softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh "
    "tanh_shrink threshold"
)
INITIALIZERS = _words(
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer "
    "LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform "
    "STFT STFTInitializer TruncatedNormal VarianceScaling Zeros constant glorot_normal "
    "glorot_uniform he_normal he_uniform identity lecun_normal lecun_uniform normal one ones "
    "orthogonal random_normal random_uniform stft truncated_normal uniform variance_scaling zero "
    "zeros"
)
REGULARIZERS = _words("L1 L1L2 L2 OrthogonalRegularizer l1 l1l2 l2 orthogonal_regularizer")
CONSTRAINTS = _words("MaxNorm MinMaxNorm NonNeg UnitNorm max_norm min_max_norm non_neg unit_norm")
DTYPES = _words(
    "bfloat16 bool complex128 complex64 float16 float32 float64 float8_e4m3fn float8_e5m2 int16 "
    "int32 int64 int8 mixed_bfloat16 mixed_float16 string uint16 uint32 uint64 uint8"
)


def anything(value: object) -> object:
    """Accept a value that does not affect shapes and parameters."""
    return value


def whole(value: object) -> int:
    """Read a whole number of any sign."""
    if isinstance(value, bool) or not isinstance(value, (int, SupportsIndex)):
        raise TypeError("is not a whole number")
    return index(value)


def positive(value: object) -> int:
    """Read a whole number above zero."""
    if whole(value) < 1:
        raise ValueError("must be 1 or more")
    return whole(value)


def plain_positive(value: object) -> int:
    """Read an int above zero, where Keras takes no other kind of whole number."""
    if not isinstance(value, int):
        raise TypeError("is not an int")
    return positive(value)


def flag(value: object) -> bool:
    """Read True or False."""
    if not isinstance(value, bool):
        raise TypeError("must be True or False")
    return value


def number(value: object) -> float:
    """Read an int or a float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError("is not a number")
    return value


def not_negative(value: object) -> float:
    """Read a number of 0 or more."""
    if number(value) < 0:
        raise ValueError("must be 0 or more")
    return number(value)


def fraction(value: object) -> float:
    """Read a number from 0 to 1."""
    if not 0 <= number(value) <= 1:
        raise ValueError("must be between 0 and 1")
    return number(value)


def optional(read: Reader) -> Reader:
    """Read None as itself, and anything else with `read`."""
    return lambda value: None if value is None else read(value)


def only_none(why: str) -> Reader:
    """Read nothing but None: with a value, shapes and parameters would not be known."""

    def read(value: object) -> None:
        if value is not None:
            raise UnsupportedLayer(f"is not supported: {why}")

    return read


def one_of(*words: str, any_case: bool = False) -> Reader:
    """Read one of `words`."""

    def read(value: object) -> str:
        word = value.lower() if any_case and isinstance(value, str) else value
        if word not in words:
            raise ValueError(f"is not known; use {' or '.join(map(repr, words))}")
        return str(word)

    return read


def several(value: object, count: int | None = None) -> tuple[object, ...]:
    """Read a tuple or a list, of `count` entries where that is known."""
    if not isinstance(value, (tuple, list)) or count not in (None, len(value)):
        raise TypeError(f"must be a tuple{f' of {count} entries' if count else ''}")
    return tuple(value)


def sizes(count: int, minimum: int = 1) -> Callable[[object], tuple[int, ...]]:
    """Read one int for all of `count` axes, or a tuple with an int for each."""

    def read(value: object) -> tuple[int, ...]:
        values = (value,) * count if isinstance(value, int) else several(value, count)
        plain = tuple(map(whole, values))
        if min(plain) < minimum:
            raise ValueError(f"must be {minimum} or more")
        return plain

    return read


def pairs(count: int) -> Reader:
    """Read (before, after) for each of `count` axes; an int means both, or all."""

    def read(value: object) -> tuple[tuple[int, ...], ...]:
        values = (value,) * count if isinstance(value, int) else several(value, count)
        return tuple(map(sizes(2, minimum=0), values))

    return read


def dimensions(value: object) -> tuple[object, ...]:
    """Read the shape of an input: ints, and None where the size varies."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError("is not a shape; use a tuple of ints such as (28, 28, 1)")
    return tuple(map(optional(positive), value))


def axes(value: object) -> int | tuple[int, ...]:
    """Read one axis or several."""
    return tuple(map(whole, value)) if isinstance(value, (tuple, list)) else whole(value)


def data_format(value: object) -> object:
    """Read where the channels are; None means Keras's default, last."""
    return "channels_last" if value is None else _data_format(value)


_data_format = one_of("channels_last", "channels_first", any_case=True)


def named(known: frozenset[str]) -> Reader:
    """Read a name that Keras knows, None, or an object of Keras's (as its config or itself)."""

    def read(value: object) -> object:
        if isinstance(value, str) and value not in known:
            raise ValueError("is not a name that Keras knows")
        if value is not None and not (isinstance(value, (str, dict)) or callable(value)):
            raise TypeError("is neither a name nor an object of Keras's")
        return value

    return read


activation = named(ACTIVATIONS)
initializer = named(INITIALIZERS)
regularizer = named(REGULARIZERS)
constraint = named(CONSTRAINTS)


def dtype(value: object) -> object:
    """Read a dtype; a quantised one has further parameters, so it is refused."""
    policy = value.get("class_name", "") if isinstance(value, dict) else value
    if isinstance(policy, str) and ("Quantized" in policy or "_from_" in policy):
        raise UnsupportedLayer("is not supported: a quantised layer has other parameters")
    if isinstance(value, str) and value not in DTYPES:
        raise ValueError("is not a dtype that Keras knows")
    return value


def name(value: object) -> str | None:
    """Read a layer's name."""
    if value is not None and (not isinstance(value, str) or "/" in value):
        raise ValueError("must be a string without a slash")
    return value


def of_weights(*weights: str) -> dict[str, Argument]:
    """Return the arguments that say how `weights` begin, and what holds them back."""
    starts = {"bias": "zeros"}
    begin = {
        f"{weight}_initializer": Argument(initializer, starts.get(weight, "glorot_uniform"))
        for weight in weights
    }
    regularizers = {f"{weight}_regularizer": Argument(regularizer, None) for weight in weights}
    constraints = {f"{weight}_constraint": Argument(constraint, None) for weight in weights}
    activity = {"activity_regularizer": Argument(regularizer, None)}
    return begin | regularizers | activity | constraints


# Keywords that every layer takes after its own arguments.
KEYWORDS = {
    "name": Argument(name, None),
    "trainable": Argument(flag, default=True),
    "dtype": Argument(dtype, None),
    "activity_regularizer": Argument(regularizer, None),
    "autocast": Argument(flag, default=True),
    "input_shape": Argument(optional(dimensions), None),
    "input_dim": Argument(optional(positive), None),
}
LORA = {
    "lora_rank": Argument(only_none("a low-rank adapter has further parameters"), None),
    "lora_alpha": Argument(anything, None),
}
