"""Which rows of an answer are right: strictly, and given what the learner wrote before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .misconceptions import Prediction
from .misconceptions.parts import fits
from .misconceptions.steps import Answer, Chain, Size, chain_of, right

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

    For `kind="parameters"`, the learner's own `shapes` say what her counts follow from; without
    them, only what Keras says counts. Where a row before was not answered, or makes no sense, the
    right one stands in for it.

    >>> from stridewise import lesson_network
    >>> slip = [(None, 27, 27, 32), (None, 25, 25, 32), (None, 23, 23, 32)]
    >>> [verdict.follows for verdict in row_marks(slip, lesson_network("valid"), "output_shape")]
    [False, True, True, False, False, False]
    """
    own = Prediction.read(answer if kind == "output_shape" else shapes).shapes
    truth: list[Any] = network.shapes if kind == "output_shape" else network.parameters
    given = own if kind == "output_shape" else Prediction.read(parameters=answer).parameters
    answers = [given[row] if row < len(given) else None for row in range(len(truth))]
    following = _following(network, own, kind)
    verdicts = []
    for row, (value, real) in enumerate(zip(answers, truth, strict=True)):
        matches = value is not None and value == real
        follows = matches or (value is not None and value == following[row])
        verdicts.append(RowVerdict(row, value is not None, matches, follows))
    return tuple(verdicts)


def _following(
    network: Network, own: tuple[Answer | None, ...], kind: Kind
) -> list[Answer | Size | None]:
    """Return what follows, row by row, from the learner's own shapes."""
    chain = chain_of(network)
    if chain is None:
        return [None] * len(network.rows)
    before = _before(chain, network, own)
    following: list[Answer | Size | None] = []
    for index in range(len(chain.places)):
        work = right(chain.step(index, before))
        if work is None:
            following.append(None)
        else:
            following.append(work.shape if kind == "output_shape" else work.parameters)
    return following


def _before(chain: Chain, network: Network, own: tuple[Answer | None, ...]) -> list[Answer]:
    """Return a shape for every row: the learner's own where it can be read, else what follows."""
    known: list[Answer] = []
    for index, row in enumerate(network.rows):
        shape = own[index] if index < len(own) else None
        step = chain.step(index, known)
        if shape is None or not fits(shape, step) or not all(map(_is_size, shape[1:])):
            work = right(step)
            shape = work.shape if work else tuple(row.output_shape)
        known.append(shape)
    return known


def _is_size(size: Size) -> bool:
    return isinstance(size, int) and size > 0
