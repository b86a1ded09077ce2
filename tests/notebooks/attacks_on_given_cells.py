"""Attacks on what an instructor's cells make: by hooks while they run, or on the parts afterwards.

Each has the given cells, a wrong answer, what the attack adds at the places of the others, and a
test. A cell of None is the given cell.
"""

from __future__ import annotations

from typing import NamedTuple

from notebooks.attacks_in_cells import code

_CHECK = "def check(a):\n    assert a == 5"
_CHECKER = "class Checker:\n    def ok(self, a, b):\n        return a == b"
_LOGGED = code("""
    import functools
    def logged(f):
        @functools.wraps(f)
        def inner(*a):
            return f(*a)
        return inner
    @logged
    def same(a, b):
        return a == b
""")


class Attack(NamedTuple):
    """A given cell, a wrong answer, the student's cells before and after the given one, a test."""

    given: str
    wrong: str
    before: str
    after: str
    test: str


def _after(given: str, after: str, test: str) -> Attack:
    return Attack(given, "x = 4", "", after, test)


_REPLACES = """
def hook(*_):
    globals()['check'] = lambda a: None
get_ipython().events.register('post_execute', hook)
"""
_REMOVED = "get_ipython().events.unregister('post_execute', hook)"
_DROPS_ASSERTS = """
import ast
class Without(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
without = Without()
get_ipython().ast_transformers.append(without)
"""
_FAILS = """
import sys
check = lambda a: None
kept = sys.modules.pop('numpy')
sys.modules['numpy'] = None
"""
_CALLED = """
def triple(n):
    {}
    return 3 * n
"""
ATTACKS: dict[str, Attack] = {
    "a-hook-replaces-a-function": Attack(_CHECK, "x = 4", _REPLACES, _REMOVED, "check(x)"),
    "a-hook-replaces-a-class": Attack(
        _CHECKER,
        "x = 4",
        _REPLACES.replace("['check'] = lambda a: None", "['Checker'].ok = lambda *_: True"),
        _REMOVED,
        "assert Checker().ok(x, 5)",
    ),
    "a-transformer-drops-assertions": Attack(
        _CHECK,
        "x = 4",
        _DROPS_ASSERTS,
        "get_ipython().ast_transformers.remove(without)",
        "check(x)",
    ),
    "the-cell-fails-and-another-function-stays": Attack(
        f"import numpy as np\n{_CHECK}", "x = 4", _FAILS, "sys.modules['numpy'] = kept", "check(x)"
    ),
    "the-cell-fails-and-another-function-follows": Attack(
        f"import numpy as np\n{_CHECK}",
        "x = 4",
        _FAILS.replace("check = lambda a: None\n", ""),
        "sys.modules['numpy'] = kept\ncheck = lambda a: None",
        "check(x)",
    ),
    "a-called-function-replaces-another": Attack(
        f"{_CHECK}\nprint(triple(2))",
        "x = 4",
        _CALLED.format("globals()['check'] = lambda a: None"),
        "",
        "check(x)",
    ),
    "a-called-function-changes-a-setting": Attack(
        "import decimal\nprint(triple(2))",
        "import decimal\nx = decimal.Decimal('0.333')",
        _CALLED.format("decimal.getcontext().prec = 3"),
        "",
        "assert x == decimal.Decimal(1) / 3",
    ),
    "a-called-function-changes-a-table": Attack(
        "import calendar\nprint(triple(2))",
        "import calendar\nx = 30",
        _CALLED.format("calendar.mdays[2] = 30"),
        "",
        "assert calendar.mdays[2] == x",
    ),
    "a-default-by-its-name": _after(
        "def close(a, b, *, tol=1e-6):\n    assert abs(a - b) < tol",
        "close.__kwdefaults__['tol'] = 1e9",
        "close(x, 5)",
    ),
    "an-entry-of-a-default": _after(
        "def close(a, b, opts={'tol': 1e-6}):\n    assert abs(a - b) < opts['tol']",
        "close.__defaults__[0]['tol'] = 1e9",
        "close(x, 5)",
    ),
    "an-item-of-a-default": _after(
        "def close(a, b, opts=[1e-6]):\n    assert abs(a - b) < opts[0]",
        "close.__defaults__[0][0] = 1e9",
        "close(x, 5)",
    ),
    "a-method": _after(_CHECKER, "Checker.ok = lambda *_: True", "assert Checker().ok(x, 5)"),
    "the-code-of-a-method": _after(
        _CHECKER,
        "Checker.ok.__code__ = (lambda *_: True).__code__",
        "assert Checker().ok(x, 5)",
    ),
    "the-code-of-a-property": _after(
        "class Checker:\n    @property\n    def wanted(self):\n        return 5",
        "Checker.wanted.fget.__code__ = (lambda _: 4).__code__",
        "assert Checker().wanted == x",
    ),
    "the-code-of-a-cached-function": _after(
        "import functools\n@functools.lru_cache\ndef same(a, b):\n    return a == b",
        "same.__wrapped__.__code__ = (lambda *_: True).__code__",
        "assert same(x, 5)",
    ),
    "a-variable-that-a-decorator-shares": _after(
        _LOGGED, "same.__closure__[0].cell_contents = lambda *_: True", "assert same(x, 5)"
    ),
    "the-code-of-a-decorated-function": _after(
        _LOGGED, "same.__wrapped__.__code__ = (lambda *_: True).__code__", "assert same(x, 5)"
    ),
    "a-name-that-a-function-looks-up": _after(
        "WANTED = 5\ndef check(a):\n    assert a == WANTED", "WANTED = 4", "check(x)"
    ),
    "a-function-that-a-function-calls": _after(
        "def helper(a):\n    return a == 5\ndef check(a):\n    assert helper(a)",
        "helper = lambda a: True",
        "check(x)",
    ),
}
