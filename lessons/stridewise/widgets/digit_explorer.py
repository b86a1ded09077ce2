"""DigitExplorer: draw a digit; trained networks name it, and show their feature maps."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from traitlets import Dict, List, Unicode, observe

from stridewise.digit_networks import DigitNetwork, read_networks
from stridewise.drawn_digits import SIDE, Bytes, digit_picture
from stridewise.shapes import Padding, pad_widths
from stridewise.widgets.assets import module
from stridewise.widgets.base import Drawn
from stridewise.widgets.fields import Whole
from stridewise.widgets.static import table_html
from stridewise.windows import Window

_MOST = 2**31 - 1
_MOST_POINTS = 6_000
_NOTHING = "Draw a digit first."
_SHOWN_ACTIVATIONS = ("linear", "relu")
_HOW_TO_TRAIN = "Run the cells that train the networks. Then draw again."


class DigitExplorer(Drawn):
    """A pad to draw a digit on; each trained network says what it reads, and shows its maps.

    The page draws; the networks run in Python, through Keras. A drawing is scaled and centred as
    MNIST's digits are. The page sends `asked`, and Python answers with `result`, which carries the
    same `number`. The networks are looked up at each question, so `trained` may be filled later.
    A number of a map that is pointed at shows its value and the pixels that it depends on; in a
    first convolution with relu or without an activation, also each pixel times its weight.

    Args:
        trained: A mapping from names to Keras models, or to what `train_briefly` returns.
        digits: Test images to choose from: `(images, labels)`, as `load_mnist` gives them.
        expected: The names that `trained` should hold; a missing one is named.

    >>> DigitExplorer({})
    DigitExplorer()
    """

    script = "digit_explorer.js"
    _esm = module(script)
    to_use_it = "To draw again, run the cells above that train the networks, then this cell."

    real_digits = Whole(0, _MOST, default=0).tag(sync=True)  # how many there are to choose from
    missing = List(Unicode()).tag(sync=True)  # sentences: which networks are not there, and why
    asked = Dict().tag(sync=True)
    result = Dict().tag(sync=True)

    def __init__(
        self,
        trained: Any,
        digits: Any = None,
        expected: Iterable[str] = ("valid", "same", "stride"),
        **traits: Any,
    ) -> None:
        self._trained, self._expected = trained, tuple(expected)
        self._known: dict[str, DigitNetwork] = {}
        self._images, self._labels = _real(digits)
        super().__init__(real_digits=len(self._images), **traits)
        self._networks()

    def _networks(self) -> list[DigitNetwork]:
        """Return the networks as they now are; say which are missing."""
        found, troubles = [], []
        for each in read_networks(self._trained):
            if isinstance(each, str):
                troubles.append(each)
                continue
            known = self._known.get(each.name)
            if known is None or known.model is not each.model:
                self._known[each.name] = known = each
            found.append(known)
        named = {each.name for each in found} | {each.partition(":")[0] for each in troubles}
        untrained = ", ".join(name for name in self._expected if name not in named)
        if untrained:
            troubles.append(f"Not trained yet: {untrained}. {_HOW_TO_TRAIN}")
        self.missing = troubles
        return found

    @observe("asked")
    def _answer(self, change: Any) -> None:
        asked = change["new"]
        if not isinstance(asked.get("number"), int):
            return
        try:
            self.result = self._result(asked)
        except Exception as error:  # noqa: BLE001 - an error in a callback is seen by nobody
            problem = f"The networks could not be run: {type(error).__name__}. Train them again."
            self.result = {"number": asked["number"], "problem": problem}
        self._keep()

    def _result(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the page shows: the picture, and each network's answer and maps."""
        picture, label = self._picture(asked)
        if picture is None:
            return {"number": asked["number"], "problem": _NOTHING}
        if asked.get("dark"):
            picture = 255 - picture
        layer = asked.get("layer", 0)
        networks = [_answer_of(each, picture, layer) for each in self._networks()]
        return {
            "number": asked["number"],
            "problem": "",
            "picture": picture.ravel().tolist(),
            "label": label,
            "layer": layer,
            "networks": networks,
        }

    def _picture(self, asked: Mapping[str, Any]) -> tuple[Bytes | None, int | None]:
        """Return the picture of what was drawn or chosen; the digit where a person has said it."""
        real = asked.get("real")
        if real and len(self._images):
            wanted = np.flatnonzero(self._labels == real["digit"])
            places = wanted if len(wanted) else np.arange(len(self._images))
            place = places[real["seed"] % len(places)]
            return self._images[place], int(self._labels[place])
        strokes = asked.get("strokes", [])
        if sum(map(len, strokes)) > 2 * _MOST_POINTS:
            raise ValueError("too many points")
        return digit_picture([np.reshape(each, (-1, 2)).tolist() for each in strokes]), None

    def static_html(self) -> str:
        """Return what each network said last, or which networks are there to be asked."""
        answers = self.result.get("networks", [])
        rows = [
            (each["name"], _said(each), f"{each['parameters']:,}")
            for each in answers
            if not each["problem"]
        ]
        if not answers:
            rows = [
                (each.name, "", f"{each.network.total_parameters:,}") for each in self._networks()
            ]
        troubles = [(each, "", "") for each in self.missing]
        head = ("Network", "says", "parameters")
        return table_html([*rows, *troubles], head)


