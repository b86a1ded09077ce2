"""The parts of an answer that are judged separately: which ones a rule changes, and their values.

A row's sizes, its channels and its parameters can be right or wrong independently, given what the
learner wrote before. So a wrong rule explains a part of an answer, or it does not.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeVar

from .chain import CONVOLUTIONS, SLIDING, Answer, Chain, Prediction, RowContext, right
from .misconception import Misconception, channels_of, count_of, shape_of, size_of

Part = Literal[
    "valid sizes",
    "same sizes",
    "pooled sizes",
    "padded sizes",
    "channels",
    "flatten",
    "dense",
    "convolution parameters",
    "dense parameters",
    "other parameters",
]
Value = Answer | float | None
_T = TypeVar("_T")
_FLAT = len(("batch", "numbers"))

_COUNTS: dict[str, Part] = {
    **dict.fromkeys(CONVOLUTIONS, "convolution parameters"),
    "dense": "dense parameters",
}


class Cell(NamedTuple):
    """One thing that a learner answered: a part of a row, and the step from which it follows.

    `shape` is the row's own shape as the learner has it; some rules for parameters look at it.
    """

    part: Part
    step: RowContext
    shape: Answer
    answer: Value

    @property
    def row(self) -> int:
        """The row's place in the network, from 0."""
        return self.step.place.index


def parts_of(rule: Misconception) -> frozenset[Part]:
    """Return the parts of an answer that a rule has its own idea of.

    >>> from . import rule
    >>> sorted(parts_of(rule("no_biases")))
    ['convolution parameters', 'dense parameters']
    """
    sized = rule.on_axis is not None or rule.on_step is not None
    spoken: dict[Part, bool] = {
        "valid sizes": (sized and rule.pooling != "only") or rule.start is not None,
        "same sizes": (sized and rule.pooling != "only") or rule.start is not None,
        "pooled sizes": (sized and bool(rule.pooling)) or rule.start is not None,
        "padded sizes": rule.edge is not None,
        "channels": rule.channels is not None,
        "flatten": rule.flat is not None,
        "dense": rule.dense is not None,
        "convolution parameters": rule.conv_count is not None or rule.start is not None,
        "dense parameters": rule.dense_count is not None,
        "other parameters": rule.other_count is not None,
    }
    return frozenset(part for part, yes in spoken.items() if yes)


def cells_of(
    chain: Chain, shapes: tuple[Answer | None, ...], answer: Prediction
) -> list[Cell] | None:
    """Return all that was answered, cell by cell; None where something cannot be judged.

    `shapes` has every row, guessed where it was not answered; after a None in it nothing follows.
    """
    cells: list[Cell] = []
    known: list[Answer] = []
    for index, (shape, own) in enumerate(zip(shapes, _padded(answer.shapes, chain), strict=True)):
        count = _padded(answer.parameters, chain)[index]
        if shape is None or len(known) < index:
            if own is not None or count is not None:
                return None
            continue
        step = chain.step(index, known)
        if own is not None:
            cells += _shape_cells(step, shape)
        if count is not None:
            part = _COUNTS.get(step.place.kind, "other parameters")
            cells.append(Cell(part, step, shape, count))
        known.append(shape)
    return cells


def value_of(rule: Misconception, cell: Cell) -> Value:
    """Return the value of the cell by this rule, given the learner's rows before it."""
    step = cell.step
    if rule.start is not None and cell.row == 0:
        step = RowContext(step.place, (rule.start(step.earlier[0]),), step.places)
    match cell.part:
        case "valid sizes" | "same sizes" | "pooled sizes":
            axes = range(min(len(step.place.windows), len(step.spatial)))
            return tuple(size_of(rule, step, axis) for axis in axes)
        case "padded sizes":
            shape = shape_of(rule, step)
            return None if shape is None else shape[1:-1]
        case "channels":
            return channels_of(rule, step)
        case "dense" if rule.dense is None and _is_flat(cell.answer) and _after_flatten(step):
            return (step.before[0], step.place.filters)
        case "flatten" | "dense":
            return shape_of(rule, step)
        case _:
            return count_of(rule, step, cell.shape)


def filled(
    chain: Chain, shapes: tuple[Answer | None, ...], rule: Misconception
) -> tuple[Answer | None, ...]:
    """Return the shapes, with missing rows computed by `rule` as far as possible.

    Nothing is computed from a row that is not in the right form.
    """
    if rule.start is not None:
        chain = chain._replace(start=rule.start(chain.start))
    known: list[Answer] = []
    for index, own in enumerate(_padded(shapes, chain)):
        step = chain.step(index, known)
        shape = shape_of(rule, step) if own is None else own
        if shape is None:
            break
        known.append(shape)
        if not fits(shape, step):
            break
    return _padded(tuple(known), chain)


def _padded(rows: tuple[_T | None, ...], chain: Chain) -> tuple[_T | None, ...]:
    count = len(chain.places)
    return (*rows[:count], *(None,) * (count - len(rows)))


def _shape_cells(step: RowContext, shape: Answer) -> list[Cell]:
    kind = step.place.kind
    if kind == "pad":
        return [
            Cell("padded sizes", step, shape, shape[1:-1]),
            Cell("channels", step, shape, shape[-1]),
        ]
    if kind in SLIDING:
        padding = step.place.windows[0].padding
        part: Part = "valid sizes" if padding == "valid" else "same sizes"
        if kind == "pool":
            part = "pooled sizes"
        sizes = Cell(part, step, shape, shape[1:-1])
        return [sizes, Cell("channels", step, shape, shape[-1])]
    return [Cell("dense" if kind == "dense" else "flatten", step, shape, shape)]


def fits(shape: Answer, step: RowContext) -> bool:
    """Return whether a shape is written as this row's must be: the batch open, as many numbers.

    After a Flatten that was taken to leave a height, Dense rows have as many as came before, or
    two numbers, as the learner may know that they have.
    """
    if not shape or shape[0] is not None:
        return False
    expected = len(step.before)
    if step.place.kind == "flatten":
        return _FLAT <= len(shape) <= expected
    if step.place.kind in {"other", "pad"}:
        work = right(step)
        expected = len(work.shape) if work else expected
    if step.place.kind == "dense" and _is_flat(shape):
        return expected == _FLAT or _after_flatten(step)
    return len(shape) == expected


def _is_flat(answer: Value) -> bool:
    return isinstance(answer, tuple) and len(answer) == _FLAT


def _after_flatten(step: RowContext) -> bool:
    return any(place.kind == "flatten" for place in step.places[: step.place.index])
