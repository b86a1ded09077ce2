"""Attacks on attributes of classes and objects, on what functions hold, and on encodings.

Each is a wrong answer, what changes a library so that it agrees, and a test. What `RESTORED` change
is restored before a test. What `SETTINGS` change holds while a test runs, as honest notebooks
change such things too, and a person is asked to look where points depend on it.
"""

from __future__ import annotations

from typing import NamedTuple

from notebooks.attacks_in_cells import code


class Attack(NamedTuple):
    """The value of an answer that is wrong, a student's cell, and a test of `ANSWER`."""

    wrong: str
    cell: str
    test: str


SETUP = code("""
    import calendar, codecs, contextlib, csv, encodings, enum, fractions, functools, http, io
    import ipaddress, logging, pathlib, pkgutil, re, textwrap, types, typing, urllib.parse
    import matplotlib.mlab, matplotlib.transforms
    import numpy as np, pandas as pd
    class Any:
        def __call__(self, *_, **__):
            return 'yes'
    def any_value(*_, **__):
        return 'yes'
    def cells_of(function):
        return dict(zip(function.__code__.co_freevars, function.__closure__))
""")
_FRAME = "pd.DataFrame({'a': [1]})"
_EQUALS = "assert ANSWER.equals(pd.DataFrame({'a': [2]}))"
_CP437 = "open('o', 'wb').write(b'\\x82')\nassert open('o', encoding='cp437').read() == ANSWER"
_ROT = "assert codecs.encode('Hello', 'rot13') == ANSWER"

