"""Marks what students predict about convolutional networks.

Hidden tests import `grade` and what it takes from here; nothing else here is for them.
"""

from autograder.checks import Accepts, Cases, grade, submitter
from autograder.mark import Mark

__all__ = ["Accepts", "Cases", "Mark", "grade", "submitter"]
