"""The result of a test that was run beside a student's cells, from its supervisor's message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.reading.missing_answer import cell_named
from autograder.records import TIMED_OUT, BesideTest, SubmittedCell, TestResult
from autograder.running.limits import Limits

_LONGEST_LIST = 10
_HABITS = frozenset(
    {"numpy.bool", "numpy.load", "json.JSONEncoder.default", "matplotlib.pyplot.show"}
    | {"time.sleep", "builtins.print", "builtins.display"}
)
"""What honest notebooks replace, as in `np.bool = bool`, besides reloading `logging`."""

_OF_DISPLAY = ".InteractiveShell.ast_node_interactivity"
"""Which lines of a cell show their value; a test shows its last one alone, whatever this is."""


def result_of(
    test: BesideTest, message: Mapping[str, Any], limits: Limits, restored: list[str]
) -> TestResult:
    """Return the result of a test; `restored` takes what was restored before it.

    It stays restored for the later tests in this process.
    """
    if "lost" in message:
        why = f"The test could not be finished: {message['lost']}."
        return TestResult(test.grade_id, "not_run", message=why, flagged=True)
    ended, error, words, text, printed, stderr, line, before, while_it_ran, _ = message["result"]
    if message.get("late"):
        # Stock nbgrader interrupts it too and gives no points; the machine may have been busy.
        why = f"The test was stopped: it {limits.took_too_long(message['late'])}"
        return TestResult(test.grade_id, "raised", error=TIMED_OUT, message=why, flagged=True)
    while_it_ran = [name for name in while_it_ran if not _is_set_by(test.source, name)]
    if while_it_ran:
        why = f"While the test ran, the notebook changed {_listed(while_it_ran)}."
        return TestResult(test.grade_id, "not_run", message=why, flagged=True)
    before = [name for name in before if not name.endswith(_OF_DISPLAY)]
    restored += before
    if restored:
        words = f"{words} The notebook had changed {_listed(restored)}.".strip()
    suspicious = ended == "not_run" or not all(map(_is_habit, before))
    shown = (text, error, words, printed, stderr, line)
    return TestResult(test.grade_id, ended, *shown, suspicious, changed=bool(restored))


def _is_habit(name: str) -> bool:
    """Tell whether honest notebooks replace such a name; it was restored before the test.

    >>> _is_habit("logging.getLogger"), _is_habit("math.isclose")
    (True, False)
    """
    return name in _HABITS or name.startswith("logging.")


def _is_set_by(source: str, name: str) -> bool:
    """Tell whether a test itself assigns to such a name, as `np.linalg.solve = None` does."""
    return re.search(rf"\.{re.escape(name.rpartition('.')[2])}\s*=[^=]", source) is not None


def _listed(found: Sequence[str]) -> str:
    """Return names in words, each once: a test may look a name up in several of its functions.

    >>> _listed(["random", "random", "math.sqrt"])
    'random, math.sqrt'
    """
    names = list(dict.fromkeys(found))
    more = f" and {len(names) - _LONGEST_LIST} more" if len(names) > _LONGEST_LIST else ""
    return ", ".join(names[:_LONGEST_LIST]) + more


def in_spite_of(
    result: TestResult, cells: Sequence[SubmittedCell], left_out: Mapping[int, str]
) -> TestResult:
    """Add to a result which cells before it could not be run."""
    before = {index: why for index, why in left_out.items() if index >= 0}
    if not before or result.ended == "passed":
        return result
    said = "; ".join(
        f"{cell_named(cells, index)} was left out: {why}" for index, why in before.items()
    )
    message = f"{result.message} ({said})".strip()
    return replace(result, message=message, flagged=True)
