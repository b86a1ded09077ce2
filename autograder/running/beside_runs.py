"""Running all tests of a notebook beside its cells: its cells are run as often as that needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder.reading.missing_answer import TOOK_LONGER
from autograder.records import BesideTest, Noticed, Submission, TestResult
from autograder.running.background import Background, BackgroundRuns
from autograder.running.beside import Group, Run, groups, run_once, up_to_doubts
from autograder.running.beside_results import in_spite_of
from autograder.running.clocks import asks_for_clock, lost_by_waiting
from autograder.running.fork_client import ForkClient
from autograder.running.limits import Limits
from autograder.running.saved_values import of_tests, with_questions
from autograder.running.second_run import Doubt, settled

_MOST_DEATHS = 3  # cells that end their process, in one notebook
_MOST_WAITING = 40  # forks in which tests wait for the end of the cells; each is a process


def run_tests(
    client: ForkClient,
    limits: Limits,
    submission: Submission,
    tests: Sequence[BesideTest],
    files: Mapping[str, str],
    noticed: Noticed,
) -> dict[str, TestResult]:
    """Run every test, and those in doubt once more in processes of their own.

    Raises:
        ForkServerLost: When there is nothing to run them in.
    """
    waiting = with_questions(tests)
    results, doubts = _run_all(client, limits, submission, waiting, files, noticed)
    if doubts:
        again = up_to_doubts(groups(waiting, submission.cells), doubts)
        fresh, _ = _run_all(client, limits, submission, again, files, noticed, results, doubts)
        for grade_id, doubt in doubts.items():
            results[grade_id] = fresh.get(grade_id) or settled(doubt, None, ())
    return of_tests(results)


@dataclass
class _AtOnce:
    """How many groups of tests wait at once: fewer, after a run in which they needed too much."""

    number: int = _MOST_WAITING
    most: int = _MOST_WAITING

    def learn(self, run: Run, wanted: Sequence[Group]) -> None:
        """Choose the number for the next run."""
        if run.crowded:
            self.number = max(1, sum(group[0].grade_id in run.results for group in wanted))
            self.most = max(1, len(wanted) // 2)
        else:
            self.number = max(self.number, min(2 * self.number, self.most))


def _next(waiting: list[Group], tried: Collection[str]) -> list[Group]:
    """Return the groups for the next run.

    What was tried before, with the same cells left out, needs a run of its own.
    """
    return [group for group in waiting if group[0].grade_id not in tried] or waiting[:1]


def _settle(run: Run, background: BackgroundRuns, chosen: Background) -> None:
    """Drop or flag the results of tests before which processes in the background still ran."""
    met = run.beside_background
    if chosen.go_on:
        run.results |= background.flagged(met, run.results)
    else:
        run.forget(background.due(met, run.results))


def _run_all(
    client: ForkClient,
    limits: Limits,
    submission: Submission,
    waiting: list[BesideTest],
    files: Mapping[str, str],
    noticed: Noticed,
    earlier: Mapping[str, TestResult] = {},
    in_doubt: Mapping[str, Doubt] = {},
) -> tuple[dict[str, TestResult], dict[str, Doubt]]:
    """Run the cells as often as needed to run every test; return results and new doubts."""
    cells, results, left_out = submission.cells, dict[str, TestResult](), dict[int, str]()
    doubts: dict[str, Doubt] = {}
    most = 2 * len(waiting) + _MOST_DEATHS  # a run that was crowded may have no result
    runs, tried, at_once, background = 0, set[str](), _AtOnce(), BackgroundRuns()
    timed = asks_for_clock(submission.cells, waiting)
    while waiting and runs < most:
        wanted = _next(groups(waiting, cells), tried)[: at_once.number]
        hung = [index for index, words in noticed.stopped.items() if words.startswith(TOOK_LONGER)]
        chosen = background.choose(wanted)
        with client.fork(tests=True) as fork:
            had = {**earlier, **results}
            given = (left_out, limits, files, had, hung, in_doubt, chosen)
            run = run_once(fork.line, cells, wanted, *given)
        runs += 1
        _settle(run, background, chosen)
        if timed:
            run.forget(lost_by_waiting(wanted, run.results))
        tried.update(group[0].grade_id for group in wanted if run.reached(group))
        noticed.stopped.update(run.troubles)
        noticed.network = min(noticed.network, run.network)
        results |= {
            name: in_spite_of(result, cells, left_out) for name, result in run.results.items()
        }
        doubts |= run.doubts
        if run.out_of_time:
            break
        at_once.learn(run, wanted)
        if run.died is not None and not run.crowded:
            if run.died[0] in left_out or len(left_out) == _MOST_DEATHS:
                break
            left_out[run.died[0]] = run.died[1]
            tried.clear()
        waiting = [test for test in waiting if test.grade_id not in results]
    return results, doubts
