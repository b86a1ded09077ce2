"""Running a test again after what the notebook has changed was put back: settings, given files.

In a kernel a test meets settings and files as the notebook left them, and so it does here. Honest
notebooks change both, so this alone is no reason to look. But a person should look where the test
gives other points without the change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from autograder.records import BesideTest, TestResult

_FILE = "the file "
_LONGEST_LIST = 10


def is_due(test: BesideTest, result: TestResult, changed: Sequence[str]) -> bool:
    """Tell whether a test is to be run again: its points may depend on what was changed.

    Points that are lost may be owed to a file that a later cell has changed.

    >>> is_due(BesideTest("t", 1, ""), TestResult("t", "passed"), ["decimal.getcontext"])
    True
    >>> is_due(BesideTest("t", 1, ""), TestResult("t", "raised"), ["decimal.getcontext"])
    False
    """
    if test.again != "changed" or result.ended == "not_run":
        return test.again == "always"
    own_file = any(name.startswith(_FILE) for name in changed)
    return own_file or (bool(changed) and _worth(result) > 0)


def compared(first: TestResult, second: TestResult, changed: Sequence[str]) -> TestResult:
    """Return the first result, with what the second one shows of it.

    >>> lost = TestResult("t", "raised", error="AssertionError")
    >>> compared(TestResult("t", "passed"), lost, ["decimal.getcontext"]).message
    'The points depend on what the notebook has changed: decimal.getcontext.'
    """
    if _worth(first) == _worth(second):
        return first
    names = ", ".join(changed[:_LONGEST_LIST])
    words = f"The points depend on what the notebook has changed: {names}."
    message = f"{first.message} {words}".strip() if changed else first.message
    return replace(first, message=message, flagged=first.flagged or bool(changed), depends=True)


def _worth(result: TestResult) -> float:
    """Return what a result is worth: a number, infinity for full points, 0 for none.

    >>> _worth(TestResult("t", "passed")), _worth(TestResult("t", "passed", text="0.5"))
    (inf, 0.5)
    """
    if result.ended != "passed" or result.stderr:
        return 0.0
    try:
        worth = float(result.text)
    except ValueError:
        return math.inf
    return worth if math.isfinite(worth) else math.inf
