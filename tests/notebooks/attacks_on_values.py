"""Attacks on how values reach a hidden test that is run apart."""

from __future__ import annotations

from notebooks.attacks_in_cells import code

FLATTERS = """
class Flatters:
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = None
"""
"""A class whose objects say that they are equal to everything."""

ATTACKS: dict[str, dict[str, str]] = {
    "array-of-a-subclass": {
        "shape": code(
            """
            import numpy as np
            class A(np.ndarray):
                def __eq__(self, other):
                    return True
            predicted_shape = np.zeros(4).view(A)
            n_params = np.zeros(()).view(A)
            """
        ),
    },
    "array-of-objects": {
        "first": FLATTERS,
        "shape": code(
            """
            import numpy as np
            predicted_shape = np.array([Flatters()] * 4, dtype=object)
            n_params = np.array(Flatters(), dtype=object)
            """
        ),
    },
    "class-that-names-itself-tuple": {
        "shape": code(
            """
            class M(type):
                __name__ = property(lambda made: 'tuple')
                __eq__ = lambda made, other: True
                __hash__ = lambda made: hash(tuple)
                __instancecheck__ = lambda made, other: True
            class T(tuple, metaclass=M):
                __class__ = tuple
                __eq__ = lambda self, other: True
                __hash__ = None
            class I(int, metaclass=M):
                __class__ = int
                __eq__ = lambda self, other: True
                __hash__ = None
            predicted_shape, n_params = T((1,)), I(1)
            """
        ),
    },
    "pieces-that-flatter": {
        "first": FLATTERS,
        "shape": code(
            """
            predicted_shape = (None, Flatters(), Flatters(), Flatters())
            n_params = Flatters()
            """
        ),
        "triple": "def triple(n):\n    return Flatters()",
    },
    "pickles-into-the-answer": {
        "shape": code(
            """
            class P:
                def __reduce__(self):
                    return eval, ('(None, 26, 26, 32)',)
                __reduce_ex__ = lambda self, protocol: self.__reduce__()
                def __deepcopy__(self, memo):
                    return 320
            predicted_shape, n_params = P(), P()
            """
        ),
    },
    "members-of-an-enumeration": {
        "shape": code(
            """
            import enum
            class E(enum.IntEnum):
                ONE = 1
                __eq__ = lambda self, other: True
                __hash__ = lambda self: 1
            predicted_shape = (None, E.ONE, E.ONE, E.ONE)
            n_params = E.ONE
            """
        ),
        "triple": "def triple(n):\n    return E.ONE",
    },
    "fraction-of-a-patched-class": {
        "first": code(
            """
            import fractions, decimal
            fractions.Fraction.numerator = property(lambda self: 320)
            fractions.Fraction.__eq__ = lambda self, other: True
            """
        ),
        "shape": code(
            """
            predicted_shape = fractions.Fraction(1)
            n_params = fractions.Fraction(1)
            """
        ),
        "triple": "def triple(n):\n    return fractions.Fraction(1)",
    },
    "array-writer-patched": {
        "first": code(
            """
            import numpy as np
            import numpy.lib.format as form
            def write(stream, array, *rest, **more):
                stream.write(b"\\x93NUMPY\\x01\\x00v\\x00{'descr': '|O', 'fortran_order': False, "
                             b"'shape': (), }" + b" " * 58 + b"\\n" + b"cbuiltins\\nexit\\n.")
            form.write_array = np.lib.format.write_array = write
            np.save = lambda stream, array, *rest, **more: write(stream, array)
            """
        ),
        "shape": "predicted_shape = np.zeros(4)\nn_params = np.int64(1)",
    },
    "array-larger-than-it-is": {
        "shape": code(
            """
            import numpy as np
            predicted_shape = np.broadcast_to(np.int8(1), (10 ** 6, 10 ** 6))
            n_params = np.lib.stride_tricks.as_strided(np.zeros(1), (2 ** 40,), (0,))
            """
        ),
    },
    "function-that-answers-twice": {
        "triple": code(
            """
            def triple(n):
                import os, time
                if os.fork():
                    time.sleep(0.1)
                    return 1
                return 2
            """
        ),
    },
    "function-that-looks-for-the-test": {
        "triple": code(
            """
            def triple(n):
                import gc, sys
                frame = sys._getframe()
                while frame is not None:
                    for found in (frame.f_locals, frame.f_globals):
                        if 'score' in found or 'limit' in found and 'test' in str(frame.f_code):
                            found['score'] = 3
                    frame = frame.f_back
                for each in gc.get_objects():
                    if type(each) is dict and 'score' in each:
                        each['score'] = 3
                return 0
            """
        ),
    },
    "object-that-is-called": {
        "triple": code(
            """
            class F:
                __code__ = (lambda n: 3).__code__
                def __call__(self, n):
                    class I(int):
                        __eq__ = lambda self, other: True
                        __hash__ = None
                    return I(0)
            triple = F()
            """
        ),
    },
}
