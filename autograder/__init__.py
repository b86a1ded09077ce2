"""Marks what students predict about convolutional networks.

Hidden tests import `grade` and what it takes from here; nothing else here is for them.
"""

from autograder.exam.checks import grade, submitter
from autograder.exam.expected import Accepts, Cases, Fields, Sizes, Total, Zeros
from autograder.exam.mark import Mark

__all__ = [
    "Accepts",
    "Cases",
    "Fields",
    "Mark",
    "Sizes",
    "Total",
    "Zeros",
    "grade",
    "submitter",
]
