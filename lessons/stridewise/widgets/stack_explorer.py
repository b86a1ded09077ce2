"""StackExplorer: a widget that shows where the sizes and parameters of a network come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traitlets import Bool, Dict, Enum, List, TraitError, validate

from stridewise.network import Network
from stridewise.widgets.assets import module
from stridewise.widgets.base import Drawn
from stridewise.widgets.stacks import Stack, layers_of, network_of, stack_of
from stridewise.widgets.static import table_html

_LOCKABLE = ("layers", "filters", "units", "kernel_size", "pool_size", "strides", "padding")

_GOALS = ("output_shape", "layers", "parameters", "receptive_field")


class StackExplorer(Drawn):
    """A network to build: layers to add, remove, move and change, and what Keras would make of it.

    Args:
        network: A `Network`, a Keras model, or "valid", "same" or "stride" for a lesson's network.
        beside: A second one to show beside it, or None.
        presets: The networks with a button of their own.
        locked: Arguments that the page shows but does not let change; "layers" for the layers
            themselves.
        dilation: Whether every convolution shows its `dilation_rate`. By default it is shown only
            where a layer of the network has one.
        cone: Whether each network can show what one number of it sees. A lesson that asks for
            receptive fields later leaves it out.
        goal: What to build: `{"output_shape": (10, 10, 16), "layers": 2, "parameters": 5000,
            "receptive_field": 15}`, or some of these; fewer parameters than that, and the pixels of
            a line that a number of the last map sees. The page says when the first network has it.

    Raises:
        ValueError: If a network does not take an image, or has a layer that cannot be drawn.

    >>> StackExplorer("stride").network.total_parameters
    85770
    """

    script = "stack_explorer.js"
    _esm = module(script)

    stacks = List(Dict(), minlen=1, maxlen=2).tag(sync=True)
    presets = List(Dict()).tag(sync=True)
    locked = List(Enum(_LOCKABLE)).tag(sync=True)
    dilation = Bool().tag(sync=True)
    cone = Bool(True).tag(sync=True)
    goal = Dict().tag(sync=True)

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
        """The network in its present state on the page.

        Raises:
            ValueError: If it cannot be built; the message names the layer.
        """
        return network_of(self.stacks[0])

    @property
    def beside(self) -> Network | None:
        """The second network in its present state, if one is shown."""
        return network_of(self.stacks[1]) if len(self.stacks) > 1 else None

    def static_html(self) -> str:
        """Return the network as a table: each layer's output shape and parameters."""
        return "".join(_table(stack) for stack in self.stacks)

    def __repr__(self) -> str:
        names = ", ".join(repr(stack["name"]) for stack in self.stacks)
        return f"StackExplorer({names})"

    @validate("goal")
    def _can_be_met(self, proposal: dict[str, Any]) -> dict[str, Any]:
        goal = {name: _whole_numbers(name, value) for name, value in proposal["value"].items()}
        unknown = set(goal) - set(_GOALS)
        if unknown:
            raise TraitError(f"goal: {sorted(unknown)} is not known; use {', '.join(_GOALS)}")
        return goal

    @validate("stacks", "presets")
    def _can_be_drawn(self, proposal: dict[str, Any]) -> Any:
        for stack in proposal["value"]:
            try:
                layers_of(stack)
            except (KeyError, TypeError, ValueError) as error:
                raise TraitError(f"{proposal['trait'].name}: {error}") from None
        return proposal["value"]


def _whole_numbers(name: str, value: Any) -> Any:
    """Return a number as an int, a shape as a list of them; each is 1 or more."""
    if name == "output_shape":
        return [_whole_numbers("its sides", side) for side in value]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TraitError(f"goal: {name}={value!r} is not a whole number from 1")
    return value


def _table(stack: Stack) -> str:
    try:
        network = network_of(stack)
    except ValueError as error:
        return table_html([(stack["name"], str(error))], ("Network", "Cannot be built"))
    rows = [(row.name, row.type, row.output_shape, f"{row.parameters:,}") for row in network.rows]
    total = ("total", "", "", f"{network.total_parameters:,}")
    return table_html([*rows, total], (stack["name"], "Layer", "Output shape", "Parameters"))
