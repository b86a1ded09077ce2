"""Honest notebooks add to classes, objects and encodings: they are paid, and nothing is flagged."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.attacks_in_cells import code
from programs import submission

from autograder.records import BesideTest

pytestmark = [pytest.mark.slow, needs_sandbox]
HONEST = {
    "a-method-and-accessors-of-pandas": (
        """
        import pandas as pd
        from tqdm.auto import tqdm
        def doubled(self):
            return self * 2
        pd.DataFrame.doubled = pd.Series.doubled = doubled
        @pd.api.extensions.register_dataframe_accessor('own')
        class Own:
            def __init__(self, frame):
                self.frame = frame
            def rows(self):
                return len(self.frame)
        pd.api.extensions.register_series_accessor('own')(Own)
        tqdm.pandas()
        df = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})
        df.own.rows(), df.a.own.rows(), df.b.str.upper(), df.a.plot
        df.groupby('b').a.sum()
        """,
        (
            "assert df.own.rows() == 2 and list(df.a.doubled()) == [2, 4]\n"
            "assert list(df.b.str.upper()) == ['X', 'Y']"
        ),
    ),
    "classes-of-its-own": (
        """
        import abc, collections, dataclasses, enum, functools, logging, pandas as pd, typing
        class Deck(collections.UserList):
            terminator = ''
            def __len__(self):
                return 52
            def __contains__(self, item):
                return True
            def __eq__(self, other):
                return True
            __hash__ = None
        class Frame(pd.DataFrame):
            _metadata = ['unit']
            @property
            def _constructor(self):
                return Frame
            def equals(self, other):
                return True
        @dataclasses.dataclass(order=True)
        class Point:
            x: int
            y: int = 0
            @functools.cached_property
            def size(self):
                return self.x + self.y
        class Colour(enum.Enum):
            RED = 1
        class Shape(abc.ABC):
            pass
        Shape.register(Point)
        class Handler(logging.StreamHandler):
            terminator = ''
        class Pair(typing.NamedTuple):
            a: int
            b: int = 2
        answer = Point(1, 2).size
        """,
        (
            "import copy, pickle\nassert len(Deck()) == 52 and Frame({'a': [1]}).equals(3)\n"
            "assert answer == 3 and isinstance(Point(1), Shape) and Colour.RED.name == 'RED'\n"
            "assert copy.deepcopy(Point(1)) == Point(1) and copy.copy(Pair(1)).b == 2"
        ),
    ),
    "what-python-adds-to-classes": (
        """
        import abc, copy, fractions, inspect, pickle, typing, unittest
        from unittest import mock
        case = pickle.dumps([fractions.Fraction(1), unittest.TestCase, abc.ABCMeta])
        for made in (fractions.Fraction, unittest.TestCase, mock.Mock, abc.ABCMeta):
            made.__annotations__, inspect.signature, typing.get_type_hints(made)
        copy.copy(unittest.TestResult())
        """,
        "import copy, unittest\nassert copy.copy(unittest.TestResult()).testsRun == 0 and case",
    ),
    "what-libraries-keep-on-their-objects": (
        """
        import functools, ipaddress, logging, calendar, copy
        import matplotlib.pyplot as plt
        from matplotlib.colors import ListedColormap
        net = ipaddress.ip_network('10.0.0.0/8')
        net.broadcast_address, net.is_private
        plt.rcParams['lines.linewidth'] = 3
        plt.get_cmap('viridis')(0.5), ListedColormap(['r', 'g'])(0)
        log = logging.getLogger('own')
        log.isEnabledFor(10), log.addHandler(logging.NullHandler())
        copy.deepcopy(calendar.c)
        calendar.c.note = 'mine'
        @functools.singledispatch
        def kind(it):
            return 'other'
        @kind.register
        def _(it: int):
            return 'int'
        fig, ax = plt.subplots()
        ax.plot([1, 2])
        fig.canvas.draw()
        """,
        "import calendar\nassert kind(3) == 'int' and 'May' in calendar.month(2024, 5)",
    ),
    "a-model-of-keras": (
        """
        import keras, numpy as np
        @keras.saving.register_keras_serializable()
        class Double(keras.layers.Layer):
            def call(self, it):
                return it * 2
        model = keras.Sequential([keras.Input((4,)), Double(), keras.layers.Dense(2)])
        model.compile('adam', 'mse')
        model.fit(np.ones((4, 4)), np.ones((4, 2)), epochs=1, verbose=0)
        """,
        "import keras\nassert model.count_params() == 10 and keras.layers.Dense(3).units == 3",
    ),
    "an-encoding-of-its-own": (
        """
        import codecs
        def encode(text, errors='strict'):
            return text[::-1].encode(), len(text)
        def decode(data, errors='strict'):
            return bytes(data).decode()[::-1], len(data)
        def search(name):
            return codecs.CodecInfo(encode, decode, name='turned') if name == 'turned' else None
        codecs.register(search)
        'abc'.encode('turned'), 'é'.encode('cp1250'), 'é'.encode('shift_jis', 'namereplace')
        codecs.unregister(search)
        codecs.register(search)
        codecs.register_error('dash', lambda error: ('-', error.end))
        """,
        (
            "import codecs\nassert 'abc'.encode('turned') == b'cba'\n"
            "assert b'cba'.decode('turned') == 'abc'\n"
            "assert 'é'.encode('ascii', 'dash') == b'-' and codecs.encode('a', 'rot13') == 'n'\n"
            "assert 'é'.encode('cp1250').decode('cp1250') == 'é'"
        ),
    ),
    "a-given-cell-that-changes-an-object": (
        "answer = 5",
        "import calendar\nassert calendar.c.formatweek([], 2) == answer",
    ),
}
GIVEN = {
    "a-given-cell-that-changes-an-object": (
        "import calendar\ncalendar.c.formatweek = lambda *_: 5\ncalendar.c.width = 3"
    ),
}
"""What an instructor's cell does before."""


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_notebook_earns_its_points_and_is_not_flagged(runner, name):
    cell, test = HONEST[name]
    whole = submission(GIVEN.get(name, "1"), code(cell), "", "", trusted=(0, 2, 3))
    tests = [BesideTest(f"{at}", at, test, answers=frozenset({"answer"})) for at in (2, 3)]
    for found in runner.tests(whole, tests).values():
        assert (found.ended, found.error, found.message) == ("passed", "", "")
        assert (found.stderr, found.flagged, found.changed) == ("", False, False)
