"""Honest notebooks and tests whose libraries read code, trace, or load libraries of C are paid."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.attacks_in_cells import code
from programs import submission

from autograder.records import BesideTest

pytestmark = [pytest.mark.slow, needs_sandbox]
HONEST = {
    "pool-that-logs": (
        """
        import logging, warnings
        from concurrent.futures import ThreadPoolExecutor
        log = logging.getLogger('shop')
        def told(n):
            log.warning('n is %d', n)
            warnings.warn('n')
            return n
        def answers():
            with ThreadPoolExecutor(2) as pool:
                return list(pool.map(told, range(3)))
        """,
        """
        import logging, unittest, warnings
        from concurrent.futures import ThreadPoolExecutor
        def helper(n):
            logging.getLogger('shop').warning('again %d', n)
            warnings.warn('again')
            return log.findCaller()[2], n
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter('always')
            with unittest.TestCase().assertLogs('shop') as logged:
                assert answers() == [0, 1, 2]
                with ThreadPoolExecutor(1) as pool:
                    assert pool.submit(helper, 3).result() == ('helper', 3)
                    pool.submit(logging.getLogger('shop').warning, 'alone').result()
        assert len(logged.records) == 5 and len(seen) == 4
        """,
    ),
    "logging-in-a-handler-of-signals": (
        """
        import logging, os, signal
        seen = []
        def handle(*_):
            logging.getLogger('shop').error('signal')
            seen.append(logging.getLogger('shop').findCaller()[2])
        signal.signal(signal.SIGUSR1, handle)
        def answer():
            os.kill(os.getpid(), signal.SIGUSR1)
            return seen[-1]
        """,
        """
        import logging
        logging.disable(logging.CRITICAL)
        assert answer() == 'handle'
        """,
    ),
    "functions-of-the-test-are-looked-at": (
        "import inspect\ndef answer(f):\n    return f(2)",
        """
        import dis, doctest, functools, inspect, traceback, typing
        def helper(n: int, base: int = 10) -> int:
            '''Gives more.

            >>> helper(1)
            11
            '''
            return n + base
        class Own:
            def method(self, n): return n
        assert list(inspect.signature(helper).parameters) == ['n', 'base']
        assert inspect.getfullargspec(Own.method).args == ['self', 'n']
        assert typing.get_type_hints(helper)['n'] is int and answer(helper) == 12
        assert dict(inspect.getmembers(helper))['__code__'] is helper.__code__
        assert 'helper' in helper.__qualname__ and getattr(helper, '__defaults__') == (10,)
        assert any(each.opname.startswith('RETURN') for each in dis.get_instructions(helper))
        assert functools.wraps(helper)(lambda n: n).__wrapped__ is helper
        assert inspect.currentframe().f_code.co_name and traceback.extract_stack()
        try:
            helper(None)
        except TypeError as error:
            assert 'helper' in traceback.format_exc()
            assert traceback.TracebackException.from_exception(error).stack[-1].name == 'helper'
        assert helper.__code__.replace(co_name='other').co_name == 'other'
        finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
        for each in finder.find(helper, 'helper', module=False, globs={'helper': helper}):
            assert runner.run(each).failed == 0
        """,
    ),
    "mocks-of-a-tests-function": (
        "def answer(f):\n    return f(2)",
        """
        from unittest import mock
        def helper(n):
            return n
        class Own:
            def method(self, n):
                return n
        async def later(n):
            return n
        assert answer(mock.Mock(spec=helper, return_value=5)) == 5
        assert answer(mock.create_autospec(helper, return_value=6)) == 6
        assert mock.create_autospec(Own).method and mock.AsyncMock(spec=later)
        assert mock.Mock(wraps=helper)(3) == 3 and mock.MagicMock(spec=Own()).method
        """,
    ),
    "makers-of-classes": (
        "answer = 1",
        """
        import abc, collections, dataclasses, enum, functools, typing
        P = collections.namedtuple('P', 'x y', defaults=(1,))
        @dataclasses.dataclass(order=True)
        class D:
            x: int = 1
        class E(enum.Enum):
            A = enum.auto()
        class N(typing.NamedTuple):
            x: int = 1
        class B(abc.ABC):
            @abc.abstractmethod
            def f(self): ...
        @functools.singledispatch
        def f(x): return 0
        @f.register
        def _(x: int): return 1
        @functools.total_ordering
        class T:
            def __lt__(self, other): return True
        assert P(2).y == D().x == E.A.value == N().x == f(3) == answer
        """,
    ),
    "pandas-warns-of-the-callers-line": (
        "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2]}, index=[5, 6])",
        """
        import warnings
        import numpy as np
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter('always')
            frame.agg(np.mean)
            frame['a'].apply(lambda x: x + 1)
            try:
                frame.index.to_series(index=list('ab'))['a':][0]
            except KeyError:
                pass
            frame.groupby(frame['a']).apply(lambda part: part.sum())
        assert frame.agg(lambda column: column.sum())['a'] == 3
        """,
    ),
    "tracing-and-profiling-in-a-test": (
        """
        import cProfile, pstats, trace
        def work(n):
            return sum(range(n))
        def profiled(f, *rest):
            with cProfile.Profile() as profile:
                f(*rest)
            return cProfile.Profile().runcall(f, *rest)
        def counted(f, *rest):
            tracer = trace.Trace(count=1, trace=0)
            return tracer.runfunc(f, *rest), len(tracer.results().counts)
        """,
        """
        import cProfile, sys, threading, trace
        profile = cProfile.Profile()
        profile.enable()
        assert work(4) == 6
        profile.disable()
        assert profiled(work, 4) == 6
        assert counted(work, 4)[0] == 6
        calls = []
        def tracer(frame, event, arg):
            calls.append(frame.f_code.co_name)
        sys.settrace(tracer)
        work(3)
        sys.settrace(None)
        assert 'work' in calls
        assert trace.Trace(count=1, trace=0).runfunc(lambda: work(4)) == 6
        sys.setprofile(None)
        """,
    ),
    "threads-that-are-traced": (
        """
        import sys, threading
        lines = []
        def tracer(frame, event, arg):
            lines.append(event)
        threading.settrace(tracer)
        one = threading.Thread(target=len, args=([],))
        one.start(); one.join()
        threading.settrace(None)
        """,
        "assert lines",
    ),
    "doctest-of-its-own": (
        """
        import doctest
        def double(n):
            '''
            >>> double(2)
            4
            '''
            return 2 * n
        def failures():
            return doctest.testmod().failed
        """,
        "assert failures() == 0",
    ),
    "ctypes-in-a-cell": (
        """
        import ctypes
        import numpy as np
        class Dynamic:
            def __init__(self):
                self.items = (4 * ctypes.py_object)()
        own = Dynamic()
        own.items[0] = 'a'
        size = ctypes.sizeof(ctypes.c_double)
        text = ctypes.create_string_buffer(b'abc').value
        pointer = np.ones(3).ctypes.data_as(ctypes.POINTER(ctypes.c_double))
        again = np.ctypeslib.as_array(pointer, (3,))
        from multiprocessing import Array, Value
        shared, several = Value('i', 0), Array('d', [1.5])
        shared.value += 1
        """,
        """
        assert shared.value == 1 and several[0] == 1.5 and again.sum() == 3
        assert own.items[0] == 'a' and size == 8 and text == b'abc'
        """,
    ),
    "event-loop": (
        """
        import asyncio
        async def answer():
            loop = asyncio.get_running_loop()
            done = loop.create_future()
            loop.call_soon(done.set_result, 4)
            loop.call_later(0.001, print)
            with_thread = await asyncio.to_thread(len, 'abc')
            return await done + with_thread + await loop.run_in_executor(None, abs, -1)
        """,
        """
        import asyncio
        async def helper():
            await asyncio.sleep(0)
            return repr(asyncio.current_task()), asyncio.current_task().get_stack()
        assert await answer() == 8
        assert 'helper' in (await asyncio.ensure_future(helper()))[0]
        """,
    ),
    "timed-and-profiled-by-ipython": (
        """
        import time
        def work(n):
            return sum(range(n))
        %timeit -n1 -r1 work(3)
        %prun -q work(3)
        found = %time work(4)
        import cProfile
        profile = cProfile.Profile()
        profile.enable()
        work(4)
        profile.disable()
        ?work
        """,
        "assert found == 6",
    ),
    "templates-graphs-and-bars": (
        """
        import jinja2, networkx as nx
        from tqdm import tqdm
        try:
            jinja2.Template('{{ 1 / 0 }}').render()
        except ZeroDivisionError as error:
            raised = error
        total = sum(nx.path_graph(4).degree(n) for n in range(4))
        """,
        """
        import io
        from tqdm import tqdm
        assert type(raised) is ZeroDivisionError and total == 6
        assert sum(tqdm(range(4), file=io.StringIO())) == total
        """,
    ),
    "errors-in-a-pool": (
        """
        from concurrent.futures import ThreadPoolExecutor
        def fails(n):
            raise KeyError(n)
        def answer(f):
            with ThreadPoolExecutor(1) as pool:
                return type(pool.submit(f, 1).exception()).__name__
        """,
        """
        import traceback, unittest
        def helper(n):
            return fails(n)
        assert answer(fails) == answer(helper) == 'KeyError'
        with unittest.TestCase().assertRaises(KeyError) as caught:
            helper(1)
        assert traceback.format_exception(caught.exception)
        """,
    ),
    "parts-of-pythons-own-tests": (
        """
        from test.support import captured_stdout
        with captured_stdout() as out:
            print('x')
        """,
        "assert out.getvalue() == 'x\\n'",
    ),
    "parts-of-pythons-own-tests-by-name": (
        """
        import importlib
        support = importlib.import_module('.'.join(['test', 'support']))
        with support.captured_stdout() as out:
            print('x')
        try:
            import _xxlimited
        except ImportError:
            pass
        """,
        "assert out.getvalue() == 'x\\n'",
    ),
}


def found_of(runner, cells, test):
    whole = submission(code(cells), "", trusted=(1,))
    return runner.tests(whole, [BesideTest("test", 1, code(test), answers=frozenset())])["test"]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_notebook_earns_its_points_and_is_not_flagged(runner, name):
    found = found_of(runner, *HONEST[name])
    assert (found.ended, found.error, found.message) == ("passed", "", "")
    assert (found.stderr, found.flagged) == ("", False)
