"""Questions about other things than a network's rows: the right answers, and wrong ideas.

The right answer is computed from the layers, so that it is written nowhere twice. Lessons and marks
use the same objects. Sizes are in pixels, along one side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from stridewise.misconceptions.chain import chain_of
from stridewise.naming import Explanation
from stridewise.network import Network
from stridewise.predictions import FormError, int_list, number_in
from stridewise.receptive import receptive_field
from stridewise.size_questions import SizeQuestion

from . import receptive_fields, zeros
from .ideas import behind
from .output_sizes import behind_chain, behind_sizes, following, size_working
from .totals import behind_total


@dataclass(frozen=True, slots=True)
class Sizes:
    """Output sizes along one side, in pixels: of single layers, or of layers in a row.

    Attributes:
        layers: (size, kernel_size, strides, padding, dilation_rate) of each, where the last three
            may be left out; without the size where the layers follow one another.
        start: The size that the first of layers in a row reads.

    >>> Sizes([(21, 5, 2), (28, 5, 2, "same")]).right
    [9, 14]
    >>> Sizes([(3, 2, "same")] * 3, start=28).right
    [14, 7, 4]
    """

    layers: Sequence[tuple[Any, ...]]
    start: int | None = None
    by: str = "Keras"

    @property
    def right(self) -> list[int]:
        """The right sizes."""
        return [cast("int", item.answer) for item in self.items]

    def explain(self, sizes: Sequence[Any]) -> Explanation | None:
        """Return an explanation of wrong sizes; None is a missing answer."""
        return (behind_sizes if self.start is None else behind_chain)(self.items, sizes)

    def following(self, sizes: Sequence[Any]) -> frozenset[int]:
        """Return the rows, from 0, that follow from the student's own size before them."""
        return frozenset() if self.start is None else following(self.items, sizes)

    def worked(self, row: int, sizes: Sequence[Any]) -> str:
        """Return a row (from 0) by the rule, from the student's own size before it."""
        item, own = self.items[row], sizes[row - 1] if row else None
        if self.start is not None and isinstance(own, int) and own > 0:
            item = item._replace(size=own)
        return size_working(item)

    @property
    def items(self) -> list[SizeQuestion]:
        """Each layer as a question about one size."""
        if self.start is None:
            return _items(self.layers)
        items: list[SizeQuestion] = []
        for window in self.layers:
            size = items[-1].answer if items else self.start
            items.append(SizeQuestion(cast("int", size), *window))
        return items


@dataclass(frozen=True, slots=True)
class Zeros:
    """Pairs of zeros before and after; `layers` are as those of `Sizes`, with their sizes.

    >>> Zeros([(28, 3, 2, "same")]).right
    [(0, 1)]
    """

    layers: Sequence[tuple[Any, ...]]
    by: str = "Keras"

    @property
    def right(self) -> list[tuple[int, int]]:
        """The right pairs."""
        return list(map(zeros.right_zeros, _items(self.layers)))

    def explain(self, pairs: Sequence[Any]) -> Explanation | None:
        """Return an explanation of wrong pairs; None is a missing answer."""
        return behind(
            zeros.ZERO_IDEAS,
            _items(self.layers),
            pairs,
            zeros.right_zeros,
            zeros.zeros_working,
        )

    def worked(self, row: int, _pairs: Sequence[Any]) -> str:
        """Return a row (from 0) by the rule."""
        return zeros.zeros_working(_items(self.layers)[row])


@dataclass(frozen=True, slots=True)
class Fields:
    """Receptive fields along one side: (network, layer) of each, the layer by position or name.

    >>> from stridewise import lesson_network
    >>> Fields([(lesson_network("stride"), 2)]).right
    [15]
    """

    of: Sequence[tuple[Network, int | str]]
    by: str = "By the rule"

    @property
    def right(self) -> list[int]:
        """The right receptive_fields."""
        return [receptive_field(network, layer)[0] for network, layer in self.of]

    def explain(self, answers: Sequence[Any]) -> Explanation | None:
        """Return an explanation of wrong fields; None is a missing answer."""
        windows = [_windows_to(network, layer) for network, layer in self.of]
        if list(map(receptive_fields.right_field, windows)) != self.right:
            return None  # the way to a layer is not a chain of windows
        return behind(
            receptive_fields.FIELD_IDEAS,
            windows,
            answers,
            receptive_fields.right_field,
            receptive_fields.field_working,
        )

    def worked(self, row: int, _answers: Sequence[Any]) -> str:
        """Return a row (from 0) by the rule; the number alone where the way is no chain."""
        windows, right = _windows_to(*self.of[row]), self.right[row]
        chain = receptive_fields.right_field(windows) == right
        return receptive_fields.field_working(windows) if chain else str(right)


@dataclass(frozen=True, slots=True)
class Total:
    """The parameters of a network together.

    Attributes:
        network: The network.
        rows: The student's own counts, or a function that gives them: their sum counts as right.

    >>> from stridewise import lesson_network
    >>> Total(lesson_network("stride")).right
    85770
    """

    network: Network
    rows: Any = None

    @property
    def right(self) -> int:
        """The right total."""
        return self.network.total_parameters

    @property
    def own(self) -> list[int]:
        """The student's own counts; [] where they are not all there."""
        try:
            counts = int_list(own_value(self.rows))
        except FormError:
            return []
        return counts if len(counts) == len(self.network.rows) else []

    def explain(self, total: int) -> Explanation | None:
        """Return an explanation of a wrong total."""
        return behind_total(self.network, total, self.own)

    @property
    def added(self) -> str:
        """The sum of the student's own counts, worked in one line; "" where they are not all there.

        >>> from stridewise import lesson_network
        >>> Total(lesson_network("stride"), rows=[320, 9248, 9248, 0, 65664, 1290]).added
        '320 + 9,248 + 9,248 + 65,664 + 1,290 = 85,770'
        """
        counts = " + ".join(f"{count:,}" for count in self.own if count)
        return counts and f"{counts} = {sum(self.own):,}"


def values_in(read: Sequence[Any], question: object) -> list[Any]:
    """Return the answers that an idea may explain; None where an answer has another form.

    A size may be a fraction: that is an idea, too. `read` has a `FormError` for another form.

    >>> from stridewise.predictions import read_rows, whole_number
    >>> values_in(read_rows([14.5, 7], whole_number), Sizes([(3, 2)] * 2, start=28))
    [14.5, 7]
    """
    of_sizes = isinstance(question, Sizes)
    other = [number_in(each) if of_sizes else None for each in read]
    return [
        none if isinstance(each, FormError) else each
        for each, none in zip(read, other, strict=True)
    ]


def own_value(given: Any) -> Any:
    """Return another answer of the student's, given as it is or by a function; `...` without one.

    >>> own_value(lambda: [26, 24]), own_value(lambda: no_such_name)
    ([26, 24], Ellipsis)
    """
    try:
        return given() if callable(given) else given
    except Exception:  # noqa: BLE001 - whatever is wrong with another answer, it must cost nothing here
        return ...


def _items(layers: Sequence[tuple[Any, ...]]) -> list[SizeQuestion]:
    return [SizeQuestion(*each) for each in layers]


def _windows_to(network: Network, layer: int | str) -> receptive_fields.Windows:
    """Return the windows on the first axis from the input to a layer."""
    chain = chain_of(network)
    names = [row.name for row in network.rows]
    last = names.index(layer) if isinstance(layer, str) else range(len(names))[layer]
    places = chain.places[: last + 1] if chain else ()
    return tuple(place.windows[0] for place in places if place.windows)
