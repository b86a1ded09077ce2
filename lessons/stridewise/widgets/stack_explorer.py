"""StackExplorer: a whole network, where its sizes and its parameters come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traitlets import Dict, Enum, List, TraitError, validate

from stridewise.network import Network
from stridewise.widgets.assets import module, styles
from stridewise.widgets.base import Drawn
from stridewise.widgets.stacks import Stack, layers_of, network_of, stack_of
from stridewise.widgets.static import table_html


class StackExplorer(Drawn):
    """A network as a strip of layers whose padding and strides can be changed in place.

    Args:
        network: A `Network`, a Keras model, or "valid", "same" or "stride" for a lesson's network.
        beside: A second one to lay beside it, or None.
        presets: The networks that are a click away.
        locked: "padding", "strides": what the page shows but does not let change.

    Raises:
        ValueError: If a network takes no image, or has a layer that is not drawn.

    >>> StackExplorer("stride").network.total_parameters
    85770
    """

    script = "stack_explorer.js"
    style_sheets = ("base.css", "stack.css")
    _esm = module(script)
    _css = styles(*style_sheets)

    stacks = List(Dict(), minlen=1, maxlen=2).tag(sync=True)
    presets = List(Dict()).tag(sync=True)
    locked = List(Enum(("padding", "strides"))).tag(sync=True)

    def __init__(
        self,
        network: Any = "valid",
        beside: Any = None,
        presets: Iterable[Any] = ("valid", "same", "stride"),
        **traits: Any,
    ) -> None:
        shown = [stack_of(one) for one in (network, beside) if one is not None]
        known = [stack_of(one) for one in presets]
        known += [stack for stack in shown if stack not in known]
        super().__init__(stacks=shown, presets=known, **traits)

    @property
    def network(self) -> Network:
        """The network as it now stands in the page.

        Raises:
            ValueError: If it cannot be built; the message names the layer.
        """
        return network_of(self.stacks[0])

    @property
    def beside(self) -> Network | None:
        """The second network as it now stands, if one is shown."""
        return network_of(self.stacks[1]) if len(self.stacks) > 1 else None

    def static_html(self) -> str:
        """Return the network as a table: each layer's output shape and parameters."""
        return "".join(_table(stack) for stack in self.stacks)

    def __repr__(self) -> str:
        names = ", ".join(repr(stack["name"]) for stack in self.stacks)
        return f"StackExplorer({names})"

    @validate("stacks", "presets")
    def _can_be_drawn(self, proposal: dict[str, Any]) -> Any:
        for stack in proposal["value"]:
            try:
                layers_of(stack)
            except (KeyError, TypeError, ValueError) as error:
                raise TraitError(f"{proposal['trait'].name}: {error}") from None
        return proposal["value"]


def _table(stack: Stack) -> str:
    try:
        network = network_of(stack)
    except ValueError as error:
        return table_html([(stack["name"], str(error))], ("Network", "Cannot be built"))
    rows = [(row.name, row.type, row.output_shape, f"{row.parameters:,}") for row in network.rows]
    total = ("total", "", "", f"{network.total_parameters:,}")
    return table_html([*rows, total], (stack["name"], "Layer", "Output shape", "Parameters"))
