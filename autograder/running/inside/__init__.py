"""The code that runs in the sandbox: it has no secrets, and what it sends may be forged.

Inside the sandbox this is a package of its own, beside `stridewise`; the rest of `autograder` is
missing there. It uses only the standard library and IPython.
"""
