"""Attacks on names that a test also has as texts, on results that are kept in C, and on limits.

Each is a student's cell with a wrong answer, and the test that it is made for.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

IMPORTS = code("""
    import collections, functools, itertools, math, modulefinder, pickletools
    import signal, struct, sys, threading, time, types
    import numpy as np
    import pandas as pd
""")
_HELPER = code("""
    def helper(f):
        assert f(11) == 33
    helper(answer)
""")
_KEPT = code("""
    {imports}
    kept = {module}.{name}
    {module}.{name} = lambda *_, **__: {value}
    {use}
    {module}.{name} = kept
    answer = {value}
""")
_METHODS = "numpy._core._methods"


def _kept_in_c(name: str, use: str) -> str:
    """Return a cell that has NumPy's code in C keep another function, and hides it."""
    module = "numpy._core.arrayprint" if "default" in name else _METHODS
    value = "'no'" if "default" in name else "7"
    parts = {"imports": f"import {module}", "module": module, "name": name, "value": value}
    return _KEPT.format(use=use, **parts)


_READS_THE_TEST = code("""
    def pick(data):
        found = [each for _, each, _ in pickletools.genops(data) if type(each) is int]
        return 33 if 33 in found else 0
    import cloudpickle
    helpers = map(globals().get, itertools.repeat('helper'))
    picked = map(pick, map(cloudpickle.dumps, helpers))
    answer = collections.defaultdict(functools.partial(next, picked)).__getitem__
""")
_READS_THE_TEST_BY_KERAS = code("""
    import codecs
    from keras.src.utils import python_utils
    def pick(found):
        data = codecs.decode(found[0].encode('ascii'), 'base64')
        return 33 if b'\\xe9\\x21\\x00\\x00\\x00' in data or b'i\\x21\\x00\\x00\\x00' in data else 0
    helpers = map(globals().get, itertools.repeat('helper'))
    picked = map(pick, map(python_utils.func_dump, helpers))
    answer = collections.defaultdict(functools.partial(next, picked)).__getitem__
""")
_JUMPS = code("""
    def answer(n):
        try:
            raise ValueError
        except ValueError as error:
            frame = error.__traceback__.tb_frame.f_back
        def tracer(f, event, arg):
            if event == 'line' and f.f_code.co_name == 'other':
                frame.f_trace = tracer
                frame.f_lineno = 6
            return tracer
        def other():
            a = 1
            b = 2
            return a
        threading.settrace(tracer)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        threading.settrace(None)
        return 0
""")
_TEST_WITH_LINES = code("""
    def helper(f):
        a = 11
        b = 33
        c = f(a)
        assert c == b
        return None
    done = helper(answer)
""")
_OTHER_CONSTANTS = code("""
    finder = modulefinder.ModuleFinder()
    def f():
        return 'wrong'
    stand_in = types.SimpleNamespace(
        co_filename='', co_consts=[None, 'right'], replace=f.__code__.replace)
    answer = types.FunctionType(finder.replace_paths_in_code(stand_in), {})()
""")
_SLOW = code("""
    def answer(n):
        for _ in range(30):
            time.sleep(0.1)
        return 3 * n
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
""")
_IN_TIME = code("""
    def stop(*_):
        raise TimeoutError
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(1)
    try:
        assert answer(7) == 21
    finally:
        signal.alarm(0)
""")
_OTHER_FORMAT = code("""
    import pandas._libs.tslibs.strptime
    pd.to_datetime(['02/03/2024'], format='%d|%m|%Y', errors='coerce')
    pd.to_datetime(['02/03/2024'], format='%m/%d/%Y')
    patterns = pandas._libs.tslibs.strptime._regex_cache
    patterns['%d/%m/%Y'] = patterns['%m/%d/%Y']
    answer = pd.Timestamp(2024, 3, 2)
""")
_ARRAY = "np.array([1.0, 2.0, 4.0])"
ATTACKS = {
    "text-is-a-name-of-python": (
        "answer = {'max': 0}\nmax = lambda *_: 0",
        "assert answer['max'] == max([1, 2, 3])",
    ),
    "text-is-a-given-name": (
        "answer = {'np': 0}\nclass np:\n    mean = staticmethod(lambda *_: 0)",
        "assert answer['np'] == np.mean([1, 2, 3])",
    ),
    "deviation-kept-in-c": (
        _kept_in_c("_std", "np.ones(3).std()"),
        f"assert {_ARRAY}.std() == answer",
    ),
    "product-kept-in-c": (
        _kept_in_c("_prod", "np.ones(3).prod()"),
        f"assert {_ARRAY}.prod() == answer",
    ),
    "mean-kept-in-c": (
        _kept_in_c("_mean", "np.ones(3).mean()"),
        f"assert {_ARRAY}.mean() == answer",
    ),
    "text-kept-in-c": (
        _kept_in_c("_default_array_str", "str(np.ones(2))"),
        "assert str(np.array([1, 2])) == answer",
    ),
    "format-of-dates": (
        _OTHER_FORMAT,
        "assert pd.to_datetime('03/02/2024', format='%d/%m/%Y') == answer",
    ),
    "test-in-a-pickle": (_READS_THE_TEST, _HELPER),
    "test-in-a-pickle-of-keras": (_READS_THE_TEST_BY_KERAS, _HELPER),
    "line-of-the-test": (_JUMPS, _TEST_WITH_LINES),
    "constants-by-a-library": (_OTHER_CONSTANTS, "assert answer == 'right'"),
    "signals-blocked": (_SLOW, _IN_TIME),
}
