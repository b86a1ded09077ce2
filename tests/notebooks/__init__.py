"""Hostile, damaged and nearly honest notebooks, made by builders: each is a few lines of Python.

Those that need a whole course on the disk are in `test_attacks_shell.py`, beside what they do.
"""
