"""How many pixels one number depends on, along one side: the rule, and wrong rules for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod

from stridewise.windows import Window, field_of

from .ideas import SmallIdea

Windows = tuple[Window, ...]
"""What slides over one axis, layer by layer from the input."""


def right_field(windows: Windows) -> int:
    """Return the pixels that one number after these windows depends on.

    >>> right_field((Window(3, 2), Window(3, 2), Window(3, 2)))
    15
    """
    return field_of(windows)


def field_working(windows: Windows) -> str:
    """Return the same worked in one line.

    >>> field_working((Window(3, 2), Window(3, 2), Window(3, 2)))
    '1 + 2·1 + 2·2 + 2·4 = 15'
    """
    return _grown_working(windows, _steps_before(windows))


def _steps_before(windows: Windows) -> list[int]:
    """Return how far apart neighbours lie that each layer reads: all strides before it."""
    return [prod(each.strides for each in windows[:row]) for row in range(len(windows))]


def _steps_after(windows: Windows) -> list[int]:
    return [prod(each.strides for each in windows[: row + 1]) for row in range(len(windows))]


def _last_steps(windows: Windows) -> list[int]:
    return [1, *(each.strides for each in windows[:-1])]


def _grown(windows: Windows, steps: Iterable[int]) -> int:
    return 1 + sum((each.span - 1) * step for each, step in zip(windows, steps, strict=True))


def _grown_working(windows: Windows, steps: Iterable[int]) -> str:
    added = (f"{each.span - 1}·{step}" for each, step in zip(windows, steps, strict=True))
    return f"1 + {' + '.join(added)} = {_grown(windows, steps)}"


def _spans(windows: Windows) -> list[int]:
    return [each.span for each in windows]


def _without_gaps(windows: Windows) -> Windows:
    return tuple(each._replace(dilation_rate=1) for each in windows)


def _multiplied(windows: Windows) -> Windows:
    return tuple(
        each._replace(kernel_size=each.kernel_size * each.dilation_rate, dilation_rate=1)
        for each in windows
    )


def _joined(numbers: Sequence[int], sign: str, result: int) -> str:
    return f"{f' {sign} '.join(map(str, numbers))} = {result}"


def _stepping(id_: str, steps: Callable[[Windows], list[int]], *words: str) -> SmallIdea[Windows]:
    """Make the idea that each layer adds its reach less one in other steps."""
    name, leaves_out, question, evidence = words
    return SmallIdea(
        id_,
        name,
        leaves_out,
        question,
        evidence,
        answer=lambda windows: _grown(windows, steps(windows)),
        working=lambda windows: _grown_working(windows, steps(windows)),
    )


_SEES = "How many pixels does each of the numbers that the last window reads depend on?"
_TWO = "Two windows of 3 are side by side: how many pixels do they read together?"
FIELD_IDEAS: tuple[SmallIdea[Windows], ...] = (
    SmallIdea(
        id="last_kernel_only",
        name="A number depends on its own layer's window only.",
        leaves_out="The numbers in that window come from windows themselves.",
        question=_SEES,
        evidence="L",
        answer=lambda windows: windows[-1].span,
    ),
    SmallIdea(
        id="kernel_area",
        name="The pixels of one window are counted in height and width.",
        leaves_out="Count along one side only; and count the layers before.",
        question=_SEES,
        evidence="L",
        answer=lambda windows: windows[-1].span ** 2,
        working=lambda windows: _joined([windows[-1].span] * 2, "·", windows[-1].span ** 2),
    ),
    SmallIdea(
        id="field_area",
        name="The pixels of the receptive field are counted in height and width.",
        leaves_out="Count along one side only.",
        question="Your number is a square: how many pixels are along one side of it?",
        evidence="C",
        answer=lambda windows: right_field(windows) ** 2,
        working=lambda windows: _joined([right_field(windows)] * 2, "·", right_field(windows) ** 2),
    ),
    SmallIdea(
        id="adds_kernels",
        name="The kernels are added.",
        leaves_out="Windows side by side overlap: add (kernel - 1) for each layer.",
        question=_TWO,
        evidence="L",
        answer=lambda windows: sum(_spans(windows)),
        working=lambda windows: _joined(_spans(windows), "+", sum(_spans(windows))),
    ),
    SmallIdea(
        id="multiplies_kernels",
        name="The kernels are multiplied.",
        leaves_out="Windows side by side overlap: add (kernel - 1) for each layer.",
        question=_TWO,
        evidence="L",
        answer=lambda windows: prod(_spans(windows)),
        working=lambda windows: _joined(_spans(windows), "·", prod(_spans(windows))),
    ),
    SmallIdea(
        id="forgets_first_pixel",
        name="The first pixel is not counted.",
        leaves_out="Start from 1: before the first layer a number depends on one pixel.",
        question="How many pixels does a number depend on after one layer with a kernel of 3?",
        evidence="C",
        answer=lambda windows: right_field(windows) - 1,
    ),
    SmallIdea(
        id="gaps_do_not_reach",
        name="A dilated kernel is counted as if its pixels touched.",
        leaves_out="Use its reach: (kernel_size - 1) · dilation_rate + 1.",
        question="From its first pixel to its last, how many pixels does the dilated kernel cover?",
        evidence="C",
        answer=lambda windows: right_field(_without_gaps(windows)),
        working=lambda windows: field_working(_without_gaps(windows)),
    ),
    SmallIdea(
        id="gap_after_the_last_pixel",
        name="A kernel of k pixels dilated by d has a reach of k · d pixels.",
        leaves_out="There is no gap after the last pixel: the reach is (k - 1) · d + 1.",
        question="Three posts stand 2 metres apart. How long is the fence?",
        evidence="C",
        answer=lambda windows: right_field(_multiplied(windows)),
        working=lambda windows: field_working(_multiplied(windows)),
    ),
    _stepping(
        "strides_do_not_spread",
        lambda windows: [1] * len(windows),
        "Strides do not count: every layer adds (kernel - 1).",
        "Multiply (kernel - 1) by the product of all earlier strides.",
        "Two numbers side by side after a stride of 2: how far apart do their windows start?",
        "C",
    ),
    _stepping(
        "own_stride_spreads",
        _steps_after,
        "A layer's own stride spreads its own window.",
        "Multiply by the earlier strides only, not by the layer's own.",
        "How many pixels does one window of 3 read when it moves on by 2?",
        "C",
    ),
    _stepping(
        "one_stride_spreads",
        _last_steps,
        "Only the stride of the layer just before counts.",
        "Multiply by the product of all earlier strides.",
        "After two strides of 2, how many pixels apart are two numbers side by side?",
        "C",
    ),
)
