"""The time limit of a cell, a test or a call, when others of the notebook have taken too long."""

from __future__ import annotations

FULL = 2
"""How many may take the whole time limit, in one notebook."""
SHORT_SECONDS = 5.0
"""The time limit of those after them."""


def time_limit(seconds: float, hung: int) -> float:
    """Return the time limit in seconds, after `hung` others that took too long.

    Stock nbgrader waits for the whole time limit each time. So one function that never ends takes
    minutes, as often as it is called. Here a stop by the shorter limit is shown to a person.

    >>> time_limit(30, 1), time_limit(30, 2)
    (30, 5.0)
    """
    return seconds if hung < FULL else min(seconds, SHORT_SECONDS)
