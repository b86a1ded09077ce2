"""Answers by running: what could not be read is run, away from everything else."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Self

from autograder.marking import Answer, Submission, Unavailable
from autograder.reading.moments import moments
from autograder.running.limits import Limits
from autograder.running.sandbox import HEAVY, LIGHT, sandbox_available
from autograder.running.session import Session
from autograder.running.warm import Warm, WarmProcessLost

_NEEDS_KERAS = re.compile(r"keras|tensorflow|load_mnist")


class Runner:
    """Runs submissions, each in a fork of a warm process, confined and with limits.

    Nothing is started before it is needed. With `sandbox=False` student code can read what this
    user can read: only the limits hold.

    Use it as a context manager, so that its processes end with it.
    """

    def __init__(self, *, sandbox: bool = True, limits: Limits = Limits()) -> None:  # noqa: B008
        self._sandbox = sandbox
        self._limits = limits
        self._light = Warm(LIGHT, limits, sandbox=sandbox)
        self._heavy = Warm(HEAVY, limits, sandbox=sandbox)

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
        """End every process."""
        self._light.close()
        self._heavy.close()

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
                line = stack.enter_context(self._warm_for(submission).fork())
            except WarmProcessLost as problem:
                yield dict.fromkeys(names, _not_run(str(problem)))
                return
            due = moments(submission.cells, names)
            yield Session(line, self._limits).run(submission.cells, due)

    def _warm_for(self, submission: Submission) -> Warm:
        """Choose the process that has Keras imported, where a cell speaks of it."""
        heavy = any(_NEEDS_KERAS.search(cell.source) for cell in submission.cells)
        return self._heavy if heavy else self._light


def _not_run(why: str) -> Unavailable:
    return Unavailable(f"It has to be run, and was not: {why}", flagged=True)
