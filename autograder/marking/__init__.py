"""Marking: one notebook, one submission, a class, a class on a cluster."""
