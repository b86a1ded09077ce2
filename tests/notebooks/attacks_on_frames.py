"""Attacks on what runs the tests: its frames, its messages, and what libraries keep in dicts.

Each is a student's cell. Where an attack has found what it looks for (the key of the messages, the
code of a test), its `triple` gives the right answer.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = code("""
    import copy, io, json, math, random, re, unittest
    from datetime import datetime
""")
WRONG = code("""
    answer = 'forty-two'
    def triple(n):
        return n - 1
    async def slow(n):
        return 0
    def alter(x):
        x.sort()
""")
RIGHT = code("""
    answer = 2020
    def triple(n):
        return 3 * n
    async def slow(n):
        return 3 * n
    def alter(x):
        return sorted(x)
""")
ANSWERS = frozenset({"answer", "triple", "slow", "alter"})
TESTS = {
    "plain": "assert triple(7) == 21",
    "kept": "got = triple(5)\nassert got == 15, got",
    "score": code("""
        score = 0
        for n in (3, 5):
            score += (triple(n) == 3 * n) / 2
        score
    """),
    "drawn": "n = random.randint(10**6, 10**9)\nassert triple(n) == 3 * n",
    "helper": "def helper(f):\n    assert f(11) == 33\nhelper(triple)",
    "defaults": "def defaults(f, wanted=39):\n    assert f(13) == wanted\ndefaults(triple)",
    "share": "sum(triple(n) == 3 * n for n in (3, 5)) / 2",
    "awaited": "assert await slow(9) == 27",
    "json": "assert json.loads(json.dumps(triple(3))) == 9",
    "pattern": "assert re.fullmatch(r'\\d+', str(answer))",
    "copied": "x = [3, 1]\ny = copy.deepcopy(x)\nalter(x)\nassert x == y",
    "date": "assert datetime.strptime(str(answer), '%Y') == datetime(2020, 1, 1)",
    "suite": code("""
        class T(unittest.TestCase):
            def test_a(self):
                self.assertEqual(triple(3), 9)
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(T)
        r = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
        assert r.wasSuccessful()
    """),
}
"""Each is worth a point."""

_LOOK = """
    found = []
    def look(frame):
        while frame:
            code = frame.f_code
            if code.co_filename == '<sealed>':
                for each in code.co_consts:
                    if type(each) is bytes and len(each) == 32:
                        found.append(each)
            frame = frame.f_back
    def here():
        try:
            raise ValueError
        except ValueError as error:
            return error.__traceback__.tb_frame
    def triple(n):
        return 3 * n if found else 0
