"""Which rows of an answer are right: strictly, and given what the learner wrote before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .misconceptions import RULES, Prediction
from .misconceptions.idea import RIGHT, shape_of
from .misconceptions.parts import fits
from .misconceptions.steps import Answer, Chain, Size, Step, chain_of, right

if TYPE_CHECKING:
    from .network import Network

Kind = Literal["output_shape", "parameters"]


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """One row of an answer.

    Attributes:
        row: The row, from 0.
        answered: Whether there is an answer in the form it must have.
        right: Whether it is what Keras says.
        follows: Whether it is right given the learner's own rows before it; True where `right` is.
    """

    row: int
    answered: bool
    right: bool
    follows: bool


def row_marks(
    answer: Any, network: Network, kind: Kind, shapes: Any = None
) -> tuple[RowVerdict, ...]:
    """Return a verdict for each row of `network` on an answer, whatever was typed.

    For `kind="parameters"`, the learner's own `shapes` say what her counts follow from; see
    `rows_to_follow`. Where a row before was not answered, or makes no sense, the right one stands
    in for it.

    >>> from stridewise import lesson_network
    >>> slip = [(None, 27, 27, 32), (None, 25, 25, 32), (None, 23, 23, 32)]
    >>> [verdict.follows for verdict in row_marks(slip, lesson_network("valid"), "output_shape")]
    [False, True, True, False, False, False]
    """
    truth: list[Any] = network.shapes if kind == "output_shape" else network.parameters
    read = Prediction.read(answer, answer)
    given = read.shapes if kind == "output_shape" else read.parameters
    answers = [given[row] if row < len(given) else None for row in range(len(truth))]
    chain = chain_of(network)
    following: list[Answer | Size | None] = [None] * len(truth)
    if chain is not None:
        before = (
            _rows_before(chain, network, read.shapes)
            if kind == "output_shape"
            else rows_to_follow(network, shapes)
        )
        following = _following(chain, before, kind)
    verdicts = []
    for row, (value, real) in enumerate(zip(answers, truth, strict=True)):
        matches = value is not None and value == real
        follows = matches or (value is not None and value == following[row])
        verdicts.append(RowVerdict(row, value is not None, matches, follows))
    return tuple(verdicts)


def rows_to_follow(network: Network, shapes: Any) -> tuple[Answer, ...]:
    """Return the shapes that a learner's counts may follow from: her own where one can believe it.

    A row is believed when every number in it lies between the least and the most that any idea of
    `misconceptions` makes of the rows before. So rows that nobody worked out, such as ones put
    there to make counts easy, give nothing: the right row stands in for them.

    >>> from stridewise import lesson_network
    >>> rows_to_follow(lesson_network("valid"), [(None, 25, 25, 32), (None, 1, 1, 1)])[:2]
    ((None, 25, 25, 32), (None, 23, 23, 32))
    """
    chain = chain_of(network)
    if chain is None:
        return tuple(tuple(row.output_shape) for row in network.rows)
    return tuple(_rows_before(chain, network, Prediction.read(shapes).shapes, doubting=True))


def _following(chain: Chain, before: Sequence[Answer], kind: Kind) -> list[Answer | Size | None]:
    """Return what follows, row by row, from the shapes in `before`."""
    works = [right(chain.step(index, before)) for index in range(len(chain.places))]
    if kind == "output_shape":
        return [work.shape if work else None for work in works]
    return [work.parameters if work else None for work in works]


def _rows_before(
    chain: Chain, network: Network, own: Sequence[Answer | None], *, doubting: bool = False
) -> list[Answer]:
    """Return a shape for every row: the learner's own where it can be read, else what follows."""
    known: list[Answer] = []
    for index, row in enumerate(network.rows):
        shape = own[index] if index < len(own) else None
        step = chain.step(index, known)
        work = right(step)
        due = work.shape if work else tuple(row.output_shape)
        readable = shape is not None and fits(shape, step) and all(map(_is_size, shape[1:]))
        doubted = doubting and readable and shape != due and not _is_believable(shape, step)
        known.append(shape if shape is not None and readable and not doubted else due)
    return known


def _is_size(size: Size) -> bool:
    return isinstance(size, int) and size > 0


def _is_believable(shape: Answer | None, step: Step) -> bool:
    """Tell whether each number lies within what the ideas that people have make of this row."""
    if shape is None:
        return False
    made = [row for idea in (RIGHT, *RULES) if (row := shape_of(idea, step)) is not None]
    for axis, size in enumerate(shape[1:], 1):
        sizes = [row[axis] for row in made if len(row) == len(shape)]
        known = [each for each in sizes if each is not None]
        if size is None or not known or not min(known) <= size <= max(known):
            return False
    return True
