"""The kinds of value that a widget holds: each refuses what the page refuses, in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np
from traitlets import HasTraits, TraitError, TraitType


class Whole(TraitType[int, Any]):
    """A whole number from `low` to `high`."""

    def __init__(self, low: int, high: int, default: int) -> None:
        super().__init__(default_value=default)
        self.low, self.high = low, high

    def validate(self, obj: HasTraits, value: Any) -> int:  # noqa: ARG002 - traitlets's signature
        """Return `value` as an int, or raise `TraitError`."""
        return _whole(self.name, value, self.low, self.high)


class Pair(TraitType[tuple[int, int], Any]):
    """Height and width, each from `low` to `high`; one number is for both, as in Keras."""

    def __init__(self, low: int, high: int, default: int) -> None:
        super().__init__(default_value=(default, default))
        self.low, self.high = low, high

    def validate(self, obj: HasTraits, value: Any) -> tuple[int, int]:  # noqa: ARG002 - as above
        """Return a tuple of two ints, or raise `TraitError`."""
        if isinstance(value, Sequence) and not isinstance(value, str):
            if len(value) != 2:  # noqa: PLR2004 - a pair is two
                raise TraitError(
                    f"{self.name}={value!r}: give one whole number from {self.low} to "
                    f"{self.high}, or two of them for height and width"
                )
            height, width = value
        else:
            height = width = value
        return (
            _whole(self.name, height, self.low, self.high),
            _whole(self.name, width, self.low, self.high),
        )


class Numbers(TraitType[list[list[float]], Any]):
    """A grid of numbers from `low` to `high`: nested lists or a NumPy array."""

    def __init__(
        self, low: float, high: float, sides: tuple[int, int], default: Any, *, whole: bool = False
    ) -> None:
        super().__init__(default_value=default)
        self.low, self.high, self.sides, self.whole = low, high, sides, whole

    def validate(self, obj: HasTraits, value: Any) -> list[list[float]]:  # noqa: ARG002 - as above
        """Return nested lists, or raise `TraitError`."""
        fewest, most = self.sides
        side = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        wanted = f"{self.name}: give {side} rows of {side} numbers from {self.low} to {self.high}"
        try:
            grid = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise TraitError(f"{wanted}; got {value!r}") from None
        if grid.ndim != 2 or not all(fewest <= n <= most for n in grid.shape):  # noqa: PLR2004
            raise TraitError(f"{wanted}; got an array of shape {grid.shape}")
        if not ((grid >= self.low) & (grid <= self.high)).all():  # also false for nan
            raise TraitError(f"{wanted}; got numbers from {grid.min():g} to {grid.max():g}")
        numbers: list[list[float]] = (grid.astype(int) if self.whole else grid).tolist()
        return numbers


def _whole(name: str | None, value: Any, low: int, high: int) -> int:
    message = f"{name}={value!r} is not a whole number from {low} to {high}"
    if isinstance(value, bool):
        raise TraitError(message)
    try:
        number = index(value)
    except TypeError:
        raise TraitError(message) from None
    if not low <= number <= high:
        raise TraitError(message)
    return number
