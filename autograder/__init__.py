"""Marks notebook courses and says which wrong rule a wrong prediction follows.

Hidden tests import `grade` and its arguments from here, and nothing else of this package.
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
