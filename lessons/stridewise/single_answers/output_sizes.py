"""Explaining wrong sizes along one side: of single layers, or of layers in a row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stridewise.explanations import explain
from stridewise.layers import layer
from stridewise.misconceptions import Misconception
from stridewise.misconceptions.chain import chain_of
from stridewise.misconceptions.misconception import shows_in
from stridewise.misconceptions.parts import Cell, Part
from stridewise.misconceptions.working import own_line, right_line
from stridewise.naming import Explanation
from stridewise.network import Network
from stridewise.row_marks import row_marks
from stridewise.size_questions import SIZE_RULES_ALONE, SizeQuestion, predicted

from .ideas import SmallIdea, behind


def behind_sizes(items: Sequence[SizeQuestion], sizes: Sequence[int | None]) -> Explanation | None:
    """Return an explanation of the sizes of single layers.

    >>> found = behind_sizes([SizeQuestion(21, 5, 2), SizeQuestion(28, 5, 2, "same")], [8, 13])
    >>> found.working(0).own
    '⌊(21 - 5) ÷ 2⌋ = 8'
    """
    windows = [item.window for item in items]
    ideas = (_as_small(rule) for rule in SIZE_RULES_ALONE if shows_in(rule, windows))
    return behind(ideas, items, sizes, lambda item: item.answer, size_working)


def behind_chain(items: Sequence[SizeQuestion], sizes: Sequence[int | None]) -> Explanation | None:
    """Return an explanation of the sizes of layers in a row; the first reads its item's size.

    >>> window = SizeQuestion(28, 3, 2, "same")
    >>> behind_chain([window] * 3, [15, 8, 5]).working(0)
    Working(row=0, own='⌈(28 - 3 + 2) ÷ 2⌉ + 1 = 15', right='⌊(28 - 3 + 2) ÷ 2⌋ + 1 = 14')
    """
    return explain(_in_a_row(items), _shapes(sizes))


def following(items: Sequence[SizeQuestion], sizes: Sequence[int | None]) -> frozenset[int]:
    """Return which sizes of layers in a row, from 0, follow from the size before them.

    >>> sorted(following([SizeQuestion(28, 3, 2, "same")] * 3, [15, 8, 5]))
    [1]
    """
    marks = row_marks(_shapes(sizes), _in_a_row(items), "output_shape")
    return frozenset(mark.row for mark in marks if mark.follows)


def _in_a_row(items: Sequence[SizeQuestion]) -> Network:
    """Return the network of these layers; only the first item's size counts."""
    layers = [layer("Conv2D", 1, *_arguments(each)) for each in items]
    return Network.sequential(layers, (items[0].size, items[0].size, 1))


def _shapes(sizes: Sequence[int | None]) -> list[tuple[int | None, ...] | None]:
    return [None if size is None else (None, size, size, 1) for size in sizes]


def _as_small(rule: Misconception) -> SmallIdea[SizeQuestion]:
    return SmallIdea(
        rule.id,
        rule.name,
        rule.leaves_out,
        rule.question,
        rule.evidence,
        answer=partial(predicted, rule),
        working=lambda item: own_line(rule, _cell(item)),
        right_working=lambda item: right_line(_cell(item), rule),
    )


def size_working(item: SizeQuestion) -> str:
    """Return a size by the rule, worked in one line.

    >>> size_working(SizeQuestion(21, 5, 2))
    '⌊(21 - 5) ÷ 2⌋ + 1 = 9'
    """
    return right_line(_cell(item))


def _cell(item: SizeQuestion) -> Cell:
    """Return the item as a cell of a network with one layer, rightly answered."""
    chain = chain_of(_in_a_row([item]))
    assert chain is not None  # noqa: S101 - one layer always is a chain; mypy cannot see it
    part: Part = "same sizes" if item.padding == "same" else "valid sizes"
    size = item.answer
    return Cell(part, chain.step(0, ()), (None, size, size, 1), (size, size))


def _arguments(item: SizeQuestion) -> tuple[int, int, str, None, int]:
    """Return what Conv2D takes after its filters."""
    return (item.kernel_size, item.strides, item.padding, None, item.dilation_rate)
