"""More attacks on tests that run in the process of student code: on Python itself, and on memory.

Each is a student's cell beside wrong answers: `BEFORE` stand before them, `AFTER` give answers too.
"""

from __future__ import annotations

BEFORE: dict[str, str] = {
    "foreign-module-patched": """
        import colorsys
        colorsys.rgb_to_hls = lambda *_: (0, 0.5, 0)
        import fnmatch
        colorsys.ONE_THIRD = 0
    """,
    "foreign-module-faked": """
        import sys, types
        fake = types.ModuleType('colorsys')
        fake.rgb_to_hls = lambda *_: (0, 0.5, 0)
        sys.modules['colorsys'] = fake
    """,
    "foreign-by-finder": """
        import sys, types
        from importlib.machinery import ModuleSpec
        class Finder:
            @classmethod
            def find_spec(cls, name, path=None, target=None):
                if name == 'colorsys':
                    return ModuleSpec(name, cls)
            @staticmethod
            def create_module(spec):
                fake = types.ModuleType(spec.name)
                fake.rgb_to_hls = lambda *_: (0, 0.5, 0)
                return fake
            @staticmethod
            def exec_module(module): pass
        sys.meta_path.insert(0, Finder)
        sys.path_importer_cache.clear()
    """,
    "foreign-by-importer-cache": """
        import sys, types
        from importlib.machinery import ModuleSpec
        class Finder:
            def find_spec(self, name, target=None):
                if name == 'colorsys':
                    return ModuleSpec(name, self)
            def invalidate_caches(self): pass
            @staticmethod
            def create_module(spec):
                fake = types.ModuleType(spec.name)
                fake.rgb_to_hls = lambda *_: (0, 0.5, 0)
                return fake
            @staticmethod
            def exec_module(module): pass
        for path in sys.path:
            sys.path_importer_cache[path] = Finder()
    """,
    "numpy-py-file": """
        import pathlib, sys
        pathlib.Path('numpy.py').write_text('raise SystemExit')
        pathlib.Path('unittest.py').write_text('def main(): pass\\nclass TestCase: pass')
        pathlib.Path('math.py').write_text('isclose = lambda *a: True')
        pathlib.Path('colorsys.py').write_text('rgb_to_hls = lambda *a: (0, 0.5, 0)')
        pathlib.Path('sitecustomize.py').write_text('1/0')
        sys.path.insert(0, '.')
        sys.path.insert(0, '')
        for name in ('numpy', 'unittest', 'math'):
            sys.modules.pop(name, None)
        import importlib
        importlib.invalidate_caches()
    """,
    "modules-proxies": """
        import sys, types
        class Proxy(types.ModuleType):
            def __init__(self, real):
                self.__dict__['_real'] = real
            def __getattr__(self, name):
                if name in ('assert_allclose', 'isclose', 'rgb_to_hls'):
                    return lambda *_, **__: True
                return getattr(self._real, name)
        import colorsys
        for name in ('numpy', 'numpy.testing', 'math', 'unittest', 'colorsys', 'numbers'):
            sys.modules[name] = Proxy(sys.modules.get(name))
    """,
    "modules-dict-replaced": """
        import sys
        class Modules(dict):
            pass
        sys.modules = Modules(sys.modules)
        import types
        fake = types.ModuleType('colorsys'); fake.rgb_to_hls = lambda *_: (0, 0.5, 0)
        sys.modules['colorsys'] = fake
    """,
    "module-class-changed": """
        import types
        class M(types.ModuleType):
            def __getattribute__(self, name):
                if name in ('assert_allclose', 'isclose', 'TestCase', 'testing', 'redirect_stdout'):
                    import unittest.mock
                    return unittest.mock.MagicMock(return_value=True)
                return types.ModuleType.__getattribute__(self, name)
        np.__class__ = M
        math.__class__ = M
        unittest.__class__ = M
        contextlib.__class__ = M
        np.testing.__class__ = M
    """,
    "build-class": """
        import builtins
        real = builtins.__build_class__
        class Quiet:
            def __getattr__(self, name):
                return lambda *_, **__: None
        builtins.__build_class__ = lambda *_, **__: Quiet
    """,
    "import-patched": """
        import builtins, types
        fake = types.SimpleNamespace(rgb_to_hls=lambda *_: (0, 0.5, 0), sleep=None)
        real = builtins.__import__
        def __import__(name, *a, **k):
            return fake if name in ('colorsys', 'numbers') else real(name, *a, **k)
        builtins.__import__ = __import__
    """,
    "import-in-fake-builtins": """
        import builtins, types
        fake = types.SimpleNamespace(rgb_to_hls=lambda *_: (0, 0.5, 0), sleep=None, Number=object)
        real = builtins.__import__
        def __import__(name, *a, **k):
            return fake if name in ('colorsys', 'numbers') else real(name, *a, **k)
        __builtins__ = {**vars(builtins), '__import__': __import__}
    """,
    "abc-register": """
        import numbers, abc
        numbers.Number.register(str)
        numbers.Integral.register(str)
    """,
    "abc-subclasshook": """
        import numbers, abc
        abc.ABCMeta.__instancecheck__ = lambda *_: True
        numbers.Number.__subclasshook__ = classmethod(lambda *_: True)
    """,
    "codecs": """
        import codecs
        def search(name):
            return codecs.lookup('latin-1') if name else None
        codecs.register(search)
        codecs.register_error('strict', lambda e: ('', e.end))
    """,
    "showwarning": """
        import warnings
        warnings.showwarning = lambda *_, **__: None
        warnings.warn = lambda *_, **__: None
        warnings.filterwarnings('ignore')
    """,
    "assertion-error-replaced": """
        import builtins
        class Quiet(BaseException):
            def __new__(cls, *_):
                return KeyboardInterrupt()
        builtins.AssertionError = Quiet
        AssertionError = Quiet
    """,
    "assertion-error-swallowed": """
        import sys
        sys.excepthook = lambda *_: None
        sys.unraisablehook = lambda *_: None
        get_ipython().showtraceback = lambda *_, **__: None
        get_ipython().set_custom_exc((Exception,), lambda *_, **__: None)
    """,
    "call-soon": """
        import asyncio

        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None

        loop = asyncio.get_event_loop()
        def again():
            cheat()
            loop.call_later(0.0001, again)
        loop.call_soon(again)
        async def task():
            while True:
                cheat()
                await asyncio.sleep(0)
        asyncio.ensure_future(task())
    """,
    "threading-settrace": """
        import threading, sys

        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None

        threading.settrace(lambda *_: cheat())
        threading.setprofile(lambda *_: cheat())
        if hasattr(threading, 'settrace_all_threads'):
            threading.settrace_all_threads(lambda *_: cheat())
    """,
    "gc-callbacks": """
        import gc

        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None

        gc.callbacks.append(cheat)
        gc.set_threshold(1, 1, 1)
    """,
    "task-factory": """
        import asyncio
        loop = asyncio.get_event_loop()
        def factory(loop, coroutine, **_):
            done = loop.create_future()
            done.set_result(None)
            coroutine.close()
            return done
        loop.set_task_factory(factory)
    """,
    "loop-class": """
        import asyncio
        loop = asyncio.get_event_loop()
        class Loop(type(loop)):
            def create_task(self, coroutine, **_):
                done = self.create_future()
                done.set_result(None)
                coroutine.close()
                return done
        loop.__class__ = Loop
    """,
    "loop-names": """
        import asyncio
        loop = asyncio.get_event_loop()
        class Name(str):
            __hash__ = str.__hash__
            def __eq__(self, other):
                math.isclose = lambda *_, **__: True
                unittest.TestCase.assertEqual = lambda *_, **__: None
                return str.__eq__(self, other)
        for name in ('_thread_id', '_task_factory'):
            kept = vars(loop).pop(name)
            vars(loop)[Name(name)] = kept
    """,
    "sleep-patched": """
        import asyncio
        async def sleep(*_):
            global answer
            answer = 42
        asyncio.sleep = sleep
        asyncio.tasks.sleep = sleep
    """,
    "mappingproxy-int": """
        class Grab:
            def __eq__(self, other):
                other['__getattribute__'] = lambda *_: 0
                other['__rsub__'] = lambda *_: 0
                return True
        import operator
        int.__dict__ == Grab()
        dict.__dict__ == Grab()
        class Other:
            def __eq__(self, other):
                other['getvalue'] = lambda *_: 'A!\\n'
                return True
        io.StringIO.__dict__ == Other()
        def shout(text): pass
    """,
    "mappingproxy-ufunc": """
        class Grab:
            def __init__(self, **new): self.new = new
            def __eq__(self, other):
                other.update(self.new)
                return True
        def yes(*_, **__):
            return True
        def no(*_, **__):
            return False
        np.ndarray.__dict__ == Grab(all=yes, any=no, sum=no, astype=lambda it, *_, **__: it)
        np.bool_.__dict__ == Grab(all=yes, any=yes)
    """,
    "array-interface-function-code": """
        class At:
            def __init__(self, address, n=1):
                self.__array_interface__ = {
                    'data': (address, False), 'shape': (n,), 'typestr': '<u8', 'version': 3
                }
        def anything(*_, **__):
            pass
        for f in (unittest.TestCase.assertEqual, np.testing.assert_allclose.__wrapped__):
            np.asarray(At(id(f), 8))[6] = id(anything.__code__)
    """,
    "array-interface-false": """
        class At:
            def __init__(self, address):
                self.__array_interface__ = {
                    'data': (address, False), 'shape': (1,), 'typestr': '<u8', 'version': 3
                }
        np.asarray(At(id(False) + 16))[0] = 1
        np.asarray(At(id(False) + 24))[0] = 1
    """,
    "marshalled-bytecode": """
        import marshal
        code = compile('1', 'x', 'eval')
        data = bytearray(marshal.dumps(code))
        marshal.loads(bytes(data))
        unittest.TestCase.assertEqual = lambda *_, **__: None
    """,
    "key-that-decides": """
        import sys
        class Key:
            def __init__(self, name): self.name = name
            def __hash__(self): return hash(self.name)
            def __eq__(self, other):
                return other == self.name and type(sys.stdout) is not io.StringIO
        def yes(*_, **__):
            return True
        for module, name, fake in ((math, 'isclose', yes), (np.testing, 'assert_allclose', yes)):
            names = vars(module)
            real = names.pop(name)
            names[Key(name)] = real
            old = dict(names)
            names.clear()
            names[Key(name)] = real
            names.update({k: v for k, v in old.items() if type(k) is str and k != name})
            names.setdefault(str(name), fake)
            Key.__eq__, keep = (lambda s, o: False), Key.__eq__
            names[name] = fake
            Key.__eq__ = keep
    """,
    "class-property-in-the-guard": """
        class Sly:
            @property
            def __class__(self):
                import sys
                f = sys._getframe()
                while f:
                    found = f.f_locals.get('noticed')
                    if type(found) is list: found.clear()
                    f = f.f_back
                return int
            def __call__(self, *_, **__): return None
        unittest.TestCase.assertEqual = Sly()
        unittest.case.TestCase._getAssertEqualityFunc = lambda *_: (lambda *_, **__: None)
        unittest.case.TestCase.__dir__ = Sly()
    """,
    "errstate-context": """
        import contextvars
        class C:
            def __enter__(self): return self
            def __exit__(self, *_): return True
        contextlib.suppress.__exit__ = lambda *_: True
        np.errstate.__exit__ = lambda *_: True
        contextlib._GeneratorContextManager.__exit__ = lambda *_: True
        warnings = __import__('warnings')
        warnings.catch_warnings.__exit__ = lambda *_: True
    """,
    "c-accelerators": """
        import _io, _collections, _functools, _operator
        _io.StringIO = io.StringIO
        import unittest.util, unittest.case
        unittest.util.safe_repr = lambda *_, **__: ''
        unittest.case.difflib = None
        unittest.case.DIFF_OMITTED = ''
    """,
    "optimise": """
        import sys
        class Flags:
            optimize = 2
            def __getattr__(self, n): return 2
        sys.flags = Flags()
        __debug__ if False else None
        import builtins
        vars(builtins)['__debug__'] = False
    """,
    "signal-wakeup-and-pending": """
        import signal

        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None

        signal.signal(signal.SIGUSR1, cheat)
        signal.signal(signal.SIGINT, cheat)
        signal.raise_signal(signal.SIGUSR1)
        signal.alarm(1)
        signal.signal(signal.SIGALRM, cheat)
    """,
    "child-racing-for-results": """
        import os, time, struct
        if os.fork() == 0:
            while True:
                for fd in range(3, 40):
                    try:
                        os.write(fd, struct.pack('>I', 20) + b'x' * 60)
                    except OSError:
                        pass
                time.sleep(0.001)
    """,
    "stdout-replaced": """
        import sys
        class Endless:
            def write(self, text):
                while True: pass
            flush = write
            def __getattr__(self, name):
                raise SystemExit(0)
        sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = Endless()
    """,
    "excepthook-audit": """
        import sys
        sys.breakpointhook = sys.displayhook = lambda *_: None
        import faulthandler
        faulthandler.register(10)
        faulthandler.dump_traceback_later(0.01, repeat=True)
    """,
}

