"""The rule of a layer class: its arguments, and its effect on a shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Shape = tuple[int | None, ...]
Config = Mapping[str, Any]

REQUIRED: Final = object()
KERAS_LAYERS: Final = "keras.layers"


class UnsupportedLayer(ValueError):  # noqa: N818 - the name that others catch
    """A layer, or an argument of one, whose shape and parameters are not known here."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a Keras constructor: how its value is read, and its default."""

    read: Callable[[object], object]
    default: object = REQUIRED


Arguments = Mapping[str, Argument]


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a layer on an input: the output shape, and the number of parameters."""

    output_shape: Shape
    trainable: int = 0
    non_trainable: int = 0


def as_it_is(config: Config) -> Config:
    """Accept every combination of arguments."""
    return config


@dataclass(frozen=True, slots=True)
class Rule:
    """One of Keras's layer classes.

    `arguments` are in the order of Keras's constructor; `keywords` follow (None: those that every
    layer takes). `settle` refuses arguments that do not go together, and fills in what one takes
    from another. `effect` is given the config and the shape of the input; for a layer that merges,
    the shapes of all its inputs. `home` is the module that Keras's configs name.
    """

    arguments: Arguments
    effect: Callable[[Config, Any], Effect]
    settle: Callable[[Config], Config] = as_it_is
    keywords: Arguments | None = None
    merges: bool = False
    home: str = KERAS_LAYERS

    def apply(self, config: Config, shapes: Sequence[Shape]) -> Effect:
        """Return the effect of the layer on inputs of these shapes.

        Raises:
            ValueError: If the layer does not fit them.
        """
        if self.merges:
            return self.effect(config, tuple(shapes))
        if len(shapes) != 1:
            raise ValueError(f"takes one input, got {len(shapes)}: {list(shapes)}")
        return self.effect(config, shapes[0])
