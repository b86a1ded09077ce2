"""What an instructor may decide about marks and feedback, in one place: `nbgrader_config.py`.

The settings are environment variables, so that they reach stock nbgrader's kernels and this
package's own processes alike. Each is on unless it is "0".
"""

from __future__ import annotations

import os
from dataclasses import dataclass

FOLLOW_THROUGH = "STRIDEWISE_FOLLOW_THROUGH"
SHOW_RIGHT_NUMBERS = "STRIDEWISE_SHOW_RIGHT_NUMBERS"


@dataclass(frozen=True, slots=True)
class Settings:
    """How rows are marked, and what a student is shown.

    Attributes:
        follow_through: a row that follows rightly from the student's own row before it earns its
            points, so that one early slip is one mistake.
        show_right_numbers: reasons show the right working beside the student's own; off for a
            lesson that is to be tried again.
    """

    follow_through: bool = True
    show_right_numbers: bool = True


def settings() -> Settings:
    """Return the settings in force.

    >>> settings().follow_through
    True
    """
    return Settings(_is_on(FOLLOW_THROUGH), _is_on(SHOW_RIGHT_NUMBERS))


def _is_on(variable: str) -> bool:
    return os.environ.get(variable, "1") != "0"
