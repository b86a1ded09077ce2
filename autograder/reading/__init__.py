"""Evaluating answers without running them: an interpreter of a small, safe part of Python.

A value that is read is exactly the value that Python would give. What cannot be evaluated with
certainty is left unread, and run in the sandbox.
"""
