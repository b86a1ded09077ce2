"""Answers by running: what could not be read is run, away from everything else."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from autograder.reading.lookups import moments
from autograder.records import Answer, BesideTest, Submission, TestResult, Unavailable
from autograder.running.fork_client import ForkClient, ForkClients, ForkServerLost
from autograder.running.fork_server import ForkServers
from autograder.running.limits import Limits
from autograder.running.sandbox import sandbox_available
from autograder.running.session import Session

_NEEDS_KERAS = re.compile(r"keras|tensorflow|load_mnist")


class Runner:
    """Runs submissions, each in a process of its own, confined and with limits.

    Nothing is started before it is needed. With `sandbox=False` student code can read what this
    user can read: only the limits hold.

    Use it as a context manager, so that its processes end with it.

    Args:
        sandbox: Confine student code, or do not run it.
        limits: What running one submission may take.
        clients: Of fork servers that are kept elsewhere, with the same limits; its own where None.
    """

    def __init__(
        self,
        *,
        sandbox: bool = True,
        limits: Limits = Limits(),  # noqa: B008
        clients: ForkClients | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._own = contextlib.ExitStack()
        self._clients = clients or self._own.enter_context(self._fork_servers()).clients

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

    def _fork_servers(self) -> ForkServers:
        return ForkServers(sandbox=self._sandbox, limits=self._limits)

    @contextlib.contextmanager
    def answers(
        self,
        submission: Submission,
        names: frozenset[str],
        files: Mapping[str, bytes] = {},
    ) -> Iterator[Mapping[str, Answer]]:
        """Run a submission and give its answers; functions among them live as long as the block.

        An answer that could not be had is `Unavailable`, with the reason in words.

        Args:
            submission: The student's notebook.
            names: The answers that are wanted: `name`, or `name@grade_id` for its value there.
            files: What lies in the working folder, by relative path; not read from yet.
        """
        del files
        why_not = sandbox_available() if self._sandbox else None
        if why_not is not None:
            yield dict.fromkeys(names, _not_run(why_not))
            return
        with contextlib.ExitStack() as stack:
            try:
                answers = self._run(submission, names, stack)
            except ForkServerLost as problem:
                answers = dict.fromkeys(names, _not_run(str(problem)))
            yield answers

    def tests(
        self,
        submission: Submission,
        tests: Sequence[BesideTest],
        files: Mapping[str, bytes] = {},
    ) -> Mapping[str, TestResult]:
        """Give the result of each test by its grade_id; no test is run beside student code yet."""
        del submission, files
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
            ForkServerLost: When there is nothing to run it in.
        """
        due = moments(submission.cells, names)
        for _ in range(2):
            fork = stack.enter_context(self._client_for(submission).fork())
            session = Session(fork.line, self._limits)
            answers = session.run(submission.cells, due)
            if not (session.ended_early and fork.lost_its_parent()):
                return answers
        raise ForkServerLost("the fork server ended twice while it ran")

    def _client_for(self, submission: Submission) -> ForkClient:
        """Choose the process that has Keras imported, where a cell speaks of it."""
        heavy = any(_NEEDS_KERAS.search(cell.source) for cell in submission.cells)
        return self._clients.heavy if heavy else self._clients.light


def _not_run(why: str) -> Unavailable:
    return Unavailable(f"It has to be run, and was not: {why}", flagged=True)
