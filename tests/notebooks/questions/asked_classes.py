"""As courses ask: decorators, context managers, exceptions, properties, classes that work together."""

from .question import Question

QUESTIONS = [
    Question(
        "p_timer",
        """\
import time
class p_timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self
    def __exit__(self, kind, error, trace):
        self.elapsed = time.perf_counter() - self.start
        return kind is ValueError""",
        """\
import time
from contextlib import ContextDecorator
class p_timer(ContextDecorator):
    elapsed = None
    def __enter__(self):
        self._t = time.time()
        return self
    def __exit__(self, *exc):
        self.elapsed = abs(time.time() - self._t)
        return exc[0] is not None and issubclass(exc[0], ValueError)""",
        """\
class p_timer:
    def __enter__(self):
        return self
    def __exit__(self, *a):
        self.elapsed = 0""",
        """\
with p_timer() as t:
    raise ValueError('swallowed')
assert 0 <= t.elapsed < 5
try:
    with p_timer():
        raise KeyError('seen')
except KeyError:
    pass
else:
    assert False, 'KeyError must go on'""",
    ),
    Question(
        "p_cd",
        """\
import os
from contextlib import contextmanager
@contextmanager
def p_cd(path):
    old = os.getcwd()
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(old)""",
        """\
import contextlib
p_cd = contextlib.chdir""",
        """\
import os
from contextlib import contextmanager
@contextmanager
def p_cd(path):
    os.chdir(path)
    yield""",
        """\
import os, tempfile
here = os.getcwd()
with tempfile.TemporaryDirectory() as folder:
    with p_cd(folder):
        assert os.path.samefile(os.getcwd(), folder)
    there = os.getcwd()
    os.chdir(here)
assert there == here""",
    ),
    Question(
        "p_slots",
        """\
class p_slots:
    __slots__ = ('_c',)
    def __init__(self, c): self.celsius = c
    @property
    def celsius(self): return self._c
    @celsius.setter
    def celsius(self, c):
        if c < -273.15: raise ValueError(f'{c} is below absolute zero')
        self._c = c
    @property
    def fahrenheit(self): return self._c * 9 / 5 + 32""",
        """\
class p_slots:
    __slots__ = ['value']
    def __init__(self, c):
        self.celsius = c
    def _get(self): return self.value
    def _set(self, c):
        if not c >= -273.15:
            raise ValueError('%s is below absolute zero' % c)
        self.value = c
    celsius = property(_get, _set)
    fahrenheit = property(lambda s: 32 + 1.8 * s.value)""",
        """\
class p_slots:
    def __init__(self, c): self.celsius = c
    @property
    def fahrenheit(self): return self.celsius * 9 / 5 + 32""",
        """\
import math
t = p_slots(100)
assert math.isclose(t.fahrenheit, 212)
t.celsius = 0
assert t.fahrenheit == 32 and not hasattr(t, '__dict__')
for bad in (-300, -274):
    try:
        t.celsius = bad
    except ValueError as e:
        assert 'absolute zero' in str(e) and str(bad) in str(e)
    else:
        raise AssertionError(f'{bad} was taken')
try:
    t.fahrenheit = 3
except AttributeError: pass
else: assert 0""",
        stub="""\
class p_slots:
    pass""",
    ),
    Question(
        "p_typed",
        """\
from typing import Generic, TypeVar
T = TypeVar('T')
class p_typed(Generic[T]):
    def __init__(self, items: list[T]) -> None: self.items = items
    def first(self) -> T: return self.items[0]""",
        """\
import typing
K = typing.TypeVar('K')
class p_typed(typing.Generic[K]):
    def __init__(self, items: 'list[K]') -> None: self._i = tuple(items)
    def first(self) -> K:
        return next(iter(self._i))""",
        """\
class p_typed:
    def __init__(self, items): self.items = items
    def first(self): return self.items[0]""",
        """\
import typing
assert typing.get_origin(p_typed[int]) is p_typed and p_typed[int]([4, 5]).first() == 4
assert isinstance(p_typed.first.__annotations__['return'], typing.TypeVar)""",
        stub="""\
class p_typed:
    pass""",
    ),
    Question(
        "p_chain",
        """\
def p_chain(d, k):
    try:
        return d[k]
    except KeyError as e:
        raise ValueError(f'no {k}') from e""",
        """\
def p_chain(d, k):
    if k in d: return d[k]
    error = ValueError('no ' + str(k))
    error.__cause__ = KeyError(k)
    raise error""",
        """\
def p_chain(d, k):
    if k in d: return d[k]
    raise ValueError(f'no {k}')""",
        """\
import traceback
try:
    p_chain({}, 'a')
except ValueError as e:
    assert isinstance(e.__cause__, KeyError) and 'no a' in traceback.format_exc()
else: assert False
assert p_chain({'a': 1}, 'a') == 1""",
    ),
    Question(
        "p_group",
        """\
def p_group(jobs):
    errors = []
    for job in jobs:
        try: job()
        except Exception as e: errors.append(e)
    if errors: raise ExceptionGroup('jobs', errors)""",
        """\
def p_group(jobs):
    def run(job):
        try: job()
        except Exception as e: return e
    errors = [e for e in map(run, jobs) if e]
    if errors:
        raise ExceptionGroup(f'{len(errors)} jobs', errors)""",
        """\
def p_group(jobs):
    for job in jobs: job()""",
        """\
seen = []
try:
    p_group([lambda: 1 / 0, lambda: {}['a'], int])
except* ZeroDivisionError as g:
    seen.append(len(g.exceptions))
except* KeyError as g:
    seen.append('key')
assert seen == [1, 'key']""",
    ),
    Question(
        "p_mro",
        """\
class A:
    def who(self): return ['A']
class B(A):
    def who(self): return ['B'] + super().who()
class C(A):
    def who(self): return ['C'] + super().who()
class p_mro(B, C):
    def who(self): return ['D'] + super().who()""",
        """\
class A:
    def who(self): return ['A']
class B(A):
    def who(self): return ['B', *super(B, self).who()]
class C(A):
    def who(self): return ['C', *super(C, self).who()]
p_mro = type('p_mro', (B, C), {'who': lambda self: ['D', *super(p_mro, self).who()]})""",
        """\
class A: pass
class B(A): pass
class C(A): pass
class p_mro(B, C):
    def who(self): return ['D', 'B', 'A']""",
        "assert p_mro().who() == ['D', 'B', 'C', 'A'] and [c.__name__ for c in p_mro.mro()] == ['p_mro', 'B', 'C', 'A', 'object']",
        stub="""\
class p_mro:
    pass""",
    ),
    Question(
        "p_asyncq",
        """\
import asyncio
async def p_asyncq(jobs, limit):
    gate = asyncio.Semaphore(limit)
    async def one(job):
        async with gate: return await job()
    return await asyncio.gather(*map(one, jobs))""",
        """\
import asyncio
async def p_asyncq(jobs, limit):
    out, running = [None] * len(jobs), set()
    async def one(i): out[i] = await jobs[i]()
    for i in range(len(jobs)):
        if len(running) >= limit:
            _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        running.add(asyncio.create_task(one(i)))
    if running: await asyncio.wait(running)
    return out""",
        """\
import asyncio
async def p_asyncq(jobs, limit):
    return await asyncio.gather(*[j() for j in jobs])""",
        """\
import asyncio
now = most = 0
async def job():
    global now, most
    now += 1; most = max(now, most)
    await asyncio.sleep(0.005)
    now -= 1
    return 1
assert list(await p_asyncq([job] * 6, 2)) == [1] * 6 and most == 2""",
        stub="""\
async def p_asyncq(jobs, limit):
    pass""",
    ),
]
