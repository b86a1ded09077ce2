"""Trained networks that name a digit: read from whatever a lesson holds, and run on one picture."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .layers import without_inputs
from .network import Network
from .receptive import pixels_read, sees_padding
from .windows import Window, windows_of

if TYPE_CHECKING:
    from .drawn_digits import Bytes

    Maps = npt.NDArray[np.float32]

MOST_NETWORKS = 4
_IMAGE, _CLASSES = (28, 28, 1), 10
_TIMED_PICTURES, _TIMED_RUNS = 32, 5
_BRIGHTEST = 255


@dataclass(frozen=True)
class FirstLayer:
    """A convolution of the picture: its weights, (height, width, 1, filters), and its windows."""

    weights: Maps
    bias: list[float]
    activation: str
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class DigitNetwork:
    """One network: its name, the Keras model, and its rows."""

    name: str
    model: Any
    network: Network

    @cached_property
    def map_layers(self) -> tuple[str, ...]:
        """The names of the layers that give feature maps with a window, in their order."""
        layers = self.network.layers
        return tuple(layer.name for layer in layers if len(windows_of(layer)) == 2)  # noqa: PLR2004 - height and width

    @cached_property
    def milliseconds(self) -> float:
        """The time for one picture, measured when it is first asked for.

        The median of five runs on 32 pictures at once, divided by 32.
        """
        pictures = np.zeros((_TIMED_PICTURES, *_IMAGE), dtype="float32")
        self.model(pictures, training=False)  # the first run prepares what later ones use
        return (
            1000
            * statistics.median(self._run(pictures) for _ in range(_TIMED_RUNS))
            / len(pictures)
        )

    def _run(self, pictures: Maps) -> float:
        started = time.perf_counter()
        np.asarray(self.model(pictures, training=False))
        return time.perf_counter() - started

    @cached_property
    def _with_maps(self) -> Any:
        import keras  # here, for it brings TensorFlow, which takes seconds

        maps = [self.model.get_layer(name).output for name in self.map_layers]
        return keras.Model(self.model.inputs[0], [*maps, *self.model.outputs])

    def run(self, picture: Bytes) -> tuple[list[Maps], list[float]]:
        """Return the maps of each of `map_layers`, (rows, columns, filters), and ten probabilities.

        Raises:
            ValueError: If the numbers are not finite, or the last ten are not probabilities.
        """
        import keras

        pixels = (picture[None, ..., None] / _BRIGHTEST).astype("float32")  # as in training
        outputs = self._with_maps(pixels, training=False)
        *maps, last = [keras.ops.convert_to_numpy(each)[0] for each in outputs]
        if not all(np.isfinite(each).all() for each in (*maps, last)):
            raise ValueError("its numbers are not finite (NaN or infinity). Train it again.")
        if last.min() < 0 or abs(last.sum() - 1) > 0.01:  # noqa: PLR2004 - rounding
            raise ValueError(
                'its last layer does not give probabilities. Use activation="softmax".'
            )
        return maps, [float(each) for each in last]

    def padded(self, layer: str) -> list[list[bool]]:
        """Return which rows and which columns of a layer's maps depend on zeros of padding."""
        return [list(axis) for axis in sees_padding(self.network, layer)]

    def first(self, layer: str) -> FirstLayer | None:
        """Return what the first layer multiplies, where it is a convolution of the picture.

        None for any other layer, and where the activation is not one of Keras's own.
        """
        import keras

        found = without_inputs(self.network.layers)[0]
        if found.name != layer or found.type != "Conv2D":
            return None
        own = self.model.get_layer(layer)
        weights, *bias = own.get_weights()
        name = getattr(own.activation, "__name__", "")
        if getattr(keras.activations, name, None) is not own.activation:
            return None
        return FirstLayer(
            weights.astype("float32"),
            bias[0].tolist() if bias else [0.0] * weights.shape[3],
            name,
            windows_of(found),
        )

    def pixels(self, layer: str) -> list[list[list[int]]]:
        """Return the rows, then the columns, of the picture that each place of a map depends on."""
        return [[list(place) for place in axis] for axis in pixels_read(self.network, layer)]


def read_networks(trained: Any) -> Iterator[DigitNetwork | str]:
    """Yield each network of a mapping from names to networks, or a sentence on why it is none.

    A value may be a Keras model or what `train_briefly` returns. It comes from a notebook that
    anybody may have changed, so nothing in it raises.

    >>> list(read_networks({}))
    []
    >>> list(read_networks({"valid": 7}))
    ['valid: this is not a trained network. Run the cell that trains it again.']
    >>> list(read_networks(7))
    ['The trained networks are missing. Run the cells that train them again.']
    """
    try:
        entries = list(trained.items()) if isinstance(trained, Mapping) else None
    except Exception:  # noqa: BLE001 - a class of the notebook's own may raise anything
        entries = None
    if entries is None:
        yield "The trained networks are missing. Run the cells that train them again."
        return
    for name, value in entries[:MOST_NETWORKS]:
        yield _read(name if isinstance(name, str) else "a network without a name", value)
    if len(entries) > MOST_NETWORKS:
        yield f"Only the first {MOST_NETWORKS} networks are shown."


def _read(name: str, value: Any) -> DigitNetwork | str:
    try:
        model = getattr(value, "model", value)
        network = Network.from_keras(model)
        fits = network.input_shape == (None, *_IMAGE) and network.shapes[-1] == (None, _CLASSES)
        found = DigitNetwork(name, model, network)
        runs = callable(model) and bool(found.map_layers)
    except Exception:  # noqa: BLE001 - whatever a notebook holds, the lesson goes on
        return f"{name}: this is not a trained network. Run the cell that trains it again."
    if not fits:
        return (
            f"{name}: this network does not take (28, 28, 1) and give 10 numbers. "
            "Run the cell that trains it again."
        )
    if not runs:
        return f"{name}: this network has no convolution. Run the cell that trains it again."
    return found
