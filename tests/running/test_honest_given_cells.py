"""Given cells of all kinds, and what honest notebooks do to what these define, are not flagged."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.attacks_in_cells import code
from programs import submission
from running.test_attacks_beside import points

from autograder.records import BesideTest

pytestmark = [needs_sandbox, pytest.mark.slow]
ANSWERS = frozenset({"x", "triple", "Stack"})
HELPERS = b"LIMIT = 5\ndef check(a):\n    assert a == LIMIT\n"
HONEST: dict[str, tuple[str, str, str]] = {
    "plain": ("def check(a, b=5, *, tol=0.1):\n    assert abs(a - b) < tol", "", "check(x)"),
    "decorated-by-a-wrapper": (
        """
        import functools
        def logged(f):
            @functools.wraps(f)
            def inner(*a):
                return f(*a)
            return inner
        @logged
        def check(a):
            assert a == 5
        """,
        "check(5)",
        "check(x)",
    ),
    "decorated-and-counted": (
        """
        def counted(f):
            calls = 0
            def inner(*a):
                nonlocal calls
                calls += 1
                inner.calls = calls
                return f(*a)
            return inner
        @counted
        def check(a):
            assert a == 5
        """,
        "check(5)\ncheck(5)",
        "check(x)\nassert check.calls == 3",
    ),
    "cached": (
        """
        import functools
        @functools.lru_cache
        def same(a, b):
            return a == b
        """,
        "same(x, 5)",
        "assert same(x, 5)",
    ),
    "kept-in-a-default": (
        """
        def fib(n, kept={0: 0, 1: 1}, calls=[0]):
            calls[0] += 1
            if n not in kept:
                kept[n] = fib(n - 1) + fib(n - 2)
            return kept[n]
        """,
        "fib(30)",
        "assert fib(x) == 5",
    ),
    "from-a-factory": (
        """
        from functools import partial
        import numpy as np
        def adder(n):
            def add(a):
                return a + n
            return add
        add_one = adder(1)
        rounded = partial(round, ndigits=1)
        twice = np.vectorize(lambda a: 2 * a)
        check = lambda a: a == 5
        """,
        "",
        "assert check(x) and add_one(x) == 6 and rounded(x) == 5 and list(twice([x])) == [10]",
    ),
    "imported-from-a-file": (
        "from helpers import check, LIMIT\nimport helpers as own\nfrom numpy import *",
        "",
        "check(x)\nown.check(x)\nassert LIMIT == x and sum([x]) == 5",
    ),
    "executed": (
        "exec(open('helpers.py').read())\nexec('def double(a): return 2 * a')",
        "",
        "check(x)\nassert double(x) == 10",
    ),
    "magics": (
        "%matplotlib inline\n%run helpers.py\ndef double(a):\n    return 2 * a",
        "",
        "check(x)\nassert double(x) == 10",
    ),
    "timed": ("%%time\ndef double(a):\n    return 2 * a", "", "assert double(x) == 10"),
    "class": (
        """
        class Shape(object):
            count = 0
            sides: int = 4
            def __init__(self, side=1):
                Shape.count += 1
                self.side = side
            def area(self):
                return self.side ** 2
            @property
            def half(self):
                return self.side / 2
            @half.setter
            def half(self, value):
                self.side = 2 * value
            @classmethod
            def unit(cls):
                return cls(1)
            @staticmethod
            def name():
                return 'shape'
            def __eq__(self, other):
                return self.area() == other.area()
        """,
        "shape = Shape(3)\nshape.half = 2\nShape.unit().label = 'one'",
        "assert Shape(x) == Shape(5) and Shape.count == 4 and shape.side == 4",
    ),
    "class-without-bases": (
        "class Box:\n    def ok(self, a):\n        return super().__eq__(a) is not True and a == 5",
        "class Mine(Box):\n    def ok(self, a):\n        return True\nBox.extra = lambda self: 1",
        "assert Box().ok(x) and Box().extra() == 1",
    ),
    "dataclass-and-others": (
        """
        import abc, enum
        from dataclasses import dataclass, field
        from typing import NamedTuple
        @dataclass
        class Point:
            a: int
            b: list = field(default_factory=list)
        class Pair(NamedTuple):
            a: int
            b: int = 2
        class Color(enum.Enum):
            RED = 1
        class Base(abc.ABC):
            @abc.abstractmethod
            def area(self): ...
        class Odd(ValueError):
            pass
        """,
        "class Square(Base):\n    def area(self):\n        return 25\np = Point(1)\np.b.append(2)",
        """
        assert Point(x).a == 5 and Pair(x).b == 2 and Color(1).name == 'RED'
        assert Square().area()
        """,
    ),
    "calls-the-students-function": (
        """
        import decimal
        decimal.getcontext().prec = 6
        def check(a):
            assert a == 5
        print(triple(2), x)
        """,
        "",
        "check(x)",
    ),
    "generator-and-coroutine": (
        """
        import contextlib
        def up_to(n):
            yield from range(n)
        async def later(a):
            return a
        @contextlib.contextmanager
        def quiet():
            yield 5
        """,
        "",
        """
        with quiet() as five:
            assert list(up_to(x))[-1] == 4 and five == x
        assert await later(x) == 5
        """,
    ),
    "defined-in-branches": (
        """
        try:
            import missing_module
            def check(a):
                return missing_module.check(a)
        except ImportError:
            def check(a):
                assert a == 5
        if True:
            def other(a):
                return a
        def check_all():
            global check
            check(5)
            check = check
        """,
        "check_all()",
        "check(other(x))",
    ),
    "imported-name-assigned-again": (
        "import numpy as np\nfrom math import sqrt\nn = 5\ndef check(a):\n    assert a == 5",
        "import numpy as np\nfrom math import sqrt\nimport math",
        "check(x)\nassert sqrt(25) == x and np.sum([x]) == 5",
    ),
    "given-variable-used-for-something-else": (
        """
        n = 10
        data = [1, 2]
        def check(a):
            assert len(range(n)) and len(data) and a == 5
        """,
        "n = 3\ndata = [4]\nfor n in range(1, 4):\n    pass",
        "check(x)",
    ),
    "method-added-to-a-given-class": (
        "class Stack:\n    def __init__(self):\n        self.items = []",
        "def push(self, a):\n    self.items.append(a)\nStack.push = push",
        "s = Stack()\ns.push(x)\nassert s.items == [5]",
    ),
    "given-cell-with-a-mistake": (
        "def check(a):\n    assert a == 5\nraise ValueError('stop')\ndef other():\n    pass",
        "",
        "check(x)",
    ),
}
MINE = "x = 5\ndef triple(n):\n    return 3 * n"


def run(runner, *, cells, given, tests):
    files = {"helpers.py": HELPERS}
    trusted = (*given, *range(len(cells), len(cells) + len(tests)))
    asked = [
        BesideTest(name, len(cells) + at, source, answers=ANSWERS, released=frozenset(files))
        for at, (name, source) in enumerate(tests.items())
    ]
    whole = submission(*cells, *[""] * len(tests), trusted=trusted)
    return runner.tests(whole, asked, files)


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("at", [0, 1])
def test_honest_given_cells_are_not_flagged(runner, name, at):
    given, mine, test = HONEST[name]
    cells = [MINE, code(mine)]
    cells.insert(at, code(given))
    if name == "calls-the-students-function" and at == 0:
        cells = [MINE, *cells]
    place = cells.index(code(given))
    found = run(runner, cells=cells, given=(place,), tests={"test": code(test)})["test"]
    assert (points(found), found.flagged) == (1, False), found


def test_a_cell_after_others_that_set_features_of_python_is_the_instructors(runner):
    cells = [
        "from __future__ import annotations, division\nimport math",
        MINE,
        "def check(a: Of, *, b: Of = 2) -> None:\n    def inner(c: Of): pass\n    assert a == 5",
    ]
    found = run(runner, cells=cells, given=(0, 2), tests={"test": "check(x)"})["test"]
    assert (points(found), found.flagged) == (1, False), found


def test_a_function_that_two_given_cells_define_is_the_instructors(runner):
    first = "def check(a):\n    assert a == 5"
    second = "def check(a, b=5):\n    assert a == b"
    cells = [first, MINE, second]
    found = run(runner, cells=cells, given=(0, 2), tests={"test": "check(x)"})["test"]
    assert (points(found), found.flagged) == (1, False), found


def test_a_students_own_function_before_a_given_one_of_that_name_counts(runner):
    cells = [MINE, "def helper(a):\n    return a + 1"]
    whole = submission(*cells, "", "def helper(a):\n    return a + 2", "", trusted=(2, 3, 4))
    tests = [
        BesideTest("early", 2, "assert helper(x) == 6", answers=frozenset({"helper", "x"})),
        BesideTest("late", 4, "assert helper(x) == 7", answers=frozenset({"x"})),
    ]
    found = runner.tests(whole, tests)
    assert {name: (points(each), each.flagged) for name, each in found.items()} == {
        "early": (1, False),
        "late": (1, False),
    }