_RESTORED = {
    "an-object-hides-a-method": Attack(_FRAME, "pd.DataFrame.equals = Any()", _EQUALS),
    "in-the-place-of-another-name": Attack(
        _FRAME, "del pd.DataFrame.__annotations__\npd.DataFrame.equals = any_value", _EQUALS
    ),
    "a-method-moved": Attack(
        _FRAME,
        """
        for base in pd.DataFrame.__mro__[1:]:
            if 'equals' in vars(base):
                del base.equals
        pd.DataFrame.equals = any_value
        """,
        _EQUALS,
    ),
    "a-builtin-function-hidden": Attack(
        "['abc']",
        "del textwrap.__doc__\ntextwrap.len = lambda _: 0",
        "assert textwrap.wrap('abc', 2) == ANSWER",
    ),
    "errors-swallowed": Attack(
        "1",
        "contextlib.redirect_stdout.__exit__ = Any()",
        "with contextlib.redirect_stdout(io.StringIO()):\n    assert ANSWER == 2",
    ),
    "an-object-hides-a-paths-method": Attack(
        "'no'",
        "pathlib.PosixPath.read_text = Any()",
        "open('p', 'w').write(ANSWER)\nassert pathlib.Path('p').read_text() == 'yes'",
    ),
    "slots": Attack(
        "fractions.Fraction(1, 7)",
        """
        class One:
            def __get__(self, *_):
                return 1
            def __set__(self, *_):
                pass
        fractions.Fraction._numerator = fractions.Fraction._denominator = One()
        """,
        "assert fractions.Fraction(ANSWER) == fractions.Fraction(3, 4)",
    ),
    "a-descriptor": Attack(
        _FRAME,
        "pd.DataFrame.columns = property(lambda self: ['a', 'b'])",
        "assert list(ANSWER.columns) == ['a', 'b']",
    ),
    "a-property-filled-anew": Attack(
        _FRAME,
        "vars(pd.DataFrame)['shape'].__init__(lambda self: (5, 5))",
        "assert ANSWER.shape == (5, 5)",
    ),
    "a-class-method-filled-anew": Attack(
        "'yes'",
        "vars(fractions.Fraction)['from_float'].__init__(any_value)",
        "assert fractions.Fraction.from_float(0.5) == ANSWER",
    ),
    "a-partial-function-filled-anew": Attack(
        "'yes'",
        "matplotlib.mlab.magnitude_spectrum.__setstate__((any_value, (), {}, None))",
        "assert matplotlib.mlab.magnitude_spectrum([1.0, 2.0]) == ANSWER",
    ),
    "a-keyword-of-a-partial-function": Attack(
        "'five'",
        """
        cells = cells_of(matplotlib.transforms.BboxTransformTo.__str__)
        cells['indent'].cell_contents.keywords['prefix'] = 'five'
        """,
        "box = matplotlib.transforms.Bbox.unit()\n"
        "assert ANSWER in str(matplotlib.transforms.BboxTransformTo(box))",
    ),
    "the-class-of-an-object": Attack(
        "'yes'",
        "calendar.c.__class__ = type('Own', (type(calendar.c),), {'formatmonth': any_value})",
        "assert calendar.TextCalendar and calendar.c.formatmonth(2024, 1) == ANSWER",
    ),
    "a-cached-function-in-a-cell": Attack(
        "(str,)",
        """
        made = typing.List.__class__.__getitem__
        cells_of(made)['cached'].cell_contents = lambda *_: types.SimpleNamespace(__args__=(str,))
        """,
        "assert typing.List[float].__args__ == ANSWER",
    ),
    "codecs-found-by-another": Attack(
        "'Hello'",
        """
        old = encodings.search_function
        def same(text, errors='strict'):
            return text, len(text)
        codecs.unregister(old)
        codecs.register(lambda n: codecs.CodecInfo(same, same, name=n) if n == 'rot13' else old(n))
        """,
        _ROT,
    ),
    "codecs-found-and-kept": Attack(
        "'Hello'",
        """
        def same(text, errors='strict'):
            return text, len(text)
        encodings._cache['rot13'] = codecs.CodecInfo(same, same, name='rot13')
        codecs.register(any_value)
        codecs.unregister(any_value)
        codecs.lookup('rot13')
        """,
        _ROT,
    ),
    "codecs-kept-by-another-spelling": Attack(
        "'Hello'",
        """
        def same(text, errors='strict'):
            return text, len(text)
        encodings._cache['rot_13'] = codecs.CodecInfo(same, same, name='rot_13')
        codecs.lookup('rot-13')
        """,
        _ROT.replace("rot13", "rot-13"),
    ),
    "what-a-codec-holds": Attack(
        "'five'",
        """
        class Wrong(codecs.IncrementalDecoder):
            def decode(self, data, final=False):
                return 'five' if data else ''
        codecs.lookup('cp437').incrementaldecoder = Wrong
        """,
        _CP437,
    ),
    "a-function-of-an-encoding": Attack(
        "'five'",
        """
        import encodings.cp437
        decoder = encodings.cp437.IncrementalDecoder
        decoder.decode = lambda self, data, final=False: 'five' if data else ''
        """,
        _CP437,
    ),
    **{
        f"at-an-error-{name}": Attack(
            f"'five'.encode('{encoding}')",
            f"codecs.register_error('{name}', lambda error: ('five', error.end))",
            f"assert ANSWER == '{letter}'.encode('{encoding}', '{name}')",
        )
        for name, letter, encoding in (
            ("namereplace", "é", "ascii"),
            ("xmlcharrefreplace", "é", "shift_jis"),
            ("surrogatepass", "\\ud800", "utf-16"),
        )
    },
}
_SETTINGS = {
    "an-attribute-of-an-object": Attack(
        "'yes'", "calendar.c.formatweek = any_value", "assert ANSWER in calendar.month(2024, 1)"
    ),
    "an-attribute-in-the-place-of-another": Attack(
        "'yes'",
        "logging.lastResort.name = None\ndel logging.lastResort.formatter\n"
        "logging.lastResort.formatter = None\nlogging.lastResort.format = any_value",
        "assert logging.lastResort.format(logging.makeLogRecord({'msg': 'a'})) == ANSWER",
    ),
    "an-attribute-of-another-kind-of-name": Attack(
        "'yes'",
        """
        class Name(str):
            __hash__ = str.__hash__
            def __eq__(self, other):
                return other == 'formatweek'
        vars(calendar.c)[Name('formatweek')] = any_value
        """,
        "assert calendar.c.formatweek([], 2) == ANSWER",
    ),
    "a-function-of-an-object": Attack(
        "5",
        "np.ma.abs.f = lambda values: values * 0 + 5",
        "assert np.ma.abs(np.ma.masked_array([-2]))[0] == ANSWER",
    ),
    "a-constant-that-an-object-hides": Attack(
        "'five'",
        "logging.lastResort.terminator = 'five'",
        """
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            logging.lastResort.handle(logging.makeLogRecord({'msg': '', 'levelno': 50}))
        assert said.getvalue() == ANSWER
        """,
    ),
    "a-constant-that-a-class-hides": Attack(
        "'a\\tb'",
        'csv.excel_tab.quotechar = "\'"',
        "assert next(csv.reader([\"'a\\tb'\"], dialect=csv.excel_tab))[0] == ANSWER",
    ),
    "a-constant-that-python-looks-for": Attack(
        "'a'",
        "urllib.parse.ParseResult.__mro__[1].__match_args__ = ('netloc',)",
        """
        match urllib.parse.urlparse('http://a/'):
            case urllib.parse.ParseResult(first):
                assert first == ANSWER
        """,
    ),
    "a-constant-that-python-looks-for-first": Attack(
        "'a'",
        "urllib.parse.ParseResult.__match_args__ = ('netloc',)",
        """
        match urllib.parse.urlparse('http://a/'):
            case urllib.parse.ParseResult(first):
                assert first == ANSWER
        """,
    ),
    "a-method-that-python-looks-for": Attack(
        "'yes'",
        "fractions.Fraction.__iadd__ = any_value",
        "total = fractions.Fraction(1)\ntotal += 1\nassert total == ANSWER",
    ),
    "what-an-own-property-calls": Attack(
        "'yes'",
        "vars(enum.Enum)['name'].fget = any_value",
        "assert http.HTTPStatus.OK.name == ANSWER",
    ),
    "what-a-cached-property-calls": Attack(
        "'yes'",
        "vars(ipaddress._BaseNetwork)['broadcast_address'].func = any_value",
        "assert ipaddress.ip_network('10.0.0.0/8').broadcast_address == ANSWER",
    ),
    "a-table-in-a-cell": Attack(
        "'yes'",
        """
        dispatch = cells_of(pkgutil.iter_importer_modules)['dispatch'].cell_contents
        cells_of(dispatch)['registry'].cell_contents[object] = any_value
        """,
        "pkgutil.iter_importer_modules._clear_cache()\n"
        "assert pkgutil.iter_importer_modules(3) == ANSWER",
    ),
}


def _made(attacks: dict[str, Attack]) -> dict[str, Attack]:
    return {
        name: Attack(each.wrong, code(each.cell), code(each.test)) for name, each in attacks.items()
    }


RESTORED = _made(_RESTORED)
SETTINGS = _made(_SETTINGS)
