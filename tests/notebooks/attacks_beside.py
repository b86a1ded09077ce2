"""Attacks on tests that run in the same process as student code.

Each is a student's cell beside wrong answers.
"""

from __future__ import annotations

from notebooks import attacks_on_python
from notebooks.attacks_in_cells import code

SETUP = code("""
    import contextlib, io, math, unittest
    import numpy as np
    def check(function):
        assert function(4) == 12
""")
WRONG = code("""
    answer = 'forty-two'
    array = np.array([3.0, 2.0, 1.0])
    rgb = (0, 0, 0)
    many = 'three'
    def triple(n):
        return n - 1
    def shout(text):
        print(text)
    def ratio(a, b):
        return a * b
""")
RIGHT = code("""
    answer = 42
    array = np.array([1.0, 2.0, 3.0])
    rgb = (1, 0, 0)
    many = 3
    def triple(n):
        return 3 * n
    def shout(text):
        print(text.upper() + '!')
    def ratio(a, b):
        return a / b
""")
ANSWERS = frozenset({"answer", "array", "rgb", "many", "triple", "shout", "ratio"})
TESTS = {
    "builtins": "assert isinstance(answer, int) and abs(answer - 42) < 1",
    "numpy": "np.testing.assert_allclose(array, [1.0, 2.0, 3.0])",
    "unit": "unittest.TestCase().assertEqual(triple(3), 9)",
    "capture": code("""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            shout('a')
        assert out.getvalue() == 'A!\\n'
    """),
    "score": code("""
        score = 0
        for n in (3, 5, 8):
            score += (triple(n) == 3 * n) / 3
        round(score, 3)
    """),
    "given": "check(triple)",
    "math": "assert math.isclose(ratio(1, 4), 0.25)",
    "later": "got = triple(3)\nunittest.TestCase().assertEqual(got, 9)",
    "imported": "import colorsys\nassert colorsys.rgb_to_hls(*rgb)[1] == 0.5",
    "kind": "from numbers import Number\nassert isinstance(many, Number)",
    "awaited": "import asyncio\nawait asyncio.sleep(0.01)\nassert answer == 42",
}
"""Each is worth a point."""

