"""Cells, tests and calls that do not end: two have the whole time limit, the others less."""

from __future__ import annotations

import json
import signal

import pytest
from course_builder import RIGHT, answered, released
from needs import needs_sandbox
from programs import submission

from autograder.marking.engine import mark_notebook
from autograder.records import BesideTest, Noticed
from autograder.running import Limits, Runner

pytestmark = [needs_sandbox, pytest.mark.slow]
ENDLESS = "while True:\n    pass"
FUNCTION = f"def f():\n    {ENDLESS.replace('    ', '        ')}\na = 1"
SHORT = "longer than 5 seconds (it had less time, since others took longer than 7 seconds)"


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=7, call_seconds=7)) as made:
        yield made


def test_the_third_test_that_hangs_has_less_time_and_the_next_one_passes(runner):
    cells = submission(FUNCTION, "", "", "", "", trusted=(1, 2, 3, 4))
    tests = [BesideTest(f"f{place}", place, "f()") for place in (1, 2, 3)]
    found = runner.tests(cells, [*tests, BesideTest("a", 4, "assert a == 1")])
    assert [found[name].flagged for name in ("f1", "f2", "f3", "a")] == [True] * 3 + [False]
    assert "longer than 7 seconds." in found["f2"].message
    assert SHORT in found["f3"].message
    assert found["a"].ended == "passed"


def test_the_third_cell_that_hangs_has_less_time_and_the_next_one_answers(runner):
    noticed = Noticed()
    cells = submission(ENDLESS, ENDLESS, ENDLESS, "a = 1")
    with runner.answers(cells, frozenset({"a"}), noticed=noticed) as answers:
        assert answers == {"a": 1}
    assert noticed.stopped == {
        0: "took longer than 7 seconds.",
        1: "took longer than 7 seconds.",
        2: f"took {SHORT}.",
    }


def test_the_third_call_that_hangs_has_less_time(runner):
    with runner.answers(submission(FUNCTION), frozenset({"f"})) as answers:
        for seconds in (7, 7, 5):
            with pytest.raises(TimeoutError, match=f"{seconds} seconds"):
                answers["f"].call()


def test_a_cell_that_took_too_long_before_has_less_time_and_says_so(runner):
    before = {0: "took longer than 7 seconds.", 1: "took longer than 7 seconds."}
    noticed = Noticed(dict(before))
    cells = submission(ENDLESS, ENDLESS, FUNCTION, "", trusted=(3,))
    found = runner.tests(cells, [BesideTest("f", 3, "f()")], noticed=noticed)
    assert noticed.stopped == dict.fromkeys(before, f"took {SHORT}.")
    assert SHORT in found["f"].message


def test_a_cell_that_hangs_is_interrupted_where_a_shell_started_this_in_the_background():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    noticed = Noticed()
    try:
        with Runner(limits=Limits(cell_seconds=2)) as runner:
            cells = submission(f"a = 1\n{ENDLESS}", "", trusted=(1,))
            test = BesideTest("a", 1, "assert a == 1")
            assert runner.tests(cells, [test], noticed=noticed)["a"].ended == "passed"
    finally:
        signal.signal(signal.SIGINT, before)
    assert noticed.stopped == {0: "took longer than 2 seconds."}


def test_a_run_that_takes_too_long_as_a_whole_is_not_repeated():
    cells = submission("a = 1", "import time\ntime.sleep(60)", "", trusted=(2,))
    runs = []

    class Counting(Runner):
        def _client_for(self, notebook):
            runs.append(notebook)
            return super()._client_for(notebook)

    with Counting(limits=Limits(cell_seconds=60, total_seconds=8)) as limited:
        found = limited.tests(cells, [BesideTest("a", 2, "assert a == 1")])["a"]
    assert (found.ended, found.flagged, len(runs)) == ("not_run", True, 1)
    assert "took too long as a whole" in found.message


def test_a_point_lost_below_a_cell_that_had_less_time_is_looked_at(
    masters, generated_course, runner
):
    made = "class Mine:\n    pass\n"
    answers = {"total": f"{made}total = 5\n{ENDLESS}\ntotal = 42", "half": ENDLESS}
    notebook = answered(released(generated_course), RIGHT | answers)["2_total"]
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    more = [code | {"id": f"more-{n}", "source": ENDLESS, "metadata": {}} for n in (1, 2)]
    notebook["cells"] = [*more, *notebook["cells"]]
    data = json.dumps(notebook).encode()
    marked = mark_notebook(masters["2_total"], data, "adam", lambda: runner).notebook
    total = next(mark for mark in marked.marks if mark.grade_id == "test_total")
    assert (total.points, total.flagged) == (0, True)
    assert any(f"ell total took {SHORT}" in reason for reason in total.reasons)
