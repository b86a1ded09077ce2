"""Answers by running: what could not be read is run, away from everything else."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from autograder.reading.lookups import moments
from autograder.records import Answer, BesideTest, Submission, TestResult, Unavailable
from autograder.running.fork_client import Door, Doors, WarmProcessLost
from autograder.running.fork_server import WarmProcesses
from autograder.running.limits import Limits
from autograder.running.sandbox import sandbox_available
from autograder.running.session import Session

_NEEDS_KERAS = re.compile(r"keras|tensorflow|load_mnist")


class Runner:
    """Runs submissions, each in a fork of a warm process, confined and with limits.

    Nothing is started before it is needed. With `sandbox=False` student code can read what this
    user can read: only the limits hold.

    Use it as a context manager, so that its processes end with it.

    Args:
        sandbox: Confine student code, or do not run it.
        limits: What running one submission may take.
        doors: Warm processes that somebody else keeps, with the same limits; its own where None.
    """

    def __init__(
        self,
        *,
        sandbox: bool = True,
        limits: Limits = Limits(),  # noqa: B008
        doors: Doors | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._own = contextlib.ExitStack()
        self._doors = doors or self._own.enter_context(self._warm()).doors

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that are its own."""
        self._own.close()

    def _warm(self) -> WarmProcesses:
        return WarmProcesses(sandbox=self._sandbox, limits=self._limits)

    @contextlib.contextmanager
    def answers(
        self, submission: Submission, names: frozenset[str]
    ) -> Iterator[Mapping[str, Answer]]:
        """Run a submission and give its answers; functions among them live as long as the block.

        An answer that could not be had is `Unavailable`, with the reason in words.
        """
        why_not = sandbox_available() if self._sandbox else None
        if why_not is not None:
            yield dict.fromkeys(names, _not_run(why_not))
            return
        with contextlib.ExitStack() as stack:
            try:
                answers = self._run(submission, names, stack)
            except WarmProcessLost as problem:
                answers = dict.fromkeys(names, _not_run(str(problem)))
            yield answers

    def tests(
        self, submission: Submission, tests: Sequence[BesideTest]
    ) -> Mapping[str, TestResult]:
        """Give the result of each test by its grade_id; no test is run beside student code yet."""
        del submission
        why = "tests cannot be run beside a student's cells yet"
        return {
            test.grade_id: TestResult(test.grade_id, "not_run", message=why, flagged=True)
            for test in tests
        }

    def _run(
        self, submission: Submission, names: frozenset[str], stack: contextlib.ExitStack
    ) -> dict[str, Answer]:
        """Run a submission in a fork that ends with `stack`; again if it was not its own fault.

        Raises:
            WarmProcessLost: When there is nothing to run it in.
        """
        due = moments(submission.cells, names)
        for _ in range(2):
            fork = stack.enter_context(self._door_for(submission).fork())
            session = Session(fork.line, self._limits)
            answers = session.run(submission.cells, due)
            if not (session.ended_early and fork.lost_its_parent()):
                return answers
        raise WarmProcessLost("the warm process ended twice while it ran")

    def _door_for(self, submission: Submission) -> Door:
        """Choose the process that has Keras imported, where a cell speaks of it."""
        heavy = any(_NEEDS_KERAS.search(cell.source) for cell in submission.cells)
        return self._doors.heavy if heavy else self._doors.light


def _not_run(why: str) -> Unavailable:
    return Unavailable(f"It has to be run, and was not: {why}", flagged=True)
