"""A layer as data: Keras's class name, and Keras's arguments, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Protocol, TypeVar

from .other_versions import known_arguments
from .registry import ALIASES, RULES, accepted
from .rule import (
    KERAS_LAYERS,
    REQUIRED,
    Argument,
    Config,
    Effect,
    Rule,
    Shape,
    UnsupportedLayer,
)


@dataclass(frozen=True, slots=True)
class Layer:
    """A Keras layer as data.

    `type` is Keras's class name; `config` has every argument of its constructor, in a normal form
    (a `kernel_size` of 3 is `(3, 3)`); `name` is the layer's own, or made from its class.
    """

    type: str
    config: Mapping[str, Any]
    name: str

    @property
    def trainable(self) -> bool:
        """Whether training changes the layer's parameters."""
        return bool(self.config.get("trainable", True))


def layer(type_: str, /, *arguments: object, **keywords: object) -> Layer:
    """Return a layer as data, from the arguments that Keras's constructor takes.

    What Keras would refuse is refused, and so are the few odd values that Keras lets pass by
    accident, such as `True` for 1.

    Raises:
        TypeError: If an argument is missing, one too many, or of the wrong type.
        ValueError: If the value of an argument is impossible.
        UnsupportedLayer: If the class or an argument of it is not known.

    >>> layer("Conv2D", 32, 3, activation="relu").config["kernel_size"]
    (3, 3)
    """
    name = ALIASES.get(type_, type_)
    rule = RULES.get(type_) or RULES.get(name)
    if rule is None or rule.home != KERAS_LAYERS:
        public = [name for name, known in RULES.items() if known.home == KERAS_LAYERS]
        raise UnsupportedLayer(f"layer class {type_!r} is not known{_hint(type_, public)}")
    return _layer(name, rule, _bind(type_, rule, arguments, keywords))


def layer_of(type_: str, config: Config, home: str | None) -> Layer:
    """Return the layer that one of Keras's configs describes; `home` is the module it names.

    An unknown argument is ignored where it cannot change a shape or a count: it is None, or has the
    default that other layers give it, or is about the initial weights.

    Raises:
        ValueError: If the value of an argument is impossible.
        UnsupportedLayer: If the class or an argument of it is not known.
    """
    operation = RULES.get(f"{home}.{type_}")
    if operation is not None:
        return Layer(f"{home}.{type_}", config, config["name"])
    rule = RULES.get(type_)
    if rule is None or rule.home != home:  # perhaps a class of the user's own
        raise UnsupportedLayer(f"layer class {type_!r} of module {home!r} is not known")
    return _layer(type_, rule, _bind(type_, rule, (), known_arguments(type_, config, rule)))


def merges(layer_: Layer) -> bool:
    """Return whether a layer takes a list of inputs."""
    return layer_.type in RULES and RULES[layer_.type].merges


def input_shape_of(layer_: Layer) -> Shape:
    """Return the shape, batch first, that an InputLayer declares.

    Raises:
        ValueError: If this is another layer.
    """
    if layer_.type != "InputLayer":
        raise ValueError(f"layer {layer_.name!r} is not an input layer")
    whole, rest = layer_.config["batch_shape"], layer_.config["shape"]
    return tuple(whole) if whole is not None else (layer_.config["batch_size"], *rest)


class _Typed(Protocol):
    """A layer, or a row of a network."""

    @property
    def type(self) -> str: ...


_Part = TypeVar("_Part", bound=_Typed)


def without_inputs(parts: Iterable[_Part]) -> list[_Part]:
    """Return layers or rows but for those of inputs, which no question asks for.

    >>> [each.type for each in without_inputs([layer("InputLayer", (8, 8, 1)), layer("Flatten")])]
    ['Flatten']
    """
    return [part for part in parts if part.type != "InputLayer"]


def is_operation(layer_: Layer) -> bool:
    """Return whether this is a function of `keras.ops`, which Keras does not count as a layer."""
    return layer_.type.startswith("keras.src.ops.")


def _layer(type_: str, rule: Rule, given: Config) -> Layer:
    """Read the values of all arguments, and check that they go together."""
    known = accepted(rule)
    config = {key: _read(type_, key, known[key], value) for key, value in given.items()}
    if "input_dim" not in rule.arguments:  # an old way to give the shape of the input
        width = config.pop("input_dim", None)
        config |= {} if width is None else {"input_shape": (width,)}
    try:
        settled = rule.settle(config)
    except ValueError as problem:
        raise type(problem)(f"{type_}: {problem}") from None
    return Layer(type_, settled, settled["name"] or default_name(type_))


def build(layer_: Layer, *shapes: Shape) -> Effect:
    """Return the output shape and parameters of a layer for an input (a merge layer: inputs).

    Raises:
        ValueError: If the layer does not fit that input.

    >>> build(layer("Conv2D", 32, 3), (None, 28, 28, 1))
    Effect(output_shape=(None, 26, 26, 32), trainable=320, non_trainable=0)
    """
    try:
        effect = RULES[layer_.type].apply(layer_.config, shapes)
    except ValueError as problem:
        raise type(problem)(f"{layer_.type} {layer_.name!r}: {problem}") from None
    if layer_.trainable:
        return effect
    return Effect(effect.output_shape, 0, effect.trainable + effect.non_trainable)


@cache
def default_name(type_: str) -> str:
    """Return the name that Keras makes from a class name, before it is numbered.

    >>> default_name("MaxPooling2D")
    'max_pooling2d'
    """
    spaced = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", type_)
    return re.sub("([a-z])([A-Z])", r"\1_\2", spaced).lower()


def _bind(
    type_: str, rule: Rule, arguments: Sequence[object], keywords: Mapping[str, object]
) -> dict[str, Any]:
    """Give each argument its value, as a call in Python does."""
    names = list(rule.arguments)
    if len(arguments) > len(names):
        raise TypeError(
            f"{type_} takes {len(names)} positional arguments, but {len(arguments)} were given"
        )
    given = dict(zip(names, arguments, strict=False))
    known = accepted(rule)
    for key in keywords:
        if key not in known:
            raise UnsupportedLayer(f"{type_} has no argument {key!r}{_hint(key, known)}")
        if key in given:
            raise TypeError(f"{type_}: {key} is given twice")
    given |= keywords
    for key, argument in known.items():
        if argument.default is REQUIRED and key not in given:
            raise TypeError(f"{type_}: {key} is missing")
        given.setdefault(key, argument.default)
    return given


def _read(type_: str, key: str, argument: Argument, value: object) -> object:
    try:
        return argument.read(value)
    except (TypeError, ValueError) as problem:
        raise type(problem)(f"{type_}: {key}={value!r} {problem}") from None


def _hint(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
