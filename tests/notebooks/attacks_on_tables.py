"""Attacks on what the libraries of a test keep: tables, results of earlier calls, defaults, limits.

Each has a wrong answer that the changed library agrees with. Under stock nbgrader they earn points.
Tables and results are restored before a test. Honest notebooks change defaults and limits too: they
hold while a test runs, and a person is asked to look where points depend on them.
"""

from __future__ import annotations

from notebooks.attacks_in_cells import code

SETUP = code("""
    import calendar, datetime, decimal, fnmatch, io, json, json.encoder, locale, os, re, reprlib
    import sys, textwrap, threading, time, typing, unittest
""")
RIGHT = code("""
    matched, kind, replaced, quoted, name, wrapped = 'a.py', float, '<a>', '\\\\"', 'C', ['bab']
    short, monday, third, hour, deep, digits = '[2, 3]', 1, '0.333333333', 0, 2, 2
    every, suite, divided = 2, 2, '0.3333333333333333333333333333'
""")
WRONG = code("""
    matched, kind, replaced, quoted, name, wrapped = 'five', str, 'five', 'five', 'five', ['b b']
    short, monday, third, hour, deep, digits = '[2, ...]', 0, '0.3', 9, 5, 5
    every, suite, divided = 5, 5, '0.3'
""")
ANSWERS = frozenset(
    {"matched", "kind", "replaced", "quoted", "name", "wrapped", "short", "monday", "third", "hour"}
    | {"deep", "digits", "every", "suite", "divided"}
)
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
    "quoted": "json.encoder.ESCAPE_DCT['\"'] = 'five'",
    "name": "locale.locale_alias['c'] = 'five'",
    "wrapped": "textwrap.TextWrapper.unicode_whitespace_trans[97] = 32",
}
_SETTINGS = {
    "short": "reprlib.aRepr.maxlist = 1",
    "monday": "calendar.setfirstweekday(6)",
    "third": "decimal.ExtendedContext.prec = 1",
    "divided": "decimal.DefaultContext.prec = 1",
    "hour": "os.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()",
    "deep": "sys.setrecursionlimit(500)",
    "digits": "sys.set_int_max_str_digits(700)",
    "every": "def setUpModule():\n    raise unittest.SkipTest('later')",
    "suite": "def load_tests(*_):\n    return unittest.TestSuite()",
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
""")
"""Uses the same of each library, and no point depends on it."""
