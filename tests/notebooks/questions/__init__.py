"""A course of many kinds of question: each with answers that are right, right in another way, and
wrong.

A question is source text alone. `course.py` makes notebooks of them.
"""
