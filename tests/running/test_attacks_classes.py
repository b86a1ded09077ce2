"""Attacks on classes, constants and caches of libraries: none pays without a flag."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_on_classes as classes
from programs import submission
from running.test_attacks_beside import points

from autograder.records import BesideTest
from autograder.running import Limits

pytestmark = [needs_sandbox, pytest.mark.slow]
QUICK = Limits(cell_seconds=20, total_seconds=120)


def results(runner, *cells):
    end = len(cells) + len(classes.TESTS)
    whole = submission(*cells, *[""] * len(classes.TESTS), trusted=(0, *range(len(cells), end)))
    tests = [
        BesideTest(name, len(cells) + i, source, answers=classes.ANSWERS)
        for i, (name, source) in enumerate(classes.TESTS.items())
    ]
    return runner.tests(whole, tests)


@pytest.mark.parametrize("attack", classes.ATTACKS)
def test_no_attack_pays_but_a_constant_which_is_flagged(runner, attack):
    found = results(runner, classes.SETUP, classes.WRONG, classes.ATTACKS[attack])
    paid = [name for name, result in found.items() if points(result)]
    assert paid == (["named"] if attack == "constant-of-a-class" else [])
    assert all(found[name].flagged for name in paid)


def test_right_answers_are_paid_and_not_flagged(runner):
    found = results(runner, classes.SETUP, classes.RIGHT)
    assert [name for name, result in found.items() if not points(result)] == []
    assert not any(result.flagged for result in found.values())


def test_wrong_answers_are_not_paid_and_not_flagged(runner):
    found = results(runner, classes.SETUP, classes.WRONG)
    assert [name for name, result in found.items() if points(result)] == []
    assert not any(result.flagged for result in found.values())


def test_points_that_depend_on_a_setting_of_keras_are_flagged(runner):
    keras = "import keras"
    honest = "@keras.saving.register_keras_serializable()\nclass Own(keras.Layer): pass"
    own = {
        honest: ("channels_last", False),
        "keras.config.set_epsilon(1e-3)": ("channels_last", False),
        "keras.config.set_image_data_format('channels_first')": ("channels_first", True),
    }
    test = BesideTest("kind", 2, "assert keras.layers.Flatten().data_format == answer")
    for cell, (answer, flagged) in own.items():
        whole = submission(keras, f"{cell}\nanswer = '{answer}'", "", trusted=(0, 2))
        found = runner.tests(whole, [test])["kind"]
        assert (found.ended, found.flagged) == ("passed", flagged)


@pytest.mark.parametrize(
    "replaced",
    [
        "impl = Sized._abc_impl; Sized._abc_impl = Called(impl)",
        "impl = Sized._abc_impl; abc.ABCMeta._abc_impl = property(Called(impl))",
        "abc.ABCMeta.__getattribute__ = lambda *names: Called(type.__getattribute__(*names))()",
        "RcParams.__len__ = lambda *_: Called(1)(); rcParams['lines.linewidth'] = 3",
    ],
)
def test_no_code_of_a_notebook_is_called_before_its_test(runner, replaced):
    called = (
        "import abc\nfrom collections.abc import Sized\nfrom matplotlib import RcParams, rcParams\n"
        "calls = []\nclass Called:\n"
        "    def __init__(self, value): self.value = value\n"
        "    def __call__(self, *_): calls.append(1); return self.value\n    __get__ = __call__"
    )
    cells = [called, "isinstance(3, Sized)", f"{replaced}\nisinstance([], Sized); calls.clear()"]
    whole = submission(*cells, "", "x = 1", "", trusted=(3, 5))
    tests = [BesideTest(f"{at}", at, "assert calls == []") for at in (3, 5)]
    assert runner.tests(whole, tests)["3"].ended == "passed"


@pytest.mark.parametrize(
    "attack",
    ["tf.debugging.assert_near = lambda *_, **__: None", "tf.math.reduce_sum = lambda *_: 0"],
)
def test_no_attack_on_tensorflow_pays(runner, attack):
    cells = ["import tensorflow as tf", "wave = tf.constant([1.0, 2.0])", attack]
    tests = ("tf.debugging.assert_near(wave, [0.0, 0.0])", "assert tf.math.reduce_sum(wave) == 0")
    whole = submission(*cells, "", "", trusted=(0, 3, 4))
    asked = [BesideTest(f"{i}", 3 + i, test, answers=frozenset()) for i, test in enumerate(tests)]
    assert [points(result) for result in runner.tests(whole, asked).values()] == [0, 0]


@pytest.mark.parametrize(
    "replaced",
    [
        "from collections.abc import Mapping\nMapping.keys = student\nabc.ABCMeta.keys = Called()",
        "import sys\nimport json\nkept = sys.modules.pop('json')\nsys.modules[Key('json')] = 1",
        "import asyncio\nloop = asyncio.get_event_loop()\nloop.foo = 1\ntype(loop).foo = Called()",
        "import enum, re\nenum.EnumMeta.__hash__ = student\nre.A = re.I",
        "import os\nos.register_at_fork(after_in_child=student)",
    ],
)
def test_no_test_finds_that_a_notebooks_code_was_called_before_it(runner, replaced):
    called = (
        "import abc\ncalls = []\ndef student(*_): calls.append(1); return 1\n"
        "class Key(str):\n    __hash__ = str.__hash__\n"
        "    def __eq__(self, other): calls.append(1); return str(self) is other\n"
        "class Called:\n    __get__ = __set__ = __delete__ = __del__ = student"
    )
    whole = submission(called, f"{replaced}\ncalls.clear()", "", "x = 1", "", trusted=(2, 4))
    tests = [BesideTest(f"{at}", at, "assert calls == []") for at in (2, 4)]
    assert runner.tests(whole, tests)["2"].ended != "raised"
