"""The class of a wrong rule: an idea with a name, which predicts answers for any network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from stridewise.predictions import Size
from stridewise.shapes import Padding, output_size
from stridewise.windows import Window

from .chain import (
    CONVOLUTIONS,
    SLIDING,
    Answer,
    Chain,
    Prediction,
    RowContext,
    chain_of,
    right,
    whole,
)

if TYPE_CHECKING:
    from stridewise.network import Network

AxisRule = Callable[[float, Window], Size]
"""The output size on one axis, from the input size and the window alone."""
StepSizeRule = Callable[[RowContext, int], Size]
"""The same, where the idea needs to see more of the network; the int is the axis."""
ShapeRule = Callable[[RowContext], Answer]
CountRule = Callable[[RowContext, Answer], int]
"""The parameters of a row, from the step and the shape that the learner gave the row."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A way of writing shapes down that is not Keras's.

    `write` turns Keras's row into the learner's; `read` turns it back with the help of the right
    row, or returns None where the row is not written like this.
    """

    write: Callable[[Answer], Answer]
    read: Callable[[Answer, Answer], Answer | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconception:
    """A wrong rule that people use, as a rule that works for any chain of layers.

    Each of the rules after `source` replaces the right one; None means that this part is right.

    Attributes:
        id: A short name that does not change.
        name: The idea in one sentence, as the learner might put it.
        leaves_out: What the idea forgets, in one sentence.
        question: A question that makes one think.
        evidence: L, a learner was seen making it; T, a text or a tool teaches it; D, it was
            published as a distractor; C, constructed here and not seen. Several letters add up.
        working: The rule as a line of working, to be filled with a learner's numbers.
        count_working: The same for parameters, where the rule speaks of more than these.
        on_axis, on_step: The output size on one axis of a convolution (or of pooling, too).
        edge: What a ZeroPadding layer adds to a size, from its zeros before and after.
        transposed: Whether the size rule speaks of transposed convolutions too.
        pooling: Whether the size rule speaks of pooling rows (True, False or "only").
        channels: The channels that a convolution gives; those of pooling if `pooling` is "only".
        flat: The shape that Flatten gives.
        dense: The shape that Dense gives.
        conv_count, dense_count, other_count: The parameters of a row.
        layout: Another way of writing shapes down.
        start: Another idea of the network's input.
        needs: Returns from all windows of a network whether the idea makes a difference there; one
            about strides does not where every stride is 1. None: it may make one anywhere.
    """

    id: str
    name: str
    leaves_out: str
    question: str
    evidence: str
    working: str = ""
    count_working: str = ""
    on_axis: AxisRule | None = None
    on_step: StepSizeRule | None = None
    edge: Callable[[int, int], int] | None = None
    transposed: bool = False
    pooling: bool | str = True
    channels: Callable[[RowContext], int] | None = None
    flat: ShapeRule | None = None
    dense: ShapeRule | None = None
    conv_count: CountRule | None = None
    dense_count: CountRule | None = None
    other_count: CountRule | None = None
    layout: Layout | None = None
    start: Callable[[Answer], Answer] | None = None
    needs: Callable[[Sequence[Window]], bool] | None = None

    def predict(self, network: Network) -> Prediction:
        """Return what a learner with this idea would answer for the whole network.

        Rows that the idea cannot reach, because nothing is left to read, are not answered.

        Raises:
            ValueError: The network is not a chain of layers, or a size of its input is not fixed.
        """
        chain = chain_of(network)
        if chain is None:
            raise ValueError(
                "a wrong rule needs a network whose layers follow one another and whose input "
                f"sizes are fixed; this one has input {network.input_shape}"
            )
        return work_through(chain, self)


def shows_in(rule: Misconception, windows: Sequence[Window]) -> bool:
    """Return whether the idea can make a difference in a network with these windows.

    >>> from . import rule
    >>> shows_in(rule("skips_the_stride"), [Window(3)])
    False
    """
    return rule.needs is None or rule.needs(windows)


def work_through(chain: Chain, rule: Misconception) -> Prediction:
    """Return every row of `chain` by `rule`, each from the rule's own rows before it."""
    if rule.start is not None:
        chain = chain._replace(start=rule.start(chain.start))
    shapes: list[Answer] = []
    counts: list[Size] = []
    for index in range(len(chain.places)):
        step = chain.step(index, shapes)
        shape = shape_of(rule, step)
        if shape is None:
            break
        shapes.append(shape)
        counts.append(count_of(rule, step, shape))
    missing = (None,) * (len(chain.places) - len(shapes))
    written = shapes if rule.layout is None else [rule.layout.write(shape) for shape in shapes]
    return Prediction((*written, *missing), (*counts, *missing))


