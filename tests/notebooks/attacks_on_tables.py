"""Attacks on what the libraries of a test keep: tables, results of earlier calls, defaults, limits.

Each has a wrong answer that the changed library agrees with. Under stock nbgrader they earn points.
Results are restored before a test. Honest notebooks change tables, defaults and limits too: they
hold while a test runs, and a person is asked to look where points depend on them.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = code("""
    import calendar, datetime, decimal, fnmatch, io, json, json.encoder, locale, os, re, reprlib
    import sys, textwrap, threading, time, typing, unittest
    import collections, concurrent.futures, doctest, html.entities, logging, mimetypes, opcode
    import shutil, tempfile, uuid, zoneinfo
    import matplotlib, matplotlib.colors, matplotlib.figure, matplotlib.lines, matplotlib.scale
    import numpy as np, pandas as pd
""")
RIGHT = code("""
    matched, kind, replaced, quoted, name, wrapped = 'a.py', float, '<a>', '\\\\"', 'C', ['bab']
    short, monday, third, hour, deep, digits = '[2, 3]', 1, '0.333333333', 0, 2, 2
    every, suite, divided = 2, 2, '0.3333333333333333333333333333'
    eps, pooled, encoded, rome, guessed, entity = 2 ** -52, [2], b'\\x82', 2, 'text/x-python', '&'
    operation, skip, folder, node, archive, level = 'LOAD_CONST', 4, '/tmp', 2, 2, 'INFO'
    logged, missing, width, red, scale = 'a\\n', 2, 1.5, (1, 0, 0), 'LogTransform'
    colours, dtype, itself, alias, months = 'viridis', 'category', 2, None, 13
""")
WRONG = code("""
    matched, kind, replaced, quoted, name, wrapped = 'five', str, 'five', 'five', 'five', ['b b']
    short, monday, third, hour, deep, digits = '[2, ...]', 0, '0.3', 9, 5, 5
    every, suite, divided = 5, 5, '0.3'
    eps, pooled, encoded, rome, guessed, entity = 2 ** -23, [5], b'\\xc3\\xa9', 5, 'five', 'five'
    operation, skip, folder, node, archive, level = 'FIVE', 5, 'five', 5, 5, 'five'
    logged, missing, width, red, scale = '', 5, 5, (0, 0, 1), 'IdentityTransform'
    colours, dtype, itself, alias, months = 'gray', 'five', 5, 'five', 14
""")
_NAMES = """
    matched kind replaced quoted name wrapped short monday third hour deep digits every suite
    divided eps pooled encoded rome guessed entity operation skip folder node archive
    level logged missing width red scale colours dtype itself alias months
"""
ANSWERS = frozenset(_NAMES.split())
_RUN = code("""
    class T(unittest.TestCase):
        def test(self):
            self.assertEqual(ANSWER, 2)
    loader = unittest.defaultTestLoader
    result = unittest.TextTestRunner(stream=io.StringIO()).run(LOADED)
    assert result.wasSuccessful()
