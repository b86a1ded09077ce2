"""Tests that depend on the time, or on the process in which they run.

A test that is run beside the cells waits in a fork until the later cells have ended. By then a time
limit may be over, and a fork has another id. So where the notebook asks for such things, a test
that fails in a fork is run again in the process of the cells, right after its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from autograder.records import BesideTest, SubmittedCell, TestResult
from autograder.running.inside.without_threads import LEFT_OUT

_ASKS = re.compile(
    r"\b(?:time|timeit|perf_counter(?:_ns)?|monotonic(?:_ns)?|time_ns|process_time(?:_ns)?|datetime"
    r"|now|utcnow|today|Timer|getpid|getppid|getrusage|times|psutil"
    r"|current_process|active_children|getsid|getpgrp|getpgid)\b"
)


def asks_for_clock(cells: Sequence[SubmittedCell], tests: Iterable[BesideTest]) -> bool:
    """Return whether the code of a notebook or its tests may ask for the time or the process.

    >>> code = lambda text: SubmittedCell("", "code", text, trusted=False)
    >>> asks_for_clock([code("from time import monotonic")], [])
    True
    >>> asks_for_clock([code("timeless = 3")], [BesideTest("a", 1, "assert timeless == 3")])
    False
    """
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    return any(map(_ASKS.search, [*sources, *(test.source for test in tests)]))


def lost_by_waiting(
    wanted: Sequence[Sequence[BesideTest]], results: Mapping[str, TestResult]
) -> list[str]:
    """Return the tests of the groups that waited in a fork, and of which one has failed.

    Only the tests of the last group run in the process of the cells. An answer that was left out is
    missing there too.

    >>> one, two = BesideTest("a", 1, ""), BesideTest("b", 3, "")
    >>> failed = {name: TestResult(name, "raised") for name in "ab"}
    >>> lost_by_waiting([(one,), (two,)], failed)
    ['a']
    """
    failed = {
        name
        for name, result in results.items()
        if result.ended == "raised" and result.error not in LEFT_OUT
    }
    return [
        test.grade_id
        for group in wanted[:-1]
        if not failed.isdisjoint(each.grade_id for each in group)
        for test in group
    ]
