"""ConeExplorer: what one number of a layer sees, down to the image."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traitlets import Dict, List

from stridewise.network import Network
from stridewise.receptive import receptive_field
from stridewise.widgets.assets import module
from stridewise.widgets.base import Drawn
from stridewise.widgets.stacks import network_of, stack_of
from stridewise.widgets.static import table_html

_AXES = 4  # of a row of maps: batch, height, width, channels


class ConeExplorer(Drawn):
    """A network's maps along one side: choose a number, and see which pixels it depends on.

    Args:
        network: A `Network`, a Keras model, or "valid", "same" or "stride" for a lesson's network.
        presets: Networks that are a click away.

    Raises:
        ValueError: If a network takes no image, or has a layer that is not drawn.

    >>> ConeExplorer("stride")
    ConeExplorer('stride')
    """

    script = "cone_explorer.js"
    _esm = module(script)

    stack = Dict().tag(sync=True)
    presets = List(Dict()).tag(sync=True)

    def __init__(self, network: Any = "valid", presets: Iterable[Any] = (), **traits: Any) -> None:
        known = [stack_of(one) for one in presets]
        super().__init__(stack=stack_of(network), presets=known, **traits)

    @property
    def network(self) -> Network:
        """The network that is shown."""
        return network_of(self.stack)

    def __repr__(self) -> str:
        return f"ConeExplorer({self.stack['name']!r})"

    def static_html(self) -> str:
        """Return each layer of maps, its size, and how many pixels one number of it sees."""
        network = self.network
        rows = [
            (row.name, row.output_shape[2], receptive_field(network, row.name)[1])
            for row in network.rows
            if len(row.output_shape) == _AXES
        ]
        head = (self.stack["name"], "Numbers in a line", "Pixels of a line that one number sees")
        return table_html(rows, head)
