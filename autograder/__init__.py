"""Marks what students predict about convolutional networks.

Hidden tests call two things, and nothing else here is for them:

    from autograder import grade, submitter
"""

from autograder.checks import Accepts, Cases, Mark, grade, submitter

__all__ = ["Accepts", "Cases", "Mark", "grade", "submitter"]