def shape_of(rule: Misconception, step: RowContext) -> Answer | None:
    """Return the output shape of one row by `rule`; None where there is nothing left to read."""
    place = step.place
    if place.kind == "flatten" and rule.flat is not None:
        return rule.flat(step)
    if place.kind == "dense":
        return rule.dense(step) if rule.dense else (*step.before[:-1], place.filters)
    if None in step.before[1:]:
        return None
    if place.kind == "flatten":
        return (step.before[0], _product(step.before[1:]))
    if place.kind == "pad" and rule.edge is not None:
        padded = zip(step.spatial, place.edges, strict=True)
        sizes = tuple(None if size is None else size + rule.edge(*edges) for size, edges in padded)
    elif place.kind not in SLIDING:
        work = right(step)
        return work.shape if work else None
    else:
        sizes = tuple(size_of(rule, step, axis) for axis in range(len(place.windows)))
    return (step.before[0], *sizes, channels_of(rule, step))


def size_of(rule: Misconception, step: RowContext, axis: int) -> Size:
    """Return the output size of one row on one axis by `rule`."""
    size, window = step.spatial[axis], step.place.windows[axis]
    if size is None:
        return None
    if not speaks_of(rule, step):
        return right_size(size, window)
    if rule.on_axis is not None:
        return rule.on_axis(size, window)
    assert rule.on_step is not None  # noqa: S101 - `speaks_of` says so; mypy cannot see it
    return rule.on_step(step, axis)


def speaks_of(rule: Misconception, step: RowContext) -> bool:
    """Return whether `rule` has an idea of its own about the output size of this row."""
    if rule.on_axis is None and rule.on_step is None:
        return False
    if any(window.transposed for window in step.place.windows) and not rule.transposed:
        return False
    return bool(rule.pooling) if step.place.kind == "pool" else rule.pooling != "only"


def right_size(size: float, window: Window) -> Size:
    """Return the true output size on one axis, or 0 where no window fits.

    >>> right_size(28, Window(3, strides=2, padding="valid"))
    13
    """
    if window.transposed:
        return _grown(whole(size), window)
    try:
        return output_size(
            whole(size),
            window.kernel_size,
            window.strides,
            cast("Padding", window.padding),
            window.dilation_rate,
        )
    except ValueError:
        return 0


def _grown(size: int, window: Window) -> int:
    """Return the output size of a transposed convolution on one axis, by Keras's rule."""
    if window.padding == "same":
        return size * window.strides
    return (size - 1) * window.strides + max(window.span, window.strides)


def channels_of(rule: Misconception, step: RowContext) -> int:
    """Return the channels that a row gives by `rule`."""
    spoken_of = "pool" if rule.pooling == "only" else "conv"
    if rule.channels and step.place.kind == spoken_of:
        return rule.channels(step)
    return step.channels if step.place.kind in {"pool", "pad"} else step.maps


def count_of(rule: Misconception, step: RowContext, shape: Answer) -> int:
    """Return the parameters of one row by `rule`; `shape` is the learner's own for that row."""
    kind = step.place.kind
    own = rule.dense_count if kind == "dense" else rule.other_count
    if kind in CONVOLUTIONS:  # a rule about filters' maps says nothing of depthwise kernels
        own = None if rule.channels and kind != "conv" else rule.conv_count
    if own is not None:
        return own(step, shape)
    return right_count(step)


def right_count(step: RowContext) -> int:
    """Return the true parameters of a row that reads `step.before`.

    A learner's sizes may be impossible; they do not change the count, so they are left out of it.
    """
    place = step.place
    if place.kind in CONVOLUTIONS:
        sizes: Answer = (None,) * (len(place.windows) + 1)
    elif place.kind == "dense":
        sizes = (None,)
    else:
        sizes = step.before[:-1]
    work = right(RowContext(place, ((*sizes, whole(step.before[-1])),), step.places))
    return work.parameters if work else 0


def _product(sizes: Answer) -> Size:
    product: int | float = 1
    for size in sizes:
        product *= 0 if size is None else size
    return int(product) if float(product).is_integer() else product


RIGHT = Misconception(
    id="right",
    name="What Keras does.",
    leaves_out="",
    question="",
    evidence="",
)
"""No misconception: every part is right."""
