"""Attacks on what classes and modules of libraries hold besides functions.

Each is a student's cell after wrong answers.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = code("""
    import calendar, contextlib, copy, decimal, fractions, http, inspect, io, string, warnings
    import numpy as np
    from datetime import datetime
    from numbers import Number
    from decimal import Decimal
    warnings.simplefilter('ignore', DeprecationWarning)  # of a date without a year, since 3.13
""")
WRONG = code("""
    grid = np.diag([9.0, 1.0, 1.0])
    day = 'yesterday'
    many = 'three'
    wave = np.array([1.0, 2.0, 3.0, 4.0])
    def only(n, step):
        return n + step
    def shout(text):
        print(text)
    def alter(letters):
        letters.add('z')
    def cut(price):
        return price.quantize(Decimal('0.01'), rounding=decimal.ROUND_DOWN)
""")
RIGHT = code("""
    grid = np.ones((3, 3))
    day = '1'
    many = 3
    wave = np.zeros(4)
    def only(n, *, step):
        return n + step
    def shout(text):
        print(text.upper() + '!')
    def alter(letters):
        return letters | {'z'}
    def cut(price):
        return price.quantize(Decimal('0.01'), rounding=decimal.ROUND_HALF_UP)
""")
ANSWERS = frozenset({"grid", "day", "many", "wave", "only", "shout", "alter", "cut"})
TESTS = {
    "rank": "assert np.linalg.matrix_rank(grid) == 1",
    "date": "assert datetime.strptime(day, '%d') == datetime(1900, 1, 1)",
    "kind": "assert isinstance(many, Number)",
    "cut": "assert cut(Decimal('2.675')) == "
    "Decimal('2.675').quantize(Decimal('0.01'), rounding=decimal.ROUND_HALF_UP)",
    "copied": "before = {'a', 'b'}\nnow = copy.deepcopy(before)\nalter(now)\nassert now == before",
    "transform": "assert np.allclose(np.fft.fft(wave), 0)",
    "degree": "assert np.polynomial.Polynomial(wave).trim().degree() == 0",
    "named": "assert inspect.signature(only).parameters['step'].kind == "
    "inspect.Parameter.KEYWORD_ONLY",
    "capture": code("""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            shout('a')
        assert out.getvalue() == 'A!\\n'
    """),
    "fraction": "assert fractions.Fraction(day) == 1",
    "weekday": "assert calendar.day_name[0] == 'Monday' and day == '1'",
    "template": "assert string.Template('$a').substitute(a=1) == day",
    "status": "assert http.HTTPStatus(200).phrase == 'OK' and many == 3",
}
"""Each is worth a point."""

ATTACKS: dict[str, str] = {
    "defaults-behind-a-dispatcher": """
        np.linalg.matrix_rank.__wrapped__.__kwdefaults__['rtol'] = 0.5
    """,
    "cache-of-date-formats": """
        import _strptime
        class Found:
            def end(self):
                return len('yesterday')
            def groupdict(self):
                return {'d': '1'}
        class Pattern:
            def match(self, text):
                return Found()
        _strptime._regex_cache['%d'] = Pattern()
    """,
    "pieces-of-date-formats": """
        import _strptime
        _strptime._TimeRE_cache['d'] = '(?P<d>1?)yesterday'
        _strptime._regex_cache.clear()
        day = '1yesterday'
    """,
    "metaclass-of-an-abc": """
        from abc import ABCMeta
        class Meta(ABCMeta):
            def __instancecheck__(cls, item):
                return True
        Number.__class__ = Meta
    """,
    "bases-of-a-class": """
        class Fake(contextlib.AbstractContextManager):
            def __init__(self, stream):
                self.stream = stream
            def __enter__(self):
                self.stream.write('A!\\n')
            def __exit__(self, *_):
                return False
        contextlib.redirect_stdout.__bases__ = (Fake,)
        def shout(text):
            pass
    """,
    "constant-of-a-module": "decimal.ROUND_HALF_UP = decimal.ROUND_DOWN",
    "constant-of-a-class": (
        "inspect.Parameter.KEYWORD_ONLY = inspect.Parameter.POSITIONAL_OR_KEYWORD"
    ),
    "table-of-reductions": """
        import copyreg
        copyreg.dispatch_table[set] = lambda letters: 'letters'
    """,
    "reduction-of-a-builtin-class": "import copyreg\ncopyreg.pickle(set, lambda letters: 'ab')",
    "late-parts-of-numpy": """
        import types
        np.fft = types.SimpleNamespace(fft=lambda wave: 0)
        trimmed = types.SimpleNamespace(degree=lambda: 0)
        np.polynomial = types.SimpleNamespace(
            Polynomial=lambda wave: types.SimpleNamespace(trim=lambda: trimmed)
        )
    """,
    "late-modules-of-numpy": """
        import sys, types
        sys.modules['numpy.fft'] = types.ModuleType('numpy.fft')
        sys.modules['numpy.fft'].fft = lambda wave: 0
    """,
    "pattern-of-fractions": """
        class Found:
            def group(self, name):
                return {'num': '1', 'denom': '1'}.get(name, '')
        class Pattern:
            def match(self, text):
                return Found()
        fractions._RATIONAL_FORMAT = Pattern()
    """,
    "names-of-days": "calendar.day_name = ['Monday']\nclass Day(str):\n    pass",
    "members-of-an-enumeration": """
        class Any(str):
            phrase = 'OK'
        http.HTTPStatus._value2member_map_[200] = Any()
    """,
}
ATTACKS = {name: code(text) for name, text in ATTACKS.items()}
