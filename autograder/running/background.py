"""Processes that a notebook leaves running in the background: a pool, a server, a shell.

Under stock nbgrader they go on while the tests run. Here they are ended before a test, since they
could change what it finds; they get some seconds to end by themselves. A test that loses points
then is run once more while they go on. Where it gains points, a person should look. Where the
instructor's solution needs such a process for a test too, they go on at once, and nobody has to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.records import BesideTest, TestResult
from autograder.running.second_run import is_same, worth

_SECONDS = 3.0
_WORDS = "The points depend on a process that the notebook started and that was still running."


@dataclass(frozen=True, slots=True)
class Background:
    """What happens to processes that still run when the cells have ended.

    Attributes:
        seconds: How long they may take to end by themselves.
        go_on: Whether those that have not ended go on while the test runs.
    """

    seconds: float = _SECONDS
    go_on: bool = False


USUAL = Background()


@dataclass(slots=True)
class BackgroundRuns:
    """Decides for the runs of one notebook what happens to its processes in the background.

    Attributes:
        was_met: Whether a process in the background had to be ended before.
        failed: The results of tests that may have lost points without these processes.
    """

    was_met: bool = False
    failed: dict[str, TestResult] = field(default_factory=dict)

    def choose(self, wanted: Sequence[Sequence[BesideTest]]) -> Background:
        """Return what happens in the run of these groups of tests.

        >>> needs = BesideTest("a", 1, "", again="never")  # the solution needs the process
        >>> BackgroundRuns().choose([[needs]]), BackgroundRuns().choose([]).go_on
        (Background(seconds=0, go_on=True), False)
        """
        tests = wanted[0] if len(wanted) == 1 else ()
        if any(test.again == "never" or test.grade_id in self.failed for test in tests):
            return Background(0, go_on=True)
        return Background(0) if self.was_met else USUAL

    def due(self, group: Sequence[BesideTest], results: Mapping[str, TestResult]) -> set[str]:
        """Return the tests of a group to be run again: one may have lost points without a process.

        >>> test, lost = BesideTest("a", 1, ""), {"a": TestResult("a", "raised")}
        >>> runs = BackgroundRuns()
        >>> runs.due([test], lost), runs.choose([[test]]).go_on
        ({'a'}, True)
        """
        self.was_met |= bool(group)
        own = [test for test in group if test.grade_id in results]
        failed = [test for test in own if worth(results[test.grade_id]) < math.inf]
        usual = [test.grade_id for test in failed if test.again != "never"]
        self.failed |= {name: results[name] for name in usual}
        return {test.grade_id for test in own if failed}

    def flagged(
        self, group: Sequence[BesideTest], results: Mapping[str, TestResult]
    ) -> dict[str, TestResult]:
        """Return, flagged, the results that differ from those without the process.

        Where the solution needs it too, there is no result without it.

        >>> runs = BackgroundRuns(failed={"a": TestResult("a", "raised")})
        >>> found = runs.flagged([BesideTest("a", 1, "")], {"a": TestResult("a", "passed")})
        >>> found["a"].flagged, found["a"].second
        (True, 'depends')
        """
        found = {}
        for test in group:
            without, result = self.failed.get(test.grade_id), results.get(test.grade_id)
            if without and result and not is_same(without, result):
                message = f"{result.message} {_WORDS}".strip()
                found[test.grade_id] = replace(
                    result, message=message, flagged=True, second="depends"
                )
        return found
