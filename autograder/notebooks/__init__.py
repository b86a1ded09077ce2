"""Notebook files: read as hostile data, matched to the instructor's, and written with marks."""
