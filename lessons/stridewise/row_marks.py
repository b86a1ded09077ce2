"""Judging a row: right, or following from the learner's own rows before it, or wrong.

The comparison in a lesson, the marks, the feedback and the report all use this module. Rows are
paired from the first: row 3 of an answer is compared with row 3 of the network, however many rows
there are. Extra rows get no verdict; `row_counts.length_problem` names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from stridewise.predictions import Size

from .misconceptions import RULES, Prediction
from .misconceptions.chain import Answer, Chain, RowContext, chain_of, right
from .misconceptions.misconception import RIGHT, shape_of, work_through
from .misconceptions.parts import fits
from .predictions import FormError, one_shape, read_rows, whole_number

if TYPE_CHECKING:
    from .network import Network

Kind = Literal["output_shape", "parameters"]
_TOLERANCE = 2
_MISSING = "not answered yet"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """One row of an answer.

    Attributes:
        row: The row, from 0.
        answered: Whether there is an answer in the form it must have.
        right: Whether it is what Keras says.
        follows: Whether it is right given the learner's own rows before it; True where `right` is.
        value: The row as it was read; None where it has another form.
        problem: What is wrong with its form, in words; "" where `answered`.
    """

    row: int
    answered: bool
    right: bool
    follows: bool
    value: Any = None
    problem: str = ""


def row_marks(
    answer: Any, network: Network, kind: Kind, shapes: Any = None
) -> tuple[RowVerdict, ...]:
    """Return a verdict for each row of `network` on an answer, whatever was typed.

    A row follows when it is right given the learner's own rows before it; for parameters, given
    her own `shapes`. `rows_to_follow` decides which of these count.

    >>> from stridewise import lesson_network
    >>> slip = [(None, 27, 27, 32), (None, 25, 25, 32), (None, 23, 23, 32)]
    >>> [verdict.follows for verdict in row_marks(slip, lesson_network("valid"), "output_shape")]
    [False, True, True, False, False, False]
    """
    read_one: Any = one_shape if kind == "output_shape" else whole_number
    try:
        read = read_rows(answer, read_one)
    except FormError:  # not a list: no row is answered
        read = []
    truth: list[Any] = network.shapes if kind == "output_shape" else network.parameters
    chain = chain_of(network)
    following: Sequence[Any] = ()
    if chain is not None and read != truth:
        own = answer if kind == "output_shape" else shapes
        following = _following(chain, rows_to_follow(network, own), kind)
    return judged(read, truth, following)


def judged(
    read: Sequence[Any], truth: Sequence[Any], following: Sequence[Any] = ()
) -> tuple[RowVerdict, ...]:
    """Return a verdict for each row of `truth`; a row of `read` may be the error of its form.

    `following` holds what each row would be given the rows before it; None where that is not known.

    >>> [each.right for each in judged([26, 24.5], [26, 24, 22])]
    [True, False, False]
    """
    verdicts = []
    for row, real in enumerate(truth):
        value = read[row] if row < len(read) else FormError(_MISSING)
        if isinstance(value, FormError):
            verdicts.append(RowVerdict(row, False, False, False, problem=str(value)))
            continue
        due = following[row] if row < len(following) else None
        follows = value == real or (due is not None and value == due)
        verdicts.append(RowVerdict(row, True, value == real, follows, value))
    return tuple(verdicts)


def rows_to_follow(network: Network, shapes: Any) -> tuple[Answer, ...]:
    """Return the shapes from which other rows may follow: the learner's own where plausible.

    A row is plausible when every number in it is near the value of some rule in `misconceptions`
    for the rows before. A row that is missing, or was only chosen to make the others easy, is
    replaced by the right one for the rows before.

    >>> from stridewise import lesson_network
    >>> rows_to_follow(lesson_network("valid"), [(None, 25, 25, 32), (None, 1, 1, 1)])[:2]
    ((None, 25, 25, 32), (None, 23, 23, 32))
    """
    chain = chain_of(network)
    if chain is None:
        return tuple(tuple(row.output_shape) for row in network.rows)
    own = Prediction.read(shapes).shapes
    known: list[Answer] = []
    for index, row in enumerate(network.rows):
        shape = own[index] if index < len(own) else None
        step = chain.step(index, known)
        work = right(step)
        due = work.shape if work else tuple(row.output_shape)
        believed = shape in {due, tuple(row.output_shape)} or _is_believable(shape, step)
        known.append(shape if shape is not None and believed else due)
    return tuple(known)


def are_believable(network: Network, counts: Sequence[int]) -> bool:
    """Return whether each count is near the value of some rule in `misconceptions`.

    >>> from stridewise import lesson_network
    >>> network = lesson_network("valid")
    >>> are_believable(network, [320, 320, 320, 0, 62_208, 1_290])
    True
    >>> are_believable(network, [0, 0, 0, 0, 0, 0])
    False
    """
    chain = chain_of(network)
    if chain is None or len(counts) != len(network.rows):
        return False
    made = (work_through(chain, idea).parameters for idea in (RIGHT, *RULES))
    return _are_within(counts, made)


def _following(chain: Chain, before: Sequence[Answer], kind: Kind) -> list[Answer | Size | None]:
    """Return what follows, row by row, from the shapes in `before`."""
    works = [right(chain.step(index, before)) for index in range(len(chain.places))]
    if kind == "output_shape":
        return [work.shape if work else None for work in works]
    return [work.parameters if work else None for work in works]


def _is_believable(shape: Answer | None, step: RowContext) -> bool:
    """Return whether a row has the right form, and is near the value of some rule."""
    if shape is None or not fits(shape, step) or not all(map(_is_size, shape[1:])):
        return False
    ideas = (shape_of(idea, step) for idea in (RIGHT, *RULES))
    made = (row[1:] for row in ideas if row is not None and len(row) == len(shape))
    return _are_within([size for size in shape[1:] if size is not None], made)


def _is_size(size: Size) -> bool:
    return isinstance(size, int) and size > 0


def _are_within(numbers: Sequence[float], made: Iterable[Sequence[Size]]) -> bool:
    """Return whether each number is between half of the least made and twice the most.

    `made` yields rows of sizes, one for each of the numbers. Only as many rows as needed are
    computed: most numbers are near the right ones. The tolerance is for typing mistakes.
    """
    too_small, too_large = set(range(len(numbers))), set(range(len(numbers)))
    rows = iter(made)
    while too_small or too_large:
        row = next(rows, None)
        if row is None:
            return False
        known = [(place, size) for place, size in enumerate(row) if size is not None]
        too_small -= {place for place, size in known if size / _TOLERANCE <= numbers[place]}
        too_large -= {place for place, size in known if numbers[place] <= size * _TOLERANCE}
    return True
