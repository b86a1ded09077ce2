"""Attacks by code that says it is from a library's file, so that nobody watches it.

Each is a student's cell after wrong answers. The code writes to memory: it gives a function of
NumPy other code.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = "import numpy as np"
WRONG = code("""
    import importlib.machinery
    import importlib.util
    import marshal
    import sys
    wave = np.ones(4)
    function, always = np.allclose.__wrapped__, (lambda *_, **__: True).__code__
    change = '''
    from ctypes import c_size_t
    start = id(function)
    words = [c_size_t.from_address(start + at).value for at in range(0, 96, 8)]
    place = start + 8 * words.index(id(function.__code__))
    c_size_t.from_address(place).value = id(always)
    '''.replace('\\n    ', '\\n')
    def run(code):
        exec(code, globals())
""")
RIGHT = WRONG.replace("np.ones(4)", "np.zeros(4)")
TESTS = {"transform": "assert np.allclose(np.fft.fft(wave), 0)"}
ANSWERS = frozenset({"wave"})

ATTACKS: dict[str, str] = {
    "compiled-as-a-librarys-file": "run(compile(change, np.__file__, 'exec'))",
    "compiled-as-a-new-file-of-a-library": "run(compile(change, np.__file__ + '.py', 'exec'))",
    "compiled-as-a-test": "run(compile(change, '<hidden test>', 'exec'))",
    "compiled-as-pythons-importer": "run(compile(change, '<frozen importlib._bootstrap>', 'exec'))",
    "compiled-as-an-array-function": "run(compile(change, '<__array_function__', 'exec'))",
    "compiled-as-what-is-sealed": "run(compile(change, '<sealed>', 'exec'))",
    "compiled-from-a-tree": """
        import ast
        run(compile(ast.parse(change), np.__file__, 'exec'))
    """,
    "compiled-with-a-name-of-its-own-class": """
        class Name(str):
            def startswith(self, *_):
                return True
        run(compile(change, Name('x'), 'exec'))
    """,
    "compiled-with-a-path": """
        import pathlib
        run(compile(change, pathlib.Path(np.__file__), 'exec'))
    """,
    "compiled-by-pythons-importer": """
        loader = importlib.machinery.SourceFileLoader('own', np.__file__)
        run(loader.source_to_code(change.encode(), np.__file__))
    """,
    "renamed-by-pythons-importer": """
        import _imp
        made = compile(change, 'x', 'exec')
        _imp._fix_co_filename(made, np.__file__)
        run(made)
    """,
    "loaded-from-a-compiled-file": """
        raw = marshal.dumps(compile(change, '/' + 'x' * (len(np.__file__) - 1), 'exec'))
        raw = raw.replace(b'/' + b'x' * (len(np.__file__) - 1), np.__file__.encode())
        with open('own.pyc', 'wb') as file:
            file.write(importlib.util.MAGIC_NUMBER + bytes(12) + raw)
        run(importlib.machinery.SourcelessFileLoader('own', 'own.pyc').get_code('own'))
    """,
    "held-by-a-file-of-its-own": """
        with open('<hidden test>', 'w') as file:
            file.write(change)
        run(compile(change, '<hidden test>', 'exec'))
    """,
    "held-by-a-file-above": """
        with open('own.py', 'w') as file:
            file.write(change)
        run(compile(change, sys.prefix + '/' + '../' * 12 + 'tmp/work/own.py', 'exec'))
    """,
    "renamed-at-the-limit-of-recursion": """
        import _imp
        exec('def own():\\n  ' + change.strip().replace('\\n', '\\n  '))
        def down():
            try:
                down()
            except RecursionError:
                pass
            try:
                _imp._fix_co_filename(own.__code__, np.__file__)
            except RecursionError:
                pass
        down()
        own()
    """,
    "renamed-until-a-signal": """
        import _imp, signal
        exec('def own():\\n  ' + change.strip().replace('\\n', '\\n  '))
        def stop(*_):
            raise ValueError
        signal.signal(signal.SIGALRM, stop)
        for n in range(200):
            try:
                signal.setitimer(signal.ITIMER_REAL, 2e-5 + n * 1e-5)
                _imp._fix_co_filename(own.__code__, np.__file__)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except ValueError:
                if own.__code__.co_filename == np.__file__:
                    break
        signal.setitimer(signal.ITIMER_REAL, 0)
        own()
    """,
    "renamed-by-a-second-importer": """
        import _imp
        exec('def own():\\n  ' + change.strip().replace('\\n', '\\n  '))
        made = _imp.create_builtin(_imp.__spec__)
        made._fix_co_filename(own.__code__, np.__file__)
        own()
    """,
    "loaded-and-renamed-by-pythons-importer": """
        raw = marshal.dumps(compile(change, 'x', 'exec'))
        importer = sys.modules['_frozen_importlib_external']
        run(importer._compile_bytecode(raw, 'own', None, np.__file__))
    """,
}
