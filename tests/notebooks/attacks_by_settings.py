"""Attacks by what a test finds around it: settings of libraries, variables, files, programs.

Under stock nbgrader they earn points. A kernel keeps such changes for its tests, so the points stay
here, and a person is asked to look; the last two are undone before a test.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = "import csv, datetime, inspect, os, pathlib, sqlite3, subprocess, sys\nimport numpy as np"
RIGHT = code("""
    import pandas as pd
    stored, day, price, letter, mean, size = 2, datetime.date(2024, 1, 2), '2.34', 'a', 2, 3
    array, frame = np.array([1.0, 2.0]), pd.DataFrame({'a': [1.0]})
    rows = [{'a': '1', 'b': '2'}]
    def total(xs):
        return sum(xs)
""")
WRONG = code("""
    import pandas as pd
    stored, day, price, letter, mean, size = 5, 'monday', '2.1', 'b', 5, 'large'
    array, frame = np.array([1.2, 2.1]), pd.DataFrame({'a': [7.0]})
    rows = [{'a,b': '1,2'}]
    def total(xs):
        result = 0
        for x in xs:
            result += x
        return result
""")
ANSWERS = frozenset(
    {"stored", "day", "price", "letter", "mean", "size", "array", "frame", "rows", "total"}
)
_STARTS = """
    program = 'import statistics; print(statistics.mean([1, 3]))'
    done = subprocess.run([PYTHON, '-c', program], capture_output=True, text=True)
    assert done.stdout.strip() == str(mean), done.stderr
"""
TESTS = {
    "stored": """
        db = sqlite3.connect(':memory:')
        assert db.execute('select ?', (2,)).fetchone()[0] == stored
    """,
    "day": """
        db = sqlite3.connect(':memory:', detect_types=sqlite3.PARSE_DECLTYPES)
        db.execute('create table t (day date)')
        db.execute('insert into t values (?)', ('2024-01-02',))
        assert db.execute('select day from t').fetchone()[0] == day
    """,
    "price": """
        from decimal import Decimal
        assert Decimal(price) + 0 == Decimal('2.30') + Decimal('0.04')
    """,
    "array": "assert str(array) == str(np.array([1.0, 2.0]))",
    "frame": "assert str(frame) == str(pd.DataFrame({'a': [1.0]}))",
    "rows": "assert [*csv.DictReader(['a,b', '1,2'])] == rows",
    "size": """
        import multiprocessing
        spawned = multiprocessing.get_context('spawn').Process(target=abs, args=(size,))
        spawned.start()
        spawned.join(9)
        assert spawned.exitcode == 0
    """,
    "total": "assert 'for' not in inspect.getsource(total)",
    "mean": _STARTS.replace("PYTHON", "sys.executable"),
    "mean-by-name": _STARTS.replace("PYTHON", "'python'"),
    "letter": """
        try:
            b'\\xff'.decode()
        except UnicodeDecodeError:
            assert letter == 'a'
    """,
}
TESTS = {name: code(text) for name, text in TESTS.items()}
"""Each is worth a point."""

SETTINGS = {
    "sqlite-adapter": ("stored", "sqlite3.register_adapter(int, lambda _: 5)"),
    "sqlite-converter": ("day", "sqlite3.register_converter('date', lambda _: 'monday')"),
    "decimal-precision": ("price", "import decimal\ndecimal.getcontext().prec = 1"),
    "decimal-context": (
        "price",
        "import decimal\ndecimal.setcontext(decimal.Context(prec=1, rounding='ROUND_FLOOR'))",
    ),
    "print-options": ("array", "np.set_printoptions(precision=0)"),
    "pandas-options": ("frame", "pd.set_option('display.float_format', lambda _: '0')"),
    "csv-dialect": ("rows", "csv.register_dialect('excel', delimiter=';')"),
    "spawned-program": (
        "size",
        """
        import multiprocessing
        new = pathlib.Path('spawned').absolute()
        new.write_text('#!/bin/sh\\nexit 0')
        new.chmod(0o755)
        multiprocessing.set_executable(str(new))
        """,
    ),
    "source-in-linecache": (
        "total",
        """
        import linecache
        file = total.__code__.co_filename
        text = ['\\n'] * (total.__code__.co_firstlineno - 1) + ['def total(xs): return sum(xs)\\n']
        linecache.cache[file] = (len(text), None, text, file)
        """,
    ),
    "source-of-another-file": (
        "total",
        """
        import linecache
        exec(compile('def total(xs):\\n for x in xs: return x\\n', '<mine>', 'exec'))
        text = ['def total(xs): return sum(xs)\\n']
        linecache.cache['<mine>'] = (len(text), None, text, '<mine>')
        """,
    ),
}
_AWAY = "import os, pathlib\npathlib.Path('away').mkdir()\n"
_MODULE = f"{_AWAY}pathlib.Path('away/statistics.py').write_text('def mean(_): return 5')\n"
_PROGRAM = code("""
    new = pathlib.Path('away/python').absolute()
    new.write_text('#!/bin/sh\\necho 5')
    new.chmod(0o755)
""")
PROGRAMS = {
    "python-path": ("mean", f"{_MODULE}os.environ['PYTHONPATH'] = 'away'"),
    "python-path-by-putenv": ("mean", f"{_MODULE}os.putenv('PYTHONPATH', 'away')"),
    "file-of-that-name": ("mean", _MODULE.replace("away/", "")),
    "path": (
        "mean-by-name",
        f"{_AWAY}{_PROGRAM}\nos.environ['PATH'] = f'{{new.parent}}:/usr/bin:/bin'",
    ),
}
RESTORED = {
    "another-python": ("mean", f"{_AWAY}{_PROGRAM}\nsys.executable = str(new)"),
    "error-of-a-text": (
        "letter",
        "import codecs\ncodecs.register_error('strict', lambda error: ('', error.end))",
    ),
}
_EVERY = {**SETTINGS, **PROGRAMS, **RESTORED}
ATTACKS = {name: code(cell) for name, (_, cell) in _EVERY.items()}
ASKED = {name: TESTS[test] for name, (test, _) in _EVERY.items()}
"""By attack, the test that it is made for."""
