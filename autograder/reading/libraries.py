"""The libraries that a notebook can import and still be read; nothing is really imported.

Keras's layers are data here. An unknown name of a library makes a notebook unreadable; nothing is
guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import stridewise
from stridewise.layers import Layer, layer
from stridewise.layers.registry import ALIASES, RULES
from stridewise.network import Network

from .bounds import Unreadable
from .operators import MATH, MATH_CONSTANTS
from .values import Layered, Reference, Stack

# Importing one of these changes no answer, and it is installed wherever a lesson runs.
MODULES = frozenset(
    {"keras", "keras.layers", "keras.models", "math", "matplotlib", "matplotlib.pyplot", "numpy"}
    | {"random", "stridewise", "tensorflow", "tensorflow.keras", "tensorflow.keras.layers"}
    | {"tensorflow.keras.models", "time"}
)
_HARMLESS = frozenset(
    {"ConeExplorer", "DigitExplorer", "Explorer", "Guess", "Practice", "StackExplorer"}
    | {"check_form", "compare"}
)
"""Functions of `stridewise` that only show something; their results are not read."""
_NO_NAMES: frozenset[str] = frozenset()
_MEMBERS: dict[str, frozenset[str]] = {
    "keras": frozenset({"Input", "Sequential", "layers", "models"}),
    "keras.layers": frozenset({*RULES, *ALIASES, "Input"}),
    "keras.models": frozenset({"Sequential"}),
    "math": frozenset({*MATH, *MATH_CONSTANTS}),
    "matplotlib": frozenset({"pyplot"}),
    "stridewise": frozenset(stridewise.__all__),
    "tensorflow": frozenset({"keras"}),
}


def module(path: str) -> Reference:
    """Return a module by its dotted name.

    Raises:
        Unreadable: When it is unknown.

    >>> module("tensorflow.keras.layers")
    Reference(path='keras.layers')
    """
    if path not in MODULES:
        raise Unreadable(f"it imports {path}")
    return Reference(_canonical(path))


def member(owner: Reference, name: str) -> Any:
    """Return the value of `owner.name`.

    >>> member(Reference("keras"), "Input")
    Reference(path='keras.Input')
    """
    if name not in _MEMBERS.get(owner.path, _NO_NAMES):
        raise Unreadable(f"it uses {owner.path}.{name}")
    if owner.path == "math" and name in MATH_CONSTANTS:
        return MATH_CONSTANTS[name]
    return Reference(_canonical(f"{owner.path}.{name}"))


def _canonical(path: str) -> str:
    """Return one name for each object of Keras, which has several names for some."""
    if path.startswith("tensorflow.keras"):
        path = path.removeprefix("tensorflow.")
    return {"keras.models.Sequential": "keras.Sequential", "keras.layers.Input": "keras.Input"}.get(
        path, path
    )


def is_harmless(reference: Reference) -> bool:
    """Return whether calling it only shows something."""
    home, _, name = reference.path.rpartition(".")
    return home == "stridewise" and name in _HARMLESS


def call_keras(path: str, args: list[Any], kwargs: dict[str, Any]) -> Layered | Stack:
    """Return the layer or the model that Keras's constructor makes from these arguments.

    >>> call_keras("keras.layers.Flatten", [], {}).layer.type
    'Flatten'
    """
    if path == "keras.Sequential":
        return _sequential(*args, **kwargs)
    name = "InputLayer" if path == "keras.Input" else path.removeprefix("keras.layers.")
    call = _Call(repr((name, (*args,), (*kwargs.items(),))), name, args, kwargs)
    try:
        made = _layer(call) if call.is_constant else _layer.__wrapped__(call)
    except (TypeError, ValueError) as problem:
        raise Unreadable(f"Keras may refuse this: {problem}") from None
    return Layered(replace(made), call.text if call.is_constant else "")


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that makes a layer; calls with the same text make the same layer."""

    text: str
    name: str = field(compare=False)
    args: list[Any] = field(compare=False)
    kwargs: dict[str, Any] = field(compare=False)

    @property
    def is_constant(self) -> bool:
        """Whether no argument is a list or a dict, which could be changed later."""
        return "[" not in self.text and "{" not in self.text


@lru_cache(maxsize=1_024)
def _layer(call: _Call) -> Layer:
    """Make a layer; cached, since most students make the same ones."""
    return layer(call.name, *call.args, **call.kwargs)


def _sequential(layers: Any = None, *rest: Any, name: Any = None, **others: Any) -> Stack:
    """Make a model from a list of layers."""
    if (
        rest
        or others
        or type(name) not in (str, type(None))
        or type(layers) not in (list, tuple, type(None))
    ):
        raise Unreadable("it makes a Sequential model with unknown arguments")
    stack = Stack([], name or "sequential")
    for part in layers or ():
        _put(stack, part)
    _settle(stack)
    return stack


def add(stack: Stack, part: Any) -> None:
    """Add a layer to a model, as `model.add` does.

    Raises:
        Unreadable: When it is not a layer, is already in a model, or does not fit.
    """
    _put(stack, part)
    _settle(stack)


def _put(stack: Stack, part: Any) -> None:
    """Add one layer object, which no other model may share."""
    if type(part) is not Layered or part.taken:
        raise Unreadable("it puts something other than a new layer into a model")
    if part.layer.type == "InputLayer" and stack.layers:
        raise Unreadable("it puts an input after another layer")
    part.taken = True
    stack.layers.append(part)


def _settle(stack: Stack) -> None:
    """Compute the shapes of the model, once its input is known."""
    links = [part.layer for part in stack.layers]
    if not links or (len(links) == 1 and links[0].type == "InputLayer"):
        return
    if not _knows_input(links[0]):
        return
    texts = (stack.name, *(part.text for part in stack.layers))
    try:
        model = _Links(texts, links)
        stack.network = _network(model) if all(texts) else _network.__wrapped__(model)
    except ValueError as problem:
        raise Unreadable(f"Keras may refuse this model: {problem}") from None


@dataclass(frozen=True, slots=True)
class _Links:
    """A model's name and layers; those with the same texts make the same network."""

    texts: tuple[str, ...]
    layers: list[Layer] = field(compare=False)


@lru_cache(maxsize=1_024)
def _network(model: _Links) -> Network:
    """Make a network; cached, as layers are."""
    return Network.sequential(model.layers, name=model.texts[0])


def _knows_input(first: Layer) -> bool:
    """Return whether the first layer gives the input shape; an Embedding's `input_dim` does not."""
    if first.type == "InputLayer":
        return True
    given = {key for key, value in first.config.items() if value is not None}
    return bool(
        given & ({"input_shape"} if first.type == "Embedding" else {"input_dim", "input_shape"})
    )
