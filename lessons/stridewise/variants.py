"""An individual network, drawn from a student's id: as hard as everyone else's, but different.

Each has three convolutions on a small square image (one strided and "valid", one strided and
"same", one with stride 1, in any order), Flatten and two Dense layers. Only networks are drawn for
which the common wrong rules give different answers, so a wrong answer shows the rule.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import permutations, product
from typing import NamedTuple, TypeVar

from stridewise.predictions import Size
from stridewise.windows import Window, windows_of

from .layers import layer
from .misconceptions.misconception import AxisRule, right_size
from .misconceptions.size_formulas import COMMON
from .network import Network

T = TypeVar("T")

_SIZES = range(20, 41)
_STRIDED_VALID = [Window(k, s, "valid") for k in (3, 4, 5) for s in (2, 3)]
_STRIDED_SAME = [Window(k, s, "same") for k in (3, 4, 5) for s in (2, 3)]
_STEPPING_BY_ONE = [Window(k, 1, padding) for k in (3, 4, 5) for padding in ("valid", "same")]
_LAST_SIZES = range(2, 9)
_FILTERS = list(permutations((4, 5, 6, 8, 10, 12), 3))
_UNITS = list(product((12, 16, 20, 24, 30, 32), (5, 8, 10)))
_HAND_STEPS = range(42, 51)
_TOLD_APART = 12


class SizeChain(NamedTuple):
    """The input size and the three windows of a network."""

    size: int
    windows: tuple[Window, ...]


def your_network(
    student_id: str, course: str = "padding_and_stride", question: str = "your_network"
) -> Network:
    """Return the network that belongs to a student: the same id always gives the same one.

    Space around the id does not matter. Another course or question gives another network.

    Raises:
        TypeError: If the id is not a string.
        ValueError: If the id is empty.

    >>> your_network("ada") == your_network(" ada ")
    True
    >>> your_network("ada") == your_network("grace")
    False
    """
    return _drawn(course, question, normal_id(student_id))


@lru_cache(maxsize=64)
def _drawn(*key: str) -> Network:
    """Draw until a network is suitable; results are cached, since marking needs them again."""
    draw = 0
    while True:  # about two of three draws are suitable
        network = _network(_Draw(json.dumps([*key, draw])))
        if hand_steps(network) in _HAND_STEPS and _tells_flatten_apart(network):
            return network
        draw += 1


def normal_id(student_id: str) -> str:
    """Return an id without invisible differences: space around it, the encoding of é.

    Raises:
        TypeError: If the id is not a string.
        ValueError: If nothing is left.

    >>> normal_id(" ada ")
    'ada'
    """
    if not isinstance(student_id, str):
        raise TypeError(f"a student id is a string in quotes, got {student_id!r}")
    normal = unicodedata.normalize("NFC", student_id).strip()
    if not normal:
        raise ValueError("the student id is empty; write your own between the quotes")
    return normal


def hand_steps(network: Network) -> int:
    """Return the number of small steps to compute a network by hand.

    A step is one addition, subtraction, division or rounding, or one digit times one digit.
    """
    before, steps = network.input_shape, len(network.rows) - 1  # adding up the total
    for layer_, row in zip(network.layers, network.rows, strict=True):
        config, inputs = layer_.config, before[-1] or 0
        if layer_.type == "Conv2D":
            window = windows_of(layer_)[0]
            weights = window.kernel_size**2
            steps += _size_steps(before[1] or 0, window) + 1 + 1  # the square; the bias
            steps += _times(weights, inputs) + _times(weights * inputs + 1, config["filters"])
        elif layer_.type == "Flatten":
            side, channels = before[1] or 0, inputs
            steps += 1 + _times(side * side, channels)
        else:
            steps += 1 + _times(inputs + 1, config["units"])
        before = row.output_shape
    return steps


def _size_steps(size: int, window: Window) -> int:
    if window.padding == "same":
        return 0 if window.strides == 1 else 2  # divide, round up
    divided = 0 if window.strides == 1 else 1 + ((size - window.span) % window.strides > 0)
    return 2 + divided


def _times(a: int, b: int) -> int:
    """Return the digit products of a long multiplication; by 1 there are none."""
    return 0 if 1 in {a, b} else len(str(a)) * len(str(b))


class _Draw:
    """Choices made by a keyed hash: the same on every computer and every Python."""

    def __init__(self, text: str) -> None:
        digest = hashlib.blake2b(text.encode(), key=b"stridewise", digest_size=32)
        self._left = int.from_bytes(digest.digest(), "big")

    def choice(self, options: Sequence[T]) -> T:
        self._left, index = divmod(self._left, len(options))
        return options[index]


def _network(draw: _Draw) -> Network:
    size, windows = draw.choice(size_chains())
    filters, (hidden, classes) = draw.choice(_FILTERS), draw.choice(_UNITS)
    convolutions = [
        layer(
            "Conv2D",
            count,
            kernel_size=window.kernel_size,
            strides=window.strides,
            padding=window.padding,
            activation="relu",
        )
        for count, window in zip(filters, windows, strict=True)
    ]
    dense = [
        layer("Dense", hidden, activation="relu"),
        layer("Dense", classes, activation="softmax"),
    ]
    return Network.sequential(
        [*convolutions, layer("Flatten"), *dense], input_shape=(size, size, 1)
    )


@cache
def size_chains() -> tuple[SizeChain, ...]:
    """Return all input sizes with three windows for which the common wrong rules differ."""
    rules = (right_size, *COMMON)
    windows = (*_STRIDED_VALID, *_STRIDED_SAME, *_STEPPING_BY_ONE)
    sizes_after = {window: [_SizesAfter(rule, window) for rule in rules] for window in windows}
    return tuple(
        SizeChain(size, chosen)
        for size in _SIZES
        for kinds in permutations((_STRIDED_VALID, _STRIDED_SAME, _STEPPING_BY_ONE))
        for chosen in _telling(size, kinds, sizes_after)
    )


class _SizesAfter(dict[Size, Size]):
    """The size after a window by one rule, from the size before; each is computed once."""

    def __init__(self, rule: AxisRule, window: Window) -> None:
        super().__init__({None: None})
        self._rule, self._window = rule, window

    def __missing__(self, size: float) -> Size:
        self[size] = self._rule(size, self._window)
        return self[size]


def _telling(
    size: int, kinds: Sequence[Sequence[Window]], sizes_after: Mapping[Window, list[_SizesAfter]]
) -> Iterator[tuple[Window, ...]]:
    """Yield windows, one of each kind, for which no wrong rule is right and nearly all differ.

    The first of the rules is right.
    """
    for first in kinds[0]:
        once = [after[size] for after in sizes_after[first]]
        for second in kinds[1]:
            twice = _next(once, sizes_after[second])
            before = list(zip(once, twice, strict=True))
            agreeing = [rule for rule, sizes in enumerate(before) if rule and sizes == before[0]]
            for third in kinds[2]:
                after = sizes_after[third]
                last = after[0][twice[0]]
                if last in _LAST_SIZES and all(after[r][twice[0]] != last for r in agreeing):
                    sizes = zip(before, _next(twice, after), strict=True)
                    if list(Counter(sizes).values()).count(1) > _TOLD_APART:  # the right one too
                        yield first, second, third


def _next(sizes: Sequence[Size], after: Sequence[_SizesAfter]) -> list[Size]:
    """Return the size after one more window by each rule."""
    return [rule[size] for rule, size in zip(after, sizes, strict=True)]


def _tells_flatten_apart(network: Network) -> bool:
    """Return whether the usual mistakes at Flatten give different numbers, none of them right."""
    side, channels = network.rows[2].output_shape[2:]
    side, channels = side or 0, channels or 0
    slips = [side * side, side * channels, 2 * side + channels, channels]
    return len({side * side * channels, *slips}) == 1 + len(slips)
