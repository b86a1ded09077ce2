"""What runs beside student code: it holds no secret, and what it sends may be forged.

Inside the sandbox this is a package of its own, beside `stridewise`; the rest of `autograder` is
not there. It uses the standard library and IPython alone.
"""
