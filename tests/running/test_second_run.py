"""Settings and given files that a notebook has changed: points that depend on them are flagged."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_by_settings as by_settings
from programs import submission
from running.test_attacks_frames import results

from autograder.records import BesideTest

pytestmark = needs_sandbox
DATA = {"data.csv": b"1\n3\n", "mine.csv": b"0\n", "sub/more.csv": b"4\n"}
RELEASED = frozenset({"data.csv", "sub/more.csv"})
READS_DATA = "assert sum(map(int, open('data.csv'))) == answer"
READS_MINE = "assert sum(map(int, open('mine.csv'))) == answer"
WRITES = "answer = 5\nopen('{}.csv', 'w').write('5')"
FILES = {
    "saved-again": "text = open('data.csv').read()\nopen('data.csv', 'w').write(text + '5\\n')",
    "appended": "open('data.csv', 'a').write('5\\n')",
    "renamed": "os.rename('data.csv', 'other.csv')",
    "linked": "os.remove('data.csv')\nos.symlink('mine.csv', 'data.csv')",
    "a-folder-over-it": "os.remove('data.csv')\nos.mkdir('data.csv')\nopen('data.csv/a', 'w')",
    "folder-deleted": "shutil.rmtree('sub')",
    "folder-renamed": "os.rename('sub', 'other')",
    "a-file-over-the-folder": "shutil.rmtree('sub')\nopen('sub', 'w').close()",
    "a-dead-link-over-the-folder": "shutil.rmtree('sub')\nos.symlink('none', 'sub')",
}
"""What notebooks do with given files; both files add up to 4 where they are as released."""
HONEST = {
    "print-options": "import numpy as np\nnp.set_printoptions(precision=3)\nanswer = 2",
    "pandas-options": "import pandas as pd\npd.set_option('display.max_rows', 5)\nanswer = 2",
    "warnings": "import numpy as np\nnp.seterr(all='ignore')\nanswer = 2",
    "decimals": "import decimal\ndecimal.getcontext().prec = 50\nanswer = 2",
    "nothing": "answer = 2",
}

ONCE = {
    "a-generator": ("answer = iter([1, 2])", "assert list(answer) == [1, 2]"),
    "a-map": ("answer = map(abs, [-1])", "assert [*answer] == [1]"),
    "a-list-that-is-sorted": (
        "answer = lambda items: items.sort() or items\nitems = [2, 1]",
        "before = list(items)\nassert answer(items) == [1, 2] and before == [2, 1]",
    ),
    "a-default-that-grows": (
        "def answer(item, held=[]):\n    held.append(item)\n    return held",
        "assert answer(1) == [1]",
    ),
    "partial-credit": ("answer = iter([1])", "len([*answer]) / 2"),
}
"""Right answers that can be used only once, each with a test."""
SETS = "import decimal\ndecimal.getcontext().prec = 3\n"
EXACT = "import decimal\nassert str(decimal.Decimal(1) / 3) == answer"
WRONG = SETS + "answer = '0.333'"
"""Its points depend on the setting."""


def result(runner, test, *cells, again="changed", trusted=()):
    whole = submission(*cells, "", trusted=(*trusted, len(cells)))
    asked = BesideTest("test", len(cells), test, again=again, released=RELEASED)
    return runner.tests(whole, [asked], DATA)["test"]


def attacked(runner, attack, cell):
    own = (by_settings.SETUP, by_settings.WRONG, cell)
    return result(runner, by_settings.ASKED[attack], *own, trusted=(0,))


QUICK = {"sqlite-adapter", "decimal-precision", "print-options", "source-in-linecache"}


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow])
        for name in by_settings.SETTINGS
    ],
)
def test_points_that_depend_on_a_setting_stay_and_are_flagged(runner, attack):
    found = attacked(runner, attack, by_settings.ATTACKS[attack])
    assert (found.ended, found.flagged, found.second) == ("passed", True, "depends")
    assert "depend on what the notebook has changed: " in found.message


def test_the_wrong_answers_alone_earn_nothing_and_the_right_ones_everything(runner):
    for answers, ended in ((by_settings.WRONG, "raised"), (by_settings.RIGHT, "passed")):
        found = results(runner, by_settings.SETUP, answers, course=by_settings)
        assert {each.ended for each in found.values()} == {ended}
        assert not any(each.flagged for each in found.values())


@pytest.mark.parametrize(("answer", "test"), ONCE.values(), ids=[*ONCE])
@pytest.mark.parametrize("again", ["changed", pytest.param("once", marks=pytest.mark.slow)])
def test_an_answer_that_can_be_used_only_once_is_not_flagged_for_a_setting(
    runner, answer, test, again
):
    found = result(runner, test, SETS + answer, again=again)
    assert (found.ended, found.flagged, found.second) == ("passed", False, "other")


@pytest.mark.parametrize("again", ["changed", "once"])
def test_points_of_a_test_that_runs_only_once_are_flagged_where_they_need_a_setting(runner, again):
    found = result(
        runner, f"{EXACT}\nassert next(once) == 1", f"{WRONG}\nonce = iter([1])", again=again
    )
    assert (found.ended, found.flagged, found.second) == ("passed", True, "depends")


def test_a_later_test_that_ends_the_process_does_not_hide_what_points_depend_on(runner):
    own = f"{WRONG}\ndef leave():\n    import os\n    os._exit(0)"
    whole = submission(own, "", "", trusted=(1, 2))
    found = runner.tests(whole, [BesideTest("first", 1, EXACT), BesideTest("second", 2, "leave()")])
    assert (found["first"].ended, found["first"].flagged) == ("passed", True)


@pytest.mark.parametrize(("test", "flagged"), [(EXACT, True), ("assert len(answer) == 5", False)])
def test_a_thread_of_a_library_does_not_hide_what_points_depend_on(runner, test, flagged):
    starts = "import zmq\nkept = zmq.Context()\nline = kept.socket(zmq.PAIR)"
    whole = submission(f"{starts}\n{WRONG}", "", "later = 1", "", trusted=(1, 3))
    later = BesideTest("second", 3, "assert later == 1")
    found = runner.tests(whole, [BesideTest("first", 1, test), later])
    assert {each.ended for each in found.values()} == {"passed"}
    assert [each.flagged for each in found.values()] == [flagged, False]


@pytest.mark.parametrize("cells", HONEST.values(), ids=[*HONEST])
@pytest.mark.parametrize(
    "test",
    [
        "assert answer == 2",
        "answer / 2",
        "assert answer == 3",
        "import numpy as np\nassert str(np.array([1, 2]) * np.float64(answer)) == '[2. 4.]'",
    ],
)
def test_where_nothing_depends_on_a_setting_nothing_is_flagged(runner, cells, test):
    found = result(runner, test, cells)
    assert (found.flagged, found.second) == (False, "same")


def test_warnings_that_a_notebook_has_turned_off_for_numpy_are_named_where_points_need_it(runner):
    cell = "import numpy as np\nnp.seterr(all='ignore')\nanswer = lambda: np.float64(1) / 0"
    raises = "import warnings\nwith warnings.catch_warnings():\n    "
    raises += "warnings.simplefilter('error')\n    assert np.isinf(answer())"
    found = result(runner, raises, cell)
    assert (found.ended, found.flagged) == ("passed", True)
    assert found.message.endswith("numpy.seterr.")


def test_what_a_given_cell_sets_is_there_from_the_start(runner):
    given = "import numpy as np\nnp.set_printoptions(precision=1)"
    found = result(
        runner, "assert str(np.array([2.25])) == answer", given, "answer = '[2.2]'", trusted=(0,)
    )
    assert (found.ended, found.flagged) == ("passed", False)


@pytest.mark.parametrize(("file", "test"), [("data", READS_DATA), ("mine", READS_MINE)])
def test_points_that_depend_on_a_changed_file_of_the_instructor_are_flagged(runner, file, test):
    found = result(runner, test, WRITES.format(file))
    assert (found.ended, found.flagged) == ("passed", file == "data")


def test_no_points_are_lost_to_a_file_that_a_later_cell_changes(runner):
    whole = submission("answer = 4", "", WRITES.format("data"), "", trusted=(1, 3))
    asked = [
        BesideTest("first", 1, READS_DATA, released=RELEASED),
        BesideTest("second", 3, READS_DATA, released=RELEASED),
    ]
    found = runner.tests(whole, asked, DATA)
    assert [(each.ended, each.flagged) for each in found.values()] == [
        ("passed", False),
        ("passed", True),
    ]


def test_a_changed_file_that_a_test_does_not_need_is_not_flagged(runner):
    found = result(runner, "assert answer == 5", WRITES.format("data"))
    assert (found.ended, found.flagged) == ("passed", False)


@pytest.mark.parametrize("cell", FILES.values(), ids=[*FILES])
def test_a_file_is_put_back_wherever_it_lay_and_flagged_only_where_a_test_needs_it(runner, cell):
    own = f"import os, shutil\n{cell}\nanswer = 5"
    assert not result(runner, "assert answer == 5", own).flagged
    needs = "sums = [sum(map(int, open(name))) for name in ('data.csv', 'sub/more.csv')]"
    found = result(runner, f"{needs}\nassert sums == [4, 4]", own)
    assert (found.ended, found.flagged, found.second) == ("raised", True, "depends")


def test_a_test_that_passes_only_once_is_found_with_the_solution(runner):
    test = "answer.append(1)\nassert answer == [1]"
    found = result(runner, test, "answer = []", again="always")
    assert (found.ended, found.flagged, found.second) == ("passed", False, "other")
