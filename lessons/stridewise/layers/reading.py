"""How the values of a layer's arguments are read: each reader returns a plain value or refuses."""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import Any

from .rule import Argument, UnsupportedLayer

# The names that Keras knows; a test holds them against Keras's own tables.
ACTIVATIONS = frozenset(
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh "
    "leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink "
    "softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh "
    "tanh_shrink threshold".split()
)
INITIALIZERS = frozenset(
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer "
    "LecunNormal LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal "
    "RandomUniform STFT STFTInitializer TruncatedNormal VarianceScaling Zeros constant "
    "glorot_normal glorot_uniform he_normal he_uniform identity lecun_normal "
    "lecun_uniform normal one ones orthogonal random_normal random_uniform stft truncated_normal "
    "uniform variance_scaling zero zeros".split()
)
REGULARIZERS = frozenset(
    "L1 L1L2 L2 OrthogonalRegularizer l1 l1l2 l2 orthogonal_regularizer".split()
)
CONSTRAINTS = frozenset(
    "MaxNorm MinMaxNorm NonNeg UnitNorm max_norm min_max_norm non_neg unit_norm".split()
)

DTYPES = frozenset(
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 bfloat16 "
    "float8_e4m3fn float8_e5m2 complex64 complex128 string mixed_float16 mixed_bfloat16".split()
)


def anything(value: Any) -> Any:
    """Accept a value that has no bearing on shapes and parameters."""
    return value


def whole(value: Any) -> int:
    """Read a whole number of any sign."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError("is not a whole number")
    return index(value)


def positive(value: Any) -> int:
    """Read a whole number above zero."""
    if whole(value) < 1:
        raise ValueError("must be 1 or more")
    return whole(value)


def flag(value: Any) -> bool:
    """Read True or False."""
    if not isinstance(value, bool):
        raise ValueError("must be True or False")
    return value


def number(value: Any) -> float:
    """Read an int or a float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("is not a number")
    return value


def fraction(value: Any) -> float:
    """Read a number from 0 to 1."""
    if not 0 <= number(value) <= 1:
        raise ValueError("must lie between 0 and 1")
    return number(value)


def optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Read None as itself, and anything else with `read`."""
    return lambda value: None if value is None else read(value)


def only(value: Any, why: str) -> Callable[[Any], Any]:
    """Read nothing but `value`; with another, the result would not be known."""

    def read(given: Any) -> Any:
        if given != value:
            raise UnsupportedLayer(f"is not supported: {why}")
        return value

    return read


def one_of(*words: str, any_case: bool = False) -> Callable[[Any], str]:
    """Read one of `words`."""

    def read(value: Any) -> str:
        word = value.lower() if any_case and isinstance(value, str) else value
        if word not in words:
            raise ValueError(f"is not known; use {' or '.join(map(repr, words))}")
        return str(word)

    return read


def sizes(count: int, minimum: int = 1) -> Callable[[Any], tuple[int, ...]]:
    """Read one int for all of `count` axes, or a tuple with an int for each."""

    def read(value: Any) -> tuple[int, ...]:
        values = (value,) * count if isinstance(value, int) else value
        if not isinstance(values, (tuple, list)) or len(values) != count:
            raise ValueError(f"must be an int or a tuple of {count} ints")
        plain = tuple(map(whole, values))
        if min(plain) < minimum:
            raise ValueError(f"must be {minimum} or more")
        return plain

    return read


def pairs(count: int) -> Callable[[Any], tuple[tuple[int, ...], ...]]:
    """Read (before, after) for each of `count` axes; an int stands for the two, or for all."""

    def read(value: Any) -> tuple[tuple[int, ...], ...]:
        values = (value,) * count if isinstance(value, int) else value
        if not isinstance(values, (tuple, list)) or len(values) != count:
            raise ValueError(f"must be an int or a tuple of {count} entries")
        return tuple(map(sizes(2, minimum=0), values))

    return read


def dimensions(value: Any) -> tuple[int | None, ...]:
    """Read the shape of an input: ints, and None where the size varies."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise ValueError("is not a shape; use a tuple of ints such as (28, 28, 1)")
    return tuple(map(optional(positive), value))


def axes(value: Any) -> int | tuple[int, ...]:
    """Read one axis or several."""
    return tuple(map(whole, value)) if isinstance(value, (tuple, list)) else whole(value)


def data_format(value: Any) -> str:
    """Read where the channels stand; None means Keras's own default, last."""
    return "channels_last" if value is None else _data_format(value)


_data_format = one_of("channels_last", "channels_first", any_case=True)


def named(known: frozenset[str]) -> Callable[[Any], Any]:
    """Read a name that Keras knows, None, or an object of Keras's (as its config or itself)."""

    def read(value: Any) -> Any:
        if isinstance(value, str) and value not in known:
            raise ValueError("is not a name that Keras knows")
        if value is not None and not (isinstance(value, (str, dict)) or callable(value)):
            raise ValueError("is neither a name nor an object of Keras's")
        return value

    return read


activation = named(ACTIVATIONS)


def dtype(value: Any) -> Any:
    """Read a dtype; a quantised one has further parameters, so it is refused."""
    policy = value.get("class_name", "") if isinstance(value, dict) else value
    if isinstance(policy, str) and ("Quantized" in policy or "_from_" in policy):
        raise UnsupportedLayer("is not supported: a quantised layer has other parameters")
    if isinstance(value, str) and value not in DTYPES:
        raise ValueError("is not a dtype that Keras knows")
    return value


def name(value: Any) -> str | None:
    """Read a layer's name."""
    if value is not None and (not isinstance(value, str) or "/" in value):
        raise ValueError("must be a string without a slash")
    return value


def of_weights(*names: str, activity: bool = True) -> dict[str, Argument]:
    """Return the arguments that say how the weights `names` start, and what holds them small."""
    initializers = {
        f"{name}_initializer": Argument(
            named(INITIALIZERS), "zeros" if name == "bias" else "glorot_uniform"
        )
        for name in names
    }
    regularizers = {f"{name}_regularizer": Argument(named(REGULARIZERS), None) for name in names}
    constraints = {f"{name}_constraint": Argument(named(CONSTRAINTS), None) for name in names}
    acting = {"activity_regularizer": Argument(named(REGULARIZERS), None)} if activity else {}
    return initializers | regularizers | acting | constraints


NO_LORA = only(None, "a low-rank adapter adds parameters")
NO_QUANTIZATION = only(None, "a quantised layer has other parameters")

# Keywords that every layer takes after its own arguments.
KEYWORDS = {
    "name": Argument(name, None),
    "trainable": Argument(flag, default=True),
    "dtype": Argument(dtype, None),
    "activity_regularizer": Argument(named(REGULARIZERS), None),
    "autocast": Argument(flag, default=True),
    "input_shape": Argument(optional(dimensions), None),
    "input_dim": Argument(optional(positive), None),
}
