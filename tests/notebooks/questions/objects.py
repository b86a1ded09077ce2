"""Answers that are live objects: classes, generators, coroutines, context managers, modules."""

from .question import Question


def _q(name: str, right: str, other: str, wrong: str, test: str, given: str = "") -> Question:
    return Question(name, right, other, wrong, test, given, f"class {name}:\n    pass")


QUESTIONS = [
    _q(
        "o_class",
        "class o_class:\n    def __init__(self, x):\n        self.x = x\n    def twice(self):\n        return 2 * self.x",
        "from dataclasses import dataclass\n@dataclass\nclass o_class:\n    x: int\n    def twice(self):\n        return self.x + self.x",
        "class o_class:\n    def __init__(self, x):\n        self.x = x\n    def twice(self):\n        return self.x",
        "assert o_class(4).twice() == 8",
    ),
    _q(
        "o_operator",
        "class o_operator:\n    def __init__(self, v):\n        self.v = v\n    def __add__(self, o):\n        return o_operator(self.v + o.v)\n    def __eq__(self, o):\n        return self.v == o.v",
        "import dataclasses\n@dataclasses.dataclass\nclass o_operator:\n    v: int\n    def __add__(self, o):\n        return o_operator(o.v + self.v)",
        "class o_operator:\n    def __init__(self, v):\n        self.v = v\n    def __add__(self, o):\n        return o_operator(self.v + o.v)",
        "assert o_operator(1) + o_operator(2) == o_operator(3)",
    ),
    _q(
        "o_child",
        "class o_parent:\n    pass\nclass o_child(o_parent):\n    def __str__(self):\n        return 'child'",
        "class o_parent:\n    def __str__(self):\n        return 'child'\nclass o_child(o_parent):\n    pass",
        "class o_parent:\n    pass\nclass o_child:\n    def __str__(self):\n        return 'child'",
        "assert issubclass(o_child, o_parent) and str(o_child()) == 'child'",
    ),
    _q(
        "o_property",
        "class o_property:\n    @property\n    def area(self):\n        return 6",
        "class o_property:\n    area = property(lambda self: 6)",
        "class o_property:\n    def area(self):\n        return 6",
        "assert o_property().area == 6\ntry:\n    o_property().area = 3\nexcept AttributeError:\n    pass\nelse:\n    assert False",
    ),
    Question(
        "o_instance",
        "class Dog:\n    def __init__(self):\n        self.tricks = []\no_instance = Dog()\no_instance.tricks.append('roll')",
        "from types import SimpleNamespace\no_instance = SimpleNamespace(tricks=['roll'])",
        "o_instance = {'tricks': ['roll']}",
        "assert o_instance.tricks == ['roll']",
    ),
    _q(
        "o_generator",
        "def o_generator(n):\n    while n:\n        yield n\n        n -= 1",
        "def o_generator(n):\n    yield from range(n, 0, -1)",
        "def o_generator(n):\n    return list(range(n, 0, -1))",
        "g = o_generator(3)\nassert next(g) == 3 and list(g) == [2, 1]",
    ),
    Question(
        "o_iterator",
        "o_iterator = iter([1, 2])",
        "o_iterator = (n for n in [1, 2])",
        "o_iterator = [1, 2]",
        "assert next(o_iterator) == 1 and next(o_iterator) == 2 and next(o_iterator, None) is None",
    ),
    Question(
        "o_infinite",
        "import itertools\no_infinite = itertools.count(5)",
        "def upward(n):\n    while True:\n        yield n\n        n += 1\no_infinite = upward(5)",
        "o_infinite = iter(range(5, 7))",
        "from itertools import islice\nassert list(islice(o_infinite, 3)) == [5, 6, 7]",
    ),
    _q(
        "o_coroutine",
        "import asyncio\nasync def o_coroutine(n):\n    await asyncio.sleep(0)\n    return n + 1",
        "async def o_coroutine(n):\n    return n + 1",
        "def o_coroutine(n):\n    return n + 1",
        "assert await o_coroutine(1) == 2",
    ),
    Question(
        "o_awaited",
        "import asyncio\no_awaited = await asyncio.sleep(0, 'done')",
        "async def done():\n    return 'done'\no_awaited = await done()",
        "async def done():\n    return 'done'\no_awaited = 'undone'",
        "assert o_awaited == 'done'",
    ),
    _q(
        "o_context",
        "from contextlib import contextmanager\n@contextmanager\ndef o_context(log):\n    log.append('in')\n    yield\n    log.append('out')",
        "class o_context:\n    def __init__(self, log):\n        self.log = log\n    def __enter__(self):\n        self.log.append('in')\n    def __exit__(self, *_):\n        self.log.append('out')",
        "from contextlib import contextmanager\n@contextmanager\ndef o_context(log):\n    log.append('in')\n    yield",
        "log = []\nwith o_context(log):\n    log.append('body')\nassert log == ['in', 'body', 'out']",
    ),
    Question(
        "o_module",
        "import string as o_module",
        "import types\no_module = types.SimpleNamespace(digits='0123456789')",
        "o_module = None",
        "assert o_module.digits[:3] == '012'",
    ),
    Question(
        "o_students_import",
        "from math import factorial\no_students_import = factorial(5)",
        "from math import factorial\no_students_import = 120",
        "o_students_import = 120",
        "assert factorial(3) == 6 and o_students_import == 120",
    ),
    Question(
        "o_method",
        "o_method = 'abc'.upper",
        "o_method = lambda: 'ABC'",
        "o_method = 'ABC'",
        "assert o_method() == 'ABC'",
    ),
    Question(
        "o_partial",
        "from functools import partial\no_partial = partial(int, base=2)",
        "o_partial = lambda text: int(text, 2)",
        "o_partial = int",
        "assert o_partial('101') == 5",
    ),
    Question(
        "o_sorter",
        "o_sorter = lambda pair: pair[1]",
        "from operator import itemgetter\no_sorter = itemgetter(1)",
        "o_sorter = lambda pair: pair[0]",
        "assert sorted([(1, 'b'), (2, 'a')], key=o_sorter)[0] == (2, 'a')",
    ),
    Question(
        "o_regex",
        "import re\no_regex = re.compile(r'\\d+')",
        "import re\no_regex = re.compile('[0-9]+')",
        "import re\no_regex = re.compile('[0-9]')",
        "assert o_regex.findall('a12b3') == ['12', '3']",
    ),
    Question(
        "o_functions",
        "o_functions = {'double': lambda n: 2 * n, 'half': lambda n: n / 2}",
        "def _d(n):\n    return n + n\no_functions = dict(double=_d, half=lambda n: n * 0.5)",
        "o_functions = {'double': 2, 'half': 0.5}",
        "assert o_functions['double'](4) == 8 and o_functions['half'](4) == 2",
    ),
]
