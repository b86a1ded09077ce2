"""A test that waits for the end of the cells meets the time and the process of its own cell."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from programs import submission

from autograder.records import BesideTest

pytestmark = needs_sandbox
ASKS = {
    "time": ("import time\nstart = time.monotonic()", "assert time.monotonic() - start < 2"),
    "date": (
        "from datetime import datetime as d, timedelta\nend = d.now() + timedelta(seconds=2)",
        "assert d.now() < end",
    ),
    "process": ("import os\npid = os.getpid()", "assert os.getpid() == pid"),
    "processor-time": (
        "import time\nn = sum(range(5_000_000))\nused = time.process_time()",
        "assert time.process_time() >= used",
    ),
}
SLOW = "import time\ntime.sleep(2.5)"


@pytest.mark.parametrize("kind", ASKS)
def test_a_test_meets_the_time_and_the_process_of_its_own_cell(runner, kind):
    cell, test = ASKS[kind]
    tests = [BesideTest("first", 1, test), BesideTest("last", 3, "assert time.time() > 0")]
    found = runner.tests(submission(cell, "", SLOW, ""), tests)
    assert [(each.ended, each.flagged) for each in found.values()] == [("passed", False)] * 2


def test_a_wrong_answer_stays_wrong(runner):
    tests = [BesideTest("first", 1, "assert time.time() < start"), BesideTest("last", 3, "a")]
    cells = submission("import time\nstart = 0", "", "a = 1", "")
    assert [each.ended for each in runner.tests(cells, tests).values()] == ["raised", "passed"]


def test_no_test_is_lost_where_a_cell_is_left_out_and_each_needs_a_run_of_its_own(runner):
    cells = submission("import os, time\na = 1", "", "os._exit(1)", "pipe = os.pipe()\nb = 1", "")
    tests = [BesideTest("first", 1, "assert a == 2"), BesideTest("last", 4, "assert b == 1")]
    assert [each.ended for each in runner.tests(cells, tests).values()] == ["raised", "passed"]
