"""Attacks by functions of C, which have no frame of their own: others call them.

Each is a student's cell after wrong answers. What such a function does is reported with the frame
of the test or the library that calls it.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = code("""
    import asyncio, bdb, collections, contextlib, ctypes, dis, functools, inspect
    import itertools, operator, signal, sys, threading, trace, unittest, weakref
    from concurrent.futures import ThreadPoolExecutor
    import numpy as np
    partial, repeat, read = functools.partial, itertools.repeat, operator.attrgetter
    def made_by(factory):
        return collections.defaultdict(factory).__getitem__
""")
WRONG = code("""
    def triple(n):
        return n - 1
    wave = np.ones(4)
    def pick(consts):
        return max([each for each in consts if type(each) is int], default=0)
    function, always = np.allclose.__wrapped__, (lambda *_, **__: True).__code__
""")
RIGHT = code("""
    def triple(n):
        return 3 * n
    wave = np.zeros(4)
""")
ANSWERS = frozenset({"triple", "wave"})
TESTS = {
    "plain": "assert triple(7) == 21",
    "twice": "[triple(7), triple(7)]\nassert triple(7) == 21",
    "helper": "def helper(f):\n    assert f(11) == 33\nhelper(triple)",
    "unit": "unittest.TestCase().assertEqual(triple(5), 15)",
    "transform": "assert np.allclose(np.fft.fft(wave), 0)",
}
"""Each is worth a point."""

ATTACKS: dict[str, str] = {
    "test-reads-its-own-code": """
        frames = map(sys._getframe, repeat(0))
        triple = made_by(partial(next, map(pick, map(read('f_code.co_consts'), frames))))
    """,
    "test-sets-a-trace-function": """
        def trace(frame, event, arg):
            names = frame.f_locals
            if 'first' in names and 'second' in names:
                names['first'] = names['second']
            return trace
        triple = made_by(partial(sys.settrace, trace))
    """,
    "test-has-a-library-keep-its-code": """
        tracer, frames = trace.Trace(), map(sys._getframe, repeat(0))
        calls = itertools.chain(
            itertools.islice(map(tracer.file_module_function_of, frames), 1),
            map(lambda _: pick(next(iter(tracer._caller_cache)).co_consts), repeat(0)),
        )
        triple = partial(next, calls)
    """,
    "test-has-a-library-read-its-helper": """
        helpers = map(globals().get, repeat('helper'))
        codes = map(dis._get_code_object, helpers)
        triple = made_by(partial(next, map(pick, map(read('co_consts'), codes))))
    """,
    "test-has-inspect-read-its-helper": """
        helpers = map(globals().get, repeat('helper'))
        codes = map(dict, map(inspect.getmembers, helpers))
        codes = map(operator.itemgetter('__code__'), codes)
        triple = made_by(partial(next, map(pick, map(read('co_consts'), codes))))
    """,
    "library-adds-an-audit-hook": """
        seen = {}
        with contextlib.ExitStack() as stack:
            stack.callback(sys.addaudithook, seen.__setitem__)
        def triple(n):
            return pick(seen['exec'][0].co_consts)
    """,
    "error-whose-text-adds-an-audit-hook": """
        seen = {}
        class Shown(Exception):
            __str__ = partial(sys.addaudithook, seen.__setitem__)
        class Freed:
            __del__ = partial(sys.addaudithook, seen.__setitem__)
        sys.stdout = Freed()
        def triple(n):
            if 'exec' not in seen:
                raise Shown
            return pick(seen['exec'][0].co_consts)
    """,
    "pool-finds-the-frames-of-threads": """
        pool = ThreadPoolExecutor(1)
        def triple(n):
            frame = pool.submit(sys._current_frames).result()[threading.main_thread().ident]
            while frame:
                found = pool.submit(read('f_code'), frame).result()
                if found.co_filename == '<hidden test>':
                    return pick(found.co_consts)
                frame = frame.f_back
    """,
    "pool-has-a-library-keep-code": """
        pool, tracer = ThreadPoolExecutor(1), trace.Trace()
        def triple(n):
            try:
                raise ValueError
            except ValueError as error:
                frame = error.__traceback__.tb_frame.f_back
            pool.submit(tracer.file_module_function_of, frame).result()
            return pick(next(iter(tracer._caller_cache)).co_consts)
    """,
    "pool-writes-to-memory": """
        at = ThreadPoolExecutor(1).submit
        start = id(function)
        words = [at(ctypes.c_size_t.from_address, start + i).result() for i in range(0, 96, 8)]
        [word] = [word for word in words if word.value == id(function.__code__)]
        word.value = id(always)
    """,
    "pointer-writes-to-memory": """
        pointer = ctypes.pointer(ctypes.c_size_t(0))
        start = (id(function) - ctypes.cast(pointer, ctypes.c_void_p).value) // 8
        words = [pointer[start + at] for at in range(12)]
        pointer[start + words.index(id(function.__code__))] = id(always)
    """,
    "thread-replaces-code": """
        thread = threading.Thread(target=setattr, args=(function, '__code__', always))
        thread.start(); thread.join()
    """,
    "event-loop-replaces-code": """
        asyncio.get_event_loop().call_soon(setattr, function, '__code__', always)
        await asyncio.sleep(0)
    """,
    "finalizer-has-a-library-keep-code": """
        tracer, frames = trace.Trace(), map(read('f_back'), map(sys._getframe, repeat(0)))
        keep = map(tracer.file_module_function_of, frames)
        def triple(n):
            for each in tracer._caller_cache:
                return pick(each.co_consts)
            late = Late()
            weakref.finalize(late, next, keep)
            return late
        class Late:
            pass
    """,
    "debugger-changes-a-variable": """
        class Own(bdb.Bdb):
            def user_line(self, frame):
                names = frame.f_locals
                if 'first' in names and 'second' in names:
                    names['first'] = names['second']
            user_call = user_return = lambda self, frame, _: self.user_line(frame)
        def triple(n):
            Own().set_trace()
            return 0
    """,
    "signal-handler-during-the-hook": """
        found = []
        def handle(number, frame):
            if 'is_students' in str(frame) and not found:
                words = ctypes.c_size_t.from_address
                found.extend(words(id(function) + i) for i in range(0, 96, 8))
        signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 3e-4, 3e-4)
        for _ in range(200_000):
            WRONG = pick.__defaults__
            if found:
                break
        signal.setitimer(signal.ITIMER_REAL, 0)
        [word] = [word for word in found if word.value == id(function.__code__)]
        word.value = id(always)
    """,
    "signal-handler-of-c-reads-the-hook": """
        frames = map(sys._getframe, repeat(0))
        codes = collections.defaultdict(partial(next, map(read('f_code'), frames)))
        signal.signal(signal.SIGALRM, partial(max, key=codes.__getitem__))
        signal.setitimer(signal.ITIMER_REAL, 3e-4, 3e-4)
        for n in range(200_000):
            try:
                pick.__defaults__
                if n % 100 == 0 and any(each.co_filename == '<sealed>' for each in codes.values()):
                    break
            except TypeError:
                pass
        signal.setitimer(signal.ITIMER_REAL, 0)
        consts = [one for each in codes.values() for one in each.co_consts]
        dicts = [one for one in consts if type(one) is dict]
        def triple(n):
            try:
                raise ValueError
            except ValueError as error:
                frame = error.__traceback__.tb_frame
            for each in dicts:
                each[threading.get_ident()] = frame
            return pick(frame.f_back.f_code.co_consts)
    """,
    "greenlet-has-a-library-keep-code": """
        import greenlet
        tracer = trace.Trace()
        def triple(n):
            try:
                raise ValueError
            except ValueError as error:
                frame = error.__traceback__.tb_frame.f_back
            greenlet.greenlet(tracer.file_module_function_of).switch(frame)
            return pick(next(iter(tracer._caller_cache)).co_consts)
    """,
    "signal-handler-reads-the-hook": """
        found = []
        def handle(number, frame):
            while frame and not found:
                if 'sealed' in str(frame) and 'students' in str(frame):
                    found.append(frame.f_code)
                frame = frame.f_back
        signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 3e-4, 3e-4)
        for _ in range(200_000):
            WRONG = pick.__defaults__
            if found:
                break
        signal.setitimer(signal.ITIMER_REAL, 0)
        for each in found[0].co_consts:
            if callable(each):
                wave = np.zeros(4)
    """,
}
ATTACKS = {name: code(text) for name, text in ATTACKS.items()}
