"""The working of a row in one line, with the learner's numbers: by her rule, or the right one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stridewise.predictions import Size
from stridewise.windows import Window

from .chain import Answer, RowContext, whole
from .misconception import RIGHT, Misconception
from .parts import Cell, Part, Value, value_of


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
    """Return a cell's working by a wrong rule; it continues "you wrote …, which is"."""
    counts = cell.part.endswith("parameters") and rule.count_working
    value = value_of(rule, cell)
    if _has_other_form(rule, cell):
        return _number_alone(value, _axis(cell, value))
    return _worked(counts or rule.working, cell, cell.step, _axis(cell, value), value)


def _has_other_form(rule: Misconception, cell: Cell) -> bool:
    """Return whether the rule's line of working is for another kind of layer than this one."""
    place = cell.step.place
    if cell.part == "padded sizes" or any(window.transposed for window in place.windows):
        return cell.part.endswith("sizes")
    other = place.kind in {"depthwise", "separable"} and cell.part == "convolution parameters"
    return other and "{maps}" not in rule.working


def _number_alone(value: Value, axis: int) -> str:
    return number(value[axis] if isinstance(value, tuple) else value)


def right_line(cell: Cell, rule: Misconception = RIGHT) -> str:
    """Return a cell worked by the right rule, in the form that the wrong `rule` gives it.

    >>> from stridewise import lesson_network
    >>> from . import rule
    >>> from .chain import chain_of
    >>> step = chain_of(lesson_network("stride")).step(0, [])
    >>> cell = Cell("same sizes", step, (None, 28, 28, 32), (28, 28))
    >>> right_line(cell), right_line(cell, rule("pads_one_side"))
    ('⌈28 ÷ 2⌉ = 14', '⌊(28 - 3 + 2) ÷ 2⌋ + 1 = 14')
    """
    step = cell.step
    whole_before = tuple(whole(size) if isinstance(size, float) else size for size in step.before)
    step = RowContext(step.place, (*step.earlier[:-1], whole_before), step.places)
    axis = _axis(cell, value_of(rule, cell))
    return _worked(_right_rule(cell, rule), cell, step, axis, value_of(RIGHT, cell))


def _worked(template: str, cell: Cell, step: RowContext, axis: int, value: Value) -> str:
    line = template.format_map(_words(step, cell.shape, axis))
    if not isinstance(value, tuple):
        return _with_result(line, None if value is None else number(value))
    if cell.part.endswith("sizes"):
        value = value[axis : axis + 1]
    elif len(value) > len(("batch", "numbers")):
        return _with_result(line, listed(value))
    return _with_result(line, number(value[-1]) if value and value[-1] is not None else None)


def _axis(cell: Cell, own: Value) -> int:
    """Return the axis to show: the first on which the wrong rule goes wrong."""
    meant = value_of(RIGHT, cell)
    if not (cell.part.endswith("sizes") and isinstance(own, tuple) and isinstance(meant, tuple)):
        return 0
    pairs = enumerate(zip(own, meant, strict=False))
    return next((axis for axis, (size, real) in pairs if size != real), 0)


def _with_result(line: str, result: str | None) -> str:
    """Return a line of working with its result; a division by 1 is left out.

    >>> _with_result("⌊(28 - 2) ÷ 1⌋ + 1", "27"), _with_result("one map for each filter", "32")
    ('28 - 2 + 1 = 27', 'one map for each filter: 32')
    >>> _with_result("⌈28 ÷ 1⌉", "28")
    '28, as before'
    """
    short = re.sub(r"[⌊⌈]\(?([^()⌊⌈]*)\)? ÷ 1[⌋⌉]", r"\1", line)
    if result is None:
        return short
    if result in {short, ""}:
        return f"{short}, as before"
    in_words = any(character.isalpha() for character in short)
    return f"{short}{': ' if in_words else ' = '}{result}"


_FORMULA = re.compile(r"\{(k|reach2|steps|floored)\}")


def _right_rule(cell: Cell, rule: Misconception) -> str:
    place = cell.step.place
    if cell.part == "padded sizes":
        return "{n} + {before_edge} + {after_edge}"
    if place.windows and place.windows[0].transposed and cell.part.endswith("sizes"):
        return "{grown}"
    if place.windows and cell.part in {"valid sizes", "same sizes", "pooled sizes"}:
        padded = place.windows[0].padding == "same"
        return "{kept}" if padded and not _FORMULA.search(rule.working) else "{floored} + 1"
    plus_bias = " + 1" if place.kind in {"conv", "depthwise", "dense"} and place.has_bias else ""
    counted = {
        "depthwise": f"({{k2}}{plus_bias}) · {{maps}}",
        "separable": "{k2} · {deep} + {deep} · {f}" + (" + {f}" if place.has_bias else ""),
    }.get(place.kind, f"({{k2}} · {{cin}}{plus_bias}) · {{f}}")
    rules: dict[Part, str] = {
        "channels": "as many maps as before"
        if place.kind in {"pool", "pad"}
        else "one map for each filter",
        "flatten": "{flat}" if place.kind == "flatten" else "as Keras has it",
        "dense": "one number for each unit",
        "convolution parameters": counted,
        "dense parameters": f"({{inputs}}{plus_bias}) · {{units}}",
        "other parameters": "as Keras has it"
        if place.kind == "other"
        else "nothing is learnt here",
    }
    return rules[cell.part]