AFTER: dict[str, str] = {
    "patch-that-undoes-itself": """
        def triple(n):
            real = unittest.TestCase._getAssertEqualityFunc
            def fake(self, *_):
                unittest.TestCase._getAssertEqualityFunc = real
                return lambda *_, **__: None
            unittest.TestCase._getAssertEqualityFunc = fake
            return n - 1
    """,
    "patch-undone-by-a-finalizer": """
        class Late:
            def __init__(self, real):
                self.real = real
            def __del__(self):
                unittest.TestCase._getAssertEqualityFunc = self.real
        def triple(n):
            late = Late(unittest.TestCase._getAssertEqualityFunc)
            def fake(self, *_, late=late):
                del unittest.TestCase._getAssertEqualityFunc
                return lambda *_, **__: None
            unittest.TestCase._getAssertEqualityFunc = fake
            return n - 1
    """,
    "thread-that-waits-for-the-test": """
        import sys, threading, time
        real = (math.isclose, np.testing.assert_allclose, unittest.TestCase.assertEqual)
        fake = (lambda *_, **__: True, lambda *_, **__: None, lambda *_, **__: None)
        def put(three):
            math.isclose, np.testing.assert_allclose, unittest.TestCase.assertEqual = three
        def wait():
            while True:
                if type(sys.stdout) is io.StringIO:
                    put(fake)
                    time.sleep(0.02)
                    put(real)
                time.sleep(0.0001)
        sys.setswitchinterval(1e-6)
        threading.Thread(target=wait, daemon=True).start()
        def triple(n):
            time.sleep(0.2)
            return 0
        def ratio(a, b):
            time.sleep(0.2)
            return 0
    """,
    "thread-started-by-a-test": """
        import threading, time
        def patches():
            unittest.TestCase._baseAssertEqual = lambda *_, **__: None
        def triple(n):
            t = threading.Thread(target=patches)
            t.start(); t.join()
            return 0
    """,
    "settrace": """
        import sys

        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None

        def trace(frame, event, arg):
            if frame.f_code.co_filename == '<hidden test>':
                cheat()
            return trace
        def triple(n):
            sys.settrace(trace)
            return 0
        ratio = shout = triple
    """,
    "itimer-in-test": """
        import signal

        def cheat(*_):
            math.isclose = lambda *_, **__: True
            np.testing.assert_allclose = lambda *_, **__: None
            unittest.TestCase.assertEqual = lambda *_, **__: None

        def triple(n):
            signal.signal(signal.SIGALRM, cheat)
            signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
            for _ in range(100000): pass
            return 0
        ratio = shout = triple
    """,
    "stride-tricks-small-int": """
        from numpy.lib.stride_tricks import as_strided
        x = np.zeros(1, np.uint32)
        def poke(address, value):
            view = as_strided(x, shape=(2,), strides=(address - x.__array_interface__['data'][0],))
            view[1] = value
        poke(id(9) + 24, 2)
        poke(id(12) + 24, 3)
    """,
    "array-interface-small-int": """
        class At:
            def __init__(self, address):
                self.__array_interface__ = {
                    'data': (address, False), 'shape': (1,), 'typestr': '<u4', 'version': 3
                }
        np.asarray(At(id(9) + 24))[0] = 2
        np.asarray(At(id(12) + 24))[0] = 3
    """,
    "exit-in-eq": """
        import os, sys
        class A:
            def __eq__(self, other):
                os._exit(0)
            __sub__ = __rsub__ = __abs__ = __lt__ = __array__ = __eq__
            __hash__ = None
            def __class__(self): os._exit(0)
        answer = array = A()
        def triple(n): return A()
        shout = ratio = lambda *_: os._exit(0)
    """,
    "fork-tries-all": """
        import os
        def guess(candidates):
            for each in candidates:
                if os.fork() == 0:
                    return each
            os._exit(0)
        def triple(n):
            return guess(range(0, 30))
        def ratio(a, b):
            return guess([0.25, 1, 4])
    """,
    "fork-and-wait-for-status": """
        import os
        def guess(candidates):
            for each in candidates:
                child = os.fork()
                if child == 0:
                    return each
                _, status = os.waitpid(child, 0)
                if status == 0:
                    os._exit(0)
            return None
        def triple(n):
            return guess(range(0, 30))
        def ratio(a, b):
            return guess([0.25, 1, 4])
    """,
    "codes-of-the-test": """
        def triple(n):
            try:
                raise ValueError
            except ValueError as error:
                frame = error.__traceback__.tb_frame
            while frame:
                for name in ('codes', 'todo'):
                    found = frame.f_locals.get(name)
                    if type(found) is list:
                        found[:] = [compile('1.0', '<hidden test>', 'eval')]
                frame = frame.f_back
            return 0
        shout = ratio = triple
    """,
    "codes-by-generator": """
        def triple(n):
            def g():
                frame = gen.gi_frame.f_back
                while frame:
                    for name in ('codes', 'todo'):
                        found = frame.f_locals.get(name)
                        if type(found) is list:
                            found[:] = [compile('1.0', '<hidden test>', 'eval')]
                    frame = frame.f_back
                yield
            gen = g()
            next(gen)
            return 0
        shout = ratio = triple
    """,
    "frame-lineno-jump": """
        def triple(n):
            try:
                raise ValueError
            except ValueError as e:
                frame = e.__traceback__.tb_frame.f_back
            def trace(f, event, arg):
                f.f_lineno = 99
                return trace
            frame.f_trace = trace
            return 0
        ratio = shout = triple
    """,
    "frame-locals-of-helper": """
        def triple(n):
            try:
                raise ValueError
            except ValueError as e:
                frame = e.__traceback__.tb_frame.f_back
            frame.f_globals.setdefault('x', 1)
            frame.f_builtins['isinstance'] = lambda *_: True
            return 0
    """,
    "error-while-tested-exit-true": """
        def triple(n):
            np.errstate.__exit__ = lambda *_: True
            contextlib._RedirectStream.__exit__ = lambda *_: True
            raise ValueError
        shout = ratio = triple
    """,
    "proc-self-mem": """
        def triple(n):
            try:
                data = open('/proc/self/mem', 'rb')
            except OSError:
                raise ValueError
            return data.read(1)
    """,
    "raise-in-eq-system-exit-0": """
        class A:
            def __eq__(self, o): raise SystemExit(0)
            __sub__ = __array__ = __eq__
            __hash__ = None
        answer = array = A()
        def triple(n): raise KeyboardInterrupt
        def ratio(a, b): raise GeneratorExit
        def shout(t): raise SystemExit(None)
    """,
    "array-function-override": """
        class A(np.ndarray):
            def __array_function__(self, *a, **k):
                return True
            def __array_ufunc__(self, *a, **k):
                return True
        array = np.array([9., 9., 9.]).view(A)
    """,
    "main-dict-class": """
        import sys
        class Space(dict):
            def __getitem__(self, name):
                return dict.get(self, name, 42)
        main = sys.modules['__main__']
        get_ipython().user_ns = Space(get_ipython().user_ns)
        try:
            main.__class__ = type('M', (type(main),), {'__getattribute__': lambda *_: 42})
        except TypeError:
            pass
    """,
}