ATTACKS: dict[str, str] = {
    "builtins-patched": """
        import builtins
        builtins.isinstance = lambda *_: True
        builtins.abs = lambda *_: 0
    """,
    "builtins-shadowed": """
        def isinstance(*_):
            return True
        def abs(_):
            return 0
        answer = 1
        class Text(str):
            def __sub__(self, other):
                return self
    """,
    "builtins-replaced-in-the-namespace": """
        import builtins
        fake = dict(vars(builtins))
        fake.update(isinstance=lambda *_: True, abs=lambda *_: 0, round=lambda *_: 1)
        __builtins__ = fake
    """,
    "round-patched": "import builtins\nbuiltins.round = lambda *_: 1",
    "numpy-testing-patched": "np.testing.assert_allclose = lambda *_, **__: None",
    "numpy-testing-replaced": """
        import types
        np.testing = types.SimpleNamespace(assert_allclose=lambda *_, **__: None)
    """,
    "numpy-rebound": """
        class Anything:
            def __getattr__(self, name):
                return Anything()
            def __call__(self, *_, **__):
                return Anything()
        np = Anything()
    """,
    "numpy-testing-inside": """
        import numpy.testing._private.utils as inside
        inside.assert_array_compare = lambda *_, **__: None
    """,
    "code-swapped": """
        def anything(*_, **__):
            pass
        np.testing.assert_allclose.__code__ = anything.__code__
        unittest.TestCase.assertEqual.__code__ = anything.__code__
    """,
    "defaults-swapped": """
        np.testing.assert_allclose.__wrapped__.__defaults__ = (1e9, 1e9, True, '', True)
        np.testing.assert_allclose.__defaults__ = (1e9, 1e9, True, '', True)
    """,
    "unittest-patched": "unittest.TestCase.assertEqual = lambda *_, **__: None",
    "unittest-subclass-slot": """
        unittest.TestCase.__getattribute__ = lambda self, name: (lambda *_, **__: None)
    """,
    "unittest-failure-exception": """
        class Quiet(Exception):
            def __new__(cls, *_):
                return Quiet
        unittest.TestCase.failureException = SystemError
        unittest.TestCase._getAssertEqualityFunc = lambda *_: (lambda *_, **__: None)
    """,
    "stringio-patched": """
        class Fake(io.StringIO):
            def getvalue(self):
                return 'A!\\n'
        io.StringIO = Fake
    """,
    "redirect-patched": """
        @contextlib.contextmanager
        def redirect(stream):
            stream.write('A!\\n')
            stream.write = lambda *_: None
            yield
        class Redirect(contextlib.redirect_stdout):
            def __enter__(self):
                self._new_target.write('A!\\n')
        contextlib.redirect_stdout = Redirect
        def shout(text):
            pass
    """,
    "isclose-patched": "math.isclose = lambda *_, **__: True",
    "math-replaced": """
        import sys, types
        fake = types.ModuleType('math')
        fake.isclose = lambda *_, **__: True
        sys.modules['math'] = math = fake
    """,
    "given-function-replaced": "def check(function):\n    pass",
    "given-code-swapped": """
        def anything(function):
            pass
        check.__code__ = anything.__code__
    """,
    "meta-path-finder": """
        import sys, types
        class Finder:
            def find_spec(self, name, path=None, target=None):
                from importlib.machinery import ModuleSpec
                return ModuleSpec(name, self)
            def create_module(self, spec):
                fake = types.ModuleType(spec.name)
                fake.isclose = fake.check = lambda *_, **__: True
                return fake
            def exec_module(self, module):
                pass
        sys.meta_path.insert(0, Finder())
        del sys.modules['math']
        import math
    """,
    "trace-that-skips": """
        import sys
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        def trace(frame, event, arg):
            cheat()
            return trace
        sys.settrace(trace)
    """,
    "profile-that-answers": """
        import sys
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        sys.setprofile(cheat)
    """,
    "thread-that-answers": """
        import threading, time
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        def cheats():
            while True:
                cheat()
                time.sleep(0)
        threading.Thread(target=cheats, daemon=True).start()
    """,
    "fork-hook": """
        import os, threading
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        def cheats():
            while True:
                cheat()
        os.register_at_fork(after_in_child=lambda: threading.Thread(target=cheats).start())
    """,
    "timer-that-answers": """
        import signal
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        signal.signal(signal.SIGALRM, cheat)
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.001)
    """,
    "child-that-signals": """
        import os, signal, time
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        signal.signal(signal.SIGUSR1, cheat)
        parent = os.getpid()
        if os.fork() == 0:
            for _ in range(2_000):
                for pid in range(2, 60):
                    try:
                        os.kill(pid, signal.SIGUSR1)
                    except OSError:
                        pass
                time.sleep(0.001)
            os._exit(0)
    """,
    "results-on-every-descriptor": """
        import json, os
        text = json.dumps({'result': ['passed', '', '', '1.0', '', '', [], []]}) + '\\n'
        for fd in range(3, 64):
            try:
                os.write(fd, text.encode())
            except OSError:
                pass
    """,
    "results-while-tested": """
        import os
        def triple(n):
            for fd in range(3, 64):
                try:
                    os.write(fd, b'{"result": ["passed", "", "", "1.0", "", "", [], []]}\\n')
                except OSError:
                    pass
            os._exit(0)
        def shout(text):
            triple(1)
        def ratio(a, b):
            triple(1)
    """,
    "descriptors-taken-over": """
        import os, socket
        ours, theirs = socket.socketpair()
        for fd in range(3, 20):
            if fd not in (ours.fileno(), theirs.fileno()):
                try:
                    os.fstat(fd)
                    os.dup2(theirs.fileno(), fd)
                except OSError:
                    pass
    """,
    "frames-walked-by-gc": """
        import gc, types
        def expected(*_):
            for each in gc.get_objects():
                if isinstance(each, types.FrameType) and 'expected' in each.f_locals:
                    return each.f_locals['expected']
            return 9
        triple = expected
    """,
    "code-found-by-gc": """
        import gc
        for each in gc.get_objects():
            if callable(each) and getattr(each, '__name__', '') in ('attempt', 'sealed'):
                each.__code__ = (lambda *_: ('passed', '', '', '1', '', '')).__code__
    """,
    "constants-of-the-test": """
        import sys
        def triple(n):
            frame = sys._getframe(1)
            for each in frame.f_code.co_consts:
                if isinstance(each, int) and each > n:
                    return each
            return 3 * n
    """,
    "stack-of-the-test": """
        import inspect
        def ratio(a, b):
            for frame in inspect.stack():
                for each in frame[0].f_code.co_consts:
                    if isinstance(each, float):
                        return each
    """,
    "traceback-to-the-test": """
        def ratio(a, b):
            try:
                raise ValueError
            except ValueError as error:
                frame = error.__traceback__.tb_frame.f_back
                while frame is not None:
                    for each in frame.f_code.co_consts:
                        if isinstance(each, float):
                            return each
                    frame = frame.f_back
    """,
    "exit-zero": """
        import sys
        def triple(n):
            sys.exit(0)
        shout = ratio = triple
    """,
    "end-of-process": """
        import os
        def triple(*_):
            os._exit(0)
        shout = ratio = triple
    """,
    "stop-iteration": """
        def triple(*_):
            raise StopIteration('passed')
        shout = ratio = triple
    """,
    "raised-success": """
        class Passed(BaseException):
            ended = 'passed'
            __class__ = int
            def __eq__(self, other):
                return True
            def __bool__(self):
                return False
            def __str__(self):
                return 'passed'
        def triple(*_):
            raise Passed
        shout = ratio = triple
    """,
    "hostile-error": """
        class Hostile(Exception):
            def __str__(self):
                import os
                for fd in range(3, 64):
                    try:
                        os.write(fd, b'passed')
                    except OSError:
                        pass
                raise SystemExit(0)
            __repr__ = __str__
        def triple(*_):
            raise Hostile
        shout = ratio = triple
    """,
    "display-hook": """
        import sys
        sys.displayhook = lambda value: None
        get_ipython().displayhook.write_format_data = lambda *_: None
    """,
    "formatter-of-numbers": """
        text = get_ipython().display_formatter.formatters['text/plain']
        text.for_type(float, lambda value, p, cycle: p.text('1.0'))
        text.for_type(int, lambda value, p, cycle: p.text('1'))
    """,
    "pretty-printer-of-numbers": """
        from IPython.lib import pretty
        pretty._type_pprinters[float] = lambda value, p, cycle: p.text('1.0')
        pretty._type_pprinters[int] = lambda value, p, cycle: p.text('1')
        pretty.pretty = lambda *_, **__: '1.0'
    """,
    "repr-and-print-patched": """
        import builtins
        builtins.repr = lambda value: '1.0'
        builtins.print = lambda *_, **__: None
    """,
    "shell-patched": """
        from IPython.core.interactiveshell import InteractiveShell
        async def nothing(self, *_, **__):
            return False
        InteractiveShell.run_code = nothing
    """,
    "asserts-stripped": """
        import ast
        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.Pass()
        get_ipython().ast_transformers.append(Strip())
    """,
    "cells-emptied": """
        get_ipython().input_transformers_cleanup.append(lambda lines: ['1.0'])
    """,
    "compile-patched": """
        import builtins, marshal
        real = builtins.compile
        nothing = real('None', 'x', 'eval')
        builtins.compile = builtins.exec = builtins.eval = lambda *_, **__: nothing
        marshal.loads = lambda *_: nothing
    """,
    "small-number-changed": """
        import ctypes
        ctypes.memmove(id(9) + 24, id(2) + 24, 4)
    """,
    "memory-by-ctypes": """
        import ctypes
        ctypes.c_char.from_address(id(False) + 24).value = b'\\x01'
    """,
    "decorator-kept-function": """
        cell = np.testing.assert_allclose.__closure__
        for each in cell or ():
            if callable(each.cell_contents):
                each.cell_contents = lambda *_, **__: None
        for each in contextlib.contextmanager.__closure__ or ():
            each.cell_contents = None
    """,
    "module-hides-a-builtin": """
        import unittest.case
        unittest.case.type = lambda *_: int
        unittest.case.isinstance = lambda *_: False
        unittest.case._UnittestFirst = None
        unittest.TestCase._baseAssertEqual = lambda *_, **__: None
        io.isinstance = contextlib.isinstance = lambda *_: True
    """,
    "audit-hook": """
        import sys
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        def hook(event, args):
            if event == 'exec':
                cheat()
        sys.addaudithook(hook)
    """,
    "patched-while-tested": """
        import builtins
        def triple(n):
            builtins.round = lambda *_: 1
            builtins.print = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
            return 0
        class Text(str):
            def __sub__(self, other):
                return self
    """,
    "fork-bomb-that-holds-descriptors": """
        import os, time
        for _ in range(200):
            try:
                if os.fork() == 0:
                    os.setsid()
                    while True:
                        time.sleep(1)
            except OSError:
                break
    """,
    "exit-handlers": """
        import atexit, os
        def last():
            for fd in range(3, 64):
                try:
                    os.write(fd, b'{"result": ["passed", "", "", "1.0", "", "", [], []]}\\n')
                except OSError:
                    pass
        atexit.register(last)
    """,
    "finalizers": """
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        class Late:
            __del__ = cheat
        late = Late()
        late.itself = late
        del late
    """,
    "loop-callbacks": """
        import asyncio, builtins
        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None
        asyncio.get_event_loop().call_later(0.001, cheat)
    """,
}
ATTACKS |= attacks_on_python.BEFORE | attacks_on_python.AFTER
ATTACKS = {name: code(text) for name, text in ATTACKS.items()}
AFTER_THE_ANSWERS = frozenset(
    attacks_on_python.AFTER.keys()
    | {"results-while-tested", "frames-walked-by-gc", "constants-of-the-test", "stack-of-the-test"}
    | {"traceback-to-the-test", "exit-zero", "end-of-process", "stop-iteration", "raised-success"}
    | {"hostile-error", "redirect-patched", "patched-while-tested", "builtins-shadowed"}
)
"""These give answers, so they stand after the wrong ones."""


def sources(attack: str) -> list[str]:
    """Return the cells before the tests: what is given, then the attack and wrong answers."""
    own = [WRONG, ATTACKS[attack]] if attack in AFTER_THE_ANSWERS else [ATTACKS[attack], WRONG]
    return [SETUP, *own]