def _words(step: RowContext, shape: Answer | None, axis: int) -> dict[str, str]:
    """Return every word that a line of working may use, for this step."""
    before, place = step.before, step.place
    words = {
        "before": listed(before),
        "cin": number(step.channels),
        "inputs": number(before[-1]),
        "side": number(before[1] if len(before) > 1 else None),
        "flat": _times(before[1:]),
        "one_map": _times(before[1:-1]),
        "image": _times(before[1:-1]),
        "summed": " + ".join(map(number, before[1:])),
        "width": number(step.earlier[0][-2]),
        "channels_first": listed((step.earlier[0][-1], *step.earlier[0][1:-1])),
        "row_before": _times(step.earlier[-2][1:] if len(step.earlier) > 1 else before[1:]),
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
    if place.kind in {"depthwise", "separable"}:
        maps, deep = number(step.maps), number(step.channels * place.depth)
        words |= {"maps": maps, "deep": deep, "biases": number(step.biases)}
        words |= {"f": number(place.filters)} if place.kind == "separable" else {}
    if place.kind == "pad":
        edges = place.edges[min(axis, len(place.edges) - 1)]
        words |= {"n": number(step.spatial[axis])}
        words |= dict(zip(("before_edge", "after_edge"), map(number, edges), strict=True))
    return words | _window_words(step, axis) if place.windows else words


def _window_words(step: RowContext, axis: int) -> dict[str, str]:
    size, window = step.spatial[axis], step.place.windows[axis]
    n, k, s = number(size), window.kernel_size, window.strides
    reach, zeros = window.span, window.zeros
    plus_z = f" + {zeros}" if zeros else ""
    padded = window.padding == "valid"  # once exchanged
    padded_now = not padded
    difference = f"{n} - {reach}{plus_z}"
    steps = difference if s == 1 else f"({difference}) ÷ {s}"
    exact = None if size is None else (size - reach + zeros) / s + 1
    return _dilation_words(step, n, window) | {
        "n": n,
        "k": str(reach),
        "kernel": str(k),
        "k2": _kernel(step),
        "reach2": _times(each.span for each in step.place.windows),
        "s": str(s),
        "p": str(zeros // 2),
        "z": str(zeros),
        "plus_z": plus_z,
        "steps": steps,
        "floored": steps if s == 1 else f"⌊{steps}⌋",
        "exact": number(exact),
        "kept": _plain(n, window),
        "from_input": _plain(number(step.earlier[0][1 + axis]), window),
        "jumping": _plain(n, window, strides=f"({s} + 1)"),
        "grown": f"{n} · {s}" if padded_now else f"({n} - 1) · {s} + {max(reach, s)}",
        "as_convolution": _plain(n, window),
        "exchanged": _plain(n, window._replace(padding="same" if padded else "valid")),
        "by_one": _plain(n, window, strides="1"),
        "padded_kernel": _times(each.kernel_size + each.zeros for each in step.place.windows),
        "volume": _times(step.spatial) if step.place.index == 0 else number(whole(size)),
    }


def _dilation_words(step: RowContext, n: str, window: Window) -> dict[str, str]:
    k, s, d = window.kernel_size, window.strides, window.dilation_rate
    return {
        "undilated": _plain(n, window, kernel=str(k)),
        "stretched": _plain(n, window, kernel=f"{k}·{d}"),
        "divided": _plain(n, window, kernel=str(k), strides=str(s * d)),
        "wider": _plain(n, window, kernel=str((k - 1) * (d + 1) + 1)),
        "one_gap": _plain(n, window, kernel=str(k + d - 1)),
        "multiple2": _times(each.kernel_size * each.dilation_rate for each in step.place.windows),
    }


def _plain(n: str, window: Window, kernel: str = "", strides: str = "") -> str:
    """Return the right rule for a size, with another kernel or stride where one is given."""
    kernel, strides = kernel or str(window.span), strides or str(window.strides)
    if window.padding == "same":
        return '"same" at stride 1' if strides == "1" else f"⌈{n} ÷ {strides}⌉"
    return f"⌊({n} - {kernel}) ÷ {strides}⌋ + 1"


def _kernel(step: RowContext) -> str:
    return _times(window.kernel_size for window in step.place.windows)


def _times(sizes: Iterable[Size]) -> str:
    return "·".join(map(number, sizes))


def _is_flat(shape: Answer) -> bool:
    return len(shape) == len(("batch", "numbers"))