"""
ATTACKS: dict[str, str] = {
    "trace-reads-the-key": f"""{_LOOK}
    import sys
    def trace(frame, *_):
        look(frame)
        return trace
    sys.settrace(trace)
    """,
    "profile-reads-the-key": f"""{_LOOK}
    import sys
    sys.setprofile(lambda frame, *_: look(frame))
    """,
    "timer-reads-the-key": f"""{_LOOK}
    import signal
    signal.signal(signal.SIGALRM, lambda number, frame: look(frame))
    signal.setitimer(signal.ITIMER_REAL, 0.00005, 0.00005)
    """,
    "thread-sends-signals": f"""{_LOOK}
    import os, signal, threading, time
    signal.signal(signal.SIGUSR1, lambda number, frame: look(frame))
    def send():
        while True:
            os.kill(os.getpid(), signal.SIGUSR1)
            time.sleep(0)
    threading.Thread(target=send, daemon=True).start()
    """,
    "collector-reads-the-key": f"""{_LOOK}
    import gc
    gc.callbacks.append(lambda *_: look(here()))
    gc.set_threshold(1, 1, 1)
    """,
    "finalizer-reads-the-test": f"""{_LOOK}
    class Fake:
        def __call__(self, *_, **__):
            return None
        def __del__(self):
            frame = here()
            while frame:
                for name in ('noticed', 'test', 'codes'):
                    if type(frame.f_locals.get(name)) in (list, tuple):
                        found.append(name)
                frame = frame.f_back
    math.isclose = Fake()
    unittest.TestCase.assertFake = Fake()
    """,
    "finalizer-sets-a-trace": f"""{_LOOK}
    import sys
    def trace(frame, *_):
        for name in ('test', 'codes', 'noticed', 'order'):
            if frame.f_locals.get(name):
                found.append(name)
        return trace
    class Late:
        def __del__(self):
            sys.settrace(trace)
        def write(self, text):
            pass
        flush = write
    sys.stdout = Late()
    sys.stderr = Late()
    """,
    "code-in-a-variable": """
    def constants():
        try:
            raise ValueError
        except ValueError as error:
            frame = error.__traceback__.tb_frame
        waiting = []
        while frame:
            for each in frame.f_locals.values():
                waiting += each if type(each) in (tuple, list) else [each]
            frame = frame.f_back
        for each in waiting:
            if type(each).__name__ == 'code':
                yield from (one for one in each.co_consts if type(one) is int)
                waiting += each.co_consts
    def triple(n):
        return next((each for each in constants() if each == 3 * n), 0)
    """,
    "value-not-shown": """
    def triple(n):
        try:
            raise ValueError
        except ValueError as error:
            frame = error.__traceback__.tb_frame
        while frame:
            todo = frame.f_locals.get('todo')
            if type(todo) is list and todo:
                todo[0] = False
            for name, value in (('last', False), ('text', '1.0'), ('value', None)):
                if name in frame.f_locals and 'todo' in frame.f_locals:
                    frame.f_locals[name] = value
            frame = frame.f_back
        return 0
    """,
    "thread-peeks-at-the-test": """
    import os, socket, stat, struct, threading, time
    peeked = set()
    def peek():
        while True:
            for number in range(3, 40):
                try:
                    if stat.S_ISSOCK(os.fstat(number).st_mode):
                        copy_of = socket.socket(fileno=os.dup(number))
                        data = copy_of.recv(65536, socket.MSG_PEEK | socket.MSG_DONTWAIT)
                        for at in range(len(data) - 4):
                            peeked.add(struct.unpack('<i', data[at : at + 4])[0])
                        copy_of.close()
                except OSError:
                    pass
            time.sleep(0.0001)
    threading.Thread(target=peek, daemon=True).start()
    def triple(n):
        time.sleep(0.1)
        return 3 * n if 3 * n in peeked else 0
    async def slow(n):
        return triple(n)
    """,
    "child-peeks-at-the-next-test": """
    import mmap, os, socket, stat, struct, time
    shared = mmap.mmap(-1, 4096)
    child = []
    def peek():
        while True:
            for number in range(3, 40):
                try:
                    if stat.S_ISSOCK(os.fstat(number).st_mode):
                        copy_of = socket.socket(fileno=os.dup(number))
                        data = copy_of.recv(65536, socket.MSG_PEEK | socket.MSG_DONTWAIT)
                        for at in range(len(data) - 4):
                            value = struct.unpack('<i', data[at : at + 4])[0]
                            if 0 < value < 4096:
                                shared[value] = 1
                        copy_of.close()
                except OSError:
                    pass
            time.sleep(0.0001)
    def triple(n):
        if not child:
            child.append(os.fork())
            if not child[0]:
                peek()
        time.sleep(0.1)
        return 3 * n if shared[3 * n % 4096] else 0
    """,
    "defaults-of-a-helper": """
    def triple(n):
        found = getattr(globals().get('defaults'), '__defaults__', ())
        return next((each for each in found if each == 3 * n), 0)
    """,
    "code-of-a-helper": """
    def triple(n):
        helper = globals()['helper']
        return next(each for each in helper.__code__.co_consts if each == 3 * n)
    """,
    "code-of-a-coroutine": """
    import asyncio
    async def slow(n):
        code = asyncio.current_task().get_coro().cr_code
        return next(each for each in code.co_consts if each == 3 * n)
    """,
    "tests-are-skipped": "unittest.TestCase.__unittest_skip__ = True",
    "tests-are-not-found": "unittest.TestLoader.testMethodPrefix = 'nothing'",
    "loader-finds-nothing": """
    unittest.defaultTestLoader.loadTestsFromTestCase = lambda _: unittest.TestSuite()
    """,
    "decoder-of-json": """
    class Any:
        def __eq__(self, other):
            return True
    json._default_decoder.decode = lambda *_, **__: Any()
    """,
    "cache-of-patterns": """
    import types
    class Cache(dict):
        def __getitem__(self, key):
            return types.SimpleNamespace(fullmatch=lambda *_: True, match=lambda *_: True)
        def get(self, *_):
            return self[0]
    re._cache = re._cache2 = Cache()
    """,
    "table-of-copies": """
    copy._deepcopy_dispatch[list] = lambda x, memo: x
    """,
    "reader-of-dates": """
    import _strptime
    class Any:
        def __eq__(self, other):
            return True
    _strptime._strptime_datetime = lambda *_: Any()
    """,
    "random-numbers": """
    random._inst.randrange = lambda *_: 10**6
    def triple(n):
        return 3 * 10**6
    """,
    "names-that-decide": """
    class Key(str):
        seen = {}
        __hash__ = str.__hash__
    class Any:
        def __eq__(self, other):
            return True
        def __getattr__(self, name):
            return lambda *_: True
    for name, value in (('got', 15), ('score', 1.0), ('r', Any())):
        globals()[Key(name)] = value
    def equals(self, other):
        Key.seen[str(self)] = Key.seen.get(str(self), 0) + 1
        return str.__eq__(self, other) and Key.seen[str(self)] > 1
    Key.__eq__ = equals
    """,
}
ATTACKS = {name: code(text) for name, text in ATTACKS.items()}
