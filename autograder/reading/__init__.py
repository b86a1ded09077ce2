"""Answers without running anything: a small safe language, in which most answers are written.

For everything that is read, the value is what Python would give; what cannot be read for certain is
left to be run.
"""

from .read_notebook import Reading, read_answers

__all__ = ["Reading", "read_answers"]