def _said(answer: Mapping[str, Any]) -> str:
    """Return the digit that a network names, with its probability."""
    odds = answer["probabilities"]
    return f"{answer['says']} ({max(odds):.0%})"


def _answer_of(network: DigitNetwork, picture: Bytes, layer: Any) -> dict[str, Any]:
    """Return one network's name for the picture, its cost, and the maps of the chosen layer."""
    about = {
        "name": network.name,
        "parameters": network.network.total_parameters,
        "layers": list(network.map_layers),
        "problem": "",
    }
    try:
        maps, odds = network.run(picture)
    except ValueError as error:
        return {**about, "problem": str(error)}
    shown: dict[str, Any] | None = None
    if isinstance(layer, int) and 0 <= layer < len(maps):
        rows, columns, filters = maps[layer].shape
        shown = {
            "shape": [rows, columns, filters],
            "padded": network.padded(network.map_layers[layer]),
            "reads": network.pixels(network.map_layers[layer]),
            "values": _text(maps[layer]),
            "first": _first(network, network.map_layers[layer]),
        }
    return {
        **about,
        "says": int(np.argmax(odds)),
        "probabilities": odds,
        "milliseconds": network.milliseconds,
        "map": shown,
    }


def _first(network: DigitNetwork, layer: str) -> dict[str, Any] | None:
    """Return what the page multiplies itself: weights, bias, and where each window begins."""
    first = network.first(layer)
    if first is None or first.activation not in _SHOWN_ACTIVATIONS:
        return None
    axes = [
        {
            "start": -pad_widths(SIDE, *_arguments(window)).before,
            "strides": window.strides,
            "kernel_size": window.kernel_size,
            "dilation_rate": window.dilation_rate,
        }
        for window in first.windows
    ]
    return {
        "weights": _text(first.weights),
        "bias": first.bias,
        "activation": first.activation,
        "axes": axes,
    }


def _arguments(window: Window) -> tuple[int, int, Padding, int]:
    padding: Padding = "same" if window.padding == "same" else "valid"
    return window.kernel_size, window.strides, padding, window.dilation_rate


def _text(numbers: Any) -> str:
    """Return the numbers as base64 of 32-bit floats."""
    return base64.b64encode(numbers.astype("<f4").tobytes()).decode("ascii")


def _real(digits: Any) -> tuple[Bytes, Bytes]:
    """Return images and labels, or none where they are not as `load_mnist` gives them."""
    none = np.zeros((0, SIDE, SIDE), np.uint8), np.zeros(0, np.uint8)
    try:
        images, labels = (np.asarray(each) for each in digits)
    except Exception:  # noqa: BLE001 - whatever a notebook holds, the lesson goes on
        return none
    alike = images.shape == (len(labels), SIDE, SIDE) if labels.ndim == 1 else False
    if not alike or images.dtype != np.uint8 or labels.dtype.kind not in "iu":
        return none
    return images, labels
