"""A row worked in one line, with the learner's numbers: by her own rule, or by the right one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .idea import RIGHT, Misconception
from .parts import Cell, Part, Value, value_of
from .steps import Answer, Size, Step, whole


def number(size: Size) -> str:
    """Return a number as a learner reads it: 15,488; 14.5.

    >>> number(15488), number(14.5), number(None)
    ('15,488', '14.5', 'no number')
    """
    if size is None:
        return "no number"
    return f"{round(size, 2):,}"


def listed(shape: Answer) -> str:
    """Return a shape as Keras shows it.

    >>> listed((None, 26, 26, 32))
    '(None, 26, 26, 32)'
    """
    return str(shape)


def own_line(rule: Misconception, cell: Cell) -> str:
    """Return a cell worked by a wrong rule."""
    counts = cell.part.endswith("parameters") and rule.count_working
    line = (counts or rule.working).format_map(_words(cell.step, cell.shape))
    return _with_result(line, _one(value_of(rule, cell)))


def right_line(cell: Cell) -> str:
    """Return a cell worked by the right rule.

    >>> from stridewise import lesson_network
    >>> from .steps import chain_of
    >>> step = chain_of(lesson_network("stride")).step(0, [])
    >>> right_line(Cell("same sizes", step, (None, 28, 28, 32), (28, 28)))
    '⌈28 ÷ 2⌉ = 14'
    """
    line = _right_rule(cell).format_map(_words(cell.step, cell.shape))
    return _with_result(line, _one(value_of(RIGHT, cell)))


def _with_result(line: str, result: Size) -> str:
    """Put the result behind a line of working; dividing by 1 is not written.

    >>> _with_result("⌊(28 - 2) ÷ 1⌋ + 1", 27), _with_result("one map a filter", 32)
    ('28 - 2 + 1 = 27', 'one map a filter: 32')
    """
    short = re.sub(r"[⌊⌈]\(?([^()⌊⌈]*)\)? ÷ 1[⌋⌉]", r"\1", line)
    if result is None or short == number(result):
        return short
    in_words = any(character.isalpha() for character in short)
    return f"{short}{': ' if in_words else ' = '}{number(result)}"


def _right_rule(cell: Cell) -> str:
    place = cell.step.place
    if place.windows and cell.part in {"valid sizes", "same sizes", "pooled sizes"}:
        window = place.windows[0]
        if window.padding == "valid":
            return "{floored} + 1"
        return "⌈{n} ÷ {s}⌉" if window.strides > 1 else '"same" at stride 1'
    plus_bias = " + 1" if place.kind in {"conv", "dense"} and place.biases else ""
    rules: dict[Part, str] = {
        "channels": "as many maps as before" if place.kind == "pool" else "one map a filter",
        "flatten": "{flat}" if place.kind == "flatten" else "as Keras has it",
        "dense": "one number a unit",
        "convolution parameters": f"({{k2}} · {{cin}}{plus_bias}) · {{f}}",
        "dense parameters": f"({{inputs}}{plus_bias}) · {{units}}",
        "other parameters": "as Keras has it"
        if place.kind == "other"
        else "nothing is learnt here",
    }
    return rules[cell.part]


def _one(value: Value) -> Size:
    """Return the number to show: one side of a size, the last number of a shape."""
    if isinstance(value, tuple):
        return value[-1] if value else None
    return value


def _words(step: Step, shape: Answer | None) -> dict[str, str]:
    """Return every word that a line of working may use, for this step."""
    before, place = step.before, step.place
    words = {
        "cin": number(step.channels),
        "inputs": number(before[-1]),
        "side": number(before[1] if len(before) > 1 else None),
        "flat": _times(before[1:]),
        "one_map": _times(before[1:-1]),
        "image": _times(before[1:-1]),
        "summed": " + ".join(map(number, before[1:])),
        "start": number(step.earlier[0][1]),
        "channels_first": listed((step.earlier[0][-1], *step.earlier[0][1:-1])),
        "row_before": listed(step.earlier[-2][1:] if len(step.earlier) > 1 else before[1:]),
        "flat_row": number(next((row[-1] for row in step.earlier if _is_flat(row)), before[-1])),
        "out": _times(shape[1:-1]) if shape else "",
    }
    if place.kind in {"conv", "dense"}:
        words |= {"f": number(place.filters), "units": number(place.filters)}
        words["weights"] = (
            f"{_kernel(step)} · {words['cin']} · {words['f']}"
            if place.kind == "conv"
            else f"{words['inputs']} · {words['units']}"
        )
    return words | _window_words(step) if place.windows else words


def _window_words(step: Step) -> dict[str, str]:
    size, window = step.spatial[0], step.place.windows[0]
    reach, zeros = window.span, window.zeros
    plus_z = f" + {zeros}" if zeros else ""
    difference = f"{number(size)} - {reach}{plus_z}"
    steps = difference if window.strides == 1 else f"({difference}) ÷ {window.strides}"
    return {
        "n": number(size),
        "k": str(reach),
        "kernel": str(window.kernel_size),
        "k2": _kernel(step),
        "s": str(window.strides),
        "d": str(window.dilation_rate),
        "p": str(zeros // 2),
        "z": str(zeros),
        "plus_z": plus_z,
        "steps": steps,
        "floored": steps if window.strides == 1 else f"⌊{steps}⌋",
        "padded_kernel": _times(w.kernel_size + w.zeros for w in step.place.windows),
        "volume": _times(step.spatial) if step.place.index == 0 else number(whole(size)),
    }


def _kernel(step: Step) -> str:
    return _times(window.kernel_size for window in step.place.windows)


def _times(sizes: Iterable[Size]) -> str:
    return "·".join(map(number, sizes))


def _is_flat(shape: Answer) -> bool:
    return len(shape) == len(("batch", "numbers"))
