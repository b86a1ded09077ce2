"""The first wrong row with its right working, where no known idea gives a wrong answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .misconceptions.chain import Prediction, chain_of
from .misconceptions.misconception import RIGHT
from .misconceptions.parts import cells_of, fits, value_of
from .misconceptions.working import listed, right_line
from .naming import Explanation, Idea
from .row_marks import Kind, RowVerdict, rows_to_follow

if TYPE_CHECKING:
    from .network import Network


def slip(verdicts: Sequence[RowVerdict]) -> RowVerdict | None:
    """Return the first answered row that is not right and does not follow; None where none is."""
    return next((each for each in verdicts if each.answered and not each.follows), None)


def start_with(name: str, by_rule: str, value: object) -> Explanation:
    """Return an explanation that names the row to look at first, with its right working.

    >>> start_with("row 2", "⌈28 ÷ 2⌉ = 14", 15).idea
    'Start with row 2. By the rule: ⌈28 ÷ 2⌉ = 14. You have 15.'
    """
    return in_words(f"Start with {name}. By the rule: {by_rule}. You have {value}.")


def in_words(said: str) -> Explanation:
    """Return an explanation of one or two sentences, without a table."""
    return Explanation((Idea(said, "", "", ()),))


def first_slip(
    network: Network, kind: Kind, verdicts: Sequence[RowVerdict], shapes: Any
) -> Explanation | None:
    """Return the right working of the first wrong row, from the learner's own rows before it.

    `shapes` are her own, from which parameters follow too. None where no row is wrong, or where the
    network is not a chain of layers.

    >>> from stridewise import lesson_network
    >>> from .row_marks import row_marks
    >>> network, own = lesson_network("valid"), [(None, 26, 26, 32), (None, 22, 22, 32)]
    >>> verdicts = row_marks(own, network, "output_shape")
    >>> first_slip(network, "output_shape", verdicts, own).idea.partition("By the rule: ")[2]
    '26 - 3 + 1 = 24. You have 22.'
    """
    wrong, chain = slip(verdicts), chain_of(network)
    if wrong is None or chain is None:
        return None
    row = wrong.row
    name = f"row {row + 1} ({network.rows[row].type})"
    followed, before = rows_to_follow(network, shapes), (None,) * row
    if kind == "parameters":
        cells = cells_of(chain, followed, Prediction((), (*before, wrong.value)))
    elif fits(wrong.value, chain.step(row, followed)):
        rest = (None,) * (len(network.rows) - row - 1)
        known = (*followed[:row], wrong.value, *rest)
        cells = cells_of(chain, known, Prediction((*before, wrong.value), ()))
    else:
        return start_with(name, listed(tuple(network.rows[row].output_shape)), wrong.value)
    lines = [
        (right_line(each), each.answer)
        for each in cells or ()
        if each.answer != value_of(RIGHT, each)
    ]
    if not lines:
        return None
    rule = "; ".join(line for line, _ in lines)
    return start_with(name, rule, _own(lines[0][1]) if len(lines) == 1 else wrong.value)


def _own(value: object) -> str:
    """Write a learner's value as the working beside it does: a size alone, a count with commas."""
    if isinstance(value, tuple) and len(set(value)) == 1 and value[0] is not None:
        value = value[0]
    return f"{value:,}" if isinstance(value, int) else str(value)
