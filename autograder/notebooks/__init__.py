"""Notebook files: read as hostile data, matched to the instructor's, written with marks."""
