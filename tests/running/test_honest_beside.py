"""Honest notebooks that come near to what an attack does are paid, and nothing is flagged."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.attacks_in_cells import code
from programs import submission

from autograder.exam.beside import mark_of
from autograder.records import BesideTest, MasterCell

pytestmark = [pytest.mark.slow, needs_sandbox]
HONEST = {
    "runs-the-cell-above-again": (
        "print('Hello')",
        """
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as said:
    exec(In[-2])
assert said.getvalue() == "Hello\\n"
""",
    ),
    "shows-each-line": (
        """
        from IPython.core.interactiveshell import InteractiveShell
        InteractiveShell.ast_node_interactivity = 'all'
        answer = 1
        """,
        "assert answer == 1",
    ),
    "help": (
        "import pydoc\nhelp(len)\npydoc.help(str.upper)\nanswer = 1",
        "assert answer == 1",
    ),
    "asks-whether-it-is-in-a-notebook": (
        """
        import os
        answer = get_ipython().__class__.__name__, hasattr(get_ipython(), 'kernel')
        colours = os.environ['FORCE_COLOR'], os.environ['PAGER']
        """,
        "assert answer == ('ZMQInteractiveShell', True)\nassert colours == ('1', 'cat')",
    ),
    "rich-displays-a-page": (
        """
        import contextlib, io
        from rich.console import Console
        with contextlib.redirect_stdout(io.StringIO()) as said:
            Console().print('Hello')
        """,
        "assert said.getvalue() == ''",
    ),
    "pandas-shows-twenty-columns": (
        "import pandas as pd\nwide = repr(pd.DataFrame([range(1000, 1021)]))",
        (
            "assert pd.get_option('display.max_columns') == 20\n"
            "assert '...' in wide and wide.count('\\n') > 3"
        ),
    ),
    "exec-in-its-names": (
        "found = {}\nexec('answer = 1', found)\nglobals().update(found)",
        "assert answer == 1",
    ),
    "keras-in-a-hidden-test-alone": (
        "answer = 3",
        "import tensorflow as tf\nassert tf.keras.layers.Dense(answer).units == 3",
    ),
    "certificates": (
        """
        import ssl
        ssl._create_default_https_context = ssl._create_unverified_context
        answer = 1
        """,
        "assert answer == 1",
    ),
    "server-on-localhost": (
        """
        import http.server, threading, urllib.request
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'ok')
            def log_message(self, *rest):
                pass
        server = http.server.HTTPServer(('localhost', 0), Page)
        threading.Thread(target=server.handle_request, daemon=True).start()
        answer = urllib.request.urlopen(f'http://localhost:{server.server_port}/').read()
        """,
        "assert answer == b'ok'",
    ),
    "name-of-the-user": (
        "import getpass\nanswer = getpass.getuser()",
        "assert answer",
    ),
    "thread-that-goes-on": (
        """
        import queue, threading
        asked, told = queue.Queue(), queue.Queue()
        def work():
            while True:
                told.put(asked.get() * 2)
        threading.Thread(target=work, daemon=True).start()
        def double(n):
            asked.put(n)
            return told.get(timeout=30)
        """,
        "assert double(4) == 8",
    ),
    "pool-left-open": (
        """
        from concurrent.futures import ThreadPoolExecutor
        pool = ThreadPoolExecutor(2)
        squares = list(pool.map(lambda n: n * n, range(5)))
        """,
        "assert squares == [0, 1, 4, 9, 16]\nassert list(pool.map(abs, [-1])) == [1]",
    ),
    "processes": (
        """
        import multiprocessing
        def square(n):
            return n * n
        def squares(n):
            with multiprocessing.get_context('fork').Pool(2) as pool:
                return pool.map(square, range(n))
        """,
        "assert squares(4) == [0, 1, 4, 9]",
    ),
    "child-of-its-own": (
        """
        import os
        def answer():
            reading, writing = os.pipe()
            if os.fork() == 0:
                os.write(writing, b'42')
                os._exit(0)
            os.wait()
            return int(os.read(reading, 10))
        """,
        "assert answer() == 42",
    ),
    "tasks": (
        """
        import asyncio
        done = []
        async def note(n):
            await asyncio.sleep(0.001)
            done.append(n)
        tasks = [asyncio.ensure_future(note(n)) for n in range(3)]
        """,
        "import asyncio\nawait asyncio.gather(*tasks)\nassert sorted(done) == [0, 1, 2]",
    ),
    "warnings-and-seeds": (
        """
        import random, warnings
        import numpy as np
        warnings.filterwarnings('ignore')
        np.seterr(all='ignore')
        np.random.seed(3); random.seed(3)
        draws = np.random.rand(2)
        def ratio(a, b):
            return np.float64(a) / b
        """,
        (
            "import warnings\nnp.random.seed(3)\nnp.testing.assert_allclose(draws, "
            "np.random.rand(2))\nwith warnings.catch_warnings():\n"
            "    warnings.simplefilter('ignore')\n    assert np.isinf(ratio(1, 0))"
        ),
    ),
    "figure": (
        """
        import matplotlib.pyplot as plt
        plt.rcParams['figure.figsize'] = (3, 2)
        plt.style.use('ggplot')
        def draw():
            fig, ax = plt.subplots()
            ax.plot([1, 2], label='a')
            return fig
        """,
        "fig = draw()\nassert fig.axes[0].lines[0].get_label() == 'a'\nplt.close(fig)",
    ),
    "mock-in-its-own-function": (
        """
        import io, time
        from unittest import mock
        def ask():
            with mock.patch('builtins.input', return_value='7'), mock.patch('time.sleep'):
                time.sleep(100)
                return int(input())
        def said(function):
            with mock.patch('sys.stdout', new_callable=io.StringIO) as out:
                function()
            return out.getvalue()
        """,
        "assert ask() == 7\nassert said(lambda: print('a')) == 'a\\n'",
    ),
    "test-that-takes-reduce-away": (
        "def answer():\n    return 3",
        "import functools\nfunctools.reduce = None\nassert answer() == 3",
    ),
    "test-that-patches": (
        """
        import math
        def root(n):
            return n ** 0.5
        """,
        (
            "from unittest.mock import patch\nwith patch('math.sqrt', side_effect=OSError):\n"
            "    assert root(9) == 3"
        ),
    ),
    "test-that-takes-a-function-away": (
        """
        import numpy as np
        def root(n):
            return n ** 0.5
        """,
        (
            "import numpy as np\nwanted = np.sqrt(9)\nnp.sqrt = None\nnp.linalg.solve = None\n"
            "assert root(9) == wanted"
        ),
    ),
    "abstract-classes": (
        """
        import abc, collections.abc, copyreg, numbers
        class Shape(abc.ABC):
            @abc.abstractmethod
            def area(self): ...
        class Square(Shape):
            def area(self):
                return 4
        Shape.register(int)
        class Whole:
            pass
        numbers.Integral.register(Whole)
        collections.abc.Sequence.register(Whole)
        copyreg.pickle(Whole, lambda whole: (Whole, ()))
        """,
        (
            "import collections.abc, numbers, pickle\nassert isinstance(3, Shape)\n"
            "assert isinstance(Whole(), numbers.Integral)\n"
            "assert isinstance(pickle.loads(pickle.dumps(Whole())), collections.abc.Sequence)"
        ),
    ),
    "windows-of-an-array": (
        """
        import numpy as np
        from numpy.lib.stride_tricks import as_strided, sliding_window_view
        image = np.arange(16.0).reshape(4, 4)
        windows = as_strided(image, (2, 2, 3, 3), image.strides * 2)
        also = sliding_window_view(image, (3, 3))
        address = image.__array_interface__['data'][0]
        class Wrapped:
            __array_interface__ = image.__array_interface__
        """,
        "np.testing.assert_array_equal(windows, also)\nassert np.asarray(Wrapped())[1, 1] == 5",
    ),
    "own-module-and-reload": (
        """
        import gc, importlib, sys
        open('mine.py', 'w').write('limit = 3')
        sys.path.append('.')
        import mine
        open('mine.py', 'w').write('limit = 30')
        importlib.reload(mine)
        sys.setrecursionlimit(3_000)
        gc.collect()
        def deep(n):
            return 0 if n == 0 else 1 + deep(n - 1)
        """,
        "import mine\nassert mine.limit == 30 and deep(2_000) == 2_000",
    ),
    "tracing-its-own-function": (
        """
        import sys, functools
        calls = []
        def tracer(frame, event, arg):
            if event == 'call':
                calls.append(frame.f_code.co_name)
        def f():
            return 1
        sys.settrace(tracer)
        f()
        sys.settrace(None)
        @functools.lru_cache
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)
        """,
        "assert 'f' in calls and fib(60) == 1548008755920",
    ),
    "logging-and-signals": (
        """
        import logging, signal
        logging.basicConfig(level=logging.ERROR)
        class TooSlow(Exception):
            pass
        def slow(*_):
            raise TooSlow
        def limited(function):
            old = signal.signal(signal.SIGALRM, slow)
            signal.setitimer(signal.ITIMER_REAL, 1)
            try:
                return function()
            except TooSlow:
                return 'slow'
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, old)
        """,
        "import time\nassert limited(lambda: time.sleep(9)) == 'slow'\nassert limited(int) == 0",
    ),
    "small-library-imported-only-here": (
        """
        import colorsys, configparser, html.parser, tomllib
        class Titles(html.parser.HTMLParser):
            found = ()
            def handle_data(self, data):
                self.found += (data,)
        titles = Titles()
        titles.feed('<h1>a</h1>')
        """,
        "import colorsys\nassert titles.found == ('a',) and colorsys.rgb_to_hls(1, 0, 0)[1] == 0.5",
    ),
    "its-own-name": (
        """
        import sys
        def name():
            return sys._getframe().f_code.co_name
        """,
        "assert name() == 'name'",
    ),
    "a-copy-of-a-librarys-function": (
        """
        import collections, types
        again = types.FunctionType(collections.namedtuple.__code__, vars(collections))
        """,
        "assert collections.namedtuple('P', 'x y')(1, 2).y == 2",
    ),
    "its-own-name-by-inspect": (
        """
        import inspect
        def name():
            return inspect.currentframe().f_code.co_name
        """,
        "assert name() == 'name'",
    ),
    "warnings-in-another-way": (
        """
        import warnings
        warnings.warn = lambda *_, **__: None
        warnings.showwarning = lambda *_, **__: None
        warnings.formatwarning = lambda *_, **__: ''
        def half(n):
            warnings.warn('it is cut off')
            return n // 2
        """,
        "assert half(9) == 4",
    ),
    "prepared-input": (
        """
        import builtins
        builtins.input = lambda prompt='': '5'
        def ask():
            return int(input('how many? '))
        """,
        "assert ask() == 5",
    ),
    "old-names-of-numpy": (
        """
        import numpy as np
        np.float, np.int, np.object = float, int, object
        def zeros(n):
            return np.zeros(n, dtype=np.float)
        """,
        "assert zeros(3).dtype == np.float64",
    ),
    "method-on-two-classes-of-a-library": (
        """
        import logging
        def level_name(self):
            return logging.getLevelName(self.level)
        logging.Handler.level_name = level_name
        logging.StreamHandler.level_name = level_name
        """,
        "import logging\nassert logging.StreamHandler().level_name() == 'NOTSET'",
    ),
    "shown-as-a-formula": (
        """
        from numpy.polynomial import Polynomial
        Polynomial._repr_latex_ = lambda self: '$p$'
        p = Polynomial([1, 2])
        """,
        "assert p(1) == 3 and p._repr_latex_() == '$p$'",
    ),
    "parts-of-numpy-that-are-imported-late": (
        "import numpy as np\nwave = np.array([1.0, 2.0])",
        (
            "assert np.fft.fft(wave)[0] == 3 and np.ma.masked_array(wave).sum() == 3\n"
            "assert np.polynomial.Polynomial(wave)(1) == 3 and np.char.upper('a') == 'A'"
        ),
    ),
    "library-that-says-how-its-classes-are-copied": (
        "import bs4\npage = bs4.BeautifulSoup('<p>one</p>', 'html.parser')",
        "import copy\nassert page.select('p')[0].text == 'one' and copy.copy(page).p.text == 'one'",
    ),
    "copied-and-sorted-in-its-own-way": (
        """
        import collections, copyreg, fractions, string
        class Own:
            pass
        copyreg.dispatch_table[Own] = lambda own: (Own, ())
        collections.Counter.share = lambda self, key: self[key] / sum(self.values())
        fractions.Fraction.percent = lambda self: float(self) * 100
        string.vowels = 'aeiou'
        """,
        (
            "import copy\nassert type(copy.copy(Own())) is Own and string.vowels == 'aeiou'\n"
            "assert collections.Counter('aab').share('b') == 1 / 3"
        ),
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_notebook_earns_its_points_and_is_not_flagged(runner, name):
    cells, test = HONEST[name]
    whole = submission(code(cells), "", trusted=(1,))
    found = runner.tests(whole, [BesideTest("test", 1, test, answers=frozenset())])["test"]
    assert (found.ended, found.error, found.message) == ("passed", "", "")
    assert (found.stderr, found.flagged) == ("", False)


HABITS = (
    "import importlib, logging\nimportlib.reload(logging)",
    "import numpy as np\nnp.bool = bool",
    "import json\njson.JSONEncoder.default = lambda self, it: str(it)",
    "import matplotlib.pyplot as plt\nplt.show = lambda *_, **__: None",
    "import time\ntime.sleep = lambda _: None",
)


@pytest.mark.parametrize("habit", HABITS)
def test_what_honest_notebooks_replace_is_flagged_only_where_points_are_lost(runner, habit):
    cell = MasterCell("test", "test", "code", "", 2.0)
    whole = submission(f"{habit}\nanswer = 1", "", trusted=(1,))
    for source, flagged in (("assert answer == 1", False), ("assert answer == 2", True)):
        found = runner.tests(whole, [BesideTest("test", 1, source, answers=frozenset())])["test"]
        mark = mark_of(cell, found)
        assert (mark.points == 2, mark.flagged) == (not flagged, flagged)
        assert bool(mark.reasons) == flagged


def test_what_was_restored_flags_lost_points_of_the_next_test_too(runner):
    cells = "import numpy as np\nnp.load = lambda *_: 5\ndef five():\n    return np.load('none')"
    whole = submission(cells, "", "", trusted=(1, 2))
    tests = [BesideTest("first", 1, "1"), BesideTest("next", 2, "assert five() == 5")]
    found = runner.tests(whole, tests)["next"]
    mark = mark_of(MasterCell("next", "test", "code", "", 2.0), found)
    assert (mark.points, mark.flagged) == (0, True)
    assert "numpy.load" in mark.reasons[0]


CALLED_BY_PYTHON = {
    "freed": "class A:\n    def __del__(self): self.x = 1\nkept = A()\nkept = A()",
    "freed-in-a-circle": (
        "class A:\n    def __init__(self): self.own = self\n    def __del__(self): pass\n"
        "some = [A() for _ in range(50)]\ndel some"
    ),
    "finalized": "import weakref\nclass A: pass\na = A()\nweakref.finalize(a, print)\ndel a",
    "a-metaclass-that-compares": (
        "import copyreg\nfrom collections.abc import Sequence\nclass Kind(type):\n"
        "    def __hash__(self): return 1\n    def __eq__(self, other): return self is other\n"
        "class A(metaclass=Kind): pass\nSequence.register(A)\ncopyreg.pickle(A, lambda _: 'A')"
    ),
    "a-class-of-loggers": (
        "import logging\nclass Own(logging.Logger):\n    def info(self, *words): pass\n"
        "logging.setLoggerClass(Own)\nlogging.getLogger('own').info('x')"
    ),
    "arithmetic-of-its-own": (
        "import decimal\nclass Own(decimal.Context):\n    def __repr__(self): return 'Own'\n"
        "decimal.setcontext(Own(prec=28))"
    ),
    "after-a-fork": "import os\nos.register_at_fork(after_in_child=lambda: None)",
}


@pytest.mark.parametrize("name", CALLED_BY_PYTHON)
def test_methods_that_python_calls_cost_no_points_in_a_fork_or_at_the_end(runner, name):
    whole = submission(CALLED_BY_PYTHON[name], "", "answer = 1", "", trusted=(1, 3))
    tests = [BesideTest("fork", 1, "assert 1 == 1"), BesideTest("end", 3, "assert answer == 1")]
    found = runner.tests(whole, tests).values()
    assert [(result.ended, result.flagged) for result in found] == [("passed", False)] * 2