""")
TESTS = {
    "matched": "assert fnmatch.fnmatch(matched, '*.py')",
    "kind": "assert typing.List[float].__args__ == (kind,)",
    "replaced": "assert re.sub('(a)', r'<\\1>', 'a') == replaced",
    "quoted": "assert json.encoder.py_encode_basestring('\"') == f'\"{quoted}\"'",
    "name": "assert locale.normalize('c') == name",
    "wrapped": "assert textwrap.wrap('bab') == wrapped",
    "short": "assert reprlib.repr([2, 3]) == short",
    "monday": "assert calendar.monthcalendar(2024, 1)[0][0] == monday",
    "alias": "assert locale.locale_alias.get('five') == alias",
    "months": "assert len(calendar.mdays) == months",
    "third": "assert str(decimal.ExtendedContext.divide(1, 3)) == third",
    "divided": code("""
        found = []
        thread = threading.Thread(target=lambda: found.append(str(decimal.Decimal(1) / 3)))
        thread.start()
        thread.join()
        assert found == [divided]
    """),
    "hour": "assert datetime.datetime.fromtimestamp(0).hour == hour",
    "deep": code("""
        def down(n):
            return n and down(n - 1)
        try:
            down(800)
            assert deep == 2
        except RecursionError:
            assert deep == 5
    """),
    "digits": code("""
        try:
            str(10 ** 2000)
            assert digits == 2
        except ValueError:
            assert digits == 5
    """),
    "every": _RUN.replace("ANSWER", "every").replace("LOADED", "loader.loadTestsFromTestCase(T)"),
    "suite": _RUN.replace("ANSWER", "suite").replace(
        "LOADED", "loader.loadTestsFromModule(sys.modules['__main__'])"
    ),
    "eps": "assert np.finfo(np.float64).eps == eps",
    "pooled": code("""
        with concurrent.futures.ThreadPoolExecutor() as pool:
            assert list(pool.map(abs, [-2])) == pooled
    """),
    "encoded": "assert 'é'.encode('437') == encoded",
    "rome": code("""
        try:
            zoneinfo.ZoneInfo('Europe/Rome')
            assert rome == 2
        except zoneinfo.ZoneInfoNotFoundError:
            assert rome == 5
    """),
    "guessed": "assert mimetypes.guess_type('a.py')[0] == guessed",
    "entity": "assert html.unescape('&amp;') == entity",
    "operation": "assert opcode.opname[opcode.opmap['LOAD_CONST']] == operation",
    "skip": "assert doctest.OPTIONFLAGS_BY_NAME['SKIP'].bit_length() - 1 == skip",
    "folder": "assert tempfile.gettempdir() == folder",
    "node": "assert (uuid.getnode() == 5) == (node == 5)",
    "archive": "assert (dict(shutil.get_archive_formats())['zip'] == 'five') == (archive == 5)",
    "level": "assert logging.getLevelName(20) == level",
    "logged": code("""
        logger, stream = logging.getLogger('logged'), io.StringIO()
        logger.addHandler(logging.StreamHandler(stream))
        logger.error('a')
        assert stream.getvalue() == logged
    """),
    "missing": code("""
        try:
            assert collections.UserDict()['a'] == missing
        except KeyError:
            assert missing == 2
    """),
    "width": "assert matplotlib.lines.Line2D([0], [0]).get_linewidth() == width",
    "red": "assert matplotlib.colors.to_rgb('red') == red",
    "scale": code("""
        axes = matplotlib.figure.Figure().subplots()
        axes.set_yscale('log')
        assert type(axes.yaxis.get_transform()).__name__ == scale
    """),
    "colours": "assert matplotlib.colormaps['viridis'].name == colours",
    "dtype": code("""
        try:
            assert str(pd.Series([1], dtype='category').dtype) == dtype
        except TypeError:
            assert dtype == 'five'
    """),
    "itself": "import __main__\nassert __main__.itself == 2",
}
"""Each is worth a point."""
_RESTORED = {
    "matched": """
        right, fnmatch.translate = fnmatch.translate, lambda _: '.*'
        fnmatch._compile_pattern.cache_clear()
        fnmatch.fnmatch('five', '*.py')
        fnmatch.translate = right
    """,
    "kind": """
        right = typing._GenericAlias.__init__
        def wrong(self, *args, **kwargs):
            right(self, *args, **kwargs)
            self.__args__ = (str,)
        typing._GenericAlias.__init__ = wrong
        typing.List[float]
        typing._GenericAlias.__init__ = right
    """,
    "replaced": """
        right, re._parser.parse_template = re._parser.parse_template, lambda *_: ([], ['five'])
        re.sub('(a)', r'<\\1>', 'a')
        re._parser.parse_template = right
    """,
    "pooled": """
        class Pool:
            def __enter__(self):
                return self
            def __exit__(self, *_):
                pass
            def map(self, *_):
                return [5]
        concurrent.futures.ThreadPoolExecutor = Pool
    """,
    "encoded": "import encodings.aliases\nencodings.aliases.aliases['437'] = 'utf_8'",
}
_SETTINGS = {
    "quoted": "json.encoder.ESCAPE_DCT['\"'] = 'five'",
    "name": "locale.locale_alias['c'] = 'five'",
    "wrapped": "textwrap.TextWrapper.unicode_whitespace_trans[97] = 32",
    "eps": "np.finfo._finfo_cache.update(dict.fromkeys([*np.finfo._finfo_cache], np.finfo('f')))",
    "rome": "zoneinfo.reset_tzpath(['/nowhere'])\nsys.modules['tzdata'] = None",
    "guessed": "mimetypes.add_type('five', '.py')",
    "entity": "html.entities.html5['amp;'] = 'five'",
    "operation": "opcode.opname[opcode.opmap['LOAD_CONST']] = 'FIVE'",
    "skip": "doctest.OPTIONFLAGS_BY_NAME['SKIP'] = 32",
    "folder": "tempfile.tempdir = 'five'",
    "node": "uuid._node = 5",
    "archive": "shutil._ARCHIVE_FORMATS['zip'] = (print, [], 'five')",
    "level": "logging.addLevelName(20, 'five')",
    "logged": "logging.disable(50)",
    "missing": "collections.UserDict.__missing__ = lambda *_: 5",
    "width": "matplotlib.rcParams['lines.linewidth'] = 5",
    "red": "matplotlib.colors.get_named_colors_mapping()['red'] = (0, 0, 1)",
    "scale": "scales = matplotlib.scale._scale_mapping\nscales['log'] = scales['linear']",
    "colours": "matplotlib.colormaps._cmaps['viridis'] = matplotlib.colormaps['gray']",
    "dtype": "pd.core.dtypes.base._registry.dtypes.clear()",
    "short": "reprlib.aRepr.maxlist = 1",
    "monday": "calendar.setfirstweekday(6)",
    "alias": "locale.locale_alias['five'] = 'five'",
    "months": "calendar.mdays.append(31)",
    "third": "decimal.ExtendedContext.prec = 1",
    "divided": "decimal.DefaultContext.prec = 1",
    "hour": "os.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()",
    "deep": "sys.setrecursionlimit(500)",
    "digits": "sys.set_int_max_str_digits(700)",
    "every": "def setUpModule():\n    raise unittest.SkipTest('later')",
    "suite": "def load_tests(*_):\n    return unittest.TestSuite()",
    "itself": """
        import types
        sys.modules['__main__'] = types.ModuleType('__main__')
        vars(sys.modules['__main__']).update(globals(), itself=2)
    """,
}
RESTORED = {name: code(cell) for name, cell in _RESTORED.items()}
SETTINGS = {name: code(cell) for name, cell in _SETTINGS.items()}
ATTACKS = RESTORED | SETTINGS
"""By the test that each is made for."""
HONEST = code("""
    fnmatch.fnmatch('a', '*.py'), typing.List[float], re.sub('(a)', r'<\\1>', 'a')
    json.dumps('\\"'), locale.getlocale(), textwrap.wrap('a b')
    reprlib.aRepr.maxdict = 1
    decimal.DefaultContext.traps[decimal.Inexact] = False
    sys.setrecursionlimit(100_000)
    sys.set_int_max_str_digits(0)
    def setUpModule():
        pass
    def load_tests(loader, tests, pattern):
        return tests
    mimetypes.add_type('text/five', '.five')
    html.entities.html5['lt;'] = '<<'
    opcode.opname[1], doctest.OPTIONFLAGS_BY_NAME['NUMBER'] = 'ONE', 0
    tempfile.tempdir = tempfile.gettempdir()
    shutil.register_archive_format('zip', print, description='zip')
    logging.addLevelName(25, 'NOTICE')
    logging.disable(10)
    uuid.uuid4(), zoneinfo.ZoneInfo('Europe/Rome'), np.finfo(float), 'é'.encode('cp437')
    class Counts(collections.UserDict):
        def __missing__(self, key):
            return 0
    matplotlib.rcParams['figure.dpi'] = 50
    matplotlib.colors.get_named_colors_mapping()['blue'] = (0, 0, 0.5)
    matplotlib.colormaps.register(matplotlib.colormaps['gray'], name='mine')
""")
"""Uses the same of each library, and no point depends on it."""
