"""Keras models and layers for hidden tests: objects with Keras's attributes, made from configs.

No Keras object is made from a student's data; a view has the config, and what follows from it.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import Any

from autograder.records import KerasObject
from stridewise.network import Network, Row


class View:
    """A Keras object, as far as its config describes it."""

    def __init__(self, thing: KerasObject) -> None:
        self._config = dict(thing.config)
        self._class_name = thing.class_name

    @property  # type: ignore[misc]  # typeshed allows setting it; nobody does
    def __class__(self) -> type:
        """The Keras class, where Keras is imported, so that `isinstance` works."""
        return _keras_class(self._class_name) or type(self)

    @property
    def name(self) -> str:
        """The name of the layer or model."""
        return str(self._config.get("name", self._class_name))

    def get_config(self) -> dict[str, Any]:
        """Return a copy of the config."""
        return copy.deepcopy(self._config)

    def __repr__(self) -> str:
        return f"<{self._class_name} {self.name!r}>"


class LayerView(View):
    """A layer: its arguments are its attributes, as in Keras."""

    def __init__(self, thing: KerasObject, row: Row | None = None) -> None:
        super().__init__(thing)
        self._row = row

    def __getattr__(self, name: str) -> Any:
        """Return an argument of the layer's constructor."""
        config = self.__dict__.get("_config", {})
        if name.startswith("_") or name not in config:
            raise AttributeError(
                f"{self.__dict__.get('_class_name')} has no attribute {name!r} here"
            )
        return config[name]

    @property
    def output(self) -> SimpleNamespace:
        """The layer's output, of which only the shape is known."""
        return SimpleNamespace(shape=self._known.output_shape)

    def count_params(self) -> int:
        """Return the number of parameters."""
        return self._known.parameters

    @property
    def _known(self) -> Row:
        if self._row is None:
            raise ValueError(f"{self.name}: the layer is not in a model, so its input is not known")
        return self._row


class ModelView(View):
    """A model: its layers, shapes and parameters."""

    @cached_property
    def network(self) -> Network:
        """The network that the config describes.

        Raises:
            ValueError: When it describes none that is known.
        """
        return Network.from_keras(self._config)

    @property
    def layers(self) -> Sequence[Any]:
        """The layers, as Keras lists them."""
        return _Layers(self)

    @property
    def input_shape(self) -> Any:
        """The model's input shape, batch first."""
        return self.network.input_shape

    @property
    def output_shape(self) -> Any:
        """The model's output shape, batch first."""
        return self.network.rows[-1].output_shape

    @property
    def built(self) -> bool:
        """Whether the model knows its input."""
        try:
            return bool(self.network.rows)
        except ValueError:
            return False

    def count_params(self) -> int:
        """Return the number of parameters."""
        return self.network.total_parameters

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """Return a layer by its name or its index.

        Raises:
            ValueError: When there is no such layer.
        """
        for place, layer in enumerate(self.layers):
            if name == layer.name or index == place:
                return layer
        raise ValueError(f"{self.name} has no layer {name if name is not None else index!r}")

    def to_json(self) -> str:
        """Return the model as Keras's JSON."""
        return json.dumps({"class_name": self._class_name, "config": self._config})


class _Layers(Sequence[Any]):
    """The layers of a model, made on first use: many tests only read the config."""

    def __init__(self, model: ModelView) -> None:
        self._model = model

    @cached_property
    def _views(self) -> list[Any]:
        network = self._model.network
        return [
            view(KerasObject("layer", row.type, {**layer.config, "name": row.name}), row)
            for layer, row in zip(network.layers, network.rows, strict=True)
        ]

    def __len__(self) -> int:
        return len(self._views)

    def __getitem__(self, index: Any) -> Any:
        return self._views[index]


def view(thing: KerasObject, row: Row | None = None) -> Any:
    """Return the view of a Keras object; its type has the name of Keras's class.

    >>> view(KerasObject("layer", "Conv2D", {"strides": (2, 2)})).strides
    (2, 2)
    """
    if thing.kind == "model":
        return _named(thing.class_name, ModelView)(thing)
    return _named(thing.class_name, LayerView)(thing, row)


@lru_cache(maxsize=256)
def _named(class_name: str, base: type) -> Any:
    return type(class_name, (base,), {"__slots__": ()}) if class_name.isidentifier() else base


def _keras_class(name: str) -> type | None:
    """Return Keras's class, if a test has imported Keras; this function never imports it."""
    keras = sys.modules.get("keras")
    homes: tuple[Any, ...] = (keras, getattr(keras, "layers", None))
    found = (getattr(home, name, None) for home in homes if home is not None)
    classes: Mapping[bool, type] = {
        isinstance(each, type): each for each in found if each is not None
    }
    return classes.get(True)
