"""A row worked in one line: by a learner's rule, or by the right one, with the learner's numbers.

>>> from stridewise import lesson_network
>>> from .steps import chain_of
>>> step = chain_of(lesson_network("stride")).step(0, [])
>>> right_size_line(step)
'⌈28 ÷ 2⌉ = 14'
"""

from __future__ import annotations

from collections.abc import Iterable

from .idea import RIGHT, Misconception, channels_of, count_of, right_size, shape_of, size_of
from .steps import Answer, Size, Step, whole


def number(size: Size) -> str:
    """Return a number as a learner reads it: 15,488; 14.5.

    >>> number(15488), number(14.5), number(None)
    ('15,488', '14.5', 'no number')
    """
    if size is None:
        return "no number"
    return f"{size:,}"


def own_size_line(rule: Misconception, step: Step) -> str:
    """Return the output size of a row by a wrong rule, worked on the first axis."""
    return _filled(rule, step, size_of(rule, step, 0))


def right_size_line(step: Step) -> str:
    """Return the output size of a row by the right rule, worked on the first axis."""
    window, words = step.place.windows[0], _words(step, None)
    result = number(right_size(step.spatial[0] or 0, window))
    if window.padding == "valid":
        return f"{words['floored']} + 1 = {result}"
    if window.strides == 1:
        return f'"same" with a stride of 1 keeps {result}'
    return f"⌈{words['n']} ÷ {words['s']}⌉ = {result}"


def own_channels_line(rule: Misconception, step: Step) -> str:
    """Return the maps that a row gives by a wrong rule."""
    return _filled(rule, step, channels_of(rule, step))


def right_channels_line(step: Step) -> str:
    """Return the maps that a row gives by the right rule."""
    maps = channels_of(RIGHT, step)
    reason = "pooling keeps the maps" if step.place.kind == "pool" else "one map a filter"
    return f"{reason} = {number(maps)}"


def own_flat_line(rule: Misconception, step: Step) -> str:
    """Return what Flatten gives by a wrong rule."""
    shape = shape_of(rule, step)
    return _filled(rule, step, None if shape is None else shape[-1])


def right_flat_line(step: Step) -> str:
    """Return what Flatten gives by the right rule."""
    shape = shape_of(RIGHT, step) or (None,)
    return f"{_times(step.before[1:])} = {number(shape[-1])}"


def own_count_line(rule: Misconception, step: Step, shape: Answer) -> str:
    """Return the parameters of a row by a wrong rule."""
    return _filled(rule, step, count_of(rule, step, shape), shape)


def right_count_line(step: Step, shape: Answer) -> str:
    """Return the parameters of a row by the right rule."""
    words, place = _words(step, shape), step.place
    result = number(count_of(RIGHT, step, shape))
    plus_bias = " + 1" if place.kind in {"conv", "dense"} and place.biases else ""
    if place.kind == "conv":
        return f"({words['k2']} · {words['cin']}{plus_bias}) · {words['f']} = {result}"
    if place.kind == "dense":
        return f"({words['inputs']}{plus_bias}) · {words['units']} = {result}"
    return f"nothing is learnt here: {result}"


def _filled(rule: Misconception, step: Step, value: Size, shape: Answer | None = None) -> str:
    line = rule.working.format_map(_words(step, shape))
    return line if value is None or line == number(value) else f"{line} = {number(value)}"


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
        "channels_first": _listed((step.earlier[0][-1], *step.earlier[0][1:-1])),
        "row_before": _listed(step.earlier[-2][1:] if len(step.earlier) > 1 else before[1:]),
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


def _listed(sizes: Answer) -> str:
    return f"({', '.join(map(number, sizes))})"


def _is_flat(shape: Answer) -> bool:
    return len(shape) == len(("batch", "numbers"))
