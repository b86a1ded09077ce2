"""Running a test again after what the notebook has changed was put back: settings, given files.

In a kernel a test meets settings and files as the notebook left them, and so it does here. Honest
notebooks change both, so this alone is no reason to look. But a person should look where the test
gives other points without the change.

The second run is in the process of the first, which is quick and has the same data. It may differ
by itself: the first run has used up a generator, or sorted a list. So where it differs, all cells
are run once more, and the test meets what was put back in its first run. Such a test is a doubt.

`BesideTest.again` says when: "changed" where something was changed that may have given points;
"always" for the instructor's solution; "once" where the solution has shown that a second run in one
process gives other points anyway, so there is none; "never" where the solution's own points depend
on what it changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.records import BesideTest, TestResult

_FILE = "the file "
_LONGEST_LIST = 10


@dataclass(frozen=True, slots=True)
class Doubt:
    """A result that may depend on what the notebook had changed, with the names of that."""

    first: TestResult
    changed: tuple[str, ...]


def is_due(test: BesideTest, result: TestResult, changed: Sequence[str]) -> bool:
    """Tell whether a test is to be run again: its points may depend on what was changed.

    Points that are lost may be owed to a file that a cell of another question has changed.

    >>> is_due(BesideTest("t", 1, ""), TestResult("t", "passed"), ["decimal.getcontext"])
    True
    >>> is_due(BesideTest("t", 1, ""), TestResult("t", "raised"), ["decimal.getcontext"])
    False
    """
    if test.again in ("always", "never") or result.ended == "not_run":
        return test.again == "always"
    own_file = any(name.startswith(_FILE) for name in changed)
    return own_file or (bool(changed) and worth(result) > 0)


def is_same(first: TestResult, second: TestResult) -> bool:
    """Tell whether two results are worth the same points.

    >>> is_same(TestResult("t", "passed"), TestResult("t", "passed", text="0.5"))
    False
    """
    return worth(first) == worth(second)


def settled(doubt: Doubt, fresh: TestResult | None, changed: Sequence[str]) -> TestResult:
    """Return the first result, flagged unless a fresh process shows that its points do not depend.

    Args:
        doubt: The first result, and what had been changed then.
        fresh: The result in a process in which the test had not run before; None without one.
        changed: What had been changed there and was put back.

    >>> doubt = Doubt(TestResult("t", "passed"), ("decimal.getcontext",))
    >>> settled(doubt, TestResult("t", "raised"), ["decimal.getcontext"]).message
    'The points depend on what the notebook has changed: decimal.getcontext.'
    >>> settled(doubt, TestResult("t", "passed"), ["decimal.getcontext"]).second
    'other'
    """
    first = doubt.first
    if fresh and not fresh.flagged and is_same(first, fresh) and set(changed) == {*doubt.changed}:
        return replace(first, second="other")
    names = ", ".join(doubt.changed[:_LONGEST_LIST])
    words = f"The points depend on what the notebook has changed: {names}."
    message = f"{first.message} {words}".strip()
    return replace(first, message=message, flagged=True, second="depends")


def worth(result: TestResult) -> float:
    """Return what a result is worth: a number, infinity for full points, 0 for none.

    >>> worth(TestResult("t", "passed")), worth(TestResult("t", "passed", text="0.5"))
    (inf, 0.5)
    """
    if result.ended != "passed" or result.stderr:
        return 0.0
    try:
        worth = float(result.text)
    except ValueError:
        return math.inf
    return worth if math.isfinite(worth) else math.inf
