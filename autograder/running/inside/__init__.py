"""What runs beside student code: nothing here is secret, and nothing here is believed.

Inside the sandbox this is a package of its own, beside `stridewise`; the rest of `autograder` is
not there. It uses the standard library and IPython alone.
"""
